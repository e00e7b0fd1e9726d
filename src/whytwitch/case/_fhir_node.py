"""Look into FHIR JSON that anybody may have written: every surprise is one CaseError that names its place."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final, cast

from whytwitch.case._json_shape import LARGEST
from whytwitch.case._model import CaseError

LONGEST_TEXT: Final = 200_000
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(T.+)?)?)?")


@dataclass(frozen=True, slots=True)
class Coding:
    """A code of some system, with its words."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Concept:
    """What a CodeableConcept says, in words and codes."""

    text: str
    codings: tuple[Coding, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every wording, the writer's own first."""
        return tuple(dict.fromkeys(n for n in (self.text, *(c.display for c in self.codings)) if n))

    @property
    def codes(self) -> frozenset[str]:
        """The codes alone, for value sets of FHIR itself."""
        return frozenset(coding.code for coding in self.codings if coding.code)

    @property
    def label(self) -> str:
        """The best wording there is; at worst the bare code."""
        bare = (f"code {c.code}" + (f" of {c.system}" if c.system else "") for c in self.codings if c.code)
        return next(iter((*self.names, *bare)), "")


@dataclass(frozen=True, slots=True)
class Node:
    """One JSON object, and where it stands."""

    data: Mapping[str, Any]
    path: str

    def _wrong(self, name: str, wanted: str) -> CaseError:
        kind = type(self.data[name]).__name__
        return CaseError(f"{self.path}.{name}: must be {wanted}, not {_KINDS.get(kind, kind)}")

    def text(self, name: str) -> str:
        """A string, blanks trimmed; empty where there is none.

        Raises:
            CaseError: it is something else, or too long.
        """
        value = self.data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        if len(value) > LONGEST_TEXT:
            raise CaseError(f"{self.path}.{name}: too long; the limit is {LONGEST_TEXT // 1000} kB")
        return " ".join(value.split())

    def flag(self, name: str) -> bool | None:
        """A truth value.

        Raises:
            CaseError: it is something else.
        """
        value = self.data.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise self._wrong(name, "true or false")

    def number(self, name: str) -> float | None:
        """A finite number of a size that can mean something.

        Raises:
            CaseError: it is something else.
        """
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise self._wrong(name, "a number")
        if isinstance(value, int) and abs(value) > LARGEST:
            raise CaseError(f"{self.path}.{name}: the number is too large")
        found = float(value)
        if not math.isfinite(found) or abs(found) > LARGEST:
            raise CaseError(f"{self.path}.{name}: must be a finite number")
        return found

    def child(self, name: str) -> Node | None:
        """An object.

        Raises:
            CaseError: it is something else.
        """
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self._wrong(name, "an object")
        return Node(cast("Mapping[str, Any]", value), f"{self.path}.{name}")

    def children(self, name: str) -> list[Node]:
        """A list of objects.

        Raises:
            CaseError: it is something else, or something else is in it.
        """
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        rows = cast("list[Any]", value)
        for i, row in enumerate(rows):
            if not isinstance(row, Mapping):
                raise CaseError(f"{self.path}.{name}[{i}]: must be an object")
        return [Node(row, f"{self.path}.{name}[{i}]") for i, row in enumerate(rows)]

    def concept(self, name: str) -> Concept:
        """A CodeableConcept; empty where there is none."""
        node = self.child(name)
        return Concept("", ()) if node is None else node.as_concept()

    def as_concept(self) -> Concept:
        """This object, read as a CodeableConcept."""
        codings = tuple(node.as_coding() for node in self.children("coding"))
        return Concept(self.text("text"), codings)

    def as_coding(self) -> Coding:
        """This object, read as a Coding."""
        return Coding(self.text("system"), self.text("code"), self.text("display"))

    def extension(self, url: str) -> Node | None:
        """The extension of an address."""
        return next((node for node in self.children("extension") if node.text("url") == url), None)

    def moment(self, name: str) -> datetime | None:
        """A date or time, of any precision, as its first moment in UTC.

        Raises:
            CaseError: there is no such day.
        """
        written = self.text(name)
        if not written:
            return None
        found = _DATE.fullmatch(written)
        try:
            if found and found[4]:
                moment = datetime.fromisoformat(written)
                return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
            if found:
                day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
                return datetime.combine(day, time(), UTC)
        except (ValueError, OverflowError):
            pass
        raise CaseError(f"{self.path}.{name}: {written[:40]!r} is no date; write it as 2026-11-28")

    @property
    def kind(self) -> str:
        """The type of a resource."""
        return self.text("resourceType")


_KINDS: Final[Mapping[str, str]] = {
    "dict": "an object", "list": "a list", "str": "text", "bool": "true or false", "int": "a number",
    "float": "a number", "Decimal": "a number",
}  # fmt: skip


__all__ = ["Coding", "Concept", "Node"]
