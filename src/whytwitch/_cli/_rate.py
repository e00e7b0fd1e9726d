"""``whytwitch rate``."""

from __future__ import annotations

import json as to_json
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from whytwitch._cli._console import err, out
from whytwitch._cli._files import check_target, write_whole
from whytwitch._cli._guard import fail
from whytwitch._cli._simulate import Wish
from whytwitch.physiology.rate import (
    Method,
    MuscleRate,
    Pool,
    Prediction,
    Ratio,
    SiteRate,
    muscle_rate,
    predict,
    ratio,
)
from whytwitch.physiology.scenario import ChangedSystem
from whytwitch.physiology.splitting import Progress as Tell

STDOUT: Final = Path("-")
WIDEST: Final = 96
SINGLE: Final = 1.02
"""Discharges an event on average, below which bursts are not worth a word."""
RARE: Final = 1e-12
MOST_HZ: Final = 1000.0
"""More than this is not worth a number."""

NO_PROPHECY: Final = (
    "How often one healthy muscle twitches was never measured well enough to set the model by. So the rates "
    "themselves may be wrong by decades; how many times more or fewer than normal is the better number."
)
IN_BURSTS: Final = "a burst counts each of its discharges"


@dataclass(frozen=True)
class Asked:
    """What is to be simulated, and how hard.

    Attributes:
        cause, scenario, dose, values, set: as ``whytwitch simulate`` takes them; nothing is a normal muscle.
        method: ``splitting``, ``brute-force``, or ``emulator`` for the learned answer alone.
        relative_error: of each place that is simulated.
    """

    cause: str | None = None
    scenario: str | None = None
    dose: float | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    set: tuple[str, ...] = ()
    method: str = "splitting"
    relative_error: float = 0.2
    seed: int = 0
    units: int | None = None
    terminals: int | None = None
    spread_mv: float | None = None
    steps: int = 400_000_000

    def system(self) -> ChangedSystem:
        """The motor unit.

        Raises:
            PhysiologyError: a cause, scenario, dose, target or value is not one.
            Exit: ``--set`` that says no number, or a dose without a cause.
        """
        wish = Wish(self.cause, self.scenario, self.dose, self.values, self.set)
        if wish.is_example:
            if self.scenario or self.dose is not None:
                fail(
                    "--scenario and --dose say more of a cause; name one, as in: rate hypocalcemia --dose 0.9"
                )
            return ChangedSystem()
        return wish.system()[0]

    def pool(self) -> Pool:
        """The muscle.

        Raises:
            PhysiologyError: a number is out of range.
        """
        usual = Pool()
        return Pool(
            units=usual.units if self.units is None else self.units,
            terminals_per_unit=usual.terminals_per_unit if self.terminals is None else self.terminals,
            spread_mv=usual.spread_mv if self.spread_mv is None else self.spread_mv,
        )


def rate(asked: Asked, json: Path | None, *, expert: bool, quiet: bool) -> None:
    """Simulate or look up how often a muscle twitches, and say so."""
    if json is not None and json != STDOUT:
        check_target(json)
    system, pool = asked.system(), asked.pool()
    learned, times = predict(system, pool), ratio(system, ChangedSystem(), pool)
    found = None
    if asked.method != "emulator":
        with _bar(quiet=quiet or json == STDOUT) as tell:
            found = muscle_rate(
                system, pool, method=_method(asked.method), relative_error=asked.relative_error,
                seed=asked.seed, max_node_steps=asked.steps, progress=tell,
            )  # fmt: skip
    if json is not None:
        text = to_json.dumps(_document(asked, system, learned, times, found), indent=1, ensure_ascii=False)
        if json == STDOUT:
            sys.stdout.write(text + "\n")
            return
        write_whole(json, text + "\n")
        err().print(f"Written: {json}")
    if not quiet:
        console = out()
        for part in _screen(system, learned, times, found, expert=expert):
            console.print(part, width=min(console.width, WIDEST))


def _method(name: str) -> Method:
    return "brute-force" if name == "brute-force" else "splitting"


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Tell | None]:
    if quiet:
        yield None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task("Channels open and close", total=1.0)

        def tell(stage: str, share: float) -> None:
            bar.update(task, description=stage.capitalize(), completed=share)

        yield tell


# --- as JSON --------------------------------------------------------------------------------------


def _document(
    asked: Asked, system: ChangedSystem, learned: Prediction, times: Ratio, found: MuscleRate | None
) -> dict[str, Any]:
    emulated = {
        "muscle_hz": 10**learned.log10_hz,
        "muscle_low_hz": 10**learned.low_log10_hz,
        "muscle_high_hz": 10**learned.high_log10_hz,
        "unit_hz": 10**learned.unit_log10_hz,
        "over_normal": 10**times.log10,
        "over_normal_low": 10**times.low,
        "over_normal_high": 10**times.high,
        "state": learned.state,
        "outside": list(learned.outside),
    }
    head: dict[str, Any] = {"schema_version": "1", "seed": asked.seed, "changes": dict(system.values)}
    if found is None:
        units = learned.pool.units
        head |= {
            "rate_hz": 10**learned.unit_log10_hz,
            "low_hz": 10**learned.low_log10_hz / units,
            "high_hz": 10**learned.high_log10_hz / units,
            "interval": "90 %, with what is not known of the model",
            "node_steps": 0,
            "method": "emulator",
        }
    else:
        head |= _simulated(found)
    return head | {"emulator": emulated, "notes": [*system.provenance, NO_PROPHECY]}


def _simulated(found: MuscleRate) -> dict[str, Any]:
    return {
        "rate_hz": found.rate_hz,
        "low_hz": found.low_hz,
        "high_hz": found.high_hz,
        "interval": "95 %, of the simulation alone",
        "node_steps": found.node_steps,
        "method": found.method,
        "converged": found.converged,
        "muscle": {
            "rate_hz": found.muscle_hz, "low_hz": found.muscle_low_hz, "high_hz": found.muscle_high_hz,
            "units": found.pool.units,
        },
        "state": found.state,
        "origin": dict(found.origin),
        "terminals": [
            {"shift_mv": shift, **_site(run)}
            for shift, run in zip(found.shifts_mv, found.terminals, strict=True)
        ],
        "node": None if found.node is None else _site(found.node),
        "warnings": list(found.warnings),
    }  # fmt: skip


def _site(run: SiteRate) -> dict[str, Any]:
    numbers = {
        "rate_hz": run.rate_hz, "low_hz": run.low_hz, "high_hz": run.high_hz,
        "relative_error": run.relative_error, "episodes_hz": run.episodes_hz, "burst_size": run.burst_size,
        "doublets": run.doublets,
    }  # fmt: skip
    finite = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    return finite | {
        "intervals_ms": [round(float(gap), 2) for gap in run.intervals_ms],
        "state": run.state,
        "method": run.method,
        "node_steps": run.node_steps,
        "converged": run.converged,
    }


# --- on the screen --------------------------------------------------------------------------------


def _screen(
    system: ChangedSystem, learned: Prediction, times: Ratio, found: MuscleRate | None, *, expert: bool
) -> Iterator[Any]:
    yield Text("How often would this muscle twitch by itself?", style="bold")
    yield Text("")
    if system.values:
        yield Text(_over_normal(learned, times))
        yield Text("")
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    for name in ("", "one motor unit", "the muscle", "between"):
        table.add_column(name)
    if found is not None:
        table.add_row(
            "simulated", per_time(found.rate_hz), per_time(found.muscle_hz),
            f"{per_time(found.muscle_low_hz)} and {per_time(found.muscle_high_hz)}",
        )  # fmt: skip
    table.add_row(
        "learned", per_time(10**learned.unit_log10_hz), per_time(10**learned.log10_hz),
        f"{per_time(10**learned.low_log10_hz)} and {per_time(10**learned.high_log10_hz)}",
    )  # fmt: skip
    yield table
    yield Text("")
    for line in _words(learned, found):
        yield Text(line)
    if expert and found is not None:
        yield Text("")
        yield _places(found)
    for line in system.provenance if expert else ():
        yield Text(line, style="dim")
    yield Text("")
    yield Text(NO_PROPHECY, style="dim")


def _over_normal(learned: Prediction, times: Ratio) -> str:
    if learned.outside:
        return f"Beyond what the quick answer was taught: {', '.join(learned.outside)}. Take it with doubt."
    return (
        f"{many_times(times.log10)} as often as a normal muscle "
        f"({many_times(times.low).lower()} to {many_times(times.high).lower()})."
    )


def _words(learned: Prediction, found: MuscleRate | None) -> Iterator[str]:
    if learned.state == "fires":
        yield "The usual nerve ending would fire without any chance: it would go on and on."
    if learned.state == "blocked":
        yield "The usual nerve ending could not fire at all: too far depolarized, or too few channels."
    if found is None:
        return
    yield f"{found.origin['terminal']:.0%} of it begins at nerve endings, the rest along the nerve."
    main = found.main
    if main.burst_size < SINGLE:
        yield "Each event is a single discharge."
    elif math.isfinite(main.burst_size):
        yield (
            f"One event is {main.burst_size:.2g} discharges on average ({IN_BURSTS}); a second one follows "
            f"within 20 ms in {main.doublets:.0%}."
        )
    if not found.converged:
        yield "The error that was asked for was not met with these steps: the interval says what was."
    yield from (f"Doubtful: {text}." for text in found.warnings)


def _places(found: MuscleRate) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("place", "shift, mV", "rate, Hz", "95 %", "method", "error", "steps, M"):
        table.add_column(name, justify="left" if name == "place" else "right")
    rows = [("terminal", f"{s:+.2f}", run) for s, run in zip(found.shifts_mv, found.terminals, strict=True)]
    if found.node is not None:
        rows.append(("node", "", found.node))
    for place, shift, run in rows:
        table.add_row(
            place, shift, f"{run.rate_hz:.2g}", f"{run.low_hz:.2g}–{run.high_hz:.2g}", run.method,
            f"{run.relative_error:.0%}", f"{run.node_steps / 1e6:.1f}",
        )  # fmt: skip
    return table


def per_time(rate_hz: float) -> str:
    """A rate in the unit in which people would count it."""
    if rate_hz < RARE:
        return "practically never"
    if rate_hz > MOST_HZ:
        return f"over {_short(MOST_HZ)} a second"
    for unit, size in (("a second", 1.0), ("a minute", 60.0), ("an hour", 3600.0), ("a day", 86400.0)):
        if rate_hz * size >= 1:
            return f"{_short(rate_hz * size)} {unit}"
    years = 1 / (rate_hz * 86400 * 365.25)
    return f"once in {_short(years * 365.25)} days" if years < 1 else f"once in {_short(years)} years"


def many_times(log10: float) -> str:
    """A ratio, in words that a reader can hold."""
    times = 10**log10
    if 0.95 < times < 1.05:
        return "About"
    if times >= 1:
        return f"{_short(times)} times" if log10 < 6 else "Millions of times"
    return f"1/{_short(1 / times)}" if log10 > -6 else "A millionth or less"


def _short(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.0f}" if value >= 100 else f"{value:.2g}"
