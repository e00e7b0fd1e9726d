"""The catalogue and helpers that answer questions."""

from __future__ import annotations

import pytest

from whytwitch.knowledge import Catalogue, load


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()
