"""What a relative's illness says of the person: the family item that it stands for."""

from __future__ import annotations

from whytwitch.knowledge import Catalogue

_STANDS_FOR: dict[str, str] = {
    "als_known": "family_als", "parkinson_known": "family_parkinson",
    "muscle_disease_known": "family_muscle_disease", "neuropathy_known": "family_neuropathy",
    "tourette_known": "family_tics", "vocal_tics": "family_tics", "tremor": "family_tremor",
    "tremor_action": "family_tremor", "tremor_rest": "family_tremor",
    "thyroid_disease": "family_thyroid_autoimmune", "hyperthyroid_known": "family_thyroid_autoimmune",
    "hypothyroid_known": "family_thyroid_autoimmune", "autoimmune_disease": "family_thyroid_autoimmune",
    "celiac_known": "family_thyroid_autoimmune", "hyperparathyroid_known": "family_endocrine_calcium",
    "low_calcium": "family_endocrine_calcium", "high_calcium": "family_endocrine_calcium",
    "cramps": "family_twitching_cramps", "twitching": "family_twitching_cramps",
    "stiffness": "family_twitching_cramps", "grip_myotonia": "family_muscle_disease",
    "gynecomastia": "family_kennedy", "weakness": "family_muscle_disease",
    "muscle_wasting": "family_muscle_disease", "foot_drop": "family_neuropathy",
}  # fmt: skip


def stands_for(item: str, catalogue: Catalogue) -> str | None:
    """The family item for ``item`` said of a relative; nothing where it tells nothing of the person."""
    at: str | None = item
    while at is not None:
        family = _STANDS_FOR.get(at)
        if family in catalogue.findings:
            return family
        at = catalogue.findings[at].parent if at in catalogue.findings else None
    return None
