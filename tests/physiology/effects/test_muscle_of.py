"""From a changed motor unit to the muscle that is recorded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.effects import ILLUSTRATIVE_RATE_PER_MIN, effects, muscle_of
from whytwitch.physiology.muscle import ConcentricNeedle, Muscle, RecoveryCycle
from whytwitch.physiology.scenario import apply, combine

share = st.floats(0.0, 1.0)


@settings(deadline=None, max_examples=40)
@given(survival=share, reinnervation=share, block=share, fibers=share, jitter=st.floats(0.0, 500.0))
def test_any_loss_gives_a_muscle(
    survival: float, reinnervation: float, block: float, fibers: float, jitter: float
) -> None:
    system = combine(**{
        "units.survival_fraction": survival, "units.reinnervation": reinnervation,
        "units.conduction_block": block, "units.fiber_fraction": fibers, "units.jitter_us": jitter,
    })  # fmt: skip
    made = muscle_of(system).muscle
    alive = made.units * (1.0 - made.lost_units)
    assert alive == pytest.approx(100.0 * max(survival, 0.01) * (1.0 - block), abs=1.1)
    # Fibers that the living took over are the asked share of those of the dead, up to what the model takes.
    dead = 1.0 - max(survival, 0.01)
    wanted = reinnervation * dead / (1.0 - dead)
    assert made.lost_units / (1.0 - made.lost_units) == pytest.approx(min(wanted, 4.0), rel=1e-6)
    assert made.lost_fibers == pytest.approx(min(1.0 - fibers, 0.95))


def test_jitter_of_fiber_pairs_becomes_that_of_one_junction() -> None:
    made = muscle_of(combine(**{"units.jitter_us": 90.0})).muscle
    assert made.jitter_ms * 1000.0 * 1.13 * np.sqrt(2.0) == pytest.approx(90.0)
    assert muscle_of(combine(**{"units.jitter_us": 10.0})).muscle.jitter_ms == Muscle().jitter_ms
    sprouts = muscle_of(
        combine(**{"units.survival_fraction": 0.5, "units.reinnervation": 1.0, "units.jitter_us": 160.0})
    ).muscle
    assert sprouts.immaturity == pytest.approx(1.0)
    assert sprouts.jitter_ms == Muscle().jitter_ms


def test_the_rate_is_the_callers_or_said_to_be_illustrative() -> None:
    system = apply("benign_fasciculation")
    found = effects(system)
    usual = muscle_of(system, found=found)
    assert usual.fasciculation.rate_per_min == ILLUSTRATIVE_RATE_PER_MIN
    assert any("illustrative, not predicted" in note for note in usual.notes)
    own = muscle_of(system, found=found, rate_per_min=0.0)
    assert own.fasciculation.rate_per_min == 0.0
    assert not any("single discharges" in note for note in own.notes)
    assert muscle_of(apply("statin")).fasciculation.rate_per_min == 0.0


def test_impulses_begin_where_the_cause_is() -> None:
    def share_of(cause: str) -> float:
        return muscle_of(apply(cause)).fasciculation.terminal_share

    assert share_of("benign_fasciculation") == 1.0
    assert share_of("cervical_myelopathy") == 0.0
    assert share_of("hyperkalemia") == 0.5


def test_the_recovery_cycle_moves_with_the_models() -> None:
    people = RecoveryCycle.normal()
    assert muscle_of(apply("cervical_myelopathy")).fasciculation.recovery == people
    found = effects(apply("hypokalemia"))
    moved = muscle_of(found.system, found=found).fasciculation.recovery
    (x, y), (x0, y0) = found.axon.changed.curves["RC"], found.axon.normal.curves["RC"]
    for at in (5.0, 7.9, 24.0):
        shift = np.interp(at, x, y) - np.interp(at, x0, y0)
        before = np.interp(at, people.interval_ms, people.threshold_change_percent)
        after = np.interp(at, moved.interval_ms, moved.threshold_change_percent)
        assert after - before == pytest.approx(shift, abs=0.5)


def test_drive_becomes_effort() -> None:
    steady = muscle_of(apply("caffeine_excess"), duration_s=10.0).voluntary
    assert steady.levels == (0.02, 0.02)
    assert steady.tremor_hz is None
    tremor = muscle_of(apply("parkinson_disease"), duration_s=10.0).voluntary
    assert tremor.tremor_hz == 5.0
    bursts = muscle_of(apply("myoclonus"), duration_s=10.0)
    assert bursts.voluntary.levels[0] == 0.0 < max(bursts.voluntary.levels)
    assert any("illustrative" in note for note in bursts.notes)
    assert muscle_of(combine(), voluntary=0.3).voluntary.levels == (0.3, 0.3)
    slow = muscle_of(combine(**{"drive.tremor_hz": 1.0, "drive.voluntary": 0.1}))
    assert slow.voluntary.tremor_hz is None
    assert any("below the 2 Hz" in note for note in slow.notes)


def test_a_burst_recruits_its_share() -> None:
    made = muscle_of(
        combine(**{"drive.burst": 0.4, "drive.tremor_hz": 5.0}), Muscle(units=60), duration_s=6.0
    )
    truth = made.simulate(ConcentricNeedle(), duration_s=3.0, seed=1).truth
    fired = {truth.units[k].size_rank for k in truth.discharges.unit.tolist()}
    assert max(fired) == pytest.approx(0.4, abs=0.06)


def test_it_records_and_says_so() -> None:
    made = muscle_of(apply("als"), Muscle(units=12), rate_per_min=300.0, duration_s=2.0)
    one, other = (made.simulate(ConcentricNeedle(), duration_s=2.0, seed=4) for _ in range(2))
    assert np.array_equal(one.recording.read(), other.recording.read())
    assert set(one.truth.discharges.kind) <= {"fasciculation", "doublet"}
    assert any(unit.reinnervated for unit in one.truth.units)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"voluntary": 1.5}, "voluntary"),
        ({"duration_s": 0.0}, "duration"),
        ({"rate_per_min": -1.0}, "rate_per_min"),
    ],
)
def test_impossible_wishes(more: dict[str, float], said: str) -> None:
    with pytest.raises(PhysiologyError, match=said):
        muscle_of(combine(), **more)
