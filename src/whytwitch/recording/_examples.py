"""Single potentials of each unit, cut out of the recording for a picture."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Recording, Samples
from whytwitch.recording._survey import survey
from whytwitch.recording._twitches import Twitches, Unit
from whytwitch.recording._units import Viewer, on_channel

MOST: Final = 30
"""Potentials of one unit, at most; more make a picture no clearer."""


def examples(recording: Recording, twitches: Twitches, *, most: int = MOST) -> dict[int, Samples]:
    """Cut examples of every unit's potentials, each on the channel where the unit is largest.

    They are taken evenly from the whole recording, fasciculations where the unit has some, and cleaned as
    its templates are. Only short stretches of single channels are read.

    Args:
        recording: what ``twitches`` were found in.
        twitches: what :func:`whytwitch.detect` found.
        most: examples of one unit, at most.

    Returns:
        By unit, (n_examples, n_times) at the unit's ``times_ms``, in µV where calibrated.
    """
    if not twitches.units:
        return {}
    whole = Viewer(recording, survey(recording, twitches.source.electrode))
    by_channel: dict[int, Viewer] = {}
    found: dict[int, Samples] = {}
    for unit in twitches.units:
        if unit.best_channel not in by_channel:
            by_channel[unit.best_channel] = on_channel(whole, unit.best_channel)
        onset_s = _onsets(twitches, unit)
        some = onset_s[np.linspace(0, len(onset_s) - 1, min(most, len(onset_s))).astype(np.intp)]
        found[unit.id] = _cut(by_channel[unit.best_channel], unit, some.tolist(), twitches.source.duration_s)
    return found


def _onsets(twitches: Twitches, unit: Unit) -> NDArray[np.float64]:
    """When a unit twitched; where it only did otherwise, when it fired. In a contraction others overlap."""
    mine = twitches.events.unit == unit.id
    twitched = mine & (twitches.events.kind == "fasciculation")
    return twitches.events.onset_s[twitched if twitched.any() else mine]


def _cut(viewer: Viewer, unit: Unit, onset_s: list[float], duration_s: float) -> Samples:
    """Windows around onsets, (n, n_times), but for those that reach beyond the recording."""
    rate = viewer.found.frontend.rate_hz
    peak = int(np.abs(unit.times_ms).argmin())
    waves: list[Samples] = []
    for onset in onset_s:
        if onset + unit.times_ms[0] / 1000.0 < 0.0 or onset + unit.times_ms[-1] / 1000.0 > duration_s:
            continue
        look = viewer.look(np.array([round(onset * rate) - peak + viewer.before]))
        if look is not None:
            waves.append(look.wave[0])
    return np.array(waves, np.float32).reshape(len(waves), len(unit.times_ms))


__all__ = ["examples"]
