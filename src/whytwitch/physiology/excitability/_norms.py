"""What is normal: the median nerve at the wrist of 280 healthy people.

From the individual records of github.com/stellentus/nerve-norms (J. Bell, MIT licence, commit ee9edd0):
Canada 148, Japan 87, Portugal 45, aged 40 ± 16, skin at 32.8 ± 0.9 °C, recorded from abductor pollicis
brevis. Points marked there as imputed are left out. The statistics are our own, and are not corrected for
age, sex or temperature. Another nerve, or another muscle, has other norms.

Most quantities are near enough to normal (Gaussian) for mean and standard deviation. Stimulus currents and
the size of the response are not, and are taken on a logarithmic scale; refractoriness has a heavy tail from a
few records that cannot be right, and is taken by median and scaled median absolute deviation.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast, get_args, overload

import numpy as np

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.excitability._curves import Curves, Floats

Cohort = Literal["all", "canada_portugal"]
"""``canada_portugal`` is the 193 people whose records name the protocol (TRONDNF) and the site."""

Scale = Literal["linear", "robust", "log"]

SIGMAS: Final = 1.96
"""A normal range holds the middle 95 %."""


@dataclass(frozen=True, slots=True)
class Normal:
    """How one quantity spreads in healthy people.

    Args:
        scale: ``linear``: center and spread are mean and standard deviation; ``robust``: median and 1.4826
            times the median absolute deviation; ``log``: geometric mean, and the standard deviation of the
            natural logarithm.
        count: people measured.
        center: in the unit of the quantity.
        spread: in the unit of the quantity, without one on a logarithmic scale; 0 where it cannot vary.
        mean: in the unit of the quantity, as are the next two.
        sd: standard deviation.
        median: middle value.
    """

    scale: Scale
    count: int
    center: float
    spread: float
    mean: float
    sd: float
    median: float

    def z(self, value: float) -> float | None:
        """How many spreads the value lies above the center; None where there is no scale for it."""
        if self.spread <= 0 or (self.scale == "log" and value <= 0):
            return None
        if self.scale == "log":
            return math.log(value / self.center) / self.spread
        return (value - self.center) / self.spread

    @property
    def limits(self) -> tuple[float, float]:
        """The lower and the upper end of the normal range."""
        reach = SIGMAS * self.spread
        if self.scale == "log":
            return self.center * math.exp(-reach), self.center * math.exp(reach)
        return self.center - reach, self.center + reach


def normal_indices(cohort: Cohort = "all") -> Mapping[str, Normal]:
    """The normal values of the indices, by their names in ``UNITS``.

    Raises:
        PhysiologyError: there is no such cohort.
    """
    return _indices(_known(cohort))


def normal_curves(cohort: Cohort = "all") -> Mapping[str, Mapping[float, Normal]]:
    """The normal values of the traces, by name and by x at ``STANDARD_DELAYS``.

    ``SR`` is turned about, as one stimulus evokes anything from nothing to all in different people: x is the
    response in % of the largest, the value the stimulus in mA that evokes it (Canada and Portugal only).

    Raises:
        PhysiologyError: there is no such cohort.
    """
    return _curves(_known(cohort))


def normal_mean_curves(cohort: Cohort = "all") -> Curves:
    """The mean of each trace but ``SR``, as if it were one nerve (which no single nerve need resemble).

    Raises:
        PhysiologyError: there is no such cohort.
    """
    return Curves(
        {
            name: (np.array(list(points)), np.array([normal.mean for normal in points.values()]))
            for name, points in normal_curves(cohort).items()
            if name != "SR"
        }
    )


@overload
def z_scores(found: Curves, cohort: Cohort = "all") -> dict[str, tuple[Floats, Floats]]: ...
@overload
def z_scores(found: Mapping[str, float], cohort: Cohort = "all") -> dict[str, float]: ...
def z_scores(
    found: Curves | Mapping[str, float], cohort: Cohort = "all"
) -> dict[str, tuple[Floats, Floats]] | dict[str, float]:
    """How far from normal, in standard deviations (or what stands for them, see ``Normal``).

    Args:
        found: indices by name, or curves.
        cohort: whom to compare with.

    Returns:
        Of indices, a score by name; one without normal values is absent. Of curves, a pair of arrays
        (x, score) by trace, at those of its points where the norm was measured; ``SR`` is not scored.

    Raises:
        PhysiologyError: there is no such cohort.
    """
    if isinstance(found, Curves):
        known = normal_curves(cohort)
        scored = {name: _scored(found[name], known[name]) for name in found if name in known and name != "SR"}
        return {name: pair for name, pair in scored.items() if pair[0].size}
    norms = normal_indices(cohort)
    scores = {name: norms[name].z(value) for name, value in found.items() if name in norms}
    return {name: z for name, z in scores.items() if z is not None}


def _scored(trace: tuple[Floats, Floats], known: Mapping[float, Normal]) -> tuple[Floats, Floats]:
    pairs = [
        (x, z)
        for x, y in zip(*(row.tolist() for row in trace), strict=True)
        if (normal := known.get(round(x, 6))) is not None and (z := normal.z(y)) is not None
    ]
    return np.array([x for x, _ in pairs]), np.array([z for _, z in pairs])


def _known(cohort: Cohort) -> Cohort:
    if cohort not in get_args(Cohort):
        raise PhysiologyError(f"cohort is {cohort!r}: there are {', '.join(get_args(Cohort))}")
    return cohort


@cache
def _indices(cohort: Cohort) -> dict[str, Normal]:
    return {row["index"]: _normal(row) for row in _rows("normal_indices.csv") if row["cohort"] == cohort}


@cache
def _curves(cohort: Cohort) -> dict[str, dict[float, Normal]]:
    found: dict[str, dict[float, Normal]] = {}
    for row in _rows("normal_curves.csv"):
        if row["cohort"] == cohort:
            found.setdefault(row["trace"], {})[float(row["x"])] = _normal(row)
    return found


def _rows(name: str) -> list[dict[str, str]]:
    text = files("whytwitch.physiology.excitability").joinpath(f"data/{name}").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _normal(row: dict[str, str]) -> Normal:
    numbers = (float(row[key]) for key in ("center", "spread", "mean", "sd", "median"))
    return Normal(cast(Scale, row["scale"]), int(row["n"]), *numbers)
