"""Draw the motor units of a muscle: sizes, territories, fibers, terminal branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.muscle._muscle import Muscle

Floats = NDArray[np.float64]

VELOCITY_M_PER_S: Final = (0.95, 0.05)
"""Conduction velocity from diameter in µm, healthy human fibers: 0.95 + 0.05 d (Blijham et al. 2006,
doi 10.1152/japplphysiol.01009.2005, who quote it from the literature)."""

SIZE_ON_DIAMETER: Final = 0.10
"""Largest units have fibers this much thicker than mean, smallest thinner. Velocity rises with the size of
human units (Andreassen and Arendt-Nielsen 1987, doi 10.1113/jphysiol.1987.sp016756: 2.6 to 5.3 m/s, mean
3.7, correlation with twitch torque 0.87); the slope is a judgment."""

DIAMETER_BETWEEN: Final = 0.08
"""SD between units of like size, as a share (judgment, for the range above)."""

BRANCHES: Final = 5
BRANCH_MS: Final = (0.0, 0.5)
TWIG_MS: Final = 0.10
"""Terminal branches of a unit, time along them, SD within one (judgments)."""

SPROUTS: Final = 4
SPROUT_MS: Final = 1.6
SPROUT_JITTER_MS: Final = (0.035, 0.10)
SPROUT_BLOCK: Final = 0.15
SPROUT_NEAR_MM: Final = 0.18
SPROUT_DIAMETER_CV: Final = 0.22
"""Fibers taken over: groups that share a sprout, mean delay added, SD of mature and immature
junctions, chance that an immature sprout fails, how near the unit's own fibers they lie, unevenness of size
(judgments)."""


@dataclass(frozen=True)
class Fibers:
    """The fibers of one unit; all arrays are (n_fibers,).

    Attributes:
        x_mm, depth_mm: across the muscle and below its surface.
        zone_mm: the end-plate, along the fiber. ``down_mm``, ``up_mm``: the two ends.
        diameter_um, velocity_m_per_s: of the fiber.
        branch: which terminal branch it hangs on; those from ``BRANCHES`` on are sprouts.
        twig_ms: delay beyond its branch.
        jitter_ms: SD of its own junction.
    """

    x_mm: Floats
    depth_mm: Floats
    zone_mm: Floats
    down_mm: Floats
    up_mm: Floats
    diameter_um: Floats
    velocity_m_per_s: Floats
    branch: NDArray[np.int64]
    twig_ms: Floats
    jitter_ms: Floats

    def __len__(self) -> int:
        """Number of fibers."""
        return len(self.x_mm)


@dataclass(frozen=True)
class UnitPlan:
    """One motor unit before any electrode sees it.

    Attributes:
        path_ms: (n_branches,) from the trunk to the end of each branch.
        block: (n_branches,) chance that an impulse fails in the branch.
        origin_branch: where impulses of distal origin begin.
        adopted: fibers taken over from units that died.
    """

    x_mm: float
    depth_mm: float
    zone_mm: float
    territory_mm: float
    size_rank: float
    adopted: int
    fibers: Fibers
    path_ms: Floats
    block: Floats
    origin_branch: int


def draw_units(muscle: Muscle, rng: np.random.Generator) -> tuple[UnitPlan, ...]:
    """The surviving motor units of a muscle, smallest first."""
    n = muscle.units
    rank = np.linspace(0.0, 1.0, n) if n > 1 else np.array([0.5])
    raw = muscle.size_range ** (rank - 0.5)
    healthy = np.maximum(2, np.rint(muscle.mean_fibers * raw / raw.mean())).astype(int)
    lost = rng.permutation(n) < round(muscle.lost_units * n)
    lost[rng.integers(n)] &= not lost.all()
    return tuple(_draw_unit(muscle, rng, float(rank[k]), int(healthy[k])) for k in np.flatnonzero(~lost))


def _draw_unit(muscle: Muscle, rng: np.random.Generator, rank: float, n_healthy: int) -> UnitPlan:
    territory = muscle.territory_mm * (n_healthy / muscle.mean_fibers) ** 0.25
    x = rng.uniform(-0.5, 0.5) * muscle.width_mm
    depth = rng.uniform(0.3 * territory, max(muscle.thickness_mm, 0.6 * territory))
    zone = rng.normal(0.0, muscle.zone_between_mm)
    diameter = muscle.diameter_um * (1 + SIZE_ON_DIAMETER * (2 * rank - 1)) * rng.normal(1, DIAMETER_BETWEEN)
    own = _place(rng, n_healthy, (x, depth, 0.5 * territory))
    own = own[rng.random(len(own)) >= muscle.lost_fibers] if muscle.lost_fibers else own
    own = own if len(own) else _place(rng, 1, (x, depth, 0.5 * territory))
    # Every lost unit leaves its fibers to the others, in equal shares of their size.
    n_adopted = round(len(own) * muscle.lost_units / (1 - muscle.lost_units))
    near = own[rng.integers(len(own), size=n_adopted)] + rng.normal(0, SPROUT_NEAR_MM, (n_adopted, 2))
    places = np.concatenate([own, near])
    places[:, 1] = np.abs(places[:, 1] - 0.05) + 0.05
    fresh = np.arange(len(places)) >= len(own)
    # Sprouts are groups of adopted fibers, of which the first ones are immature.
    groups = SPROUTS if n_adopted else 0
    immature = np.arange(groups) < round(muscle.immaturity * groups)
    branch = np.where(
        fresh, BRANCHES + rng.integers(max(groups, 1), size=len(places)), _sectors(places, x, depth)
    )
    path = np.concatenate([rng.uniform(*BRANCH_MS, BRANCHES), rng.exponential(SPROUT_MS, groups)])
    shaky = np.concatenate([np.full(BRANCHES, muscle.jitter_ms), np.where(immature, *SPROUT_JITTER_MS[::-1])])
    block = np.concatenate([np.zeros(BRANCHES), SPROUT_BLOCK * immature.astype(float)])
    fibers = _fibers(muscle, rng, places, zone, diameter, fresh, branch, shaky)
    origin = int(fibers.branch[rng.integers(len(own))])
    return UnitPlan(x, depth, zone, territory, rank, n_adopted, fibers, path, block, origin)


def _place(rng: np.random.Generator, n: int, disc: tuple[float, float, float]) -> Floats:
    """Fibers anywhere in a disc, but not above the muscle: (n, 2)."""
    x, depth, radius = disc
    out = np.zeros((0, 2))
    while len(out) < n:
        spot = rng.uniform(-radius, radius, (2 * n + 8, 2))
        spot = spot[np.hypot(*spot.T) <= radius] + [x, depth]
        out = np.concatenate([out, spot[spot[:, 1] > 0.05]])
    return out[:n]


def _sectors(places: Floats, x: float, depth: float) -> NDArray[np.int64]:
    """A branch serves a sector of the territory."""
    angle = np.arctan2(places[:, 1] - depth, places[:, 0] - x)
    return np.minimum(((angle + np.pi) / (2 * np.pi) * BRANCHES).astype(int), BRANCHES - 1)


def _fibers(
    muscle: Muscle, rng: np.random.Generator, places: Floats, zone: float, diameter: float,
    fresh: NDArray[np.bool_], branch: NDArray[np.int64], shaky: Floats,
) -> Fibers:  # fmt: skip
    n, half = len(places), 0.5 * muscle.fiber_length_mm
    spread = np.where(fresh, max(SPROUT_DIAMETER_CV, muscle.diameter_cv), muscle.diameter_cv)
    thick = np.clip(diameter * (1 + spread * rng.normal(size=n)), 12.0, 130.0)
    down = -half + muscle.tendon_scatter_mm * np.clip(rng.normal(size=n), -2.5, 2.5)
    up = half + muscle.tendon_scatter_mm * np.clip(rng.normal(size=n), -2.5, 2.5)
    plate = np.clip(zone + muscle.zone_scatter_mm * rng.normal(size=n), down + 5.0, up - 5.0)
    return Fibers(
        x_mm=places[:, 0], depth_mm=places[:, 1], zone_mm=plate, down_mm=down, up_mm=up, diameter_um=thick,
        velocity_m_per_s=VELOCITY_M_PER_S[0] + VELOCITY_M_PER_S[1] * thick, branch=branch,
        twig_ms=np.abs(rng.normal(0, TWIG_MS, n)), jitter_ms=shaky[branch],
    )  # fmt: skip
