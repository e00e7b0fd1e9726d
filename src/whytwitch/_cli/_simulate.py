"""``whytwitch simulate``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Final

from whytwitch._cli._console import err, out
from whytwitch._cli._files import check_target, same_file, write_whole
from whytwitch._cli._guard import fail
from whytwitch._cli._recordings import muscle_id
from whytwitch.knowledge import Scenario, load, load_mechanics
from whytwitch.physiology.effects import MuscleSettings, effects, muscle_of
from whytwitch.physiology.muscle import (
    Background,
    ConcentricNeedle,
    Electrode,
    Muscle,
    Simulation,
    SurfaceBipolar,
    SurfaceGrid,
)
from whytwitch.physiology.scenario import ChangedSystem, apply, combine, scenarios
from whytwitch.recording import Annotation, check_bids, write_edf
from whytwitch.report import (
    Simulated,
    simulable_report,
    simulation_html,
    simulation_json,
    simulation_report,
)

EXAMPLE: Final = "hypocalcemia"
STDOUT: Final = Path("-")
ENDINGS: Final = {"json": (".json",), "html": (".html", ".htm"), "edf": (".edf", ".bdf")}
MAINS_UV: Final = 20.0
"""Amplitude of the power line where it is asked for (judgment: a plain fault of the leads)."""
LASTS_S: Final = 60.0
STAGES: Final = {
    "axon": "Nerve fiber", "terminal": "Ends of the nerve", "junction": "Junction", "fiber": "Muscle fiber",
    "conductor": "Tissue", "units": "Motor units", "noise": "Noise and amplifier",
}  # fmt: skip
"""What each stage is called; those of a recording come after those of the motor unit."""
_RECORDED_FROM: Final = {"conductor": (0.3, 0.1), "units": (0.4, 0.4), "noise": (0.8, 0.2)}
_SHARE_OF_EFFECTS: Final = 0.3

Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Wish:
    """What is asked for: a cause at a dose, and own values of targets, which win."""

    cause: str | None = None
    scenario: str | None = None
    dose: float | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    set: tuple[str, ...] = ()

    @property
    def is_example(self) -> bool:
        """Whether nobody asked for anything."""
        return not (self.cause or self.values or self.set)

    def system(self) -> tuple[ChangedSystem, Scenario | None]:
        """The motor unit, and the reading of the cause.

        Raises:
            PhysiologyError: a cause, scenario, dose, target or value is not one.
            Exit: a scenario or dose without a cause, or ``--set`` that says no number.
        """
        values = {**self.values, **dict(_assigned(text) for text in self.set)}
        cause = self.cause or (EXAMPLE if self.is_example else None)
        if cause is None:
            if self.scenario or self.dose is not None:
                fail("--scenario and --dose say more of a cause; name one, as in: simulate hypokalemia")
            return combine(**values), None
        readings = scenarios(cause)
        reading = load_mechanics().scenario(cause, self.scenario) if readings else None
        dose = self.dose
        if reading and dose is None:
            # What is dosed in the fluid may be said by the name of the fluid: that is the dose.
            dose = values.pop(f"bath.{reading.dose.name}", None)
        return apply(cause, self.scenario, dose, **values), reading


@dataclass(frozen=True)
class Probing:
    """How the muscle is recorded."""

    electrode: str | None = None
    muscle: str | None = None
    duration_s: float | None = None
    rate_per_min: float | None = None
    units: int | None = None
    voluntary: float | None = None
    noise_uv: float | None = None
    mains_hz: float | None = None

    @property
    def is_asked(self) -> bool:
        """Whether anything was said of a recording."""
        return any(value is not None for value in vars(self).values())

    def contacts(self) -> Electrode:
        """The electrode."""
        if self.electrode == "needle":
            return ConcentricNeedle()
        return SurfaceGrid() if self.electrode == "surface" else SurfaceBipolar()

    def body(self) -> Muscle:
        """The muscle before the cause.

        Raises:
            CaseError: an unknown muscle.
            PhysiologyError: a number of units out of range.
        """
        usual = Muscle()
        key = muscle_id(self.muscle, load()) if self.muscle else usual.muscle
        return Muscle(muscle=key, units=usual.units if self.units is None else self.units)

    def background(self) -> Background:
        """Noise, and the power line where it was asked for."""
        return Background(
            noise_uv=self.noise_uv,
            mains_uv=MAINS_UV if self.mains_hz else 0.0,
            mains_hz=self.mains_hz or 50.0,
        )


@dataclass(frozen=True)
class Targets:
    """Where the result is to go; ``-`` is standard output."""

    json: Path | None = None
    html: Path | None = None
    edf: Path | None = None
    bids: Path | None = None
    subject: str = "01"
    task: str = "rest"
    overwrite: bool = False

    def check(self) -> None:
        """Refuse what cannot or must not be written, before any work is done.

        Raises:
            CaseError: names the target.
            RecordingError: the folder for BIDS cannot be used.
            Exit: likewise.
        """
        given = {"json": self.json, "html": self.html, "edf": self.edf}
        files = {option: path for option, path in given.items() if path is not None and path != STDOUT}
        for option, path in files.items():
            check_target(path)
            if path.suffix.lower() not in ENDINGS[option]:
                fail(f"--{option} {path}: give a name that ends with {' or '.join(ENDINGS[option])}")
        for (one, first), (two, second) in combinations(files.items(), 2):
            if same_file(first, second):
                fail(f"--{one} and --{two} name the same file; give two names")
        if self.html == STDOUT or self.edf == STDOUT:
            fail("only --json can go to standard output; give --html and --edf a name")
        if self.edf is not None and self.edf.exists() and not self.overwrite:
            fail(f"--edf {self.edf}: is there already; choose another name or give --overwrite")
        if self.bids is not None:
            check_bids(self.bids, subject=self.subject, task=self.task, overwrite=self.overwrite)


def simulate(
    wish: Wish, probing: Probing, targets: Targets, *, seed: int, listed: bool, expert: bool, quiet: bool
) -> None:
    """Work out what a cause does, record the muscle if asked to, deliver both."""
    if listed:
        out().print(simulable_report())
        return
    targets.check()
    system, reading = wish.system()
    say = _silent if quiet else _note
    body, background = probing.body(), probing.background()
    with _told_to_stop(say), _progress(quiet=quiet) as tell:
        found = effects(system, seed=seed, progress=_earlier(tell))
        settings: MuscleSettings | None = None
        recorded: Simulation | None = None
        if probing.is_asked or targets.edf or targets.bids:
            lasts = LASTS_S if probing.duration_s is None else probing.duration_s
            settings = muscle_of(
                system, body, found=found, rate_per_min=probing.rate_per_min, voluntary=probing.voluntary,
                duration_s=lasts,
            )  # fmt: skip
            recorded = settings.simulate(
                probing.contacts(), duration_s=lasts, background=background, seed=seed, progress=_later(tell)
            )
    shown = Simulated(found, reading, settings, recorded, seed, wish.is_example)
    if wish.is_example and not quiet:
        _mark_example(beside=targets.json == STDOUT)
    _write(shown, targets, expert=expert, say=say)
    if targets.json != STDOUT and not quiet:
        out().print(simulation_report(shown, load(), expert=expert))


def _assigned(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        fail(f"--set {text}: give a target and a number, as in --set axon.persistent_sodium=1.5")
        raise


def _mark_example(*, beside: bool) -> None:
    """Say that nobody asked for this cause."""
    if beside:
        _note(f"EXAMPLE. No cause was given, so this is {EXAMPLE}.")
        return
    from rich.panel import Panel
    from rich.text import Text

    text = Text(f"No cause was given, so this is {EXAMPLE}. Others: ")
    text.append("whytwitch simulate --list", style="bold")
    console = out()
    width = min(console.width, 100)
    console.print(Panel(text, title="EXAMPLE", title_align="left", border_style="magenta", width=width))


# --- the wait -------------------------------------------------------------------------------------


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Tell]:
    """A bar on standard error, where somebody is looking at it."""
    console = err()
    if quiet or not (console.is_terminal and console.file.isatty()):
        yield _ignored
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    longest = max(map(len, STAGES.values()))
    columns = (TextColumn(f"{{task.description:<{longest}}}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Simulating", total=1.0)

        def tell(stage: str, share: float) -> None:
            done = max(share, bar.tasks[0].completed)
            bar.update(task, description=STAGES.get(stage, stage), completed=done)

        yield tell


def _earlier(tell: Tell) -> Tell:
    """Stages of the motor unit."""
    return lambda stage, share: tell(stage, share * _SHARE_OF_EFFECTS)


def _later(tell: Tell) -> Tell:
    """Stages of the recording, after those of the motor unit."""

    def told(stage: str, share: float) -> None:
        start, length = _RECORDED_FROM.get(stage, (0.0, 0.0))
        tell(stage, start + length * min(share, 1.0))

    return told


def _ignored(stage: str, share: float) -> None:
    """Nobody is looking."""


@contextmanager
def _told_to_stop(say: Callable[[str], None]) -> Iterator[None]:
    """On Ctrl-C, say what became of the work."""
    try:
        yield
    except KeyboardInterrupt:
        say("Stopped. Nothing was written.")
        raise


# --- where the answer goes ------------------------------------------------------------------------


def _write(shown: Simulated, targets: Targets, *, expert: bool, say: Callable[[str], None]) -> None:
    """Every file whole or not at all."""
    catalogue, recorded = load(), shown.simulation
    if targets.json == STDOUT:
        sys.stdout.write(simulation_json(shown, catalogue) + "\n")
    elif targets.json is not None:
        write_whole(targets.json, simulation_json(shown, catalogue))
        say(f"Numbers written to {targets.json}")
    if targets.html is not None:
        write_whole(targets.html, simulation_html(shown, catalogue, expert=expert))
        say(f"Page written to {targets.html}")
    if recorded is None:
        return
    if targets.edf is not None:
        truth = recorded.truth.discharges
        marks = [
            Annotation(float(at), 0.0, f"{kind} of unit {unit + 1}")
            for at, kind, unit in zip(truth.peak_s, truth.kind, truth.unit, strict=True)
        ]
        say(f"Recording and its truth written to {write_edf(recorded.recording, targets.edf, events=marks)}")
    if targets.bids is not None:
        file = recorded.write_bids(
            targets.bids, subject=targets.subject, task=targets.task, overwrite=targets.overwrite
        )
        say(f"Recording and its truth written to {file}")


def _note(text: str) -> None:
    """Say something beside the answer."""
    sys.stderr.write(text + "\n")


def _silent(text: str) -> None:
    """Say nothing."""


__all__ = ["Probing", "Targets", "Wish", "simulate"]
