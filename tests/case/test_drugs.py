from collections.abc import Callable

import pytest

from whytwitch.case import Case

Read = Callable[[str], Case]


def status_of(case: Case, item: str) -> str | None:
    return next((o.status for o in case.observations if o.id == item), None)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("I take diazepam.", "taking"), ("Been on Valium for years.", "taking"),
        ("I stopped my diazepam last week.", "stopped"), ("I came off Valium on Monday.", "stopped"),
        ("She no longer takes diazepam.", "stopped"), ("The diazepam was stopped.", "stopped"),
        ("He does not take diazepam.", "not taking"), ("Allergic to diazepam.", "not taking"),
        ("The cramps improved with diazepam.", "given"), ("When I stop diazepam it twitches.", "taking"),
    ],
)  # fmt: skip
def test_status(text: str, status: str, read: Read) -> None:
    (use,) = read(text).drugs
    assert use.status == status


def test_contexts(read: Read) -> None:
    assert status_of(read("I take Valium 5 mg daily."), "drug_benzodiazepine") == "present"
    stopped = read("I stopped my diazepam last week.")
    assert status_of(stopped, "benzodiazepine_stopped") == "present"
    assert status_of(stopped, "drug_benzodiazepine") == "unsure"
    assert status_of(read("The cramps improved with diazepam."), "drug_benzodiazepine") is None


def test_dose_and_change(read: Read) -> None:
    case = read("She started Lasix 40 mg last week.")
    assert case.drugs[0].dose == "40 mg"
    assert status_of(case, "drug_dose_changed") == "present"


def test_two_drugs_of_different_fate(read: Read) -> None:
    case = read("I stopped my diazepam last week and take furosemide 40 mg.")
    assert {d.drug: d.status for d in case.drugs} == {"diazepam": "stopped", "furosemide": "taking"}


def test_list_shares_its_fate(read: Read) -> None:
    case = read("He stopped diazepam, furosemide and Lexapro.")
    assert {d.status for d in case.drugs} == {"stopped"}


def test_misspelled(read: Read) -> None:
    (use,) = read("I take furosimide.").drugs
    assert (use.drug, use.detail) == ("furosemide", "read as furosemide")
    (use,) = read("I take carbamazapin.").drugs
    assert use.drug == "carbamazepine"


def test_unknown(read: Read) -> None:
    case = read("I take flobitazine for my cramps.")
    assert "flobitazine" in case.doubts[0].question
    assert any("flobitazine" in span.text for span in case.not_understood)


def test_of_a_relative(read: Read) -> None:
    assert not read("My father takes diazepam. I have cramps.").drugs
