"""The last seconds of a stream: its activity, its discharges, and what kind they turn out to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._events import is_unresolved, may_stand_alone
from whytwitch.recording._kinds import (
    Activity,
    activity,
    classify,
    stretches_of,
    voluntary_stretches,
    with_unresolved,
    within,
)
from whytwitch.recording._live_units import LiveUnit, Memory
from whytwitch.recording._model import Samples
from whytwitch.recording._quality import judge_quality
from whytwitch.recording._scan import EPOCH_TICKS, Ticks
from whytwitch.recording._shape import measure_shape
from whytwitch.recording._sort import Leftover
from whytwitch.recording._survey import Survey
from whytwitch.recording._trains import even_stretches
from whytwitch.recording._units import Look

HOP_TICKS: Final = 20
"""Ticks of a hop: 0.2 s."""

HOPS_AN_EPOCH: Final = EPOCH_TICKS // HOP_TICKS

RECALL_EPOCHS: Final = 20
"""Seconds that are remembered."""

OPEN_S: Final = 10.0
"""A discharge that is older keeps its kind; it has always had as much past again to be judged by."""

BEHIND: Final = 2
"""Epochs after which it is settled whether one was clean."""

REST_TICKS: Final = 75
"""Rest that is assumed to follow the last tick, so that a potential there is not taken for a contraction."""

MOST_LEFTOVER: Final = 2000


@dataclass(eq=False)
class Row:
    """One discharge of the last seconds.

    Attributes:
        number: 1, 2, … in order of discovery.
        time: sample at the working rate at which it was found; ``peak`` that of its largest deflection.
        unit: None for what is like no other.
        look: for what is like no other, its potential.
        stands: whether what is like no other still counts.
        clean: whether it fell into clean time, once that is settled.
        told: what was reported of it last.
    """

    number: int
    time: int
    peak: int
    unit: LiveUnit | None
    look: Look | None
    confidence: float
    amplitude: float
    kind: str = "fasciculation"
    stands: bool = True
    clean: bool = False
    told: tuple[int, str, float] | None = None

    @property
    def counts(self) -> bool:
        """Whether it is reported."""
        return self.stands and (self.unit is None or self.unit.is_muscle)


class Recent:
    """Ticks, discharges and unexplained peaks of the last ``RECALL_EPOCHS``; times are working-rate samples.

    Attributes:
        origin: sample at which what is remembered begins.
        rows: discharges in order of discovery.
        energetic: contractions and movement by energy alone, as units are learned by.
        active: the same with stretches added that are full of what no unit explains.
        clean_epochs: epochs so far in which a fasciculation would have been seen.
    """

    def __init__(self, found: Survey, hop: int, origin: int, *, calibrated: bool) -> None:
        self.found, self.hop, self.origin = found, hop, origin
        self.rows: list[Row] = []
        self.clean_epochs = 0
        self.energetic = self.active = Activity(np.zeros(1, bool), np.zeros(1, bool))
        self.loud = np.zeros(len(found.channels), bool)
        self._calibrated = calibrated
        nothing = np.zeros(0, np.float32)
        self._height, self._fast, self._slow = nothing, nothing, nothing
        self._ahead = (nothing, nothing, nothing)
        n = len(found.channels)
        self._noise = np.zeros((n, 0), np.float32)
        self._bad = np.zeros((2, n, 0), np.float32)
        self._left_time = np.zeros(0, np.int64)
        self._left_height, self._left_sharp = nothing, nothing
        self._memory = Memory(len(found.space.mix), RECALL_EPOCHS * HOPS_AN_EPOCH * hop)
        self._judged = 0
        self._even = np.zeros((0, 2))

    @property
    def rate_hz(self) -> float:
        """The working rate."""
        return self.found.frontend.rate_hz

    # --- taking in --------------------------------------------------------------------------------

    def add(self, ticks: Ticks, n_context: int, n_core: int, core: Samples) -> None:
        """Take in one hop.

        Args:
            ticks: of a whole window: context, core and look-ahead.
            n_context: ticks of context.
            n_core: ticks of the core.
            core: components of the core.
        """
        new = slice(n_context, n_context + n_core)
        every = (ticks.height, ticks.fast, ticks.slow)
        self._height, self._fast, self._slow = (
            np.concatenate((old, part[new]))
            for old, part in zip((self._height, self._fast, self._slow), every, strict=True)
        )
        self._ahead = (every[0][new.stop :], every[1][new.stop :], every[2][new.stop :])
        self._memory.push(core)

    def add_epoch(self, ticks: Ticks) -> None:
        """Take in the quality of the second that is the context of a window."""
        self._noise = np.concatenate((self._noise, ticks.noise[:, :1]), axis=1)
        self._bad = np.concatenate((self._bad, ticks.bad[:, :, :1]), axis=2)
        self.loud = self._noise[:, -5:].min(axis=1) > 12.0 * np.maximum(self.found.space.noise, 1e-9)

    def add_leftover(self, leftover: Leftover) -> None:
        """Take note of peaks that no unit explains."""
        apart = round(self.found.settings.apart_s * self.rate_hz)
        last = self._left_time[-1] if len(self._left_time) else -apart
        new = leftover.time > last + apart
        self._left_time = np.concatenate((self._left_time, leftover.time[new]))[-MOST_LEFTOVER:]
        self._left_height = np.concatenate((self._left_height, leftover.height[new]))[-MOST_LEFTOVER:]
        self._left_sharp = np.concatenate((self._left_sharp, leftover.sharp[new]))[-MOST_LEFTOVER:]

    def forget(self) -> list[Row]:
        """Drop the oldest epoch where there are more than are remembered; the rows that go with it."""
        if len(self._height) < (RECALL_EPOCHS + 1) * EPOCH_TICKS:
            return []
        self._height, self._fast, self._slow = (
            part[EPOCH_TICKS:] for part in (self._height, self._fast, self._slow)
        )
        self._noise, self._bad = self._noise[:, 1:], self._bad[:, :, 1:]
        self.origin += HOPS_AN_EPOCH * self.hop
        self._judged -= 1
        gone = [row for row in self.rows if row.peak < self.origin]
        self.rows = [row for row in self.rows if row.peak >= self.origin]
        return gone

    # --- judging ----------------------------------------------------------------------------------

    def seconds(self, time: NDArray[np.integer]) -> NDArray[np.float64]:
        """Seconds since the origin."""
        return (np.asarray(time) - self.origin) / self.rate_hz

    def judge(self, now: int) -> None:
        """Find contractions and movement, and say anew what kind each open discharge is.

        Args:
            now: up to where discharges have been looked for.
        """
        ticks = self._ticks()
        self.energetic = active = activity(ticks, self.found.reference.active)
        even = self._trains(active, now)
        left = self._leftover()
        seen = (left.time >= 0) & is_unresolved(left, self.found)
        self.active = active = with_unresolved(active, left.time[seen] / self.rate_hz)
        rows = sorted((row for row in self.rows if row.counts), key=lambda row: row.peak)
        time_s = self.seconds(np.array([row.peak for row in rows], np.int64))
        units = list({id(row.unit): row.unit for row in rows if row.unit is not None}.values())
        index = {id(unit): place for place, unit in enumerate(units)}
        unit = np.array([index.get(id(row.unit), -1) for row in rows], np.intp)
        durations = np.array([self._duration(u) for u in units])
        needle = self.found.settings.electrode == "needle"
        kinds = classify(time_s, unit, durations, active, even, needle=needle)
        voluntary = voluntary_stretches(time_s, kinds, active, even)
        kinds[(unit < 0) & within(time_s, voluntary)] = "voluntary"
        newest = (now - self.origin) / self.rate_hz
        for row, at, kind in zip(rows, time_s, kinds, strict=True):
            if at >= newest - OPEN_S or row.told is None:
                row.kind = str(kind)
        self._judge_epochs(ticks, active, voluntary)

    def may_stand_alone(self, since: int) -> tuple[NDArray[np.int64], Samples, NDArray[np.bool_]]:
        """Unexplained peaks from a time on: time, height, and whether each may be a potential of its own."""
        sorted_time = np.array([row.time for row in self.rows if row.unit is not None], np.intp)
        may = may_stand_alone(self._leftover(), sorted_time - self.origin, self.energetic, self.found)
        late = self._left_time >= since
        return self._left_time[late], self._left_height[late], may[late]

    def _leftover(self) -> Leftover:
        """Unexplained peaks, times from the origin on."""
        empty = np.zeros((len(self._left_time), 0, 0), np.float32)
        return Leftover(self._left_time - self.origin, self._left_height, self._left_sharp, empty)

    def _ticks(self) -> Ticks:
        """What is remembered, with the look-ahead, followed by rest."""
        rest = np.zeros(REST_TICKS, np.float32)
        held = (self._height, self._fast, self._slow)
        height, fast, slow = (np.concatenate((h, a, rest)) for h, a in zip(held, self._ahead, strict=True))
        return Ticks(height, fast, slow, self._noise, self._bad, self._noise[:, :0])

    def _trains(self, active: Activity, now: int) -> NDArray[np.float64]:
        """Stretches that one unit fills, looked for once a second, in seconds since the origin."""
        end = (now - self.origin) / self.rate_hz
        if (now - self.origin) // self.hop % HOPS_AN_EPOCH == 0:
            offset = self._memory.n / self.rate_hz - end
            inside = np.minimum(stretches_of(active.full), end)
            inside = inside[inside[:, 1] - inside[:, 0] > 0.1]
            even = even_stretches(self._memory, inside + offset, self.rate_hz) - offset
            self._even = even * self.rate_hz + self.origin
        return (self._even - self.origin) / self.rate_hz

    def _duration(self, unit: LiveUnit) -> float:
        look = unit.look
        if look is None:
            return float("inf")
        noise = float(self.found.space.noise[look.best]) / 4.0
        return measure_shape(look.wave[look.best], self.rate_hz, noise).duration_ms

    def _judge_epochs(self, ticks: Ticks, active: Activity, voluntary: NDArray[np.float64]) -> None:
        """Settle which epochs were clean, as soon as nothing can change it."""
        ready = self._noise.shape[1] - BEHIND
        if ready > self._judged:
            self.settle_epochs(ready, ticks, active, voluntary)

    def settle_epochs(
        self, ready: int, ticks: Ticks | None = None, active: Activity | None = None,
        voluntary: NDArray[np.float64] | None = None,
    ) -> None:  # fmt: skip
        """Settle the epochs before the ``ready``-th of those remembered."""
        if not self._noise.shape[1]:
            return
        ticks = ticks or self._ticks()
        active = active or self.active
        if voluntary is None:
            mine = sorted((row.peak, row.kind) for row in self.rows if row.counts)
            time_s = self.seconds(np.array([m[0] for m in mine], np.int64))
            kinds = np.array([m[1] for m in mine], dtype="<U13")
            even = (self._even - self.origin) / self.rate_hz
            voluntary = voluntary_stretches(time_s, kinds, active, even)
        quality = judge_quality(ticks, self.found, active, voluntary, None, calibrated=self._calibrated)
        length = HOPS_AN_EPOCH * self.hop
        for epoch in range(max(0, self._judged), min(ready, len(quality.clean))):
            if quality.clean[epoch]:
                self.clean_epochs += 1
                begin = self.origin + epoch * length
                for row in self.rows:
                    row.clean |= begin <= row.peak < begin + length
        self._judged = max(self._judged, ready)


__all__ = ["HOPS_AN_EPOCH", "HOP_TICKS", "OPEN_S", "RECALL_EPOCHS", "Recent", "Row"]
