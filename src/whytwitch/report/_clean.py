"""Text from outside, made safe to show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from whytwitch.knowledge import Source

_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""Control and direction characters: they could restyle a terminal or turn a sentence around."""

_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")


def clean(text: str, limit: int = 200) -> str:
    """One line of visible text, cut at ``limit`` characters."""
    flat = " ".join(_CONTROL.sub(" ", text).split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def sentences(text: str) -> list[str]:
    """Split a plain paragraph into its sentences."""
    return [part for part in _SENTENCE.split(text.strip()) if part]


def capital(text: str) -> str:
    """First letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """First letter in lower case, unless the first word is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def link(source: Source) -> str | None:
    """The web address of a source; only http(s) is let through."""
    if source.doi:
        return f"https://doi.org/{source.doi.removeprefix('https://doi.org/')}"
    if source.address and source.address.startswith(("https://", "http://")):
        return source.address
    return None
