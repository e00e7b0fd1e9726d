"""The shape of the catalogue: what one entry may say, checked when it is written.

Every table of the catalogue (``data/``) is parsed into these frozen models. A number never
stands alone: it is wrapped in an object that carries its ``basis`` (how it is known), its
``grade`` (how good the evidence is) and its ``sources``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Word = Literal["always", "very common", "common", "uncommon", "rare", "very rare", "negligible", "never"]
"""A graded word for a probability; ``scales.toml`` says which number and range it stands for."""

Basis = Literal["observed", "derived", "self-report", "guideline", "expert estimate"]
"""How a figure is known. ``expert estimate`` is a judgement and is labelled so wherever shown."""

Grade = Literal["A", "B", "C", "D", "E"]
"""A trial or meta-analysis; B cohort, case-control or guideline; C small series;
D case report or list; E nothing found, an expert estimate."""

Verdict = Literal["yes", "rarely", "contested", "mimic"]
Kind = Literal["cause", "contributor", "mimic", "category"]
Urgency = Literal["reassurance", "routine", "soon", "urgent", "emergency"]
Setting = Literal["public", "primary-care", "neurology", "emergency"]
Site = Literal[
    "brain", "brainstem", "spinal cord", "motor neuron", "root", "axon", "terminal",
    "junction", "muscle fiber", "blood", "whole body",
]  # fmt: skip
FindingKind = Literal[
    "symptom", "sign", "emg", "imaging", "test", "lab",
    "habit", "exposure", "condition", "family", "drug",
]  # fmt: skip

CONTEXT_KINDS: frozenset[str] = frozenset({"habit", "exposure", "condition", "family", "drug"})
"""Kinds that set the prior (what a person brings) rather than being explained by a cause."""

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Text = Annotated[str, Field(min_length=1)]


class Entry(BaseModel):
    """Base of every catalogue model: frozen, and a misspelled field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Source(Entry):
    """Where a statement comes from."""

    citation: Text
    year: int | None = None
    doi: str | None = None
    address: str | None = None
    read: Text = "abstract"
    """What part of it was read when the entry was written."""


class Evidenced(Entry):
    """A statement with its pedigree. An unsourced one must be an expert estimate."""

    basis: Basis = "expert estimate"
    grade: Grade = "E"
    sources: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _sourced(self) -> Evidenced:
        if self.basis != "expert estimate" and not self.sources:
            raise ValueError(f"basis {self.basis!r} needs at least one source")
        return self


class Link(Evidenced):
    """How often a cause shows one finding, or how often one context is met in that cause."""

    id: Id
    p: Word | Probability
    """P(item present | this is the cause); a number only where a source has it."""
    n: int | None = None

    @model_validator(mode="after")
    def _numbers_are_sourced(self) -> Link:
        if not isinstance(self.p, str) and self.basis == "expert estimate":
            raise ValueError(f"{self.id}: a numeric p needs an observed basis; use a graded word")
        return self


class Mechanism(Evidenced):
    """What happens, and where in the motor system."""

    plain: Text
    precise: Text
    sites: tuple[Site, ...] = Field(min_length=1)
    targets: tuple[str, ...] = ()
    """Channels, transmitters or structures, e.g. ``("persistent Na+ current", "Kv1")``."""
    support: Literal["measured", "modelled", "hypothesis", "none"] = "hypothesis"


class VerdictText(Evidenced):
    """Does it really make muscles twitch, and what the popular article gets right or wrong."""

    answer: Verdict
    plain: Text
    precise: Text


class Prior(Evidenced):
    """Share of people who seek an answer in each setting for whom this is at work."""

    public: Word | Probability
    primary_care: Word | Probability
    neurology: Word | Probability
    emergency: Word | Probability


class Prevalence(Evidenced):
    """One published figure of how common the cause is, in words with its population."""

    text: Text
    population: Text


class Demography(Evidenced):
    """Who has it: central 90 % of ages, share of males; unset means uninformative."""

    age_years: tuple[float, float] | None = None
    male_share: Probability | None = None


class Course(Evidenced):
    """How it runs: central 90 % of the time from first symptom to asking for help."""

    duration_days: tuple[float, float] | None = None
    plain: Text


class Test(Entry):
    """One test that confirms or excludes the cause, and what it would show."""

    name: Text
    shows: Text


class UrgencyText(Evidenced):
    """How soon somebody should look at it: as a rule, and at worst."""

    level: Urgency
    worst: Urgency
    plain: Text


class Action(Evidenced):
    """What to do, in plain words for the person and precise ones for the clinician."""

    plain: tuple[Text, ...] = Field(min_length=1)
    precise: tuple[Text, ...] = Field(min_length=1)


class SelfCare(Evidenced):
    """One thing a person can do alone, and how well that is supported."""

    advice: Text
    support: Text


class Cause(Entry):
    """One entry of the catalogue."""

    id: Id
    name: Text
    plain_name: Text
    synonyms: tuple[str, ...] = ()
    kind: Kind
    family: Id
    article_phrases: tuple[str, ...] = ()
    summary: Text
    """Two or three plain sentences: what it is and why it matters here."""
    mechanism: Mechanism
    verdict: VerdictText
    prior: Prior
    prevalence: tuple[Prevalence, ...] = ()
    demography: Demography = Demography()
    course: Course
    findings: tuple[Link, ...] = ()
    context: tuple[Link, ...] = ()
    needs: tuple[Id, ...] = ()
    """Contexts of which at least one must be present (a drug reaction needs the drug)."""
    excludes: tuple[Id, ...] = ()
    """Findings that rule the cause out by its very definition (a benign syndrome with wasting is
    called something else); not for findings that are merely unusual."""
    red_flags: tuple[Text, ...] = ()
    tests: tuple[Test, ...] = ()
    urgency: UrgencyText
    action: Action
    self_care: tuple[SelfCare, ...] = ()
    codes: dict[str, str] = {}
    """Single codes that were verified against a source (keys: icd10, icd11, hpo, orpha, omim)."""


class Finding(Entry):
    """One thing that can be asked, seen, measured or brought along; the shared vocabulary."""

    id: Id
    name: Text
    """The precise term, for the expert."""
    plain: Text
    """A noun phrase a 12-year-old understands; fits after "You have" or "You mentioned"."""
    kind: FindingKind
    parent: Id | None = None
    """A broader finding that this one implies (a weak hand implies weakness)."""
    share: Word | Probability = "uncommon"
    """How often the child is present, given the parent, when a cause says nothing of the child."""
    background: Word | Probability
    """How often it is present for reasons outside the catalogue, in people who ask about twitches;
    for contexts, how common it is among them."""
    question: str = ""
    """A yes/no question in plain words; empty where a person cannot be asked."""
    help: str = ""
    """One plain sentence that says what is meant."""
    patterns: tuple[str, ...] = ()
    """Ways in which people and clinicians say it (the lexicon's pattern language)."""
    absent_patterns: tuple[str, ...] = ()
    """Ways of saying that it is absent, where simple negation is not enough."""
    implies_absent: tuple[Id, ...] = ()
    """Findings that become unlikely when this one is present (a normal examination)."""
    acute: bool = False
    """It counts for days or weeks: told of years ago, it is not read as present."""
    reassuring: bool = False
    """Good news when present. It is asked alone: in a checklist, "none of these" would deny it."""
    sources: tuple[str, ...] = ()


class Analyte(Entry):
    """One laboratory quantity: units, interval, and the findings its extremes stand for."""

    id: Id
    name: Text
    plain: Text
    patterns: tuple[str, ...]
    unit: Text
    """The SI unit in which values are kept."""
    units: dict[str, float]
    """Accepted unit spelling -> factor to the SI unit (value_si = value * factor + offset)."""
    offsets: dict[str, float] = {}
    low: float | None = None
    """Lower end of the reference interval, SI."""
    high: float | None = None
    plausible: tuple[float, float]
    """Values outside are impossible in a living person or a unit mistake."""
    spread: float
    """Standard deviation of assay plus day-to-day variation, SI."""
    severe_low: float | None = None
    """Value at which symptoms are usual (SI)."""
    severe_high: float | None = None
    low_finding: Id | None = None
    high_finding: Id | None = None
    loinc: str | None = None
    sources: tuple[str, ...] = ()
    note: str = ""


class Disturbance(Evidenced):
    """What a drug upsets, and how often."""

    what: Text
    how_often: Text


class Drug(Entry):
    """One drug or drug group people name, and the context it stands for."""

    id: Id
    name: Text
    brands: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    """Further spellings; generic and brand names are matched as they stand."""
    context: Id | None = None
    """The vocabulary item it sets; None for a drug known not to matter here."""
    also: tuple[Id, ...] = ()
    atc: str | None = None
    disturbs: tuple[Disturbance, ...] = ()


class BodySite(Entry):
    """A place on the body, in the words people use."""

    id: Id
    plain: Text
    region: Literal["head", "neck", "trunk", "arm", "hand", "leg", "foot", "everywhere"]
    parent: Id | None = None
    words: tuple[Text, ...]
    paired: bool = True


class Muscle(Entry):
    """A muscle that clinicians name or record from."""

    id: Id
    name: Text
    site: Id
    nerve: Text
    roots: Text
    words: tuple[Text, ...] = ()


class SiteFinding(Entry):
    """When ``finding`` is said of ``site``, record ``gives`` (weakness of the hand -> hand_weakness)."""

    finding: Id
    site: Id
    gives: Id


class CausePair(Evidenced):
    """Two causes of one family that go together more often than chance."""

    causes: tuple[Id, Id]
    association: Annotated[float, Field(gt=0.0)]
    """How many times more often than by chance."""
    plain: Text


class Family(Entry):
    """Causes that share a mechanism; within one, few are at work at the same time."""

    id: Id
    name: Text
    plain: Text
    pairs: tuple[CausePair, ...] = ()


class RedFlagRule(Evidenced):
    """A combination that decides the urgency by itself, whatever the ranking says."""

    id: Id
    level: Urgency
    all_of: tuple[Id, ...] = ()
    any_of: tuple[Id, ...] = ()
    at_least: int = 1
    """How many of ``any_of`` must be present."""
    min_age_years: float | None = None
    max_age_years: float | None = None
    max_duration_days: float | None = None
    min_duration_days: float | None = None
    screen: bool = True
    """Whether it can and should be asked about first in an interview."""
    title: Text
    plain: Text
    action: Text
    """What to do now, plainly."""
    precise: Text


class LabLimit(Evidenced):
    """A value that decides the urgency by itself."""

    id: Id
    analyte: Id
    below: float | None = None
    above: float | None = None
    """Limits in the analyte's SI unit; exactly one is set."""
    level: Urgency
    title: Text
    plain: Text
    action: Text
    precise: Text

    @model_validator(mode="after")
    def _one_limit(self) -> LabLimit:
        if (self.below is None) == (self.above is None):
            raise ValueError("set exactly one of below and above")
        return self


Feature = Literal["rate", "windows", "units"]
"""What a recording is measured by: fasciculations a minute, share of 10-s windows in which two or more
units had isolated discharges, number of active units."""


class HealthyRate(Evidenced):
    """What healthy people show in one muscle."""

    id: Id
    """The muscle."""
    text: Text
    highest_per_min: float | None = None
    """Rate that was never exceeded; None where no such limit was found."""
    smallest_uv: float | None = None
    """Potentials smaller than this, peak to peak, were not counted."""
    electrode: Literal["surface", "needle"] = "surface"


class Spread(Entry):
    """A distribution over people, by its median and how wide it is."""

    median: Annotated[float, Field(gt=0.0)]
    shape: Annotated[float, Field(gt=0.0)]
    """Of the gamma (rates, units) or, as the sum of both parameters, beta distribution (shares); the
    smaller, the wider."""


class RecordingEvidence(Evidenced):
    """What one feature of a recording says, in muscles in which it was measured."""

    id: Id
    muscles: tuple[Id, ...] = Field(min_length=1)
    feature: Feature
    disease: Spread
    """In affected muscles of people with anterior-horn disease."""
    benign: Spread
    """In people without it."""
    affected: Annotated[float, Field(gt=0.0, le=1.0)]
    """Share of muscles of people with the disease that show fasciculations at all."""
    unlike: Annotated[float, Field(ge=0.0, lt=1.0)]
    """Chance that benign twitching looks like the disease here, where only healthy people were compared."""
    plain: Text


class CauseGroup(Evidenced):
    """Causes whose recordings are taken to look alike."""

    id: Id
    causes: tuple[Id, ...] = Field(min_length=1)
    alike: Probability
    """Chance that their potentials behave as those of anterior-horn disease."""


class Watch(Evidenced):
    """How long a quiet muscle must be watched."""

    seconds: Annotated[float, Field(gt=0.0)]
    text: Text


class SilentMeasure(Evidenced):
    """Something that is measured and does not move an answer, with the reason."""

    id: Id
    text: Text


class RecordingTable(Entry):
    """What is published of recordings."""

    watch: Watch
    healthy: dict[str, HealthyRate]
    evidence: dict[str, RecordingEvidence]
    groups: dict[str, CauseGroup]
    silent: dict[str, SilentMeasure] = {}
