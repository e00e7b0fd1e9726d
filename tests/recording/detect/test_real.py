"""Real recordings of healthy muscles: what people do on purpose is no fasciculation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.recording.detect.helpers import times

from whytwitch.recording import Twitches, detect, read

DATA = Path(__file__).parents[1] / "data"


def found_in(name: str) -> Twitches:
    return detect(read(DATA / name))


def covered(twitches: Twitches) -> float:
    return float(np.diff(twitches.voluntary_s, axis=1).sum())


def test_bursts_of_a_forearm() -> None:
    """A surface pair over a muscle that contracts again and again (PLUX)."""
    twitches = found_in("plux_bursts.h5")
    assert len(times(twitches.events)) <= 1
    assert covered(twitches) >= 8.0
    assert len(twitches.voluntary_s) >= 5


def test_one_brief_burst() -> None:
    """Five seconds of a forearm with one burst from 1.3 to 1.9 s (BioSPPy)."""
    twitches = found_in("biosppy_emg.txt")
    assert len(times(twitches.events)) <= 1
    assert 0.3 <= covered(twitches) <= 1.5


def test_two_bursts_in_three_seconds() -> None:
    twitches = found_in("bmc_emg.csv")
    assert len(times(twitches.events)) <= 1
    assert covered(twitches) >= 0.8


SLIGHT = "units of a slight effort that fire too seldom for a rhythm are taken for fasciculations"


@pytest.mark.xfail(strict=True, reason=SLIGHT)
def test_slight_effort_with_a_needle() -> None:
    """A healthy muscle that dorsiflexes gently (PhysioNet emgdb): all of it is voluntary."""
    assert len(times(found_in("emg_healthy.hea").events)) <= 1


def test_slight_effort_with_a_needle_is_mostly_voluntary() -> None:
    events = found_in("emg_healthy.hea").events
    assert (events.kind == "voluntary").mean() >= 0.7
