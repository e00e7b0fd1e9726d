"""Laboratory results as they are scribbled: pairs, old units, missing units, doses, levels of drugs."""

from collections.abc import Callable

import pytest

from whytwitch.case import Case

Read = Callable[[str], Case]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Na/K 118/2.5", {"sodium": 118, "potassium": 2.5}),
        ("Na/K/Cl 118/2.5/90", {"sodium": 118, "potassium": 2.5, "chloride": 90}),
        ("INR 2.7. X-rays show thin bones.", {"inr": 2.7}), ("glucose 40 mg%", {"glucose": 40}),
        ("Mg++ 0.3", {"magnesium": 0.3}), ("CK was 12,400 U/L", {"ck": 12400}),
        ("sodium of 118", {"sodium": 118}), ("K 2.1 mmol/l", {"potassium": 2.1}),
        ("White cells 19.4, haemoglobin 15, sodium 140", {"hemoglobin": 15, "sodium": 140}),
        ("parathyroid hormone is 18.5 pg/mL (12-72), that is, not raised", {"pth": 18.5}),
        ("taken thyroxine 150 micrograms a day", {}), ("I ran 5 k and then 10k", {}),
    ],
)  # fmt: skip
def test_values(text: str, values: dict[str, float], read: Read) -> None:
    case = read(text)
    assert {r.analyte: r.value for r in case.labs} == values
    assert not case.doubts


@pytest.mark.parametrize(
    ("text", "unit"), [("Haemoglobin 15", "g/dL"), ("Mg 0.3", "mmol/L"), ("glucose 40 mg%", "mg/dL")]
)
def test_the_unit_that_is_meant(text: str, unit: str, read: Read) -> None:
    (result,) = read(text).labs
    assert result.unit == unit


def test_the_mildest_reading_says_so(read: Read) -> None:
    (result,) = read("Mg 0.3").labs
    assert "no unit was given" in result.note


@pytest.mark.parametrize("text", ["Mg 1.2", "glucose 40"])
def test_asked_where_units_disagree(text: str, read: Read) -> None:
    case = read(text)
    assert not case.labs
    assert "which unit" in case.doubts[0].question


def test_multiple_of_the_limit(read: Read) -> None:
    (result,) = read("CK 3x the upper limit of normal").labs
    assert result.value == 600


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("potassium: low", {"potassium": "low"}), ("calcium and PTH both raised",
                                                   {"calcium_total": "high", "pth": "high"}),
        ("calcium and magnesium are low", {"calcium_total": "low", "magnesium": "low"}),
        ("The serum concentration of his lithium is within the normal range.", {"lithium": "normal"}),
    ],
)  # fmt: skip
def test_words(text: str, flags: dict[str, str], read: Read) -> None:
    assert {r.analyte: r.flag for r in read(text).labs} == flags
