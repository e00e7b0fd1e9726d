"""Muscle potentials for the page to draw and play: a few simulated motor units, each seen once."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from whytwitch.app.nerve import _phrases as say
from whytwitch.reasoning import WhatIf

BASE_PER_MIN: Final = 6.0
"""Twitches a minute of a normal muscle as drawn: illustrative, since nobody has measured it."""
MOST_PER_MIN: Final = 900.0
LEAST_PER_MIN: Final = 0.2
SHOWN: Final = 6
RATE_HZ: Final = 10_000
_UNITS, _SEED = 30, 3
_QUIET: Final = 0.02
"""Of the largest deviation: before and after, a potential is cut."""


@cache
def units() -> dict[str, Any]:
    """The largest potentials that a needle sees in a simulated healthy muscle.

    Returns:
        ``rate_hz`` and ``units``: each a row of whole µV.
    """
    import numpy as np

    from whytwitch.physiology.muscle import ConcentricNeedle, Muscle, simulate

    made = simulate(
        Muscle(units=_UNITS), ConcentricNeedle(), duration_s=0.5, sampling_rate_hz=RATE_HZ, seed=_SEED
    )
    largest = sorted(made.truth.units, key=lambda unit: -unit.amplitude_uv)[:SHOWN]
    rows = []
    for unit in largest:
        wave = unit.template[unit.best_channel].astype(float)
        loud = np.flatnonzero(np.abs(wave) > _QUIET * np.abs(wave).max())
        rows.append([round(v) for v in wave[loud[0] : loud[-1] + 1].tolist()])
    return {"rate_hz": RATE_HZ, "units": rows}


def drawn(found: WhatIf) -> dict[str, Any]:
    """How the trace is to be drawn: twitches a minute, the manner, and that in words."""
    outlook = found.after or found.today
    if outlook is not None and outlook.over_normal is None:
        manner = outlook.state if outlook.state != "rests" else "outside"
        told = {"fires": say.EMG_FIRES, "blocked": say.EMG_BLOCKED}.get(manner, say.EMG_OUTSIDE)
        return {"per_min": 0.0 if manner == "blocked" else _today(found), "manner": manner, "told": told}
    wanted = _today(found) if found.after is None else _after(found)
    rate = min(wanted, MOST_PER_MIN)
    if rate < LEAST_PER_MIN:
        told = say.EMG_LEAST
    elif wanted > MOST_PER_MIN:
        told = say.EMG_MOST.format(rate=f"{MOST_PER_MIN:.0f}")
    else:
        told = say.EMG_RATE.format(rate=f"{rate:.2g}" if rate < 100 else f"{rate:.0f}")
    if found.anchor is not None:
        told = f"{told} {say.EMG_COUNTED.format(rate=f'{found.anchor.per_min:.2g}')}"
    return {"per_min": rate, "manner": "rests", "told": told}


def _today(found: WhatIf) -> float:
    if found.anchor is not None:
        return min(found.anchor.per_min, MOST_PER_MIN)
    over = found.today.over_normal if found.today is not None else None
    return min(BASE_PER_MIN * (over.ratio if over is not None else 1.0), MOST_PER_MIN)


def _after(found: WhatIf) -> float:
    if found.anchor is not None and found.anchor.after_per_min is not None:
        return found.anchor.after_per_min
    over = found.after.over_normal if found.after is not None else None
    return BASE_PER_MIN * (over.ratio if over is not None else 1.0)


__all__ = ["BASE_PER_MIN", "drawn", "units"]
