"""What the script of the viewer reads: the recording, and its potentials as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._bench import Found, Item
from whytwitch.app.viewer._event_rows import clock
from whytwitch.app.viewer._line import Line
from whytwitch.recording import EPOCH_S, KINDS, UNSORTED, Recording, Twitches

if TYPE_CHECKING:
    from whytwitch.app.viewer._take_over import Taken

MOST_EPOCHS: Final = 1500
"""Steps of the ribbon that shows quality; longer recordings get longer steps."""

MOST_PLACES: Final = 12
"""Moments that are named for one reason."""


def state(item: Item, line: Line) -> dict[str, Any]:
    """How far the work has come, with the words for it."""
    progress = item.progress
    ahead = line.place(item)
    words = {
        "waiting": say.WAITING.format(n=ahead) if ahead else say.NEXT,
        "working": say.STAGES.get(progress.stage, ("",))[0],
        "ready": say.READY,
        "stopped": say.STOPPED,
        "failed": say.FAILED,
    }[progress.state]
    return {
        "state": progress.state,
        "words": words,
        "done": round(progress.done, 4),
        "trouble": progress.trouble,
        "drawn": item.pyramid is not None,
        "unsaved": say.unsaved(item.unsaved),
    }


def recording_data(recording: Recording, twitches: Twitches | None) -> dict[str, Any]:
    """What stays as it is: channels, time, quality."""
    return {
        "duration_s": recording.duration_s,
        "sampling_rate_hz": recording.sampling_rate_hz,
        "channels": [
            {"name": channel.name, "kind": channel.kind, "calibrated": channel.calibrated,
             "group": channel.group or channel.muscle}
            for channel in recording.channels
        ],
        "emg": recording.emg.tolist(),
        "quality": _quality(twitches) if twitches is not None else None,
    }  # fmt: skip


def _quality(twitches: Twitches) -> dict[str, Any]:
    quality = twitches.quality
    step = max(1, -(-len(quality.clean) // MOST_EPOCHS))
    starts = np.arange(0, len(quality.clean), step)
    count = np.diff(np.append(starts, len(quality.clean)))
    score = np.add.reduceat(quality.score.mean(axis=0), starts) / count
    clean = np.add.reduceat(quality.clean.astype(float), starts) / count
    return {
        "step_s": step * EPOCH_S,
        "score": np.round(100 * np.nan_to_num(score)).astype(int).tolist(),
        "clean": np.round(100 * clean).astype(int).tolist(),
        "voluntary_s": np.round(twitches.voluntary_s.reshape(-1, 2), 3).tolist(),
    }


def events_data(found: Found) -> dict[str, Any]:
    """The potentials as they stand, rejected ones too."""
    reviewed, log = found.reviewed, found.log
    every = reviewed.every
    counts = {unit.id: unit.n_events for unit in reviewed.twitches.units}
    return {
        "number": reviewed.number.tolist(),
        "onset_s": _rounded(every.onset_s, 5),
        "unit": every.unit.tolist(),
        "kind": [KINDS.index(kind) for kind in every.kind.tolist()],
        "status": reviewed.shown,
        "amplitude": _rounded(every.amplitude, 1),
        "duration_ms": _rounded(every.duration_ms, 1),
        "confidence": _rounded(every.confidence, 3),
        "channel": every.channel.tolist(),
        "units": [
            {"id": unit.id, "n": counts.get(unit.id, 0), "channel": unit.best_channel}
            for unit in reviewed.units
        ],
        "unsorted": int((reviewed.twitches.events.unit == UNSORTED).sum()),
        "said": counted(found),
        "undoable": log.undoable,
        "redoable": log.redoable,
        "unsaved": say.unsaved(found.unsaved),
    }


def counted(found: Found) -> str:
    """How many there are, in words."""
    signals = len(found.reviewed.twitches.events)
    return say.COUNTED.format(twitches=found.signature.fasciculations, signals=signals)


def taken_words(taken: Taken) -> tuple[str, list[str], str]:
    """What came of a saved review, each reason why some was left out and where, and how others were tied."""
    left = len(taken.left)
    if not taken.total:
        said = say.TAKEN_NONE
    elif left:
        said = say.TAKEN_SOME.format(taken=taken.total - left, total=taken.total, day=taken.day)
    else:
        said = (say.TAKEN_ONE if taken.total == 1 else say.TAKEN_ALL).format(total=taken.total, day=taken.day)
    reasons = []
    for why, reason in say.LEFT_OUT.items():
        places = [clock(one.onset_s) for one in taken.left if one.why == why]
        if places:
            more = f", {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
            reasons.append(f"{reason} ({len(places):,}): {', '.join(places[:MOST_PLACES])}{more}")
    if taken.same:
        return said, reasons, ""
    settings = "" if taken.same_settings else say.TAKEN_SETTINGS
    tied = say.TAKEN_OTHER.format(
        then=taken.then, program=taken.program[:20], settings=settings, now=taken.now
    )
    return said, reasons, tied


def _rounded(values: NDArray[np.floating], digits: int) -> list[float]:
    return np.round(np.asarray(values, float), digits).tolist()


__all__ = ["counted", "events_data", "recording_data", "state", "taken_words"]
