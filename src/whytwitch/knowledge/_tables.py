"""The catalogue's tables as they lie on disk. Standard library only: the build hook uses it too."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
COMPILED = Path(__file__).parent / "_compiled.json"
"""All tables as one JSON file, written when the package is built. Reading it takes a twentieth of
the time of parsing some hundred and fifty TOML files. It is used only while it matches them."""
COMPILED_MECHANICS = Path(__file__).parent / "_compiled_mechanics.json"
"""What only a simulation needs, apart, so that an explanation does not pay for it."""
_MECHANICS = ("scenarios", "no_model")
"""The parts of a cause's file that belong there."""


class CatalogueError(ValueError):
    """An entry of the catalogue is malformed; the message names file, field and remedy."""


def cached_tables() -> dict[str, Any]:
    """Return the tables: from the compiled file if it is up to date, else from the TOML files.

    Raises:
        CatalogueError: a table is missing or not valid TOML.
    """
    return _cached(COMPILED, read_tables)


def cached_mechanics() -> dict[str, Any]:
    """Return how causes are simulated, likewise."""
    return _cached(COMPILED_MECHANICS, read_mechanics)


def _cached(compiled: Path, read: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    mark = fingerprint(DATA)
    try:
        tables = json.loads(compiled.read_text("utf-8"))
        if tables.get("fingerprint") == mark:
            return tables
    except (OSError, ValueError, AttributeError):
        pass
    return {**read(DATA), "fingerprint": mark}


def compile_tables() -> tuple[Path, ...]:
    """Write the compiled files and return their paths."""
    mark = fingerprint(DATA)
    files = {COMPILED: read_tables(DATA), COMPILED_MECHANICS: read_mechanics(DATA)}
    for path, tables in files.items():
        whole = {**tables, "fingerprint": mark, "compiled": True}
        path.write_text(json.dumps(whole, ensure_ascii=False, separators=(",", ":")), "utf-8")
    return tuple(files)


def fingerprint(folder: Path) -> str:
    """A hash of every TOML file below a folder, names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read_tables(folder: Path) -> dict[str, Any]:
    """Parse every TOML table below ``folder`` into one plain dict (not yet checked)."""
    scales = _toml(folder / "scales.toml")
    return {
        "version": scales["version"],
        "words": scales["words"],
        "sources": _merge(folder / "sources"),
        "findings": _merge(folder / "findings"),
        "families": _toml(folder / "families.toml"),
        "causes": {key: _without(cause, _MECHANICS) for key, cause in _causes(folder)},
        "analytes": _toml(folder / "analytes.toml"),
        "drugs": _toml(folder / "drugs.toml"),
        "sites": _toml(folder / "sites.toml"),
        "site_findings": _toml(folder / "site_findings.toml").get("rule", []),
        "muscles": _toml(folder / "muscles.toml"),
        "red_flags": _toml(folder / "red_flags.toml"),
        "lab_limits": _toml(folder / "lab_limits.toml"),
        "recording": _toml(folder / "recording.toml"),
    }


def read_mechanics(folder: Path) -> dict[str, Any]:
    """Parse how every cause is simulated, and the published changes of excitability (not yet checked)."""
    return {
        "causes": {
            key: {k: v for k, v in cause.items() if k in _MECHANICS} for key, cause in _causes(folder)
        },
        "excitability_changes": _toml(folder / "excitability_changes.toml")["change"],
    }


def _causes(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((folder / "causes").glob("*.toml")):
        yield path.stem, _toml(path)


def _without(table: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in names}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise CatalogueError(f"catalogue: {path.name} is missing") from error
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"catalogue: {path.name}: {error}") from error


def _merge(folder: Path) -> dict[str, Any]:
    """Join the tables of a folder; the same key twice is an error."""
    merged: dict[str, Any] = {}
    for path in sorted(folder.glob("*.toml")):
        table = _toml(path)
        for key in table.keys() & merged.keys():
            raise CatalogueError(f"catalogue: {path.name}: {key!r} is defined twice")
        merged.update(table)
    return merged
