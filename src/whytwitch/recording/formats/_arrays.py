"""Arrays with names, as programs save them (NumPy, MATLAB): which is the signal, and what is said of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from whytwitch.recording._model import Problem
from whytwitch.recording.formats._reader import Found, Track, broken
from whytwitch.recording.formats._stores import ArrayStore, Numbers

_RATES: Final = (
    "sampling_rate_hz", "sampling_rate", "samplingrate", "samplerate", "sample_rate", "sampling_frequency",
    "samplingfrequency", "sfreq", "fsamp", "fsample", "fs", "srate", "rate", "freq",
)  # fmt: skip
_UNITS: Final = ("unit", "units")
_LABELS: Final = ("channels", "channel_names", "ch_names", "labels", "label", "names")
_SIGNALS: Final = ("emg", "semg", "signal", "sig", "data", "x", "samples", "raw")
_TIMES: Final = ("time", "times", "t", "time_s", "timestamps", "timestamp")
MOST_CHANNELS: Final = 20_000


def found_in_arrays(path: Path, form: str, arrays: Mapping[str, Any]) -> Found:
    """Pick the signal, its rate, unit and labels by what they are called."""
    low = {name.lower().rsplit("/", 1)[-1]: value for name, value in arrays.items()}
    name, signal = _signal(path, arrays)
    problems: list[Problem] = []
    others = [other for other, value in _able(arrays).items() if value.size > 1000]
    others = [other for other in others if other != name and not other.startswith(f"{name}/")]
    if others:
        some = ", ".join(others[:6])
        problems.append(Problem(f"Of several arrays, {name!r} was taken as the signal.",
                                "Save another one in a file of its own to read it.", some))  # fmt: skip
    array = as_rows(path, signal)
    labels = _texts(next((low[key] for key in _LABELS if key in low), None))
    units = _texts(next((low[key] for key in _UNITS if key in low), None))
    n = array.shape[0]
    tracks = [
        Track(
            labels[i] if len(labels) == n else f"channel {i + 1}" if n > 1 else name,
            unit=units[i] if len(units) == n else units[0] if len(units) == 1 else "",
            kind=None if len(labels) == n else "emg",
        )
        for i in range(n)
    ]
    rate = next((found for key in _RATES if (found := _scalar(low.get(key))) is not None), None)
    rate = rate or next((_rate_of(low[key], array.shape[1]) for key in _TIMES if key in low), None)
    return Found(form, ArrayStore(array), tracks, rate, (path,), problems=problems)


def as_rows(path: Path, array: Numbers) -> Numbers:
    """An array as (n_channels, n_samples): the longer side is time."""
    squeezed = array.reshape([side for side in array.shape if side != 1] or [1])
    if squeezed.ndim == 1:
        return squeezed[None, :]
    if squeezed.ndim != 2:
        raise broken(path, f"holds an array of {array.ndim} dimensions", "save it as channels by samples")
    rows = squeezed if squeezed.shape[0] <= squeezed.shape[1] else squeezed.T
    if rows.shape[0] > MOST_CHANNELS:
        raise broken(path, f"its array is {rows.shape[0]} by {rows.shape[1]}, which is no signal",
                     "save it as channels by samples")  # fmt: skip
    return rows


def _is_signal(value: Any) -> bool:
    return (
        isinstance(value, np.ndarray)
        and value.dtype.kind in "iuf"
        and value.size > 1
        and value.dtype.itemsize <= 8
    )


def _able(arrays: Mapping[str, Any]) -> dict[str, Numbers]:
    """Arrays that may be a signal."""
    return {
        name: value
        for name, value in arrays.items()
        if _is_signal(value) and name.lower().rsplit("/", 1)[-1] not in _TIMES
    }


def _signal(path: Path, arrays: Mapping[str, Any]) -> tuple[str, Numbers]:
    """The array that is called like a signal, else the largest."""
    able = _able(arrays)
    if not able:
        raise broken(path, "holds no array of numbers", "save the signal as channels by samples")
    named = [name for name in able if name.lower().rsplit("/", 1)[-1] in _SIGNALS]
    best = max(named or able, key=lambda name: able[name].size)
    return best, able[best]


def _scalar(value: Any) -> float | None:
    """A single positive number."""
    try:
        array = np.asarray(value)
        if array.size != 1 or array.dtype.kind not in "iuf":
            return None
        number = float(array.reshape(-1)[0])
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) and number > 0 else None


def _rate_of(times: Any, n_samples: int) -> float | None:
    """Samples a second of times in seconds that go with the signal."""
    if (
        not isinstance(times, np.ndarray)
        or times.dtype.kind != "f"
        or times.size != n_samples
        or n_samples < 3
    ):
        return None
    steps = np.diff(times.reshape(-1))
    middle = float(np.median(steps))
    regular = np.isfinite(middle) and middle > 0 and float(np.abs(steps - middle).max()) < 0.5 * middle
    return (n_samples - 1) / float(times.reshape(-1)[-1] - times.reshape(-1)[0]) if regular else None


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    array = np.asarray(value)
    if array.dtype.kind not in "USO" or array.size > MOST_CHANNELS:
        return []
    return [v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in array.reshape(-1)]


__all__ = ["as_rows", "found_in_arrays"]
