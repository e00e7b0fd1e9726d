"""What a record says, gathered resource by resource; what could not be used is kept beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from whytwitch.case._calcium import adjust_calcium
from whytwitch.case._complete import complete
from whytwitch.case._model import Case, CaseError, Doubt, DrugUse, LabResult, Observation, Span, Status
from whytwitch.case._person import Sex
from whytwitch.case._read import MAX_BYTES, Reading, read_document, read_text
from whytwitch.case._structured import moved, moved_span
from whytwitch.case._unread import not_understood
from whytwitch.knowledge import Catalogue, Setting

COMPLAINT = "twitching"

Judge = Callable[[Observation], Status | None]
"""The status that an observation takes; None leaves it out."""


def as_said(seen: Observation) -> Status:
    """The status that the words give."""
    return seen.status


@dataclass(slots=True)
class Record:
    """One person's record.

    Attributes:
        catalogue: the vocabulary.
        now: the moment from which ages and lengths of time are counted.
    """

    catalogue: Catalogue
    now: datetime
    age_years: float | None = None
    sex: Sex | None = None
    duration_days: float | None = None
    lines: list[str] = field(default_factory=list[str])
    length: int = 0
    observations: dict[str, Observation] = field(default_factory=dict[str, Observation])
    labs: dict[str, tuple[datetime | None, LabResult]] = field(
        default_factory=dict[str, tuple[datetime | None, LabResult]]
    )
    drugs: dict[str, DrugUse] = field(default_factory=dict[str, DrugUse])
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    unread: list[Span] = field(default_factory=list[Span])
    known: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    """Names of laboratory tests -> analyte, as far as looked up."""

    # --- lines ------------------------------------------------------------------------------------

    def line(self, text: str) -> Span:
        """Add a line to the text of the case; returns where it stands.

        Raises:
            CaseError: there is more text than a case may have.
        """
        span = Span(start=self.length, end=self.length + len(text), text=text)
        self.lines.append(text)
        self.length += len(text) + 1
        if self.length > MAX_BYTES:
            raise CaseError(f"FHIR: more than {MAX_BYTES // 1000} kB of words; give the part that matters")
        return span

    def unused(self, text: str, why: str) -> None:
        """Keep what could not be used, and say why."""
        self.unread.append(self.line(f"{text or 'nothing said'} ({why})"))

    # --- what is read -----------------------------------------------------------------------------

    def read(self, text: str, judge: Judge = as_said, *, leftovers: bool = True) -> tuple[str, ...]:
        """Read findings from words; returns their ids, and none, without a trace, where none is read."""
        reading = read_document(text, self.catalogue, mend=False)
        judged = [(seen, judge(seen)) for seen in reading.observations]
        if not any(status for _, status in judged):
            return ()
        start = self.line(text).start
        for seen, status in judged:
            if status is not None:
                self.observe(moved(seen.model_copy(update={"status": status}), start))
        self.doubts += [moved(doubt, start) for doubt in reading.doubts]
        if leftovers:
            self._leave(reading, start)
        return tuple(seen.id for seen, status in judged if status is not None)

    def story(self, text: str) -> None:
        """Take in the person's own words.

        Raises:
            CaseError: they are no description in English.
        """
        case = read_text(text, self.catalogue)
        start = self.line(text).start
        for seen in case.observations:
            if seen.implied_by is None:
                self.observe(moved(seen, start))
        for result in case.labs:
            self.measure(moved(result, start), None)
        for use in case.drugs:
            self.take(moved(use, start))
        self.doubts += [moved(doubt, start) for doubt in case.doubts]
        self.unread += [moved_span(span, start) for span in case.not_understood]
        self.age_years = self.age_years if case.age_years is None else case.age_years
        self.sex = case.sex or self.sex
        if case.duration_days is not None:
            self.lasts(case.duration_days)

    def _leave(self, reading: Reading, start: int) -> None:
        unread = not_understood(reading.document, reading.used)
        self.unread += [moved_span(span, start) for span in unread]

    def observe(self, new: Observation) -> None:
        """Take in a finding; of two statements that differ, "present" is kept, as the safer one.

        One that is said to be there twice is in all the places named.
        """
        held = self.observations.get(new.id)
        if held is not None and held.status == new.status == "present":
            places = tuple(dict.fromkeys((*held.places, *new.places)))
            self.observations[new.id] = held.model_copy(update={"places": places})
        elif held is None or (held.status != "present" and new.status == "present"):
            self.observations[new.id] = new

    def settle(self, new: Observation) -> None:
        """Take in an answer to a direct question, which stands above what the record says."""
        self.observations[new.id] = new

    def measure(self, result: LabResult, when: datetime | None) -> None:
        """Take in a laboratory value; of several the newest counts, and says so."""
        if result.span is None:
            said = "" if result.value is None else f"{result.value:g} {result.unit}"
            name = self.catalogue.analytes[result.analyte].plain
            result = result.model_copy(update={"span": self.line(f"{name} {said or result.flag}")})
        held = self.labs.get(result.analyte)
        if held is None:
            self.labs[result.analyte] = (when, result)
            return
        earlier = min((m for m in (held[0], when) if m is not None), default=None)
        newest = (when, result) if held[0] is None or (when is not None and when >= held[0]) else held
        told = f"the newest of several values (since {earlier:%Y-%m-%d})" if earlier else "one of several"
        self.labs[result.analyte] = (newest[0], newest[1].model_copy(update={"note": told}))

    def take(self, use: DrugUse) -> None:
        """Take in a drug; being taken stands above having been stopped."""
        held = self.drugs.get(use.drug)
        if held is None or (held.status != "taking" and use.status == "taking"):
            self.drugs[use.drug] = use

    def lasts(self, days: float) -> None:
        """Take in how long the complaint has lasted; the longest counts."""
        self.duration_days = max(days, self.duration_days or 0.0)

    # --- the case ---------------------------------------------------------------------------------

    def case(self, setting: Setting) -> Case:
        """Everything gathered.

        Raises:
            CaseError: nothing was.
        """
        if not (self.lines or self.observations or self.labs or self.drugs) and (
            self.age_years is None and self.sex is None and self.duration_days is None
        ):
            raise CaseError("FHIR: nothing is said of the person; give a Bundle with at least one resource")
        labs = adjust_calcium([result for _, result in self.labs.values()], self.catalogue)
        found = Case(
            age_years=self.age_years, sex=self.sex, duration_days=self.duration_days,
            observations=tuple(self.observations.values()), labs=tuple(labs),
            drugs=tuple(self.drugs.values()), doubts=tuple(self.doubts),
            not_understood=tuple(self.unread), text="\n".join(self.lines), setting=setting,
        )  # fmt: skip
        return complete(found, self.catalogue)


__all__ = ["COMPLAINT", "Judge", "Record", "as_said"]
