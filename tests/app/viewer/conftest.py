"""One short recording that has gone all the way, and small detections made by hand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient
from tests.app.pages import client
from tests.recording.synthetic import Synthetic, synthetic

from whytwitch.recording import ArraySignal, Channel, Recording, write_bids

WAIT_S = 60.0


def recording_of(made: Synthetic, name: str = "made") -> Recording:
    """A recording in memory, its electrodes on a grid."""
    channels = tuple(
        Channel(f"EMG {i + 1}", position_mm=(float(x), float(y)), group="grid")
        for i, (x, y) in enumerate(made.positions_mm)
    )
    return Recording(name, "made", made.fs, made.samples.shape[1], channels, ArraySignal(made.samples))


def wait_for(page: TestClient, address: str, *states: str) -> dict:
    """The state of a recording, once it is one of those."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        state = page.get(f"{address}/state").json()
        if state["state"] in states:
            return state
        time.sleep(0.05)
    raise AssertionError(f"{address} never became {states}: {state}")


@dataclass(frozen=True)
class Opened:
    """A page with one recording that is ready."""

    page: TestClient
    address: str
    file: Path
    samples: np.ndarray


@pytest.fixture(scope="session")
def bids_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short recording with known twitches, as EMG-BIDS."""
    made = synthetic(3, channels=6, seconds=24.0, heart_uv=0.0)
    return write_bids(recording_of(made), tmp_path_factory.mktemp("bids"), subject="07", task="rest")


@pytest.fixture(scope="session")
def opened(bids_file: Path) -> Iterator[Opened]:
    """Detected once for all tests that only look; those that decide something undo it."""
    from whytwitch.recording import read

    with client(recordings=(bids_file,)) as page:
        listed = page.get("/recordings").text
        address = "/recordings/" + listed.split('data-key="')[1].split('"')[0]
        assert wait_for(page, address, "ready", "failed", "stopped")["state"] == "ready"
        yield Opened(page, address, bids_file, read(bids_file).read())
