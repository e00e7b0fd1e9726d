"""Of whom something is said: the person, a relative, or somebody who does not matter here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from whytwitch.case._text import Document

Owner = Literal["person", "relative", "other"]

FEMALE = frozenset(("mother", "mom", "mommy", "sister", "daughter", "wife", "grandmother", "grandma",
                    "granny", "gran", "nana", "aunt", "niece", "girlfriend", "granddaughter", "nan",
                    "fiancee", "stepdaughter", "stepmother", "stepmom"))  # fmt: skip
MALE = frozenset(("father", "dad", "daddy", "brother", "son", "husband", "grandfather", "grandpa",
                  "uncle", "nephew", "boyfriend", "grandson", "granddad", "grandad", "hubby", "fiance",
                  "stepson", "stepfather", "stepdad"))  # fmt: skip
NEUTRAL = frozenset(("baby", "newborn", "child", "kid", "toddler", "partner", "cousin", "parent",
                     "sibling", "grandparent", "infant", "twin", "spouse"))  # fmt: skip
BLOOD = frozenset(("relative", "family", "parents", "relatives", "siblings", "cousins",
                   "grandparents", "aunts", "uncles", "brothers", "sisters", "children",
                   "sons", "daughters"))  # fmt: skip
ANIMALS = frozenset(("dog", "dogs", "cat", "cats", "horse", "puppy", "kitten", "pup", "labrador", "rabbit",
                     "hamster", "pony", "pet"))  # fmt: skip
STRANGERS = ANIMALS | {"friend", "friends", "neighbor", "neighbors", "colleague", "colleagues", "coworker",
                       "boss", "roommate", "flatmate", "mate", "influencer", "celebrity", "someone",
                       "somebody", "character", "film", "movie", "documentary", "news"}  # fmt: skip
YOUNG = frozenset(("baby", "newborn", "child", "kid", "toddler", "infant", "son", "daughter"))
_IN_LAW = frozenset(("wife", "husband", "hubby", "partner", "spouse", "girlfriend", "boyfriend", "fiance",
                     "fiancee"))  # fmt: skip
_KIN = FEMALE | MALE | NEUTRAL | BLOOD
_CALLED = frozenset(("mother", "mom", "mommy", "dad", "daddy", "father", "grandma", "granny", "nan",
                     "grandpa", "granddad", "grandad", "gran", "nana", "husband", "hubby", "wife", "son",
                     "daughter", "baby", "toddler"))  # fmt: skip
_OWN = frozenset(("my", "his", "her", "our", "their"))
_WITNESS = frozenset(("says", "said", "say", "noticed", "notices", "notice", "saw", "sees", "thinks",
                      "thought", "told", "tells", "reports", "reported", "heard", "hears", "found",
                      "brought", "wonders", "asked", "asks", "filmed", "video", "videoed",
                      "worries", "describes", "confirms", "insists",
                      "complains", "laughs", "observed"))  # fmt: skip
_ABOUT = frozenset(("by", "with", "to", "from", "for", "at", "and", "like"))
_I = frozenset(("i", "im", "ive", "ill", "id", "me", "myself"))
_THIRD = frozenset(("he", "she", "hes", "shes", "they", "patient", "patients", "man", "woman", "boy",
                    "girl"))  # fmt: skip
_BRIDGE = frozenset(("of", "in", "and", "the", "his", "her", "my", "two", "both", "one", "other"))


def kin(word: str) -> str:
    """The relative a word names (``brothers`` → ``brother``), or nothing."""
    if word in _KIN:
        return word
    return word[:-1] if word.endswith("s") and word[:-1] in _KIN else ""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who tells the story, and whether it is told on behalf of a relative."""

    first_person: bool
    patient_kin: str = ""
    """The relative whom the text is about (``My mother, 67, trips``)."""
    patients: str = ""
    """Several relatives of each other who are all patients (``Two sisters both have ...``)."""


def voice(document: Document, symptoms: set[int]) -> Voice:
    """Decide who the person is; ``symptoms`` are the tokens at which complaints stand."""
    words = document.words
    first = any(word in _I or word == "my" for word in words)
    if not first and (several := _patients(document)):
        return Voice(first_person=False, patients=several)
    titled = any(_is_title(document, i) for i in range(min(len(words), 60)))
    about = _patient_kin(document, symptoms) if first or titled or "our" in words else ""
    return Voice(first, about)


def _patients(document: Document) -> str:
    """The plural at the start of a report on several patients (``Two sisters``, ``Three brothers aged``)."""
    words = document.words
    for i in range(min(3, len(words))):
        if words[i] in _PLURALS and (i == 0 or words[i - 1] in _COUNTS | _TRAITS) and words[0] in _COUNTS:
            return words[i]
    return ""


_PLURALS = frozenset(("sisters", "brothers", "siblings", "twins", "cousins", "children", "sons", "daughters",
                      "boys", "girls"))  # fmt: skip
_COUNTS = frozenset(("two", "three", "four", "five", "both", "2", "3", "4", "these", "several"))
_TRAITS = frozenset(("adult", "young", "identical", "teenage", "elderly", "affected", "unrelated", "twin",
                     "infant", "small", "little", "of", "the"))  # fmt: skip


def _patient_kin(document: Document, symptoms: set[int]) -> str:
    """The relative a text speaks for: introduced with an age or first, and the writer has nothing."""
    words = document.words
    for i, word in enumerate(words[:60]):
        if not (who := kin(word)) or who in BLOOD or not _introduced(document, i):
            continue
        if _is_witness(document, i):
            continue
        if _is_history(document, i):
            continue
        aged = _has_age(document, i) or who in ("baby", "newborn", "infant", "toddler")
        at_start = document.sentence(i) <= 1
        if aged and not _died(document, i):
            return who
        if at_start and symptoms and not _speaks_of_self(document):
            return who
    return ""


def _introduced(document: Document, i: int) -> bool:
    return _is_title(document, i) or any(word in ("my", "our") for word in document.words[max(0, i - 4) : i])


def _is_title(document: Document, i: int) -> bool:
    """Whether a sentence begins with a relative called by name (``Dad's on …``, ``Mum, 79, had …``)."""
    begin, _ = document.sentences[document.sentence(i)]
    return i == begin and kin(document.words[i]) in _CALLED


def _is_witness(document: Document, i: int) -> bool:
    return any(word in _WITNESS for word in document.words[i + 1 : i + 3])


def _died(document: Document, i: int) -> bool:
    following = document.words[i + 1 : i + 3]
    return "died" in following or "passed" in following or following[:1] == ["had"]


def _is_history(document: Document, i: int) -> bool:
    """``my mother had a stroke last year and cannot speak. My calf ...``: an aside before one's own story."""
    stop = document.bounds(i)[1]
    words = document.words
    if words[i + 1 : i + 2] not in (["had"], ["has"]):
        return False
    dated = any(w in ("last", "ago", "when", "in") for w in words[i + 2 : min(stop, i + 12)])
    again = any(w in _THIRD | {"his", "her"} for w in words) or any(kin(w) for w in words[i + 1 :])
    return dated and len(document.sentences) > 1 and not again


def _has_age(document: Document, i: int) -> bool:
    words = document.words
    before = words[max(0, i - 4) : i]
    if "old" in before or any(len(w) < 4 and w[:-1].isdigit() and w[-1] in "fm" for w in before):
        return True
    after = document.after(i)
    nxt = words[i + 1] if i + 1 < len(words) else ""
    if nxt.isdigit() and ("," in after or "(" in after or float(nxt) > 12) and float(nxt) <= 120:
        return True
    if nxt in ("is", "aged", "age", "who") and i + 2 < len(words):
        return any(w.isdigit() for w in words[i + 2 : i + 4])
    return False


def _speaks_of_self(document: Document) -> bool:
    """Whether the writer tells of their own body (``my calf``, ``I have``)."""
    words = document.words
    for i, word in enumerate(words[:-1]):
        following = words[i + 1]
        stop = min(i + 5, document.bounds(i)[1])
        if word == "my" and following not in _NOT_BODY and not any(kin(w) for w in words[i + 1 : stop]):
            return True
        if word in ("ive", "im") and following not in _ONLOOKER:
            return True
        if word == "i" and following in _OF_SELF:
            return words[i + 2 : i + 3] not in (["worried"], ["scared"], ["concerned"], ["noticed"])
    return False


_NOT_BODY = frozenset(("doctor", "gp", "question", "house", "friend", "neighbor"))
_ONLOOKER = frozenset(("worried", "scared", "asking", "writing", "noticed", "seen", "concerned"))
_OF_SELF = frozenset(("have", "had", "feel", "felt", "get", "take", "am", "drink", "smoke", "sleep",
                      "twitch", "cannot", "cant", "woke"))  # fmt: skip


def owners(document: Document, who: Voice) -> list[Owner]:
    """For every token, of whom its statement is."""
    marks: list[Owner] = []
    previous: Owner = "person"
    for begin, stop in document.sentences:
        carried = previous if who.first_person and document.words[begin] in _THIRD else "person"
        sentence = _sentence(document, begin, stop, who, carried)
        previous = sentence[-1]
        marks += sentence
    return marks


def of_another(document: Document) -> list[Owner]:
    """The same, read as a story that is told for somebody else, whoever that is."""
    words = document.words
    marks: list[Owner] = []
    for begin, stop in document.sentences:
        owner: Owner = "person"
        for i in range(begin, stop):
            if words[i] in ANIMALS and words[i - 1] not in ("a", "by", "the"):
                owner = "other"
            elif kin(words[i]) or words[i] in _I | _THIRD or words[i] in STRANGERS - ANIMALS:
                owner = "person"
            marks.append(owner)
    return marks


def is_family_history(document: Document) -> bool:
    """Whether relatives are told of beside a patient: the dead, what runs in a family, ``his brother``."""
    words = document.words
    beside = any(
        word == "also"
        or words[i : i + 2] == ["as", "well"]
        or (word in ("his", "her") and kin("".join(words[i + 1 : i + 2])))
        for i, word in enumerate(words)
    )
    return beside or not _NOT_NOW.isdisjoint(words)


_NOT_NOW = frozenset(("died", "dead", "deceased", "inherit", "inherited", "hereditary", "genetic", "genes",
                      "risk", "runs"))  # fmt: skip


def _sentence(document: Document, begin: int, stop: int, who: Voice, owner: Owner) -> list[Owner]:
    words = document.words
    marks: list[Owner] = []
    for i in range(begin, stop):
        word = words[i]
        at_their_place = not _THEIRS.isdisjoint(words[i + 1 : i + 2])  # ``at a friend's house``
        if word in STRANGERS and not at_their_place and not _is_witness(document, i) and words[i - 1] != "by":
            owner = "other"
        elif name := kin(word):
            owner = _kin_owner(document, i, begin, name, who, owner)
            if owner == "relative" and words[i - 1] in _OWN | _BRIDGE:
                _reach_back(words, marks, i, begin)
        elif _returns(document, i, who, owner, begin):
            owner = "other" if who.patient_kin and word in _I and word != "me" else "person"
        marks.append(owner)
    return marks


_THEIRS = frozenset(("house", "place", "home", "party", "wedding", "garden", "car", "flat", "farm",
                     "birthday", "dinner", "barbecue", "bbq"))  # fmt: skip


def _kin_owner(document: Document, i: int, begin: int, name: str, who: Voice, owner: Owner) -> Owner:
    words = document.words
    if who.patients and name in (who.patients, who.patients[:-1], *_EACH):
        return "person"
    if who.patient_kin and name in (who.patient_kin, "child" if who.patient_kin in YOUNG else ""):
        return "person"
    if name in ("child", "baby", "newborn", "infant", "toddler", "kid", "twin") and not _introduced(
        document, i
    ):
        return owner
    if _is_witness(document, i) or words[i + 1 : i + 2] == ["planning"]:
        return "person"
    lead = words[i - 2] if i - 2 >= begin and words[i - 1] in _OWN | {"a", "the"} else ""
    if lead in _ABOUT and owner == "person":
        return "person"
    if name in _IN_LAW:
        return "other"
    if i == begin or words[i - 1] in _OWN | _BRIDGE | {"a", "an", "no"} or i - begin <= 4 or _introduced(
        document, i
    ) or name in BLOOD:  # fmt: skip
        return "relative"
    return owner


_EACH = ("sister", "brother", "child", "twin", "sibling", "sisters", "brothers", "siblings", "children")
"""How the patients of a report on siblings are called one by one."""


def _reach_back(words: list[str], marks: list[Owner], i: int, begin: int) -> None:
    """``tremor in his mother``, ``ALS runs in the family``: the statement stands before."""
    j = i - 1
    while j > begin and words[j] in _OWN | _BRIDGE - {"in", "and"} | {"maternal", "paternal"}:
        j -= 1
    runs = words[j] == "in" and j > begin
    if not runs:
        return
    for k in range(j, max(begin, j - 6) - 1, -1):
        if words[k] in ("and", "but", "i", "he", "she", "has", "have"):
            break
        if k - begin < len(marks):
            marks[k - begin] = "relative"


def _returns(document: Document, i: int, who: Voice, owner: Owner, begin: int) -> bool:
    """Whether the text turns back to the person (or, told for a relative, to the writer)."""
    word = document.words[i]
    if word in _I:
        return not (who.patient_kin and word == "me")
    if who.patient_kin and owner == "other":
        return word in _THIRD or word in ("his", "her") or word == "the"
    if owner == "person":
        return False
    if word in ("but", "however", "whereas") and owner == "relative":
        return document.words[i + 1 : i + 2] not in (["not"], ["no"])
    if who.first_person:
        nxt = document.words[i + 1] if i + 1 < len(document) else ""
        return word == "my" and not kin(nxt) and nxt not in ("older", "younger", "late", "maternal")
    clause = i > begin and ("," in document.gaps[i] or document.words[i - 1] in ("and", "but"))
    return clause and word in _THIRD
