"""The trunk of a person's nerve, for tests that a clinic would do on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch.case import Case
from whytwitch.knowledge import Catalogue
from whytwitch.physiology.axon import Axon
from whytwitch.reasoning._changes import Changes, changed
from whytwitch.reasoning._factors import factors_of, system_of

if TYPE_CHECKING:
    from whytwitch.physiology.scenario import ChangedSystem


def fluid_and_axon(case: Case, changes: Changes, catalogue: Catalogue) -> Axon:
    """The nerve fiber of a person after some changes, under what of them may move a number.

    Raises:
        CaseError: an unknown quantity or drug, a value that cannot be.
        PhysiologyError: a value that no model of a nerve takes.
    """
    system: ChangedSystem = system_of(factors_of(changed(case, changes, catalogue), catalogue))
    return Axon(bath=system.bath).changed(system.axon)


__all__ = ["fluid_and_axon"]
