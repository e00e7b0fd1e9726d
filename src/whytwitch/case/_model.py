"""What is known of one person, in the product's own terms."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from whytwitch.knowledge import Setting

Status = Literal["present", "absent", "unsure"]
"""``not asked`` is the absence of an observation, never a value."""

Side = Literal["left", "right", "both"]


class Model(BaseModel):
    """Base: frozen, and an unknown field is an error that names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(Model):
    """Where on the body something is."""

    site: str
    side: Side | None = None


class Span(Model):
    """The stretch of the person's own text that a statement was read from."""

    start: int
    end: int
    text: str


class Observation(Model):
    """One vocabulary item (symptom, sign, test result, habit, drug, …) and whether it is there."""

    id: str
    status: Status = "present"
    places: tuple[Place, ...] = ()
    detail: str = ""
    """What was said beyond the item itself: a dose, a duration, a drug's name."""
    span: Span | None = None
    implied_by: str | None = None
    """The observation this one follows from (a normal examination implies full strength)."""


class LabResult(Model):
    """One laboratory value, in the unit it was given in and in the SI unit."""

    analyte: str
    value: float | None = None
    unit: str | None = None
    value_si: float | None = None
    low: float | None = None
    """Reference interval printed with the result, SI, where it was given."""
    high: float | None = None
    flag: Literal["low", "normal", "high"] | None = None
    """What the text says of it in words; used where there is no number."""
    note: str = ""
    """How the value came about, where it is not simply what was written."""
    span: Span | None = None


class DrugUse(Model):
    """One drug somebody takes, took or stopped."""

    drug: str
    name: str
    """The name as it was written."""
    dose: str = ""
    status: Literal["taking", "stopped", "not taking", "given"] = "taking"
    """``given``: as a treatment of the present complaint, so it cannot have led to it."""
    detail: str = ""
    """Set where the name was not spelled as in the catalogue."""
    span: Span | None = None


class Doubt(Model):
    """Something that was read but cannot be used until the person says more."""

    text: str
    question: str
    span: Span | None = None
    readings: tuple[LabResult, ...] = ()
    """Of a laboratory value without a unit: what it would be in each unit that is possible."""


Amount = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]


class RecordingSummary(Model):
    """The numbers of one muscle recording that bear on the causes."""

    name: str
    sha256: str = ""
    """Of the file, so that one recording given twice counts once."""
    muscle: str = ""
    """The catalogue's id; empty where it is not known."""
    electrode: Literal["surface", "needle"] = "surface"
    n_channels: Annotated[int, Field(ge=1)] = 1
    duration_s: Amount
    clean_s: Amount
    """Time in which a fasciculation would have been seen."""
    voluntary_s: Amount = 0.0
    quality: Annotated[float, Field(ge=0.0, le=1.0)]
    """0 useless to 1 clean."""
    fasciculations: Count
    """In the clean time."""
    units: Count = 0
    """Motor units that fired them."""
    windows: Count = 0
    """Whole 10-s windows of clean time."""
    busy_windows: Count = 0
    """Windows in which two or more units had isolated discharges."""
    trains: Count = 0
    train_rate_hz: Amount | None = None
    fibrillations: Count = 0
    norm: Literal["within", "above", "uncertain", "unknown"] = "unknown"
    """The rate against what is published for healthy people in this muscle."""

    @model_validator(mode="after")
    def _parts_fit(self) -> RecordingSummary:
        if self.clean_s > self.duration_s + 1.0:
            raise ValueError("clean_s: longer than the recording; correct it or duration_s")
        if self.busy_windows > self.windows:
            raise ValueError("busy_windows: more than windows; correct one of them")
        return self


class Case(Model):
    """What is known of one person. Only what was said is here; everything else is "not asked"."""

    age_years: Annotated[float, Field(ge=0, le=120)] | None = None
    sex: Literal["female", "male"] | None = None
    duration_days: Annotated[float, Field(ge=0)] | None = None
    """Time since the first symptom."""
    observations: tuple[Observation, ...] = ()
    labs: tuple[LabResult, ...] = ()
    drugs: tuple[DrugUse, ...] = ()
    recordings: tuple[RecordingSummary, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    not_understood: tuple[Span, ...] = ()
    text: str = ""
    setting: Setting = "public"


class CaseError(ValueError):
    """The input cannot be read as a case; the message names what, where and how to mend it."""
