"""What these pages say, in one place for review: short sentences and common words."""

from __future__ import annotations

from typing import Final

LEAD: Final = "Move a value. See how often a computer model of your nerve would twitch."
ASK: Final = "Work it out"
RESET: Final = "Back to today"
MOVES: Final = "Values that move the number"
STILL: Final = "These move no number"
STILL_LEAD: Final = (
    "You can change them here, but the answer stays the same. Nobody has measured how much they do to the "
    "ends of a nerve. A guess would look like knowledge."
)
SALT: Final = "What {name} does to the ends of a nerve in people has not been measured."
COFFEE: Final = "Cups of coffee a day"
COFFEE_WHY: Final = "Coffee acts on brain and body in many ways. How much it does at the nerve is not known."
DRUG: Final = "I take {name}"
DRUG_WHY: Final = (
    "A drug counts only through the blood values it changes. Measure those and move them above. "
    "Do not stop a drug because of this page. Talk to the person who prescribed it."
)
DISEASES: Final = "Taken as it stands"
NORMAL_RANGE: Final = "usual {low} to {high}"
YOURS: Final = "yours: {value}"
NOT_TOLD: Final = "not said"
NOT_MEASURED: Final = "not measured, so taken as {value}"
ONE_WAY: Final = "Only {side} values move the number."

EMG: Final = "What a needle in the muscle might show"
EMG_LEAD: Final = (
    "Not your muscle. The shapes come from simulated motor units. Twitches come by chance. "
    "A normal muscle is drawn with {base:g} a minute, just so that there is something to see. Only the "
    "change means something."
)
EMG_RATE: Final = "Drawn: about {rate} twitches a minute."
EMG_LEAST: Final = "Drawn: nearly none."
EMG_MOST: Final = "Drawn: {rate} a minute. More would not fit in the picture."
EMG_FIRES: Final = "Drawn: one motor unit that fires over and over."
EMG_BLOCKED: Final = "Drawn: nothing. The nerve in the model cannot fire."
EMG_OUTSIDE: Final = "Drawn as today: there is no number for this."
EMG_COUNTED: Final = "It starts from the {rate} a minute that were counted."

CURVES: Final = "What a nerve test in a clinic would show"
CURVES_LEAD: Final = (
    "A clinic can test how easily the nerve at the wrist fires. Gray: 95 in 100 healthy people. Line: the "
    "model with these values. Broken line: with those of today."
)
INSIDE: Final = "inside the gray band"
PARTLY: Final = "partly outside the gray band"
OUTSIDE: Final = "mostly outside the gray band"
NO_TEST: Final = "With these values the test cannot be done on the model: {why}."

WARMING: Final = "The model is warming up. This takes some seconds, once."
BROKEN: Final = "The model did not start"

SIMULATOR: Final = "Simulator"
SIMULATOR_LEAD: Final = (
    "Pick a cause. See where it acts, from the spinal cord to the muscle, and hear what it would sound like."
)
CANNOT: Final = "Cannot be simulated"
CANNOT_LEAD: Final = "For these, nobody knows enough, or they do not act on the motor unit."
ACTS_ON: Final = "acts on: {places}"
FIND: Final = "Find a cause"
NONE_FOUND: Final = "No cause has that in its name."
WORKING: Final = "The motor unit is being worked out. This takes a few seconds."
GRADES: Final = {
    "measured": "measured in people", "modelled": "worked out from measurements", "hypothesis": "a guess",
}  # fmt: skip
CONTESTED: Final = "Whether this cause makes muscles twitch is contested."

PLAY: Final = "Play"
PAUSE: Final = "Pause"
NEXT: Final = "Next stop"
BACK: Final = "Stop before"
SLOWED: Final = (
    "Shown {times} times slower than life. Usual times: {axon_ms:g} ms along the nerve, {gap_ms:g} ms across "
    "to the muscle, {fiber_ms:g} ms along its fiber."
)
SOUND: Final = "What it sounds like"
SOUND_LEAD: Final = (
    "Twelve seconds of a needle recording, made by the model. Each pop or thump is one motor unit. {settings}"
)
SOUND_WAIT: Final = "The recording is being made."
DOWNLOADS: Final = "Take the recording along"
DOWNLOADS_LEAD: Final = "One minute, with every discharge noted, for your own programs. It is synthetic."
MAKE: Final = "Make {kind}"
KINDS: Final = {"edf": "EDF file", "bdf": "BDF file", "bids": "BIDS folder (zip)"}
MAKING: Final = "Being made: {percent} %."
READY: Final = "Download the {kind}"
FAILED: Final = "It could not be made: {why}"
