"""The two conductors against closed forms and brute force."""

from __future__ import annotations

import numpy as np
import pytest

from whytwitch.physiology.muscle import ConcentricNeedle, MonopolarNeedle, Muscle, SurfaceGrid, Tissue
from whytwitch.physiology.muscle._electrodes import layout_of
from whytwitch.physiology.muscle._needle import needle_potentials, point_slope
from whytwitch.physiology.muscle._skin import STEP_MM, patch_of, skin_potential, skin_table
from whytwitch.physiology.muscle._units import Fibers, draw_units

ACROSS, ALONG = 0.09e-3, 0.40e-3
BARE = Tissue(fat_mm=0.0, skin_mm=0.0)


def one_fiber(depth: float = 5.0, x: float = 0.0, zone: float = 0.0, diameter: float = 60.0) -> Fibers:
    def put(value: float) -> np.ndarray:
        return np.array([value])

    return Fibers(put(x), put(depth), put(zone), put(-40.0), put(50.0), put(diameter),
                  put(0.95 + 0.05 * diameter), np.array([0]), put(0.0), put(0.0))  # fmt: skip


def by_brute_force(
    fiber: Fibers, place: tuple[float, float, float], t_ms: np.ndarray, factor: float
) -> np.ndarray:
    """µV: membrane current as the second difference of the inside potential on 0.04 mm, times 1/distance."""
    x, depth, z_contact = place
    step = 0.04
    z = np.arange(fiber.down_mm[0] + step / 2, fiber.up_mm[0], step)
    way = fiber.velocity_m_per_s[0] * t_ms[:, None] - np.abs(z - fiber.zone_mm[0])
    w = np.clip(2.0 * way, 0.0, None)
    inside = 96.0 * w**3 * np.exp(-w)
    axial = np.diff(inside, axis=1) / step  # no current beyond either end
    membrane = np.diff(np.pad(axial, ((0, 0), (1, 1))), axis=1)
    core = 1.01e-3 * np.pi * (0.5e-3 * fiber.diameter_um[0]) ** 2
    rho = np.hypot(fiber.x_mm[0] - x, fiber.depth_mm[0] - depth)
    seen = factor / (4 * np.pi * ACROSS * np.sqrt(ALONG / ACROSS * rho**2 + (z_contact - z) ** 2))
    return 1000.0 * core * membrane @ seen


@pytest.mark.parametrize(("depth", "worst"), [(2.5, 0.003), (5.5, 0.003), (10.5, 0.005), (19.5, 0.012)])
@pytest.mark.parametrize("across", [0.0, 10.0])
def test_without_fat_and_skin_it_is_a_half_space(depth: float, worst: float, across: float) -> None:
    table = skin_table(BARE, 0.0, 20.0)
    row = int(np.argmin(np.abs(table.depths_mm - depth)))
    found = table.slope[row, round(across / STEP_MM)][: round(100 / STEP_MM)]
    z = np.arange(len(found)) * STEP_MM
    true = np.array([2 * point_slope(float(np.hypot(across, depth)), float(at), ACROSS, ALONG) for at in z])
    assert np.abs(found - true).max() <= worst * np.abs(true).max()


def test_a_layer_like_the_muscle_is_only_more_depth() -> None:
    even = {
        "muscle_across_s_per_m": 0.2,
        "muscle_along_s_per_m": 0.2,
        "fat_s_per_m": 0.2,
        "skin_s_per_m": 0.2,
    }
    layered = skin_table(Tissue(fat_mm=2.0, skin_mm=1.0, **even), 0.0, 12.0)
    plain = skin_table(Tissue(fat_mm=0.0, skin_mm=0.0, **even), 0.0, 12.0)
    np.testing.assert_allclose(layered.slope[4], plain.slope[7], atol=1e-4 * np.abs(plain.slope[7]).max())


@pytest.mark.parametrize("place", [(0.4, 5.4, 20.0), (1.5, 4.0, -15.0), (0.0, 6.5, 0.0), (0.6, 5.2, 60.0)])
def test_a_fiber_at_a_needle_equals_brute_force(place: tuple[float, float, float]) -> None:
    """Propagation, the end-plate at 0, and a contact beyond the tendon at 50 mm."""
    fiber = one_fiber()
    layout = layout_of(MonopolarNeedle(x_mm=place[0], depth_mm=place[1], z_mm=place[2]))
    true = np.mean([by_brute_force(fiber, tuple(spot), np.arange(900) / 40.0, 1.0)
                    for spot in layout.contacts_mm], axis=0)  # fmt: skip
    found = needle_potentials(BARE, layout, fiber, 900, 40_000.0)[0]
    assert np.abs(found - true).max() <= 0.03 * np.abs(true).max()


@pytest.mark.parametrize("depth", [3.5, 6.0, 9.2])
@pytest.mark.parametrize("z", [-20.0, 0.0, 31.0, 60.0])
def test_a_fiber_under_the_skin_equals_brute_force(depth: float, z: float) -> None:
    """Depths between the table's nodes and places between its cells, too; no fat is the hardest case."""
    fiber = one_fiber(depth, x=0.4, zone=2.3)
    layout = layout_of(SurfaceGrid(1, 1, z_mm=z, contact_radius_mm=0.1))
    table = skin_table(BARE, 0.0, 20.0)
    found = skin_potential(table, patch_of(table, layout, fiber), fiber, np.ones(1, bool), fiber.twig_ms, 160,
                           4096.0)[0]  # fmt: skip
    true = by_brute_force(fiber, (0.0, 0.0, z), np.arange(160) / 4.096, 2.0)
    assert np.abs(found - true).max() <= (0.05 if depth < 4 else 0.03) * np.abs(true).max()


def test_more_depth_or_more_fat_is_less_potential() -> None:
    layout = layout_of(SurfaceGrid(1, 1, z_mm=20.0))
    heights = []
    for fat in (1.0, 3.0, 8.0):
        table = skin_table(Tissue(fat_mm=fat), 1.5, 20.0)
        for depth in (1.7, 4.0, 9.6, 18.0):
            fiber = one_fiber(depth)
            patch = patch_of(table, layout, fiber)
            seen = skin_potential(table, patch, fiber, np.ones(1, bool), fiber.twig_ms, 128, 4096.0)
            heights.append(float(np.ptp(seen)))
    steps = np.reshape(heights, (3, 4))
    assert (np.diff(steps, axis=0) < 0).all()
    assert (np.diff(steps, axis=1) < 0).all()


def test_a_table_of_cells_serves_a_whole_unit() -> None:
    """The sum over a unit's fibers equals its fibers one by one."""
    unit = draw_units(Muscle(units=1, mean_fibers=12, size_range=1), np.random.default_rng(1))[0]
    layout = layout_of(SurfaceGrid(4, 3))
    table = skin_table(Tissue(), 1.5, 20.0)
    patch = patch_of(table, layout, unit.fibers)
    whole = skin_potential(table, patch, unit.fibers, np.ones(12, bool), unit.fibers.twig_ms, 200, 4096.0)
    single = sum(
        skin_potential(table, patch, unit.fibers, np.arange(12) == k, unit.fibers.twig_ms, 200, 4096.0)
        for k in range(12)
    )
    np.testing.assert_allclose(whole, single, atol=1e-4 * np.ptp(whole))


def test_the_cannula_takes_away_what_both_see() -> None:
    """Far fibers are alike at core and cannula; near ones are not."""
    fibers = {distance: one_fiber(depth=10.0, x=distance) for distance in (0.3, 12.0)}
    share = {
        distance: np.ptp(needle_potentials(BARE, layout_of(ConcentricNeedle()), fiber, 1200, 40_000.0))
        / np.ptp(needle_potentials(BARE, layout_of(MonopolarNeedle()), fiber, 1200, 40_000.0))
        for distance, fiber in fibers.items()
    }
    assert share[12.0] < 0.5 < 0.8 < share[0.3]
