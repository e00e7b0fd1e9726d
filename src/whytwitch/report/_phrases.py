"""Every sentence that the product itself says to a person, in one place for review.

What is said of a single cause comes from the catalogue; what is said around it comes from here.
House rules: short sentences and common words (at most grade 8); calm and kind; exact; never "you
have"; never a promise. Nothing is called harmless without its condition beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from whytwitch.knowledge import Setting, Urgency, Verdict

TITLE: Final = "What makes this muscle twitch?"
SKIP: Final = "Go to what fits best"
DISCLAIMER: Final = "This tool informs; it does not diagnose."
DISCLAIMER_MORE: Final = (
    "It compares what was said with what is published. It cannot examine anybody, and it can be wrong. "
    "If you feel that something is badly wrong, get help, whatever this page says."
)


@dataclass(frozen=True)
class LevelText:
    """What is said of one level of urgency."""

    label: str
    """One or two words for a badge or a table."""
    headline: str
    lead: str
    step: str
    """What to do, where no rule says it more exactly."""
    when: str
    """Fits after "should be looked at"."""


LEVELS: Final[Mapping[Urgency, LevelText]] = {
    "emergency": LevelText(
        label="Emergency",
        headline="Get medical help now",
        lead="Something in what was said can need treatment within hours. Please do this first. "
        "The rest of this page can wait.",
        step="Call your local emergency number now.",
        when="at once",
    ),
    "urgent": LevelText(
        label="Today",
        headline="See or call a doctor today",
        lead="Something in what was said should be looked at today. There is time to do this calmly.",
        step="See or call a doctor today.",
        when="today",
    ),
    "soon": LevelText(
        label="Within two weeks",
        headline="See a doctor within two weeks",
        lead="This should be looked at. It does not have to be today.",
        step="Book a doctor's visit within the next two weeks.",
        when="within two weeks",
    ),
    "routine": LevelText(
        label="No hurry",
        headline="No hurry: bring it up at your next visit",
        lead="Nothing that was understood points to danger.",
        step="Mention it at your next doctor's visit.",
        when="at the next visit",
    ),
    "reassurance": LevelText(
        label="Wait and watch",
        headline="No sign of danger in what was understood",
        lead="Twitching like this is common, and most often it passes by itself.",
        step="You can wait and watch. See a doctor if it changes, or if it worries you.",
        when="only if it changes or worries you",
    ),
}

EMERGENCY_NUMBERS: Final = "Emergency numbers: 112 in Europe, 911 in North America, 999 in the UK."
TOO_LITTLE: Final = LevelText(
    label="Too little to say",
    headline="There is too little here to say how soon",
    lead="Almost nothing could be read from what was said. "
    "Please add what you notice, where, and since when.",
    step="If something worries you, ask a doctor. Do not wait for this tool.",
    when="if it worries you",
)

FROM_RANKING: Final = "What was said fits a cause that should be looked at {when}."
FLAGS_HEADING: Final = "Why"
UNSURE_FLAG: Final = "This rests on an answer that was not sure."
STEPS_HEADING: Final = "What to do now"

HOLDS: Final = "This holds only if none of these is true:"
SOONER: Final = "It is more pressing if one of these is true:"
HOLDS_LEVEL: Final[Mapping[Urgency, str]] = {
    "emergency": "Call your local emergency number now for:",
    "urgent": "See or call a doctor today for:",
    "soon": "See a doctor within two weeks for:",
    "routine": "Mention it at your next visit:",
    "reassurance": "",
}

UNDERSTOOD: Final = "What was understood"
UNDERSTOOD_LEAD: Final = "Please check this. If something is wrong or missing, say it again in other words."
PRESENT: Final = "Said to be there"
ABSENT: Final = "Said not to be there"
UNSURE: Final = "Not sure"
ABOUT: Final = "About the person"
MEASURED: Final = "Measured"
NOT_UNDERSTOOD: Final = "These words could not be used"
DOUBTS: Final = "Please answer, so that this can be used"
NOTHING_UNDERSTOOD: Final = "Nothing could be used yet."
IMPLIED: Final = "Follows from what was said"

LIKELY: Final = "What fits best"
LIKELY_CLEAR: Final = "One cause stands out."
LIKELY_OPEN: Final = "No single cause stands out. These fit best."
LIKELY_EMERGENCY: Final = "Doctors will want to rule these out first. Get help now; this list can wait."
LIKELY_NOTE: Final = (
    "“About 420 in 1,000” means: of 1,000 people who say the same, about 420 would have this at work. "
    "Several causes can be at work at once, so the numbers need not add up to 1,000. "
    "The pale part of a bar shows how far off its number may be."
)
NONE_OF_THESE: Final = "None of the causes this tool knows: {chance}."
UNLIKELY: Final = (
    "This is unlikely: by this estimate it is not at work in {rest} people who say the same. "
    "It is named because it should not be missed."
)
LESS_LIKELY: Final = "More likely than not it is something else. It is named because it should not be missed."
LIKELY_GRAVE: Final = (
    "Only an examination and tests can tell. Other causes can look alike, and some of them can be treated."
)
GRAVE: Final = "Serious causes further down, and how likely they are here"
GRAVE_LEAD: Final = (
    "They are named so that nobody has to wonder. The numbers are for people who say the same."
)
OTHERS: Final = "Also possible"

WHY: Final = "Why, and why not"
FOR: Final = "Speaks for it"
AGAINST: Final = "Speaks against it"
FITS: Final = "Also goes with it:"
NO_REASON: Final = "Nothing that was said moves this much. It is here because it is common."
STRENGTHS: Final = ("a little", "clearly", "strongly")

DO: Final = "What to do"
DO_FIRST: Final = "The box at the top comes first."
SELF_CARE: Final = "What you can try yourself"
SUPPORT: Final = "How well this is backed:"
WATCH: Final = "What to watch for"
WATCH_LEAD: Final = "If one of these shows up, do not wait: see a doctor, or call for help if it is sudden."
BELIEF: Final = "What is often said, and what is known"
BELIEF_LEAD: Final = "“The article” is the popular list of causes that this tool set out to check."
PLACE_SIDE: Final = "the {side} {place}"
PLACE_BOTH: Final = "the {place}, both sides"
NEXT: Final = "What would help most to know"
NEXT_ANSWER: Final = "Answer it"
NEXT_WHY: Final = "Why this question:"
CHANGE: Final = "What would change this"
CHANGE_TEST: Final = "test or examination"
IF_YES: Final = "if yes"
IF_NO: Final = "if no"
CHANGE_ANSWER: Final = "Open answer"
AXIS_AGAINST: Final = "◂ against"
AXIS_FOR: Final = "for ▸"
BODY: Final = "Where it is felt"
BODY_NOTE: Final = (
    "Front and face look at you, so their left side is on your right. The back looks away from you."
)
FRONT: Final = "Front"
BACK: Final = "Back"
FACE: Final = "Face"
FRONT_ALT: Final = "A body seen from the front, with the places marked. {rows}."
BACK_ALT: Final = "The same body seen from behind. {rows}."
FACE_ALT: Final = "A face seen from the front, with the places marked. {rows}."
BODY_NO_SIDE: Final = "A dashed edge means that the side was not said; both sides are marked."
SOURCES: Final = "Sources"
HOW: Final = "How this was worked out"

FOUND: Final = "{count} causes fit “{query}”, best match first."
ONE_CAUSE: Final = "See one in full with: whytwitch causes NAME"
CAUSE_ALSO: Final = "Also called:"
CAUSE_VERDICT: Final = "Does it make muscles twitch?"
CAUSE_HOW: Final = "How"
CAUSE_COMMON: Final = "How common"
CAUSE_COURSE: Final = "How it runs"
CAUSE_URGENCY: Final = "How soon to be seen"
CAUSE_TESTS: Final = "Tests that tell"
CAUSE_TYPICAL: Final = "What goes with it"
NO_SOURCES: Final = "Everything here is an expert estimate; no source was found."
SUPPORTS: Final = {
    "measured": "(This has been measured.)",
    "modelled": "(This comes from a model, not from people.)",
    "hypothesis": "(This is thought, not shown.)",
    "none": "(Nobody has shown how.)",
}

VERDICTS: Final[Mapping[Verdict, str]] = {
    "yes": "known to make muscles twitch",
    "rarely": "seldom makes muscles twitch",
    "contested": "often named, not proven",
    "mimic": "looks like twitching, but is something else",
}

SETTINGS: Final[Mapping[Setting, str]] = {
    "public": "people in general",
    "primary-care": "people who see their family doctor",
    "neurology": "people in a neurology clinic",
    "emergency": "people in an emergency department",
}
SORTS: Final = {"twitch": "twitching", "weak": "weak or thin", "other": "something else"}
"""What is marked on the body."""
SETTING: Final = "The numbers are for {setting}. In another setting they differ."
METHODS: Final = {
    "exact": "Computed exactly from the tables.",
    "approximate": "Too much was said to compute exactly; the numbers are approximations.",
}
VERSIONS: Final = "Catalogue {catalogue}, report format {schema}."
