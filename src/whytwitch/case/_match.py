"""One place in a text that matches a pattern."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """One place in the text that says something the catalogue knows."""

    role: str
    id: str
    hits: tuple[int, ...]
    """The tokens it names, in order; tokens that fell into gaps are not among them."""
    name: str = ""
    """Drugs: the name in the catalogue, where the text misspells it."""

    @property
    def begin(self) -> int:
        """First token."""
        return self.hits[0]

    @property
    def end(self) -> int:
        """One past the last token."""
        return self.hits[-1] + 1
