"""What detection finds in a recording: potentials, the units that fired them, and the quality."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Channel, Electrode, Problem, Samples

Kind = Literal["fasciculation", "voluntary", "train", "fibrillation"]
KINDS: Final[tuple[Kind, ...]] = ("fasciculation", "voluntary", "train", "fibrillation")

UNSORTED: Final = 0
"""The ``unit`` of potentials that fit no motor unit seen twice."""

EPOCH_S: Final = 1.0
"""Length of the stretches whose quality is judged."""


@final
@dataclass(frozen=True)
class Events:
    """Potentials in order of time, one row each; all arrays are (n_events,).

    Attributes:
        onset_s: time of the largest deflection on the unit's best channel.
        unit: 1, 2, … or ``UNSORTED``.
        kind: one of ``KINDS``.
        confidence: probability that this is a potential of its kind, 0 to 1.
        amplitude: peak to peak on the best channel, in µV where calibrated.
        channel: the best channel: a row of ``Source.channels``, as in templates and in ``Quality``.
        duration_ms: from the first to the last deflection beyond the noise.
        phases: parts of the potential between baseline crossings, each beyond the noise.
        turns: changes of direction, each beyond the noise.
        area: of the rectified potential, µV·ms where calibrated.
        spread: share of EMG channels on which the potential stands out, 0 to 1.
        likeness: correlation with its unit's template, -1 to 1; NaN where unsorted.
    """

    onset_s: NDArray[np.float64]
    unit: NDArray[np.int32]
    kind: NDArray[np.str_]
    confidence: NDArray[np.float64]
    amplitude: NDArray[np.float64]
    channel: NDArray[np.int32]
    duration_ms: NDArray[np.float64]
    phases: NDArray[np.int32]
    turns: NDArray[np.int32]
    area: NDArray[np.float64]
    spread: NDArray[np.float64]
    likeness: NDArray[np.float64]

    def __len__(self) -> int:
        """Number of potentials."""
        return len(self.onset_s)


@final
@dataclass(frozen=True)
class Unit:
    """One motor unit (or one class of potentials that could not be told apart).

    Attributes:
        id: the number that ``Events.unit`` refers to.
        kind: what most of its discharges are.
        template: its mean potential, (n_emg_channels, n_times), in µV where calibrated.
        times_ms: of the template's columns, 0 at the largest deflection.
        best_channel: row of ``template`` with the largest peak-to-peak amplitude.
        contrast: how far it stands out of the noise: norm of the whitened template.
    """

    id: int
    kind: Kind
    n_events: int
    template: Samples = field(repr=False)
    times_ms: NDArray[np.float64] = field(repr=False)
    best_channel: int
    contrast: float


@final
@dataclass(frozen=True)
class Quality:
    """How good the signal was, by epoch of ``EPOCH_S`` and EMG channel.

    Attributes:
        score: 1 clean to 0 useless, (n_channels, n_epochs).
        noise: rms of the cleaned background, µV where calibrated, (n_channels, n_epochs).
        clean: whether a fasciculation would have been seen in the epoch, (n_epochs,): enough good
            channels, no voluntary activity, no movement.
        lost: seconds lost to each reason (``voluntary``, ``movement``, ``saturated``, ``dropout``,
            ``dead``, ``noise``).
        mains_hz: the power line found, None where there was none.
        mains_amplitude: its median amplitude before cleaning, µV where calibrated.
        heart_rate_per_min: of an electrocardiogram found in the signal, None where there was none.
    """

    score: NDArray[np.float32] = field(repr=False)
    noise: NDArray[np.float32] = field(repr=False)
    clean: NDArray[np.bool_] = field(repr=False)
    lost: dict[str, float]
    mains_hz: float | None
    mains_amplitude: float
    heart_rate_per_min: float | None

    @property
    def clean_s(self) -> float:
        """Seconds in which a fasciculation would have been seen."""
        return float(self.clean.sum()) * EPOCH_S

    @property
    def overall(self) -> float:
        """One figure for the whole recording: the mean score over its clean part, 0 without one."""
        return float(self.score[:, self.clean].mean()) if self.clean.any() else 0.0


@final
@dataclass(frozen=True)
class Source:
    """What the potentials were found in; enough to tell two recordings apart."""

    name: str
    format: str
    sha256: str
    sampling_rate_hz: float
    duration_s: float
    channels: tuple[Channel, ...]
    """The EMG channels, in the order of ``Quality`` and of the rows of templates."""
    calibrated: bool
    electrode: Electrode
    muscle: str = ""


@final
@dataclass(frozen=True)
class Twitches:
    """Everything that was found in one recording.

    Attributes:
        voluntary_s: stretches of voluntary activity, (n, 2) start and stop.
        envelope: rms of the cleaned signal in steps of ``envelope_step_s``, (n_channels, n_steps); for
            an overview of the whole recording.
        problems: what could not be cleaned or concluded, and what the file left unsaid.
        settings: every setting that the result depends on, by name.
    """

    source: Source
    events: Events
    units: tuple[Unit, ...]
    quality: Quality
    voluntary_s: NDArray[np.float64]
    envelope: Samples = field(repr=False)
    envelope_step_s: float
    problems: tuple[Problem, ...]
    settings: dict[str, float | int | str]


__all__ = ["EPOCH_S", "KINDS", "UNSORTED", "Events", "Kind", "Quality", "Source", "Twitches", "Unit"]
