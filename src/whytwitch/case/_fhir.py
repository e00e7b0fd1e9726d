"""Read a case from FHIR R4 or R4B: a Bundle, Parameters, or one resource.

Read are Patient, Observation, MedicationStatement, MedicationRequest, Condition and answers to the
interview of this program. Everything else is named as not understood. Nothing is ever dropped in
silence, and what was denied, refuted or entered in error is taken as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from whytwitch.case._fhir_answers import days_of, read_answers
from whytwitch.case._fhir_drugs import read_medication
from whytwitch.case._fhir_labs import read_observation
from whytwitch.case._fhir_node import Concept, Node
from whytwitch.case._fhir_record import COMPLAINT, Record, as_said
from whytwitch.case._fhir_terms import AGE, DURATION_DAYS
from whytwitch.case._json_shape import check_json
from whytwitch.case._model import Case, CaseError, Doubt, Observation, Status
from whytwitch.case._person import OLDEST
from whytwitch.knowledge import CONTEXT_KINDS, Catalogue, Setting

MOST_RESOURCES: Final = 2_000
_WRAPPERS: Final = frozenset(("Bundle", "Parameters"))
_READ: Final = frozenset(
    (
        "Patient",
        "Observation",
        "Condition",
        "MedicationStatement",
        "MedicationRequest",
        "QuestionnaireResponse",
    )
)
_HELPERS: Final = frozenset(("Medication", "RiskAssessment", "Questionnaire"))
"""Resources that others refer to, or that only repeat what this program said."""
_DOUBTED: Final = frozenset(("unconfirmed", "provisional", "differential"))
_OVER: Final = frozenset(("inactive", "remission", "resolved"))


def read_fhir(
    data: Mapping[str, Any], catalogue: Catalogue, *, setting: Setting = "public", now: datetime | None = None
) -> Case:
    """Read a case from FHIR.

    Args:
        data: the resource as parsed JSON.
        catalogue: the vocabulary.
        setting: where the question is asked.
        now: the moment from which ages and lengths of time are counted. Default: this one.

    Raises:
        CaseError: what is wrong, where, and how to mend it.
    """
    check_json(data, "FHIR")
    resources = _unpacked(Node(data, str(data.get("resourceType"))[:40]))
    record = Record(catalogue, now or datetime.now(UTC))
    patient = _patient([node for node, _ in resources if node.kind == "Patient"], record)
    medications = _medications(resources)
    others: Counter[str] = Counter()
    answers: list[Node] = []
    for node, _ in resources:
        if node.kind not in _READ:
            others[node.kind] += node.kind not in _HELPERS
        elif patient and _is_of_another(node, patient):
            record.unused(f"{node.kind} {node.text('id')}".strip(), "about another person")
        elif node.kind == "QuestionnaireResponse":
            answers.append(node)
        else:
            _take(node, record, medications)
    for node in answers:  # last, since direct answers stand above what a record says
        read_answers(node, record)
    for kind, count in others.items():
        if count:
            record.unused(f"{count} of kind {kind[:60]}", "this kind of resource is not read")
    return record.case(setting)


def _take(node: Node, record: Record, medications: Mapping[str, Concept]) -> None:
    match node.kind:
        case "Observation":
            read_observation(node, record)
        case "Condition":
            _condition(node, record)
        case "Patient":
            pass
        case _:
            read_medication(node, record, medications)


def _unpacked(root: Node) -> list[tuple[Node, str]]:
    """All resources with their full addresses, in order; Bundles and Parameters may hold each other."""
    found: list[tuple[Node, str]] = []
    waiting = [(root, "")]
    while waiting:
        node, address = waiting.pop()
        if not node.kind:
            raise CaseError(f"{node.path}: has no resourceType; give a FHIR resource or a Bundle")
        if node.kind in _WRAPPERS:
            rows = node.children("entry" if node.kind == "Bundle" else "parameter")
            inner = [(row.child("resource"), row.text("fullUrl")) for row in rows]
            waiting += reversed([(one, url) for one, url in inner if one is not None])
        else:
            found.append((node, address))
        if len(found) > MOST_RESOURCES:
            raise CaseError(f"FHIR: more than {MOST_RESOURCES:,} resources; give the part that matters")
    return found


def _medications(resources: list[tuple[Node, str]]) -> dict[str, Concept]:
    """Medications that others refer to, by every address that may be used."""
    found: dict[str, Concept] = {}
    for node, address in resources:
        if node.kind == "Medication":
            concept = node.concept("code")
            found |= {key: concept for key in (address, f"Medication/{node.text('id')}") if key}
    return found


# --- the person -----------------------------------------------------------------------------------


def _patient(patients: list[Node], record: Record) -> Node | None:
    if len(patients) > 1:
        raise CaseError(f"FHIR: {len(patients)} patients; give the record of one person")
    if not patients:
        return None
    node = patients[0]
    gender = node.text("gender")
    if gender in ("female", "male"):
        record.sex = "female" if gender == "female" else "male"
    elif gender:
        record.unused(f"gender {gender[:40]}", "the sex at birth is asked instead")
    record.age_years = _age(node, record)
    age = "" if record.age_years is None else f"{record.age_years:g} years old"
    if known := " ".join(part for part in (record.sex, age) if part):
        record.line(known)
    return node


def _age(node: Node, record: Record) -> float | None:
    """From our own extension, else from the date of birth."""
    stated = node.extension(AGE)
    quantity = None if stated is None else stated.child("valueAge")
    days = None if quantity is None else days_of(quantity)
    years = None if days is None else days / DURATION_DAYS["a"]
    born = node.moment("birthDate")
    if years is None and born is not None:
        exact = (record.now - born).total_seconds() / 86_400 / DURATION_DAYS["a"]
        # Birthdays come out a few hours early or late by this; nobody's age hangs on them.
        years = float(int(exact + 0.003)) if exact >= 2 else exact
    if years is not None and not 0 <= years <= OLDEST:
        raise CaseError(f"{node.path}: {years:.4g} cannot be a person's age; possible is 0 to {OLDEST}")
    return None if years is None else round(years, 3)


def _is_of_another(node: Node, patient: Node) -> bool:
    """Whether a resource names a person by an id that is not the patient's."""
    subject = node.child("subject")
    named = "" if subject is None else subject.text("reference")
    own = patient.text("id")
    if not named or not own or named.startswith(("urn:", "#")):
        return False
    kind, _, key = named.split("/_history")[0].rpartition("/")
    return kind.endswith("Patient") and key != own


# --- conditions -----------------------------------------------------------------------------------


def _condition(node: Node, record: Record) -> None:
    about = node.concept("code")
    verified = node.concept("verificationStatus").codes
    if "entered-in-error" in verified:
        record.unused(about.label, "entered in error")
        return
    over = bool(node.concept("clinicalStatus").codes & _OVER) or any(
        node.data.get(f"abatement{form}") for form in ("DateTime", "Age", "Period", "Range", "String")
    )
    sites = [row.as_concept().label for row in node.children("bodySite")]
    place = f" in the {sites[0]}" if sites and sites[0] else ""

    def judge(seen: Observation) -> Status | None:
        if over and record.catalogue.findings[seen.id].kind not in CONTEXT_KINDS:
            return None
        if "refuted" in verified:
            return "absent" if seen.status == "present" else None
        return "unsure" if verified & _DOUBTED else as_said(seen)

    for name in about.names:
        if found := record.read(f"{name}{place}", judge):
            _since(node, found, record)
            break
    else:
        record.unused(about.label, "over by now" if over else "not in the vocabulary")
        _diagnosis(about, record)
    for note in node.children("note"):
        record.unused(note.text("text"), "a note")


def _diagnosis(about: Concept, record: Record) -> None:
    """Say so where the record names one of the causes themselves: a diagnosis is no finding."""
    names = {name.casefold() for name in about.names}
    for cause in record.catalogue.causes.values():
        if names & {name.casefold() for name in (cause.name, cause.plain_name, *cause.synonyms)}:
            question = (
                f"The record names {cause.name}. Findings are weighed here, and no diagnosis is taken as "
                "given: what was found?"
            )
            record.doubts.append(Doubt(text=about.label, question=question, span=record.unread[-1]))
            return


def _since(node: Node, found: tuple[str, ...], record: Record) -> None:
    """When twitching began is how long the complaint has lasted."""
    onset = node.moment("onsetDateTime")
    if onset is None or not any(_is_complaint(key, record.catalogue) for key in found):
        return
    days = (record.now - onset).total_seconds() / 86_400
    if days >= 0:
        record.lasts(round(days, 2))


def _is_complaint(key: str | None, catalogue: Catalogue) -> bool:
    while key is not None and key != COMPLAINT:
        key = catalogue.findings[key].parent
    return key == COMPLAINT


__all__ = ["read_fhir"]
