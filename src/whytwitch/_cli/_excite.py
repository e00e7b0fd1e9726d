"""``whytwitch excite``."""

from __future__ import annotations

import json as to_json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from rich.console import RenderableType
from rich.status import Status
from rich.table import Table
from rich.text import Text

from whytwitch import physiology
from whytwitch._cli._console import err, out
from whytwitch._cli._files import check_target, same_file, write_whole
from whytwitch._cli._guard import fail
from whytwitch.physiology.excitability import (
    HEADLINES,
    SHORT,
    UNITS,
    Cohort,
    Measured,
    Shown,
    norm_text,
    normal_indices,
    page,
    picture,
    read_excitability,
    word,
    z_text,
)
from whytwitch.physiology.scenario import ChangedSystem, apply, combine

ENDINGS: Final = {"json": (".json",), "svg": (".svg",), "html": (".html", ".htm")}
STDOUT: Final = Path("-")
TITLE: Final = "Nerve excitability"
WIDEST: Final = 100

WORKING: Final = "Testing the axon; the first time on a machine takes some seconds more"


@dataclass(frozen=True)
class Changes:
    """What differs from a normal axon: a cause at a dose, and own values of targets, which win."""

    cause: str | None = None
    scenario: str | None = None
    dose: float | None = None
    values: Mapping[str, float] = field(default_factory=dict)

    def system(self) -> ChangedSystem:
        """The motor unit they make.

        Raises:
            PhysiologyError: a cause, scenario, dose or value is not one.
            Exit: a scenario or a dose without a cause.
        """
        if self.cause:
            return apply(self.cause, self.scenario, self.dose, **self.values)
        if self.scenario or self.dose is not None:
            fail("--scenario and --dose say more of a cause; give --cause, as in: --cause hypokalemia")
        return combine(**self.values)


@dataclass(frozen=True)
class Targets:
    """Where the result is to go; ``-`` is standard output."""

    json: Path | None = None
    svg: Path | None = None
    html: Path | None = None

    def check(self, source: Path | None) -> None:
        """Refuse what cannot or must not be written, before any work is done.

        Raises:
            CaseError: names the target.
            Exit: likewise.
        """
        given = {"json": self.json, "svg": self.svg, "html": self.html}
        files = {option: path for option, path in given.items() if path is not None and path != STDOUT}
        for option, path in files.items():
            check_target(path)
            if path.suffix.lower() not in ENDINGS[option]:
                fail(f"--{option} {path}: give a name that ends with {' or '.join(ENDINGS[option])}")
            if source is not None and same_file(source, path):
                fail(f"--{option} {path}: is the measured test itself; give another name")
        for (one, first), (two, second) in combinations(files.items(), 2):
            if same_file(first, second):
                fail(f"--{one} and --{two} name the same file; give two names")
        if list(given.values()).count(STDOUT) > 1:
            fail("only one of --json, --svg and --html can go to standard output; give the others a name")

    @property
    def to_stdout(self) -> bool:
        """Whether standard output belongs to another program."""
        return STDOUT in (self.json, self.svg, self.html)


def excite(
    measured: Path | None,
    changes: Changes,
    targets: Targets,
    *,
    record: int | None,
    fit: bool,
    cohort: Cohort,
    expert: bool,
) -> None:
    """Show one test beside what is normal: simulated, or measured, alone or with a model."""
    targets.check(measured)
    if fit and measured is None:
        fail("--fit needs a test to fit: give --measured FILE")
    if record is not None and measured is None:
        fail("--record chooses among the tests in a file: give --measured FILE")
    system = changes.system()
    test = read_excitability(measured, record=record) if measured else None
    with err().status(WORKING) as waiting:
        shown, found = _fitted(test, system, waiting) if test and fit else (_compared(test, system), [])
    notes = [*_about(test), *found, *system.provenance, *_unseen(system)]
    _write(shown, notes, targets, cohort)
    if not targets.to_stdout:
        console = out()
        for part in _screen(shown, notes, cohort, expert=expert):
            console.print(part, width=min(console.width, WIDEST))


# --- what is compared -----------------------------------------------------------------------------


def _compared(test: Measured | None, system: ChangedSystem) -> list[Shown]:
    """What is asked about, and what it is compared with, if anything."""
    changed = bool(system.operations)
    if test is not None:
        first = Shown("Measured", test.curves, test.indices)
        return [first, _model("Changed model", system)] if changed else [first]
    if changed:
        return [_model("Changed model", system), _model("Normal model", combine())]
    return [_model("Normal model", system)]


def _fitted(test: Measured, system: ChangedSystem, waiting: Status) -> tuple[list[Shown], list[str]]:
    """The test and the axon that explains it best in this bath, and what that axon is like."""
    if system.axon:
        fail(
            "--fit finds the axon by itself: give with it only what is known of the fluid and its temperature"
        )

    def tell(turn: int, most: int) -> None:
        waiting.update(f"Fitting, round {min(turn + 1, most)} of at most {most}")

    found = physiology.fit(test, bath=system.bath, progress=tell)
    of_axon = found.excitability
    shown = [
        Shown("Measured", test.curves, test.indices),
        Shown("Fitted model", of_axon.curves, of_axon.indices),
    ]
    told = [
        f"Fitted to {found.points} values: {found.mean_z:.2f} standard deviations of healthy people away on "
        f"average (the normal axon: {found.before:.2f})."
    ]
    for name, amount in found.amounts.items():
        if amount.is_informed:
            verdict = "differs from normal" if amount.differs else "may be normal"
            told.append(f"{name} {amount.value:.2f} ({amount.low:.2f} to {amount.high:.2f}): {verdict}.")
    return shown, told


def _model(name: str, system: ChangedSystem) -> Shown:
    changes: dict[str, Any] = dict(system.axon)
    found = physiology.excite(physiology.Axon(**changes, bath=system.bath))
    return Shown(name, found.curves, found.indices)


def _about(test: Measured | None) -> Iterator[str]:
    if test is not None and test.about:
        yield "The file says: " + ", ".join(f"{key} {value}" for key, value in test.about.items()) + "."


def _unseen(system: ChangedSystem) -> Iterator[str]:
    elsewhere = sorted({name.partition(".")[0] for name in system.values} - {"axon", "bath"})
    if elsewhere:
        where = ", ".join(elsewhere)
        yield f"What it changes elsewhere ({where}) is not seen by this test, which is of the nerve's trunk."


# --- where it goes --------------------------------------------------------------------------------


def _write(shown: Sequence[Shown], notes: Sequence[str], targets: Targets, cohort: Cohort) -> None:
    made = {
        targets.json: lambda: to_json.dumps(_document(shown, notes), indent=1, ensure_ascii=False),
        targets.svg: lambda: picture(shown, title=TITLE, cohort=cohort),
        targets.html: lambda: page(shown, title=TITLE, notes=notes, cohort=cohort),
    }
    for path, text in made.items():
        if path == STDOUT:
            sys.stdout.write(text() + "\n")
        elif path is not None:
            write_whole(path, text())
            err().print(f"Written: {path}")


def _document(shown: Sequence[Shown], notes: Sequence[str]) -> dict[str, object]:
    first, *others = (
        {"name": s.name, "indices": dict(s.indices), "curves": s.curves.as_dict()} for s in shown
    )
    return {"schema_version": "1", **first, "notes": list(notes), "compared_with": others}


def _screen(
    shown: Sequence[Shown], notes: Sequence[str], cohort: Cohort, *, expert: bool
) -> Iterator[RenderableType]:
    yield Text(f"{TITLE}: {' and '.join(one.name.lower() for one in shown)}", style="bold")
    yield Text("")
    wanted = UNITS if expert else HEADLINES
    yield _table(
        shown, [name for name in wanted if any(name in one.indices for one in shown)], cohort, expert=expert
    )
    yield Text("")
    for note in notes:
        yield Text(note)
    yield Text(
        "Normal: median nerve of healthy people; z: in standard deviations; one healthy person in twenty is "
        "outside ±1.96 in any index. It informs and does not diagnose."
        + ("" if expert else " More: --expert"),
        style="dim",
    )


def _table(shown: Sequence[Shown], names: Sequence[str], cohort: Cohort, *, expert: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("index", no_wrap=True)
    table.add_column("")
    for place, one in enumerate(shown):
        table.add_column(one.name.partition(" ")[0].lower(), justify="right", no_wrap=True)
        if expert or not place:
            table.add_column("z", justify="right", no_wrap=True)
    table.add_column("healthy", no_wrap=True)
    table.add_column("", no_wrap=True)
    for name in names:
        normal = normal_indices(cohort)[name]
        cells: list[str] = []
        for place, one in enumerate(shown):
            value = one.indices.get(name)
            cells.append("" if value is None else f"{value:.3g}")
            if expert or not place:
                z = None if value is None else normal.z(value)
                cells.append(z_text(z))
        z = normal.z(shown[0].indices[name]) if name in shown[0].indices else None
        said = "" if z is None else word(z, normal)
        told = Text(said, style="" if said == "normal" else "yellow")
        label = name if expert else SHORT.get(name, name)
        table.add_row(label, UNITS[name], *cells, norm_text(normal), told)
    return table
