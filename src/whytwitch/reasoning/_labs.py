"""Laboratory values as evidence: continuous, with the reference interval and the assay's spread.

A value is weighed against two descriptions of where it could come from: the reference population
(normal, its central 95 % between the limits) and people in whom the analyte is truly disturbed (an
exponential tail that starts at the limit). Their density ratio is the likelihood ratio of "low" (or
"high"). No value is trusted beyond ``CAP``: samples hemolyse, are mixed up, and intervals differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from whytwitch.case import LabResult
from whytwitch.knowledge import Analyte, Catalogue

CAP: Final = 300.0
"""Largest likelihood ratio one value may carry either way (expert estimate: about one laboratory
result in some hundreds is wrong before or after the analyzer; Plebani 2006, Clin Chem Lab Med
44:750, doi 10.1515/CCLM.2006.123)."""

TAIL: Final = 2.0
"""Mean distance of disturbed values beyond the limit, in reference standard deviations (expert
estimate)."""


@dataclass(frozen=True)
class LabEvidence:
    """What one result says of one finding."""

    finding: str
    ratio: float
    """P(value | finding present) / P(value | finding absent)."""
    severity: float
    """0 at the limit of the interval, 1 at the value where symptoms are usual."""
    result: LabResult


def weigh(result: LabResult, catalogue: Catalogue) -> list[LabEvidence]:
    """Return what a result says of the analyte's low and high findings."""
    analyte = catalogue.analytes[result.analyte]
    found: list[LabEvidence] = []
    for direction, finding in (("low", analyte.low_finding), ("high", analyte.high_finding)):
        if finding is None:
            continue
        if result.value_si is not None:
            ratio, severity = _ratio(result.value_si, direction, analyte, result)
        elif result.flag is not None:
            ratio, severity = (CAP, 0.5) if result.flag == direction else (1.0 / CAP, 0.0)
        else:
            continue
        found.append(LabEvidence(finding, ratio, severity, result))
    return found


def _ratio(value: float, direction: str, analyte: Analyte, result: LabResult) -> tuple[float, float]:
    """Likelihood ratio and severity of a value in one direction."""
    low = result.low if result.low is not None else analyte.low
    high = result.high if result.high is not None else analyte.high
    limit = low if direction == "low" else high
    if limit is None:
        return 1.0, 0.0
    other = high if direction == "low" else low
    half_range = abs(other - limit) / 2.0 if other is not None else abs(limit) * 0.4
    sd = math.hypot(half_range / 1.96, analyte.spread)
    sign = -1.0 if direction == "low" else 1.0
    # Beyond four SD nothing new is learned, and the tails' ratio is no longer to be trusted.
    beyond = min(sign * (value - limit) / sd, 4.0)
    normal = math.exp(-0.5 * (beyond + half_range / sd) ** 2) / math.sqrt(2.0 * math.pi)
    disturbed = _exponential_with_noise(beyond, analyte.spread / sd)
    ratio = disturbed / max(normal, 1e-12)
    severe = analyte.severe_low if direction == "low" else analyte.severe_high
    span = sign * (severe - limit) if severe is not None else 3.0 * sd
    severity = sign * (value - limit) / span if span > 0 else 0.0
    return min(max(ratio, 1.0 / CAP), CAP), max(severity, 0.0)


def _exponential_with_noise(beyond: float, noise: float) -> float:
    """Density, per reference SD, of an exponential tail blurred by the assay's own spread."""
    noise = max(noise, 0.05)
    rate = 1.0 / TAIL
    shift = beyond / noise - rate * noise
    tail = 0.5 * math.erfc(-shift / math.sqrt(2.0))
    exponent = min(-rate * beyond + 0.5 * (rate * noise) ** 2, 50.0)
    return rate * math.exp(exponent) * tail
