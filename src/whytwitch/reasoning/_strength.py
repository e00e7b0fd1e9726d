"""How strongly a measured disturbance explains twitching: by rule of thumb, or by the simulated nerve.

The rule of thumb is a curve over severity. The simulated nerve says how many times as often as a normal one
a muscle would twitch at the value, the rest being normal. That ratio stands in the curve's place, within the
same bounds, where the action of the value on nerve is graded and the model agrees that it makes a muscle
twitch more often. Where the model says less often, as for low potassium, the curve stays: it was judged with
people in view, who come with weakness and cramps beside a twitch, and the model knows one membrane.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from whytwitch.case import Case
from whytwitch.knowledge import Catalogue

if TYPE_CHECKING:
    from whytwitch.reasoning._rates import Rates

SIMULATED: Final = False
"""Whether the simulated nerve stands in for the curve; docs/what-if.md has what it does to accuracy."""

LEAST: Final = 0.3
"""Factor at the limit of the reference interval: such values are met in many people (expert estimate)."""
MOST: Final = 30.0
"""Largest factor that a disturbance carries by its size (expert estimate)."""
AGREED_LOG10: Final = 0.0
"""log10 of the ratio of rates up to which the rule of thumb stays: the model sees no more twitches there."""
STEEPNESS: Final = 3.5
"""Growth of the factor's logarithm from the limit to where symptoms are usual: to 10 (expert estimate)."""


def by_severity(severity: float) -> float:
    """Log factor by rule of thumb: 0.3 at the limit, 10 where symptoms are usual, at most 30."""
    return min(math.log(LEAST) + STEEPNESS * severity, math.log(MOST))


def by_rate(log10_ratio: float) -> float:
    """Log factor by the nerve: the ratio of rates itself, within the bounds of the rule of thumb.

    Twitches that come ten times as often are seen ten times as often, as long as they are rare. No number
    was fitted.
    """
    return min(max(log10_ratio * math.log(10.0), math.log(LEAST)), math.log(MOST))


def simulated_strengths(case: Case, catalogue: Catalogue, rates: Rates | None = None) -> Mapping[str, float]:
    """Finding (``low_calcium``, …) -> log factor by the simulated nerve, where it has a say.

    Args:
        case: with measured values; without any, nothing of the physiology is imported.
        catalogue: its analytes.
        rates: predicts rates. Default: the emulator of the package.
    """
    if not any(lab.value_si is not None for lab in case.labs):
        return {}
    from whytwitch.reasoning._factors import QUANTITIES, factors_of, system_of
    from whytwitch.reasoning._rates import between, is_usable, shipped_rates

    found: dict[str, float] = {}
    for factor in factors_of(case, catalogue):
        if factor.value is None or factor.normal is None or factor.id not in QUANTITIES:
            continue
        analyte = catalogue.analytes[QUANTITIES[factor.id][-1]]
        finding = analyte.low_finding if factor.value < factor.normal else analyte.high_finding
        if finding is None:
            continue
        rates = rates or shipped_rates()
        system = system_of((factor,))
        prediction = rates.predict(system)
        if prediction.state == "fires" and not prediction.outside:
            found[finding] = math.log(MOST)
        elif is_usable(prediction) and (ratio := between(system, system_of(()), rates).log10) > AGREED_LOG10:
            found[finding] = by_rate(ratio)
    return found


__all__ = ["SIMULATED", "by_rate", "by_severity", "simulated_strengths"]
