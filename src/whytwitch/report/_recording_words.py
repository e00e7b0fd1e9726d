"""Which words are used: everyday ones, or terms where the reader is an expert."""

from __future__ import annotations

from typing import Any, Final, final

from whytwitch.recording import Estimate
from whytwitch.report import _recording_phrases as plain
from whytwitch.report import _recording_terms as precise

NOTHING: Final = "–"


@final
class Words:
    """Phrases by name: the precise one for experts where there is one, else the plain one."""

    def __init__(self, *, expert: bool) -> None:
        self.expert = expert

    def __getattr__(self, name: str) -> Any:
        if self.expert and hasattr(precise, name):
            return getattr(precise, name)
        return getattr(plain, name)


def number(value: float | None) -> str:
    """Two or three digits that count: ``0.42``, ``3.1``, ``15.3``, ``56``, ``1,280``."""
    if value is None or value != value:
        return NOTHING
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 19.95:
        return f"{value:,.0f}"
    return f"{value:.3g}" if size >= 9.95 else f"{value:.2g}"


def rough(value: float | None) -> str:
    """As :func:`number`, but whole numbers from ten on."""
    return f"{value:,.0f}" if value is not None and 9.95 <= value < 99.5 else number(value)


def share(value: float | None, *, expert: bool) -> str:
    """A part of a whole: ``35 %`` for experts, ``35 of 100`` else."""
    if value is None or value != value:
        return NOTHING
    hundred = 100 * value
    shown = "under 1" if 0 < hundred < 0.95 else f"{hundred:.0f}"
    return f"{shown} %" if expert else f"{shown} of 100"


def reach(estimate: Estimate) -> str:
    """``50 to 62``, both ends as fine as the upper one; empty where there is no interval."""
    low, high = estimate.low, estimate.high
    if estimate.value is None or low is None or high is None:
        return ""
    decimals = 0 if high >= 19.5 else 1 if high >= 1.95 else 2
    tiny = high < 0.095
    ends = [number(end) if tiny else _ended(end, decimals) for end in (low, high)]
    return number(high) if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _ended(value: float, decimals: int) -> str:
    shown = f"{value:,.{decimals}f}"
    return "0" if float(shown.replace(",", "")) == 0 else shown


def length(seconds: float) -> str:
    """How long something took, in words: ``45 seconds``, ``12.5 minutes``, ``10 hours``."""
    if seconds < 119.5:
        return _counted(f"{seconds:.0f}" if seconds >= 9.95 else f"{seconds:.2g}", "second")
    if seconds < 7170:
        return _counted(_tidy(seconds / 60), "minute")
    return _counted(_tidy(seconds / 3600), "hour")


def brief(seconds: float) -> str:
    """The same for tables: ``45 s``, ``12.5 min``, ``10 h``."""
    return length(seconds).replace(" seconds", " s").replace(" second", " s").replace(
        " minutes", " min"
    ).replace(" minute", " min").replace(" hours", " h").replace(" hour", " h")  # fmt: skip


def clock(seconds: float) -> str:
    """A place in the recording: ``0:05``, ``12:34``, ``1:02:03``."""
    whole = int(seconds + 1e-9)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def _tidy(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _counted(shown: str, unit: str) -> str:
    return f"{shown} {unit}{'' if shown == '1' else 's'}"


__all__ = ["NOTHING", "Words", "brief", "clock", "length", "number", "reach", "rough", "share"]
