"""Impulses through a junction, and through the many junctions of a muscle."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.ions import Bath
from whytwitch.physiology.junction import _kernel as k
from whytwitch.physiology.junction._junction import Junction, parameters

_LONGEST_MS = 120_000.0
_TAIL_MS = 60.0
_DIRECT_MS = 6.0
_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Transmission:
    """What became of each of s nerve impulses at one junction.

    Args:
        stimuli_ms: (s,) when they reached the terminal.
        epp_mv: (s,) greatest end-plate potential within 20 ms, as if the fiber could not fire.
        released: (s,) quanta; 0 where the impulse was lost.
        lost: (s,) whether it met an impulse that the terminal had fired back, and never arrived.
        fired: (s,) whether the fiber fired within 6 ms.
        extra: (s,) how often it fired again before the next stimulus.
        safety_factor: (s,) end-plate potential over the fiber's threshold.
        spikes_ms: when the fiber fired.
        backfires_ms: when the terminal fired back.
        times_ms: (n,) of the trace.
        end_plate_mv: (n,) end-plate potential, as if the fiber could not fire.
    """

    stimuli_ms: NDArray[np.float64]
    epp_mv: NDArray[np.float64]
    released: NDArray[np.int64]
    lost: NDArray[np.bool_]
    fired: NDArray[np.bool_]
    extra: NDArray[np.int64]
    safety_factor: NDArray[np.float64]
    spikes_ms: NDArray[np.float64]
    backfires_ms: NDArray[np.float64]
    times_ms: NDArray[np.float64]
    end_plate_mv: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CompoundResponse:
    """What a muscle does on each of s nerve impulses.

    Args:
        stimuli_ms: (s,).
        amplitude: (s,) share of the fibers that fire: the compound potential relative to all fibers.
        repetitive: (s,) share that fire again before the next stimulus: its second, smaller potential.
        backfired: (s,) share of terminals that fire back before the next stimulus.
    """

    stimuli_ms: NDArray[np.float64]
    amplitude: NDArray[np.float64]
    repetitive: NDArray[np.float64]
    backfired: NDArray[np.float64]

    @property
    def decrement(self) -> float:
        """Loss from the first to the fourth response, or to the last of fewer; below 0 it is a rise."""
        fourth = self.amplitude[: min(4, len(self.amplitude))][-1]
        return float(1.0 - fourth / self.amplitude[0]) if self.amplitude[0] > 0.0 else 0.0


def transmit(
    junction: Junction | None, stimulus_times_ms: ArrayLike, seed: int = 0, *, bath: Bath | None = None
) -> Transmission:
    """Take nerve impulses through one junction.

    Args:
        junction: None for a healthy one.
        stimulus_times_ms: (s,) rising, from 0, at least 1 ms apart: when impulses reach the terminal.
        seed: of the random release; the same seed gives the same result.
        bath: fluid around it; None for normal. Only its calcium and magnesium act here.

    Raises:
        PhysiologyError: times or seed that the model does not take.
    """
    stimuli = _checked(stimulus_times_ms, seed)
    return _through(junction or Junction(), stimuli, seed, bath or Bath())


def compound(
    junction: Junction | None,
    stimulus_times_ms: ArrayLike,
    seed: int = 0,
    *,
    bath: Bath | None = None,
    fibers: int = 200,
    spread: float = 0.3,
) -> CompoundResponse:
    """Take nerve impulses through the junctions of a muscle, which differ in what they release.

    Args:
        junction: the middling junction; None for a healthy one.
        stimulus_times_ms: as for ``transmit``.
        seed: of the differences and of the random release.
        bath: as for ``transmit``.
        fibers: how many junctions.
        spread: standard deviation of the logarithm of the quantal content among junctions. Judgment: the most
            and the least sensitive fibers of a cat differed threefold (Paton and Waud 1967, doi
            10.1113/jphysiol.1967.sp008237).

    Raises:
        PhysiologyError: a value that the model does not take.
    """
    stimuli = _checked(stimulus_times_ms, seed)
    check_range("fibers", fibers, 1, 10_000)
    check_range("spread", spread, 0.0, 1.0)
    middling = junction or Junction()
    random = np.random.default_rng(seed)
    factors = np.exp(spread * random.standard_normal(fibers))
    seeds = random.integers(0, _LARGEST_SEED, fibers)
    fired, extra, back = (np.zeros(len(stimuli)) for _ in range(3))
    for factor, own in zip(factors, seeds, strict=True):
        content = float(np.clip(middling.quantal_content * factor, 1.0, 400.0))
        one = _through(replace(middling, quantal_content=content), stimuli, int(own), bath or Bath())
        fired += one.fired
        extra += one.extra > 0
        back += _counts(one.backfires_ms, stimuli) > 0
    return CompoundResponse(stimuli, fired / fibers, extra / fibers, back / fibers)


def _checked(stimulus_times_ms: ArrayLike, seed: int) -> NDArray[np.float64]:
    check_range("seed", seed, 0, _LARGEST_SEED)
    times = np.asarray(stimulus_times_ms, dtype=np.float64)
    fine = times.ndim == 1 and len(times) > 0 and bool(np.isfinite(times).all())
    if not (fine and bool((np.diff(times) >= 1.0).all()) and 0.0 <= times[0] <= times[-1] <= _LONGEST_MS):
        raise PhysiologyError(
            "stimulus_times_ms must hold at least one time and rise from 0 to at most 120000 ms, "
            "by 1 ms or more each"
        )
    return times


def _through(junction: Junction, stimuli: NDArray[np.float64], seed: int, bath: Bath) -> Transmission:
    count = len(stimuli)
    epp, released, lost = (np.zeros(count) for _ in range(3))
    trace = np.empty(round((float(stimuli[-1]) + _TAIL_MS) / k.STEP_MS))
    room = 1 + round(len(trace) * k.STEP_MS / 2.0)  # more than refractoriness allows
    spikes, backfires = np.empty(room), np.empty(room)
    n, b = k.run(
        parameters(junction, bath),
        stimuli,
        np.random.default_rng(seed),
        epp,
        released,
        lost,
        spikes,
        backfires,
        trace,
    )
    spikes, backfires = spikes[:n], backfires[:b]
    first = np.searchsorted(spikes, stimuli - 1e-9)
    fired = np.zeros(count, dtype=np.bool_)
    some = first < n
    fired[some] = spikes[first[some]] - stimuli[some] <= _DIRECT_MS
    fired &= lost == 0.0
    return Transmission(
        stimuli_ms=stimuli,
        epp_mv=epp,
        released=released.astype(np.int64),
        lost=lost > 0.0,
        fired=fired,
        extra=_counts(spikes, stimuli) - fired,
        safety_factor=epp / junction.threshold_mv,
        spikes_ms=spikes,
        backfires_ms=backfires,
        times_ms=np.arange(0, len(trace), dtype=np.float64) * np.float64(k.STEP_MS),
        end_plate_mv=trace,
    )


def _counts(times: NDArray[np.float64], stimuli: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many of times fall between each stimulus and the next."""
    return np.histogram(times, np.append(stimuli - 1e-9, np.inf))[0].astype(np.int64)
