"""Slips of the pen in common words: "twiching" is read as "twitching", and marked as such."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from whytwitch.case._spelling import edits
from whytwitch.case._stopwords import ENGLISH, FILLER, bag
from whytwitch.case._text import Document

SHORTEST = 5
"""Letters that a word must have to be looked at."""

WORDS = bag(
    """
    alcohol antidepressant antidepressants anxiety anxious biceps breathing buttock caffeine calcium
    coffee constant constantly cramping cramps dehydrated dehydration diabetes diarrhea difficulty
    dizziness drooping exercise exercising eyebrow eyelid eyelids fasciculation fasciculations fatigue
    finger fingers flickering fluttering forearm hamstring headache headaches infection insomnia
    intermittent involuntary jerking jumping magnesium medication muscle muscles muscular nausea
    numbness palpitations paralysis paralyzed potassium pregnant pulsing quadriceps quivering reflexes
    seizure seizures sensation shoulder shoulders shrinking slurred sodium soreness spasming spasms
    speech sporadic stiffness stomach stress swallow swallowing sweating swelling thyroid tightness
    tingling tongue trembling tremor tremors triceps twitch twitched twitches twitching twitchy
    vibrating vibration vomiting weaker weakness
    """
)
"""Common words of complaints that people misspell."""

_REAL = bag(
    """
    alcohols bicep breaching buttocks camping camps champing champs clamping clamps coffees coffer
    coffey constanta constants cramming cramp crams crapping craps crimping crimps dehydrate diarrheal
    difficult difficultly drooling dropping exercised exerciser exercises exorcise exorcising eyebrows
    fatigued fatigues finder finders finer firearm flattering forearms hamstrings hamstrung infections
    inflection injection insomniac jerkin mediation medications meditation muscled muscly nauseam
    palpitation paralyze paralyzes pulling pulping pursing quavering sallow seating selling sensations
    shallow shelling shrieking slurped smelling snelling spamming spams spasm spelling spurred stelling
    stomachs stross swallows swearing sweeting swellings swilling tangling tinkling tongued tongues
    trevor tricep vibrations waker weaken wearer weaver welker wesker
    """
)
"""Real words one letter away from one of those."""

_FAR = {"tounge": "tongue", "tounges": "tongues", "diarea": "diarrhea", "diahrea": "diarrhea",
        "diareah": "diarrhea", "excersize": "exercise", "excersise": "exercise", "neausea": "nausea",
        "paralized": "paralyzed",
        "siezure": "seizure", "siezures": "seizures"}  # fmt: skip
"""Frequent misspellings that are more than one slip away."""


def correct(document: Document, is_known: Callable[[str], bool]) -> None:
    """Put right the misspelled words of a text, and note which."""
    for i, word in enumerate(document.words):
        if len(word) < SHORTEST or word in ENGLISH or word in FILLER or is_known(word):
            continue
        meant = slip_of(word)
        if meant is not None:
            document.words[i] = document.stems[i] = meant
            document.mended[i] = meant


def slip_of(word: str) -> str | None:
    """The one common word that ``word`` is a single slip away from."""
    if word in _FAR:
        return _FAR[word]
    if word in WORDS or word in _REAL or not word.isascii() or not word.isalpha():
        return None
    shorter = _shorter()
    close: set[str] = set()
    for key in (word, *_without_one(word)):
        close.update(shorter.get(key, ()))
    close = {name for name in close if name[0] == word[0] and edits(word, name, 1) <= 1}
    return close.pop() if len(close) == 1 else None


@cache
def _shorter() -> dict[str, tuple[str, ...]]:
    """Every word, whole and with one letter left out -> the words it comes from."""
    table: dict[str, tuple[str, ...]] = {}
    for name in sorted(WORDS):
        for key in {name, *_without_one(name)}:
            table[key] = (*table.get(key, ()), name)
    return table


def _without_one(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]
