from collections.abc import Callable

import pytest

from whytwitch.case import Case, LabResult, adjusted_calcium

Read = Callable[[str], Case]


def only(case: Case) -> LabResult:
    (result,) = case.labs
    return result


@pytest.mark.parametrize(
    ("text", "analyte", "si"),
    [
        ("Ca 7.1 mg/dL.", "calcium_total", 1.771), ("ionised calcium 0.9", "calcium_ionized", 0.9),
        ("K+ of 2.8", "potassium", 2.8), ("potassium: 2.8 mmol/L", "potassium", 2.8),
        ("The potassium level was 2.8 mEq/l.", "potassium", 2.8), ("CK 12,000", "ck", 12000),
        ("TSH was 0.05 mU/L", "tsh", 0.05), ("2.8 mmol/L potassium", "potassium", 2.8),
        ("Ca2+ 1.9 mmol/L", "calcium_total", 1.9), ("CK on day 3 was 900 U/L", "ck", 900),
        ("Mg 1.2 mg/dL", "magnesium", 0.494),
    ],
)  # fmt: skip
def test_values(text: str, analyte: str, si: float, read: Read) -> None:
    result = only(read(text))
    assert result.analyte == analyte
    assert result.value_si == pytest.approx(si, rel=1e-3)


def test_list(read: Read) -> None:
    case = read("Bloods: Na 137, K 3.8, Cl 100.")
    assert {r.analyte: r.value for r in case.labs} == {"sodium": 137, "potassium": 3.8, "chloride": 100}
    assert not case.doubts


def test_printed_interval(read: Read) -> None:
    result = only(read("calcium 5.1 mg/dL (8.4-10.2), cramps"))
    assert result.low == pytest.approx(2.096, rel=1e-3)
    assert result.high == pytest.approx(2.545, rel=1e-3)


def test_interval_decides_the_unit(read: Read) -> None:
    assert only(read("PTH is 60 (12-72)")).unit == "pg/mL"


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("low potassium", "low"), ("Potassium is raised.", "high"), ("a normal potassium", "normal"),
        ("potassium within normal range", "normal"), ("Potassium is not raised.", "normal"),
        ("TSH is undetectable", "low"),
        ("CK was markedly elevated", "high"),
    ],
)  # fmt: skip
def test_words(text: str, flag: str, read: Read) -> None:
    assert only(read(text)).flag == flag


def test_one_word_for_two(read: Read) -> None:
    case = read("Serum calcium and parathyroid hormone are both raised.")
    assert {r.analyte: r.flag for r in case.labs} == {"calcium_total": "high", "pth": "high"}
    assert {o.id: o.status for o in case.observations} == {"high_calcium": "present", "low_calcium": "absent"}


def test_multiple_of_the_limit(read: Read) -> None:
    assert only(read("CK was five times normal")).value_si == 1000
    assert only(read("CK 10 times normal")).value_si == 2000


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("magnesium 2", "In which unit"), ("potassium 28 mmol/L", "Possible is 1 to 10"),
        ("calcium 9.1 mmol/L", "cannot be in a living person"), ("potassium 3.8 pg/mL", "does not fit"),
        ("sodium 3.8 mmol/L", "cannot be"),
    ],
)  # fmt: skip
def test_doubts(text: str, part: str, read: Read) -> None:
    case = read(text)
    assert not case.labs
    assert part in case.doubts[0].question


@pytest.mark.parametrize(
    "text",
    [
        "sodium channel disease", "He takes magnesium tablets 400 mg.", "potassium channel antibodies 200",
        "I take potassium for cramps.", "urine sodium 20 mmol/L", "My sodium intake", "500 mg caffeine",
        "Diazepam 5 mg.", "calcium channel blockers",
    ],
)  # fmt: skip
def test_not_a_result(text: str, read: Read) -> None:
    case = read(text)
    assert not case.labs
    assert not case.doubts


def test_adjusted_calcium(read: Read) -> None:
    assert adjusted_calcium(2.0, 30) == pytest.approx(2.2)
    found = {r.analyte: r for r in read("calcium 2.0 mmol/L, albumin 30 g/L").labs}
    assert set(found) == {"calcium_adjusted", "albumin"}
    assert found["calcium_adjusted"].value_si == pytest.approx(2.2)
    assert "2.00 mmol/L" in found["calcium_adjusted"].note


def test_below_the_assay(read: Read) -> None:
    assert only(read("TSH <0.01 mU/L")).note == "given as <0.01"
