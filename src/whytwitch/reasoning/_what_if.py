"""What would change how often a person's muscle twitches, as far as the model of the nerve knows.

Two cases, today's and that after the changes, become two motor units; the emulator predicts the rate of each.
Ratios are the answer, since nobody knows how often the muscle of one healthy person twitches.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

import numpy as np

from whytwitch.case import Case, CaseError, read_text
from whytwitch.knowledge import Catalogue, ScenarioGrade, Setting, load
from whytwitch.physiology.scenario import ChangedSystem, Operation
from whytwitch.reasoning._assessment import UrgencyVerdict
from whytwitch.reasoning._changes import (
    MOST_A_MINUTE,
    QUANTITIES,
    Changes,
    changed,
    quantity_named,
    stopped,
)
from whytwitch.reasoning._explain import rank
from whytwitch.reasoning._factors import (
    QUANTITY,
    Factor,
    Suspect,
    factors_of,
    measured,
    suspects_of,
    system_of,
    through,
    to_fluid,
    unmeasured,
)
from whytwitch.reasoning._rates import Rates, Span, State, between, is_usable, shipped_rates
from whytwitch.reasoning._shapley import shapley
from whytwitch.reasoning._what_if_result import (
    Anchor,
    Curve,
    Estimate,
    FactorOut,
    Outlook,
    Share,
    Unknown,
    WhatIf,
)

if TYPE_CHECKING:
    from whytwitch.knowledge import Cause

NORMAL: Final = ChangedSystem()
POINTS: Final = 25
"""Of a curve."""
NO_FEVER_C: Final = (35.0, 38.0)
"""Body temperatures that call for no care of their own: outside are hypothermia and fever."""
Z90: Final = 1.645
LARGEST_LOG10: Final = 300.0
"""Beyond, a ratio no longer fits a number."""
ORDER: Final[tuple[ScenarioGrade, ...]] = ("hypothesis", "modelled", "measured")


def what_if(
    case: Case | str,
    changes: Changes | None = None,
    *,
    per_min: float | None = None,
    setting: Setting | None = None,
    catalogue: Catalogue | None = None,
    rates: Rates | None = None,
    brief: bool = False,
    urgency: UrgencyVerdict | None = None,
) -> WhatIf:
    """Predict how often a person's muscle twitches beside a normal one, and what some changes would do to it.

    It is a calculation on a model of the nerve and no advice: nothing in it says that a drug should be
    stopped or a salt be taken. Only mechanisms that were measured, or inferred from measurements, move
    the number; the rest of the story is listed as not known.

    Args:
        case: what is known of the person, or their own words.
        changes: what shall be different; nothing unless given.
        per_min: twitches a minute that were counted; a recording in the case serves otherwise.
        setting: where the question is asked. Default: the case's own.
        catalogue: the knowledge. Default: the shipped one.
        rates: predicts rates. Default: the emulator of ``whytwitch.physiology.rate``.
        brief: the ratios alone, without shares and curves: a twentieth of the time.
        urgency: of the case, if it was judged already.

    Raises:
        CaseError: words that cannot be read, an unknown quantity or drug, a value that cannot be.
        PhysiologyError: a value that no model of a nerve takes.
    """
    catalogue, changes = catalogue or load(), changes or Changes()
    if per_min is not None and not (math.isfinite(per_min) and 0 < per_min <= MOST_A_MINUTE):
        raise CaseError(
            f"twitches a minute: {per_min!r} cannot be used; give a number up to {MOST_A_MINUTE:g}"
        )
    if isinstance(case, str):
        case = read_text(case, catalogue, setting=setting or "public")
    if setting is not None:
        case = case.model_copy(update={"setting": setting})
    later = changed(case, changes, catalogue)
    asking = _Asking(case, later, changes, catalogue, rates or shipped_rates(), brief, urgency)
    return asking.answer(per_min)


@dataclass(frozen=True)
class _Asking:
    """One question: the case today and after the changes."""

    case: Case
    later: Case
    changes: Changes
    catalogue: Catalogue
    rates: Rates
    brief: bool
    urgency: UrgencyVerdict | None

    def answer(self, per_min: float | None) -> WhatIf:
        """Everything at once."""
        today = factors_of(self.case, self.catalogue)
        after = factors_of(self.later, self.catalogue)
        moved = system_of(after).values != system_of(today).values
        now = self._outlook(today) if today or after else None
        then = self._outlook(after) if moved else None
        change = self._change(now, then, today, after)
        shares, unshared = self._shares(today) if now and now.over_normal and not self.brief else ((), ())
        grades = {factor.grade for factor in (*today, *after)}
        return WhatIf(
            catalogue_version=f"{self.catalogue.version}+{self.catalogue.fingerprint[:8]}",
            today=now,
            after=then,
            change=change,
            grade=next((grade for grade in ORDER if grade in grades), None),
            factors=tuple(self._told(factor, after) for factor in _both(today, after)),
            shares=shares,
            unshared=unshared,
            curves=tuple(
                self._curve(factor, today, after)
                for factor in _both(today, after)
                if factor.value is not None and not self.brief
            ),
            unknown=tuple(self._unknown()),
            unmeasured=unmeasured(self.later, self.catalogue),
            anchor=_anchor(self.case, per_min, change),
            urgency=self.urgency or rank(self.case, catalogue=self.catalogue).urgency,
            asked=tuple(self._asked()),
            case=self.case,
        )

    # --- the number -------------------------------------------------------------------------------

    def _outlook(self, factors: tuple[Factor, ...]) -> Outlook:
        system = system_of(factors)
        found = self.rates.predict(system)
        state = cast("State", found.state)
        if not is_usable(found):
            return Outlook(state=state, outside=found.outside)
        span = between(system, NORMAL, self.rates)
        normal = self.rates.predict(NORMAL).log10_hz
        others = [self.rates.predict(other).log10_hz - normal for other in self._others(factors)]
        return Outlook(state=state, over_normal=_estimate(span.widened(others)))

    def _others(self, factors: tuple[Factor, ...]) -> Iterator[ChangedSystem]:
        """The motor unit under other sizes of what was assumed, one at a time, where a rate is defined."""
        for factor in factors:
            for variant in factor.variants:
                system = system_of(_replaced(factors, factor, variant))
                if is_usable(self.rates.predict(system)):
                    yield system

    def _change(
        self, now: Outlook | None, then: Outlook | None, today: tuple[Factor, ...], after: tuple[Factor, ...]
    ) -> Estimate | None:
        if now is None or then is None or now.over_normal is None or then.over_normal is None:
            return None
        span = between(system_of(after), system_of(today), self.rates)
        others: list[float] = []
        for factor in _both(today, after):
            # What is assumed both today and later has one size, so it changes both.
            before = next((old for old in today if old.id == factor.id), None)
            later = next((new for new in after if new.id == factor.id), None)
            for k in range(len(factor.variants)):
                others += self._ratio(_resized(after, later, k), _resized(today, before, k))
        return _estimate(span.widened(others))

    def _ratio(self, upper: tuple[Factor, ...], lower: tuple[Factor, ...]) -> list[float]:
        above, below = (self.rates.predict(system_of(factors)) for factors in (upper, lower))
        return [above.log10_hz - below.log10_hz] if is_usable(above) and is_usable(below) else []

    # --- its parts --------------------------------------------------------------------------------

    def _shares(self, factors: tuple[Factor, ...]) -> tuple[tuple[Share, ...], tuple[str, ...]]:
        """Shapley values of the log10 rate over normal, and what stood in their way."""
        bad: dict[str, None] = {}

        def worth(held: frozenset[int]) -> float:
            found = self.rates.predict(system_of(tuple(factors[i] for i in sorted(held))))
            if not is_usable(found):
                bad.update(dict.fromkeys(factors[i].id for i in sorted(held)))
                return 0.0
            return found.log10_hz

        shares, errors = shapley(worth, len(factors))
        if bad:
            return (), tuple(bad)
        told = [
            _share(factor, float(shares[i]), Z90 * float(errors[i]), *self._ends(factors, factor))
            for i, factor in enumerate(factors)
        ]
        return tuple(sorted(told, key=lambda share: -abs(share.log10))), ()

    def _ends(self, factors: tuple[Factor, ...], factor: Factor) -> tuple[float, float]:
        """How far a share may reach below and above its estimate.

        The doubt about a factor is taken where it acts alone and where it acts last, the larger of both.
        """
        rest = tuple(other for other in factors if other is not factor)
        below = above = 0.0
        for base in ((), rest) if rest else ((),):
            lower = system_of(base)
            span = between(system_of((*base, factor)), lower, self.rates)
            variants = [system_of((*base, _with(factor, steps))) for steps in factor.variants]
            others = [
                between(v, lower, self.rates).log10 for v in variants if is_usable(self.rates.predict(v))
            ]
            span = span.widened(others)
            below, above = max(below, span.log10 - span.low), max(above, span.high - span.log10)
        return below, above

    def _curve(self, factor: Factor, today: tuple[Factor, ...], after: tuple[Factor, ...]) -> Curve:
        """The rate along one quantity, the rest as it is today."""
        quantity, convert = QUANTITY[factor.id], to_fluid(factor.id, self.case)
        before = next((old for old in today if old.id == factor.id), None)
        later = next((new for new in after if new.id == factor.id), None)
        person = before.value if before else None
        later_value = later.value if later and later.value != person else None
        shown = [v for v in (person, later_value) if v is not None]
        at = np.linspace(min(quantity.low, *shown), max(quantity.high, *shown), POINTS)
        rest = tuple(other for other in today if other.id != factor.id)
        spans = [
            self._at(
                _with(factor, (Operation(quantity.target, "override", convert(float(x)), "curve"),)), rest
            )
            for x in at
        ]
        return Curve(
            factor=factor.id, unit=factor.unit, at=tuple(round(float(x), 4) for x in at),
            log10=tuple(span and span.log10 for span in spans),
            low_log10=tuple(span and span.low for span in spans),
            high_log10=tuple(span and span.high for span in spans),
            person=person, after=later_value, normal=cast("float", factor.normal),
        )  # fmt: skip

    def _at(self, factor: Factor, rest: tuple[Factor, ...]) -> Span | None:
        system = system_of((*rest, factor))
        return between(system, NORMAL, self.rates) if is_usable(self.rates.predict(system)) else None

    # --- the words --------------------------------------------------------------------------------

    def _told(self, factor: Factor, after: tuple[Factor, ...]) -> FactorOut:
        later = next((new.value for new in after if new.id == factor.id), None)
        before = measured(self.case, self.catalogue).get(factor.id)
        if factor.kind == "disease":
            name = self.catalogue.causes[factor.id].plain_name
        else:
            name = "pH" if factor.id == "ph" else factor.id.replace("_", " ")
        return FactorOut(
            id=factor.id, name=name, kind=factor.kind, grade=factor.grade,
            value=before, after=later if later != before else None, unit=factor.unit, normal=factor.normal,
            off=before is not None and self._is_off(factor.id, before),
            estimated=factor.estimated, drugs=factor.drugs,
        )  # fmt: skip

    def _is_off(self, name: str, value: float) -> bool:
        """Whether a value is out of its reference interval; that of the laboratory goes first."""
        keys = QUANTITIES.get(name, ())
        if not keys:
            return not NO_FEVER_C[0] <= value <= NO_FEVER_C[1]
        lab = next((lab for lab in self.case.labs if lab.analyte in keys), None)
        known = self.catalogue.analytes[lab.analyte if lab else keys[0]]
        low = lab.low if lab and lab.low is not None else known.low
        high = lab.high if lab and lab.high is not None else known.high
        return (low is not None and value < low) or (high is not None and value > high)

    def _unknown(self) -> Iterator[Unknown]:
        found = {suspect.cause_id: suspect for suspect in suspects_of(self.case, self.catalogue)}
        asked: set[str] = set()
        if self.changes.caffeine_cups is not None:
            asked.add("caffeine_excess")
            found.setdefault("caffeine_excess", Suspect("caffeine_excess", ("caffeine_high",)))
        dropped = {stopped(self.case, name, self.catalogue).name for name in self.changes.stop}
        asked |= {key for key, suspect in found.items() if not dropped.isdisjoint(suspect.drugs)}
        for key in sorted(found, key=lambda key: (key not in asked, list(found).index(key))):
            yield _unknown(found[key], self.catalogue.causes[key], asked=key in asked)

    def _asked(self) -> Iterator[str]:
        """The changes, one a line."""
        values = measured(self.later, self.catalogue)
        for key in self.changes.values:
            name = quantity_named(key)
            yield f"{name.replace('_', ' ')} {values[name]:g}"
        for name in self.changes.stop:
            yield f"without {stopped(self.case, name, self.catalogue).name}"
        if self.changes.caffeine_cups is not None:
            yield f"{self.changes.caffeine_cups:g} cups of coffee a day"


def _both(today: tuple[Factor, ...], after: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """Today's factors, then those that only the changes bring."""
    known = {factor.id for factor in today}
    return (*today, *(factor for factor in after if factor.id not in known))


def _with(factor: Factor, operations: tuple[Operation, ...]) -> Factor:
    return Factor(factor.id, factor.kind, factor.grade, operations)


def _replaced(factors: tuple[Factor, ...], old: Factor, steps: tuple[Operation, ...]) -> tuple[Factor, ...]:
    return tuple(_with(factor, steps) if factor is old else factor for factor in factors)


def _resized(factors: tuple[Factor, ...], of: Factor | None, k: int) -> tuple[Factor, ...]:
    """The factors with the k-th other size of one of them, where it has one."""
    return _replaced(factors, of, of.variants[k]) if of is not None and k < len(of.variants) else factors


def _estimate(span: Span) -> Estimate:
    ratio, low, high = (
        10.0 ** min(max(log10, -LARGEST_LOG10), LARGEST_LOG10) for log10 in (span.log10, span.low, span.high)
    )
    return Estimate(
        log10=span.log10, low_log10=span.low, high_log10=span.high, ratio=ratio, low=low, high=high
    )


def _share(factor: Factor, log10: float, error: float, below: float, above: float) -> Share:
    return Share(
        factor=factor.id, log10=log10, low_log10=log10 - math.hypot(below, error),
        high_log10=log10 + math.hypot(above, error), times=10.0 ** min(log10, LARGEST_LOG10),
    )  # fmt: skip


def _unknown(suspect: Suspect, cause: Cause, *, asked: bool) -> Unknown:
    return Unknown(
        cause=cause.id, name=cause.plain_name, asked=asked, plain=cause.verdict.plain,
        precise=cause.verdict.precise, verdict=cause.verdict.answer, evidence=cause.verdict.grade,
        through=suspect.through or through(cause.id), drugs=suspect.drugs,
    )  # fmt: skip


# --- a measured rate ------------------------------------------------------------------------------


def _anchor(case: Case, per_min: float | None, change: Estimate | None) -> Anchor | None:
    """A rate that was counted, and what it would be; the best recording unless one is stated."""
    source: Literal["stated", "recording"] = "stated"
    span: Span | None = None
    if per_min is not None:
        span = Span(math.log10(per_min), math.log10(per_min), math.log10(per_min))
    elif (best := max(case.recordings, key=lambda r: r.clean_s, default=None)) is not None:
        source, span = "recording", _counted(best.fasciculations, best.clean_s)
    if span is None:
        return None
    limits = (10.0**span.low, 10.0**span.high) if source == "recording" else (None, None)
    after = _times(span, change) if change is not None else None
    return Anchor(
        source=source, per_min=10.0**span.log10, low_per_min=limits[0], high_per_min=limits[1],
        after_per_min=after and 10.0**after.log10, after_low_per_min=after and 10.0**after.low,
        after_high_per_min=after and 10.0**after.high,
    )  # fmt: skip


def _counted(n: int, clean_s: float) -> Span | None:
    """log10 of a rate a minute with the 90 % interval of a count (Byar's approximation to the exact one).

    Breslow NE, Day NE. Statistical methods in cancer research II. IARC 1987, p. 69. None of nothing: no
    ratio of it says more than nothing.
    """
    if n == 0 or clean_s <= 0.0:
        return None
    low = n * (1 - 1 / (9 * n) - Z90 / (3 * math.sqrt(n))) ** 3
    high = (n + 1) * (1 - 1 / (9 * (n + 1)) + Z90 / (3 * math.sqrt(n + 1))) ** 3
    minutes = clean_s / 60.0
    return Span(*(math.log10(count / minutes) for count in (n, low, high)))


def _times(span: Span, change: Estimate) -> Span:
    """A rate times a ratio; their doubts are independent."""
    middle = span.log10 + change.log10
    below = math.hypot(span.log10 - span.low, change.log10 - change.low_log10)
    above = math.hypot(span.high - span.log10, change.high_log10 - change.log10)
    return Span(middle, middle - below, middle + above)


__all__ = ["what_if"]
