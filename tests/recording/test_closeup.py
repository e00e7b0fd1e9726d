"""A close look gives what detection gave."""

from __future__ import annotations

import numpy as np
import pytest
from tests.recording.synthetic import synthetic

from whytwitch.recording import ArraySignal, Channel, CloseUp, Recording, Twitches, detect, founded


@pytest.fixture(scope="module")
def found() -> tuple[Recording, Twitches, CloseUp]:
    made = synthetic(5, channels=4, seconds=20.0)
    channels = tuple(Channel(f"EMG {i}") for i in range(4))
    recording = Recording("made", "made", made.fs, made.samples.shape[1], channels, ArraySignal(made.samples))
    twitches = detect(recording)
    return recording, twitches, CloseUp(recording, twitches)


def test_every_sorted_potential_measures_as_it_was_detected(
    found: tuple[Recording, Twitches, CloseUp],
) -> None:
    _, twitches, close_up = found
    events, units = twitches.events, {unit.id: unit for unit in twitches.units}
    seen = 0
    for i in np.flatnonzero(events.unit > 0):
        unit = units[int(events.unit[i])]
        look = close_up.of(float(events.onset_s[i]), unit)
        assert look is not None
        assert look.channel == events.channel[i] == unit.best_channel
        assert look.amplitude == pytest.approx(events.amplitude[i], rel=1e-4)
        assert look.duration_ms == pytest.approx(events.duration_ms[i])
        assert (look.phases, look.turns) == (events.phases[i], events.turns[i])
        assert look.wave.shape == unit.template.shape
        np.testing.assert_allclose(look.times_ms, unit.times_ms)
        seen += 1
    assert seen >= 10


def test_pointing_near_a_potential_finds_it(found: tuple[Recording, Twitches, CloseUp]) -> None:
    _, twitches, close_up = found
    largest = int(twitches.events.amplitude.argmax())
    onset_s = float(twitches.events.onset_s[largest])
    for off_s in (-0.006, 0.0, 0.006):
        look = close_up.near(onset_s + off_s)
        assert look is not None
        assert look.onset_s == pytest.approx(onset_s, abs=0.0015)


def test_a_potential_is_like_its_own_unit_and_a_founded_one_like_itself(
    found: tuple[Recording, Twitches, CloseUp],
) -> None:
    _, twitches, close_up = found
    one, other = twitches.units[:2]
    onset_s = float(twitches.events.onset_s[twitches.events.unit == one.id][0])
    look = close_up.of(onset_s, one)
    assert look is not None
    assert look.likeness(one) > max(0.7, look.likeness(other))
    assert look.likeness(founded(look, 9)) == pytest.approx(1.0)
