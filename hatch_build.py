"""Build hook: ships the catalogue as fast files beside the reviewed TOML tables."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogue(BuildHookInterface):
    """Runs ``whytwitch.knowledge._tables.compile_tables`` before the files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the compiled catalogue and include it, although git ignores it."""
        tables = Path(self.root) / "src/whytwitch/knowledge/_tables.py"
        compiled: tuple[Path, ...] = runpy.run_path(str(tables))["compile_tables"]()
        build_data["artifacts"] += [str(path.relative_to(self.root)) for path in compiled]
