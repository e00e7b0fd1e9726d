"""What was not understood, and whether the text is English at all."""

from __future__ import annotations

from whytwitch.case._model import CaseError, Doubt, Span
from whytwitch.case._numbers import unit_days
from whytwitch.case._stopwords import DRUG_ENDINGS, ENGLISH, FILLER, FOREIGN, NOT_DRUGS
from whytwitch.case._subject import kin
from whytwitch.case._text import Document

MIN_WORDS = 6
_TAKES = frozenset(("takes", "taking", "take", "took", "prescribed", "medication", "started", "on",
                    "medications", "drug", "drugs", "taken", "tablets", "using"))  # fmt: skip


def not_understood(document: Document, used: set[int]) -> list[Span]:
    """Stretches between commas and sentence ends that hold content of which nothing was read."""
    spans: list[Span] = []
    for begin, stop in document.sentences:
        nothing = used.isdisjoint(range(begin, stop))
        for first, last in segments(document, begin, stop):
            content = [i for i in range(first, last) if _is_content(document.words[i])]
            if used.isdisjoint(range(first, last)) and len(content) >= (1 if nothing else 2):
                spans.append(document.span(first, last))
    return spans


def segments(document: Document, begin: int, stop: int) -> list[tuple[int, int]]:
    """Cut a sentence at its commas and at "but"."""
    cuts = [begin]
    cuts += [i for i in range(begin + 1, stop) if "," in document.gaps[i] or document.words[i] == "but"]
    return list(zip(cuts, [*cuts[1:], stop], strict=True))


def _is_content(word: str) -> bool:
    return (
        len(word) > 2
        and word not in ENGLISH
        and word not in FILLER
        and not word[0].isdigit()
        and not word.endswith("ly")
        and unit_days(word) is None
        and not kin(word)
    )


def check_language(document: Document, used: set[int]) -> None:
    """Refuse a text that is not English.

    Raises:
        CaseError: the text holds enough words and next to none of them is English.
    """
    words = [word for word in document.words if not word[0].isdigit()]
    if not words:
        raise CaseError("text: there are no words in it; describe the twitching in a sentence or two")
    english = sum(word in ENGLISH for word in words) / len(words)
    read = len(used) / len(document)
    latin = sum(word[0].isascii() for word in words) / len(words)
    if latin < 0.5 and read < 0.3:
        raise CaseError("text: this does not look like English; please write it in English")
    if len(words) < MIN_WORDS:
        return
    for language, stops in FOREIGN.items():
        foreign = sum(word in stops for word in words) / len(words)
        if foreign > 0.15 and foreign > 2 * english and read < 0.5:
            raise CaseError(f"text: this looks like {language}; please write it in English")
    if len(words) >= 10 and english < 0.06 and read < 0.12:
        raise CaseError("text: this does not look like English; please write it in English")


def unknown_drugs(document: Document, used: set[int], vocabulary: set[str]) -> list[Doubt]:
    """Words said to be taken that look like a drug and that nobody knows."""
    doubts: list[Doubt] = []
    for i, word in enumerate(document.words):
        if i in used or not _looks_like_drug(document, i) or word in vocabulary:
            continue
        begin, stop = document.bounds(i)
        taken = any(w in _TAKES for w in document.words[max(begin, i - 5) : i])
        dosed = document.words[i + 2 : i + 3] in (["mg"], ["mcg"]) and i + 2 < stop
        if taken or dosed:
            span = document.span(i, i + 1)
            doubts.append(
                Doubt(
                    text=span.text,
                    span=span,
                    question=f"Is {span.text!r} a medicine? It is not in the list; please check how it is "
                    "written, or give its group (for example: water tablet).",
                )
            )
    return doubts


def _looks_like_drug(document: Document, i: int) -> bool:
    word = document.words[i]
    if len(word) < 5 or not word.isalpha() or word in ENGLISH or word in FILLER or word in NOT_DRUGS:
        return False
    dosed = document.words[i + 2 : i + 3] in (["mg"], ["mcg"])
    return word.endswith(DRUG_ENDINGS) or dosed
