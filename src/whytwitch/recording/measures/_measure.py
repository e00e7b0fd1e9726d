"""From potentials to a signature: the main flow of measuring."""

from __future__ import annotations

import numpy as np

from whytwitch.knowledge import Catalogue, load
from whytwitch.recording._signature import Signature
from whytwitch.recording._twitches import UNSORTED, Twitches
from whytwitch.recording.measures._clean import clean_time, firings, seconds_covered
from whytwitch.recording.measures._estimates import median, per_minute
from whytwitch.recording.measures._norm import norm_of
from whytwitch.recording.measures._pattern import bursts, doublets, intervals, isolation, trains
from whytwitch.recording.measures._rates import clumping, rate_over_time, synchrony, trend_per_hour
from whytwitch.recording.measures._shape import active_units, shape, summaries
from whytwitch.recording.measures._words import about_count, cannot_say


def measure(twitches: Twitches, *, catalogue: Catalogue | None = None) -> Signature:
    """Measure what was detected: how often, in which pattern, how large, and what cannot be said.

    Only clean time counts, and nothing is counted across a gap. Counts have exact Poisson (Garwood)
    intervals, shares those of Clopper and Pearson, medians those between order statistics, which need
    six values or more.

    Args:
        twitches: what :func:`whytwitch.detect` found.
        catalogue: where norms come from. Default: the shipped one.
    """
    catalogue = catalogue or load()
    source, events, quality = twitches.source, twitches.events, twitches.quality

    # What counts: fasciculations, in clean time.
    clean = clean_time(twitches)
    inside = clean.stretch_of(events.onset_s) >= 0
    counted = np.flatnonzero(inside & (events.kind == "fasciculation"))
    onset_s = np.sort(events.onset_s[counted])
    unsorted = int((events.unit[counted] == UNSORTED).sum())
    units = firings(events, clean)

    rate = per_minute(len(counted), clean.total_s)
    doubtful = float((1.0 - np.clip(events.confidence[counted], 0.0, 1.0)).sum())
    clumped = clumping(onset_s, clean)
    norm = norm_of(twitches, counted, clean.total_s, catalogue)
    return Signature(
        recording=source.name,
        sha256=source.sha256,
        duration_s=source.duration_s,
        clean_minutes=clean.total_s / 60.0,
        quality=float(np.clip(quality.overall, 0.0, 1.0)),
        electrode=source.electrode,
        muscle=source.muscle,
        calibrated=source.calibrated,
        fasciculations=len(counted),
        rate_per_min=rate,
        enough_time=clean.total_s >= catalogue.recording.watch.seconds,
        units=summaries(units, twitches, clean),
        active_units=active_units(units, unsorted),
        intervals=intervals(units),
        doublets=doublets(units, events),
        bursts=bursts(units, clean),
        shape=shape(units, counted, twitches),
        isolation=isolation(units, clean),
        spread=median(events.spread[counted]),
        synchrony=synchrony(twitches, counted, clean),
        trend_per_hour=trend_per_hour(onset_s, clean),
        rate_over_time=rate_over_time(onset_s, clean, source.duration_s),
        voluntary_s=seconds_covered(twitches.voluntary_s),
        trains=trains(units),
        fibrillations=int((inside & (events.kind == "fibrillation")).sum()),
        norm=norm,
        cannot_say=(
            *cannot_say(twitches, rate, clean.total_s, norm=norm is not None, catalogue=catalogue),
            *about_count(len(counted), doubtful, clumped),
        ),
        n_channels=len(source.channels),
        unsorted=unsorted,
        expected_false=doubtful,
        clumping=clumped,
    )
