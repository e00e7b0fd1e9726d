"""The catalogue's tables as they lie on disk. Standard library only: the build hook uses it too."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
COMPILED = Path(__file__).parent / "_compiled.json"
"""All tables as one JSON file, written when the package is built. Reading it takes a twentieth of
the time of parsing some hundred and fifty TOML files. It is used only while it matches them."""


class CatalogueError(ValueError):
    """An entry of the catalogue is malformed; the message names file, field and remedy."""


def cached_tables() -> dict[str, Any]:
    """Return the tables: from the compiled file if it is up to date, else from the TOML files.

    Raises:
        CatalogueError: a table is missing or not valid TOML.
    """
    mark = fingerprint(DATA)
    try:
        compiled = json.loads(COMPILED.read_text("utf-8"))
        if compiled.get("fingerprint") == mark:
            return compiled
    except (OSError, ValueError, AttributeError):
        pass
    return {**read_tables(DATA), "fingerprint": mark}


def compile_tables() -> Path:
    """Write the compiled file and return its path."""
    tables = {**read_tables(DATA), "fingerprint": fingerprint(DATA), "compiled": True}
    COMPILED.write_text(json.dumps(tables, ensure_ascii=False, separators=(",", ":")), "utf-8")
    return COMPILED


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
        "causes": {path.stem: _toml(path) for path in sorted((folder / "causes").glob("*.toml"))},
        "analytes": _toml(folder / "analytes.toml"),
        "drugs": _toml(folder / "drugs.toml"),
        "sites": _toml(folder / "sites.toml"),
        "site_findings": _toml(folder / "site_findings.toml").get("rule", []),
        "muscles": _toml(folder / "muscles.toml"),
        "red_flags": _toml(folder / "red_flags.toml"),
        "lab_limits": _toml(folder / "lab_limits.toml"),
        "recording": _toml(folder / "recording.toml"),
    }


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
