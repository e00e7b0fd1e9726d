"""What crosses the door of the API, described for those who write programs against it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from whytwitch.case import MAX_BYTES, Case
from whytwitch.knowledge import Cause, FindingKind, Setting, Urgency
from whytwitch.reasoning import Question, Understood, WhatIf

STORY: Final = "My calves twitch at night since three weeks. I am 34. No weakness. Potassium 3.1 mmol/L."
FORMS: Final = ("text", "case", "fhir")
_CASE: Final = {
    "age_years": 34, "sex": "female", "duration_days": 21,
    "findings": {"present": ["twitch_calf", "cramps"], "absent": ["weakness"]},
    "labs": {"potassium": "3.1 mmol/L"}, "drugs": ["hydrochlorothiazide"],
}  # fmt: skip
_FHIR: Final = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Condition", "code": {"text": "Muscle twitching of the calf"}}},
        {
            "resource": {
                "resourceType": "Observation",
                "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
                "valueQuantity": {"value": 3.1, "system": "http://unitsofmeasure.org", "code": "mmol/L"},
            }
        },
    ],
}


Number = Annotated[float, Field(strict=True)]
"""A number, and not a truth value that could be taken for one."""


class In(BaseModel):
    """What comes in: an unknown field is an error, and a field is left out rather than null."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _no_nulls(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for name, value in cast("dict[Any, Any]", data).items():
                if value is None:
                    raise ValueError(f"{name} is null; leave it out instead")
        return data


class Out(BaseModel):
    """What goes out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(In):
    """What is known of one person, in exactly one of three forms."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [form]} for form in FORMS],
            "examples": [{"text": STORY}, {"case": _CASE, "setting": "primary-care"}, {"fhir": _FHIR}],
        }
    )

    text: Annotated[str, Field(min_length=1, max_length=MAX_BYTES)] = Field(
        default="", description="The story in plain English, lay or clinical words"
    )
    case: dict[str, Any] = Field(
        default={},
        description="A case file (as `whytwitch schema` describes it), a case that /api/read gave, or lists "
        "of phrases",
    )
    fhir: dict[str, Any] = Field(default={}, description="A FHIR R4 or R4B Bundle or resource")
    setting: Setting = Field(
        default="public",
        description="Where the question is asked: how common a cause is differs. One in the case file stands "
        "unless another is given here",
    )

    @model_validator(mode="after")
    def _one_form(self) -> Told:
        given = [form for form in FORMS if form in self.model_fields_set]
        if len(given) != 1:
            raise ValueError(f"give exactly one of text, case and fhir, not {' and '.join(given) or 'none'}")
        return self


class Ask(Told):
    """What is known, and what was passed over."""

    skipped: tuple[str, ...] = Field(
        default=(), max_length=1000, description="Ids of questions and items that shall not come back"
    )


class ChangesIn(In):
    """What shall be different."""

    values: dict[str, Number | str] = Field(
        default={},
        max_length=20,
        description="Quantity -> value: potassium, ionized_calcium, calcium, magnesium, sodium, chloride "
        "(mmol/L, or text with a unit), ph, temperature (°C)",
        examples=[{"potassium": 4.2, "calcium": "9.5 mg/dL"}],
    )
    stop: tuple[str, ...] = Field(default=(), max_length=50, description="Drugs of the case to leave out")
    caffeine_cups: Number = Field(
        default=0.0, ge=0, le=30, description="Cups of coffee a day; left out: as now"
    )


class WhatIfIn(Told):
    """What is known, and what shall be different."""

    changes: ChangesIn = Field(default=ChangesIn(), description="Nothing given: only today beside normal")
    per_min: Number = Field(
        default=0.0, ge=0, le=10_000, description="Twitches a minute that were counted; left out: none were"
    )


class Words(In):
    """A text to be understood."""

    text: str = Field(min_length=1, max_length=MAX_BYTES, description="Plain English", examples=[STORY])
    setting: Setting = "public"


class ReadOut(Out):
    """What was understood of a text. The case can be sent back as ``case`` to the other calls."""

    case: Case
    understood: tuple[Understood, ...]
    not_understood: tuple[str, ...]
    doubts: tuple[str, ...] = Field(
        description="Questions that must be answered before something can be used"
    )


class NextQuestion(Out):
    """What to ask next. In an emergency nothing is asked any more: what to do now comes first."""

    state: Literal["asking", "emergency", "finished"]
    question: Question | None = Field(description="None unless the state is asking")
    urgency: Urgency = Field(description="How soon somebody should look at it, as far as known by now")
    headline: str
    steps: tuple[str, ...] = Field(description="What to do now")
    not_ruled_out: tuple[str, ...] = Field(
        description="Warning signs that nobody has denied yet: the urgency holds only without them"
    )


class SourceOut(Out):
    """Where a statement comes from."""

    citation: str
    year: int | None
    doi: str | None
    address: str | None


class CauseLine(Out):
    """One cause in a list."""

    id: str
    name: str
    plain_name: str
    family: str
    summary: str
    verdict: Literal["yes", "rarely", "contested", "mimic"] = Field(
        description="Does it make muscles twitch?"
    )
    urgency: Urgency


class CauseOut(Out):
    """One cause in full, with the sources that it cites."""

    cause: Cause
    sources: dict[str, SourceOut]


class FindingOut(Out):
    """One thing that can be asked, seen, measured or brought along."""

    id: str
    name: str
    plain: str
    kind: FindingKind
    parent: str | None
    question: str
    help: str
    reassuring: bool


class VersionOut(Out):
    """What is running."""

    program: str
    catalogue: str
    catalogue_fingerprint: str
    document_schema: str
    fhir: str
    cds_hooks: str


class HealthOut(Out):
    """Whether the API answers."""

    status: Literal["ok"]
    causes: int


class Trouble(Out):
    """An error, as RFC 9457 has it (application/problem+json)."""

    title: str
    status: int
    detail: str = Field(description="What is wrong, where, and how to mend it, in one sentence or two")


_KEPT: Final[dict[str, Any]] = {n: (f.annotation, f) for n, f in WhatIf.model_fields.items() if n != "case"}
WhatIfOut = create_model(
    "WhatIfOut",
    __base__=Out,
    __doc__="The rate of twitches beside a normal muscle's, and after the changes. A calculation, no advice.",
    **_KEPT,
    words=(tuple[str, ...], Field(description="The result in plain words")),
    limits=(tuple[str, ...], Field(description="What these numbers cannot say; show them beside")),
    version=(str, Field(description="Of the program")),
)

__all__ = [
    "Ask",
    "CauseLine",
    "CauseOut",
    "ChangesIn",
    "FindingOut",
    "HealthOut",
    "In",
    "NextQuestion",
    "Out",
    "ReadOut",
    "SourceOut",
    "Told",
    "Trouble",
    "VersionOut",
    "WhatIfIn",
    "WhatIfOut",
    "Words",
]
