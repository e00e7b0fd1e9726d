"""Laboratory results: analyte, value, unit, reference interval and words such as "low"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from whytwitch.case._lab_words import Flag, Says, flag_after, flag_before
from whytwitch.case._lexicon import Match
from whytwitch.case._model import Doubt, LabResult, Span
from whytwitch.case._numbers import number, to_float, unit_days
from whytwitch.case._subject import Owner
from whytwitch.case._text import Document
from whytwitch.case._units import (
    Unit,
    by_interval,
    candidates,
    describe,
    find_unit,
    is_dose,
    is_plausible,
    to_si,
)
from whytwitch.knowledge import Analyte, Catalogue

REACH = 9
"""How many tokens after its name a value may stand."""

_NOT_LAB_NEXT = frozenset(("channel", "channels", "supplement", "supplements", "tablet", "tablets",
                           "pill", "pills", "injection", "injections", "infusion", "gluconate",
                           "carbonate", "citrate", "oxide", "glycinate", "oxybate", "valproate",
                           "blocker", "blockers", "antibody", "antibodies", "supplementation",
                           "replacement", "therapy", "capsules", "gummies", "powder", "drops", "spray",
                           "acetate", "picosulfate", "bisphosphonate", "intake", "rich", "diet",
                           "sulfate", "lactate", "threonate", "malate", "shots", "shot"))  # fmt: skip
_NOT_LAB_BEFORE = frozenset(("takes", "taking", "took", "take", "iv", "intravenous", "oral",
                             "supplemental", "given", "gave", "on", "swallowed", "tried"))  # fmt: skip
_LEVEL_WORDS = frozenset(("level", "levels", "serum", "blood", "plasma", "result", "concentration"))
_SPECIMEN = frozenset(("urine", "urinary", "csf", "hair", "sweat", "stool"))
_BOUND = re.compile(r"[<>≤≥]\s*$")
_INTERVAL = re.compile(
    r"[^\w<>]{0,3}[\[(]?\s*(?:(?:ref(?:erence)?|normal|range|nr|rr|interval|n)\b[\s.:,]*)*"
    r"(?P<low>\d+(?:[.,]\d+)*)\s*(?:-|–|—|to)\s*(?P<high>\d+(?:[.,]\d+)*)",
    re.IGNORECASE,
)
_UPPER = re.compile(r"[^\w]{0,3}[\[(]\s*(?:normal|ref|nr)?[\s:]*[<≤]\s*(?P<high>\d+(?:[.,]\d+)*)", re.I)
_TIMES = frozenset(("times", "fold", "x"))
_LIMITS = frozenset(("normal", "upper", "uln", "limit", "baseline", "reference"))


@dataclass(slots=True)
class Value:
    """A number found for an analyte."""

    number: float
    token: int
    end: int
    """Character position after the number and what belongs to it."""
    bound: Literal["", "<", ">"] = ""


@dataclass(slots=True)
class Printed:
    """A value with all that is printed beside it."""

    value: Value
    unit: Unit | None
    low: float | None
    high: float | None
    span: Span
    says: Says | None


def read_labs(document: Document, matches: list[Match], owners: list[Owner],
              catalogue: Catalogue) -> tuple[list[LabResult], list[Doubt]]:  # fmt: skip
    """Read every laboratory result; a value that cannot be used becomes a doubt."""
    named = _named(document, matches, owners)
    slashed = _slashed(document, named)
    results: list[LabResult] = []
    doubts: list[Doubt] = []
    for k, match in enumerate(named):
        analyte = catalogue.analytes[match.id]
        stop = named[k + 1].begin if k + 1 < len(named) else len(document)
        value = slashed.get(k) or _value_after(document, match, stop, analyte)
        value = value or _value_before(document, match, named[k - 1].end if k else 0)
        flag = flag_before(document, named, k) or flag_after(document, named, k)
        made = _result(document, match, analyte, value, flag)
        if isinstance(made, LabResult):
            results.append(made)
        elif made is not None:
            doubts.append(made)
    return _unique(results), doubts


def is_level(document: Document, match: Match) -> bool:
    """Whether a drug's name stands for its level (``the serum concentration of lithium``)."""
    if match.role != "analyte":
        return False
    begin, stop = document.bounds(match.begin)
    near = document.words[max(begin, match.begin - 4) : min(stop, match.end + 2)]
    named = any(w in ("level", "levels", "concentration", "concentrations", "serum") for w in near)
    return named or document.words[match.end : match.end + 2] in (["came", "back"], ["was", "measured"])


def _slashed(document: Document, named: list[Match]) -> dict[int, Value]:
    """``Na/K 118/2.5``: as many numbers as names, in their order."""
    gaps = document.gaps
    found: dict[int, Value] = {}
    k = 0
    while k < len(named):
        last = k
        while last + 1 < len(named) and named[last].end == named[last + 1].begin and (
            gaps[named[last].end].strip() == "/"):  # fmt: skip
            last += 1
        start, many = named[last].end, last - k + 1
        values = [to_float(word) for word in document.words[start : start + many]]
        joined = all(gaps[i].strip() == "/" for i in range(start + 1, start + many) if i < len(gaps))
        if many > 1 and len(values) == many and joined:
            for offset, value in enumerate(values):
                if value is not None:
                    found[k + offset] = Value(value, start + offset, document.ends[start + offset])
        k = last + 1
    return found


def _named(document: Document, matches: list[Match], owners: list[Owner]) -> list[Match]:
    """Mentions of analytes that are measurements, the longest of those that overlap."""
    found = [m for m in matches if m.role == "analyte" and owners[m.begin] == "person"]
    found.sort(key=lambda m: (m.begin, -m.end))
    kept: list[Match] = []
    for match in found:
        if kept and match.begin < kept[-1].end:
            if match.end - match.begin > kept[-1].end - kept[-1].begin:
                kept[-1] = match
            continue
        if _is_measured(document, match):
            kept.append(match)
    return kept


def _is_measured(document: Document, match: Match) -> bool:
    """Not ``sodium channel``, ``takes magnesium``, ``urine sodium``."""
    words = document.words
    begin, stop = document.bounds(match.begin)
    following = words[match.end] if match.end < stop else ""
    if len(match.hits) == 1 and _is_unit(document, match.begin):
        return False
    before = words[max(begin, match.begin - 2) : match.begin]
    if following in _NOT_LAB_NEXT:
        return False
    if len(match.hits) == 1 and any(w in _SPECIMEN for w in before):
        return False
    taken = any(w in _NOT_LAB_BEFORE for w in before[-1:])
    return not taken or following in _LEVEL_WORDS or before[-1:] == ["on"]


def _is_unit(document: Document, i: int) -> bool:
    """Whether ``mg`` is the milligram after a number and not magnesium."""
    if "/" in document.after(i):
        return document.words[i] == "mg" and i > 0 and document.words[i - 1][0].isdigit()
    return document.words[i] in ("mg", "k", "ca") and i > 0 and document.words[i - 1][0].isdigit() and (
        document.gaps[i].strip() == ""
    )  # fmt: skip


def _value_after(document: Document, match: Match, stop: int, analyte: Analyte) -> Value | None:
    """The first number after the name that is a value and not a date, dose day or count."""
    words = document.words
    last = min(match.end + REACH, stop, document.bounds(match.begin)[1])
    for i in range(match.end, last):
        value = to_float(words[i])
        if value is None:
            value = _spelled_times(document, i)
        if value is None:
            if words[i] in ("but", "which", "while", "takes", "because") or ";" in document.gaps[i]:
                return None
            continue
        if _is_elsewhere(document, i):
            continue
        if analyte.high is not None and _is_multiple(document, i):
            return Value(value * analyte.high, i, -1)
        return _as_value(document, i, value)
    return None


def _is_multiple(document: Document, i: int) -> bool:
    """``3 times normal``, ``3x the upper limit``; not ``2.7. X-rays``."""
    words = document.words
    if i + 1 >= len(words) or words[i + 1] not in _TIMES or document.sentence(i) != document.sentence(i + 1):
        return False
    return words[i + 1] != "x" or any(w in _LIMITS for w in words[i + 2 : i + 5])


def _spelled_times(document: Document, i: int) -> float | None:
    """``five times normal``."""
    amount = number(document, i, vague=False)
    if amount is None or document.words[amount.end : amount.end + 1] not in (["times"], ["fold"]):
        return None
    return amount.value


def _as_value(document: Document, i: int, value: float) -> Value:
    found = _BOUND.search(document.gaps[i])
    bound: Literal["", "<", ">"] = ""
    if found:
        bound = "<" if found[0][0] in "<≤" else ">"
    elif document.words[i - 1 : i] in (["below"], ["under"]) or document.words[max(0, i - 2) : i] == [
        "less",
        "than",
    ]:
        bound = "<"
    return Value(value, i, document.ends[i], bound)


def _is_elsewhere(document: Document, i: int) -> bool:
    """Whether the number counts days, years or the like and is no laboratory value."""
    following = document.words[i + 1] if i + 1 < len(document) else ""
    before = document.words[i - 1] if i else ""
    if unit_days(following) is not None and document.after(i).strip(" -") == "":
        return following not in ("min", "mins", "second")
    if before in ("day", "days", "week", "at", "age", "aged", "hla", "on", "month", "grade", "stage", "case"):
        return before not in ("at", "on") or "." not in document.words[i]
    return following in ("weeks", "years")


def _value_before(document: Document, match: Match, floor: int) -> Value | None:
    """``2.8 mmol/L potassium``: a number with its unit right before the name."""
    i = match.begin - 1
    while i >= floor and match.begin - i <= 5:
        value = to_float(document.words[i])
        if value is not None:
            between = document.text[document.ends[i] : document.starts[match.begin]]
            is_unit = bool(re.match(r"\s*[a-zµμ%]+(?:/[a-z0-9]+)?\s*(?:of\s*)?$", between, re.IGNORECASE))
            return _as_value(document, i, value) if is_unit and "/" in between else None
        i -= 1
    return None


def _result(document: Document, match: Match, analyte: Analyte, value: Value | None,
            flag: Flag | None) -> LabResult | Doubt | None:  # fmt: skip
    if value is None:
        if flag is None:
            return None
        span = document.span(min(match.begin, flag.begin), max(match.end, flag.end))
        return LabResult(analyte=analyte.id, flag=flag.says, span=span)
    first = min(match.begin, value.token)
    if value.end < 0:
        span = document.span(first, max(match.end, value.token + 2))
        return LabResult(analyte=analyte.id, value=value.number, unit=analyte.unit, value_si=value.number,
                         flag="high", note="given as a multiple of the upper limit", span=span)  # fmt: skip
    unit, written, end = find_unit(document.text, value.end, analyte)
    low, high, end = _interval(document.text, end)
    last = _token_at(document, end, max(match.end, value.token + 1))
    span = document.span(first, last)
    if unit is None and is_dose(written):
        return None
    if unit is None and written:
        return Doubt(text=span.text, span=span, question=(
            f"The unit {written!r} does not fit {analyte.plain}. What was the value, in "
            f"{_choices(analyte)}? Possible is {describe(analyte)}."))  # fmt: skip
    printed = Printed(value, unit, low, high, span, flag.says if flag is not None else None)
    return _in_unit(analyte, printed)


def _in_unit(analyte: Analyte, printed: Printed) -> LabResult | Doubt:
    """The result in the one unit it can have, or the question which."""
    number, unit, span = printed.value.number, printed.unit, printed.span
    if unit is None:
        fitting = candidates(analyte, number)
        if len(fitting) > 1:
            fitting = by_interval(analyte, fitting, printed.low, printed.high)
        if len(fitting) > 1 and printed.says is not None:
            fitting = [u for u in fitting if _verdict(analyte, to_si(number, u)) == printed.says]
            if len(fitting) != 1:
                return LabResult(analyte=analyte.id, flag=printed.says, span=span)
        if len(fitting) > 1 and (mildest := _mildest(analyte, number, fitting)) is not None:
            taken = _in_unit(analyte, replace(printed, unit=mildest))
            if isinstance(taken, LabResult):
                return taken.model_copy(update={"note": f"no unit was given; taken as {mildest.name}"})
        if len(fitting) > 1:
            choice = " or ".join(u.name for u in fitting)
            readings = tuple(
                LabResult(analyte=analyte.id, value=number, unit=u.name, value_si=to_si(number, u))
                for u in fitting
            )
            return Doubt(text=span.text, span=span, readings=readings,
                         question=f"In which unit is {analyte.plain} {number:g}: {choice}?")  # fmt: skip
        unit = fitting[0] if fitting else None
    bound = printed.value.bound
    if unit is None or not is_plausible(analyte, to_si(number, unit)):
        if bound and unit is not None:
            says = printed.says or ("low" if bound == "<" else "high")
            return LabResult(analyte=analyte.id, flag=says, span=span)
        given = f"{number:g} {printed.unit.name}" if printed.unit else f"{number:g}"
        return Doubt(text=span.text, span=span, question=(
            f"{analyte.plain[:1].upper()}{analyte.plain[1:]} of {given} cannot be in a living person. "
            f"Possible is {describe(analyte)}. What was the value?"))  # fmt: skip
    return LabResult(
        analyte=analyte.id, value=number, unit=unit.name, value_si=to_si(number, unit),
        low=to_si(printed.low, unit) if printed.low is not None else None,
        high=to_si(printed.high, unit) if printed.high is not None else None,
        flag=printed.says, note=f"given as {bound}{number:g}" if bound else "", span=span,
    )  # fmt: skip


def _mildest(analyte: Analyte, number: float, units: list[Unit]) -> Unit | None:
    """Where every unit makes the value too low, or too high: the one nearest to normal."""
    verdicts = {_verdict(analyte, to_si(number, unit)) for unit in units}
    if verdicts == {"low"}:
        return max(units, key=lambda unit: to_si(number, unit))
    return min(units, key=lambda unit: to_si(number, unit)) if verdicts == {"high"} else None


def _verdict(analyte: Analyte, value_si: float) -> Says:
    if analyte.low is not None and value_si < analyte.low:
        return "low"
    return "high" if analyte.high is not None and value_si > analyte.high else "normal"


def _choices(analyte: Analyte) -> str:
    distinct: dict[float, str] = {1.0: analyte.unit}
    for name, factor in analyte.units.items():
        distinct.setdefault(round(factor, 9), name)
    return " or ".join(list(distinct.values())[:3])


def _interval(text: str, end: int) -> tuple[float | None, float | None, int]:
    """The reference interval printed after a value: ``(8.4-10.2)``, ``(normal <35)``."""
    stop = min(end + 60, len(text))
    if found := _INTERVAL.match(text, end, stop):
        opened = any(c in text[end : found.start("low")] for c in "[(") or re.search(
            r"ref|normal|range|nr", text[end : found.start("low")], re.IGNORECASE
        )
        low, high = to_float(found["low"]), to_float(found["high"])
        if opened and low is not None and high is not None and low < high:
            return low, high, found.end()
    elif found := _UPPER.match(text, end, stop):
        return None, to_float(found["high"]), found.end()
    return None, None, end


def _token_at(document: Document, position: int, floor: int) -> int:
    """One past the last token that ends at or before a character position."""
    i = floor
    while i < len(document) and document.ends[i] <= position:
        i += 1
    return i


def _unique(results: list[LabResult]) -> list[LabResult]:
    """The most telling result of each analyte: a number before words, the farthest from normal."""
    best: dict[str, LabResult] = {}
    for result in results:
        held = best.get(result.analyte)
        if held is None or (held.value_si is None and result.value_si is not None):
            best[result.analyte] = result
    return list(best.values())
