"""Temperatures: of the body, or of the place where somebody was."""

from __future__ import annotations

from collections.abc import Iterator

from whytwitch.case._measure import impossible, labelled, made
from whytwitch.case._model import Doubt
from whytwitch.case._numbers import to_float
from whytwitch.case._statement import Statement
from whytwitch.case._text import Document

FEVER = 38.0
HYPERTHERMIA = 40.0
HOT_DAY = 32.0
"""°C from which the air counts as heat."""

_LABELS = ("temperature", "temp", "fever", "fevers", "pyrexia", "febrile", "pyrexial", "tmax")
_BODY = frozenset((*_LABELS, "body", "core", "rectal", "oral", "tympanic", "axillary", "hyperthermia",
                   "hyperpyrexia", "pulse", "respirations", "bp", "hr", "spo2", "saturation"))  # fmt: skip
_AIR = frozenset(("weather", "outside", "outdoors", "air", "room", "ambient", "water", "oven", "sun",
                  "summer", "heatwave", "indoors", "sauna", "kitchen", "humid", "humidity", "greenhouse",
                  "environmental", "desert", "shade"))  # fmt: skip
_HOT = frozenset(("hot", "boiling", "burning", "feverish"))
FEVER_F = 100.4
_UNITS = frozenset(("percent", "mg", "kg", "lbs", "pounds", "minutes", "times", "years", "days", "weeks",
                    "hours", "miles", "km", "beats", "bpm", "mmol", "per", "cups", "yards"))  # fmt: skip
_TIMES = frozenset(("day", "days", "weeks", "week", "hours", "months", "years", "h"))


def read_temperature(document: Document, doubts: list[Doubt]) -> Iterator[Statement]:
    """Fever from a body temperature; heat from that of the air."""
    words = document.words
    seen = dict(labelled(document, _LABELS))
    seen |= {i: value for i in range(len(words)) if (value := _in_degrees(document, i)) is not None}
    hot = dict(_hot(document))
    for i, value in sorted((seen | hot).items()):
        if words[i + 1 : i + 2] and words[i + 1] in _TIMES:
            continue
        celsius = (value - 32) * 5 / 9 if value >= 80 else value
        around = words[slice(*document.bounds(i))]
        of_air = not _AIR.isdisjoint(around)
        if i in hot and not of_air:
            yield from _of_body(document, i, celsius, doubts)
        elif _BODY.isdisjoint(around) or (of_air and _BODY.isdisjoint(words[max(0, i - 5) : i])):
            if HOT_DAY <= celsius <= 60:
                yield made("heat_exposure", "present", i, i + 1, f"{celsius:.0f} °C around")
        elif not of_air:
            yield from _of_body(document, i, celsius, doubts)


def _hot(document: Document) -> Iterator[tuple[int, float]]:
    """``boiling hot 103.5``, ``burning up, 39.4``: a number that only a feverish body has."""
    words = document.words
    for i in range(1, len(words)):
        value = to_float(words[i])
        if value is None or not (FEVER <= value <= 42.5 or FEVER_F <= value <= 108):
            continue
        before = words[max(document.bounds(i)[0], i - 3) : i]
        after = words[i + 1 : i + 2]
        if not _HOT.isdisjoint(before) and (not after or after[0] not in _UNITS):
            yield i, value


def _of_body(document: Document, i: int, celsius: float, doubts: list[Doubt]) -> Iterator[Statement]:
    words = document.words
    if not 25 <= celsius <= 45:
        follows = words[i + 1] if i + 1 < len(words) else ""
        if follows in ("c", "f", "celsius", "fahrenheit") and words[i - 1] in ("temperature", "temp"):
            doubts.append(impossible(document, i, "temperature", "25 to 45 °C (77 to 113 °F)"))
        return
    detail = f"{celsius:.1f} °C"
    if celsius >= HYPERTHERMIA:
        yield made("hyperthermia", "present", i, i + 1, detail)
    yield made("fever", "present" if celsius >= FEVER else "absent", i, i + 1, detail)


def _in_degrees(document: Document, i: int) -> float | None:
    """A number with a degree sign, ``degrees`` or the name of a scale."""
    words = document.words
    value = to_float(words[i])
    if value is None or "°" in document.after(i):
        return value
    unit = words[i + 1] if i + 1 < len(words) else ""
    if unit in ("celsius", "fahrenheit"):
        return value
    if unit != "degrees":
        return None
    scaled = words[i + 2 : i + 3] and words[i + 2] in ("c", "f", "celsius", "fahrenheit", "centigrade")
    return value if scaled or not (_AIR | _BODY).isdisjoint(words[slice(*document.bounds(i))]) else None
