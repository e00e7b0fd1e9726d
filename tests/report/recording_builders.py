"""Detections made by hand: what was found is put in, so that what is shown can be checked against it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from whytwitch.recording import (
    Channel,
    Estimate,
    Events,
    Problem,
    Quality,
    Signature,
    Source,
    Twitches,
    Unit,
)

RATES_PER_MIN = (12.0, 6.0, 3.0, 1.0)
SIZES_UV = (160.0, 60.0, 240.0, 90.0)


def grid(n: int, pitch_mm: float = 8.0) -> list[tuple[float, float]]:
    side = int(np.ceil(np.sqrt(n)))
    return [(pitch_mm * (i % side), pitch_mm * (i // side)) for i in range(n)]


def channels(n: int, *, placed: bool = True, calibrated: bool = True) -> tuple[Channel, ...]:
    where: list[Any] = grid(n) if placed else [None] * n
    return tuple(
        Channel(f"E{i + 1}", calibrated=calibrated, position_mm=where[i], group="grid" if placed else "")
        for i in range(n)
    )


def templates(n_units: int, n_channels: int, n_times: int = 60) -> NDArray[np.float32]:
    """Biphasic potentials that fade with the distance from their unit's place."""
    at = np.array(grid(n_channels))
    t = np.linspace(-10, 20, n_times)
    made = []
    for unit in range(n_units):
        away = np.linalg.norm(at - at[(7 * unit + 3) % n_channels], axis=1)
        wave = -t / 2.0 * np.exp(0.5 - t**2 / 8.0) + 0.3 * np.exp(-((t - 7) ** 2) / 4)
        made.append(np.exp(-away / 12.0)[:, None] * wave * SIZES_UV[unit % 4] / np.ptp(wave))
    return np.array(made, np.float32).reshape(n_units, n_channels, n_times)


def make_twitches(
    *,
    n_channels: int = 16,
    duration_s: float = 300.0,
    n_units: int = 4,
    n_events: int | None = None,
    calibrated: bool = True,
    placed: bool = True,
    voluntary_s: tuple[tuple[float, float], ...] = ((60.0, 70.0),),
    kinds: tuple[str, ...] = ("fasciculation",),
    muscle: str = "biceps brachii",
    names: tuple[str, ...] = (),
    problems: tuple[Problem, ...] = (),
    seed: int = 1,
    **source: Any,
) -> Twitches:
    """A whole detection; units take the kinds in turn and share the events."""
    random = np.random.default_rng(seed)
    found = channels(n_channels, placed=placed, calibrated=calibrated)
    found = tuple(
        Channel(name, "emg", calibrated, c.position_mm, c.group)
        for name, c in zip((*names, *(c.name for c in found[len(names) :])), found, strict=True)
    )
    shapes = templates(n_units, n_channels)
    best = np.ptp(shapes, axis=2).argmax(axis=1) if n_units else np.zeros(0, int)
    events = _events(random, n_units, n_events, duration_s, best, kinds, calibrated=calibrated)
    counts = np.bincount(events.unit, minlength=n_units + 1)
    units = tuple(
        Unit(
            id=i + 1, kind=kinds[i % len(kinds)], n_events=int(counts[i + 1]), template=shapes[i],
            times_ms=np.linspace(-10, 20, shapes.shape[2]), best_channel=int(best[i]), contrast=12.5,
        )
        for i in range(n_units)
    )  # fmt: skip
    return Twitches(
        source=Source(
            **{
                "name": "arm.edf", "format": "EDF+", "sha256": "ab" * 32, "sampling_rate_hz": 2048.0,
                "duration_s": duration_s, "channels": found, "calibrated": calibrated,
                "electrode": "surface", "muscle": muscle, **source,
            }
        ),
        events=events,
        units=units,
        quality=_quality(random, n_channels, duration_s, voluntary_s),
        voluntary_s=np.array(voluntary_s, float).reshape(-1, 2),
        envelope=random.gamma(8.0, 0.8, (n_channels, max(1, int(duration_s * 4)))).astype(np.float32),
        envelope_step_s=0.25,
        problems=problems,
        settings={"low_hz": 20.0, "high_hz": 500.0, "mains": "auto"},
    )  # fmt: skip


def _events(
    random: np.random.Generator, n_units: int, n_events: int | None, duration_s: float,
    best: NDArray[np.intp], kinds: tuple[str, ...], *, calibrated: bool,
) -> Events:  # fmt: skip
    unit: list[int] = []
    for i in range(n_units):
        expected = RATES_PER_MIN[i % 4] * duration_s / 60
        share = (n_events or 0) // max(1, n_units) + (i < (n_events or 0) % max(1, n_units))
        unit += [i + 1] * (int(expected) if n_events is None else share)
    n = len(unit)
    order = random.permutation(n)
    numbers = np.array(unit, np.int32)[order]
    size = np.array([SIZES_UV[(u - 1) % 4] for u in numbers]) * random.normal(1, 0.05, n)
    return Events(
        onset_s=np.sort(random.uniform(0.2, duration_s - 0.2, n)),
        unit=numbers,
        kind=np.array([kinds[(u - 1) % len(kinds)] for u in numbers], dtype="U13"),
        confidence=random.uniform(0.9, 1.0, n),
        amplitude=size if calibrated else size * 0.001,
        channel=best[numbers - 1].astype(np.int32) if n else np.zeros(0, np.int32),
        duration_ms=random.normal(14, 1, n),
        phases=random.integers(2, 5, n).astype(np.int32),
        turns=random.integers(3, 7, n).astype(np.int32),
        area=size * 3,
        spread=random.uniform(0.1, 0.6, n),
        likeness=random.uniform(0.9, 0.99, n),
    )


def _quality(
    random: np.random.Generator,
    n_channels: int,
    duration_s: float,
    voluntary_s: tuple[tuple[float, float], ...],
) -> Quality:
    n = max(1, int(duration_s))
    clean = np.ones(n, bool)
    for start, stop in voluntary_s:
        clean[int(start) : int(stop)] = False
    moved = clean & (random.uniform(size=n) < 0.03)
    clean &= ~moved
    score = np.clip(random.normal(0.9, 0.05, (n_channels, n)), 0, 1)
    score[:, ~clean] *= 0.3
    return Quality(
        score=score.astype(np.float32),
        noise=random.normal(6, 0.4, (n_channels, n)).astype(np.float32),
        clean=clean,
        lost={"voluntary": float(n - clean.sum() - moved.sum()), "movement": float(moved.sum())},
        mains_hz=50.0,
        mains_amplitude=12.0,
        heart_rate_per_min=68.0,
    )


# --- its measures ---------------------------------------------------------------------------------


def poisson(n: int, minutes: float) -> Estimate:
    """A rate a minute with its exact interval."""
    if minutes <= 0:
        return Estimate(value=None)
    low = chi2.ppf(0.025, 2 * n) / 2 if n else 0.0
    return Estimate(value=n / minutes, low=low / minutes, high=chi2.ppf(0.975, 2 * n + 2) / 2 / minutes, n=n)


def make_signature(twitches: Twitches, **changes: Any) -> Signature:
    """Measures of a detection: simple ones from it, plausible ones made up; ``changes`` win."""
    events, minutes = twitches.events, twitches.quality.clean_s / 60
    n = int((events.kind == "fasciculation").sum())
    some = Estimate(value=0.2, low=0.1, high=0.31, n=n)
    none = Estimate(value=None)
    share = some if n else none
    plain: dict[str, Any] = {
        "recording": twitches.source.name, "sha256": twitches.source.sha256,
        "duration_s": twitches.source.duration_s, "clean_minutes": minutes,
        "quality": twitches.quality.overall, "electrode": twitches.source.electrode,
        "muscle": twitches.source.muscle, "calibrated": twitches.source.calibrated,
        "fasciculations": n, "rate_per_min": poisson(n, minutes), "enough_time": minutes >= 1.5,
        "units": _units(twitches, minutes),
        "active_units": Estimate(value=len(twitches.units), low=1, high=len(twitches.units)),
        "intervals": _intervals(events),
        "doublets": {
            "share": share, "short": 2 if n else 0, "f_wave": 5 if n else 0,
            "f_wave_peak_ms": 33.0 if n else None, "same_shape": share,
        },
        "bursts": {
            "count": 1 if n else 0, "per_min": poisson(1 if n else 0, minutes), "size": share,
            "rate_within_hz": share, "trains": int((events.kind == "train").sum()),
        },
        "shape": {
            "amplitude_uv": Estimate(value=140.0, low=90.0, high=200.0, n=n)
            if n and twitches.source.calibrated else none,
            "amplitude_iqr_uv": 60.0 if n and twitches.source.calibrated else None,
            "amplitude_p90_uv": 230.0 if n and twitches.source.calibrated else None,
            "duration_ms": Estimate(value=14.0, low=12.0, high=16.0, n=n) if n else none,
            "phases": Estimate(value=3.0, low=2.0, high=4.0, n=n) if n else none,
            "turns": Estimate(value=4.0, low=3.0, high=5.0, n=n) if n else none,
            "area_uv_ms": Estimate(value=420.0, low=300.0, high=520.0, n=n)
            if n and twitches.source.calibrated else none,
            "polyphasic": share, "instability": share,
        },
        "isolation": {"share": share, "windows": share},
        "spread": share, "synchrony": none, "trend_per_hour": share,
        "rate_over_time": _over_time(twitches), "voluntary_s": float(np.diff(twitches.voluntary_s).sum()),
        "trains": int((events.kind == "train").sum()),
        "fibrillations": int((events.kind == "fibrillation").sum()),
        "norm": {
            "muscle": "biceps brachii", "healthy": "few or none; 14 a minute marks off 96 of 100 people",
            "highest_per_min": 14.0, "verdict": "above", "source": "Tamborska 2020",
        },
        "cannot_say": (
            "Potentials alone meet neither the Awaji nor the Gold Coast criteria.",
            "Strength was not measured.",
        ),
    }  # fmt: skip
    return Signature.model_validate({**plain, **changes})


def _units(twitches: Twitches, minutes: float) -> tuple[dict[str, Any], ...]:
    events, source = twitches.events, twitches.source
    return tuple(
        {
            "unit": u.id, "kind": u.kind, "n": u.n_events, "rate_per_min": poisson(u.n_events, minutes),
            "amplitude_uv": float(np.ptp(u.template[u.best_channel])) if source.calibrated else None,
            "duration_ms": 14.0, "phases": 3, "turns": 4,
            "likeness": float(np.median(events.likeness[events.unit == u.id])) if u.n_events else None,
            "channel": source.channels[u.best_channel].name, "isolated": u.n_events // 2,
        }
        for u in twitches.units
    )  # fmt: skip


def _intervals(events: Events) -> dict[str, Any]:
    edges = np.geomspace(2.0, 100_000.0, 48)
    gaps = [np.diff(events.onset_s[events.unit == u]) * 1000 for u in np.unique(events.unit)]
    counts = np.histogram(np.concatenate([*gaps, np.zeros(0)]), edges)[0]
    share = (
        Estimate(value=0.01, low=0.0, high=0.03, n=int(counts.sum()))
        if counts.sum()
        else Estimate(value=None)
    )
    return {
        "median_ms": Estimate(value=5200.0, low=4100.0, high=6600.0, n=int(counts.sum()))
        if counts.sum() else Estimate(value=None),
        "shortest_ms": 33.0 if counts.sum() else None, "below_100_ms": share, "variation": share,
        "histogram_edges_ms": tuple(edges), "histogram": tuple(int(c) for c in counts),
    }  # fmt: skip


def _over_time(twitches: Twitches) -> tuple[Estimate, ...]:
    n = 10
    edges = np.linspace(0, twitches.source.duration_s, n + 1)
    mine = twitches.events.onset_s[twitches.events.kind == "fasciculation"]
    counts = np.histogram(mine, edges)[0]
    clean = np.histogram(np.flatnonzero(twitches.quality.clean) + 0.5, edges)[0] / 60
    return tuple(poisson(int(c), m) for c, m in zip(counts, clean, strict=True))
