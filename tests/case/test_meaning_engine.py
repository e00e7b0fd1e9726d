"""Scope of denials, shared subjects, parts of wider findings and predicates over lists."""

from typing import Any

import pytest

from whytwitch.case import CaseError, read_text
from whytwitch.case._files import read_data
from whytwitch.knowledge import load

CASES: list[tuple[str, str, str]] = [
    # without
    ("Lost 20 lbs without trying, always hot, hands shaking", "tremor heat_intolerance", ""),
    ("I cannot hold a cup without my hand shaking", "tremor", ""),
    ("My daughter cannot look at water without her throat going into spasm", "laryngospasm hydrophobia", ""),
    ("cant get off the loo without pulling myself up", "difficulty_stairs", ""),
    ("Twitching of the calves without weakness, numbness or wasting", "!leg_weakness !sensory_loss", ""),
    ("She cannot stand, without fever", "!fever", ""),
    ("He is unable to lift the foot without any sensory loss", "!sensory_loss", ""),
    # shared subject
    ("The calf is thinner and flickers", "twitch_calf leg_wasting", ""),
    ("The calf on that side is thinner and flickers", "twitch_calf", ""),
    ("The weakness started in my feet and went up to my arms", "weakness_ascending", ""),
    # adjectives
    ("brisk knee jerks and absent abdominal reflexes", "hyperreflexia", "hyporeflexia"),
    ("Brisk knee jerks, absent ankle jerks", "hyperreflexia hyporeflexia", ""),
    ("ankle jerks are weak", "hyporeflexia", "weakness weakness_distal"),
    # neighbors
    ("no rigidity, normal neck", "!rigidity !neck_stiffness", ""),
    # parts
    ("An eyelid is spasming", "twitch_eyelid", "muscle_spasms"),
    ("a loud sound makes the whole body quiver", "startle", "twitch_generalized twitching"),
    # relatives and several patients
    ("My mother had a stroke last year and cannot speak. My calf twitches.", "twitch_calf", "speech_loss"),
    ("eyelid twitch 3 days. My mother had a stroke last year and cannot speak.", "twitch_eyelid",
     "speech_loss"),
    ("My mother had a fall last month and now her calf twitches", "twitch_calf", ""),
    ("Two sisters both have pain in the arms and legs, itchy rashes, sweating", "sweating itching", ""),
    # temperature
    ("boiling hot 103.5", "fever", "heat_intolerance"),
    ("he is burning up, 39.4 and stiff", "fever", ""),
    ("The room was hot, 38 people twitched", "", "fever"),
    # lists
    ("Power, reflexes and feeling are normal", "normal_strength !hyperreflexia !sensory_loss", ""),
    ("Heart rate and blood pressure are normal", "!tachycardia !hypertension_measured", ""),
    ("Kidney, liver and bone tests and EEG are normal", "!kidney_disease !eeg_epileptiform", ""),
    ("Ankle jerks and heel walking all normal", "!hyporeflexia !foot_drop", "hyperreflexia"),
    ("Power and reflexes are not normal", "", "normal_strength"),
    # purpose
    ("He takes simvastatin and no drug for sickness or psychosis", "drug_statin", "psychosis hallucinations"),
    # strength
    ("Muscles of normal strength but the left hand is weak", "hand_weakness", "normal_strength"),
    ("The ends of the limbs are strong, but the thighs are weak", "leg_weakness", "normal_strength"),
    ("My strength is normal", "normal_strength !weakness", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "unwanted"), CASES, ids=[case[0] for case in CASES])
def test_what_is_meant(text: str, wanted: str, unwanted: str) -> None:
    catalogue = load()
    read = {o.id: o.status for o in read_text(text, catalogue).observations}
    for item in wanted.split():
        assert item.lstrip("!") in catalogue.findings
        assert read.get(item.lstrip("!")) == ("absent" if item[0] == "!" else "present"), item
    for item in unwanted.split():
        assert item in catalogue.findings
        assert read.get(item) != "present", item


LOOSE = [
    ("There is enlargement of both breasts", "gynecomastia", True),
    ("Density of the forearm bone is very low", "osteoporosis", True),
    ("Triceps jerk was never affected", "hyperreflexia", False),
    ("He has read about motor neurone disease every night", "emg_myopathic", False),
    ("He has read about motor neurone disease every night", "family_als", False),
    ("The right lower eyelid and the thumb have twitched", "ptosis", False),
    ("The bedside finger-prick reads 1.9 mmol/L", "paresthesia", False),
    ("Face and eye movements, liver size and heart are normal", "face_spread_from_eye", False),
    ("her kidneys arent great", "kidney_disease", False),
    ("The legs feel rubbery and her breasts are sore", "muscle_pain", False),
    ("Doc pressed some spots and I nearly hit the roof", "hypertension_measured", False),
    ("She does not drink coffee, sleeps eight hours and runs twice a week", "heavy_exercise", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "item", "there"), LOOSE)
def test_second_look(text: str, item: str, there: bool) -> None:
    catalogue = load()
    assert item in catalogue.findings
    read = {o.id: o.status for o in read_text(text, catalogue).observations}
    assert (read.get(item) == "present") == there


def potassium(value: object) -> Any:
    return read_data({"text": "my calf twitches", "labs": {"potassium": value}}, load())


@pytest.mark.parametrize("value", ["3 bananas", "3 bananas/L", "three bananas"])
def test_a_unit_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(CaseError, match="potassium"):
        potassium(value)


@pytest.mark.parametrize("value", ["2.8 mmol/L", "2.8", "2.8 mmol per liter", "2.8 (3.5-5.0)", "2.8 low", 2.8,
                                   "2.8 mequiv/l", "2.8 mmol/L (low)"])  # fmt: skip
def test_a_result_is_read(value: object) -> None:
    assert [r.value_si for r in potassium(value).labs] == [2.8]


def test_a_unit_of_something_else_is_asked_about() -> None:
    case = potassium("12 x10^9/L")
    assert not case.labs
    assert case.doubts


def test_the_relative_a_text_is_about_is_no_family_history() -> None:
    """My son's twitch is the patient's, not something that runs in the family."""
    case = read_text("My 3 year old son has a twitchy eyelid", load())
    ids = {o.id for o in case.observations if o.status == "present"}
    assert "twitch_eyelid" in ids
    assert not any(load().findings[key].kind == "family" for key in ids)
