"""How a statement is meant: affirmed, denied, doubted, feared, past, or not about the person.

The rules follow the idea of trigger words with a scope that ends at certain others (Chapman and
others, J Biomed Inform 2001;34:301-310), with lists handled explicitly: in "no weakness, numbness
or wasting" the denial reaches the end of the list, in "no weakness, the calves twitch" it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from whytwitch.case._cues import Cue, CueKind, find_cues
from whytwitch.case._match import Match
from whytwitch.case._text import Document

Meaning = Literal["present", "absent", "unsure", "none"]
"""``none``: the words are there, but they say nothing of this person's present state."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one match is meant."""

    meaning: Meaning
    past: bool = False
    cue: str = ""


HARD = frozenset(("but", "however", "except", "although", "though", "yet", "whereas", "which",
                  "who", "whose", "until", "apart", "aside", "besides", "still", "while", "then",
                  "nevertheless", "nonetheless", "otherwise", "only"))  # fmt: skip
"""Words before which every scope ends."""

VERBS = frozenset(("i", "im", "ive", "he", "she", "hes", "shes", "they", "we", "it", "its", "there",
                   "is", "are", "was", "were", "has", "have", "had", "am", "began", "begins",
                   "started", "starts", "developed", "develops", "shows", "showed", "show",
                   "reveals", "revealed", "feels", "feel", "felt", "gets", "get", "got", "became",
                   "becomes", "does", "do", "did", "can", "could", "will", "would", "takes",
                   "take", "took", "drinks", "drink", "smokes", "smoke", "reports", "reported",
                   "complains", "describes", "noticed", "notices", "keeps", "keep", "comes",
                   "come", "came", "makes", "seems", "looks", "remains", "remain"))  # fmt: skip
"""A segment with one of these is a clause of its own, not one more item of a list."""

STARTERS = frozenset(("the", "my", "his", "her", "their", "both", "a", "an", "this", "these"))
LEADS = frozenset(("with", "now", "also", "just", "sometimes", "mainly", "mostly", "because", "so",
                   "since", "after", "plus", "instead", "always", "constantly"))  # fmt: skip
SOFT = frozenset(("for", "despite", "due", "after", "when", "if", "since", "during", "because",
                  "so", "as", "than", "spite", "whenever", "where", "before"))  # fmt: skip
"""Words that end the reach of a bare "no" or "not"."""

_WITH = frozenset(("difficulty", "trouble", "problem", "problems", "issue", "issues", "difficulties"))
_VERBAL = frozenset(("not", "dont", "doesnt", "didnt", "never", "wont", "isnt", "arent", "wasnt",
                     "werent", "hasnt", "havent", "hadnt"))  # fmt: skip
"""Denials of a verb: they reach past a comma only in a list that ends in "or"."""

_REACH: dict[CueKind, int] = {
    "no": 14, "unused": 12, "deny": 45, "other": 8, "unsure": 8, "fear": 16, "rule-out": 8, "modal": 5,
    "general": 10, "past": 10, "over-pre": 3, "if": 10, "formerly": 2,
}  # fmt: skip
_DISEASE = frozenset(("condition", "test", "imaging", "family"))
_BELONGS_TO_NO = ("no", "deny", "other")
_TAKEN = frozenset(("drug", "habit", "exposure"))
"""Kinds that "does not take", "never smoked" deny."""
_LEADING = frozenset(("with", "has", "had", "have", "an", "a", "the", "shows", "showed", "show", "and", "or",
                      "but", "of", "by", "revealed", "reveals", "found", "all"))  # fmt: skip
_PREDICATES = frozenset(("brisk", "normal", "upgoing", "downgoing", "absent", "present", "lost", "preserved",
                         "intact", "reduced", "depressed", "diminished", "increased", "extensor", "flexor",
                         "symmetric", "symmetrical", "equal", "positive", "negative", "exaggerated",
                         "hyperactive", "unremarkable", "unimpaired"))  # fmt: skip
"""A segment that ends in one of these is a clause without its verb (``reflexes brisk``)."""
_COPULAS = frozenset(("is", "are", "was", "were", "been", "has", "have", "had", "be", "being"))
_NOUNS_ONLY = frozenset(("no", "without", "free", "lack", "absence"))
_BEFORE_ADJECTIVE = frozenset(("and", "or", "nor", "any", "the", "a", "his", "her", "my", "being", "been",
                               "getting", "ever", "no", "of", "more", "feeling", "be"))  # fmt: skip
_PAIRS = (("numb", "tingl", "paresth", "pins", "sens"), ("nause", "vomit"), ("wast", "atroph", "weak"),
          ("alcohol", "drug", "smok", "tobacco"), ("fever", "chill", "sweat", "rigor"),
          ("surg", "injur", "traum", "operat"), ("sight", "hear", "vision"))  # fmt: skip
"""Words that go together, so that "no" before the first reaches the second too."""


class Scopes:
    """The scopes of one sentence."""

    def __init__(self, document: Document, begin: int, stop: int, matches: Sequence[Match] = ()) -> None:
        self._document = document
        self._begin, self._stop = begin, stop
        cues = find_cues(document, begin, stop)
        self._named = {i for match in matches for i in match.hits} if cues else set[int]()
        self._cues = [cue for cue in cues if self._points_on(cue) and not self._is_undone(cue)]
        self._owned = self._claims(matches) if self._cues else {}
        self._clause = self._clauses() if self._cues else {}
        self._asks = "?" in document.after(stop - 1)

    def judge(self, hits: tuple[int, ...], kind: str) -> Verdict:
        """How the match on tokens ``hits`` of a finding of ``kind`` is meant."""
        if answer := self._answer(hits[-1]):
            return Verdict(answer)
        if not self._cues:
            return self._doubt([], hits) or Verdict("present")
        cues = self._outside(set(hits))
        if cue := self._hides(cues, hits, kind):
            return Verdict("none", cue=self._say(cue))
        if cue := self._denies(cues, hits, kind):
            over = self._document.words[cue.begin : cue.end][-2:] in (["no", "longer"], ["no", "more"])
            return Verdict("absent", past=over, cue=self._say(cue))
        return self._past(cues, hits, kind) or self._doubt(cues, hits) or Verdict("present")

    def _is_undone(self, cue: Cue) -> bool:
        """``cannot stand without my legs shaking``: what goes along with the attempt is there."""
        words, gaps = self._document.words, self._document.gaps
        if words[cue.begin] != "without" or cue.end - cue.begin > 1 or "," in gaps[cue.begin]:
            return False
        if cue.end < self._stop and words[cue.end] in _BARE_SIGNS:
            return False
        for i in range(cue.begin - 1, max(self._begin, cue.begin - 14) - 1, -1):
            pair = words[i - 1 : i + 1] if i > self._begin else []
            if words[i] in _CANNOT or pair in (["can", "not"], ["could", "not"], ["not", "able"]):
                return True
            if "," in gaps[i] or words[i] in HARD or words[i] == "and":
                return False
        return False

    def _points_on(self, cue: Cue) -> bool:
        """Whether "absent" and "negative" stand before what they deny; after it they look back."""
        if cue.kind != "deny" or cue.begin == self._begin:
            return True
        words, gaps = self._document.words, self._document.gaps
        if words[cue.begin] not in ("absent", "negative"):
            return True
        return "," in gaps[cue.begin] or words[cue.begin - 1] in _LEADING

    def _claims(self, matches: Sequence[Match]) -> dict[Cue, list[range]]:
        """Denials that are a part of what some finding names (``reflexes absent``), with its reach."""
        owned: dict[Cue, list[range]] = {}
        for match in matches:
            for cue in self._cues:
                if cue.kind not in ("no", "deny", "neg-post"):
                    continue
                last = cue.end - 1
                if last in match.hits and (match.role != "absent" or cue.kind == "neg-post"):
                    owned.setdefault(cue, []).append(range(match.begin, match.end))
        return owned

    def _is_owned(self, cue: Cue, hits: tuple[int, ...]) -> bool:
        """Whether the denial belongs to another finding, and this one does not share it."""
        reaches = self._owned.get(cue)
        if not reaches or any(hit in reach for reach in reaches for hit in hits):
            return False
        if cue.kind == "neg-post" or self._document.words[cue.begin] in ("absent", "negative"):
            return True
        between = self._document.words[cue.end : hits[0]]
        return "or" not in between and "nor" not in between

    def _outside(self, taken: set[int]) -> list[Cue]:
        """The cues that are no part of what the match itself names (``no feeling``, ``cannot climb``)."""
        words = self._document.words
        cues: list[Cue] = []
        for cue in self._cues:
            shared = taken.intersection(range(cue.begin, cue.end))
            if not shared:
                cues.append(cue)
            elif cue.begin not in shared and not any(words[i] in _NEGATORS for i in shared):
                cues.append(Cue(cue.begin, min(shared), cue.kind))
        return cues

    def _say(self, cue: Cue) -> str:
        return " ".join(self._document.words[cue.begin : cue.end])

    def _answer(self, last: int) -> Meaning | None:
        """``Weakness: no``, ``cramps - yes``, ``Fever? None.``"""
        words, gaps = self._document.words, self._document.gaps
        for i in range(last + 1, min(last + 7, len(words))):
            if any(c in gaps[i] for c in ":=?-–—"):
                ends = i + 1 >= len(words) or self._document.after(i).strip() != ""
                return _ANSWERS.get(words[i]) if ends else None
            if i >= self._stop or "," in gaps[i] or words[i] in VERBS:
                return None
        return None

    def _covers(self, cue: Cue, hit: int, *, soft: bool = False) -> bool:
        """Whether a cue that looks forward reaches the token ``hit``."""
        if not cue.end <= hit < cue.end + _REACH[cue.kind] or self._broken(cue.end - 1, hit):
            return False
        if cue.kind == "deny" and self._is_spent(cue, hit):
            return False
        return not (soft and self._softened(cue, hit))

    def _softened(self, cue: Cue, hit: int) -> bool:
        """Whether a bare "no" or "not" is spent before ``hit``."""
        words, gaps = self._document.words, self._document.gaps
        for i in range(cue.end, hit):
            if words[i] in SOFT or (words[i] == "with" and words[i - 1] not in _WITH):
                return True
        if words[cue.end - 1] not in _VERBAL:
            return False
        listed = any(w in ("or", "nor") for w in words[cue.end : min(cue.end + 15, self._stop)])
        return not listed and any("," in gaps[i] for i in range(cue.end + 1, hit + 1))

    def _is_spent(self, cue: Cue, hit: int) -> bool:
        """Whether "without trying" or the adjective "absent" ends before ``hit``."""
        words, gaps = self._document.words, self._document.gaps
        last = words[cue.end - 1]
        doing = last == "without" and words[cue.end].endswith("ing") and cue.end not in self._named
        if not doing and words[cue.begin] not in ("absent", "negative"):
            return False
        return any("," in gaps[i] or words[i] in ("and", "with") for i in range(cue.end + 1, hit + 1))

    def _is_adjective(self, cue: Cue) -> bool:
        """``absent abdominal reflexes``: "absent" before its noun says nothing of what stands before."""
        words, gaps = self._document.words, self._document.gaps
        if words[cue.begin] not in ("absent", "negative") or cue.end >= self._stop:
            return False
        if gaps[cue.end].strip(" ") or words[cue.end] in _AFTER_PREDICATE:
            return False
        return words[cue.end] not in VERBS and not words[cue.end].endswith("ly")

    def _ends_list(self, cue: Cue, hit: int) -> bool:
        """Whether ``are absent`` closes a list that starts at ``hit``."""
        if not cue.begin - 12 <= hit < cue.begin:
            return False
        words, gaps = self._document.words, self._document.gaps
        commas = [i for i in range(hit + 1, cue.begin) if "," in gaps[i]]
        if commas and not any(w in ("and", "or", "nor") for w in words[commas[-1] : cue.begin]):
            return False
        last = cue.begin
        while last > hit + 1 and words[last - 1] in _COPULAS:
            last -= 1
        return not any(
            words[i] in HARD or words[i] in VERBS or any(c in gaps[i] for c in ";:()")
            for i in range(hit + 1, last)
        )

    def _covers_back(self, cue: Cue, hit: int, reach: int) -> bool:
        return cue.begin - reach <= hit < cue.begin and not self._broken(hit, cue.begin)

    def _broken(self, left: int, right: int) -> bool:
        return self._clause[left] != self._clause[right]

    def _hides(self, cues: list[Cue], hits: tuple[int, ...], kind: str) -> Cue | None:
        """A cue that takes the match out of what is said of this person now."""
        disease = kind in _DISEASE
        for cue in cues:
            forward = cue.kind in _REACH and any(self._covers(cue, hit) for hit in hits)
            if not forward:
                continue
            if cue.kind in ("other", "general", "rule-out"):
                return cue
            if cue.kind == "formerly" and kind == "symptom":
                return cue
            if cue.kind == "fear" and (disease or self._modal_between(cue, hits[0])):
                return cue
            if cue.kind in ("modal", "if") and (disease or cue.kind == "modal" or self._future()):
                return None if self._habitual(cue) else cue
        if self._asks and disease:
            return Cue(self._stop - 1, self._stop, "ask")
        return None

    def _modal_between(self, cue: Cue, hit: int) -> bool:
        words = self._document.words[cue.end : hit]
        return any(w in _FUTURE for w in words)

    def _future(self) -> bool:
        words = self._document.words[self._begin : self._stop]
        return any(w in _FUTURE for w in words)

    def _habitual(self, cue: Cue) -> bool:
        """``will not stop``, ``my leg will jerk``: what it keeps doing, not what may come."""
        words = self._document.words
        after = words[cue.end] if cue.end < len(words) else ""
        before = words[cue.begin - 1] if cue.begin > self._begin else ""
        return cue.kind == "modal" and words[cue.begin] in ("will", "would", "wouldnt") and (
            after in ("not", "suddenly", "often", "sometimes", "start", "jump", "twitch", "jerk",
                      "just", "shake", "cramp", "then") or before in ("it", "muscle", "they")
        )  # fmt: skip

    def _denies(self, cues: list[Cue], hits: tuple[int, ...], kind: str) -> Cue | None:
        for cue in cues:
            if self._is_owned(cue, hits):
                continue
            if self._is_kept(cue, hits[0], kind):
                return cue
            if cue.kind in ("no", "deny") or (cue.kind == "unused" and kind in _TAKEN):
                if self._is_exclaimed(cue) or self._is_pair(cue, hits):
                    continue
                if self._is_told(cue, hits[0]):
                    continue
                if any(self._covers(cue, hit, soft=cue.kind == "no") for hit in hits):
                    return cue
            elif (
                cue.kind == "neg-post"
                and not self._is_adjective(cue)
                and self._ends_list(cue, hits[-1])
                and (cue.begin - hits[-1] <= 4 or self._is_list(hits[-1], cue.begin))
            ):
                return cue
        return None

    def _is_kept(self, cue: Cue, hit: int, kind: str) -> bool:
        """``never | stopped my pills``: what denies nothing of a complaint denies an event."""
        words = self._document.words[cue.begin : cue.end]
        return cue.kind == "pseudo" and kind in _TAKEN and cue.end == hit and words[-1] in _VERBAL

    def _is_told(self, cue: Cue, hit: int) -> bool:
        """``without illness injured his hand``: the verb of the sentence is not denied."""
        words, gaps = self._document.words, self._document.gaps
        if not words[hit].endswith("ed") or hit <= cue.end or words[cue.begin] not in _NOUNS_ONLY:
            return False
        return "," not in gaps[hit] and words[hit - 1] not in _BEFORE_ADJECTIVE and (
            not words[hit - 1].endswith("ly")
        )  # fmt: skip

    def _is_pair(self, cue: Cue, hits: tuple[int, ...]) -> bool:
        """``No fever and twitching``: in a mere pair a bare "no" denies the first alone."""
        words, gaps = self._document.words, self._document.gaps
        if words[cue.begin : cue.end] != ["no"] or words[cue.end : hits[0]].count("and") != 1:
            return False
        joint = words.index("and", cue.end)
        if any("," in gaps[i] for i in range(cue.end, hits[-1] + 1)) or "or" in words[cue.end : hits[0]]:
            return False
        left, right = words[cue.end : joint], words[joint + 1 : hits[-1] + 1]
        return not any(
            any(w.startswith(pair) for w in left) and any(w.startswith(pair) for w in right)
            for pair in _PAIRS
        )

    def _is_exclaimed(self, cue: Cue) -> bool:
        """``No, I have cramps``: an answer to somebody, not a denial of what follows."""
        return cue.end - cue.begin == 1 and cue.end < self._stop and (
            self._document.words[cue.begin] == "no" and "," in self._document.gaps[cue.end]
        )  # fmt: skip

    def _is_list(self, left: int, right: int) -> bool:
        gaps = self._document.gaps[left + 1 : right]
        words = self._document.words[left + 1 : right]
        return any("," in gap for gap in gaps) or "and" in words or "or" in words

    def _past(self, cues: list[Cue], hits: tuple[int, ...], kind: str) -> Verdict | None:
        words = self._document.words
        for cue in cues:
            if cue.kind == "past" and kind in ("symptom", "sign", "habit"):
                if self._covers(cue, hits[0]) or self._covers_back(cue, hits[-1], 8):
                    return Verdict("none", past=True, cue=self._say(cue))
            elif cue.kind == "over-pre" and kind in ("symptom", "sign", "habit"):
                if self._covers(cue, hits[0]) and cue.end == hits[0]:
                    return Verdict("absent", past=True, cue=self._say(cue))
            elif cue.kind == "over-post" and self._covers_back(cue, hits[-1], 6):
                after = words[cue.end] if cue.end < self._stop else ""
                if self._say(cue).startswith("any"):
                    if self._negated_before(hits[0]):
                        return Verdict("absent", past=True, cue=self._say(cue))
                elif after not in SOFT | {"with", "on", "by", "as"} and kind == "symptom":
                    return Verdict("present", past=True, cue=self._say(cue))
        return None

    def _negated_before(self, hit: int) -> bool:
        return any(cue.kind in _BELONGS_TO_NO and cue.end <= hit for cue in self._cues)

    def _doubt(self, cues: list[Cue], hits: tuple[int, ...]) -> Verdict | None:
        gap = self._document.after(hits[-1])
        if "(?)" in gap or (gap.startswith("?") and hits[-1] - hits[0] + 2 >= self._stop - self._begin):
            return Verdict("unsure", cue="?")
        for cue in cues:
            before = cue.kind == "unsure" and any(self._covers(cue, hit) for hit in hits)
            after = cue.kind == "unsure-post" and self._covers_back(cue, hits[-1], 3)
            if before or after:
                return Verdict("unsure", cue=self._say(cue))
        return None

    def _clauses(self) -> dict[int, int]:
        """Number the stretches of the sentence that scopes do not leave."""
        clause: dict[int, int] = {}
        number = 0
        for i in range(self._begin, self._stop):
            if i > self._begin and self._breaks(i):
                number += 1
            clause[i] = number
        return clause

    def _breaks(self, i: int) -> bool:
        word, gap = self._document.words[i], self._document.gaps[i]
        if word in HARD or any(c in gap for c in ";:()[]—–") or " - " in gap:
            return not (word == "only" and self._document.words[i - 1] == "not")
        if word == "because":
            return True
        if word in ("and", "or", "nor") or "," in gap:
            return self._closes(i, comma="," in gap)
        return False

    def _closes(self, i: int, *, comma: bool) -> bool:
        """Whether the segment that starts at ``i`` is a clause of its own."""
        words = self._document.words
        end = self._segment_end(i + 1)
        lead = words[i + 1] if words[i] in ("and", "or", "nor") and i + 1 < end else words[i]
        if words[i] in ("or", "nor"):
            return any(w in ("i", "he", "she") for w in words[i:end])
        if lead in LEADS or any(w in VERBS for w in words[i:end]):
            return True
        if end - i > 1 and words[end - 1].endswith("ing") and words[end - 2] in _MOVERS:
            return True
        if end - i > 1 and words[end - 1] in _PREDICATES and lead != words[end - 1]:
            return True
        closing = self._next_joint(end)
        if lead in STARTERS:
            return closing not in ("or", "nor") and (words[i] == "and" or end - i > 2)
        if words[i] == "and" or not comma:
            return False
        return (closing == "" and end - i > 4) or (closing == "and" and end - i > 6)

    def _segment_end(self, i: int) -> int:
        while i < self._stop:
            word = self._document.words[i]
            if word in ("and", "or", "nor", "that") or word in HARD or "," in self._document.gaps[i]:
                break
            i += 1
        return i

    def _next_joint(self, i: int) -> str:
        """The next ``and``, ``or`` or ``nor`` of the list."""
        for j in range(i, self._stop):
            if self._document.words[j] in ("and", "or", "nor"):
                return self._document.words[j]
            if self._document.words[j] in HARD:
                break
        return ""


_NEGATORS = frozenset(("no", "not", "never", "without", "nor", "neither", "none", "any", "absent",
                       "negative", "lack", "longer", "more", "anymore"))  # fmt: skip
_CANNOT = frozenset(("cannot", "cant", "couldnt", "unable", "impossible", "cann"))
_BARE_SIGNS = frozenset(("any", "signs", "evidence", "sensory", "loss", "numbness", "fever", "other",
                         "further", "help", "support", "assistance"))  # fmt: skip
"""Words after "without" that begin a denial even where something cannot be done."""
_MOVERS = frozenset(("hands", "legs", "arms", "calves", "thighs", "feet", "fingers", "muscles", "eyelids",
                     "lips", "toes", "knees", "shoulders", "eyes", "limbs"))  # fmt: skip
"""Before an -ing word these are a clause without its verb (``hands shaking``)."""
_AFTER_PREDICATE = frozenset(("in", "at", "on", "and", "or", "but", "from", "throughout", "bilaterally",
                              "for", "today", "so", "with", "to", "everywhere", "again", "either", "by",
                              "anywhere", "as", "too", "now", "during", "when", "since"))  # fmt: skip
_ANSWERS: dict[str, Meaning] = {
    "no": "absent", "none": "absent", "nil": "absent", "absent": "absent", "negative": "absent",
    "denied": "absent", "never": "absent", "nope": "absent", "yes": "present", "yeah": "present",
    "present": "present", "positive": "present", "maybe": "unsure", "unsure": "unsure",
    "possibly": "unsure",
}  # fmt: skip
_FUTURE = frozenset(("will", "would", "might", "could", "going", "may", "getting", "become",
                     "becoming", "losing", "lose", "ill", "end", "shall", "should", "return",
                     "returns", "return", "call"))  # fmt: skip
