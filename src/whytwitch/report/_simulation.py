"""A simulated cause, ready to be told: what is shown in the terminal, on the page and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from whytwitch.knowledge import TARGETS, Catalogue, Scenario
from whytwitch.physiology.effects import (
    EXPERT_NAMES,
    NAMES,
    AxonEffect,
    Effects,
    MuscleSettings,
    Place,
    State,
    findings,
    grade_words,
    headline,
)
from whytwitch.physiology.excitability import HEADLINES, UNITS, normal_indices, word, z_text
from whytwitch.physiology.muscle import Simulation
from whytwitch.report._clean import link
from whytwitch.report._recording_words import NOTHING

TITLE: Final = "Simulated motor unit"
STATES: Final[dict[State, str]] = {
    "unchanged": "unchanged", "slight": "hardly changed", "changed": "changed", "fires": "overactive",
    "silenced": "fails", "unknown": "beyond the model",
}  # fmt: skip
MOVED: Final = 0.5
"""Standard deviations of healthy people from which on the short table lists an index (judgment)."""
SHORT_TABLE: Final = 6
ELECTRODES: Final = {
    "SurfaceGrid": "a grid on the skin", "SurfaceBipolar": "a pair on the skin",
    "ConcentricNeedle": "a concentric needle", "MonopolarNeedle": "a monopolar needle",
}  # fmt: skip
MODEL_ONLY: Final = (
    "This is a computer model of one motor unit, not of a person. It informs; it does not diagnose."
)
LIMITS: Final = (
    "How often a changed nerve fires by chance is not computed: any rate of single twitches is illustrative.",
    "One node of one axon stands for the whole nerve fiber, and its ends are taken to be like its trunk, "
    "since nobody has measured them in people.",
    "What ions do inside cells over hours, and what brain and cord do of themselves, is left out.",
)


@final
@dataclass(frozen=True, slots=True)
class Simulated:
    """What was simulated.

    Attributes:
        effects: along the motor unit.
        scenario: the reading of the cause; None where values were set by hand.
        settings, simulation: the muscle and its recording; None where none was made.
        seed: of everything that was drawn.
        example: whether nobody asked for this cause.
    """

    effects: Effects
    scenario: Scenario | None = None
    settings: MuscleSettings | None = None
    simulation: Simulation | None = None
    seed: int = 0
    example: bool = False


@final
@dataclass(frozen=True, slots=True)
class Stop:
    """One place along the motor unit."""

    number: int
    place: Place
    name: str
    state: State
    word: str
    acts: bool
    plain: str
    precise: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class IndexRow:
    """One index of nerve excitability in the normal and the changed model."""

    name: str
    unit: str
    normal: str
    changed: str
    z: str
    moved: str
    word: str


@final
@dataclass(frozen=True, slots=True)
class View:
    """All that is told, in words and formatted numbers."""

    name: str
    what: str
    headline: str
    plain: str
    grade: str
    grade_words: str
    stops: tuple[Stop, ...]
    fluid: tuple[tuple[str, str, str], ...]
    nerve: tuple[tuple[str, str, str], ...]
    axon: tuple[IndexRow, ...]
    terminal: tuple[IndexRow, ...]
    sources: tuple[tuple[str, str | None], ...]
    provenance: tuple[str, ...]
    recorded: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def view(shown: Simulated, catalogue: Catalogue, *, expert: bool) -> View:
    """Everything in words; indices are all listed for experts, and only those that moved else."""
    found, scenario = shown.effects, shown.scenario
    names = EXPERT_NAMES if expert else NAMES
    return View(
        name=_name(found, catalogue, expert=expert),
        what=_what(found, scenario),
        headline=headline(found),
        plain=scenario.plain if scenario else "",
        grade=found.system.grade or "set by hand",
        grade_words=grade_words(found),
        stops=tuple(
            Stop(
                i + 1, one.place, names[one.place], one.state,
                "drives" if one.place == "drive" and one.state == "fires" else STATES[one.state],
                one.place in found.acts_on, one.plain, one.precise,
            )
            for i, one in enumerate(findings(found))
        ),
        fluid=tuple(_fluid(found)),
        nerve=tuple(_nerve(found.distal)),
        axon=tuple(_indices(found.axon, expert=expert)),
        terminal=tuple(_indices(found.terminal, expert=expert)),
        sources=tuple(
            (" ".join(source.citation.split()), link(source))
            for key in (scenario.sources if scenario else ())
            if (source := catalogue.sources.get(key))
        ),
        provenance=found.system.provenance,
        recorded=tuple(_recorded(shown)),
        notes=shown.settings.notes if shown.settings and shown.simulation else (),
    )  # fmt: skip


def _name(found: Effects, catalogue: Catalogue, *, expert: bool) -> str:
    causes = [catalogue.causes[one.cause_id] for one in found.system.causes]
    if not causes:
        return "Values set by hand" if found.system.operations else "The normal motor unit"
    return " and ".join(cause.name if expert else cause.plain_name for cause in causes)


def _what(found: Effects, scenario: Scenario | None) -> str:
    if scenario is None:
        return ", ".join(f"{name} {value:g}" for name, value in found.system.values.items())
    dose = found.system.causes[0].dose
    usual = scenario.dose.normal
    return f"{scenario.name}; {dose_name(scenario)} {dose:g} {scenario.dose.unit} (normal {usual:g})"


def dose_name(scenario: Scenario) -> str:
    """What is dosed, as a reader says it: without the unit that its name carries."""
    words = scenario.dose.name
    for unit in ("_mmol_l", "_mg_per_kg", "_mg_l", "_fraction", "_mmhg", "_min"):
        words = words.removesuffix(unit)
    return words.replace("_", " ")


def _fluid(found: Effects) -> Iterator[tuple[str, str, str]]:
    for name, value in found.system.values.items():
        if name.startswith("bath."):
            target = TARGETS[name]
            yield target.meaning, f"{value:g} {target.unit}", f"{target.normal:g}"


def _nerve(of: AxonEffect | None) -> Iterator[tuple[str, str, str]]:
    """What an axon is and does, normal and changed: the same lines whatever became of it."""
    if of is None:
        return
    told = []
    for state, threshold in ((of.normal, 1.0), (of.changed, of.threshold_ratio)):
        kept = state.accommodation
        told.append(
            (
                f"{state.rest_mv:.1f} mV",
                NOTHING if threshold is None else f"{threshold:.2f} × normal",
                f"{state.firing_hz:.0f} per second" if state.firing_hz else "no",
                f"{state.spikes_after_stimulus}" if state.mood == "silent" else NOTHING,
                NOTHING if kept is None else f"{kept.steady_spikes}",
                NOTHING if kept is None else _rise(kept.ramp_ratio),
            )
        )
    labels = (
        "Resting potential", "Threshold", "Fires by itself", "Impulses after one stimulus",
        "Impulses on a steady current of twice the rheobase", "Slow rise that still fires it",
    )  # fmt: skip
    yield from zip(labels, *told, strict=True)


def _rise(ratio: float | None) -> str:
    return "none" if ratio is None else f"{ratio:.1f} rheobases"


def _indices(of: AxonEffect | None, *, expert: bool) -> Iterator[IndexRow]:
    if of is None or of.changed.mood != "silent":
        return
    moved = {name: shift for name, shift in of.shifts.items() if name in HEADLINES or expert}
    order = [name for name in UNITS if name in moved]
    if not expert:
        order = sorted((n for n in order if abs(moved[n]) >= MOVED), key=lambda n: -abs(moved[n]))
    for name in order if expert else order[:SHORT_TABLE]:
        now, was, z = of.changed.indices[name], of.normal.indices[name], of.changed.z[name]
        yield IndexRow(
            name, UNITS[name], f"{was:.3g}", f"{now:.3g}", z_text(z), z_text(moved[name]),
            word(z, normal_indices()[name]),
        )  # fmt: skip


def _recorded(shown: Simulated) -> Iterator[tuple[str, str]]:
    if shown.simulation is None:
        return
    recording, truth = shown.simulation.recording, shown.simulation.truth
    electrode = ELECTRODES[truth.settings["electrode"]["type"]]
    kinds = Counter(str(kind) for kind in truth.discharges.kind)
    fired = np.unique(truth.discharges.unit)
    yield "Recording", f"{recording.duration_s:g} s, {electrode}"
    yield "Muscle", f"{recording.channels[0].muscle.replace('_', ' ')}, {len(truth.units)} motor units"
    told = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in kinds.most_common())
    yield "Discharges", f"{told} ({len(fired)} motor units)" if told else "none"
    if len(fired):
        sizes = np.array([truth.units[k].amplitude_uv for k in fired])
        yield (
            "Size",
            f"{sizes.min():.0f} to {sizes.max():.0f} µV peak to peak (median {np.median(sizes):.0f})",
        )
