"""A glance at a recording: a few seconds of it, channel by channel, for what is plainly wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Channel, Problem, Recording, Samples

WINDOWS: Final = 8
WINDOW_S: Final = 1.0
MOST_VALUES: Final = 1 << 22
MAINS_HZ: Final = (50.0, 60.0)

# Judgments. Hum of a third of the variance hides small potentials; one sample in a thousand at the limit
# is more than chance; below 1000 Hz the shape of a potential is lost (De Luca 2010: surface EMG has power
# up to 500 Hz).
HUM_SHARE: Final = 0.33
SATURATED_SHARE: Final = 1e-3
LEAST_RATE_HZ: Final = 1000.0


@dataclass(frozen=True)
class ChannelGlance:
    """What a few seconds of a channel show.

    Attributes:
        rms: about its mean, µV where calibrated; None where there is no sample.
        hum_share: part of the variance that is the power line.
        lost_share: part of the samples that are missing.
        saturated_share: part of the samples at the recorder's limit.
        dead: whether it never changes.
    """

    channel: Channel
    rms: float | None
    hum_share: float
    hum_hz: float | None
    lost_share: float
    saturated_share: float
    dead: bool


@dataclass(frozen=True)
class Glance:
    """A glance at every channel, and what is wrong: with the file, and with the signal."""

    channels: tuple[ChannelGlance, ...]
    seconds: float
    """How much of each channel was looked at."""
    problems: tuple[Problem, ...]


def glance(recording: Recording) -> Glance:
    """Look at a few windows spread over a recording.

    Raises:
        RecordingError: the samples cannot be read.
    """
    n_channels = len(recording.channels)
    size = min(max(16, round(WINDOW_S * recording.sampling_rate_hz)), recording.n_samples)
    size = max(1, min(size, MOST_VALUES // n_channels))
    starts = np.unique(np.linspace(0, recording.n_samples - size, WINDOWS).astype(np.int64))
    windows = [recording.read(int(start), int(start) + size) for start in starts]
    looks = tuple(
        _look(channel, [window[i] for window in windows], recording.sampling_rate_hz)
        for i, channel in enumerate(recording.channels)
    )
    seconds = len(starts) * size / recording.sampling_rate_hz
    return Glance(
        looks, min(seconds, recording.duration_s), (*recording.problems, *_problems(recording, looks))
    )


def _look(channel: Channel, windows: list[Samples], rate: float) -> ChannelGlance:
    joined = np.concatenate(windows).astype(np.float64)
    there = joined[np.isfinite(joined)]
    lost = 1 - len(there) / len(joined)
    if not len(there):
        return ChannelGlance(channel, None, 0.0, None, lost, 0.0, dead=False)
    dead = bool(there.min() == there.max()) and len(there) > 1
    hum = {hz: _hum(windows, rate, hz) for hz in MAINS_HZ if hz < rate / 2.2}
    hum_hz = max(hum, key=lambda hz: hum[hz], default=None)
    rms = float(np.sqrt(np.mean([np.nanvar(w) for w in windows if np.isfinite(w).any()])))
    return ChannelGlance(
        channel, rms, 0.0 if hum_hz is None or dead else hum[hum_hz], hum_hz, lost,
        0.0 if dead else _saturated(channel, there), dead,
    )  # fmt: skip


def _hum(windows: list[Samples], rate: float, hz: float) -> float:
    """Median part of the variance at the power line's frequency, beyond that of its neighbors."""
    shares: list[float] = []
    for window in windows:
        values = window[np.isfinite(window)].astype(np.float64)
        if len(values) < rate / 4:
            continue
        values = values - values.mean()
        total = float(np.mean(values**2))
        if total <= 0:
            continue
        shape = np.hanning(len(values))
        times = np.arange(len(values)) / rate
        power = [_power(values, shape, times, f) for f in (hz, hz - 6, hz + 6)]
        shares.append(max(0.0, power[0] - (power[1] + power[2]) / 2) / total)
    return min(1.0, float(np.median(shares))) if shares else 0.0


def _power(
    values: NDArray[np.float64], shape: NDArray[np.float64], times: NDArray[np.float64], hz: float
) -> float:
    """Mean square of the sine of this frequency in a signal."""
    amplitude = 2 * abs(np.sum(values * shape * np.exp(-2j * np.pi * hz * times))) / shape.sum()
    return float(amplitude**2 / 2)


def _saturated(channel: Channel, values: NDArray[np.float64]) -> float:
    """Part of the samples at the limits; where these are not known, of plateaus at the extremes."""
    if channel.low is not None and channel.high is not None and channel.low < channel.high:
        edge = (channel.high - channel.low) * 1e-4
        return float(np.mean((values <= channel.low + edge) | (values >= channel.high - edge)))
    at_edge = (values == values.max()) | (values == values.min())
    plateau = at_edge[:-2] & at_edge[1:-1] & at_edge[2:] & (values[:-2] == values[1:-1])
    return float(np.mean(plateau)) if len(values) > 16 and len(np.unique(values)) > 16 else 0.0


def _problems(recording: Recording, looks: tuple[ChannelGlance, ...]) -> list[Problem]:
    emg = [look for look in looks if look.channel.kind == "emg"]
    found: list[Problem] = []
    if not emg:
        found.append(Problem("No channel is known to be EMG.", "Name those that are with --channels."))
    if recording.sampling_rate_hz < LEAST_RATE_HZ:
        found.append(Problem(f"{recording.sampling_rate_hz:g} samples a second are too few for the shape of "
                             "potentials.", "Record at 2000 Hz or more."))  # fmt: skip
    hums = sorted({f"{look.hum_hz:g}" for look in emg if look.hum_share > HUM_SHARE and look.hum_hz})
    for what, remedy, bad in (
        ("Nothing is recorded: the channel never changes.", "Check its cable and electrode.",
         [look for look in emg if look.dead]),
        ("The signal reaches the limits of the recorder.", "Record with a lower gain or a larger range.",
         [look for look in emg if look.saturated_share > SATURATED_SHARE]),
        ("Samples are missing.", "Check the connection to the recorder.",
         [look for look in emg if look.lost_share > 0]),
        (f"Hum of the power line ({' and '.join(hums)} Hz) is a large part of the signal.",
         "It is removed before detection; better electrodes and a distance to cables help more.",
         [look for look in emg if look.hum_share > HUM_SHARE]),
    ):  # fmt: skip
        if bad:
            names = [look.channel.name for look in bad]
            where = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
            found.append(Problem(what, remedy, where))
    return found


__all__ = ["ChannelGlance", "Glance", "glance"]
