"""Laboratory reports as tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.case import CaseError, read_case
from whytwitch.knowledge import load

HEADED = (
    "Test,Result,Unit,Reference range,Flag\nPotassium,3.1,mmol/L,3.5-5.0,L\nCreatine kinase,450,U/L,<200,H\n"
)
CATALOGUE = load()


def read(tmp_path: Path, text: str, name: str = "labs.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_case(path, CATALOGUE)


def test_a_table_with_heads(tmp_path: Path) -> None:
    labs = {lab.analyte: lab for lab in read(tmp_path, HEADED).labs}
    assert labs["potassium"].value_si == 3.1
    assert (labs["potassium"].low, labs["potassium"].high) == (3.5, 5.0)
    assert labs["ck"].high == 200


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Potassium;3,1;mmol/l\nMagnesium;0,5;mmol/l\n", "german.csv"),
        ("Potassium\t3.1\tmmol/L\nMagnesium\t0.5\tmmol/L\n", "tabs.tsv"),
        ("Potassium,3.1,mmol/L\nMagnesium,0.5,mmol/L", "bare.csv"),
        (
            "Date,Analyte,Value,Units\n2026-01-02,Potassium,3.1 L,mmol/L\n2026-01-02,Mg,0.5,mmol/L",
            "dated.csv",
        ),
    ],
)
def test_separators_decimal_commas_and_other_columns(tmp_path: Path, text: str, name: str) -> None:
    labs = {lab.analyte: lab.value_si for lab in read(tmp_path, text, name).labs}
    assert labs == {"potassium": 3.1, "magnesium": 0.5}


def test_what_is_not_understood_is_listed(tmp_path: Path) -> None:
    case = read(tmp_path, HEADED + "Ectoplasm,7,slimes,0-1,H\n")
    assert [span.text for span in case.not_understood] == ["Ectoplasm 7 slimes 0-1 H"]


def test_a_recording_is_no_lab_table(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"emg\.csv: no laboratory value.*recording"):
        read(tmp_path, "time,emg\n0.0,0.1\n0.001,0.2\n", "emg.csv")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_case_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("labs") / "fuzz.csv"
    path.write_text(text, "utf-8", errors="replace")
    try:
        read_case(path, CATALOGUE)
    except CaseError as error:
        assert "fuzz.csv" in str(error)
