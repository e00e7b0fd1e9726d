"""Which causes of the catalogue act by a mechanism: computed from their scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from whytwitch.knowledge import ScenarioGrade, load_mechanics
from whytwitch.physiology.ions import Bath, surface_shift_mv
from whytwitch.physiology.mechanism._families import MECHANISMS, mechanism, normal_value
from whytwitch.physiology.scenario import ChangedSystem, apply

SMALLEST: Final = 0.1
"""A scenario's typical dose that moves a mechanism by a smaller share of its range does not count
(judgment)."""
BESIDE: Final = 0.5
"""Beside the mechanism that a scenario moves most, those that it moves at least half as far count too, unless
they are a part of it (fewer sodium channels, where all channels are fewer)."""

_SHIFTING: Final = frozenset({"ionized_calcium_mmol_l", "ionized_magnesium_mmol_l", "ph"})


@dataclass(frozen=True, slots=True)
class ActingCause:
    """A scenario of the catalogue that acts by a mechanism.

    Attributes:
        cause, scenario: ids of the catalogue.
        share: how far its typical dose moves the mechanism, of its full range.
        place: the whole axon, which the test at the wrist sees, or its last branches only, which it does not.
        grade: how well the scenario is known.
    """

    cause: str
    scenario: str
    share: float
    place: Literal["axon", "terminal"]
    grade: ScenarioGrade


def causes_of(name: str) -> tuple[ActingCause, ...]:
    """The scenarios that act by a mechanism, the strongest first; the whole axon before its ends.

    Args:
        name: id in ``MECHANISMS``.

    Raises:
        PhysiologyError: there is no such mechanism.
    """
    return _acting()[mechanism(name).id]


def mechanisms_of(values: Mapping[str, float]) -> dict[str, float]:
    """The mechanisms that changed quantities amount to, each with the share of its full range.

    Args:
        values: quantities of axon and bath by name, as ``potassium_mmol_l`` or ``ih``.
    """
    changed = {name: value for name, value in values.items() if name not in _SHIFTING}
    fluid = Bath(**{name: value for name, value in values.items() if name in _SHIFTING})
    shift = changed.get("gate_shift_mv", 0.0) + surface_shift_mv(fluid)
    if shift:
        changed["gate_shift_mv"] = shift
    shares = {name: _share(name, changed) for name in MECHANISMS}
    best = max(shares, key=lambda name: shares[name])
    least = max(SMALLEST, BESIDE * shares[best])
    whole = _matched(best, changed)
    return {n: s for n, s in shares.items() if s >= least and (n == best or not _matched(n, changed) < whole)}


def _matched(name: str, changed: Mapping[str, float]) -> frozenset[str]:
    """The changed quantities that a mechanism speaks of."""
    known = mechanism(name)
    return frozenset(changed) & (known.full.keys() | known.also.keys())


def _share(name: str, changed: Mapping[str, float]) -> float:
    """As far as the quantity that lags behind; or as one that does the same alone."""
    known = mechanism(name)
    own = min(
        known.share(key, changed.get(key, normal_value(key))) for key in known.full.keys() - known.stepped
    )
    same = [known.share(key, changed[key]) for key in known.also if key in changed]
    return min(1.0, max(0.0, own, *same))


@cache
def _acting() -> dict[str, tuple[ActingCause, ...]]:
    found: dict[str, list[ActingCause]] = {name: [] for name in MECHANISMS}
    for cause, entry in load_mechanics().causes.items():
        for scenario in entry.scenarios:
            system = apply(cause, scenario.id)
            for place, values in _places(system):
                for name, share in mechanisms_of(values).items():
                    found[name].append(ActingCause(cause, scenario.id, share, place, scenario.grade))
    return {
        name: tuple(sorted(rows, key=lambda row: (row.place != "axon", -row.share, row.cause)))
        for name, rows in found.items()
    }


def _places(system: ChangedSystem) -> Iterator[tuple[Literal["axon", "terminal"], dict[str, float]]]:
    bath = {
        name.partition(".")[2]: value for name, value in system.values.items() if name.startswith("bath.")
    }
    if bath or system.axon:
        yield "axon", {**bath, **system.axon}
    if system.terminal:
        yield "terminal", dict(system.terminal)
