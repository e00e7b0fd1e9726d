"""What a what-if says in plain words, in one place for review: short sentences and common words."""

from __future__ import annotations

from typing import Final

TITLE: Final = "What if"
SAFETY: Final = (
    "This is a calculation, not advice. Talk to the person who prescribed a drug before you change it. "
    "Do not take salts or pills because of it."
)
MODEL: Final = "A computer model of nerve ends made these numbers. It has not met you, and it can be wrong."

HOW_SOON: Final = "How soon somebody should look"
TODAY: Final = "Today the model says: {times} as a normal muscle."
TODAY_LESS: Final = "Today the model says: {times} than a normal muscle."
TODAY_SAME: Final = "Today the model says: about as often as a normal muscle."
TODAY_ASSUMED: Final = "No value of today was given. The model takes a normal muscle."
CHANGED: Final = "With the change it would twitch {times} as today."
CHANGED_LESS: Final = "With the change it would twitch {times} than today."
CHANGED_SAME: Final = "With the change it would twitch about as often as today."
REACH: Final = "The range of the model, nine times in ten: {reach}."
NO_DIFFERENCE: Final = "It may make no difference."
STILL: Final = "What was asked for moves no number. Below is why."
NO_CHANGE: Final = "Nothing to change was asked for. Try for example: --set potassium=4.2"
PAGE_NO_CHANGE: Final = "Nothing is changed yet. Move a value below and see."
PAGE_NO_RATE: Final = (
    "How many a minute that is, the model cannot say. A recording, or a count in the diary, can."
)
PAGE_STOPPED: Final = (
    "What these become without {drugs} is not known, so they stay as measured. You can try a value with its "
    "slider."
)
ALL_ELSE: Final = "What was not measured is taken as normal. All else stays as it is today."
OVER_NORMAL_AFTER: Final = "After the change, beside a normal muscle: {times}."

FIRES: Final = (
    "{when} the nerve in the model fires by itself, over and over. That is more than single twitches. "
    "So there is no number for it."
)
BLOCKED: Final = "{when} the nerve in the model cannot fire at all, so there is no number for it."
OUTSIDE: Final = (
    "{when} the model is on unknown ground: {names}. It was not taught that far, so it gives no number."
)
NOW: Final = "With the values of today"
THEN: Final = "After the change"
NO_COMPARISON: Final = "So the two cannot be set side by side in one number."

NOTHING: Final = "Nothing in what was said can be put into numbers yet."
NOTHING_MORE: Final = (
    "These blood values would help: potassium, calcium (best: ionized calcium), magnesium and pH. Body "
    "temperature helps too. Just add them, such as: potassium 3.4 mmol/L"
)
UNMEASURED: Final = "Said to be off, but without a number: {names}. With the number it could count."

SHARES: Final = "Which part comes from what"
SHARES_LEAD: Final = "Each one times the others gives the number of today."
UNSHARED: Final = (
    "It cannot be split up. With only a part of these, the nerve in the model would fire by itself or stop: "
    "{names}."
)
MAKES_MORE: Final = "{times} as often"
MAKES_LESS: Final = "{times}"
MAKES_NONE: Final = "no difference"
ESTIMATED: Final = "An estimate: not measured as such."
USUAL: Final = (
    "A usual size, not a measured one. It also acts in ways that the model does not know. "
    "So do not lean on this."
)
CARE: Final = (
    "Fewer twitches are not the aim here. A value that is too low or too high needs care for its own sake."
)
CALMS: Final = "In the model this value calms the nerve. It can still harm: see a doctor about it."
CONTESTED: Final = (
    "Low potassium mostly brings weakness and cramps. That it makes muscles twitch has hardly been shown."
)
DRUGS: Final = "{drugs} can push it this way. How much of it is due to the drug, nobody can say."

CURVES: Final = "If this one value were different"
CURVES_LEAD: Final = (
    "The higher the line, the more often. The scale goes up in tens. The line ends where there is no number."
)
OWN: Final = "today {value}"
OWN_AFTER: Final = "after {value}"
USUAL_VALUE: Final = "normal {value}"

UNKNOWN: Final = "Not known"
UNKNOWN_LEAD: Final = "These may play a part. Nobody has measured how much, so they move no number."
ASKED: Final = "You asked about this."
MAY_ACT: Final = "It may act through {names}. With a blood value of it the model could count that part."
ACTS: Final = "It may act through {names}, which is counted already."
STOPPED: Final = (
    "What these become without {drugs} is not known, so they stay as measured. You can try a value: "
    "--set {example}"
)

RATE: Final = "In twitches a minute"
COUNTED: Final = "Counted: {rate} a minute."
WOULD_BE: Final = "After the change it would be about {rate} a minute ({low} to {high})."
ONLY_IF: Final = "This holds only if they come by chance from the ends of the nerve, as in the model."
NO_RATE: Final = (
    "How many a minute that is, the model cannot say. A count or a recording can: --per-minute 20"
)

GRADES: Final = {
    "measured": "measured in people", "modelled": "worked out from measurements", "hypothesis": "a guess",
}  # fmt: skip
GRADE_LEAD: Final = "How well it is known"

LIMITS: Final = (
    "The model stands for the ends of the nerve in one muscle. Brain, cord and mood are left out.",
    "Nobody has measured how often a healthy nerve end fires by chance. So only comparisons are given.",
    "The range covers the doubt of the model about itself. It does not cover what the model leaves out.",
    "Blood stands for the fluid around the nerve. In the first hours of a change they can differ.",
)
