"""A measured test, and reading it from a file."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.excitability._curves import Curves, Floats
from whytwitch.physiology.excitability._indices import UNITS, indices
from whytwitch.physiology.excitability._read_mem import is_mem, mem_records
from whytwitch.physiology.excitability._read_table import Content, table_content

LARGEST_FILE_BYTES: Final = 4_000_000
"""A record takes some 15 kB."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One excitability test of one person.

    Args:
        curves: what was measured.
        indices: by their names in ``UNITS``: as the file states them, and where it does not, as derived from
            the curves.
        about: what the file says of the test: ``protocol``, ``date``, ``age``, ``sex``, ``site``,
            ``temperature``, ``disease``, ``program``. Names and comments are not kept. ``left out`` lists
            what in the file was not understood.
    """

    curves: Curves
    indices: Mapping[str, float]
    about: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "indices", MappingProxyType(dict(self.indices)))
        object.__setattr__(self, "about", MappingProxyType(dict(self.about)))


def read_excitability(path: str | Path, *, record: int | None = None) -> Measured:
    """Read a measured test.

    The file is a text export of QtracP (``.MEM``), or a table (CSV; comma, semicolon or tab; decimal comma
    where the comma does not separate) with rows ``index, value`` or ``trace, x, y`` or both, under a heading
    or without. Names of indices may be QtracP's own; those of traces are those of ``Curves``, with ``SR`` as
    stimulus and response. A column ``imputed`` marks with 1 the rows to leave out.

    Args:
        path: the file, of at most 4 MB.
        record: which test, from 1, where a ``.MEM`` file holds several.

    Raises:
        PhysiologyError: the file cannot be read, holds no such test or several, or a value is beyond the
            ranges of ``Curves``.
    """
    place = Path(path)
    try:
        if place.stat().st_size > LARGEST_FILE_BYTES:
            raise PhysiologyError(f"{place.name} is too large: a test takes less than 4 MB")
        text = _decoded(place.read_bytes())
    except (OSError, ValueError) as error:
        if isinstance(error, PhysiologyError):
            raise
        raise PhysiologyError(f"{place.name} cannot be read: {error}") from error
    try:
        return _measured(_content(text, record))
    except PhysiologyError as error:
        raise PhysiologyError(f"{place.name}: {error}") from error


def _decoded(raw: bytes) -> str:
    """Text in UTF-8, UTF-16 with a mark, or what Windows wrote in Western Europe."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _content(text: str, record: int | None) -> Content:
    records = mem_records(text) if is_mem(text) else [table_content(text)]
    if record is None and len(records) > 1:
        raise PhysiologyError(
            f"the file holds {len(records)} tests: choose one with record=1 to {len(records)}"
        )
    if record is not None and not 1 <= record <= len(records):
        raise PhysiologyError(f"record is {record}: the file holds 1 to {len(records)}")
    return records[(record or 1) - 1]


def _measured(content: Content) -> Measured:
    if not content.points and not content.indices:
        raise PhysiologyError(
            "no excitability data found: it takes QtracP's text export (.MEM) "
            "or a table with rows 'trace, x, y' or 'index, value'"
        )
    curves = Curves({name: _pair(rows) for name, rows in content.points.items()})
    values = indices(curves) | content.indices
    return Measured(curves, {name: values[name] for name in UNITS if name in values}, content.about)


def _pair(points: Sequence[tuple[float, float]]) -> tuple[Floats, Floats]:
    x, y = np.array(points, dtype=np.float64).T
    return x, y
