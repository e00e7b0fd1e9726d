"""A what-if, ready to be told: the lines that terminal and page show alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, final

from whytwitch.knowledge import Urgency
from whytwitch.reasoning import Anchor, Curve, Estimate, FactorOut, Outlook, Share, Unknown, WhatIf
from whytwitch.report import _phrases as told
from whytwitch.report import _what_if_phrases as say
from whytwitch.report._clean import capital, clean
from whytwitch.report._steps import steps_of

what_if_phrases: Final = say
SAME: Final = 0.02
"""Shift of a log10 up to which rates count as the same (5 %): less is beyond any model of a nerve."""
MOST: Final = 1000.0


@final
@dataclass(frozen=True, slots=True)
class Row:
    """One factor and its part."""

    name: str
    value: str
    part: str
    reach: str
    known: str
    notes: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class UnknownRow:
    """One cause that moves no number."""

    name: str
    asked: bool
    lines: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class View:
    """All that is told."""

    level: Urgency
    how_soon: tuple[str, ...]
    asked: str
    headline: tuple[str, ...]
    details: tuple[str, ...]
    rate: tuple[str, ...]
    rows: tuple[Row, ...]
    rows_note: str
    curves: tuple[Curve, ...]
    unknown: tuple[UnknownRow, ...]


def what_if_view(found: WhatIf, *, expert: bool, sliders: bool = False) -> View:
    """Everything in words.

    Args:
        found: what to tell.
        expert: precise terms and every number.
        sliders: whether values are tried with sliders, and not in a terminal.
    """
    return View(
        level=found.urgency.level,
        how_soon=tuple(_how_soon(found)),
        asked="; ".join(clean(line) for line in found.asked),
        headline=tuple(_headline(found, sliders=sliders)),
        details=tuple(_details(found, expert=expert)),
        rate=tuple(_rate(found.anchor, sliders=sliders)) if found.today is not None else (),
        rows=tuple(_row(factor, found, expert=expert) for factor in found.factors),
        rows_note=_rows_note(found),
        curves=found.curves,
        unknown=tuple(_unknown(one, found, expert=expert, sliders=sliders) for one in found.unknown),
    )


def _how_soon(found: WhatIf) -> Iterator[str]:
    verdict = found.urgency
    text = told.LEVELS[verdict.level]
    yield f"{text.headline}."
    if verdict.flags and verdict.flags[0].level == verdict.level:
        yield verdict.flags[0].plain
    if verdict.level in ("emergency", "urgent", "soon"):
        yield " ".join(steps_of(verdict.actions) or (text.step,))


# --- the number -----------------------------------------------------------------------------------


def _headline(found: WhatIf, *, sliders: bool) -> Iterator[str]:
    if found.today is None:
        yield say.NOTHING
        yield say.NOTHING_MORE
        return
    if not any(factor.value is not None or factor.kind == "disease" for factor in found.factors):
        yield say.TODAY_ASSUMED
    else:
        yield from _outlook(found.today, say.NOW)
    if found.after is None:
        yield say.STILL if found.asked else say.PAGE_NO_CHANGE if sliders else say.NO_CHANGE
    elif found.change is not None:
        yield from _compared(found.change, say.CHANGED, say.CHANGED_LESS, say.CHANGED_SAME)
    else:
        if found.after.over_normal is None:
            yield from _outlook(found.after, say.THEN)
        else:
            yield say.OVER_NORMAL_AFTER.format(times=f"{_part(found.after.over_normal.log10)}")
        yield say.NO_COMPARISON
    if any(factor.off for factor in found.factors):
        yield say.CARE
    if found.unmeasured:
        yield say.UNMEASURED.format(names=_names(found.unmeasured))


def _outlook(outlook: Outlook, when: str) -> Iterator[str]:
    if outlook.over_normal is not None:
        yield from _compared(outlook.over_normal, say.TODAY, say.TODAY_LESS, say.TODAY_SAME)
    elif outlook.state == "fires":
        yield say.FIRES.format(when=when)
    elif outlook.state == "blocked":
        yield say.BLOCKED.format(when=when)
    else:
        yield say.OUTSIDE.format(when=when, names=_names(outlook.outside))


def _compared(estimate: Estimate, more: str, less: str, same: str) -> Iterator[str]:
    if abs(estimate.log10) < SAME:
        yield same
    elif estimate.log10 > 0:
        yield more.format(times=f"{times(estimate.log10)} as often")
    else:
        yield less.format(times=times(estimate.log10))
    line = say.REACH.format(reach=reach(estimate.low_log10, estimate.high_log10))
    if estimate.low_log10 < 0 < estimate.high_log10:
        line = f"{line} {say.NO_DIFFERENCE}"
    yield line


def times(log10: float) -> str:
    """``about 6.7 times``, ``about 5.4 times less often``."""
    shown = amount(log10)
    about = shown if shown.startswith("more") else f"about {shown}"
    return f"{about} times" if log10 >= 0 else f"{about} times less often"


def amount(log10: float) -> str:
    """How many times more or less, two digits that count; never more exact than a model of a nerve is."""
    value = 10.0 ** min(abs(log10), 6.0)
    if value > MOST:
        return "more than 1,000"
    if value >= 100:
        return f"{round(value / 10) * 10:.0f}"
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")


def reach(low_log10: float, high_log10: float) -> str:
    """Both ends of a range of ratios, in words."""
    if low_log10 >= 0:
        return f"{amount(low_log10)} to {amount(high_log10)} times"
    if high_log10 <= 0:
        return f"{amount(high_log10)} to {amount(low_log10)} times less"
    return f"from {amount(low_log10)} times less to {amount(high_log10)} times more"


def exact(estimate: Estimate) -> str:
    """A ratio for experts."""
    return f"{estimate.ratio:.3g} (90 % interval {estimate.low:.3g} to {estimate.high:.3g})"


def _details(found: WhatIf, *, expert: bool) -> Iterator[str]:
    if found.today is None:
        return
    yield say.ALL_ELSE
    if not expert:
        return
    pairs = (
        ("Rate over normal, today", found.today.over_normal),
        ("Rate over normal, after", found.after and found.after.over_normal),
        ("Rate after over today", found.change),
    )
    for name, estimate in pairs:
        if estimate:
            yield f"{name}: {exact(estimate)}; log10 {estimate.log10:.2f}."
    yield f"Weakest grade among the factors: {found.grade}. Catalogue {found.catalogue_version}."
    yield (
        "Parts are Shapley values of log10(rate over normal). Their intervals take each factor alone and "
        "last, the wider of both."
    )


def _rate(anchor: Anchor | None, *, sliders: bool) -> Iterator[str]:
    if anchor is None:
        yield say.PAGE_NO_RATE if sliders else say.NO_RATE
        return
    rate = plain(anchor.per_min)
    if anchor.low_per_min is not None and anchor.high_per_min is not None:
        rate = f"{rate} ({plain(anchor.low_per_min)} to {plain(anchor.high_per_min)})"
    yield say.COUNTED.format(rate=rate)
    ends = anchor.after_per_min, anchor.after_low_per_min, anchor.after_high_per_min
    if all(end is not None for end in ends):
        middle, low, high = (plain(end) for end in ends if end is not None)
        yield say.WOULD_BE.format(rate=middle, low=low, high=high)
        yield say.ONLY_IF


def plain(value: float) -> str:
    """Two digits that count, never as a power of ten."""
    return f"{float(f'{value:.2g}'):,.6f}".rstrip("0").rstrip(".")


# --- its parts ------------------------------------------------------------------------------------


def _row(factor: FactorOut, found: WhatIf, *, expert: bool) -> Row:
    share = next((share for share in found.shares if share.factor == factor.id), None)
    known = factor.grade if expert else say.GRADES[factor.grade]
    return Row(
        name=title(factor.name), value=_value(factor), part=_part(share.log10) if share else "",
        reach=_share_reach(share, expert=expert) if share else "", known=known,
        notes=tuple(_notes(factor, share)),
    )  # fmt: skip


def _share_reach(share: Share, *, expert: bool) -> str:
    if expert:
        return f"log10 {share.log10:+.2f} ({share.low_log10:+.2f} to {share.high_log10:+.2f})"
    return reach(share.low_log10, share.high_log10)


def _part(log10: float) -> str:
    if abs(log10) < SAME:
        return say.MAKES_NONE
    return (say.MAKES_MORE if log10 > 0 else say.MAKES_LESS).format(times=times(log10))


def _value(factor: FactorOut) -> str:
    if factor.kind == "disease":
        return ""
    unit = f" {factor.unit}" if factor.unit and factor.unit != "pH" else ""
    now = "not given" if factor.value is None else f"{factor.value:g}{unit}"
    after = f", then {factor.after:g}" if factor.after is not None else ""
    return f"{now}{after} (normal {factor.normal:g})"


def _notes(factor: FactorOut, share: Share | None) -> Iterator[str]:
    if factor.off and share is not None and share.log10 < -SAME:
        yield say.CALMS
        if factor.id == "potassium":
            yield say.CONTESTED
    if factor.kind == "disease":
        yield say.USUAL
    elif factor.estimated:
        yield say.ESTIMATED
    if factor.drugs:
        yield say.DRUGS.format(drugs=capital(clean(", ".join(factor.drugs))))


def _rows_note(found: WhatIf) -> str:
    if found.unshared:
        return say.UNSHARED.format(names=_names(found.unshared))
    return say.SHARES_LEAD if len(found.shares) > 1 else ""


def _unknown(one: Unknown, found: WhatIf, *, expert: bool, sliders: bool) -> UnknownRow:
    lines = [one.precise if expert else one.plain]
    if one.asked:
        lines.insert(0, say.ASKED)
    known = {factor.id for factor in found.factors if factor.value is not None}
    if "calcium" in known:
        known.add("ionized_calcium")
    for phrase, keys in (
        (say.ACTS, [key for key in one.through if key in known]),
        (say.MAY_ACT, [key for key in one.through if key not in known]),
    ):
        if keys:
            lines.append(phrase.format(names=_names(keys, " and ")))
    if one.asked and one.drugs and (counted := [key for key in one.through if key in known]):
        example = next(f"{f.id}={f.normal:g}" for f in found.factors if f.id in (*counted, "calcium"))
        lines.append(
            (say.PAGE_STOPPED if sliders else say.STOPPED).format(
                drugs=clean(", ".join(one.drugs)), example=example
            )
        )
    if expert:
        lines.append(f"Verdict: {one.verdict}. Evidence grade {one.evidence}.")
    return UnknownRow(capital(one.name), one.asked, tuple(clean(line, 600) for line in lines))


def _names(names: Iterable[str], last: str = ", ") -> str:
    """Quantities as a reader says them: without the unit that their name carries."""
    words = [spoken(name.removesuffix("_mmol_l").removesuffix("_c").removesuffix("_mv")) for name in names]
    return last.join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def spoken(name: str) -> str:
    """A quantity or cause as a reader says it."""
    return "pH" if name.lower() == "ph" else name.replace("_", " ")


def title(name: str) -> str:
    """The same at the head of a line."""
    return "pH" if name.lower() == "ph" else capital(spoken(name))


Side = Literal["person", "after", "normal"]


def marks(curve: Curve) -> Iterator[tuple[Side, float]]:
    """Values to mark on a curve."""
    if curve.person is not None:
        yield "person", curve.person
    if curve.after is not None:
        yield "after", curve.after
    yield "normal", curve.normal


__all__ = ["View", "amount", "marks", "reach", "times", "what_if_phrases", "what_if_view"]
