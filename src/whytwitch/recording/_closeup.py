"""One moment of a recording seen as detection sees it: the potential on all electrodes, and its measures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Recording, Samples
from whytwitch.recording._shape import measure_shape
from whytwitch.recording._survey import survey
from whytwitch.recording._twitches import Twitches, Unit
from whytwitch.recording._units import Viewer

SNAP_S: Final = 0.015
"""How far a potential may be from where it was pointed at."""


@final
@dataclass(frozen=True)
class Potential:
    """What is at one moment.

    Attributes:
        onset_s: of the largest deflection on ``channel``, or the moment that was asked for.
        channel: row of ``Source.channels`` it is measured on.
        amplitude: peak to peak, in µV where calibrated.
        duration_ms: from the first to the last deflection beyond the noise.
        phases: parts between baseline crossings, each beyond the noise.
        turns: changes of direction, each beyond the noise.
        area: of the rectified potential, µV·ms where calibrated.
        spread: share of EMG channels on which it stands out, 0 to 1.
        wave: cleaned as templates are, (n_emg_channels, n_times).
        times_ms: of the wave's columns, 0 at ``onset_s``.
    """

    onset_s: float
    channel: int
    amplitude: float
    duration_ms: float
    phases: int
    turns: int
    area: float
    spread: float
    wave: Samples = field(repr=False, compare=False)
    times_ms: NDArray[np.float64] = field(repr=False, compare=False)

    def likeness(self, unit: Unit) -> float:
        """Correlation with a unit's template over all electrodes, -1 to 1; 0 where one of them is flat."""
        if self.wave.shape != unit.template.shape:
            return 0.0
        mine, its = (np.asarray(part, float).ravel() for part in (self.wave, unit.template))
        size = float(np.linalg.norm(mine) * np.linalg.norm(its))
        return float(np.clip(mine @ its / size, -1.0, 1.0)) if size > 0.0 else 0.0


@final
class CloseUp:
    """Looks at single moments of a recording; what it needs to know of the noise is learned once.

    Args:
        recording: what ``twitches`` were found in.
        twitches: what :func:`whytwitch.detect` found.

    Raises:
        RecordingError: it cannot be read (any more).
    """

    def __init__(self, recording: Recording, twitches: Twitches) -> None:
        self._viewer = Viewer(recording, survey(recording, twitches.source.electrode))
        self._rate = self._viewer.found.frontend.rate_hz
        self._twitches = twitches

    def of(self, onset_s: float, unit: Unit) -> Potential | None:
        """What a unit's template is held against at one moment; None where the recording has no room.

        Args:
            onset_s: of the largest deflection on the unit's best channel.
            unit: gives the channel and the times of the wave.
        """
        before = int(np.abs(unit.times_ms).argmin())
        return self._look(onset_s, before, unit.best_channel)

    def near(self, onset_s: float) -> Potential | None:
        """The largest deflection within 15 ms, on the channel where it is largest; None without room."""
        first = self._look(onset_s, self._viewer.before, None)
        if first is None:
            return None
        size = np.abs(first.wave[first.channel])
        size[np.abs(first.times_ms) > 1000.0 * SNAP_S] = -1.0
        found = onset_s + float(first.times_ms[int(size.argmax())]) / 1000.0
        return self._look(found, self._viewer.before, first.channel)

    def at(self, onset_s: float, channel: int) -> Potential | None:
        """What :meth:`near` found, looked at once more; None where the recording has no room.

        Args:
            onset_s: of its largest deflection.
            channel: row of ``Source.channels`` it is measured on.
        """
        return self._look(onset_s, self._viewer.before, channel)

    def _look(self, onset_s: float, before: int, channel: int | None) -> Potential | None:
        viewer = self._viewer
        time = round(onset_s * self._rate)
        look = viewer.look(np.array([time + viewer.before - before]))
        if look is None:
            return None
        row = look.best if channel is None else channel
        shape = measure_shape(look.wave[row], self._rate, float(viewer.found.space.noise[row]))
        times_ms = (np.arange(look.wave.shape[1]) - before) / self._rate * 1000.0
        return Potential(
            onset_s, row, shape.amplitude, shape.duration_ms, shape.phases, shape.turns, shape.area,
            look.spread, look.wave, times_ms,
        )  # fmt: skip


def founded(potential: Potential, number: int) -> Unit:
    """A unit that is known from one potential alone."""
    return Unit(
        id=number,
        kind="fasciculation",
        n_events=1,
        template=potential.wave,
        times_ms=potential.times_ms,
        best_channel=potential.channel,
        contrast=0.0,
    )


__all__ = ["CloseUp", "Potential", "founded"]
