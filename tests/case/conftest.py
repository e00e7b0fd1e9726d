"""A small catalogue, so that the reader is tested apart from the shipped vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from whytwitch.case import Case, read_text
from whytwitch.knowledge import Catalogue


def finding(kind: str, *patterns: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {"name": "x", "plain": "x", "kind": kind, "background": "rare", "parent": parent,
            "patterns": patterns, **more}  # fmt: skip


FINDINGS: dict[str, dict[str, Any]] = {
    "twitching": finding("symptom", "twitch*", "fascicul*", "jump*", "flicker*", "ticks"),
    "twitch_calf": finding("symptom", parent="twitching"),
    "twitch_eyelid": finding("symptom", parent="twitching"),
    "twitch_hand": finding("symptom", parent="twitching"),
    "twitch_generalized": finding("symptom", "twitching all over", parent="twitching"),
    "twitch_arm": finding("symptom", parent="twitching"),
    "headache": finding("symptom", "headache*"),
    "muscle_pain": finding("symptom", "muscle ache*"),
    "urinary_symptoms": finding("symptom", "incontinen*"),
    "dysphagia": finding("symptom", "trouble swallowing"),
    "visual_loss": finding("symptom", "loss of sight"),
    "hearing_loss": finding("symptom", "deaf*"),
    "reduced_consciousness": finding("symptom", "unconscious", "(gcs|coma scale) ~ (13|14)"),
    "arm_wasting": finding("symptom", "wast* ~ @arm", parent="muscle_wasting"),
    "weakness_episodic": finding("symptom", "weak* ~ (intermittent|comes and goes)", parent="weakness"),
    "cramps": finding("symptom", "cramp*", "charley horse*"),
    "weakness": finding(
        "symptom", "weak*", "loss of strength", "losing strength",
        absent_patterns=("strength is (fine|normal|full)", "feel strong", "strength normal"),
    ),
    "hand_weakness": finding(
        "symptom", "weak* [in|of] [my|the|both] @hand", "@hand ~ weak*", parent="weakness"
    ),
    "leg_weakness": finding("symptom", parent="weakness"),
    "difficulty_stairs": finding("symptom", "(cannot|cant) climb stairs", "difficulty ~ stairs"),
    "foot_drop": finding("symptom", "foot drop*", "@foot ~ (drops|drags)", parent="weakness"),
    "muscle_wasting": finding("symptom", "wast*", "thinner", "atroph*"),
    "sensory_loss": finding("symptom", "numb*", "no feeling"),
    "pain": finding("symptom", "pain*"),
    "fever": finding("symptom", "fever*", absent_patterns=("no fever",)),
    "hyperthermia": finding("symptom", parent="fever"),
    "sweating": finding("symptom", "sweat*"),
    "breathing_fast": finding("symptom", "breath* fast"),
    "anxiety_symptoms": finding("symptom", "worr*", "anxious", "scared"),
    "tremor": finding("symptom", "tremor*", "shak*", "trembl*"),
    "chvostek_sign": finding(
        "sign", "tapping ~ (facial nerve|face|cheek) & twitch*", "chvostek [sign]"
    ),
    "hyperreflexia": finding("sign", "brisk ~ reflex*", "hyperreflex*", "(reflexes|jerks) ~ brisk"),
    "hyporeflexia": finding("sign", "(reflexes|jerks) ~ (absent|lost)"),
    "tachycardia": finding("sign", "fast pulse"),
    "bradycardia": finding("sign", "slow pulse"),
    "hypertension_measured": finding("sign"),
    "hypotension": finding("sign"),
    "normal_strength": finding("sign", "full strength", implies_absent=("weakness",)),
    "normal_examination": finding(
        "sign", "examination ~ normal", "normal examination",
        implies_absent=("weakness", "hyperreflexia", "muscle_wasting"),
    ),
    "low_potassium": finding("lab", "hypokal*", "low potassium"),
    "high_potassium": finding("lab", "hyperkal*"),
    "low_calcium": finding("lab", "hypocalc*"),
    "high_calcium": finding("lab"),
    "heat_exposure": finding("habit", "heatstroke"),
    "recreational_stimulants": finding("habit", "cocaine"),
    "recent_trauma": finding("exposure", "(hurt|injured) [his|my] @site"),
    "injection_or_surgery": finding("exposure", "recent surgery"),
    "antidepressant_stopped": finding("exposure", "stopped [my] antidepressant*"),
    "drug_statin": finding("drug", "statin*"),
    "antibody_caspr2_lgi1": finding("test", "caspr2 [positive]", "lgi1 [positive]"),
    "caffeine_high": finding("habit", "lots of coffee", "much caffeine"),
    "energy_drinks": finding("habit", "energy drink*", parent="caffeine_high"),
    "alcohol_heavy": finding("habit", "drink* heavily"),
    "sleep_loss": finding("habit", "little sleep", "sleep* badly"),
    "nicotine": finding("habit", "smok*"),
    "alcohol_stopped": finding("exposure", "(quit|stopped) drinking"),
    "benzodiazepine_stopped": finding("exposure"),
    "drug_dose_changed": finding("exposure", "new medicine"),
    "drug_benzodiazepine": finding("drug"),
    "drug_loop_diuretic": finding("drug", "water tablet*"),
    "drug_ssri_snri": finding("drug", "antidepressant*"),
    "als_known": finding("condition", "als", "lou gehrig*", "motor neuron disease"),
    "ms_known": finding("condition", "ms", "multiple sclerosis"),
    "parkinson_known": finding("condition", "parkinson*"),
    "diabetes_known": finding("condition", "diabet*"),
    "pregnancy": finding("condition", "pregnan*"),
    "infant": finding("condition"),
    "child": finding("condition"),
    "radiotherapy": finding("exposure", "radiotherapy", "treated for ~ cancer"),
    "family_als": finding("family", "als ~ family", "family history of als"),
    "family_parkinson": finding("family"),
    "family_twitching_cramps": finding("family"),
    "family_tremor": finding("family"),
    "family_muscle_disease": finding("family"),
    "emg_fasciculation": finding("emg", "fasciculation potentials"),
}  # fmt: skip

SITES: dict[str, dict[str, Any]] = {
    "arm": {"region": "arm", "words": ["arm", "arms"]},
    "forearm": {"region": "arm", "parent": "arm", "words": ["forearm"]},
    "thenar": {"region": "hand", "parent": "hand", "words": ["thenar"]},
    "hand": {"region": "hand", "parent": "arm", "words": ["hand", "hands", "finger", "fingers", "thumb"]},
    "leg": {"region": "leg", "words": ["leg", "legs"]},
    "calf": {"region": "leg", "parent": "leg", "words": ["calf", "calves"]},
    "foot": {"region": "foot", "parent": "leg", "words": ["foot", "feet"]},
    "eyelid": {"region": "head", "words": ["eyelid", "eyelids", "eye"]},
    "face": {"region": "head", "words": ["face"], "paired": False},
    "trunk": {"region": "trunk", "words": ["trunk"], "paired": False},
}

RULES = [
    ("twitching", "calf", "twitch_calf"), ("twitching", "eyelid", "twitch_eyelid"),
    ("twitching", "hand", "twitch_hand"), ("twitching", "arm", "twitch_arm"),
    ("weakness", "hand", "hand_weakness"), ("weakness", "leg", "leg_weakness"),
]  # fmt: skip


def analyte(name: str, patterns: list[str], unit: str, units: dict[str, float],
            plausible: tuple[float, float], **more: Any) -> dict[str, Any]:  # fmt: skip
    return {"name": name, "plain": name, "patterns": patterns, "unit": unit, "units": units,
            "plausible": plausible, "spread": 0.1, **more}  # fmt: skip


ANALYTES: dict[str, dict[str, Any]] = {
    "calcium_total": analyte("calcium", ["calcium", "ca", "total calcium"], "mmol/L",
                             {"mmol/L": 1, "mg/dL": 0.2495, "mEq/L": 0.5}, (0.9, 5.0), low=2.2, high=2.6,
                             low_finding="low_calcium", high_finding="high_calcium"),
    "calcium_ionized": analyte("ionized calcium", ["ionized calcium", "ica"], "mmol/L",
                               {"mmol/L": 1, "mg/dL": 0.2495}, (0.4, 2.0), low=1.15, high=1.3),
    "calcium_adjusted": analyte("adjusted calcium", ["corrected calcium"], "mmol/L",
                                {"mmol/L": 1, "mg/dL": 0.2495}, (0.9, 5.0), low=2.2, high=2.6),
    "albumin": analyte("albumin", ["albumin"], "g/L", {"g/L": 1, "g/dL": 10}, (8, 65), low=35, high=50),
    "potassium": analyte("potassium", ["potassium", "k"], "mmol/L", {"mmol/L": 1, "mEq/L": 1}, (1.0, 10.0),
                         low=3.5, high=5.1, low_finding="low_potassium", high_finding="high_potassium"),
    "inr": analyte("INR", ["inr"], "ratio", {"ratio": 1}, (0.5, 20), high=1.3),
    "hemoglobin": analyte("hemoglobin", ["hemoglobin", "hb"], "g/L", {"g/L": 1, "g/dL": 10}, (21, 270),
                          low=120, high=180),
    "glucose": analyte("glucose", ["glucose"], "mmol/L", {"mmol/L": 1, "mg/dL": 0.0555}, (0.5, 55), low=3.9,
                       high=7.0),
    "total_t4": analyte("thyroxine", ["thyroxine"], "nmol/L", {"nmol/L": 1}, (10, 500), low=60, high=150),
    "lithium": analyte("lithium", ["lithium"], "mmol/L", {"mmol/L": 1}, (0.05, 12), low=0.4, high=1.0),
    "sodium": analyte("sodium", ["sodium", "na"], "mmol/L", {"mmol/L": 1, "mEq/L": 1}, (95, 200),
                      low=135, high=145),
    "chloride": analyte("chloride", ["chloride", "cl"], "mmol/L", {"mmol/L": 1, "mEq/L": 1}, (60, 150)),
    "magnesium": analyte("magnesium", ["magnesium", "mg"], "mmol/L",
                         {"mmol/L": 1, "mg/dL": 0.4114, "mEq/L": 0.5}, (0.1, 5), low=0.7, high=1.0),
    "tsh": analyte("TSH", ["tsh"], "mU/L", {"mU/L": 1, "uIU/mL": 1}, (0.001, 500), low=0.4, high=4.0),
    "ck": analyte("creatine kinase", ["ck", "cpk", "creatine kinase"], "U/L", {"U/L": 1, "IU/L": 1},
                  (5, 500000), low=30, high=200),
    "pth": analyte("parathyroid hormone", ["pth", "parathyroid hormone"], "pmol/L",
                   {"pmol/L": 1, "pg/mL": 0.106}, (0.05, 300), low=1.6, high=6.9),
}  # fmt: skip

DRUGS: dict[str, dict[str, Any]] = {
    "diazepam": {"name": "diazepam", "brands": ["Valium"], "context": "drug_benzodiazepine"},
    "furosemide": {"name": "furosemide", "brands": ["Lasix"], "context": "drug_loop_diuretic"},
    "escitalopram": {"name": "escitalopram", "brands": ["Lexapro"], "context": "drug_ssri_snri"},
    "lithium_salt": {"name": "lithium"},
    "carbamazepine": {"name": "carbamazepine", "brands": ["Tegretol"]},
}

MUSCLES = {"fdi": {"name": "first dorsal interosseous", "site": "hand", "nerve": "ulnar", "roots": "C8 T1",
                   "words": ["first dorsal interosseous"]},
           "gastrocnemius": {"name": "gastrocnemius", "site": "calf", "nerve": "tibial", "roots": "S1",
                             "words": ["gastrocnemius"]}}  # fmt: skip


def small_catalogue() -> Catalogue:
    def keyed(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {key: {"id": key, **entry} for key, entry in table.items()}

    sites = {key: {"plain": f"the {key}", **site} for key, site in SITES.items()}
    return Catalogue.model_validate(
        {
            "version": "test", "words": {"rare": {"p": 0.05, "low": 0.02, "high": 0.1}}, "sources": {},
            "findings": keyed(FINDINGS), "families": {}, "causes": {}, "analytes": keyed(ANALYTES),
            "drugs": keyed(DRUGS), "sites": keyed(sites), "muscles": keyed(MUSCLES), "red_flags": {},
            "lab_limits": {},
            "recording": {
                "watch": {"seconds": 90, "text": "test"}, "healthy": {}, "evidence": {}, "groups": {},
            },
            "site_findings": [{"finding": f, "site": s, "gives": g} for f, s, g in RULES],
        }
    )  # fmt: skip


CATALOGUE = small_catalogue()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return CATALOGUE


@pytest.fixture(scope="session")
def read() -> Callable[[str], Case]:
    return lambda text: read_text(text, CATALOGUE)
