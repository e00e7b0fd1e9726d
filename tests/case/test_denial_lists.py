"""How far a denial reaches in a list, and whose denial it is."""

from collections.abc import Callable

import pytest

from whytwitch.case import Case

Read = Callable[[str], Case]


def statuses(case: Case) -> dict[str, str]:
    return {o.id: o.status for o in case.observations if o.implied_by is None}


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        (
            "He denies fever, twitching of any other muscle, changes of sight or hearing, headache, muscle "
            "aches and drugs.",
            "fever twitch_generalized visual_loss hearing_loss headache muscle_pain recreational_stimulants",
        ),
        ("There is no pain, weakness, injury or tremor in the left arm.", "pain recent_trauma tremor"),
        ("Cramps without bulbar, sensory or sphincter disturbance.",
         "dysphagia sensory_loss urinary_symptoms"),
        ("He has no diabetes and no operations.", "diabetes_known injection_or_surgery"),
        ("He took no alcohol or drugs.", "alcohol_heavy recreational_stimulants"),
        ("Neither weakness nor numbness nor tremor.", "weakness sensory_loss tremor"),
        ("No weakness and wasting.", "weakness muscle_wasting"),
        ("She has had no cramps, no fever and no tremor.", "cramps fever tremor"),
        ("Weakness, numbness and tremor have not been noticed.", "weakness sensory_loss tremor"),
        ("I don't drink or smoke.", "alcohol_heavy nicotine"),
        ("I have never smoked.", "nicotine"),
        ("I don't take any statins.", "drug_statin"),
        ("I am not on statins.", "drug_statin"),
    ],
)  # fmt: skip
def test_every_item_of_the_list_is_denied(text: str, absent: str, read: Read) -> None:
    found = statuses(read(text))
    assert {item: found.get(item) for item in absent.split()} == dict.fromkeys(absent.split(), "absent")


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("No weakness, numbness or tremor, but cramps.", "cramps"),
        ("Denies weakness, however he has cramps.", "cramps"),
        ("No weakness although the calf twitches.", "twitching"),
        ("No tremor, numbness or pain except cramps.", "cramps"),
        ("No fever and twitching.", "twitching"),
        ("No wasting or cramps, reflexes brisk.", "hyperreflexia"),
        ("Weakness from legs to arms over 3 days, reflexes absent.", "weakness"),
        ("Ankle jerks were absent and knee jerks brisk.", "hyperreflexia"),
        ("Ankle jerks were absent and knee jerks brisk.", "hyporeflexia"),
        ("CASPR2 positive, LGI1 negative.", "antibody_caspr2_lgi1"),
        ("No feeling in the toes, and cramps.", "cramps"),
        ("A farmer without illness injured his hand.", "recent_trauma"),
    ],
)
def test_what_stands_outside_is_affirmed(text: str, item: str, read: Read) -> None:
    assert statuses(read(text)).get(item) == "present"


@pytest.mark.parametrize(
    "text",
    ["My eyelid twitches. He denies twitching of any other muscle.",
     "My eyelid twitches; no twitching elsewhere.",
     "My eyelid twitches. No other twitching."],
)  # fmt: skip
def test_denied_elsewhere_is_no_clash(text: str, read: Read) -> None:
    case = read(text)
    found = statuses(case)
    assert found["twitch_eyelid"] == found["twitching"] == "present"
    assert found["twitch_generalized"] == "absent"
    assert not case.doubts


def test_a_part_that_is_there_outweighs_the_denied_whole(read: Read) -> None:
    case = read("I have no twitching. My left calf twitches. It is the twitching that worries me.")
    assert statuses(case)["twitching"] == "present"
    assert not case.doubts


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Drugs and surgery did not help.", "recreational_stimulants"),
        ("No pain on eye movement.", "muscle_pain"),
        ("No abdominal pain.", "muscle_pain"),
        ("The cramps got better without drugs.", "recreational_stimulants"),
        ("Studies show no sensory response.", "sensory_loss"),
        ("I worry about my sight and my hearing.", "visual_loss"),
    ],
)
def test_broad_words_tell_nothing_by_themselves(text: str, item: str, read: Read) -> None:
    assert item not in statuses(read(text))


def test_no_medicine_is_no_riddle(read: Read) -> None:
    case = read("I have cramps. I take no medication. No drugs.")
    assert not case.drugs
    assert not case.not_understood


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("I ran out of my antidepressants.", "unsure"), ("I came off my antidepressants.", "unsure"),
        ("I skipped my antidepressant.", "unsure"), ("I take my antidepressant.", "present"),
        ("I never stopped my antidepressant.", "present"),
    ],
)  # fmt: skip
def test_a_group_of_drugs_that_was_stopped(text: str, status: str, read: Read) -> None:
    found = statuses(read(text))
    assert found["drug_ssri_snri"] == status
    assert (found.get("antidepressant_stopped") == "present") == (status == "unsure")


def test_never_stopped_is_still_taken(read: Read) -> None:
    assert [d.status for d in read("I never stopped my Valium.").drugs] == ["taking"]


@pytest.mark.parametrize(
    ("text", "item", "status"),
    [
        ("Lawn bowls at 42 degrees C, then cramps.", "fever", None),
        ("Lawn bowls at 42 degrees C, then cramps.", "heat_exposure", "present"),
        ("It was 38 °C outside.", "heat_exposure", "present"),
        ("He could flex to 40 degrees.", "fever", None),
        ("Temperature 38.6.", "fever", "present"), ("He has no fever; temperature 38.1.", "fever", "absent"),
        ("Temperature, heart rate and blood pressure are normal.", "fever", "absent"),
        ("Temperature, heart rate and blood pressure are normal.", "tachycardia", "absent"),
        ("Vital signs were normal.", "hypotension", "absent"),
        ("GCS 15.", "reduced_consciousness", "absent"), ("GCS of 9", "reduced_consciousness", "present"),
        ("Glasgow Coma Scale score was 13.", "reduced_consciousness", "present"),
        ("GCS 15, mental score 13.", "reduced_consciousness", "absent"),
        ("He is fully conscious and has cramps.", "reduced_consciousness", "absent"),
        ("She is not fully conscious.", "reduced_consciousness", None),
    ],
)  # fmt: skip
def test_signs_that_are_measured(text: str, item: str, status: str | None, read: Read) -> None:
    assert statuses(read(text)).get(item) == status


@pytest.mark.parametrize(
    ("text", "item", "there"),
    [
        ("I was diagnosed with MS.", "ms_known", True), ("My GP thinks it could be MS.", "ms_known", False),
        ("I'm worried I have ALS.", "als_known", False), ("ALS was ruled out.", "als_known", False),
    ],
)  # fmt: skip
def test_diagnosed_or_feared(text: str, item: str, there: bool, read: Read) -> None:
    assert (statuses(read(text)).get(item) == "present") == there
