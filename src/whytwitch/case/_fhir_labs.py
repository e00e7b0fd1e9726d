"""Observations of a record: laboratory values by LOINC or name, and what else was seen or measured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal

from whytwitch.case._fhir_node import Concept, Node
from whytwitch.case._fhir_record import Judge, Record, as_said
from whytwitch.case._fhir_terms import ANALYTES, LOINC, UCUM_CODES
from whytwitch.case._form import LabEntry, lab_result
from whytwitch.case._model import Doubt, LabResult, Observation, Status
from whytwitch.case._read import read_document
from whytwitch.case._units import describe, named
from whytwitch.knowledge import Analyte, Catalogue

Flag = Literal["low", "normal", "high"]

NOT_USED: Final[Mapping[str, str]] = {
    "entered-in-error": "entered in error", "cancelled": "cancelled", "registered": "no result yet",
}  # fmt: skip
_FLAGS: Final[Mapping[str, Flag]] = {
    "L": "low", "LL": "low", "LU": "low", "H": "high", "HH": "high", "HU": "high", "N": "normal",
}  # fmt: skip
_SAID: Final[Mapping[str, Status]] = {
    "yes": "present", "present": "present", "positive": "present", "true": "present", "detected": "present",
    "no": "absent", "absent": "absent", "negative": "absent", "false": "absent", "none": "absent",
    "not detected": "absent", "unsure": "unsure", "unknown": "unsure", "uncertain": "unsure",
}  # fmt: skip
_BLOOD: Final = frozenset(("serum", "plasma", "blood", "serum or plasma", "arterial blood", "venous blood",
                           "capillary blood", "serum, plasma or blood"))  # fmt: skip
_PROPERTY: Final = re.compile(r"\s*\[[^\]]*\]")
_SPECIMEN: Final = re.compile(r"^(?P<name>.*?) (?:in|of) (?P<specimen>.*?)(?: by .*)?$", re.IGNORECASE)
_SHORT: Final = re.compile(r"\(([^)]*)\)")
_JUDGMENT: Final = len(("level", "is", "high"))


def read_observation(node: Node, record: Record) -> None:
    """Take in an Observation and its components."""
    about = node.concept("code")
    why = NOT_USED.get(node.text("status"))
    if why is not None:
        record.unused(about.label, why)
        return
    components = node.children("component")
    if not components or _has_value(node):
        _one(node, node, about, record)
    for component in components:
        _one(component, node, component.concept("code"), record)
    for note in node.children("note"):
        record.unused(note.text("text"), "a note")


def _has_value(node: Node) -> bool:
    return any(name.startswith("value") and node.data[name] is not None for name in node.data)


def _one(node: Node, whole: Node, about: Concept, record: Record) -> None:
    """One value; ``whole`` is the Observation that holds its time and state."""
    analyte = analyte_of(about, record)
    if analyte is not None and _lab(node, whole, analyte, record):
        return
    if analyte is None:
        _finding(node, about, record)
    else:
        record.unused(
            f"{about.label or analyte.name} {_value_words(node)}".strip(), "no value that can be used"
        )


# --- laboratory values ----------------------------------------------------------------------------


def analyte_of(about: Concept, record: Record) -> Analyte | None:
    """The analyte of a test, by our own code, by LOINC, else by its name if that names it wholly."""
    analytes = record.catalogue.analytes
    for coding in about.codings:
        if coding.system == ANALYTES and coding.code in analytes:
            return analytes[coding.code]
        if coding.system == LOINC and coding.code in (known := _by_loinc(record.catalogue)):
            return analytes[known[coding.code]]
    for name in about.names:
        if name not in record.known:
            record.known[name] = _by_name(name, record.catalogue)
        if (key := record.known[name]) is not None:
            return analytes[key]
    return None


def _by_loinc(catalogue: Catalogue) -> dict[str, str]:
    return {analyte.loinc: key for key, analyte in catalogue.analytes.items() if analyte.loinc}


def _by_name(name: str, catalogue: Catalogue) -> str | None:
    """``Potassium [Moles/volume] in Serum or Plasma``: every word of the name is read, or nothing is."""
    spoken, short = _spoken(name)
    found = _named_by(spoken, catalogue)
    if len(found) > 1 and short:  # "Thyroxine (T4) free" is read as two tests, "free T4" as the one
        found = _named_by(short, catalogue)
    return found.pop() if len(found) == 1 else None


def _named_by(words: str, catalogue: Catalogue) -> set[str]:
    """The analytes that words name; none if some word is left over."""
    reading = read_document(f"{words} level is high", catalogue, mend=False)
    name = set(range(len(reading.document) - _JUDGMENT))
    return {result.analyte for result in reading.labs} if name and name <= reading.used else set()


def _spoken(name: str) -> tuple[str, str]:
    """A LOINC name as people say it (``Calcium.ionized``: ``ionized calcium``), and what is in brackets."""
    bare = _PROPERTY.sub("", name)
    if found := _SPECIMEN.match(bare):
        specimen = found["specimen"].strip().lower()
        bare = found["name"] if specimen in _BLOOD else f"{specimen} {found['name']}"
    bare = bare.split("/")[0].strip()
    whole, _, part = bare.partition(".")
    if part:
        return f"{part} {whole}", ""
    kind = "free " if bare.lower().endswith(" free") else ""
    short = _SHORT.search(bare)
    return f"{kind}{bare[: -len(kind)] if kind else bare}", f"{kind}{short[1]}" if short else ""


def _lab(node: Node, whole: Node, analyte: Analyte, record: Record) -> bool:
    """Whether the node gave a value or a judgment of the analyte, or a doubt about it."""
    period = whole.child("effectivePeriod")
    start = period.moment("start") if period else None
    when = (
        whole.moment("effectiveDateTime")
        or whole.moment("effectiveInstant")
        or start
        or whole.moment("issued")
    )
    quantity = node.child("valueQuantity")
    flag = _flag(node)
    value = None if quantity is None else quantity.number("value")
    if quantity is None or value is None:
        spoken = _spoken_value(node, analyte, record)
        result = spoken or (LabResult(analyte=analyte.id, flag=flag) if flag else None)
        if result is not None:
            record.measure(result, when)
        return result is not None
    made = _converted(node, quantity, value, analyte, record.catalogue)
    if isinstance(made, Doubt):
        span = record.line(made.text)
        record.doubts.append(made.model_copy(update={"span": span}))
    else:
        record.measure(made, when)
    return True


def _converted(
    node: Node, quantity: Node, value: float, analyte: Analyte, catalogue: Catalogue
) -> LabResult | Doubt:
    """The value in the analyte's unit, or the question that it raises."""
    written = quantity.text("code") or quantity.text("unit")
    unit = next(
        (u for w in (written, quantity.text("unit")) if w and (u := named(analyte, as_written(w)))), None
    )
    shown = f"{analyte.plain} {value:g} {written}".strip()
    if written and unit is None:
        question = f"The unit {written!r} does not fit {analyte.plain}. Possible is {describe(analyte)}."
        return Doubt(text=shown, question=question)
    low, high = _interval(node)
    entry = LabEntry(
        analyte=analyte.id,
        value=value,
        unit=unit.name if unit else None,
        low=low,
        high=high,
        flag=_flag(node),
    )
    result = lab_result(entry, catalogue)
    bound = quantity.text("comparator")
    if isinstance(result, Doubt) and bound and unit is not None:
        return LabResult(analyte=analyte.id, flag="low" if "<" in bound else "high")
    if isinstance(result, LabResult) and bound:
        return result.model_copy(update={"note": f"given as {bound[:2]}{value:g}"})
    return result


def _flag(node: Node) -> Flag | None:
    codes = [code for concept in node.children("interpretation") for code in concept.as_concept().codes]
    return next((_FLAGS[code] for code in codes if code in _FLAGS), None)


def _interval(node: Node) -> tuple[float | None, float | None]:
    """The reference interval, if there is exactly one."""
    ranges = node.children("referenceRange")
    if len(ranges) != 1:
        return None, None
    low, high = ranges[0].child("low"), ranges[0].child("high")
    ends = (low.number("value") if low else None, high.number("value") if high else None)
    return ends if ends[0] is None or ends[1] is None or ends[0] < ends[1] else (None, None)


def _spoken_value(node: Node, analyte: Analyte, record: Record) -> LabResult | None:
    """A value given in words, such as ``2.8 mmol/L`` or ``low``."""
    words = _value_words(node)
    if not words:
        return None
    label = analyte.patterns[0]
    labs = read_document(f"{label} {words}", record.catalogue, mend=False).labs
    return next((r.model_copy(update={"span": None}) for r in labs if r.analyte == analyte.id), None)


@lru_cache(maxsize=512)
def as_written(unit: str) -> str:
    """A UCUM unit as laboratories print it: ``10*9/L`` becomes ``10^9/L``, ``u[IU]/mL`` ``uIU/mL``."""
    for written, code in UCUM_CODES.items():
        if unit == code:
            return written
    spoken = unit.replace("{1.73_m2}", "1.73 m2").replace("10*", "10^").replace("mm[Hg]", "mmHg")
    spoken = re.sub(r"\[i?u\]", "IU", spoken, flags=re.IGNORECASE)
    spoken = re.sub(r"\{[^}]*\}", "", spoken).replace("[degF]", "°F").replace("Cel", "°C")
    return spoken.strip("/ ") if not spoken.startswith("/") else spoken


# --- everything else ------------------------------------------------------------------------------


def _finding(node: Node, about: Concept, record: Record) -> None:
    """A sign, symptom, habit or measured sign, read as words."""
    words = _value_words(node)
    if not words:
        record.unused(about.label, "no value, or no test that is known")
        return
    status = _SAID.get(words.lower())
    site = node.concept("bodySite").label
    for name in about.names:
        place = f" in the {site}" if site else ""
        if status is not None:
            if record.read(f"{name}{place}", lambda seen: _answered(seen, status)):
                return
        elif record.read(f"{name}{place}: {words}", _by_number(name, words, record.catalogue)):
            return
    record.unused(f"{about.label}: {words}", "not in the vocabulary")


def _by_number(name: str, words: str, catalogue: Catalogue) -> Judge:
    """Of a test with a number only what the number makes of it: the name of an antibody is no finding."""
    if not any(sign.isdigit() for sign in words):
        return as_said
    alone = {seen.id for seen in read_document(name, catalogue, mend=False).observations}
    return lambda seen: None if seen.id in alone else seen.status


def _answered(seen: Observation, status: Status) -> Status | None:
    """``present: no``; what the words themselves deny is turned round."""
    if status == "unsure" or seen.status == "unsure":
        return "unsure"
    return status if seen.status == "present" else ("absent" if status == "present" else None)


def _value_words(node: Node) -> str:
    """The value of an Observation in words."""
    quantity = node.child("valueQuantity")
    if quantity is not None:
        value = quantity.number("value")
        unit = as_written(quantity.text("code") or quantity.text("unit"))
        return "" if value is None else f"{quantity.text('comparator')}{value:g} {unit}".strip()
    truth = node.flag("valueBoolean")
    if truth is not None:
        return "yes" if truth else "no"
    whole = node.number("valueInteger")
    if whole is not None:
        return f"{whole:g}"
    return node.text("valueString") or node.concept("valueCodeableConcept").label


__all__ = ["read_observation"]
