"""The pool of units and what disease does to it, down to potentials at a needle."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.muscle import (
    Background,
    ConcentricNeedle,
    Firing,
    Muscle,
    SurfaceBipolar,
    SurfaceGrid,
    Tissue,
    simulate,
)
from whytwitch.physiology.muscle._units import draw_units

SMALL = Muscle(units=24, width_mm=12, thickness_mm=14)
VISIBLE_UV = 20.0


def draw(muscle: Muscle, seed: int = 0) -> tuple:
    return draw_units(muscle, np.random.default_rng(seed))


@settings(max_examples=25)
@given(
    st.integers(2, 60),
    st.floats(5, 60),
    st.floats(1, 50),
    st.floats(0, 0.8),
    st.floats(0, 0.9),
    st.integers(0, 99),
)
def test_every_pool_is_possible(
    n: int, mean: float, span: float, lost: float, gone: float, seed: int
) -> None:
    muscle = Muscle(
        units=n, mean_fibers=mean, size_range=span, lost_units=lost, lost_fibers=gone, immaturity=0.5
    )
    units = draw(muscle, seed)
    assert 1 <= len(units) == n - round(lost * n)
    assert all(np.diff([u.size_rank for u in units]) > 0)
    for unit in units:
        f = unit.fibers
        assert len(f) >= 1
        assert (f.depth_mm > 0).all()
        assert (f.down_mm < f.zone_mm).all()
        assert (f.zone_mm < f.up_mm).all()
        assert (f.velocity_m_per_s > 1).all()
        assert f.branch.max() < len(unit.path_ms) == len(unit.block)


def test_a_healthy_pool_is_as_published() -> None:
    units = draw(Muscle(units=120))
    n = np.array([len(u.fibers) for u in units])
    assert n.mean() == pytest.approx(209, rel=0.01)  # biceps, Gath and Stålberg 1981
    assert n.max() / n.min() == pytest.approx(11, rel=0.05)
    steps = np.diff(np.log(n))
    assert steps.std() < 0.02  # exponential: the logarithm rises evenly
    speed = np.array([u.fibers.velocity_m_per_s.mean() for u in units])
    assert speed.mean() == pytest.approx(3.7, abs=0.1)  # Andreassen and Arendt-Nielsen 1987: 2.6 to 5.3
    assert 2.6 < speed.min() < speed.max() < 5.3
    assert np.corrcoef(speed, n)[0, 1] > 0.4
    assert 5 <= np.mean([u.territory_mm for u in units]) <= 10


def test_survivors_take_over_what_others_leave() -> None:
    healthy, after = draw(Muscle(units=200)), draw(Muscle(units=200).reinnervated(0.6))
    before = sum(len(u.fibers) for u in healthy)
    assert sum(len(u.fibers) for u in after) == pytest.approx(before, rel=0.15)
    assert all(u.adopted > 0 for u in after)
    assert not any(u.adopted for u in healthy)
    # Their own fibers come to lie in groups.
    unit = after[len(after) // 2]
    place = np.stack([unit.fibers.x_mm, unit.fibers.depth_mm], axis=1)
    gap = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)) + 9 * np.eye(len(place))
    area = np.pi * (unit.territory_mm / 2) ** 2
    assert np.median(gap.min(axis=1)) < 0.85 * 0.5 / np.sqrt(len(place) / area)


# --- potentials at a needle ------------------------------------------------------------------------


@cache
def shapes(state: str) -> np.ndarray:
    """Amplitude in µV, duration in ms and phases of the units that a needle passes through."""
    muscle = {"healthy": SMALL, "reinnervated": SMALL.reinnervated(), "myopathic": SMALL.myopathic()}[state]
    rows = []
    for seed in range(2):
        made = simulate(
            muscle, ConcentricNeedle(depth_mm=7), duration_s=0.5, seed=seed, firings=[Firing(0, 0.1)],
            background=Background(noise_uv=0),
        )  # fmt: skip
        for unit in made.truth.units:
            wave = unit.template[0]
            beyond = np.flatnonzero(np.abs(wave) > VISIBLE_UV)
            if np.hypot(unit.x_mm, unit.depth_mm - 7) < unit.territory_mm / 2 and np.ptp(wave) > 50:
                signs = np.sign(wave[beyond])
                rows.append((np.ptp(wave), unit.times_ms[np.ptp(beyond)], 1 + np.sum(np.diff(signs) != 0)))
    return np.array(rows)


def test_healthy_needle_potentials_are_of_published_size_and_length() -> None:
    """Tibialis anterior: 662 µV, 9.35 ms, 3.47 phases, up to 40 % polyphasic (de Carvalho and Swash 2013)."""
    amplitude, duration, phases = shapes("healthy").T
    assert 200 < np.median(amplitude) < 2000
    assert 8 < duration.mean() < 14
    assert 2.5 < phases.mean() < 4.2
    assert np.mean(phases > 4) < 0.4


def test_reinnervation_makes_potentials_large_long_and_polyphasic() -> None:
    healthy, after = shapes("healthy").mean(axis=0), shapes("reinnervated").mean(axis=0)
    assert after[0] > 1.25 * healthy[0]
    assert after[1] > 1.25 * healthy[1]
    assert after[2] > healthy[2] + 1


def test_a_myopathy_makes_potentials_small_and_short() -> None:
    healthy, after = shapes("healthy").mean(axis=0), shapes("myopathic").mean(axis=0)
    assert after[0] < 0.6 * healthy[0]
    assert after[1] < 0.85 * healthy[1]


def variability(muscle: Muscle) -> float:
    """Median over units of the residual of single discharges over the size of their mean, a jiggle."""
    out = []
    n = len(draw(muscle, 0))
    for unit in range(n - 6, n):
        made = simulate(
            muscle, ConcentricNeedle(depth_mm=7), duration_s=3.0, seed=2,
            firings=[Firing(unit, 0.1 * k) for k in range(1, 29)], background=Background(noise_uv=0),
        )  # fmt: skip
        x = made.recording.read()[0]
        waves = np.array([x[(s := round(2000 * k)) : s + 500] for k in range(1, 29)])
        if np.ptp(waves.mean(axis=0)) > 50:
            out.append(waves.std(axis=0).mean() / np.abs(waves.mean(axis=0)).mean())
    return float(np.median(out))


def test_young_junctions_make_potentials_unstable() -> None:
    few = Muscle(units=10, width_mm=6, thickness_mm=10, mean_fibers=80)
    steady = variability(few)
    assert 0.0 < steady < 0.1
    assert variability(few.reinnervated(0.4, immaturity=0.8)) > 2.0 * steady


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Muscle(units=0), "units is 0.*from 1 to 2000"),
        (lambda: Muscle(units=2.5), "units is 2.5.*whole"),
        (lambda: Muscle(lost_units=1.0), "lost_units is 1.0.*0 to 0.8"),
        (lambda: Muscle().reinnervated(-0.1), "lost_units"),
        (lambda: Muscle(diameter_um=float("inf")), "diameter_um is inf.*µm"),
        (lambda: Tissue(fat_mm=-1), "fat_mm is -1.*0 to 40 mm"),
        (lambda: SurfaceGrid(spacing_mm=0.1), "spacing_mm"),
        (lambda: SurfaceGrid(rows=1, montage="single_differential"), "rows.*from 2 to 64"),
        (lambda: SurfaceGrid(montage="odd"), "montage is 'odd'"),
        (lambda: SurfaceBipolar(contact_radius_mm=30), "contact_radius_mm"),
        (lambda: ConcentricNeedle(depth_mm=0), "depth_mm"),
    ],
)
def test_impossible_muscles_and_electrodes_are_refused_in_words(make: object, says: str) -> None:
    with pytest.raises(PhysiologyError, match=says):
        make()
