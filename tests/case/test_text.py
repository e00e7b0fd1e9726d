import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.case._fold import fold
from whytwitch.case._text import tokenize


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Oedema", "edema"), ("haemoglobin", "hemoglobin"), ("anaemia", "anemia"), ("tumour", "tumor"),
        ("hypokalaemia", "hypokalemia"), ("diarrhoea", "diarrhea"), ("Paraesthesiae", "paresthesiae"),
        ("fibre", "fiber"), ("oesophageal", "esophageal"), ("colour", "color"), ("behaviour", "behavior"),
        ("generalised", "generalized"), ("ionised", "ionized"), ("hospitalisation", "hospitalization"),
        ("don't", "dont"), ("Parkinson’s", "parkinsons"), ("exercise", "exercise"), ("raised", "raised"),
        ("surprised", "surprised"), ("café", "cafe"), ("paralysed", "paralyzed"), ("promise", "promise"),
        ("advised", "advised"), ("disease", "disease"), ("arthritis", "arthritis"),
    ],
)  # fmt: skip
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ca was 7.1 mg/dL. He is weak.", 2),
        ("Takes tablets, e.g. furosemide. Feels fine.", 2),
        ("It hurts at 5 p.m. and at night.", 1),
        ("my leg twitches. it stops", 2),
        ("Weak legs; numb feet", 2),
        ("Why? I do not know!", 2),
        ("one line\nwrapped line", 1),
        ("- cramps\n- weak legs", 2),
        ("Dr. Smith saw him.", 1),
        ("potassium 2.8 mmol/L", 1),
        ("Weak.My leg jumps", 2),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(tokenize(text).sentences) == count


def test_units_are_split_from_numbers() -> None:
    assert tokenize("500mg and 19F, b12, 1st").words == ["500", "mg", "and", "19", "f", "b12", "1st"]


def test_ions() -> None:
    assert tokenize("Ca2+ 1.9, K+ 2.8").words == ["ca", "1.9", "k", "2.8"]


@given(st.text(max_size=300))
def test_offsets_lead_back(text: str) -> None:
    document = tokenize(text)
    for i, word in enumerate(document.words):
        span = document.span(i, i + 1)
        assert text[span.start : span.end] == span.text
        assert fold(span.text).startswith(word) or word in fold(span.text)
    joined = "".join(
        gap + text[a:b] for gap, a, b in zip(document.gaps, document.starts, document.ends, strict=True)
    )
    assert joined + document.tail == text
    covered = [i for begin, stop in document.sentences for i in range(begin, stop)]
    assert covered == list(range(len(document)))


def test_a_lone_apostrophe_is_no_word() -> None:
    assert tokenize("ʼ").words == []
