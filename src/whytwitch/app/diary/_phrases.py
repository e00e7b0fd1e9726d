"""Every sentence of the diary that is not in a template, in one place for review.

House rules as in the report: short, common words, calm, exact, never a promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from whytwitch.app.diary._entry import Daily, Entry, Exercise
from whytwitch.app.diary._rates import exact_interval
from whytwitch.app.diary._trend import LEAST_DAYS, LEAST_SPAN, Trend
from whytwitch.app.diary._triggers import LEAST_DAYS as LOOK_DAYS
from whytwitch.app.diary._triggers import LEAST_OTHERS, Look
from whytwitch.case import Place
from whytwitch.knowledge import Catalogue

DAILY: Final[Mapping[Daily, str]] = {
    "none": "None",
    "few": "A few (up to 10)",
    "tens": "Tens (10 to 100)",
    "hundreds": "Hundreds (100 to 1,000)",
    "thousands": "More than 1,000",
}
EXERCISE: Final[Mapping[Exercise, str]] = {"none": "None", "light": "Light", "hard": "Hard"}
SIDES: Final[Mapping[str, str]] = {"left": "Left", "right": "Right", "both": "Both", "": "Not said"}

NOTICED: Final[Mapping[str, str]] = {
    "weakness": "A muscle has lost strength",
    "hand_weakness": "A weak or clumsy hand",
    "arm_weakness": "A weak arm",
    "leg_weakness": "A weak leg",
    "weakness_progressive": "Weakness that grows over weeks",
    "weakness_rapid": "Weakness that came or grew within hours or days",
    "muscle_wasting": "A muscle has become clearly thinner",
    "dysarthria": "Slurred or changed speech",
    "dysphagia": "Trouble swallowing",
    "dyspnea": "Short of breath",
    "falls": "A fall",
    "cramps": "Cramps",
    "sensory_loss": "A numb part of the body",
    "paresthesia": "Tingling, pins and needles",
}

TRIGGERS: Final[Mapping[str, tuple[str, str]]] = {
    "coffee_cups": ("Coffee", "two cups more"),
    "slept_hours": ("Sleep", "two hours less"),
    "exercise": ("Exercise", "a day with hard exercise"),
    "stress": ("Stress", "three points more"),
    "alcohol_drinks": ("Alcohol", "two drinks more"),
    "drugs_changed": ("Medicines", "a day with a changed medicine"),
}
"""Name, and what one step is."""

# --- around the entries ---------------------------------------------------------------------------

EMPTY_LEAD: Final = (
    "Does it come more often than before, or does it only feel so? A short note now and then can tell."
)
EMPTY_POINTS: Final = (
    "An entry takes 15 seconds: where, how many in a minute, save.",
    "After two weeks it shows whether the twitching grows, fades or stays, and how sure that is.",
    "It looks for what goes with more twitching: coffee, little sleep, stress.",
    "Tick what is new, such as weakness. Then it says how soon a doctor should look at it.",
)
PRIVATE: Final = "No other user of this computer can read the file, unless they run it."
NOT_ENCRYPTED: Final = (
    "It is not encrypted: whoever can use your account, or your disk, can read it. Backups of it are not "
    "touched from here."
)
EXPORT_NOTE: Final = "The file holds everything that you wrote. Keep it where only you can read it."
ERASE: Final = (
    "This deletes all entries and what held them. It cannot be undone. Save the diary first if you may want "
    "it back. Files that you saved, and backups, stay."
)
USE: Final = "The questions can begin with what your diary says. The case is kept in memory alone."
BANNER_CALM: Final = "Open for what would change it."
BANNER_WHENCE: Final = (
    "This comes from what you ticked in your diary. Later entries do not take it back. If you ticked "
    "something by mistake, change that entry."
)
TRIGGER_DAYS: Final = LOOK_DAYS


def lies(*, exists: bool, is_file: bool) -> str:
    """Where the diary is, before the place itself."""
    if not is_file:
        return "It is kept in the database that this program was started with, and nowhere else:"
    if exists:
        return "It lies in this file, and nothing of it is sent anywhere:"
    return "Nothing is kept yet, and nothing leaves this computer. Your first entry makes this file:"


# --- trend ----------------------------------------------------------------------------------------

ANSWERS: Final[Mapping[str, str]] = {
    "more": "More often than before",
    "less": "Less often than before",
    "no clear change": "No clear change",
    "too early": "Too early to say",
}
EARLY: Final[Mapping[str, str]] = {
    "days": f"A trend needs counts on at least {LEAST_DAYS} days. So far there are {{n}}.",
    "span": f"The counts must span at least {LEAST_SPAN} days. Yours span {{span}}. Twitches come in bouts, "
    "and one bout can look like a trend.",
    "none": "Not one twitch was counted so far. That is good news, and there is nothing to compare.",
}
MORE_MEANS: Final = (
    "This by itself is not a sign of danger. Twitching comes and goes in bouts, and people count more "
    "when they worry, sleep badly or look closely. What matters more is strength: can you still do all "
    "that you could do before? If not, say so in an entry, or see a doctor."
)
LESS_MEANS: Final = (
    "Twitching often fades like this by itself. What matters more than any count is that your strength stays."
)
STEADY: Final = "The counts are close together. A large change would have shown."
UNSURE: Final = (
    "The counts differ too much from day to day to tell. More days with counts will make this clearer."
)


METHOD: Final = (
    "All counts of one day are put together. A line is fitted to the natural log of the rate, with longer "
    "watching weighing more. How widely the counts scatter is learned from them (negative binomial), since "
    "twitches come in bouts.",
    "Where neighboring days are alike, the interval is made wider. In made-up diaries the true change lay in "
    "the interval 95 times of 100 if days were independent, and about 90 times if bouts lasted several days. "
    "So a clear change that is small may still be a long bout.",
    "People count more often on bad days. That can look like a rise. Counting at a fixed time of day helps.",
)


def legend(found: Trend, weekly: bool) -> str:  # noqa: FBT001 (called from a template)
    """What the picture shows."""
    points = "week" if weekly else "day"
    said = f"Points: what each {points} showed. Thin lines: what chance alone allows (95 of 100)."
    return f"{said} Thick line and shade: the trend and how sure it is." if found.band else said


def change(found: Trend) -> str:
    """The change a month with its interval, in words."""
    if found.per_month is None or found.low is None or found.high is None:
        return EARLY[found.early].format(n=len(found.days), span=_span(found))
    return (
        f"Each month the rate was about {short(found.per_month)} times that of the month before. "
        f"The counts allow for {short(found.low)} to {short(found.high)} times (95 %). 1 is no change."
    )


def meaning(found: Trend) -> str:
    """What the answer does and does not mean; empty where there is none."""
    if found.answer == "no clear change":
        return STEADY if found.steady else UNSURE
    return {"more": MORE_MEANS, "less": LESS_MEANS}.get(found.answer, "")


def left_out(found: Trend) -> str:
    """What was not used; empty where everything was."""
    parts = []
    if found.guesses:
        many = "guess" if found.guesses == 1 else "guesses"
        parts.append(
            f"{found.guesses} {many} of twitches a day left out: the steps between the choices are too wide "
            "to show a change. Counting for one minute helps most."
        )
    if found.source == "recordings":
        parts.append("This uses your recordings, since there are too few counts by eye.")
    return " ".join(parts)


def _span(found: Trend) -> str:
    n = (found.days[-1].day - found.days[0].day).days + 1 if found.days else 0
    return "1 day" if n == 1 else f"{n} days"


# --- triggers -------------------------------------------------------------------------------------


def look(found: Look) -> str:
    """One trigger in a sentence."""
    name, step = TRIGGERS[found.trigger]
    if not found.is_hint:
        return f"{name}: no clear link so far."
    often = "more" if found.ratio > 1 else "less"
    return f"{name}: with {step}, you twitched {often} often. A hint, not a proof."


def ratio(found: Look) -> str:
    """The numbers behind it."""
    step = TRIGGERS[found.trigger][1]
    return f"With {step}: times {short(found.ratio)} ({short(found.low)} to {short(found.high)})"


def looks_note(n: int) -> str:
    """What the looks are worth."""
    several = (
        f"{n} things were looked at, and one of several can stand out by chance. The ranges allow for that. "
    )
    return (
        (several if n > 1 else "")
        + "Small effects are drawn toward “none”. A link is not a cause: a bad day can bring both the coffee "
        "and the twitching. To find out, change one thing for two weeks and go on counting."
    )


def waiting(days: Mapping[str, int]) -> str:
    """What cannot be looked at yet."""
    left = ", ".join(f"{TRIGGERS[name][0].lower()} ({n})" for name, n in days.items())
    return (
        f"Nothing is said about a trigger before {LOOK_DAYS} days tell both the count and the trigger, with "
        f"at least {LEAST_OTHERS} days of much and {LEAST_OTHERS} of little. So far: {left}."
    )


# --- entries --------------------------------------------------------------------------------------


def place(where: Place, catalogue: Catalogue) -> str:
    """A place: ``left calf``."""
    site = catalogue.sites.get(where.site)
    name = site.plain.removeprefix("the ") if site else where.site.replace("_", " ")
    if where.side == "both":
        return f"{name}, both sides"
    return f"{where.side} {name}" if where.side else name


def number(value: float) -> str:
    """A number as people write it: no trailing zeros, thousands apart."""
    return f"{value:,.1f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


def short(value: float) -> str:
    """Two digits that matter; the ends of the scale in words."""
    if value >= 100:
        return "over 100"
    if value < 0.01:
        return "under 0.01"
    return f"{value:.2g}"


def amount(entry: Entry) -> str:
    """How many twitches an entry tells of; empty where it does not."""
    if entry.counted is not None:
        minutes = number(entry.counted.minutes)
        unit = "minute" if minutes == "1" else "minutes"
        return f"{entry.counted.twitches:,} in {minutes} {unit}"
    if entry.measured is not None:
        return f"{short(entry.measured.per_minute)} a minute, measured"
    return f"{DAILY[entry.daily][:1].lower()}{DAILY[entry.daily][1:]} that day" if entry.daily else ""


def interval(twitches: int, minutes: float) -> str:
    """A rate and what chance alone could have made of it."""
    low, high = exact_interval(twitches, minutes)
    return f"{short(twitches / minutes) if twitches else '0'} ({short(low) if low else '0'} to {short(high)})"


def triggers(entry: Entry) -> list[str]:
    """What was said of triggers, one phrase each."""
    said = entry.triggers
    found = []
    if said.coffee_cups is not None:
        found.append(f"coffee: {number(said.coffee_cups)}")
    if said.slept_hours is not None:
        found.append(f"slept {number(said.slept_hours)} h")
    if said.exercise is not None:
        found.append(f"exercise: {EXERCISE[said.exercise].lower()}")
    if said.stress is not None:
        found.append(f"stress {said.stress} of 10")
    if said.alcohol_drinks is not None:
        found.append(f"alcohol: {number(said.alcohol_drinks)}")
    if said.drugs_changed is not None:
        found.append("a medicine changed" if said.drugs_changed else "no medicine changed")
    return found


def noticed(entry: Entry, catalogue: Catalogue) -> list[str]:
    """What else was noticed, in plain words."""
    return [
        NOTICED.get(item) or (catalogue.findings[item].plain if item in catalogue.findings else item)
        for item in entry.noticed
    ]
