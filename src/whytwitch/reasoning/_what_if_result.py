"""What a what-if answers, as it crosses the door."""

from __future__ import annotations

from typing import Literal

from whytwitch.case import Case
from whytwitch.knowledge import ScenarioGrade, Verdict
from whytwitch.reasoning._assessment import Model, UrgencyVerdict

WHAT_IF_VERSION = "1"


class Estimate(Model):
    """A ratio of two rates with the ends of its 90 % interval, as log10 and as such."""

    log10: float
    low_log10: float
    high_log10: float
    ratio: float
    low: float
    high: float


class Outlook(Model):
    """What the model says of one state of the nerve.

    ``over_normal`` is None unless the nerve rests between discharges and all inputs are known ground.
    """

    state: Literal["rests", "fires", "blocked"]
    outside: tuple[str, ...] = ()
    """Inputs beyond what the model was taught."""
    over_normal: Estimate | None = None


class FactorOut(Model):
    """One thing about the person that moves the number."""

    id: str
    name: str
    """In the catalogue's words; of a quantity, its own name."""
    kind: Literal["value", "disease"]
    grade: ScenarioGrade
    value: float | None = None
    after: float | None = None
    """The value after the changes; None where it is the same or there is none."""
    unit: str = ""
    normal: float | None = None
    off: bool = False
    """The value of today lies outside the reference interval."""
    estimated: bool = False
    """The value, or the size of the disease, was not measured as such."""
    drugs: tuple[str, ...] = ()
    """Drugs taken that are known to push the value this way; their share of it is not known."""


class Share(Model):
    """How much of today's excess, log10 of the rate over normal, falls to one factor (Shapley)."""

    factor: str
    log10: float
    low_log10: float
    high_log10: float
    times: float
    """The factor by which it multiplies the rate: 10 to the power of the share."""


class Curve(Model):
    """The rate over normal along one quantity, everything else as it is today."""

    factor: str
    unit: str
    at: tuple[float, ...]
    log10: tuple[float | None, ...]
    """None where the nerve would fire by itself or be blocked, or beyond what the model was taught."""
    low_log10: tuple[float | None, ...]
    high_log10: tuple[float | None, ...]
    person: float | None = None
    """The person's own value today; None where it was not measured."""
    after: float | None = None
    normal: float


class Unknown(Model):
    """A cause in the story of which no size is known: it moves no number."""

    cause: str
    name: str
    asked: bool
    """Whether a change of it was asked for."""
    plain: str
    precise: str
    verdict: Verdict
    evidence: str
    """Grade of that verdict, A to E."""
    through: tuple[str, ...] = ()
    """Quantities through which it is thought to act."""
    drugs: tuple[str, ...] = ()


class Anchor(Model):
    """A measured rate, and what it would be after the changes; discharges a minute, 90 % intervals."""

    source: Literal["stated", "recording"]
    per_min: float
    low_per_min: float | None = None
    high_per_min: float | None = None
    after_per_min: float | None = None
    after_low_per_min: float | None = None
    after_high_per_min: float | None = None


class WhatIf(Model):
    """The predicted rate of a person's muscle beside a normal one, and beside itself after some changes."""

    schema_version: str = WHAT_IF_VERSION
    catalogue_version: str
    today: Outlook | None
    """None if nothing in the case, nor in the changes, can be simulated."""
    after: Outlook | None
    """None if nothing that moves the number is changed."""
    change: Estimate | None
    """The rate after over the rate today."""
    grade: ScenarioGrade | None
    """The weakest among the factors."""
    factors: tuple[FactorOut, ...]
    shares: tuple[Share, ...]
    """Empty where there is nothing to share, or where it cannot be shared: see ``unshared``."""
    unshared: tuple[str, ...] = ()
    """Factors that, without the others, take the nerve where no rate is defined."""
    curves: tuple[Curve, ...]
    unknown: tuple[Unknown, ...]
    unmeasured: tuple[str, ...]
    """Quantities that were said to be out of range without a number."""
    anchor: Anchor | None
    urgency: UrgencyVerdict
    asked: tuple[str, ...]
    """The changes, in words."""
    case: Case
