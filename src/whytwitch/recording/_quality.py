"""How good the signal was, epoch by epoch, and what was lost to what."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._kinds import Activity
from whytwitch.recording._model import Samples
from whytwitch.recording._scan import EPOCH_TICKS, Ticks
from whytwitch.recording._survey import Survey
from whytwitch.recording._twitches import EPOCH_S, Quality

NOISE_LIMIT_UV: Final = 25.0
"""Background rms at which surface potentials of 50 µV begin to drown (twice the noise)."""

RISES: Final = 3.0
"""How far the noise of a channel may rise above its own quiet level before its score falls."""

FAULTY: Final = 0.05
"""Share of faulty samples that makes an epoch of a channel useless."""

GOOD: Final = 0.5
MOVING: Final = 0.3
ACTIVE: Final = 0.2


def judge_quality(
    ticks: Ticks,
    found: Survey,
    active: Activity,
    voluntary_s: NDArray[np.float64],
    heart_rate_per_min: float | None,
    *,
    calibrated: bool,
) -> Quality:
    """Score every epoch of every EMG channel, and say which epochs are clean."""
    quiet = np.maximum(found.space.noise, 1e-9)[:, None]
    quiet = np.where(found.space.usable[:, None], quiet, np.inf)
    noise = np.maximum(ticks.noise, 1e-9)
    score = np.minimum(1.0, RISES * quiet / noise)
    if calibrated:
        score = np.minimum(score, NOISE_LIMIT_UV / noise)
    saturated, dropped = ticks.bad > FAULTY
    score[saturated | dropped | ~found.space.usable[:, None]] = 0.0
    n_epochs = score.shape[1]

    voluntary = _share_of_epochs(voluntary_s, n_epochs)
    moving = _per_epoch(active.moving, n_epochs)
    usable = found.space.usable
    enough = (score[usable] >= GOOD).mean(axis=0) >= 0.5
    clean = enough & (voluntary < ACTIVE) & (moving < MOVING)
    faulty = (saturated | dropped)[usable].mean(axis=0) > 0.5
    lost = {
        "voluntary": float((voluntary >= ACTIVE).sum()),
        "movement": float(((moving >= MOVING) & (voluntary < ACTIVE)).sum()),
        "saturated": float((saturated[usable].mean(axis=0) > 0.5).sum()),
        "dropout": float((dropped[usable].mean(axis=0) > 0.5).sum()),
        "noise": float((~enough & (voluntary < ACTIVE) & ~faulty).sum()),
        "dead": n_epochs * float(found.dead.mean()),
    }
    mains = found.mains
    return Quality(
        score=score.astype(np.float32),
        noise=noise.astype(np.float32),
        clean=clean,
        lost={reason: seconds * EPOCH_S for reason, seconds in lost.items()},
        mains_hz=mains.frequency_hz if mains else None,
        mains_amplitude=mains.amplitude if mains else 0.0,
        heart_rate_per_min=heart_rate_per_min,
    )


def _per_epoch(mask: NDArray[np.bool_], n_epochs: int) -> Samples:
    padded = np.zeros(n_epochs * EPOCH_TICKS, np.float32)
    padded[: len(mask)] = mask[: len(padded)]
    return padded.reshape(n_epochs, EPOCH_TICKS).mean(axis=1)


def _share_of_epochs(stretches_s: NDArray[np.float64], n_epochs: int) -> Samples:
    """Share of each epoch that lies in some stretch."""
    share = np.zeros(n_epochs, np.float32)
    for begin, end in stretches_s:
        first, last = int(begin // EPOCH_S), min(n_epochs - 1, int(end // EPOCH_S))
        for epoch in range(first, last + 1):
            share[epoch] += max(0.0, min(end, (epoch + 1) * EPOCH_S) - max(begin, epoch * EPOCH_S)) / EPOCH_S
    return share


__all__ = ["judge_quality"]
