"""Putting right what was understood."""

from __future__ import annotations

import pytest

from whytwitch.app import correct
from whytwitch.case import Case, CaseError, DrugUse, Observation, complete, read_text
from whytwitch.knowledge import Catalogue


def status(case: Case, key: str) -> str | None:
    return next((o.status for o in case.observations if o.id == key), None)


@pytest.mark.parametrize("value", ["present", "absent", "unsure"])
def test_a_finding(value: str, catalogue: Catalogue) -> None:
    case = read_text("My hands shake and I have muscle cramps.", catalogue)
    assert status(correct(case, "tremor", value, catalogue), "tremor") == value
    assert status(correct(case, "tremor", "unknown", catalogue), "tremor") is None


def test_facts(catalogue: Catalogue) -> None:
    case = correct(Case(), "age", "34", catalogue)
    case = correct(case, "sex", "F", catalogue)
    case = correct(case, "duration", "2 weeks", catalogue)
    assert (case.age_years, case.sex, case.duration_days) == (34, "female", 14)
    for key in ("age", "sex", "duration"):
        case = correct(case, key, "unknown", catalogue)
    assert (case.age_years, case.sex, case.duration_days) == (None, None, None)


def test_a_laboratory_value(catalogue: Catalogue) -> None:
    case = correct(Case(), "potassium", "2.8 mmol/L", catalogue)
    assert [(lab.analyte, lab.value_si) for lab in case.labs] == [("potassium", 2.8)]
    case = correct(case, "potassium", "4.1 mmol/L", catalogue)
    assert [lab.value_si for lab in case.labs] == [4.1]
    assert correct(case, "potassium", "unknown", catalogue).labs == ()


def test_a_drug_goes_with_what_it_stands_for(catalogue: Catalogue) -> None:
    key, drug = next((k, d) for k, d in catalogue.drugs.items() if d.context is not None)
    case = complete(Case(drugs=(DrugUse(drug=key, name=drug.name),)), catalogue)
    assert status(case, str(drug.context)) == "present"
    without = correct(case, str(drug.context), "unknown", catalogue)
    assert without.drugs == ()
    assert status(without, str(drug.context)) is None


def test_what_followed_goes_too(catalogue: Catalogue) -> None:
    case = complete(Case(observations=(Observation(id="emg_normal"),)), catalogue)
    implied = [o.id for o in case.observations if o.implied_by == "emg_normal"]
    assert implied
    after = correct(case, "emg_normal", "absent", catalogue)
    assert not [o for o in after.observations if o.implied_by == "emg_normal"]


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("tremr", "present", "tremor"),
        ("tremor", "perhaps", "not one of present"),
        ("age", "400", "age: Nobody is 400"),
        ("age", "old", "age: Type the age"),
        ("sex", "x", "sex"),
        ("duration", "3", "duration: Type a length"),
        ("potassium", "lots and lots", "potassium"),
    ],
)
def test_nonsense_is_refused_with_a_remedy(
    key: str, value: str, complaint: str, catalogue: Catalogue
) -> None:
    with pytest.raises(CaseError, match=complaint):
        correct(Case(), key, value, catalogue)
