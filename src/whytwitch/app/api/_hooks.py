"""CDS Hooks 2.0: one service for the hook patient-view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from whytwitch.app.api._cards import SETTING, cards
from whytwitch.app.api._hook_models import Cards, FeedbackRequest, HookRequest, Service, Services, Thanks
from whytwitch.app.shell import HOST, Problem, heavy
from whytwitch.app.shell import Services as Serving
from whytwitch.case import fhir_terms

if TYPE_CHECKING:
    from fastapi import APIRouter

_PATIENT: Final = "patient={{context.patientId}}"
PREFETCH: Final = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": f"Condition?{_PATIENT}",
    "labs": f"Observation?{_PATIENT}&category=laboratory&_sort=-date&_count=200",
    "prescriptions": f"MedicationRequest?{_PATIENT}&status=active",
    "medications": f"MedicationStatement?{_PATIENT}",
    "answers": f"QuestionnaireResponse?{_PATIENT}&questionnaire={fhir_terms.QUESTIONNAIRE}&_sort=-authored"
    "&_count=1",
}
SERVICE: Final = Service(
    hook="patient-view",
    title="What makes this muscle twitch?",
    description="For a person whose record says that muscles twitch: how soon somebody should look at it, "
    "and the likeliest causes with their chances. It stays silent for everybody else. It does not diagnose.",
    id="whytwitch",
    prefetch=PREFETCH,
    usageRequirements="Runs on this computer, behind its key, and fetches nothing itself: without prefetched "
    f"data it answers 412. Chances are for the setting {SETTING}.",
)
CALL: Final = """Two cards at most: how soon (critical for an emergency, warning for today or within two
weeks, info otherwise), then the leading causes. No cards at all unless the record says that something
twitches: a service that comments on every chart is soon ignored by all."""
MISSING: Final = Problem(
    412,
    "Nothing was prefetched",
    f"This server fetches nothing itself. Give at least one of these in prefetch: {', '.join(PREFETCH)}.",
)


def routes(services: Serving) -> APIRouter:
    """The calls."""
    from fastapi import APIRouter

    router = APIRouter(tags=["CDS Hooks"])
    address = f"http://{HOST}:{services.settings.port}/"

    @router.get("/cds-services", summary="Discovery")
    def discover() -> Services:
        """The one service of this server."""
        return Services(services=(SERVICE,))

    @router.post("/cds-services/whytwitch", summary="Cards beside a record", description=CALL)
    async def call(request: HookRequest) -> Cards:
        known = {name: value for name, value in request.prefetch.items() if name in PREFETCH}
        if not known:
            raise MISSING
        return Cards(cards=await heavy(cards, known, services.catalogue, address))

    @router.post("/cds-services/whytwitch/feedback", summary="What was done with the cards")
    def feedback(request: FeedbackRequest) -> Thanks:
        """It is read and thrown away: this server keeps nothing of anybody."""
        return Thanks(entries=len(request.feedback))

    return router


__all__ = ["routes"]
