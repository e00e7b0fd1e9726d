from collections.abc import Callable

import pytest

from whytwitch.case import Case

Read = Callable[[str], Case]


def statuses(case: Case) -> dict[str, str]:
    return {o.id: o.status for o in case.observations if o.implied_by is None}


ABSENT = [
    ("I have no weakness.", "weakness"),
    ("He denies weakness, numbness or pain.", "pain"),
    ("She has no weakness, numbness or wasting, but cramps.", "muscle_wasting"),
    ("Twitching without weakness.", "weakness"),
    ("There is neither weakness nor numbness.", "sensory_loss"),
    ("I do not have any cramps.", "cramps"),
    ("My leg does not twitch any more.", "twitching"),
    ("She never had cramps.", "cramps"),
    ("The patient is free of pain.", "pain"),
    ("No signs of muscle wasting.", "muscle_wasting"),
    ("Fasciculations were not seen.", "twitching"),
    ("Weakness: no", "weakness"),
    ("Fever? None.", "fever"),
    ("Strength is normal.", "weakness"),
    ("I feel strong.", "weakness"),
    ("My hands are not weak.", "hand_weakness"),
    ("Weakness, numbness and wasting are absent.", "sensory_loss"),
    ("He reports no loss of strength and no wasting.", "weakness"),
    ("It no longer twitches.", "twitching"),
    ("Tapping the facial nerve does not make the face twitch.", "chvostek_sign"),
]
PRESENT = [
    ("No doubt my leg is weak.", "weakness"),
    ("Not only weakness but numbness.", "weakness"),
    ("I can no longer climb stairs; I cannot climb stairs.", "difficulty_stairs"),
    ("There is no feeling in my toes.", "sensory_loss"),
    ("The cramps do not improve.", "cramps"),
    ("My eyelid will not stop twitching.", "twitching"),
    ("My leg twitches for no reason.", "twitching"),
    ("No weakness, the calves twitch all day.", "twitching"),
    ("Without weakness, the calves twitch.", "twitching"),
    ("No fever, but my arm is weak.", "weakness"),
    ("No, I have cramps.", "cramps"),
    ("No medicine helped the cramps because of the pain.", "pain"),
    ("No symptoms except twitching.", "twitching"),
    ("He takes nothing for his cramps.", "cramps"),
    ("Weakness - yes", "weakness"),
    ("I am worried about the twitching in my calf.", "twitching"),
    ("Why does my eyelid twitch?", "twitching"),
    ("I'm scared it is ALS.", "anxiety_symptoms"),
    ("He has no fever and is weak.", "weakness"),
    ("I don't treat it, have numb toes, and get cramps.", "sensory_loss"),
    ("The twitching stops when I move.", "twitching"),
    ("Feels pain with no weakness.", "pain"),
]
UNSURE = [
    ("Maybe some weakness.", "weakness"),
    ("I think my leg is weaker.", "weakness"),
    ("Possible muscle wasting.", "muscle_wasting"),
    ("I am not sure if my hand is weak.", "weakness"),
    ("There might be numbness.", "sensory_loss"),
    ("Weakness (?) of the leg.", "weakness"),
]
NOTHING = [
    ("I'm scared it is ALS.", "als_known"),
    ("I am worried about MS.", "ms_known"),
    ("I googled it and read about ALS.", "als_known"),
    ("Could it be ALS?", "als_known"),
    ("Is it MS?", "ms_known"),
    ("An MRI was done to rule out multiple sclerosis.", "ms_known"),
    ("My friend has ALS.", "als_known"),
    ("My father had Parkinson's.", "parkinson_known"),
    ("His brother has cramps.", "cramps"),
    ("People with diabetes should be careful.", "diabetes_known"),
    ("I used to get cramps as a child.", "cramps"),
    ("There is no other weakness.", "weakness"),
    ("If I get weakness I will call.", "weakness"),
    ("I am afraid that I will lose strength or become weak.", "weakness"),
]


@pytest.mark.parametrize(("text", "item"), ABSENT)
def test_absent(text: str, item: str, read: Read) -> None:
    assert statuses(read(text)).get(item) == "absent"


@pytest.mark.parametrize(("text", "item"), PRESENT)
def test_present(text: str, item: str, read: Read) -> None:
    assert statuses(read(text)).get(item) == "present"


@pytest.mark.parametrize(("text", "item"), UNSURE)
def test_unsure(text: str, item: str, read: Read) -> None:
    assert statuses(read(text)).get(item) == "unsure"


@pytest.mark.parametrize(("text", "item"), NOTHING)
def test_nothing_is_said_of_the_person(text: str, item: str, read: Read) -> None:
    assert item not in statuses(read(text))


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("My father has Parkinson's.", "family_parkinson"),
        ("His mother's father had ALS.", "family_als"),
        ("Two of his brothers also have cramps.", "family_twitching_cramps"),
        ("She has tremor, and there is tremor in her mother too.", "family_tremor"),
        ("Family history of ALS.", "family_als"),
    ],
)
def test_family(text: str, item: str, read: Read) -> None:
    assert statuses(read(text)).get(item) == "present"


def test_no_family_history(read: Read) -> None:
    assert statuses(read("There is no family history of ALS.")) == {"family_als": "absent"}


def test_told_for_a_relative(read: Read) -> None:
    case = read("My mother, 67, trips and her foot drops. The calf is thinner and flickers. I have diabetes.")
    assert (case.age_years, case.sex) == (67, "female")
    found = statuses(case)
    assert found["foot_drop"] == found["muscle_wasting"] == found["twitching"] == "present"
    assert "diabetes_known" not in found


def test_a_witness_is_no_patient(read: Read) -> None:
    found = statuses(read("My wife says my leg twitches at night. I sleep badly."))
    assert found == {"twitching": "present", "sleep_loss": "present"}


def test_the_writer_is_the_patient(read: Read) -> None:
    found = statuses(read("My father has Parkinson's. My hand shakes and I have cramps."))
    assert found["tremor"] == found["cramps"] == found["family_parkinson"] == "present"


def test_clash_is_asked(read: Read) -> None:
    case = read("I have cramps. I have no cramps.")
    assert statuses(case)["cramps"] == "unsure"
    assert any("Which is it?" in doubt.question for doubt in case.doubts)


def test_denied_in_one_place_is_not_denied_everywhere(read: Read) -> None:
    found = statuses(read("There is weakness of the hands. No weakness in the legs."))
    assert found["weakness"] == "present"
    assert found["leg_weakness"] == "absent"
    assert "weakness" not in statuses(read("No weakness in the legs."))


def test_a_part_speaks_against_the_denied_whole(read: Read) -> None:
    found = statuses(read("No weakness, but a foot drop."))
    assert found["foot_drop"] == "present"
    assert "weakness" not in found


def test_stopped_habit(read: Read) -> None:
    assert statuses(read("I quit smoking."))["nicotine"] == "absent"


def test_resolved_stays_but_says_so(read: Read) -> None:
    (cramps,) = [o for o in read("The cramps went away.").observations if o.id == "cramps"]
    assert (cramps.status, cramps.detail) == ("present", "went away")


def test_name_of_a_remedy_is_no_symptom(read: Read) -> None:
    assert statuses(read("She took cramp tablets.")) == {}
