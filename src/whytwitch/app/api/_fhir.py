"""FHIR: the interview as an adaptive questionnaire, an answer as a Bundle, and what the server can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from whytwitch.app.api._adaptive import OUTCOME, base_questionnaire, next_step
from whytwitch.app.api._catalogue import FHIR_VERSION
from whytwitch.app.api._trouble import FHIR_JSON
from whytwitch.app.shell import Services, heavy
from whytwitch.case import fhir_terms, read_data
from whytwitch.knowledge import Catalogue, Setting
from whytwitch.reasoning import explain
from whytwitch.report import fhir_bundle, program_version

if TYPE_CHECKING:
    from fastapi import APIRouter

NEXT_QUESTION: Final = "http://hl7.org/fhir/uv/sdc/OperationDefinition/Questionnaire-next-question"
NEXT: Final = f"""The operation `$next-question` of the Structured Data Capture guide. Begin with a
QuestionnaireResponse without items whose `questionnaire` is `{fhir_terms.QUESTIONNAIRE}` (or `#ID` of a
contained Questionnaire with that in `derivedFrom`); send back what comes, with the answers put in.

- Each question is a group of the contained Questionnaire; its items are ids of findings. Answers are
  `yes`, `no` and `unsure` (`valueCoding`), or `valueBoolean`, or a code of data-absent-reason:
  `asked-unknown` is "unsure", `asked-declined` and `not-performed` pass the item over. What has no answer
  is passed over too and does not come back. Warning signs alone are required: until each has an answer,
  the same group returns.
- After 25 questions an item `go-on:1` asks whether to go on; anything but `yes` ends the questions.
- An emergency ends the questions at once. A completed response holds a display item `{OUTCOME}`:
  show it.
- The extension `{fhir_terms.URGENCY}` says how soon, by what is known so far."""
EXPLAIN: Final = """A Bundle with a Patient, a QuestionnaireResponse (what was understood), Observations,
MedicationStatements and one RiskAssessment of status preliminary. It holds no Condition: the program does
not diagnose. Probabilities are in percent, as FHIR has them. Recordings have no place in it."""


STATED: Final = "2026-11-28"
"""When the capabilities were last changed."""
START: Final[dict[str, Any]] = {
    "resourceType": "QuestionnaireResponse",
    "status": "in-progress",
    "questionnaire": fhir_terms.QUESTIONNAIRE,
}


class FhirJson(JSONResponse):
    """JSON under the name that FHIR has for it."""

    media_type = FHIR_JSON


class Given(BaseModel):
    """A FHIR resource as it came; what it must hold is checked when it is read."""

    model_config = ConfigDict(frozen=True, extra="allow")

    def data(self) -> dict[str, Any]:
        """The resource as JSON has it."""
        return {**self.__dict__, **(self.model_extra or {})}


class Resource(Given):
    """A FHIR R4 or R4B resource, or a Bundle of them."""

    resourceType: str = Field(min_length=1, max_length=60, examples=["Bundle"])  # noqa: N815 (FHIR's name)


class Adaptive(Given):
    """A QuestionnaireResponse, or Parameters with one as ``questionnaire-response``."""

    model_config = ConfigDict(json_schema_extra={"examples": [START]})

    resourceType: Literal["QuestionnaireResponse", "Parameters"]  # noqa: N815


Where = Annotated[Setting, Query(description="Where the question is asked")]


def routes(services: Services) -> APIRouter:
    """The calls."""
    from fastapi import APIRouter

    router = APIRouter(prefix="/fhir", tags=["FHIR"], default_response_class=FhirJson)
    catalogue = services.catalogue

    @router.get("/metadata", summary="What the server can do (CapabilityStatement)")
    def metadata() -> dict[str, Any]:
        """FHIR R4B; one Questionnaire, and one operation on it."""
        return _capabilities()

    @router.get("/Questionnaire/whytwitch", summary="The adaptive questionnaire")
    def questionnaire() -> dict[str, Any]:
        """It has no items: they are added as they are asked."""
        return base_questionnaire(catalogue)

    @router.post("/Questionnaire/$next-question", summary="The next question", description=NEXT)
    async def next_question(resource: Adaptive, setting: Where = "public") -> dict[str, Any]:
        return await heavy(next_step, resource.data(), catalogue, setting)

    @router.post("/$explain", summary="FHIR in, FHIR out", description=EXPLAIN)
    async def explained(resource: Resource, setting: Where = "public") -> dict[str, Any]:
        return await heavy(_explained, resource.data(), catalogue, setting)

    return router


def _explained(data: dict[str, Any], catalogue: Catalogue, setting: Setting) -> dict[str, Any]:
    case = read_data(data, catalogue, setting=setting)
    return fhir_bundle(explain(case, catalogue=catalogue), catalogue)


def _capabilities() -> dict[str, Any]:
    operation = {"name": "next-question", "definition": NEXT_QUESTION}
    explain_ = {"name": "explain", "definition": f"{fhir_terms.FHIR_BASE}/OperationDefinition/explain"}
    resource = {
        "type": "Questionnaire",
        "profile": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-adapt-srch",
        "interaction": [{"code": "read"}],
        "operation": [operation],
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "experimental": True,
        "date": STATED,
        "kind": "instance",
        "software": {"name": "whytwitch", "version": program_version()},
        "implementation": {"description": "whytwitch on this computer: what makes this muscle twitch"},
        "fhirVersion": FHIR_VERSION,
        "format": ["json"],
        "rest": [{"mode": "server", "resource": [resource], "operation": [explain_]}],
    }


__all__ = ["FhirJson", "routes"]
