"""The words of a recording's report, for people who have never seen one.

Short sentences and common words. Calm and kind; nothing is promised and nobody is frightened.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TITLE: Final = "What this recording shows"
BRAND: Final = "whytwitch"
SKIP: Final = "Skip to what it may mean"
LIMIT: Final = "Nothing here names a cause. Show it to a doctor together with how you feel."

# --- the short answer -----------------------------------------------------------------------------

FOUND: Final = "{count} twitches were seen, about {rate} a minute"
FOUND_ONE: Final = "One twitch was seen"
FOUND_SHORT: Final = "{count} twitches were seen in {time}"
FOUND_RUNS: Final = "No single twitches were seen, but {count} signals in runs"
FOUND_FIBERS: Final = "No twitches were seen, but {count} signals of single muscle fibers"
QUIET: Final = "No twitches were seen in {time}"
TOO_SHORT: Final = "No twitches were seen, but the time was too short"
USELESS: Final = "This recording could not be used"

WITHIN: Final = "Healthy people show as many in this muscle."
ABOVE: Final = "That is more than was found in healthy people in this muscle."
UNCERTAIN: Final = "It cannot be told whether that is more than in healthy people."
ROUGH: Final = "Only {time} could be used, so this is rough."
UNKNOWN: Final = "There is no count of healthy people to compare it with."
QUIET_LEAD: Final = "If there were any, they were fewer than {high} a minute."
TOO_SHORT_LEAD: Final = "Only {time} could be used. A muscle is called quiet after 90 seconds at the least."
USELESS_LEAD: Final = "No part of it was clear enough to see a twitch. Below is why."

# --- the facts ------------------------------------------------------------------------------------

RATE: Final = "Twitches a minute"
MAY_BE: Final = "may be {range}"
USED: Final = "Could be used"
USED_OF: Final = "of {time}"
UNITS: Final = "Motor units"
UNITS_NOTE: Final = "nerve cells that fired"
SIGNAL: Final = "Signal"
GRADES: Final = ((0.8, "good"), (0.5, "fair"), (0.0, "poor"))
"""A judgment: mean scores from which a signal is called so."""

SCORE_NOTE: Final = "quality {score} of 1"
SIGNAL_NONE: Final = "not usable"
CHANNELS: Final = "{n} electrodes"
CHANNEL: Final = "1 electrode"
SURFACE: Final = "on the skin"
NEEDLE: Final = "in the muscle (needle)"
NO_MUSCLE: Final = "muscle not named"
UNCALIBRATED: Final = "The file does not say how large its signals are. So sizes are left out."

# --- meaning --------------------------------------------------------------------------------------

MAY: Final = "What it may mean"
MAY_NOT: Final = "What it does not mean"
MEANS_WITHIN: Final = "As many twitches are seen in healthy people. The count alone is no sign of illness."
MEANS_ABOVE: Final = (
    "More twitches than usual can have harmless causes: hard exercise, coffee, little sleep, stress. "
    "They can also come from an illness of the nerves. A doctor can find out which."
)
MEANS_UNCERTAIN: Final = "The count may or may not be usual. A longer recording would tell more."
MEANS_UNKNOWN: Final = "No count of healthy people fits this recording, so the number cannot be judged."
MEANS_QUIET: Final = "The muscle was quiet while it was recorded. That is usual."
MEANS_TOO_SHORT: Final = "Nothing yet. The time was too short to say that the muscle is quiet."
MEANS_USELESS: Final = "Nothing. Please record again, with the muscle relaxed and the electrodes well fixed."
MEANS_LEG: Final = "Twitches in the calf and foot are very common in healthy people."
MEANS_TRAINS: Final = (
    "Some signals came in long or fast runs. Runs have other causes than single twitches. "
    "Some of them can be treated. A nerve doctor should see this."
)
MEANS_FIBERS: Final = (
    "Signals of single muscle fibers were seen. A muscle can show them when it has lost part of its nerve. "
    "The doctor who did the test should see this."
)
MEANS_PAIRS: Final = "Some twitches came in close pairs. Harmless twitches do that too."

NOT_CAUSE: Final = "It does not name a cause. Many causes look the same in a recording."
NOT_ALS: Final = (
    "It does not show ALS. Twitches alone never do. Doctors look for weakness that gets worse, "
    "and for more signs in other muscles."
)
NOT_SAFE: Final = "It does not rule out an illness. It saw one place for {time}."
NOT_SAFE_NONE: Final = "It does not rule out an illness. Nothing was seen either way."
NOT_COUNT: Final = "More twitches do not mean a worse illness, and fewer do not mean a better course."
NOT_STRENGTH: Final = (
    "It says nothing about strength. If a muscle gets weak or thin, or speech or swallowing changes, "
    "see a doctor, whatever is said here."
)

# --- sections -------------------------------------------------------------------------------------

LIMITS: Final = "What cannot be said"
REMEDY: Final = "What helps:"
NORM: Final = "Compared with healthy people"
NORM_HERE: Final = "This recording"
NORM_HEALTHY: Final = "Healthy people"
NORM_UP_TO: Final = "up to {highest} a minute"
NORM_MOST: Final = "The scale above counts up to {highest} a minute as usual."
NORM_SOURCE: Final = "Source:"
NORM_NONE: Final = "No figure for healthy people is known for this muscle."
NORM_UNNAMED: Final = (
    "The muscle is not named. Healthy people differ from muscle to muscle, so nothing is compared."
)
SCALE_NOTE: Final = "The scale is squeezed: each step to the right is a larger one."

WHOLE: Final = "The whole recording"
WHOLE_NOTE: Final = (
    "Time runs from left to right. Each mark at the top is one twitch. The fuller the color, the stronger "
    "the signal. Striped parts are times when the muscle was used on purpose."
)
WHOLE_NOTE_LINES: Final = (
    "Time runs from left to right. Each mark at the top is one twitch. The wider a band, the stronger "
    "the signal. Striped parts are times when the muscle was used on purpose."
)
WHOLE_ALT: Final = "The whole recording over {time}. {rows}"
STRENGTH: Final = "Strength of the signal"
USABLE: Final = "Usable"
GOOD: Final = "Quality"
PURPOSE: Final = "used on purpose"
PALE: Final = "no color: up to {low}"
DARK: Final = "full color: {high}"
NARROW_BAND: Final = "thin: up to {low}"
WIDE_BAND: Final = "wide: {high}"
AS_TABLE: Final = "The same as a table"
STRETCH: Final = "From – to"
CLEAN: Final = "Could be used"
SCORE: Final = "Quality (0 to 1)"
ON_PURPOSE: Final = "Used on purpose"

QUALITY: Final = "How good the signal was"
QUALITY_LEAD: Final = "{clean} of {whole} could be used to look for twitches."
QUALITY_ALT: Final = "Quality of each electrode over time. {rows}"
QUALITY_NOTE: Final = (
    "Each row is an electrode. Full color is a good signal; where it fades, the signal was poor."
)
LOST: Final = "Why parts were not used"
LOST_NOTE: Final = "A part can be lost for more than one reason, so these may add up to more."
LOST_NOTHING: Final = "All of it could be used."
REASON: Final = "Reason"
TIME: Final = "Time"
ELECTRODE: Final = "Electrode"
NOISE: Final = "Noise"
POOR: Final = "Part of the time with a poor signal"
EVERY_ELECTRODE: Final = "Every electrode"
MAINS: Final = "A hum of {hz} Hz from the power line was found and taken out."
MAINS_SIZE: Final = "A hum of {hz} Hz from the power line ({size} µV) was found and taken out."
HEART: Final = "The heartbeat was seen in the signal, {rate} beats a minute, and was not counted."

LOST_TO: Final[Mapping[str, str]] = {
    "voluntary": "The muscle was used on purpose",
    "movement": "Something moved",
    "saturated": "The signal was too strong for the recorder",
    "dropout": "The signal was missing",
    "dead": "An electrode had no contact",
    "noise": "There was too much noise",
}

KINDS: Final[Mapping[str, str]] = {
    "fasciculation": "twitch",
    "voluntary": "use on purpose",
    "train": "signal in a run",
    "fibrillation": "single-fiber signal",
}
KINDS_MANY: Final[Mapping[str, str]] = {
    "fasciculation": "Twitches",
    "voluntary": "Use on purpose",
    "train": "Signals in runs",
    "fibrillation": "Single-fiber signals",
}

UNITS_HEADING: Final = "The motor units behind it"
UNITS_LEAD: Final = (
    "A motor unit is one nerve cell with the muscle fibers it drives. Its twitches look alike, so they can "
    "be told from those of other units."
)
UNITS_NONE: Final = "No motor unit was seen twice."
UNITS_DRAWN: Final = "The {drawn} busiest of {all} units are drawn."
UNITS_LISTED: Final = "The {listed} busiest of {all} units are listed; the rest is in the JSON file."
UNITS_ALL: Final = "More units"
UNSORTED: Final = "Not sorted"
UNSORTED_NOTE: Final = "{n} signals fit no unit that was seen twice."
UNIT: Final = "Unit"
UNIT_FACTS: Final = "Seen {n} times: {rate} a minute.{size} Length {length}."
UNIT_SIZE: Final = " Size {size}."
UNIT_N: Final = "Unit {unit}"
KIND: Final = "Kind"
COUNT: Final = "Count"
PER_MIN: Final = "A minute"
SIZE: Final = "Size"
LENGTH: Final = "Length"
BEST: Final = "Best electrode"
BEST_SHORT: Final = "Electrode"
LIKENESS: Final = "Alike"
SHAPE: Final = "Shape"
ACROSS: Final = "Across the electrodes"
SHAPE_ALT: Final = "Shape of {unit} on electrode {channel}. {facts}"
SHAPE_NOTE: Final = "Thick line: the mean. Thin lines: {n} single ones."
SHAPE_NOTE_MEAN: Final = "The mean of all."
ONE_OVER_MEAN: Final = "Colored line: this one. The other line: the mean of {unit}."
ONE_ALONE: Final = "This one alone; it has no unit to compare it with."
ACROSS_ALT: Final = "{unit} on {n} electrodes. Largest on {channel}. {rows}"
ACROSS_NOTE: Final = (
    "The fuller the color of a square, the larger the signal there. The framed one is the best."
)
ACROSS_LINES: Final = "Only the {n} electrodes with the largest signal are drawn."
ACROSS_GROUP: Final = "Only the electrodes of “{group}” are drawn."
STRONGEST: Final = "Largest there: {rows}."

WHEN: Final = "When each unit fired"
WHEN_ALT: Final = "When each unit fired, over {time}. {rows}"
WHEN_NOTE: Final = "Each row is a unit, each mark one signal of it. Where marks crowd, taller means more."
WHEN_MORE: Final = "The {n} units that fired least share one row."
OTHERS: Final = "{n} others"
RATE_TIME: Final = "Twitches a minute over time"
RATE_TIME_ALT: Final = "Twitches a minute in {n} stretches of the recording. {rows}"
RATE_TIME_NOTE: Final = (
    "The dot is the count a minute in that stretch. The bar shows how far off it may be by chance."
)
RATE_TIME_NORM: Final = "The dashed line is the most that healthy people showed: {highest} a minute."
RATE_TIME_CUT: Final = "Bars that leave the picture are cut; the table has their ends."
NO_CLEAN: Final = "nothing usable"

GAPS: Final = "Time between twitches of one unit"
GAPS_ALT: Final = "How long the pauses between twitches of one unit were, {n} in all. {rows}"
GAPS_NOTE: Final = (
    "Each bar counts pauses of that length. The scale is squeezed: every step is a longer one. "
    "Right of the dashed line, a quarter of a second, a twitch stands alone. In the shaded part, a "
    "signal may have run up the nerve and come back."
)
GAPS_NONE: Final = "No unit fired twice, so there are no pauses to show."
GAPS_ALONE: Final = "alone"
GAPS_ECHO: Final = "echo"

NUMBERS: Final = "All numbers"
NUMBERS_NOTE: Final = "The range says how far off a number may be, given how much was recorded."
MEASURE: Final = "What"
VALUE: Final = "Number"
RANGE: Final = "Range"
BASIS: Final = "Rests on"
UNSAID: Final = "cannot be said"

EVENTS: Final = "The first signals"
EVENTS_HEADING: Final = "The first {n} of {all} signals"
EVENTS_NOTE: Final = (
    "All of them are in the table of events, a CSV file that can be written beside this page."
)
ONSET: Final = "At"
SURE: Final = "Sureness (0 to 1)"

ORIGIN: Final = "Where this comes from"
FILE: Final = "File"
FORMAT: Final = "Format"
CHECKSUM: Final = "SHA-256"
SAMPLING: Final = "Samples a second"
VERSION: Final = "whytwitch"
SETTINGS: Final = "Settings"
NO_CHECKSUM: Final = "not read from a file"
UNNAMED: Final = "unnamed recording"
QUALITY_WORST: Final = "Lowest:"
RECORDED: Final = "Recorded"
LOST_SHORT: Final = "Not used"
OVER_TIME: Final = "Over time:"
OVER_TIME_ENDS: Final = "from {low} to {high} a minute"
UNITS_MORE: Final = "{n} more can be found on the page and in the JSON file."
