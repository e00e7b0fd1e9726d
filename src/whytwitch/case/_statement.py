"""One thing read from the text, before statements on the same item are put together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from whytwitch.case._model import Place, Status


@dataclass(frozen=True, slots=True)
class Statement:
    """An item of the vocabulary said to be there or not, at some tokens."""

    id: str
    status: Status
    begin: int
    end: int
    detail: str = ""
    places: tuple[Place, ...] = ()
    implied_by: str | None = None
    limited: bool = False
    """It holds for some places or for an earlier time only, so it contradicts nothing."""
    firm: Literal["words", "number"] = "words"
    """A number (4/5, 500 mg, 39 °C) outweighs words on the same item."""

    def at(self, places: tuple[Place, ...]) -> Statement:
        """The same statement, with the places it is said of."""
        return replace(self, places=places)
