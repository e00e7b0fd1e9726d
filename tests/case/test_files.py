import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.case import (
    MAX_BYTES,
    Case,
    CaseError,
    case_schema,
    complete,
    merge,
    read_case,
    read_data,
    read_structured,
    read_text,
)
from whytwitch.knowledge import Catalogue


def put(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


def status_of(case: Case, item: str) -> str | None:
    return next((o.status for o in case.observations if o.id == item), None)


def test_text_and_path(tmp_path: Path, catalogue: Catalogue) -> None:
    path = put(tmp_path, "story.txt", "My calf twitches.")
    assert read_case(path, catalogue) == read_case(str(path), catalogue)
    assert status_of(read_case("My calf twitches.", catalogue), "twitch_calf") == "present"


def test_toml(tmp_path: Path, catalogue: Catalogue) -> None:
    path = put(tmp_path, "case.toml", """
        age_years = 45
        sex = "female"
        duration_days = 30
        text = "My calf twitches. No cramps."
        drugs = ["Lasix 40 mg", { name = "diazepam", status = "stopped" }]
        [findings]
        present = ["weakness"]
        absent = ["fever"]
        unsure = ["tremor"]
        [labs]
        potassium = "2.8 mmol/L"
        tsh = 1.5
    """)  # fmt: skip
    case = read_case(path, catalogue, setting="neurology")
    assert (case.age_years, case.sex, case.duration_days, case.setting) == (45, "female", 30, "neurology")
    wanted = {"weakness": "present", "fever": "absent", "tremor": "unsure", "cramps": "absent",
              "twitching": "present", "drug_loop_diuretic": "present"}  # fmt: skip
    assert {k: status_of(case, k) for k in wanted} == wanted
    assert {r.analyte: r.value_si for r in case.labs} == {"potassium": 2.8, "tsh": 1.5}
    assert {d.drug: d.status for d in case.drugs} == {"furosemide": "taking", "diazepam": "stopped"}


def test_json_forms(tmp_path: Path, catalogue: Catalogue) -> None:
    data = {"findings": {"weakness": True, "fever": False, "tremor": "unsure"},
            "labs": [{"analyte": "K", "value": 2.8}, {"analyte": "tsh", "flag": "low"}]}  # fmt: skip
    case = read_case(put(tmp_path, "a.json", json.dumps(data)), catalogue)
    assert (status_of(case, "fever"), status_of(case, "tremor")) == ("absent", "unsure")
    assert {r.analyte for r in case.labs} == {"potassium", "tsh"}


def test_saved_case_comes_back(tmp_path: Path, catalogue: Catalogue) -> None:
    case = read_text("My left calf twitches, K 2.8, I take Valium and flobitazine. Oddities.", catalogue)
    assert read_case(put(tmp_path, "c.json", case.model_dump_json()), catalogue) == case


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.toml", "age_years = ", "line 1"), ("a.json", "{", "line 1"), ("a.json", "[1]", "one JSON object"),
        ("a.toml", "agee = 4", "unknown field"), ("a.toml", "age_years = 400", "age_years"),
        ("a.toml", 'ages = 4\ntext = "cramps"', "ages: unknown field; did you mean 'age_years'"),
        ("a.toml", 'findings = ["weaknes"]', "did you mean 'weakness'"),
        ("a.toml", 'findings = ["qqqqqq"]', "unknown id"), ("a.toml", "", "nothing is said"),
        ("a.toml", '[findings]\npresent=["fever"]\nabsent=["fever"]', "both"),
        ("a.toml", '[[labs]]\nanalyte="potasium"\nvalue=3', "did you mean 'potassium'"),
        ("a.toml", '[[labs]]\nanalyte="potassium"\nvalue=3\nunit="mg/dL"', "does not fit"),
        ("a.toml", '[[labs]]\nanalyte="potassium"', "give a value"),
        ("a.toml", '[labs]\npotassium="plenty"', "not understood"), ("a.txt", "   ", "empty"),
        ("a.json", '{"symptoms_present": 5}', "list of phrases"),
        ("a.json", '{"symptoms_present": [], "age": 300}', "age"),
        ("a.json", '{"symptoms_present": [], "sex": "blue"}', "sex"),
        ("a.json", '{"symptoms_present": [], "labs": [{"value": 3}]}', "analyte"),
        ("a.json", '{"observations": [{"id": "nope"}]}', "unknown id"),
    ],
)  # fmt: skip
def test_bad_files(name: str, content: str, message: str, tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(put(tmp_path, name, content), catalogue)
    assert message in str(caught.value)


def test_missing_and_binary(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(CaseError, match="cannot be opened"):
        read_case(tmp_path / "no.toml", catalogue)
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe\x00cramps")
    with pytest.raises(CaseError, match="UTF-8"):
        read_case(tmp_path / "b.txt", catalogue)


def test_impossible_lab_in_a_file_is_asked(catalogue: Catalogue) -> None:
    case = read_data({"labs": [{"analyte": "potassium", "value": 28}]}, catalogue)
    assert not case.labs
    assert "cannot be" in case.doubts[0].question


@pytest.mark.parametrize(
    "text",
    [
        "Ich habe seit drei Wochen Zuckungen im linken Auge und ich bin sehr müde.",
        "J'ai des contractions de la paupière depuis trois jours et je suis très fatigué.",
        "Tengo contracciones en el párpado desde hace tres días y no duermo bien.",
        "左のまぶたが三日間ぴくぴくしています。コーヒーをよく飲みます。",
        "У меня три дня дергается левый глаз, и я плохо сплю по ночам.",
    ],
)
def test_other_languages(text: str, catalogue: Catalogue) -> None:
    with pytest.raises(CaseError, match="English"):
        read_text(text, catalogue)


def test_terse_english_is_read(catalogue: Catalogue) -> None:
    assert read_text("47M twitching calf cramps weakness", catalogue).age_years == 47


@pytest.mark.parametrize("text", ["", "  \n", "!!!", "12 34"])
def test_empty(text: str, catalogue: Catalogue) -> None:
    with pytest.raises(CaseError, match="text"):
        read_text(text, catalogue)


def test_too_long_names_the_limit(catalogue: Catalogue) -> None:
    with pytest.raises(CaseError, match=f"{MAX_BYTES // 1000} kB"):
        read_text("twitch " * 200_000, catalogue)


def test_structured(catalogue: Catalogue) -> None:
    case = read_structured(
        {"age": 37, "sex": "male", "symptoms_present": ["generalised twitching", "calf cramps"],
         "explicitly_absent": ["muscle weakness", "fever"], "body_sites": ["legs"], "duration": "14 months",
         "drugs": ["furosemide 40 mg", "stopped diazepam"], "exposures": ["diabetes"],
         "labs": [{"analyte": "potassium", "value": 2.8, "unit": "mmol/L"},
                  {"analyte": "calcium", "value": "low", "unit": None}],
         "exam": ["brisk reflexes", "no wasting"], "emg": ["fasciculation potentials"],
         "family_history": "brother has cramps"},
        catalogue,
    )  # fmt: skip
    wanted = {"twitching": "present", "cramps": "present", "weakness": "absent", "fever": "absent",
              "hyperreflexia": "present", "muscle_wasting": "absent", "emg_fasciculation": "present",
              "diabetes_known": "present", "family_twitching_cramps": "present", "low_calcium": "present",
              "drug_loop_diuretic": "present"}  # fmt: skip
    assert {k: status_of(case, k) for k in wanted} == wanted
    assert (case.age_years, case.sex) == (37, "male")
    assert case.duration_days == pytest.approx(425.6)
    for observation in case.observations:
        if observation.span is not None:
            assert case.text[observation.span.start : observation.span.end] == observation.span.text


def test_structured_null_fields(catalogue: Catalogue) -> None:
    case = read_structured({"age": None, "sex": None, "labs": [], "family_history": None}, catalogue)
    assert case.observations == ()
    with pytest.raises(CaseError, match="unknown field"):
        read_structured({"colour": "red"}, catalogue)


def test_schema() -> None:
    schema = case_schema()
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"age_years", "findings", "labs", "drugs", "text"} <= set(schema["properties"])
    json.dumps(schema)


def test_merge(catalogue: Catalogue) -> None:
    case = read_text("My calf twitches. No cramps. Normal examination.", catalogue)
    assert status_of(case, "weakness") == "absent"
    later = merge(case, {"cramps": "present", "twitching": None, "normal_examination": "absent"}, catalogue)
    assert status_of(later, "cramps") == "present"
    assert status_of(later, "twitching") is None
    assert status_of(later, "weakness") is None
    with pytest.raises(CaseError, match="did you mean 'cramps'"):
        merge(case, {"cramp": "present"}, catalogue)


def test_merge_cases(catalogue: Catalogue) -> None:
    one = read_text("I am 40, K 2.8, cramps.", catalogue)
    two = read_text("I am 41, K 4.1 and I take Valium.", catalogue)
    both = merge(one, two, catalogue)
    assert both.age_years == 41
    assert [r.value for r in both.labs] == [4.1]
    assert status_of(both, "cramps") == status_of(both, "drug_benzodiazepine") == "present"


def test_complete_is_stable(catalogue: Catalogue) -> None:
    case = read_text("I am 40. Normal examination, I take Valium. Potassium is low.", catalogue)
    assert complete(case, catalogue) == case
    assert status_of(case, "infant") == "absent"
    assert status_of(case, "low_potassium") == "present"


def test_explicit_outranks_implied(catalogue: Catalogue) -> None:
    assert status_of(read_text("Normal examination. My hand is weak.", catalogue), "weakness") == "present"


KEYS = ["text", "findings", "labs", "drugs", "age_years", "present", "value", "analyte", "symptoms_present",
        "age", "observations"]  # fmt: skip


def nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)


LEAVES = st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8)


@given(data=st.recursive(LEAVES, nested, max_leaves=8))
def test_any_data_is_a_case_or_an_error(data: object, catalogue: Catalogue) -> None:
    if isinstance(data, dict):
        try:
            assert isinstance(read_data(data, catalogue), Case)
        except CaseError as error:
            assert str(error)
