"""One predicate for a whole list: ``power, reflexes and feeling are normal``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from whytwitch.case._context import HARD
from whytwitch.case._model import Status
from whytwitch.case._statement import Statement
from whytwitch.case._text import Document

FURTHEST: Final = 26
"""Tokens before the predicate that its list may take up."""

_PREDICATES = frozenset(("normal", "intact", "preserved", "unremarkable", "unaffected", "unimpaired", "fine",
                         "ok", "okay", "good", "full", "spared"))  # fmt: skip
_COPULAS = frozenset(("is", "are", "was", "were", "remain", "remains", "remained", "all", "both", "be",
                      "been", "being", "came", "come"))  # fmt: skip
_ADVERBS = frozenset(("all", "both", "entirely", "completely", "quite", "perfectly", "also", "still", "back",
                      "otherwise", "within", "clinically", "each", "again"))  # fmt: skip
_STOPS = HARD | frozenset(("is", "are", "was", "were", "has", "have", "had", "with", "i", "he", "she", "it",
                           "they", "no", "not", "without", "never", "show", "shows", "showed", "found",
                           "because", "if", "when", "after", "before", "normal", "abnormal", "reduced",
                           "absent", "brisk", "weak", "lost", "between", "than", "until", "by"))  # fmt: skip
"""Words before which no list is sought."""

_SIDES: Final = ("hyperreflexia", "hyporeflexia")
_SUBJECTS: Final[dict[str, tuple[str, ...]]] = {
    "power": ("+normal_strength",), "strength": ("+normal_strength",), "bulk": ("muscle_wasting",),
    "tone": ("rigidity", "spasticity"), "reflexes": _SIDES, "jerks": _SIDES,
    "sensation": ("sensory_loss",), "feeling": ("sensory_loss",), "sensory": ("sensory_loss",),
    "sensibility": ("sensory_loss",), "touch": ("sensory_loss",), "coordination": ("ataxia",),
    "gait": ("gait_difficulty",), "walking": ("gait_difficulty",), "speech": ("dysarthria",),
    "swallowing": ("dysphagia",), "hearing": ("hearing_loss",), "vision": ("visual_loss",),
    "eyesight": ("visual_loss",), "sight": ("visual_loss",), "memory": ("memory_problems",),
    "kidney": ("kidney_disease",), "kidneys": ("kidney_disease",), "renal": ("kidney_disease",),
    "liver": ("high_liver_enzymes",), "eeg": ("eeg_epileptiform", "eeg_encephalopathy"),
    "electroencephalogram": ("eeg_epileptiform", "eeg_encephalopathy"),
    "ecg": ("ecg_hypokalemia", "ecg_hyperkalemia"), "ekg": ("ecg_hypokalemia", "ecg_hyperkalemia"),
}  # fmt: skip
"""Subject -> what is absent where it is normal; with ``+`` what is there."""

_LIMITS = frozenset(("jaw", "plantar", "abdominal", "corneal", "superficial", "pupillary", "gag", "eye"))
"""Before the name of a reflex, movement or test they narrow it to one that says nothing of the item."""
_OTHER_TESTS = frozenset(("size", "biopsy", "scan", "ultrasound", "stones"))
"""After the name of an organ they say nothing of how it works."""
_NARROWS = frozenset(("heel", "toe", "tandem", "tiptoe"))


def read_lists(document: Document) -> Iterator[Statement]:
    """Statements of every item of a list that ends in ``are normal``."""
    words = document.words
    for i, word in enumerate(words):
        if word not in _PREDICATES:
            continue
        begin, stop = document.bounds(i)
        if i + 1 < stop and not _closes(document, i):
            continue
        last = i - 1
        while last >= begin and words[last] in _ADVERBS and words[last] not in _COPULAS:
            last -= 1
        if last < begin or words[last] not in _COPULAS or words[last - 1 : last] in (["not"], ["above"]):
            continue
        while last >= begin and words[last] in _COPULAS:
            last -= 1
        yield from _items(document, begin, last + 1, i)


def _closes(document: Document, i: int) -> bool:
    """Whether the predicate ends its phrase (``are normal on two visits``, not ``is normal sized``)."""
    return document.gaps[i + 1].strip() != "" or document.words[i + 1] in _FOLLOWS


_FOLLOWS = frozenset(("on", "in", "at", "and", "but", "for", "throughout", "bilaterally", "again", "too",
                      "with", "except", "apart", "to", "today", "everywhere", "when", "so", "as",
                           "or"))  # fmt: skip


def _items(document: Document, begin: int, end: int, predicate: int) -> Iterator[Statement]:
    words, gaps = document.words, document.gaps
    first = end
    while first > begin and end - first < FURTHEST:
        if words[first - 1] in _STOPS or words[first - 1][0].isdigit():
            break
        if first < end and any(c in gaps[first] for c in ";:()"):
            break
        first -= 1
    if not any("," in gaps[k] or words[k] in ("and", "or") for k in range(first + 1, end)):
        return  # single subjects have their own patterns
    for k in range(first, end):
        subject = words[k]
        if subject in ("walking", "gait") and k > first and words[k - 1] in _NARROWS:
            found: tuple[str, ...] = ("foot_drop",)
        elif (k > first and words[k - 1] in _LIMITS) or (k + 1 < end and words[k + 1] in _OTHER_TESTS):
            continue
        else:
            found = _SUBJECTS.get(subject, ())
        for item in found:
            status: Status = "present" if item[0] == "+" else "absent"
            yield Statement(item.lstrip("+"), status, k, predicate + 1, limited=True)
