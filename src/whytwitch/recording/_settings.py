"""What detection depends on, in one place: bands, windows and thresholds by kind of electrode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from whytwitch.recording._model import Electrode

MARGIN_S: Final = 0.25
"""Signal read beyond both ends of a block, so that filters have settled inside it."""


@dataclass(frozen=True)
class Settings:
    """Everything that a result depends on besides the recording.

    Attributes:
        electrode: surface or needle.
        low_hz, high_hz: band in which potentials are sought. Surface potentials have little beyond
            450 Hz and movement little beyond 20 Hz; needle potentials are short.
        work_rate_hz: least rate at which they are sought; faster recordings are thinned out.
        before_s, after_s: window of a potential around its largest deflection.
        smooth_s: length of the window over which energy is gathered.
        apart_s: two peaks of energy closer than this are one potential until templates tell more.
        components: most spatial components that are kept.
        candidate_sigma: height above the noise at which a peak becomes a candidate.
        match_sigma: height above the noise at which a template matches.
        alone_sigma: height above the noise at which a potential that is like no other counts.
        least_amplitude, most_amplitude: size of a discharge relative to its unit's template.
    """

    electrode: Electrode
    low_hz: float
    high_hz: float
    work_rate_hz: float
    before_s: float
    after_s: float
    smooth_s: float
    apart_s: float
    components: int = 24
    candidate_sigma: float = 3.7
    match_sigma: float = 5.5
    alone_sigma: float = 9.0
    least_amplitude: float = 0.6
    most_amplitude: float = 1.6
    seed: int = 0


SURFACE: Final = Settings(
    electrode="surface", low_hz=20.0, high_hz=450.0, work_rate_hz=2000.0,
    before_s=0.020, after_s=0.030, smooth_s=0.012, apart_s=0.015,
)  # fmt: skip

NEEDLE: Final = Settings(
    electrode="needle", low_hz=60.0, high_hz=3000.0, work_rate_hz=8000.0,
    before_s=0.008, after_s=0.020, smooth_s=0.002, apart_s=0.005,
)  # fmt: skip

BY_ELECTRODE: Final[dict[Electrode, Settings]] = {"surface": SURFACE, "needle": NEEDLE}

__all__ = ["BY_ELECTRODE", "MARGIN_S", "NEEDLE", "SURFACE", "Settings"]
