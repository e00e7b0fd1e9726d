from collections.abc import Callable

import pytest

from whytwitch.case import Case, CaseError

Read = Callable[[str], Case]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("A 37-year-old man has cramps.", 37), ("I'm 45 and my leg twitches.", 45),
        ("I am 45, twitching.", 45), ("A baby aged 3 months with twitching.", 0.25),
        ("A man in his 50s has cramps.", 55), ("A woman in her late thirties with cramps.", 38),
        ("19F, twitching calf.", 19), ("Cramps. 44M.", 44), ("M/44 with cramps", 44),
        ("A sixty-year-old woman with cramps", 60), ("A 6-month-old infant twitches", 0.5),
        ("Aged 71, cramps", 71), ("My son, 4, twitches.", 4), ("I have cramps. My father died at 60.", None),
        ("My dad, who is 70, has Parkinson's. I have cramps.", None), ("Cramps since age 15.", None),
        ("I'm 100% sure I have cramps.", None), ("I have had cramps for 3 years.", None),
    ],
)  # fmt: skip
def test_age(text: str, age: float | None, read: Read) -> None:
    found = read(text).age_years
    assert found == (pytest.approx(age, abs=0.02) if age is not None else None)


@pytest.mark.parametrize("text", ["I am a 250-year-old man with cramps.", "Aged 150, cramps."])
def test_impossible_age(text: str, read: Read) -> None:
    with pytest.raises(CaseError, match="age"):
        read(text)


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("A 37-year-old man has cramps.", "male"), ("19F, twitching.", "female"),
        ("I'm pregnant and have cramps.", "female"), ("She has cramps.", "female"),
        ("My wife says my leg twitches.", None), ("My mother, 67, twitches.", "female"),
        ("I have cramps.", None), ("A boy twitches.", "male"),
    ],
)  # fmt: skip
def test_sex(text: str, sex: str | None, read: Read) -> None:
    assert read(text).sex == sex


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Cramps for fourteen months.", 425.6), ("My leg has twitched for three days.", 3),
        ("Twitching since Monday.", 4), ("It twitches since yesterday.", 1), ("Cramps, last week.", 7),
        ("Weakness came gradually over 2 years.", 730.5), ("The twitching began two weeks ago.", 14),
        ("A 40-year-old man with cramps since childhood.", 33 * 365.25),
        ("A 30-year-old with cramps since age 15.", 15 * 365.25),
        ("A six-week history of twitching.", 42), ("Cramps for a year and a half.", 548),
        ("Cramps for months.", 120), ("Twitching for two to four weeks.", 21),
        ("I have cramps. Diabetes for 20 years.", None), ("The cramps last 20 minutes.", None),
        ("Cramps for a week, weakness for three months.", 91.2),
        ("He has taken diazepam for 10 years and now has cramps.", None),
        ("Twitching every 3 minutes.", None), ("A 30-year-old with cramps.", None),
    ],
)  # fmt: skip
def test_duration(text: str, days: float | None, read: Read) -> None:
    found = read(text).duration_days
    assert found == (pytest.approx(days, rel=0.01) if days is not None else None)


@pytest.mark.parametrize(
    ("text", "item", "status"),
    [
        ("500 mg caffeine a day, twitching.", "caffeine_high", "present"),
        ("I drink five coffees a day.", "caffeine_high", "present"),
        ("5 espressos daily.", "caffeine_high", "present"),
        ("One coffee a day.", "caffeine_high", "absent"),
        ("3 cups of coffee a day", "caffeine_high", None),
        ("Two energy drinks a day.", "energy_drinks", "present"),
        ("He drinks six beers a day.", "alcohol_heavy", "present"),
        ("40 units of alcohol a week.", "alcohol_heavy", "present"),
        ("Two glasses of wine a week.", "alcohol_heavy", "absent"),
        ("He drank a few beers. The day after he felt well.", "alcohol_heavy", None),
        ("I sleep 4 hours a night.", "sleep_loss", "present"),
        ("I get eight hours of sleep.", "sleep_loss", "absent"),
        ("Temperature 39.2 °C.", "fever", "present"), ("Temp 36.8 C", "fever", "absent"),
        ("A fever of 104 F", "hyperthermia", "present"), ("Pulse 120/min.", "tachycardia", "present"),
        ("Heart rate was 42", "bradycardia", "present"), ("HR 70", "tachycardia", "absent"),
        ("BP 180/110", "hypertension_measured", "present"),
        ("Blood pressure is 80/60 mmHg", "hypotension", "present"),
        ("Respiratory rate of 30", "breathing_fast", "present"),
        ("Power is 4/5 in the legs.", "leg_weakness", "present"),
        ("Power 5/5.", "normal_strength", "present"), ("Power 5/5.", "weakness", "absent"),
        ("Strength is 5/5 in the arms and 4/5 in the legs.", "weakness", "present"),
        ("Reflexes are 3+.", "hyperreflexia", "present"),
        ("Reflexes 2+ throughout", "hyporeflexia", "absent"),
        ("Pain 4/5.", "weakness", None),
    ],
)  # fmt: skip
def test_numbers(text: str, item: str, status: str | None, read: Read) -> None:
    found = {o.id: o.status for o in read(text).observations}
    assert found.get(item) == status


def test_impossible_pulse_is_asked(read: Read) -> None:
    assert "pulse" in read("Pulse 900 and cramps.").doubts[0].question


@pytest.mark.parametrize("text", ["It twitches at night. I am 34.", "My calf twitches since May! I am 34."])
def test_an_age_is_not_hidden_by_the_sentence_before(read: Read, text: str) -> None:
    assert read(text).age_years == 34.0
