"""Every measure as a row: what it is, its number, its range, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from whytwitch.recording import Estimate
from whytwitch.report._recording_view import View
from whytwitch.report._recording_words import NOTHING, length, number, reach


@final
@dataclass(frozen=True)
class Measure:
    """One row; ``term`` is the precise name, ``plain`` says it in everyday words."""

    term: str
    plain: str
    value: str
    range: str = NOTHING
    n: str = NOTHING

    def name(self, *, expert: bool) -> str:
        """What this reader calls it."""
        return self.term if expert else self.plain


def measures(shown: View) -> tuple[Measure, ...]:
    """All of them; those in µV only where the recording is calibrated."""
    return (*_rates(shown), *_gaps(shown), *_shapes(shown), *_rest(shown))


def _rates(shown: View) -> Iterator[Measure]:
    s = shown.signature
    yield _plain("Fasciculation potentials", "Twitches", f"{s.fasciculations:,}")
    yield _estimated("Rate (/min)", "Twitches a minute", s.rate_per_min, shown)
    yield _estimated(
        "Change of the rate (share per hour)", "Change in an hour (part)", s.trend_per_hour, shown
    )
    yield _plain("Clean time", "Time that could be used", length(60 * s.clean_minutes))
    yield _plain("Quality score", "Quality (0 to 1)", f"{s.quality:.2f}")
    yield _estimated("Active units", "Motor units that fired", s.active_units, shown)
    yield _estimated(
        "Isolated discharges (share)", "Twitches that stand alone (part)", s.isolation.share, shown
    )
    yield _estimated(
        "Continual discharges (share)", "Twitches close to others (part)", s.isolation.continual, shown
    )
    yield _estimated(
        "10-s windows with isolated discharges of two or more units (share)",
        "Ten-second parts with lone twitches of two units (part)",
        s.isolation.windows,
        shown,
    )


def _gaps(shown: View) -> Iterator[Measure]:
    i, d, b = shown.signature.intervals, shown.signature.doublets, shown.signature.bursts
    yield _estimated("Median interval (ms)", "Middle pause of one unit (ms)", i.median_ms, shown)
    yield _plain("Shortest interval (ms)", "Shortest pause (ms)", number(i.shortest_ms))
    yield _estimated("Intervals under 100 ms (share)", "Short pauses (part)", i.below_100_ms, shown)
    yield _estimated("Coefficient of variation", "Unevenness of the pauses", i.variation, shown)
    yield _estimated(
        "Doublets (share of first discharges)", "Twitches that come in pairs (part)", d.share, shown
    )
    yield _plain("Doublets of 2 to 20 ms", "Very close pairs", f"{d.short:,}")
    yield _plain(
        "Doublets of 25 to 45 ms (F-response)", "Pairs as from an echo in the nerve", f"{d.f_wave:,}"
    )
    yield _plain("F-response peak (ms)", "Most common pause of such pairs (ms)", number(d.f_wave_peak_ms))
    yield _estimated("Doublets of like shape (share)", "Pairs that look alike (part)", d.same_shape, shown)
    yield _plain("Bursts", "Groups of three or more", f"{b.count:,}")
    yield _estimated("Bursts (/min)", "Groups a minute", b.per_min, shown)
    yield _estimated("Discharges a burst", "Twitches in a group", b.size, shown)
    yield _estimated("Rate within bursts (Hz)", "Twitches a second in a group", b.rate_within_hz, shown)
    yield _plain("Trains among bursts", "Long or fast groups", f"{b.trains:,}")
    yield _estimated("Rate within trains (Hz)", "Signals a second in a run", b.train_rate_hz, shown)


def _shapes(shown: View) -> Iterator[Measure]:
    shape = shown.signature.shape
    if shown.signature.calibrated:
        yield _estimated("Amplitude, peak to peak (µV)", "Size (µV)", shape.amplitude_uv, shown)
        yield _plain(
            "Amplitude, interquartile range (µV)", "Spread of the sizes (µV)", number(shape.amplitude_iqr_uv)
        )
        yield _plain(
            "Amplitude, 90th percentile (µV)",
            "Nine of ten are smaller than (µV)",
            number(shape.amplitude_p90_uv),
        )
        yield _estimated("Area (µV·ms)", "Area (µV·ms)", shape.area_uv_ms, shown)
    yield _estimated("Duration (ms)", "Length (ms)", shape.duration_ms, shown)
    yield _estimated("Phases", "Ups and downs", shape.phases, shown)
    yield _estimated("Turns", "Turns", shape.turns, shown)
    yield _estimated("Polyphasic units (share)", "Units with a ragged shape (part)", shape.polyphasic, shown)
    yield _estimated(
        "Instability (1 − median likeness)", "How much the shape varies", shape.instability, shown
    )


def _rest(shown: View) -> Iterator[Measure]:
    s = shown.signature
    yield _estimated("Spread (share of channels)", "Electrodes that see a twitch (part)", s.spread, shown)
    yield _estimated(
        "Synchrony between muscles (share)", "Twitches of two muscles at once (part)", s.synchrony, shown
    )
    yield _plain("Voluntary activity", "Time used on purpose", length(s.voluntary_s))
    yield _plain("Discharges in trains", "Signals in runs", f"{s.trains:,}")
    yield _plain("Fibrillation potentials", "Single-fiber signals", f"{s.fibrillations:,}")


def _plain(term: str, plain: str, value: str) -> Measure:
    return Measure(term, plain, value)


def _estimated(term: str, plain: str, estimate: Estimate, shown: View) -> Measure:
    if estimate.value is None:
        return Measure(term, plain, shown.say.UNSAID)
    return Measure(
        term,
        plain,
        number(estimate.value),
        reach(estimate) or NOTHING,
        f"{estimate.n:,}" if estimate.n else NOTHING,
    )


__all__ = ["Measure", "measures"]
