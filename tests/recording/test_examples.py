"""Examples of units' potentials: cut where the unit fired, and like its template."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.recording.synthetic import synthetic

import whytwitch
from whytwitch.recording import ArraySignal, Channel, Recording, Twitches, detect, examples, read
from whytwitch.report import recording_html


@pytest.fixture(scope="module")
def made() -> tuple[Recording, Twitches]:
    s = synthetic(5, channels=4, seconds=40.0)
    samples = np.concatenate((np.full((1, s.samples.shape[1]), np.nan, np.float32), s.samples))
    # A channel of another kind comes first: rows of units count EMG channels alone.
    channels = (Channel("mark", kind="trigger"), *(Channel(f"EMG {i}") for i in range(4)))
    whole = Recording(
        "made", "x", s.fs, samples.shape[1], channels, ArraySignal(samples), electrode="surface"
    )  # fmt: skip
    return whole, detect(whole)


def test_they_look_like_their_template(made: tuple[Recording, Twitches]) -> None:
    recording, twitches = made
    found = examples(recording, twitches, most=12)
    assert set(found) == {unit.id for unit in twitches.units}
    for unit in twitches.units:
        cut = found[unit.id]
        assert cut.shape[1] == len(unit.times_ms)
        assert 2 <= len(cut) <= 12
        assert cut.dtype == np.float32
        template = unit.template[unit.best_channel]
        alike = [np.corrcoef(one, template)[0, 1] for one in cut]
        assert np.median(alike) > 0.9
        assert 0.7 < np.median(np.ptp(cut, axis=1)) / np.ptp(template) < 1.4


def test_a_page_draws_them(made: tuple[Recording, Twitches]) -> None:
    recording, twitches = made
    signature = whytwitch.measure(twitches)
    cut = examples(recording, twitches)
    drawn = recording_html(twitches, signature, examples=cut)
    assert len(drawn) > len(recording_html(twitches, signature))


def test_twitches_are_preferred_to_the_voluntary_discharges_of_a_unit() -> None:
    recording = read(Path(whytwitch.__file__).parent / "recording/data/example.edf")
    twitches = detect(recording)
    events = twitches.events
    found = examples(recording, twitches, most=1000)
    mixed = [
        unit.id
        for unit in twitches.units
        if {"fasciculation", "voluntary"} <= set(events.kind[events.unit == unit.id].tolist())
    ]
    assert mixed, "the example has units that also fire in its contraction"
    for unit in mixed:
        count = int(((events.unit == unit) & (events.kind == "fasciculation")).sum())
        assert len(found[unit]) == count


def test_what_reaches_beyond_the_recording_is_left_out(made: tuple[Recording, Twitches]) -> None:
    recording, twitches = made
    events = twitches.events
    at_ends = replace(events, onset_s=np.where(np.arange(len(events)) % 2, 0.0, recording.duration_s))
    assert all(len(cut) == 0 for cut in examples(recording, replace(twitches, events=at_ends)).values())


def test_no_units_no_examples(made: tuple[Recording, Twitches]) -> None:
    recording, twitches = made
    assert examples(recording, replace(twitches, units=())) == {}
