"""What OpenSignals says of a channel, and what its makers say of their sensors."""

from __future__ import annotations

import math
from typing import Any, Final

from whytwitch.recording._model import Problem
from whytwitch.recording.formats._kinds import kind_of
from whytwitch.recording.formats._reader import Found, Track

# Supply voltage and gain of the EMG sensors, from the makers' data sheets (PLUX EMG rev. A: 3 V, 1000;
# BITalino EMG: 3.3 V, 1009): mV = (count / 2^bits - 1/2) * supply / gain * 1000.
_SENSORS: Final = {"biosignalsplux": (3.0, 1000.0), "bitalino": (3.3, 1009.0)}


def describe(found: Found, device: dict[str, Any]) -> None:
    """Put rate, kinds and scales of a device's description into what was found."""
    found.sampling_rate_hz = _number(device.get("sampling rate")) or found.sampling_rate_hz
    found.start = _start(device)
    names = [str(name) for name in _listed(device.get("label"))]
    sensors = [str(sensor) for sensor in _listed(device.get("sensor"))]
    bits = [_number(value) for value in _listed(device.get("resolution"))]
    maker = str(device.get("device", "")).lower()
    for track in found.tracks:
        at = names.index(track.label) if track.label in names else None
        sensor = sensors[at] if at is not None and at < len(sensors) else ""
        n_bits = bits[at] if at is not None and at < len(bits) else None
        _scale(found, track, sensor, maker, n_bits)


def _scale(found: Found, track: Track, sensor: str, maker: str, n_bits: float | None) -> None:
    if track.label.lower() in ("nseq", "di", "do"):
        track.kind = "trigger"
        return
    said = kind_of(sensor)
    track.kind = said or ("emg" if sensor.upper() in ("", "RAW", "CUSTOM") else "other")
    if sensor:
        track.label = f"{track.label} {sensor}"
    if n_bits is None or not 1 <= n_bits <= 32:
        return
    track.limits = (0.0, 2.0**n_bits - 1)
    known = next((numbers for name, numbers in _SENSORS.items() if name in maker), None)
    if said == "emg" and known:
        supply, gain = known
        track.unit, track.gain, track.offset = "mV", supply / gain * 1000 / 2.0**n_bits, -supply / gain * 500
        found.problems.append(
            Problem(f"Scaled as the maker's data sheet says of this sensor ({supply:g} V, gain {gain:g}); "
                    "the file itself has counts.", "If it was another sensor, give --gain.", track.label)
        )  # fmt: skip


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number > 0 else None


def _start(device: dict[str, Any]) -> str:
    date, time = str(device.get("date", "")), str(device.get("time", "")).partition(".")[0]
    parts = date.split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or len(parts[0]) != 4:
        return ""
    clock = [part.zfill(2) for part in time.split(":")]
    joined = "-".join([parts[0], parts[1].zfill(2), parts[2].zfill(2)])
    return (
        f"{joined}T{':'.join(clock)}"
        if len(clock) == 3 and all(part.isdecimal() for part in clock)
        else joined
    )


__all__ = ["describe"]
