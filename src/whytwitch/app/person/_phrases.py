"""Every sentence of these pages that the report does not have already, in one place for review.

The report's house rules hold: short sentences and common words (at most grade 8), calm and kind,
exact, never "you have", never a promise.
"""

from __future__ import annotations

from typing import Final

ASK: Final = "Tell me about your twitch"
ASK_HINT: Final = (
    "What twitches, since when, and what else do you notice? Add drugs and blood values if you like."
)
ASK_EXAMPLE: Final = "My left eyelid has twitched for three days. Five coffees a day, little sleep."
LEAD: Final = "Most twitches are harmless. A few are not. Say what you notice, and see what fits."
DANGER: Final = "If you feel in danger, or cannot breathe, swallow or speak as usual, call for help now."
GO: Final = "See what fits"
NO_WORDS: Final = "Ask me instead"
EXAMPLES_HEADING: Final = "Or try one of these"
EXAMPLES: Final = (
    "My left eyelid has twitched for three days. Five coffees a day, little sleep.",
    "Both calves twitch at night after long runs. I am 34 and feel strong.",
    "Cramps in both hands and tingling lips since neck surgery last week. Ca 7.1 mg/dL.",
    "My right hand has grown weak and thin for four months, and it twitches. I am 61.",
)
FILES: Final = "Drop a file here"
FILES_HINT: Final = (
    "A muscle recording, a lab report as a table (CSV), or a case that you saved. It stays on this computer."
)
CHOOSE: Final = "Choose a file"
OPEN_FILE: Final = "Open it"
PRIVATE: Final = "Nothing leaves this computer, and nothing is kept unless you save it."
WHERE: Final = "Asking in a clinic?"
WHERE_HINT: Final = "How common each cause is depends on where the question is asked."
TOO_LONG: Final = "these are too many words at once (the limit is {size} kB); leave out what matters least"
WRONG_KIND: Final = (
    "{name}: this kind of file is not known here. Give a saved case (.json, .toml), text (.txt) or a lab "
    "table (.csv). Recordings go to the page “Recordings”"
)
FILE_TOO_LARGE: Final = "This file is too large"
FILE_TOO_LARGE_MORE: Final = "A case may have {size} kB. Recordings go to the page “Recordings”."

STEPS: Final = (("", "Your words"), ("/questions", "Questions"), ("/answer", "Answer"))

RIGHT: Final = "Is this what you meant?"
RIGHT_LEAD: Final = "Open anything that is wrong and put it right. All that follows changes at once."
NOTHING: Final = "I could not use anything in these words yet. You can say it in other words, or let me ask."
NOT_USED: Final = "I could not use these words"
NOT_USED_HINT: Final = "If they matter, say them in another way below."
PLEASE_SAY: Final = "Not clear to me"
FOLLOWS: Final = "What follows from it"
MORE: Final = "Add something"
MORE_HINT: Final = "A symptom, a drug, a blood value with its unit: in your own words."
ADD: Final = "Add"
ON: Final = "That is right, go on"
ON_EMPTY: Final = "Go to the questions"
MAP: Final = "Where is it?"
MAP_HINT: Final = "Click on a place, or choose it here."
MAP_PLACE: Final = "Place"
MAP_SIDE: Final = "Side"
MAP_WHAT: Final = "What is there"
MAP_ADD: Final = "Mark it"
SIDES: Final = (("", "not sure"), ("left", "left"), ("right", "right"), ("both", "both"))
SORTS: Final = (("twitch", "it twitches"), ("weak", "it is weak"), ("none", "nothing (take it out)"))

CHIP_HEADINGS: Final = {
    "person": "About the person",
    "present": "Said to be there",
    "unsure": "Not sure",
    "absent": "Said not to be there",
    "drug": "Drugs",
    "value": "Measured",
}
SET: Final = {"present": "Yes, it is there", "absent": "No", "unsure": "Not sure", "unknown": "Take it out"}
CHANGE: Final = "Change"
TAKE_OUT: Final = "Take it out"
DRUG_STATUS: Final = {
    "taking": "taken now", "stopped": "stopped", "not taking": "not taken", "given": "given as treatment",
}  # fmt: skip

QUESTION: Final = "Question {number}"
SAFETY: Final = "Safety first"
WHY: Final = "Why this question?"
YES: Final = "Yes"
NO: Final = "No"
UNSURE: Final = "Not sure"
NONE: Final = "None of these"
DONE: Final = "Go on"
SKIP: Final = "Skip"
BACK: Final = "Take back my last answer"
ENOUGH: Final = "Stop here and see the answer"
CHOOSE_SOME: Final = "Please mark what fits, or press “None of these”."
CHECKLIST_HINT: Final = "Mark each line. What you leave open counts as not answered."
YEARS: Final = "Age in years"
HOW_LONG: Final = "How long"
UNIT: Final = "Unit"
UNITS: Final = ("hours", "days", "weeks", "months", "years")
FEMALE: Final = "Female"
MALE: Final = "Male"
PAUSE: Final = "That was {count} questions"
PAUSE_LEAD: Final = "There are more that could help a little. You can go on, or see the answer now."
GO_ON: Final = "Go on"
SEE: Final = "See the answer"
DONE_HEADING: Final = "That is all I need to ask"
DONE_LEAD: Final = "No further answer is likely to change much."
EMERGENCY_STOP: Final = "I stop asking here. Please do this first:"
EMERGENCY_SLIP: Final = "Only if your last answer was a slip:"
EMERGENCY_WORDS: Final = "If something was read wrongly, put it right under “Your words”."
SO_FAR: Final = "So far"
SO_FAR_NOTE: Final = "Chance in 1,000. More than one can be at work. Each answer changes this."
NOTED: Final = "Noted. The likeliest now: {names}."

PLAIN: Final = "In short"
PLAIN_CLEAR: Final = "What fits best is {first}: {chance} people who say the same."
PLAIN_OPEN: Final = "No single cause stands out. {first} fits best, then {second}."
TAKE_ALONG: Final = "Take it with you"
PRINT: Final = "Print, or save as PDF"
SAVE: Final = "Save this case"
SAVE_HINT: Final = "Open the file here again to go on."
EXPERT: Final = "Show precise terms and numbers"
LAY: Final = "Show plain words"
WHAT_IF: Final = "What if? Move your own values"
ADD_RECORDING: Final = "Add a muscle recording"
CLOSE: Final = "Close this case"
CLOSE_HINT: Final = "It is forgotten at once."

CAUSES: Final = "What can make muscles twitch"
CAUSES_LEAD: Final = (
    "{count} causes, from harmless to grave. A popular list names many of them. "
    "Here is what is known of each."
)
SEARCH: Final = "Search"
SEARCH_HINT: Final = "A cause, a drug, a sign: “coffee”, “water pill”, “eyelid”"
ALL: Final = "All"
CLAIMED: Final = "named in the popular list"
ONLY_CLAIMED: Final = "Only what the popular list names"
NONE_FOUND: Final = "Nothing fits “{query}”. Try one word, or a drug’s name."
MARKS: Final = {"yes": "True", "rarely": "Rare", "contested": "Not proven", "mimic": "Look-alike"}
SIMULATE: Final = "See where it acts, and hear it"
