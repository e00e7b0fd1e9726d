"""``whytwitch mechanism``."""

from __future__ import annotations

import json as to_json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from whytwitch._cli._console import err, out
from whytwitch._cli._guard import fail
from whytwitch.knowledge import load
from whytwitch.physiology.excitability import read_excitability
from whytwitch.physiology.mechanism import (
    INDICES,
    MEANING,
    MECHANISMS,
    NORMAL,
    MechanismPosterior,
    PatternPosterior,
    causes_of,
    infer_clustering,
    infer_mechanism,
    infer_pattern_pooled,
)

if TYPE_CHECKING:
    from whytwitch.recording import Estimate, Signature

WIDEST: Final = 100
MOST_CAUSES: Final = 4
UNLIKELY: Final = 0.01
"""Below, a mechanism is only shown to experts."""
NOT_A_VERDICT: Final = (
    "It informs and does not diagnose. The probabilities are the model's, and no clinic has tested them."
)


@dataclass(frozen=True)
class Discharges:
    """What a recording says of how discharges follow each other."""

    pattern: PatternPosterior
    clustered: float
    signature: Signature


def mechanism(
    test: Path | None,
    recording: Path | None,
    *,
    record: int | None,
    muscle: str | None,
    json: bool,
    expert: bool,
) -> None:
    """Say what could explain a nerve excitability test, or the discharges of a recording, or each of both."""
    measures = test if test is not None and test.suffix.lower() == ".json" else None
    if measures is not None and recording is not None:
        fail(f"{measures} holds the measures of a recording already; give it or --recording, not both")
    if test is None and recording is None:
        fail(
            "give a nerve excitability test (.MEM, .csv), measures of a recording (.json) or --recording FILE"
        )
    if record is not None and (test is None or measures is not None):
        fail("--record chooses among the tests in a .MEM file: give such a file")
    found = None if test is None or measures is not None else _test(test, record)
    seen = None
    if measures is not None:
        seen = _discharges(_read_measures(measures))
    elif recording is not None:
        seen = _discharges(_measured(recording, muscle))
    if json:
        sys.stdout.write(to_json.dumps(_document(found, seen), indent=1, ensure_ascii=False) + "\n")
        return
    console = out()
    for part in _screen(found, seen, expert=expert):
        console.print(part, width=min(console.width, WIDEST))


# --- what is read ---------------------------------------------------------------------------------


def _test(path: Path, record: int | None) -> MechanismPosterior:
    found = infer_mechanism(read_excitability(path, record=record))
    if not found.used:
        fail(f"{path.name}: no index in it tells mechanisms apart; those that do: {', '.join(INDICES)}")
    return found


def _read_measures(path: Path) -> Signature:
    """What ``whytwitch detect --json`` wrote; of what it adds to the measures, nothing is needed."""
    from whytwitch.recording import Signature

    try:
        stored = to_json.loads(path.read_text("utf-8"))
        known = {key: value for key, value in stored.items() if key in Signature.model_fields}
        if isinstance(known.get("quality"), dict):
            known["quality"] = known["quality"]["score"]
        return Signature.model_validate(known)
    except (ValidationError, ValueError, KeyError, AttributeError) as error:
        said = str(error).splitlines()[0]
        fail(f"{path.name} holds no measures of a recording, as whytwitch detect --json writes them: {said}")
        raise


def _measured(path: Path, muscle: str | None) -> Signature:
    # Here, since a test alone needs none of it and would wait for it.
    from whytwitch._cli._recordings import muscle_in
    from whytwitch._cli._signal import SignalOptions, open_recording
    from whytwitch.recording import detect, measure

    catalogue = load()
    with err().status("Detecting"):
        signal = open_recording(path, SignalOptions(muscle=muscle))
        return measure(detect(signal, muscle=muscle or muscle_in(signal, catalogue)), catalogue=catalogue)


def _discharges(signature: Signature) -> Discharges:
    gaps = signature.intervals
    watched = [one for one in signature.rate_over_time if one.value is not None]
    return Discharges(
        infer_pattern_pooled(gaps.histogram_edges_ms, gaps.histogram),
        infer_clustering([one.n for one in watched], [_minutes(one) for one in watched]),
        signature,
    )


def _minutes(rate: Estimate) -> float:
    """How long a rate was watched: from the count, or for none from the exact upper limit of none."""
    if rate.n and rate.value:
        return rate.n / rate.value
    return -math.log(0.025) / rate.high if rate.high else 1.0


# --- what is said ---------------------------------------------------------------------------------


def _screen(
    found: MechanismPosterior | None, seen: Discharges | None, *, expert: bool
) -> Iterator[RenderableType]:
    if found is not None:
        yield from _of_test(found, expert=expert)
    if found is not None and seen is not None:
        yield Text("")
    if seen is not None:
        yield from _of_discharges(seen, expert=expert)
    yield Text("")
    yield Text(NOT_A_VERDICT + ("" if expert else " More: --expert"), style="dim")


def _of_test(found: MechanismPosterior, *, expert: bool) -> Iterator[RenderableType]:
    yield Text("What could explain this nerve excitability test", style="bold")
    yield Text("")
    yield Text(headline(found))
    yield Text("")
    yield _table(found, expert=expert)
    named = [name for name in found.credible if name != NORMAL]
    if found.verdict != "none_fits" and named:
        yield Text("")
        yield from _causes(named)
        yield Text("")
        yield Text("What would tell more:", style="bold")
        for told in dict.fromkeys(MECHANISMS[name].next_test for name in named[:MOST_CAUSES]):
            yield Text(f"- {told}")
    yield Text("")
    yield Text(_basis(found), style="dim")
    if expert:
        told = f"Fit: {found.fit:.2g} (tail probability). Told: {found.bits:.1f} bits. Used: "
        amount = "Amount: median and central 90 %, if it is that mechanism."
        yield Text(f"{told}{', '.join(found.used)}. {amount}", style="dim")


def headline(found: MechanismPosterior) -> str:
    """The answer in plain words."""
    if found.verdict == "none_fits":
        return (
            "None of the known mechanisms gives such a test: cannot tell. Look first for an error of "
            "measurement or of units, and for a test of another nerve or protocol."
        )
    if found.verdict == "cannot_tell":
        return "This test cannot tell: nearly every mechanism could explain it, and so could a normal nerve."
    normal = found.probabilities[NORMAL]
    if found.credible == (NORMAL,):
        return f"A normal nerve explains it ({normal:.0%}). A mild change of any kind may hide in it."
    others = [MECHANISMS[name].plain for name in found.credible if name != NORMAL]
    several = "any of these, which it cannot tell apart" if len(others) > 1 else "this"
    listed = "; ".join(others)
    if normal >= 0.5:
        return f"It may well be normal ({normal:.0%}). What it cannot rule out is {several}: {listed}."
    start = (
        "It may still be normal, but more likely"
        if found.may_be_normal
        else "It is not what a normal nerve gives;"
    )
    return f"{start} {several} would explain it: {listed}."


def _table(found: MechanismPosterior, *, expert: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("mechanism")
    table.add_column("probability", justify="right", no_wrap=True)
    table.add_column("amount, if so")
    for name, chance in found.probabilities.items():
        if not expert and (chance < UNLIKELY or name not in found.credible):
            continue
        style = "" if name in found.credible else "dim"
        if name == NORMAL:
            table.add_row("Normal", f"{chance:.0%}", "", style=style)
        else:
            table.add_row(
                MECHANISMS[name].name, f"{chance:.0%}", _amount(found, name, expert=expert), style=style
            )
    return table


def _amount(found: MechanismPosterior, name: str, *, expert: bool) -> str:
    dose = found.doses[name]
    if expert:
        values = ", ".join(f"{key} {value:.3g}" for key, value in dose.values.items())
        return f"{values} ({dose.low:.0%} to {dose.high:.0%} of the range)"
    return "mild" if dose.median < 0.45 else "moderate" if dose.median < 0.75 else "marked"


def _causes(names: Sequence[str]) -> Iterator[RenderableType]:
    """Causes of the catalogue by mechanism; those that act only beyond the wrist are said to."""
    causes = load().causes
    yield Text("Causes in the catalogue that act so, as far as the test can see:", style="bold")
    for name in names[:MOST_CAUSES]:
        rows = dict.fromkeys(causes[one.cause].plain_name for one in causes_of(name) if one.place == "axon")
        listed = ", ".join(list(rows)[:MOST_CAUSES]) or "none of them"
        more = f" and {len(rows) - MOST_CAUSES} more" if len(rows) > MOST_CAUSES else ""
        yield Text(f"- {MECHANISMS[name].name}: {listed}{more}")
    ends = [one.cause for name in names for one in causes_of(name) if one.place == "terminal"]
    if ends:
        yield Text("A change in the nerve's last branches alone is not seen by a test at the wrist.")


def _basis(found: MechanismPosterior) -> str:
    missing = f" (missing: {', '.join(found.missing)})" if found.missing else ""
    return (
        f"From {len(found.used)} of {len(INDICES)} indices{missing}. Before the test: normal as likely as "
        "not, any mechanism as likely as another. One nerve, one moment; norms: median nerve at the wrist."
    )


def _of_discharges(seen: Discharges, *, expert: bool) -> Iterator[RenderableType]:
    pattern = seen.pattern
    yield Text("How the discharges of this recording follow each other", style="bold")
    yield Text("")
    if pattern.verdict is None:
        yield Text(f"It cannot be told from {pattern.intervals} intervals between discharges of one unit.")
    else:
        yield Text(MEANING[pattern.verdict])
    if seen.signature.trains:
        yield Text(
            f"Besides, {seen.signature.trains} trains were found, whose intervals are not among these."
        )
    yield Text(f"From {pattern.intervals} intervals. It changes no probability of a mechanism.", style="dim")
    if expert:
        shares = ", ".join(f"{name} {chance:.0%}" for name, chance in pattern.probabilities.items())
        yield Text(f"Pattern: {shares}. Counts come in clusters: {seen.clustered:.0%}.", style="dim")


# --- for scripts ----------------------------------------------------------------------------------


def _document(found: MechanismPosterior | None, seen: Discharges | None) -> dict[str, Any]:
    document: dict[str, Any] = {"schema_version": "1"}
    if found is not None:
        document["test"] = {
            "verdict": found.verdict,
            "headline": headline(found),
            "credible": list(found.credible),
            "fit": found.fit,
            "bits": found.bits,
            "used": list(found.used),
            "missing": list(found.missing),
            "mechanisms": [
                {"id": name, "probability": chance, **_told(found, name)}
                for name, chance in found.probabilities.items()
            ],
        }
    if seen is not None:
        document["discharges"] = {
            "pattern": seen.pattern.verdict,
            "probabilities": dict(seen.pattern.probabilities),
            "intervals": seen.pattern.intervals,
            "clustered": seen.clustered,
            "trains": seen.signature.trains,
        }
    return document


def _told(found: MechanismPosterior, name: str) -> dict[str, Any]:
    if name == NORMAL:
        return {"name": "Normal"}
    dose = found.doses[name]
    acting = [
        {
            "cause": one.cause,
            "scenario": one.scenario,
            "share": round(one.share, 3),
            "place": one.place,
            "grade": one.grade,
        }
        for one in causes_of(name)
    ]
    return {
        "name": MECHANISMS[name].name,
        "dose": {"median": dose.median, "low": dose.low, "high": dose.high, "values": dict(dose.values)},
        "causes": acting,
    }
