"""The measures of one recording: what a neurophysiologist reads, each with its interval."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from whytwitch.recording._model import Electrode

SCHEMA_VERSION = "1"


class Model(BaseModel):
    """Base: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(Model):
    """A number with its central 95 % interval, and how many observations it rests on."""

    value: float | None
    """None: it cannot be said from this recording."""
    low: float | None = None
    high: float | None = None
    n: int = 0


class Intervals(Model):
    """Times between discharges of one unit, over all units that fired twice or more."""

    median_ms: Estimate
    shortest_ms: float | None
    below_100_ms: Estimate
    """Share of intervals under 100 ms."""
    variation: Estimate
    """Median over units of the coefficient of variation (about 1: irregular; below 0.3: regular)."""
    histogram_edges_ms: tuple[float, ...]
    histogram: tuple[int, ...]


class Doublets(Model):
    """Second discharges of a unit soon after a first."""

    share: Estimate
    """Of first discharges that are followed within 110 ms."""
    short: int
    """Intervals of 2 to 20 ms: re-excitation."""
    f_wave: int
    """Intervals of 25 to 45 ms: the antidromic volley returning from the soma (Kleine 2012)."""
    f_wave_peak_ms: float | None
    """Most frequent interval in that range where it stands out of its surroundings."""
    same_shape: Estimate
    """Share of pairs whose two potentials are alike."""


class Bursts(Model):
    """Groups of three or more discharges of one unit, each within 110 ms of the last."""

    count: int
    per_min: Estimate
    size: Estimate
    rate_within_hz: Estimate
    trains: int
    """Long or fast ones, reported apart from fasciculations (myokymia, neuromyotonia)."""
    train_rate_hz: Estimate = Estimate(value=None)
    """Mean rate within a train, median over trains."""


class Shape(Model):
    """Size and complexity, over units (median of each unit's events, then over units)."""

    amplitude_uv: Estimate
    """Withheld (None) where the file gives no calibration."""
    amplitude_iqr_uv: float | None
    """Over potentials, not units."""
    amplitude_p90_uv: float | None
    """Over potentials, not units."""
    duration_ms: Estimate
    phases: Estimate
    turns: Estimate
    area_uv_ms: Estimate
    polyphasic: Estimate
    """Share of units with more than four phases."""
    instability: Estimate
    """1 minus the median likeness of repeats to their template: jitter, blocking, noise."""


class UnitSummary(Model):
    """One unit in numbers."""

    unit: int
    kind: str
    n: int
    rate_per_min: Estimate
    amplitude_uv: float | None
    duration_ms: float
    phases: int
    turns: int
    likeness: float | None
    channel: str
    isolated: int


class Isolation(Model):
    """Discharges with both neighbors of the same unit more than 250 ms away (Sleutjes 2016)."""

    share: Estimate
    windows: Estimate
    """Share of 10-s windows in which two or more units had isolated discharges."""
    continual: Estimate = Estimate(value=None)
    """Share of discharges with both intervals of 250 ms or less."""


class Norm(Model):
    """The rate against what is published for healthy people in this muscle."""

    muscle: str
    healthy: str
    """What was found in healthy people, in words."""
    highest_per_min: float | None
    verdict: Literal["within", "above", "uncertain", "unknown"]
    source: str


class Signature(Model):
    """What one recording says, with what it cannot say."""

    schema_version: str = SCHEMA_VERSION
    recording: str
    sha256: str
    duration_s: float
    clean_minutes: float
    quality: float
    """0 useless to 1 clean, over the clean part."""
    electrode: Electrode
    muscle: str
    calibrated: bool
    fasciculations: int
    rate_per_min: Estimate
    """Exact Poisson interval over the clean minutes."""
    enough_time: bool
    """Whether the clean time suffices to call a muscle quiet (90 s: Mills 2011, Zhou 2012)."""
    units: tuple[UnitSummary, ...]
    active_units: Estimate
    """Units that fired in the clean time. The range is logical, not statistical: from every unsorted
    potential belonging to one of them to each having been a unit of its own."""
    intervals: Intervals
    doublets: Doublets
    bursts: Bursts
    shape: Shape
    isolation: Isolation
    spread: Estimate
    """Share of channels that see a potential, median over events."""
    synchrony: Estimate
    """Share of potentials that coincide (within 15 ms) between muscles, less what chance gives; None
    with one muscle."""
    trend_per_hour: Estimate
    """Relative change of the rate an hour (log-linear Poisson)."""
    rate_over_time: tuple[Estimate, ...]
    """Rate a minute in ten equal stretches of the recording (fewer if short)."""
    voluntary_s: float
    trains: int
    fibrillations: int
    norm: Norm | None
    cannot_say: tuple[str, ...]
    """Limits of this recording, in plain sentences; always says that potentials alone meet neither the
    Awaji nor the Gold Coast criteria."""
    n_channels: int = 1
    """EMG channels that were searched."""
    unsorted: int = 0
    """Fasciculations that fit no unit seen twice; counted in the rate and in nothing else."""
    expected_false: float = 0.0
    """How many of the fasciculations are probably none, by the detector's own confidence."""
    clumping: float | None = None
    """Variance over mean of the count in 10-s windows: about 1 where potentials come independently; above
    it they come in clusters, and the Poisson interval of the rate is too narrow. None without twelve
    windows."""


__all__ = [
    "SCHEMA_VERSION",
    "Bursts",
    "Doublets",
    "Estimate",
    "Intervals",
    "Isolation",
    "Norm",
    "Shape",
    "Signature",
    "UnitSummary",
]
