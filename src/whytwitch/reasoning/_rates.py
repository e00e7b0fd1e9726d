"""Where predicted rates come from: the emulator of the physiology, or whatever is put in its place."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal, Protocol, cast

if TYPE_CHECKING:
    from whytwitch.physiology.scenario import ChangedSystem

State = Literal["rests", "fires", "blocked"]
HOME: Final = "whytwitch.physiology.rate"


class Prediction(Protocol):
    """A rate, or a ratio of rates, as log10 with the ends of its 90 % interval."""

    @property
    def log10_hz(self) -> float: ...
    @property
    def low_log10_hz(self) -> float: ...
    @property
    def high_log10_hz(self) -> float: ...
    @property
    def state(self) -> str: ...
    @property
    def outside(self) -> tuple[str, ...]: ...


class Ratio(Protocol):
    """log10 of a ratio of two rates with the ends of its 90 % interval; what both are unsure of cancels."""

    @property
    def log10(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


class Rates(Protocol):
    """Predicts how often a changed muscle twitches."""

    def predict(self, system: ChangedSystem) -> Prediction: ...
    def ratio(self, changed: ChangedSystem, reference: ChangedSystem) -> Ratio: ...


@dataclass(frozen=True, slots=True)
class Span:
    """An estimate of a log10 with the ends of its interval."""

    log10: float
    low: float
    high: float

    def widened(self, variants: Iterable[float]) -> Span:
        """With what it would be under other sizes of what was assumed; independent, so squares add up."""
        below, above = self.log10 - self.low, self.high - self.log10
        for other in variants:
            below = math.hypot(below, max(0.0, self.log10 - other))
            above = math.hypot(above, max(0.0, other - self.log10))
        return Span(self.log10, self.log10 - below, self.log10 + above)


def shipped_rates() -> Rates:
    """The emulator that comes with the package; opened when it is first asked for."""
    return cast("Rates", import_module(HOME))


def is_usable(prediction: Prediction) -> bool:
    """Whether a prediction is a rate: the nerve rests between discharges, and the inputs are known ground."""
    return prediction.state == "rests" and not prediction.outside


def between(changed: ChangedSystem, reference: ChangedSystem, rates: Rates) -> Span:
    """The ratio of two rates, as log10."""
    found = rates.ratio(changed, reference)
    return Span(found.log10, found.low, found.high)
