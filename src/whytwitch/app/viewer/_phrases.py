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
