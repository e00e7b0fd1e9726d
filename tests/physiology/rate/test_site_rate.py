"""The rate of one place: splitting against waiting, bursts, and places that do not rest."""

from __future__ import annotations

import numpy as np
import pytest

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.rate import SiteRate, site_patch, site_rate
from whytwitch.physiology.scenario import ChangedSystem, combine

NOISY = site_patch(ChangedSystem(), "terminal", shift_mv=-4.0, channel_factor=0.25)
"""Fires some times a second, so that waiting is quick."""


@pytest.fixture(scope="module")
def split() -> SiteRate:
    """By splitting."""
    return site_rate(NOISY, relative_error=0.3, seed=3, max_node_steps=8_000_000, threads=1)


@pytest.mark.slow
def test_splitting_finds_the_rate_that_waiting_finds(split: SiteRate) -> None:
    waited = site_rate(NOISY, method="brute-force", relative_error=0.15, seed=4, max_node_steps=2_000_000)
    assert split.method in {"splitting", "counting"}
    assert waited.method == "brute-force"
    apart = np.log(split.rate_hz / waited.rate_hz) / np.hypot(split.relative_error, waited.relative_error)
    assert abs(apart) < 3.5
    assert split.low_hz < split.rate_hz < split.high_hz
    assert waited.low_hz < waited.rate_hz < waited.high_hz


@pytest.mark.slow
def test_bursts_are_followed(split: SiteRate) -> None:
    assert split.burst_size >= 1.0
    assert split.rate_hz == pytest.approx(split.episodes_hz * split.burst_size, rel=0.3)
    assert 0.0 <= split.doublets <= 1.0
    assert split.detail is not None
    assert (split.intervals_ms > 0).all()


def test_a_place_that_fires_without_chance_needs_none() -> None:
    """High potassium over fewer slow potassium channels: the skeleton fires."""
    wild = site_patch(
        combine(**{"bath.potassium_mmol_l": 7.0, "axon.slow_potassium": 0.4, "axon.transient_sodium": 1.6}),
        "terminal",
    )
    found = site_rate(wild)
    assert found.state == "fires"
    assert found.method == "without chance"
    assert found.rate_hz > 5.0
    assert found.node_steps == 0


def test_a_place_that_cannot_fire_is_blocked() -> None:
    found = site_rate(site_patch(combine(**{"axon.transient_sodium": 0.05}), "terminal"))
    assert (found.state, found.rate_hz) == ("blocked", 0.0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"method": "luck"}, "no method 'luck'; choose from: splitting, brute-force"),
        ({"relative_error": 2.0}, "relative_error"),
    ],
)
def test_errors_name_what_is_wrong(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(PhysiologyError, match=said):
        site_rate(NOISY, **wrong)  # type: ignore[arg-type]
