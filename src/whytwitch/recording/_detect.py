"""From a recording to its potentials: the main flow of detection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from whytwitch.recording._blocks import blocks, cleaned, n_work
from whytwitch.recording._candidates import TICK_S
from whytwitch.recording._events import assemble
from whytwitch.recording._kinds import activity, stretches_of
from whytwitch.recording._limits import limits
from whytwitch.recording._model import Electrode, Recording
from whytwitch.recording._quality import judge_quality
from whytwitch.recording._scan import EPOCH_TICKS, Candidates, Scanned, Ticks, join, scan_block
from whytwitch.recording._sort import Sorter
from whytwitch.recording._store import KEPT_AS, Store
from whytwitch.recording._survey import Survey, survey
from whytwitch.recording._trains import even_stretches
from whytwitch.recording._twitches import Source, Twitches
from whytwitch.recording._units import ALONE_MOST, SLOW_MOST
from whytwitch.recording._workspace import SAVE_EVERY, Workspace, key_of, workspace

Progress = Callable[[str, float], None]
"""Told the stage and the share of it that is done."""

FINE_S: Final = 3600.0
"""Longer recordings get an envelope by the second instead of by the tenth."""

WORKERS: Final = 2


def detect(
    recording: Recording,
    *,
    electrode: Electrode | None = None,
    muscle: str = "",
    work: Path | None = None,
    progress: Progress | None = None,
) -> Twitches:
    """Find the potentials in a recording, and the motor units that fired them.

    Args:
        recording: what to search; its EMG channels are taken together.
        electrode: ``surface`` or ``needle``. Default: what the file says, else what the signal looks like.
        muscle: the catalogue's id of the muscle, where known; it only labels the result.
        work: folder that keeps unfinished work, so that a second start goes on. Default: none.
        progress: called with the stage and the share of it that is done.

    Returns:
        Potentials, units, quality and what limits them. Memory does not grow with the recording's length.

    Raises:
        RecordingError: there is nothing to search, and how to mend it.
    """
    tell = progress or _nobody

    # A first look, from which everything about noise and channels is learned.
    tell("survey", 0.0)
    found = survey(recording, electrode)
    n = n_work(recording.n_samples, found)
    n_components = len(found.space.mix)
    key = key_of(recording.sha256 or id(recording), found.settings, recording.n_samples, found.channels)

    with workspace(work if recording.sha256 else None, key, n * n_components * KEPT_AS.itemsize) as place:
        # One pass over the signal: clean, mix into white components, note what stands out.
        store = Store(place.components, n_components, n)
        candidates, ticks = _scan(recording, found, store, place, tell)
        active = activity(ticks, found.reference.active)

        # Sort what stands out into units, and explain the whole signal with them.
        sorter = Sorter(store, found.settings, found.frontend.rate_hz, found.reference)
        alike = (candidates.slow < SLOW_MOST) & (candidates.alone < ALONE_MOST)
        at_rest = active.rest(found.frontend.rate_hz)
        result = sorter.sort(
            candidates.time[alike & at_rest(candidates.time)], at_rest, lambda share: tell("sort", share)
        )
        trains = even_stretches(store, stretches_of(active.full), found.frontend.rate_hz)
        store.close()

    # Look at every unit on the electrodes; tell muscles from hearts and leads, and kinds by rhythm.
    tell("measure", 0.0)
    events = assemble(recording, found, result, active, trains, lambda share: tell("measure", share))
    calibrated = all(recording.channels[i].calibrated for i in found.channels)
    quality = judge_quality(
        ticks, found, events.active, events.voluntary_s, events.heart_rate_per_min, calibrated=calibrated
    )
    source = Source(
        name=recording.name,
        format=recording.format,
        sha256=recording.sha256,
        sampling_rate_hz=recording.sampling_rate_hz,
        duration_s=recording.duration_s,
        channels=tuple(recording.channels[i] for i in found.channels),
        calibrated=calibrated,
        electrode=found.settings.electrode,
        muscle=muscle,
    )
    return Twitches(
        source=source,
        events=events.events,
        units=events.units,
        quality=quality,
        voluntary_s=events.voluntary_s,
        envelope=ticks.envelope,
        envelope_step_s=_envelope_ticks(recording) * TICK_S,
        problems=(*recording.problems, *limits(recording, found, quality, events)),
        settings={name: value for name, value in asdict(found.settings).items() if value is not None},
    )


def _nobody(_stage: str, _share: float) -> None:
    """Nobody listens."""


def _scan(
    recording: Recording, found: Survey, store: Store, place: Workspace, tell: Progress
) -> tuple[Candidates, Ticks]:
    """Scan every block, or those that an earlier start has not."""
    planned = blocks(recording.n_samples, found)
    parts: list[Scanned] = place.load()[: len(planned)]
    fresh: list[Scanned] = []
    begun = len(parts)
    ticks = _envelope_ticks(recording)
    for block, core, components in cleaned(recording, found, planned[begun:], WORKERS):
        store.write(block.first, components)
        fresh.append(scan_block(block, core, components, found, ticks))
        if len(fresh) == SAVE_EVERY or block.index == len(planned) - 1:
            store.flush()
            place.save(len(parts), fresh)
            parts += fresh
            fresh = []
        tell("scan", (block.index + 1) / len(planned))
    return join(parts)


def _envelope_ticks(recording: Recording) -> int:
    return 10 if recording.duration_s <= FINE_S else EPOCH_TICKS


__all__ = ["Progress", "detect"]
