"""Age and sex of the person."""

from __future__ import annotations

import re
from typing import Literal

from whytwitch.case._model import CaseError
from whytwitch.case._numbers import number
from whytwitch.case._subject import FEMALE, MALE, Owner, Voice, kin
from whytwitch.case._text import Document

Sex = Literal["female", "male"]
OLDEST = 120
_STOP = re.compile(r"[.!?;\n]")

_FEMALE = frozenset(("woman", "girl", "female", "lady", "pregnant", "breastfeeding", "menopause",
                     "postmenopausal", "housewife", "schoolgirl", "waitress", "gravida",
                     "postpartum", "menstruation"))  # fmt: skip
_MALE = frozenset(("man", "guy", "bloke", "lad", "boy", "male", "gentleman", "schoolboy", "gentlemen"))
_PEOPLE = _FEMALE | _MALE | {"patient", "child", "infant", "student", "worker", "farmer", "person"}
_YEARS = ("year", "years", "yr", "yrs", "y", "yo")
_SHORT = {"month": 12.0, "months": 12.0, "mo": 12.0, "week": 52.2, "weeks": 52.2, "day": 365.25,
          "days": 365.25}  # fmt: skip
_PART = {"early": 2.0, "mid": 5.0, "middle": 5.0, "late": 8.0}


def find_age(document: Document, owners: list[Owner], who: Voice) -> tuple[float | None, int | None]:
    """The person's age in years and the token it stands at.

    Raises:
        CaseError: an age that nobody reaches.
    """
    best: tuple[float, int] | None = None
    for i in range(len(document)):
        years = _old(document, i) or _stated(document, i) or _tagged(document, i, who)
        years = years if years is not None else _decade(document, i)
        if years is None or _of_another(document, i, owners, who) or _is_event(document, i):
            continue
        if years > OLDEST or _is_negative(document, i):
            quote = document.span(i, min(i + 3, len(document))).text
            raise CaseError(f"age: {quote!r} cannot be a person's age; give the age in years, 0 to {OLDEST}")
        if best is None:
            best = (years, i)
    return best if best is not None else (None, None)


def _is_negative(document: Document, i: int) -> bool:
    gap = document.gaps[i]
    return gap.endswith(("-", "−")) and (len(gap) > 1 or i == 0)


def _old(document: Document, i: int) -> float | None:
    """``37-year-old``, ``6 months old``, ``45 yo``, ``aged three years``."""
    amount = number(document, i, vague=False)
    if amount is None or amount.end >= len(document):
        return None
    words, j = document.words, amount.end
    unit, after = words[j], words[j + 1 : j + 3]
    before = words[i - 1] if i else ""
    if unit in ("yo", "yom", "yof") or (unit in ("y", "yr") and after[:1] in (["o"], ["f"], ["m"])):
        return amount.value
    old = after[:1] == ["old"] or after == ["of", "age"] or before in ("aged", "age")
    if unit in _YEARS and old:
        return amount.value
    return amount.value / _SHORT[unit] if unit in _SHORT and old else None


def _stated(document: Document, i: int) -> float | None:
    """``aged 44``, ``I'm 45``, ``I am 45``, ``I just turned 30``."""
    words = document.words
    amount = number(document, i, vague=False)
    if amount is None or i == 0 or amount.value != int(amount.value):
        return None
    before = words[i - 1]
    following = words[amount.end] if amount.end < len(words) else ""
    if before in ("aged", "age", "turned") and following not in ("in", *_SHORT):
        return amount.value
    self_said = before in ("im", "hes", "shes") or (before in ("am", "is") and i >= 2 and (
        words[i - 2] in ("i", "he", "she") or kin(words[i - 2]) != ""))  # fmt: skip
    if not self_said or amount.value > OLDEST or "%" in document.after(amount.end - 1):
        return None
    ends = document.after(amount.end - 1).strip() != "" or not following
    return amount.value if ends or following in _AFTER_AGE else None


_AFTER_AGE = frozenset(("and", "years", "year", "yo", "male", "female", "man", "woman", "now", "with",
                        "f", "m", "who", "but"))  # fmt: skip


def _tagged(document: Document, i: int, who: Voice) -> float | None:
    """``19F``, ``F/44``, ``(34M)``, ``My mother, 67,``, ``a man of 56``."""
    words = document.words
    word = words[i]
    if not word.isdigit() or not 0 < int(word) <= OLDEST:
        return None
    nxt = words[i + 1] if i + 1 < len(words) else ""
    prev = words[i - 1] if i else ""
    close = document.after(i).strip() in ("", "/", "-", ",")
    if nxt in ("f", "m", "male", "female") and close and prev not in ("vitamin", "hla", "grade"):
        return float(word)
    if prev in ("f", "m", "male", "female") and document.gaps[i].strip() in ("", "/", ",", "(") and (
        nxt not in _SHORT and not nxt.startswith("mm")):  # fmt: skip
        return float(word)
    named = kin(prev) != "" and kin(prev) == who.patient_kin
    if named and ("," in document.gaps[i] or "(" in document.gaps[i] or float(word) > 12):
        return float(word)
    if prev == "of" and i >= 2 and words[i - 2] in _PEOPLE:
        return float(word)
    return float(word) if prev in _PEOPLE and "," in document.gaps[i] and "," in document.after(i) else None


def _decade(document: Document, i: int) -> float | None:
    """``in his 50s``, ``in my late thirties``; ``newborn``."""
    words = document.words
    word = words[i]
    if word == "newborn":
        return 0.02
    tens = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60,
            "seventies": 70, "eighties": 80, "nineties": 90, "teens": 13}.get(word)  # fmt: skip
    if tens is None and word.isdigit() and len(word) == 2 and word[1] == "0":
        if words[i + 1 : i + 2] != ["s"] or document.after(i).strip(" '’") != "":
            return None
        tens = int(word)
    if tens is None or not any(w in ("his", "her", "my", "their") for w in words[max(0, i - 3) : i]):
        return None
    return tens + _PART.get(words[i - 1], 5.0)


def _of_another(document: Document, i: int, owners: list[Owner], who: Voice) -> bool:
    if owners[i] != "person":
        return True
    near = document.words[max(0, i - 2) : i] + document.words[i + 1 : i + 6]
    named = [kin(word) for word in near if kin(word)]
    return bool(named) and not who.patient_kin and who.first_person


def _is_event(document: Document, i: int) -> bool:
    """``at age 12``, ``since age 15``, ``when I was 15``: when something happened."""
    begin = max(
        (j for j in range(max(0, i - 4), i + 1) if _STOP.search(document.gaps[j])), default=max(0, i - 4)
    )
    before = document.words[begin:i]  # of the same sentence: "It twitches at night. I am 34."
    return any(w in ("at", "since", "was", "until", "from", "when", "before", "after") for w in before)


def find_sex(document: Document, owners: list[Owner], who: Voice, age_at: int | None) -> Sex | None:
    """The person's sex, where the text gives it away."""
    if who.patient_kin in FEMALE:
        return "female"
    if who.patient_kin in MALE:
        return "male"
    words = document.words
    if age_at is not None:
        for j in range(max(0, age_at - 2), min(age_at + 6, len(words))):
            if sex := _tag(words[j]):
                return sex
    for i, word in enumerate(words):
        if owners[i] == "person" and (sex := _noun(word)) and not _is_denied(words, i):
            return sex
    if who.first_person and not who.patient_kin:
        return None
    return _by_pronoun(words, owners)


def _tag(word: str) -> Sex | None:
    if word in ("f", "yof") or word in _FEMALE:
        return "female"
    return "male" if word in ("m", "yom") or word in _MALE else None


def _noun(word: str) -> Sex | None:
    if word in _FEMALE:
        return "female"
    return "male" if word in _MALE else None


def _is_denied(words: list[str], i: int) -> bool:
    return any(w in ("not", "no", "isnt", "the", "trying", "getting") for w in words[max(0, i - 2) : i]) and (
        words[i] not in ("man", "woman", "boy", "girl", "lady", "gentleman")
    )


def _by_pronoun(words: list[str], owners: list[Owner]) -> Sex | None:
    she = sum(w in ("she", "her", "shes") for w, o in zip(words, owners, strict=True) if o == "person")
    he = sum(w in ("he", "his", "him", "hes") for w, o in zip(words, owners, strict=True) if o == "person")
    if she == he:
        return None
    return "female" if she > he else "male"
