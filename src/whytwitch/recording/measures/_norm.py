"""The rate against what is published for healthy people in the same muscle."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.knowledge import Catalogue, HealthyRate
from whytwitch.recording._signature import Estimate, Norm
from whytwitch.recording._twitches import Source, Twitches
from whytwitch.recording.measures._estimates import per_minute


def norm_of(
    twitches: Twitches, counted: NDArray[np.intp], clean_s: float, catalogue: Catalogue
) -> Norm | None:
    """Compare the rate; None where nothing is published for the muscle."""
    muscle = catalogue.muscle(twitches.source.muscle)
    known = catalogue.recording.healthy.get(muscle.id) if muscle is not None else None
    if known is None:
        return None
    counted_alike = counted
    if known.smallest_uv is not None and twitches.source.calibrated:
        counted_alike = counted[twitches.events.amplitude[counted] >= known.smallest_uv]
    return Norm(
        muscle=known.id,
        healthy=known.text,
        highest_per_min=known.highest_per_min,
        verdict=_verdict(per_minute(len(counted_alike), clean_s), known, twitches.source),
        source=", ".join(catalogue.sources[s].citation for s in known.sources),
    )


def _verdict(
    rate: Estimate, known: HealthyRate, source: Source
) -> Literal["within", "above", "uncertain", "unknown"]:
    limit = known.highest_per_min
    if limit is None or rate.low is None or rate.high is None or source.electrode != known.electrode:
        return "unknown"
    if rate.high <= limit:
        return "within"
    # Without calibration, small potentials that the study did not count cannot be told apart.
    comparable = known.smallest_uv is None or source.calibrated
    return "above" if rate.low > limit and comparable else "uncertain"
