"""What a muscle is made of: the tissue, the pool of motor units, and what disease did to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from whytwitch.physiology._errors import check_range
from whytwitch.physiology.muscle._counts import check_count

JITTER_MS: Final = 0.037 / 1.13 / 2**0.5
"""SD of one junction. Mean consecutive difference between two fibers of the healthy tibialis
anterior is 37 µs (de Carvalho and Swash 2013, J Neurol Neurosurg Psychiatry 84:963, their Table 1);
it is 1.13 SD (Ekstedt, Nilsson and Stålberg 1974), and two junctions take part."""


@dataclass(frozen=True)
class Tissue:
    """Layers over the muscle, which fills everything below them.

    Conductivities: Botelho, Curran and Lowery 2019 (doi 10.1371/journal.pcbi.1007267), their Table 1.
    Thickness of the skin: Brodar 1960 through the same line of models. Fat of 3 mm is a judgment.

    Raises:
        PhysiologyError: a value is out of range.
    """

    fat_mm: float = 3.0
    skin_mm: float = 1.29
    muscle_across_s_per_m: float = 0.09
    muscle_along_s_per_m: float = 0.40
    fat_s_per_m: float = 0.047
    skin_s_per_m: float = 4.88e-4

    def __post_init__(self) -> None:
        check_range("fat_mm", self.fat_mm, 0.0, 40.0, "mm")
        check_range("skin_mm", self.skin_mm, 0.0, 5.0, "mm")
        for name in ("muscle_across_s_per_m", "muscle_along_s_per_m", "fat_s_per_m", "skin_s_per_m"):
            check_range(name, getattr(self, name), 1e-5, 10.0, "S/m")


@dataclass(frozen=True)
class Muscle:
    """A muscle with parallel fibers under flat skin, healthy unless told otherwise.

    Attributes:
        muscle: id of the muscle in the catalogue; it labels the recording.
        units: motor units that are modeled (a human biceps has several hundred; 100 is what lies near).
        mean_fibers: fibers of a unit, mean. Biceps 209, tibialis anterior 329, deltoid 239 (Gath and
            Stålberg 1981, from volume conduction in situ; anatomical counts are higher).
        size_range: fibers of the largest unit over those of the smallest; sizes rise exponentially
            (Fuglevand, Winter and Patla 1993, doi 10.1152/jn.1993.70.6.2470). Twitch forces of human thenar
            units span 3 to 34 mN (Thomas et al. 1990), hence 11.
        territory_mm: diameter of the territory of a unit of mean size; 5 to 10 mm in human limb muscles
            (Buchthal, Erminio and Rosenfalck 1959). It grows with the fourth root of the fibers (judgment).
        width_mm, thickness_mm: of the region in which territories lie.
        fiber_length_mm: from tendon to tendon. ``tendon_scatter_mm``: SD of either end (judgment).
        zone_scatter_mm: SD of the end-plates of one unit along the fibers. ``zone_between_mm``: SD of the
            middle between units (judgments).
        diameter_um: of the fibers of a unit of mean size. ``diameter_cv``: within a unit. It and
            ``zone_scatter_mm`` were set so that healthy needle potentials have as many phases as published.
        lost_units: share of motor units that died and whose fibers the others took over, 0 to 0.8.
        immaturity: share of the fibers taken over whose new junctions are still unstable, 0 to 1.
        lost_fibers: share of the fibers of every unit that are gone, as in a myopathy, 0 to 0.95.
        jitter_ms: SD of the delay of a unit's own junctions.

    Raises:
        PhysiologyError: a value is out of range.
    """

    muscle: str = "biceps_brachii"
    units: int = 100
    mean_fibers: float = 209.0
    size_range: float = 11.0
    territory_mm: float = 7.0
    width_mm: float = 40.0
    thickness_mm: float = 22.0
    fiber_length_mm: float = 120.0
    tendon_scatter_mm: float = 5.0
    zone_scatter_mm: float = 1.5
    zone_between_mm: float = 5.0
    diameter_um: float = 55.0
    diameter_cv: float = 0.07
    lost_units: float = 0.0
    immaturity: float = 0.0
    lost_fibers: float = 0.0
    jitter_ms: float = JITTER_MS
    tissue: Tissue = field(default_factory=Tissue)

    def __post_init__(self) -> None:
        check_count("units", self.units, 1, 2000)
        check_range("mean_fibers", self.mean_fibers, 2, 2000)
        check_range("size_range", self.size_range, 1, 500)
        check_range("territory_mm", self.territory_mm, 0.5, 30, "mm")
        check_range("width_mm", self.width_mm, 1, 150, "mm")
        check_range("thickness_mm", self.thickness_mm, 2, 60, "mm")
        check_range("fiber_length_mm", self.fiber_length_mm, 30, 240, "mm")
        check_range("tendon_scatter_mm", self.tendon_scatter_mm, 0, 15, "mm")
        check_range("zone_scatter_mm", self.zone_scatter_mm, 0, 15, "mm")
        check_range("zone_between_mm", self.zone_between_mm, 0, 25, "mm")
        check_range("diameter_um", self.diameter_um, 15, 110, "µm")
        check_range("diameter_cv", self.diameter_cv, 0, 0.6)
        check_range("lost_units", self.lost_units, 0, 0.8)
        check_range("immaturity", self.immaturity, 0, 1)
        check_range("lost_fibers", self.lost_fibers, 0, 0.95)
        check_range("jitter_ms", self.jitter_ms, 0, 1, "ms")

    def reinnervated(self, lost_units: float = 0.6, immaturity: float = 0.3) -> Muscle:
        """The same muscle after a share of its motor units died and the others took over their fibers.

        Raises:
            PhysiologyError: a share is out of range.
        """
        return replace(self, lost_units=lost_units, immaturity=immaturity)

    def myopathic(self, lost_fibers: float = 0.6) -> Muscle:
        """The same muscle with fibers lost at random, and the rest thinner and of uneven size.

        Raises:
            PhysiologyError: the share is out of range.
        """
        return replace(self, lost_fibers=lost_fibers, diameter_um=0.8 * self.diameter_um, diameter_cv=0.25)
