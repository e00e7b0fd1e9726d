"""What a change does to a muscle fiber: rest, one pulse, a train of pulses, conduction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from whytwitch.physiology.axon import NORMAL_BATH
from whytwitch.physiology.effects._axon import Trace
from whytwitch.physiology.fiber import (
    WARM,
    Fiber,
    conduction_velocity_m_s,
    excite_fiber,
    pulse_train,
    resting_potentials_mv,
)
from whytwitch.physiology.ions import Bath

PULSES: Final = 20
RATE_HZ: Final = 50.0
WATCHED_MS: Final = 300.0
"""After the last pulse."""
CALM_MS: Final = 20.0
"""What fires so long after the last pulse is after-discharge (judgment: the longest answer to a pulse)."""
_ONSET_MS: Final = 10.0
_THINNED: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class FiberState:
    """One muscle fiber in its bath.

    Attributes:
        rests_mv: every potential at which it can stay, most negative first; it starts at the first.
        spikes_on_pulse: impulses on the first pulse.
        answered: impulses during 20 pulses at 50 Hz.
        after_discharge: impulses that go on by themselves after the last pulse: myotonia.
        velocity_m_s: conduction along the fiber; None where no impulse arrives.
        trace: surface potential through the train.
    """

    rests_mv: tuple[float, ...]
    spikes_on_pulse: int
    answered: int
    after_discharge: int
    velocity_m_s: float | None
    trace: Trace

    @property
    def rest_mv(self) -> float:
        """Where it starts."""
        return self.rests_mv[0]

    @property
    def is_paralyzed(self) -> bool:
        """Whether a pulse, or an impulse on its way, finds no answer."""
        return not self.spikes_on_pulse or self.velocity_m_s is None


@dataclass(frozen=True, slots=True, eq=False)
class FiberEffect:
    """A fiber, changed, beside the normal one."""

    normal: FiberState
    changed: FiberState


def fiber_effect(fiber: Fiber, bath: Bath) -> FiberEffect:
    """A changed fiber beside the normal one in normal fluid.

    The bath is the nerve's: the muscle around it is taken to be 4 °C warmer, as it is when both are normal.

    Raises:
        PhysiologyError: a value the model of the fiber does not take.
    """
    warmer = WARM.temperature_c - NORMAL_BATH.temperature_c
    return FiberEffect(
        normal_fiber(), fiber_state(fiber, replace(bath, temperature_c=bath.temperature_c + warmer))
    )


@lru_cache(maxsize=1)
def normal_fiber() -> FiberState:
    """The normal fiber, computed once a process."""
    return fiber_state(Fiber(), WARM)


def fiber_state(fiber: Fiber, bath: Bath) -> FiberState:
    """Put one fiber through a train of pulses."""
    pulses = pulse_train(PULSES, RATE_HZ, onset_ms=_ONSET_MS)
    last = pulses[-1].onset_ms
    run = excite_fiber(fiber, pulses, bath, duration_ms=last + WATCHED_MS)
    spikes = run.spikes_ms
    calm = last + CALM_MS
    return FiberState(
        rests_mv=tuple(float(v) for v in resting_potentials_mv(fiber, bath)),
        spikes_on_pulse=int((spikes < pulses[1].onset_ms).sum()),
        answered=int((spikes < calm).sum()),
        after_discharge=int((spikes >= calm).sum()),
        velocity_m_s=conduction_velocity_m_s(fiber, bath),
        trace=Trace(run.times_ms[::_THINNED], run.membrane_mv[::_THINNED], spikes),
    )
