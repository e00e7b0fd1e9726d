"""Read a case given as lists of phrases (symptoms present and absent, drugs, laboratory values)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

from whytwitch.case._assemble import drop_strength
from whytwitch.case._calcium import adjust_calcium
from whytwitch.case._complete import complete
from whytwitch.case._lexicon import lexicon
from whytwitch.case._model import Case, CaseError, Doubt, DrugUse, LabResult, Observation, Place, Span
from whytwitch.case._numbers import length
from whytwitch.case._person import OLDEST
from whytwitch.case._read import MAX_BYTES, Force, Reading, read_document
from whytwitch.case._text import tokenize
from whytwitch.case._unread import not_understood, unknown_drugs
from whytwitch.knowledge import Catalogue, Setting

_T = TypeVar("_T", Observation, LabResult, DrugUse, Doubt)

FIELDS = ("age", "sex", "symptoms_present", "explicitly_absent", "body_sites", "duration", "drugs",
          "exposures", "labs", "exam", "emg", "family_history")  # fmt: skip
_LISTS: dict[str, tuple[str, Force | None]] = {
    "symptoms_present": ("", "present"), "explicitly_absent": ("", "absent"), "drugs": ("Takes ", None),
    "exposures": ("", None), "exam": ("", None), "emg": ("EMG: ", None), "imaging": ("", None),
}  # fmt: skip
"""Field -> what is put before each phrase, and the status it forces."""


class _Collector:
    """Gathers what single phrases say, as if they stood one below the other in one text."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.lines: list[str] = []
        self.position = 0
        self.observations: dict[str, Observation] = {}
        self.labs: dict[str, LabResult] = {}
        self.drugs: dict[str, DrugUse] = {}
        self.doubts: list[Doubt] = []
        self.unread: list[Span] = []

    def phrase(self, text: str, lead: str = "", force: Force | None = None) -> None:
        """Read one phrase."""
        line = f"{lead}{text.strip()}"
        reading = read_document(line, self.catalogue, force)
        shift = self.position
        for observation in reading.observations:
            self._observe(moved(observation, shift))
        self.labs |= {r.analyte: moved(r, shift) for r in reading.labs}
        self.drugs |= {d.drug: moved(d, shift) for d in reading.drugs}
        self.doubts += [moved(d, shift) for d in reading.doubts]
        self._leftover(reading, shift, drug=lead.startswith("Takes"))
        self.lines.append(line)
        self.position += len(line) + 1

    def _leftover(self, reading: Reading, shift: int, *, drug: bool) -> None:
        if not reading.document.words:
            return
        unread = not_understood(reading.document, reading.used)
        self.unread += [moved_span(s, shift) for s in unread]
        if drug and not reading.drugs and not reading.observations and unread:
            self.doubts += [moved(d, shift) for d in unknown_drugs(reading.document, reading.used, set())]

    def _observe(self, new: Observation) -> None:
        held = self.observations.get(new.id)
        if held is None or (held.status != "present" and new.status == "present"):
            self.observations[new.id] = new


def read_structured(data: Mapping[str, Any], catalogue: Catalogue, *,
                    setting: Setting = "public") -> Case:  # fmt: skip
    """Read a case given as short phrases under fixed fields.

    Args:
        data: ``age``, ``sex``, ``symptoms_present``, ``explicitly_absent``, ``body_sites``,
            ``duration``, ``drugs``, ``exposures``, ``labs`` (``analyte``, ``value``, ``unit``),
            ``exam``, ``emg``, ``family_history``; any of them may be missing.
        catalogue: the vocabulary to understand the phrases with.
        setting: where the question is asked.

    Raises:
        CaseError: a field is unknown, has the wrong form, or states an impossible age.
    """
    for name in data:
        if name not in FIELDS and name not in _LISTS:
            raise CaseError(f"{name}: unknown field; known are {', '.join(FIELDS)}")
    collector = _Collector(catalogue)
    for name, (lead, force) in _LISTS.items():
        for phrase in _phrases(data, name):
            collector.phrase(phrase, lead, force)
    for row in _rows(data.get("labs")):
        collector.phrase(_lab_phrase(row))
    family = data.get("family_history")
    for phrase in [family] if isinstance(family, str) else _phrases(data, "family_history"):
        _family(collector, phrase)
    _sites(collector, _phrases(data, "body_sites"))
    return complete(_case(collector, data, setting), catalogue)


def _case(collector: _Collector, data: Mapping[str, Any], setting: Setting) -> Case:
    drop_strength(lexicon(collector.catalogue), collector.observations)
    labs = adjust_calcium(list(collector.labs.values()), collector.catalogue)
    return Case(
        age_years=_age(data.get("age")), sex=_sex(data.get("sex")),
        duration_days=_duration(data.get("duration")),
        observations=tuple(collector.observations.values()), labs=tuple(labs),
        drugs=tuple(collector.drugs.values()), doubts=tuple(collector.doubts),
        not_understood=tuple(collector.unread), text="\n".join(collector.lines), setting=setting,
    )  # fmt: skip


def _phrases(data: Mapping[str, Any], name: str) -> list[str]:
    value = data.get(name)
    if value is None:
        return []
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, Sequence) or not all(isinstance(item, str) for item in cast("list[Any]", value)):
        raise CaseError(f"{name}: must be a list of phrases in quotes")
    phrases = cast("list[str]", value)
    if sum(len(item) for item in phrases) > MAX_BYTES:
        raise CaseError(f"{name}: too long; the limit is {MAX_BYTES // 1000} kB")
    return [item for item in phrases if item.strip()]


def _rows(value: Any) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    rows = cast("list[Mapping[str, Any]]", value)
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in rows):
        raise CaseError("labs: must be a list of tables with analyte, value and unit")
    return rows


def _lab_phrase(row: Mapping[str, Any]) -> str:
    if "analyte" not in row:
        raise CaseError('labs: each entry needs an analyte (for example: analyte = "potassium")')
    value, unit = row.get("value"), row.get("unit")
    if isinstance(value, str) and not value[:1].isdigit() and value[:1] not in "<>":
        return f"{row['analyte']} is {value}"
    parts = (row["analyte"], value, unit)
    return " ".join(str(part) for part in parts if part is not None)


def _family(collector: _Collector, phrase: str) -> None:
    if phrase.strip().lower() in ("negative", "none", "unremarkable", "no", "nil", "noncontributory"):
        return
    collector.phrase(phrase, force="relative")


def _sites(collector: _Collector, phrases: list[str]) -> None:
    """Body sites on their own say where the complaint is, but not which complaint."""
    from whytwitch.case._lexicon import find_sites, lexicon

    lex = lexicon(collector.catalogue)
    places: dict[Place, None] = {}
    for phrase in phrases:
        for site in find_sites(lex, tokenize(phrase)):
            places.setdefault(Place(site=site.id), None)
    held = collector.observations.get("twitching")
    if places and held is not None and not held.places and held.status == "present":
        collector.observations["twitching"] = held.model_copy(update={"places": tuple(places)})


def _age(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= OLDEST:
        raise CaseError(f"age: {value!r} cannot be a person's age; give years, 0 to {OLDEST}")
    return float(value)


def _sex(value: Any) -> Any:
    if value in (None, ""):
        return None
    word = str(value).strip().lower()
    known = {"m": "male", "male": "male", "man": "male", "boy": "male", "f": "female",
             "female": "female", "woman": "female", "girl": "female"}  # fmt: skip
    if word not in known:
        raise CaseError(f"sex: {value!r} is not understood; give female or male, or leave it out")
    return known[word]


def _duration(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    document = tokenize(str(value))
    return next((found.days for i in range(len(document)) if (found := length(document, i))), None)


def moved_span(span: Span, by: int) -> Span:
    return Span(start=span.start + by, end=span.end + by, text=span.text)


def moved(item: _T, by: int) -> _T:
    if item.span is None:
        return item
    return item.model_copy(update={"span": moved_span(item.span, by)})
