"""Amounts of caffeine, alcohol and sleep, where they are given as numbers."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from whytwitch.case._model import Status
from whytwitch.case._numbers import number
from whytwitch.case._statement import Statement
from whytwitch.case._subject import Owner
from whytwitch.case._text import Document

HIGH_MG = 400.0
"""Daily caffeine that EFSA (2015) gives as safe for healthy adults; above it counts as a lot."""
LOW_MG = 200.0
MANY_CUPS = 4.0
CUP_MG = 95.0
"""Of a cup of coffee, as in the table below."""
HEAVY_WEEK = 14.0
"""Drinks a week above which drinking counts as heavy (NIAAA: men more than 14, women more than 7)."""

_CAFFEINE_MG: dict[str, tuple[float, bool]] = {
    "coffee": (CUP_MG, True), "coffees": (CUP_MG, True), "espresso": (63, True), "espressos": (63, True),
    "latte": (95, True), "lattes": (95, True), "cappuccino": (95, True), "cappuccinos": (95, True),
    "americano": (95, True), "americanos": (95, True), "macchiato": (80, True),
    "tea": (47, False), "teas": (47, False), "cola": (35, False), "colas": (35, False),
    "coke": (35, False), "cokes": (35, False), "energy": (90, False), "monster": (160, False),
    "monsters": (160, False), "redbull": (80, False), "redbulls": (80, False),
}  # fmt: skip
"""Typical caffeine of one serving, and whether it is a cup of coffee."""

_VESSEL = frozenset(("cup", "cups", "mug", "mugs", "can", "cans", "bottle", "bottles", "shot", "shots",
                     "glass", "glasses", "double", "large", "big", "strong", "black", "small",
                     "of", "pint", "pints", "pot", "pots", "full", "red", "iced", "green"))  # fmt: skip
_TOLD = re.compile(r"about (\d+) mg of caffeine a day")
_POT = 6.0
_DRINKS = {"beer": 1.0, "beers": 1.0, "wine": 1.0, "whiskey": 1.5, "whisky": 1.5, "vodka": 1.5,
           "drinks": 1.0, "units": 0.6, "unit": 0.6, "spirits": 1.5, "gin": 1.5, "cider": 1.0,
           "rum": 1.5, "liquor": 1.5, "alcohol": 1.0}  # fmt: skip
_BOTTLE = {"wine": 5.0, "whiskey": 16.0, "whisky": 16.0, "vodka": 16.0, "gin": 16.0, "rum": 16.0,
           "spirits": 16.0, "liquor": 16.0}  # fmt: skip
_DAILY = frozenset(("day", "daily", "night", "nightly", "evening", "every", "nights", "days", "d"))


class Count(NamedTuple):
    """How many servings of what, as a token range."""

    many: float
    of: str
    vessel: str
    begin: int
    end: int


def read_amounts(document: Document, owners: list[Owner], known: frozenset[str]) -> list[Statement]:
    """Statements on caffeine, alcohol and sleep that rest on a number."""
    found = [*_caffeine(document, owners), *_alcohol(document, owners), *_sleep(document, owners)]
    return [statement for statement in found if statement.id in known]


class Caffeine(NamedTuple):
    """What of it a person takes a day, and where that was said."""

    mg: float
    cups: float
    energy: float
    tokens: tuple[int, ...]

    @property
    def level(self) -> Status | None:
        """Whether that is a lot; None between what is and what is not."""
        if self.mg >= HIGH_MG or self.cups >= MANY_CUPS:
            return "present"
        return "absent" if self.mg <= LOW_MG else None


def caffeine_of(document: Document, owners: list[Owner]) -> Caffeine | None:
    """The caffeine of a day, where somebody told of servings or milligrams."""
    total, cups, energy = 0.0, 0.0, 0.0
    tokens: list[int] = []
    for i in range(len(document)):
        if owners[i] != "person" or _is_past(document, i):
            continue
        if mg := _milligrams(document, i):
            total += mg
        elif count := _servings(document, i):
            mg, is_coffee = _CAFFEINE_MG[count.of]
            many = count.many * (_POT if count.vessel.startswith("pot") else 1.0)
            total += many * mg
            cups += many if is_coffee else 0.0
            energy += many if count.of in ("energy", "monster", "monsters", "redbull") else 0.0
        else:
            continue
        tokens.append(i)
    return Caffeine(total, cups, energy, tuple(tokens)) if tokens else None


def _caffeine(document: Document, owners: list[Owner]) -> list[Statement]:
    found = caffeine_of(document, owners)
    if found is None:
        return []
    detail = f"about {found.mg:.0f} mg of caffeine a day (some {found.mg / CUP_MG:.0f} cups of coffee)"
    begin, end = found.tokens[0], min(found.tokens[-1] + 2, len(document))
    made: list[Statement] = []
    if found.level:
        made.append(Statement("caffeine_high", found.level, begin, end, detail, firm="number"))
    if found.energy:
        made.append(Statement("energy_drinks", "present", begin, end, detail, firm="number"))
    return made


def told_mg(detail: str) -> float | None:
    """The caffeine of a day in mg, from the detail of a statement on it."""
    found = _TOLD.match(detail)
    return float(found[1]) if found else None


def _milligrams(document: Document, i: int) -> float:
    """``500 mg caffeine``, ``caffeine 500 mg``."""
    words = document.words
    amount = number(document, i, vague=False)
    if amount is None or words[amount.end : amount.end + 1] != ["mg"]:
        return 0.0
    near = words[max(0, i - 3) : i] + words[amount.end + 1 : amount.end + 3]
    return amount.value if "caffeine" in near and amount.value < 20000 else 0.0


def _servings(document: Document, i: int) -> Count | None:
    """``five coffees``, ``3 cups of coffee``, ``two cans of Monster``."""
    words = document.words
    if (i and words[i - 1] in ("no", "not", "after", "my")) or words[i] in ("some", "many"):
        return None
    amount = number(document, i)
    if amount is None or amount.value > 60 or (i and number(document, i - 1) == amount):
        return None
    j, vessel = amount.end, ""
    while j < len(words) and words[j] in _VESSEL and j - amount.end < 4:
        vessel = vessel or (words[j] if words[j] != "of" else "")
        j += 1
    if j >= len(words):
        return None
    thing = "redbull" if words[j] == "bull" and words[j - 1] == "red" else words[j]
    if thing not in _CAFFEINE_MG or (
        thing == "energy" and words[j + 1 : j + 2] not in (["drink"], ["drinks"])
    ):
        return None
    if "decaf" in words[j : j + 2] or words[j - 1] in ("decaf", "herbal"):
        return None
    return Count(amount.value, thing, vessel, i, j + 1)


def _is_past(document: Document, i: int) -> bool:
    begin, stop = document.bounds(i)
    window = document.words[max(begin, i - 6) : min(stop, i + 8)]
    return any(w in ("used", "stopped", "quit", "instead") for w in window)


def _alcohol(document: Document, owners: list[Owner]) -> list[Statement]:
    words = document.words
    for i in range(len(document)):
        if owners[i] != "person" or _is_past(document, i):
            continue
        amount = number(document, i, vague=words[i] in ("a", "half", "one"))
        if amount is None or amount.value > 100:
            continue
        window = words[amount.end : min(amount.end + 8, document.bounds(i)[1])]
        drink = next((w for w in window[:4] if w in _DRINKS), None)
        if drink is None or (drink == "units" and "alcohol" not in words):
            continue
        per = _BOTTLE.get(drink, 1.0) if window[0] in ("bottle", "bottles") else _DRINKS[drink]
        rate = _per_week(window)
        if rate is None:
            continue
        week = amount.value * per * rate
        status: Status = "present" if week > HEAVY_WEEK else "absent"
        detail = f"about {week:.0f} drinks a week"
        return [Statement("alcohol_heavy", status, i, amount.end + 1, detail, firm="number")]
    return []


def _per_week(window: list[str]) -> float | None:
    if "week" in window or "weekly" in window:
        return 1.0
    if "weekend" in window or "weekends" in window:
        return 1.0
    pairs = pairwise(window)
    often = any(a in ("a", "per", "every", "each") and b in _DAILY for a, b in pairs)
    return 7.0 if often or "daily" in window or "nightly" in window else None


def _sleep(document: Document, owners: list[Owner]) -> list[Statement]:
    """``sleep 4 hours a night``, ``three hours of sleep``, ``4-5 h sleep``."""
    words = document.words
    for i in range(len(document)):
        amount = number(document, i, vague=False)
        if amount is None or owners[i] != "person" or not 0 <= amount.value <= 14:
            continue
        if words[amount.end : amount.end + 1] not in (["hours"], ["hour"], ["hrs"], ["h"]):
            continue
        before = words[max(0, i - 4) : i]
        after = words[amount.end + 1 : amount.end + 4]
        if "sleep" in after[:3] or any(w in ("sleep", "slept", "sleeping", "sleeps") for w in before):
            if amount.value <= 5.5:
                return [_slept(amount.value, "present", i, amount.end)]
            if amount.value >= 7:
                return [_slept(amount.value, "absent", i, amount.end)]
    return []


def _slept(hours: float, status: Status, begin: int, end: int) -> Statement:
    return Statement("sleep_loss", status, begin, end + 1, f"about {hours:g} hours a night", firm="number")
