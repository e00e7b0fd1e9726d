"""The files beside a BIDS recording: which of them apply to it, and their tables."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any, Final

from whytwitch.recording._model import Problem

LARGEST: Final = 1 << 24
MOST_ROWS: Final = 200_000
HIGHEST: Final = 8
"""Folders above the recording that are looked into."""

Row = dict[str, str]


class Sidecars:
    """Files that apply to a recording by the inheritance principle.

    A file applies where it lies in the recording's folder or above it (up to the folder of the dataset)
    and all of its entities (``task-rest``) are the recording's. ``space`` is another matter: it names a
    system of coordinates.
    """

    def __init__(self, path: Path) -> None:
        self._entities = entities_of(path.name)
        self._folders = _folders(path)
        self.problems: list[Problem] = []

    def json(self, suffix: str) -> dict[str, Any]:
        """All files of that suffix as one; the nearer says more than the farther."""
        merged: dict[str, Any] = {}
        for file in reversed(self._files(f"_{suffix}.json")):
            merged.update(self._loaded(file))
        return merged

    def each_json(self, suffix: str) -> list[tuple[dict[str, str], dict[str, Any]]]:
        """Files of that suffix one by one, with their entities."""
        return [(entities_of(file.name), self._loaded(file)) for file in self._files(f"_{suffix}.json")]

    def table(self, suffix: str) -> list[Row]:
        """The nearest table of that suffix; no rows where there is none."""
        files = self._files(f"_{suffix}.tsv")
        if not files:
            return []
        try:
            if files[0].stat().st_size > LARGEST:
                raise ValueError("too large")  # noqa: TRY301  told below
            text = files[0].read_text("utf-8-sig", errors="replace")
            rows = list(csv.DictReader(io.StringIO(text), delimiter="\t", restval="", restkey=""))[:MOST_ROWS]
        except (OSError, ValueError, csv.Error) as error:
            self.problems.append(Problem(f"{files[0].name} cannot be read ({error}); it was left out."))
            return []
        return [{key.strip(): _plain(value) for key, value in row.items() if key and isinstance(value, str)}
                for row in rows]  # fmt: skip

    def _files(self, ending: str) -> list[Path]:
        """Files that apply, nearest first, and the more particular ones before."""
        found: list[Path] = []
        for folder in self._folders:
            here = [f for f in sorted(folder.iterdir()) if f.name.endswith(ending) or f.name == ending[1:]]
            fitting = [f for f in here if f.is_file() and self._applies(entities_of(f.name))]
            found += sorted(fitting, key=lambda f: -len(entities_of(f.name)))
        return found

    def _applies(self, entities: dict[str, str]) -> bool:
        return all(self._entities.get(key) == value for key, value in entities.items() if key != "space")

    def _loaded(self, file: Path) -> dict[str, Any]:
        try:
            if file.stat().st_size > LARGEST:
                raise ValueError("too large")  # noqa: TRY301  told below
            loaded = json.loads(file.read_text("utf-8-sig", errors="replace"))
        except (OSError, ValueError, RecursionError) as error:
            self.problems.append(Problem(f"{file.name} cannot be read ({error}); it was left out."))
            return {}
        return loaded if isinstance(loaded, dict) else {}


def entities_of(name: str) -> dict[str, str]:
    """``sub-01_task-rest_emg.edf`` as ``{"sub": "01", "task": "rest"}``."""
    parts = name.split(".")[0].split("_")
    return dict(part.split("-", 1) for part in parts if "-" in part)


def _plain(value: str) -> str:
    value = value.strip()
    return "" if value.lower() in ("n/a", "nan") else value


def _folders(path: Path) -> list[Path]:
    """The recording's folder and those above it, up to that of the dataset."""
    folders: list[Path] = []
    for folder in [path.absolute().parent, *path.absolute().parent.parents][:HIGHEST]:
        folders.append(folder)
        if (folder / "dataset_description.json").is_file():
            return folders
    return folders[:1]


__all__ = ["Row", "Sidecars", "entities_of"]
