"""Medications of a record, through the lexicon of drug names or by ATC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from whytwitch.case._fhir_node import Concept, Node
from whytwitch.case._fhir_record import Record
from whytwitch.case._fhir_terms import ATC, DRUGS, GIVEN
from whytwitch.case._model import Doubt, DrugUse
from whytwitch.case._read import read_document

Use = Literal["taking", "stopped", "not taking", "given"]

USES: Final[Mapping[str, Use]] = {
    "active": "taking", "unknown": "taking", "completed": "stopped", "stopped": "stopped",
    "on-hold": "stopped", "not-taken": "not taking",
}  # fmt: skip
_NOT_USED: Final[Mapping[str, str]] = {
    "entered-in-error": "entered in error", "intended": "only intended", "draft": "only a draft",
    "cancelled": "cancelled before it began",
}  # fmt: skip
_ONLY_WISHED: Final = frozenset(("proposal", "plan", "option"))
_LONGEST_DOSE: Final = 120
_SHORTEST_ATC: Final = 5
"""Letters of an ATC code from which it names a group of drugs that act alike."""


def read_medication(node: Node, record: Record, medications: Mapping[str, Concept]) -> None:
    """Take in a MedicationStatement or MedicationRequest; ``medications`` are those referred to."""
    concept = _medication(node, medications)
    status = node.text("status")
    why = _NOT_USED.get(status)
    if why is None and node.text("intent") in _ONLY_WISHED:
        why = "a plan, not a prescription"
    if why is not None:
        record.unused(concept.label, why)
        return
    use: Use = "not taking" if node.flag("doNotPerform") else USES.get(status, "taking")
    if node.extension(GIVEN) is not None:
        use = "given"
    found = _found(concept, record)
    if not found:
        span = record.line(concept.label or "a medication without a name")
        record.unread.append(span)
        question = f"Is {span.text[:200]!r} a medicine? It is not in the list; please give its group."
        record.doubts.append(Doubt(text=span.text, question=question, span=span))
        return
    dose = _dose(node)
    for drug in found:
        span = record.line(drug.name)
        record.take(drug.model_copy(update={"dose": dose or drug.dose, "status": use, "span": span}))


def _medication(node: Node, medications: Mapping[str, Concept]) -> Concept:
    own = node.concept("medicationCodeableConcept")
    reference = node.child("medicationReference")
    if own.label or reference is None:
        return own
    key = reference.text("reference")
    if key.startswith("#"):
        inside = {f"#{one.text('id')}": one.concept("code") for one in node.children("contained")}
        return inside.get(key, Concept(reference.text("display"), ()))
    return medications.get(key, Concept(reference.text("display"), ()))


def _found(concept: Concept, record: Record) -> list[DrugUse]:
    """The drugs that a medication holds: by our own code, by name, else by ATC."""
    drugs = record.catalogue.drugs
    for coding in concept.codings:
        if coding.system == DRUGS and coding.code in drugs:
            return [DrugUse(drug=coding.code, name=concept.label)]
    for name in concept.names:
        if read := read_document(f"Takes {name}", record.catalogue, mend=False).drugs:
            return read
    for coding in concept.codings:
        if coding.system == ATC and (key := _by_atc(coding.code, record)):
            return [DrugUse(drug=key, name=drugs[key].name)]
    return []


def _by_atc(code: str, record: Record) -> str | None:
    """The drug of an ATC code, else the smallest group that holds it."""
    known = {drug.atc: key for key, drug in record.catalogue.drugs.items() if drug.atc}
    for length in range(len(code), _SHORTEST_ATC - 1, -1):
        if (key := known.get(code[:length])) is not None:
            return key
    return None


def _dose(node: Node) -> str:
    """The first dosage in words."""
    for row in (*node.children("dosage"), *node.children("dosageInstruction")):
        if text := row.text("text"):
            return text[:_LONGEST_DOSE]
    return ""


__all__ = ["read_medication"]
