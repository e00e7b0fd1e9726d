"""How much coffee a person told of."""

from __future__ import annotations

from functools import lru_cache

from whytwitch.case._amounts import CUP_MG, caffeine_of, told_mg
from whytwitch.case._model import Case
from whytwitch.case._subject import owners, voice
from whytwitch.case._text import tokenize

_ON_CAFFEINE = ("caffeine_high", "energy_drinks")


def cups_a_day(case: Case) -> float | None:
    """Cups of coffee that hold the caffeine a person takes a day; None where no amount is known."""
    for observation in case.observations:
        if observation.id in _ON_CAFFEINE and (mg := told_mg(observation.detail)) is not None:
            return mg / CUP_MG
    # An amount that is neither a lot nor little makes no observation; it stands in the text alone.
    return None if any(o.id == _ON_CAFFEINE[0] for o in case.observations) else _between(case.text)


@lru_cache(maxsize=64)
def _between(text: str) -> float | None:
    document = tokenize(text)
    found = caffeine_of(document, owners(document, voice(document, set()))) if document.words else None
    # What was a lot or little and is no observation was taken back.
    return found.mg / CUP_MG if found is not None and found.level is None else None
