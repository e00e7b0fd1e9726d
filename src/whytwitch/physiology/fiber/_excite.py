"""Pulses into a fiber, and what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.fiber import _kernel as k
from whytwitch.physiology.fiber._parameters import WARM, Fiber, membrane
from whytwitch.physiology.fiber._rest import at_rest, rests_mv, state_at
from whytwitch.physiology.ions import Bath

STEP_MS = 0.005
_KEPT_EVERY = 10
_SPIKE_MV = -20.0
_LOWEST_MV, _HIGHEST_MV = -250.0, 150.0
_LONGEST_MS = 60_000.0
_TAIL_MS = 50.0


@dataclass(frozen=True, slots=True)
class Pulse:
    """Current into the fiber, positive depolarizing.

    Args:
        onset_ms: start, from 0.
        duration_ms: above 0.
        current_ua_cm2: per cm2 of surface. The default is about three times what a healthy fiber needs.

    Raises:
        PhysiologyError: a value out of range.
    """

    onset_ms: float
    duration_ms: float = 0.5
    current_ua_cm2: float = 200.0

    def __post_init__(self) -> None:
        check_range("onset_ms", self.onset_ms, 0.0, _LONGEST_MS, "ms")
        check_range("duration_ms", self.duration_ms, 2 * STEP_MS, _LONGEST_MS, "ms")
        check_range("current_ua_cm2", self.current_ua_cm2, -1000.0, 1000.0, "uA/cm2")


def pulse_train(count: int, rate_hz: float, *, onset_ms: float = 10.0) -> tuple[Pulse, ...]:
    """As many brief suprathreshold pulses as ``count``, at ``rate_hz``.

    Raises:
        PhysiologyError: a count below 1 or a rate outside 0.01 to 500 Hz.
    """
    check_range("count", count, 1, 10_000)
    check_range("rate_hz", rate_hz, 0.01, 500.0, "Hz")
    return tuple(Pulse(onset_ms + i * 1000.0 / rate_hz) for i in range(count))


@dataclass(frozen=True, slots=True, eq=False)
class FiberRun:
    """What a fiber did.

    Args:
        times_ms: (n,), 0.05 ms apart.
        membrane_mv: (n,) potential across the surface.
        tubule_mv: (n,) potential across the tubule wall.
        tubule_potassium_mmol_l: (n,) potassium in the tubules.
        spikes_ms: times at which the surface rose through -20 mV.
        rest_mv: where it started.
    """

    times_ms: NDArray[np.float64]
    membrane_mv: NDArray[np.float64]
    tubule_mv: NDArray[np.float64]
    tubule_potassium_mmol_l: NDArray[np.float64]
    spikes_ms: NDArray[np.float64]
    rest_mv: float


def excite_fiber(
    fiber: Fiber | None,
    pulses: Sequence[Pulse] = (),
    bath: Bath = WARM,
    *,
    duration_ms: float | None = None,
) -> FiberRun:
    """Run a fiber from rest through pulses.

    It starts at its most negative resting potential. About 0.2 s of computing per simulated second.

    Args:
        fiber: None for a healthy one.
        pulses: in any order; where they overlap they add.
        bath: fluid around the fiber.
        duration_ms: how long; None for 50 ms past the last pulse.

    Returns:
        The run. The same input gives the same run.

    Raises:
        PhysiologyError: a duration outside (0, 60 s], pulses too strong, or a bath the model does not
            take.
    """
    if duration_ms is None:
        duration_ms = max((p.onset_ms + p.duration_ms for p in pulses), default=0.0) + _TAIL_MS
    check_range("duration_ms", duration_ms, 1.0, _LONGEST_MS, "ms")
    made = membrane(fiber or Fiber(), bath)
    rest = float(rests_mv(made)[0])
    made = at_rest(made, rest)
    steps = round(duration_ms / STEP_MS)
    drive = np.zeros(steps)
    for pulse in pulses:
        first = round(pulse.onset_ms / STEP_MS)
        drive[first : first + round(pulse.duration_ms / STEP_MS)] += pulse.current_ua_cm2
    kept = np.empty((-(-steps // _KEPT_EVERY), 3))
    k.march(
        state_at(made, rest), drive, STEP_MS, _KEPT_EVERY, made.surface, made.tubule, made.parameters, kept
    )
    if not (np.isfinite(kept).all() and kept[:, :2].min() > _LOWEST_MV and kept[:, :2].max() < _HIGHEST_MV):
        raise PhysiologyError(
            f"the pulses drive the fiber beyond {_LOWEST_MV:g} to {_HIGHEST_MV:g} mV, "
            "where no membrane holds; use weaker ones"
        )
    times = np.arange(0, len(kept), dtype=np.float64) * np.float64(STEP_MS * _KEPT_EVERY)
    surface = kept[:, 0]
    rising = np.flatnonzero((surface[:-1] < _SPIKE_MV) & (surface[1:] >= _SPIKE_MV))
    return FiberRun(times, surface, kept[:, 1], kept[:, 2], times[rising + 1], rest)
