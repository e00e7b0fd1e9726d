"""From a changed motor unit to what each part of it does: the main flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Final, Literal, TypeVar

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.effects._axon import AxonEffect, axon_effect
from whytwitch.physiology.effects._fiber import FiberEffect, fiber_effect
from whytwitch.physiology.effects._junction import JunctionEffect, junction_effect
from whytwitch.physiology.fiber import Fiber
from whytwitch.physiology.ions import Bath
from whytwitch.physiology.junction import Junction
from whytwitch.physiology.scenario import ChangedSystem

Place = Literal["drive", "units", "axon", "terminal", "junction", "fiber"]
PLACES: Final[tuple[Place, ...]] = ("drive", "units", "axon", "terminal", "junction", "fiber")

Progress = Callable[[str, float], None]
"""Told the stage and the share of the whole that is done."""

LARGEST_SEED: Final = 2**30
_JUNCTION_IONS: Final = {"ionized_calcium_mmol_l", "ionized_magnesium_mmol_l"}
"""What of the fluid acts on the junction's model."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """What a cause does along the motor unit. A part that is None is unchanged, unless it is in ``beyond``.

    Attributes:
        system: what was changed.
        axon: the trunk of the motor axon. terminal: its last branches; None where they change only as the
            trunk does.
        junction, fiber: behind it.
        units, drive: changed quantities by name, as they stand in the catalogue; empty where unchanged.
        beyond: parts whose model does not take the change, with the reason.
    """

    system: ChangedSystem
    axon: AxonEffect | None
    terminal: AxonEffect | None
    junction: JunctionEffect | None
    fiber: FiberEffect | None
    units: Mapping[str, float]
    drive: Mapping[str, float]
    beyond: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def acts_on(self) -> tuple[Place, ...]:
        """Where it changes something directly; what only lies in a changed fluid is not counted."""
        parts = {name.partition(".")[0] for name in self.system.values}
        return tuple(place for place in PLACES if place in parts)

    @property
    def distal(self) -> AxonEffect | None:
        """What holds in the last branches: their own effect, or the trunk's."""
        return self.terminal or self.axon


def effects(system: ChangedSystem, *, seed: int = 0, progress: Progress | None = None) -> Effects:
    """Work out what a changed motor unit does, part by part; only what was touched is computed.

    About a second of computing, and some more the first time on a machine.

    Args:
        system: from ``scenario.apply`` or ``scenario.combine``.
        seed: of the random release at the junction.
        progress: called with the part and the share of the whole that is done.

    Raises:
        PhysiologyError: a seed that the model does not take.
    """
    check_range("seed", seed, 0, LARGEST_SEED)
    tell = progress or _nobody
    fluid = _unusual(system.bath)
    beyond: dict[str, str] = {}

    def part(place: Place, share: float, wanted: object, make: Callable[[], T]) -> T | None:
        if not wanted:
            return None
        tell(place, share)
        try:
            return make()
        except PhysiologyError as error:
            beyond[place] = str(error)
            return None

    found = Effects(
        system=system,
        axon=part("axon", 0.0, fluid or system.axon, lambda: axon_effect(system.axon, system.bath)),
        terminal=part(
            "terminal", 0.3, system.terminal, lambda: axon_effect(system.axon_at_terminal, system.bath)
        ),
        junction=part(
            "junction", 0.5, system.junction or fluid & _JUNCTION_IONS,
            lambda: junction_effect(Junction(**system.junction), system.bath, seed),
        ),
        fiber=part(
            "fiber", 0.7, fluid or system.fiber,
            lambda: fiber_effect(Fiber(**system.fiber), system.bath),
        ),
        units=system.units,
        drive=system.drive,
        beyond=MappingProxyType(beyond),
    )  # fmt: skip
    tell("fiber", 1.0)
    return found


def _unusual(bath: Bath) -> set[str]:
    """What of the fluid differs from normal."""
    return {item.name for item in fields(Bath) if getattr(bath, item.name) != getattr(Bath(), item.name)}


def _nobody(_stage: str, _share: float) -> None:
    """Nobody listens."""
