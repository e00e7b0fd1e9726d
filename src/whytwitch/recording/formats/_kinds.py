"""What a channel is, from what the file calls it."""

from __future__ import annotations

import re
from typing import Final

from whytwitch.recording._model import ChannelKind, Electrode
from whytwitch.recording.formats._units import microvolts

# Of BIDS channels.tsv; what is not here is "other".
BIDS_TYPES: Final[dict[str, ChannelKind]] = {
    "EMG": "emg", "ECG": "ecg", "ACCEL": "accelerometer", "TRIG": "trigger",
}  # fmt: skip

# The first that is found decides: sensors that measure movement beside EMG name both.
_SAID: Final[tuple[tuple[str, ChannelKind], ...]] = (
    (r"\bacc(el\w*)?\b|\bacc[ .]?[xyz]?\d*\b", "accelerometer"),
    (r"\b(gyr\w*|imu|magnet\w*|mag|quat\w*)[ .]?[xyz]?\d*\b", "other"),
    (r"emg|\bmyo\d*\b", "emg"),
    (r"\b(ecg|ekg)\w*|heart", "ecg"),
    (r"\b(trig\w*|status|sync\w*|marker\w*|events?|di|digital\w*|stim\w*|btn)\d*\b", "trigger"),
    (r"\b(eeg|eog|meg|ppg|eda|gsr|resp\w*|temp(erature)?|spo2|loc|roc|snore|flow|thor\w*|abdo|pleth)\d*\b",
     "other"),
    (r"\b(force|load|torque|gonio\w*|angle|pres\w*|battery|counter|nseq|ramp|buffer|control|light|audio|mic|"
     r"aux\w*|time\w*|requested path|performed path|original path)\d*\b", "other"),
)  # fmt: skip
_WORDS: Final[list[tuple[re.Pattern[str], ChannelKind]]] = [
    (re.compile(words, re.IGNORECASE), kind) for words, kind in _SAID
]

_ACCELERATION: Final = re.compile(r"^m?g$|^m/s\^?2$|^m/s²$|^milli-?g$", re.IGNORECASE)


def kind_of(label: str, unit: str = "") -> ChannelKind | None:
    """The kind a label or unit speaks of; None where it says nothing.

    A unit that is no voltage tells that a channel is no EMG, whatever it is called.
    """
    spaced = label.replace("_", " ")
    said: ChannelKind | None = next((kind for words, kind in _WORDS if words.search(spaced)), None)
    if unit and microvolts(unit) is None:
        if _ACCELERATION.match(unit.strip()):
            return "accelerometer"
        if said == "emg" or unit.strip().lower() in COUNTS:
            return said
        return said or "other"
    return said


COUNTS: Final = frozenset({
    "", "au", "a.u.", "adu", "adc", "counts", "count", "raw", "dig", "digits", "nu", "n/a", "unknown", "none",
    "lsb", "bits", "arbitrary",
})  # fmt: skip
"""Spellings of "no unit"."""

_BRAIN_SITE: Final = re.compile(r"^(fp|af|f|fc|ft|c|cp|p|po|o|t|tp)(\d{1,2}|z)(\W.*)?$", re.IGNORECASE)


def is_brain_site(label: str) -> bool:
    """Whether a label is a place of the 10–20 system; where EMG is named, such a channel is none."""
    return bool(_BRAIN_SITE.match(label.strip()))


_NEEDLE: Final = re.compile(r"needle|concentric|monopolar\s+pin|intramuscular|fine[- ]?wire", re.IGNORECASE)
_SURFACE: Final = re.compile(r"surface|ag/?agcl|hd-?s?emg|\bsemg\b|adhesive|grid", re.IGNORECASE)


def electrode_of(text: str) -> Electrode | None:
    """The electrode a description speaks of; None where it speaks of none or of both."""
    needle, surface = bool(_NEEDLE.search(text)), bool(_SURFACE.search(text))
    if needle == surface:
        return None
    return "needle" if needle else "surface"


__all__ = ["BIDS_TYPES", "COUNTS", "electrode_of", "is_brain_site", "kind_of"]
