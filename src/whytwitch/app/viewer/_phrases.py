"""The words of the pages about recordings, apart from those of the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

STAGES: Final[Mapping[str, tuple[str, float, float]]] = {
    "open": ("Opening the file", 0.0, 0.02),
    "draw": ("Getting the picture ready", 0.02, 0.12),
    "survey": ("Looking it over", 0.12, 0.18),
    "scan": ("Reading the signal", 0.18, 0.50),
    "sort": ("Sorting the twitches", 0.50, 0.86),
    "measure": ("Measuring", 0.86, 1.0),
}
"""What each stage is called, and the share of the time at which it begins and ends (roughly)."""

WAITING: Final = "Waiting: {n} before it"
NEXT: Final = "Waiting: it is next"
STOPPED: Final = "Stopped"
FAILED: Final = "It could not be read"
READY: Final = "Ready"

GONE: Final = "This recording is not here"
GONE_TEXT: Final = "It was taken off, or the program was started anew. Add it again."
NOT_YET: Final = "This is not ready yet"
NOT_YET_TEXT: Final = "The recording is still being read. Wait a moment, then try again."
FULL: Final = "There is no more room on the bench"
FULL_TEXT: Final = "It holds {most} recordings. Take one off first."
NO_ROOM: Final = "{name}: the disk said “{why}”. Make room, or give a smaller part of the recording."
FAULT: Final = "The program made a mistake with this file ({kind}). Export it as EDF and try again."

NO_FILE: Final = "No file was chosen"
NO_FILE_TEXT: Final = "Choose one or more files, then press the button again."
WRONG_TYPE: Final = "This type of file cannot be read"
WRONG_TYPE_TEXT: Final = "“{name}” is not one of: {types}. Export the recording as EDF, WAV or CSV."
NO_MAIN: Final = "The signal is missing"
NO_MAIN_TEXT: Final = "Only files that go beside a recording were given. Add the file with the signal itself."
TWICE: Final = "One name twice"
TWICE_TEXT: Final = "Two files are called “{name}”. Send them one after the other."
MANY: Final = "Too many files at once"
MANY_TEXT: Final = "Send at most {most} files at once."
BROKEN_FORM: Final = "The files did not arrive whole"
BROKEN_FORM_TEXT: Final = "Please send them again."

COUNTED: Final = "{twitches:,} twitches counted, of {signals:,} signals"
"""Signals are also of other kinds, or in parts that could not be used."""

WRONG_VIEW: Final = "This part cannot be shown"
WRONG_EDIT: Final = "This change cannot be made"
NO_EVENT: Final = "There is no signal number {number}."
NO_UNIT: Final = "unit: there is no unit {unit}; give 0 for none, a number from the list, or “new”."
NO_KIND: Final = "kind: {kind!r} is not one of {kinds}."
NO_ACTION: Final = "action: {action!r} is not one of {actions}."
NO_TIME: Final = "at_s: {at} lies outside the recording; give 0 to {whole:g}."
NO_PLACE: Final = "There is no room around this moment. Choose one further from the ends."
NOT_A_NUMBER: Final = "{name}: {value!r} is no number."
ALREADY_THERE: Final = "Signal {number} is already there, at {onset_s:.3f} s."

EXPERT: Final = "Show precise terms and numbers"
LAY: Final = "Show plain words"

STATUS: Final[Mapping[str, str]] = {
    "found": "found by the program",
    "accepted": "accepted",
    "rejected": "rejected",
    "added": "added by you",
    "changed": "changed by you",
}
NO_MUSCLE: Final = "Choose the muscle"
NO_MUSCLE_TEXT: Final = "Say which muscle was recorded. Then the answer knows what is usual there."

UNSAVED_ONE: Final = "One decision, not saved yet."
UNSAVED_MANY: Final = "{n:,} decisions, not saved yet."
NOT_SAVED: Final = "There are decisions that are not saved"
NOT_SAVED_LOAD: Final = (
    "{said} Save them first. Or tick the box that says they may be replaced, and send the file again."
)
NOT_SAVED_DROP: Final = (
    "{said} Save them first. Or tick the box that says they may go, and take the recording off."
)
LOST: Final = "Decisions that were not saved are gone: %s."

NO_REVIEW: Final = "This review could not be opened"
REVIEW_NO_FILE: Final = "Choose the file that was saved as “BIDS events”, then press the button again."
REVIEW_TOO_LARGE: Final = "It is larger than {mb} MB. No saved review is."
REVIEW_OTHER_FILE: Final = (
    "It is neither a zip nor JSON. Give the zip that was saved as “BIDS events”, or the decisions.json in it."
)
REVIEW_A_TABLE: Final = (
    "This is the table of events alone. It says how things stand, not what was decided about what. Give the "
    "zip it came in, or the decisions.json beside it."
)
REVIEW_BROKEN_ZIP: Final = "The zip is damaged or locked. Give it as it was saved."
REVIEW_NOT_IN_ZIP: Final = (
    "The zip does not hold one decisions.json. Give the zip that was saved as “BIDS events”."
)
REVIEW_BROKEN_JSON: Final = "The JSON is damaged or cut off. Give it as it was saved."
REVIEW_OTHER_JSON: Final = "This JSON is no saved review. Give the decisions.json that was saved here."
REVIEW_OTHER_VERSION: Final = "A newer version of whytwitch wrote it. Open it with that one."
REVIEW_DAMAGED: Final = "It was changed or is damaged ({where}). Nothing was taken over."
OTHER_RECORDING: Final = "This review is of another recording"
OTHER_RECORDING_TEXT: Final = "It is of {then}. Open here is {now}. Their signals differ."
A_RECORDING: Final = "“{name}” ({minutes:.1f} min at {hz:g} Hz)"

TAKEN_NONE: Final = "The file held no decisions."
TAKEN_ONE: Final = "The one decision, of {day}, is here again."
TAKEN_ALL: Final = "All {total:,} decisions are here again. The last was made on {day}."
TAKEN_SOME: Final = "{taken:,} of {total:,} decisions are here again (the last was made on {day}). Left out:"
TAKEN_OTHER: Final = (
    "The program finds other signals in this recording than it did then ({then:,} by version "
    "{program}{settings}, {now:,} now). So each decision went to the signal at the same "
    "moment (within 2 ms) on the same channel."
)
TAKEN_SETTINGS: Final = " with other settings"
LEFT_OUT: Final[Mapping[str, str]] = {
    "missing": "The program finds no signal there now",
    "found": "You had added it; now the program finds it by itself",
    "added": "It is about a signal that you had added, which is not taken over",
    "unit": "The motor unit it went to is not there now",
    "channel": "Its channel is not used now",
    "room": "There is no room around it",
}
"""Why a decision was not taken over."""

BAND: Final = "{low:g} to {high:g} Hz"
BAND_OPEN: Final = "over {low:g} Hz"
BAND_NO_MAINS: Final = ", no mains ({hz:.0f} Hz)"
NO_BAND: Final = "band: {band!r} is not there for this recording; give one of {known}, or none."


def unsaved(n: int) -> str:
    """How many decisions are not saved; empty where all are."""
    return UNSAVED_ONE if n == 1 else UNSAVED_MANY.format(n=n) if n else ""
