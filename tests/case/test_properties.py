import contextlib
import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.case import Case, CaseError, read_text
from whytwitch.knowledge import Catalogue

VOCABULARY = """
    i my his no not without denies and or but weak weakness twitching cramps hand leg calf left both for
    since ago two 3 7.1 mg/dL mmol/L K potassium calcium low high normal diazepam stopped takes years weeks
    mother father age 40 year old 4/5 strength reflexes 3+ coffee day never any more family ALS scared of it
    is the in with 120/80 BP pulse tapping face nerve , . ; : ( ) - ? < > %
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n"])
PHRASES = [
    "weakness", "cramps", "muscle wasting", "twitching of my calf", "numbness", "fever", "tremor", "pain",
]  # fmt: skip
FRAMES = [
    "I have no {}.", "There is no {}.", "He denies {}.", "I do not have {}.", "Without {}.",
    "Never had any {}.", "No sign of {}.", "She does not report {}.", "{} is absent.", "{}: none",
]  # fmt: skip
STATEMENTS = ["I have cramps in my left calf.", "My hand is weak.", "No fever.", "K 2.8 mmol/L.",
              "I take Valium 5 mg.", "I drink five coffees a day.", "My father has Parkinson's.",
              "I'm scared it is ALS.", "The examination was normal.", "Maybe some numbness."]  # fmt: skip


def check(case: Case, catalogue: Catalogue) -> None:
    spans = [o.span for o in case.observations] + [r.span for r in case.labs] + [d.span for d in case.drugs]
    spans += [d.span for d in case.doubts] + list(case.not_understood)
    for span in spans:
        if span is not None:
            assert case.text[span.start : span.end] == span.text
    ids = [o.id for o in case.observations]
    assert len(ids) == len(set(ids))
    assert set(ids) <= catalogue.findings.keys()
    assert Case.model_validate_json(case.model_dump_json()) == case


@given(text=st.text(max_size=400))
@settings(deadline=None)
def test_any_text(text: str, catalogue: Catalogue) -> None:
    try:
        check(read_text(text, catalogue), catalogue)
    except CaseError as error:
        assert str(error)


@given(words=st.lists(WORDS, min_size=1, max_size=60))
@settings(deadline=None, max_examples=300)
def test_any_words(words: list[str], catalogue: Catalogue) -> None:
    try:
        check(read_text(" ".join(words), catalogue), catalogue)
    except CaseError as error:
        assert str(error)


@pytest.mark.parametrize(("phrase", "frame"), list(itertools.product(PHRASES, FRAMES)))
def test_a_negated_phrase_is_never_present(phrase: str, frame: str, catalogue: Catalogue) -> None:
    case = read_text(frame.format(phrase).capitalize(), catalogue)
    assert not [o.id for o in case.observations if o.status == "present"]


@given(order=st.permutations(STATEMENTS))
@settings(deadline=None, max_examples=40)
def test_order_of_statements_does_not_matter(order: list[str], catalogue: Catalogue) -> None:
    def read(lines: list[str]) -> object:
        case = read_text(" ".join(lines), catalogue)
        return (
            {(o.id, o.status, o.places, o.implied_by) for o in case.observations},
            {(r.analyte, r.value_si) for r in case.labs}, {(d.drug, d.status) for d in case.drugs},
        )  # fmt: skip

    assert read(order) == read(STATEMENTS)


UNITS = [
    "weak ", "hand ", "weak hand no ", "no ", "a ", "1 ", "7.1 mg/dL ", "K ", "(", "....", ",", "\n", "aa",
    "tapping face ", "xyzzyplugh ", "my mother ", "not weak, ", "4/5 ", "and ", "furosimide ",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_no_text_takes_long(unit: str, catalogue: Catalogue) -> None:
    text = (unit * 20_000)[:20_000]
    start = time.perf_counter()
    with contextlib.suppress(CaseError):
        read_text(text, catalogue)
    assert time.perf_counter() - start < 5


def test_a_megabyte_is_refused_at_once(catalogue: Catalogue) -> None:
    start = time.perf_counter()
    with pytest.raises(CaseError):
        read_text("my leg twitches " * 70_000, catalogue)
    assert time.perf_counter() - start < 0.2


def test_speed(catalogue: Catalogue) -> None:
    text = "A 44-year-old man has had weakness of the left hand, cramps and twitching for one year. " * 8
    read_text(text, catalogue)
    times: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        read_text(text, catalogue)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05
