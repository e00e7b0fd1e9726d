"""The small parts of sorting: matching, tidying, hearts, shapes, repetition."""

from __future__ import annotations

import numpy as np
import pytest

from whytwitch.recording._heart import find_heart
from whytwitch.recording._match import Matcher, Matches, Templates, is_covered
from whytwitch.recording._shape import measure_shape
from whytwitch.recording._tidy import echoes, split_in_two
from whytwitch.recording._trains import repetition

LENGTH, BEFORE = 60, 25


def templates_of(n: int, seed: int, components: int = 3, size: float = 30.0) -> Templates:
    rng = np.random.default_rng(seed)
    t = np.arange(LENGTH) - BEFORE
    shape = np.array(
        [
            [
                rng.normal() * np.exp(-(((t - rng.integers(-6, 12)) / rng.uniform(3, 6)) ** 2))
                for _ in range(components)
            ]
            for _ in range(n)
        ],
        np.float32,
    )
    shape *= size / np.sqrt((shape**2).sum(axis=(1, 2), keepdims=True))
    return Templates(shape, np.zeros(n, np.float32), np.full(n, 20, np.intp), BEFORE)


def placed(templates: Templates, what: list[tuple[int, int, float]], n: int, seed: int) -> np.ndarray:
    x = np.random.default_rng(seed).standard_normal((templates.shape.shape[1], n)).astype(np.float32)
    for time, unit, size in what:
        x[:, time - BEFORE : time - BEFORE + LENGTH] += np.float32(size) * templates.shape[unit]
    return x


def some_matches(time: np.ndarray, unit: np.ndarray) -> Matches:
    ones = np.ones(len(time), np.float32)
    return Matches(
        time.astype(np.intp), unit.astype(np.intp), *[ones] * (len(Matches.__dataclass_fields__) - 2)
    )


def test_discharges_and_sizes_agree_with_least_squares() -> None:
    """Places are found one by one; given the places, sizes must be those of a joint fit."""
    templates = templates_of(3, seed=1, components=8)
    truth = [
        (100, 0, 1.0),
        (180, 1, 1.2),
        (240, 2, 0.8),
        (400, 0, 0.9),
        (420, 1, 1.0),
        (600, 2, 1.1),
        (660, 0, 1.0),
    ]
    x = placed(templates, truth, 800, seed=2)
    found, left = Matcher(templates, 5.5, 0.6, 1.6).match(x)
    assert [(int(t), int(u)) for t, u in zip(found.time, found.unit, strict=True)] == [
        (t, u) for t, u, _ in truth
    ]
    design = np.zeros((len(truth), *x.shape), np.float32)
    for row, (time, unit, _) in enumerate(truth):
        design[row, :, time - BEFORE : time - BEFORE + LENGTH] = templates.shape[unit]
    flat = design.reshape(len(truth), -1)
    best, *_ = np.linalg.lstsq(flat.T, x.ravel(), rcond=None)
    assert found.size == pytest.approx(best, abs=0.12)
    # Nothing but noise is left, and no more than the joint fit leaves, near enough.
    assert (left**2).sum() <= 1.05 * ((x.ravel() - flat.T @ best) ** 2).sum()


def test_correlation_is_that_of_brute_force() -> None:
    templates = templates_of(2, seed=3)
    x = placed(templates, [(150, 0, 1.0)], 300, seed=4)
    found, left = Matcher(templates, 5.5, 0.6, 1.6).match(x)
    brute = [
        float((x[:, t - BEFORE : t - BEFORE + LENGTH] * templates.shape[0]).sum())
        for t in range(BEFORE, 300 - LENGTH)
    ]
    assert int(found.time[0]) == BEFORE + int(np.argmax(brute))
    assert float(found.size[0]) == pytest.approx(max(brute) / float(templates.power[0]), rel=1e-3)
    rest = x.copy()
    t = int(found.time[0])
    rest[:, t - BEFORE : t - BEFORE + LENGTH] -= found.size[0] * templates.shape[0]
    assert left == pytest.approx(rest, abs=1e-3)


def test_noise_matches_nothing_and_barred_places_neither() -> None:
    templates = templates_of(4, seed=5)
    assert not len(Matcher(templates, 5.5, 0.6, 1.6).match(placed(templates, [], 5000, seed=6))[0].time)
    x = placed(templates, [(100, 0, 1.0), (300, 0, 1.0)], 500, seed=7)
    barred = np.zeros((4, 500), bool)
    barred[:, :200] = True
    found, _ = Matcher(templates, 5.5, 0.6, 1.6).match(x, barred=barred)
    assert found.time.tolist() == [300]


def test_the_same_template_again_is_covered() -> None:
    base = templates_of(3, seed=8)
    moved = np.roll(base.shape[:1], 4, axis=2)
    every = Templates(
        np.concatenate((base.shape, moved)),
        np.zeros(4, np.float32),
        np.array([20, 20, 20, 5], np.intp),
        BEFORE,
    )
    assert is_covered(every, 3, np.array([0, 1, 2]), 1000.0)
    assert not is_covered(every, 2, np.array([0, 1]), 1000.0)
    assert not is_covered(every, 2, np.array([], np.intp), 1000.0)


def test_two_units_in_one_class_are_parted() -> None:
    rng = np.random.default_rng(9)
    two = templates_of(2, seed=10)
    one = two.shape[0] + rng.standard_normal((30, *two.shape.shape[1:]))
    other = two.shape[1] + rng.standard_normal((12, *two.shape.shape[1:]))
    second = split_in_two(np.concatenate((one, other)).astype(np.float32))
    assert second is not None
    assert {bool(second[:30].all()), bool(second[30:].all())} == {True, False}
    assert second[:30].all() or not second[:30].any()
    assert split_in_two(one.astype(np.float32)) is None
    assert split_in_two(one[:4].astype(np.float32)) is None


def test_one_unit_that_varies_in_size_is_not_parted() -> None:
    rng = np.random.default_rng(11)
    shape = templates_of(1, seed=12).shape[0]
    repeats = rng.normal(1.0, 0.15, (60, 1, 1)) * shape + rng.standard_normal((60, *shape.shape))
    assert split_in_two(repeats.astype(np.float32)) is None


def test_an_echo_is_told_from_a_unit() -> None:
    rng = np.random.default_rng(13)
    shape = np.concatenate([templates_of(1, 14).shape, 0.3 * templates_of(2, 15).shape])
    templates = Templates(shape, np.zeros(3, np.float32), np.full(3, 20, np.intp), BEFORE)
    large = np.cumsum(rng.uniform(800, 4000, 40))
    echo, own = large[::2] + 30, np.cumsum(rng.uniform(2000, 6000, 20))
    time = np.concatenate((large, echo, own))
    unit = np.repeat([0, 1, 2], [40, 20, 20])
    order = np.argsort(time)
    assert echoes(templates, some_matches(time[order], unit[order]), 1000.0).tolist() == [False, True, False]


def test_the_heart_is_found_by_its_beat() -> None:
    rng = np.random.default_rng(16)
    beats = np.cumsum(rng.normal(0.85, 0.03, 60))
    late = beats[::3] + 0.25 + rng.normal(0, 0.004, 20)
    free = np.sort(rng.uniform(0, beats[-1], 25))
    time = np.concatenate((beats, late, free))
    unit = np.repeat([0, 1, 2], [60, 20, 25])
    order = np.argsort(time)
    heart, rate = find_heart(time[order], unit[order], 3)
    assert heart.tolist() == [True, True, False]
    assert rate == pytest.approx(60 / 0.85, abs=1.5)


@pytest.mark.parametrize("seed", range(5))
def test_chance_is_no_heart(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time = np.sort(rng.uniform(0, 120, 150))
    heart, rate = find_heart(time, rng.integers(0, 3, 150), 3)
    assert not heart.any()
    assert rate is None


def test_a_biphasic_wave_by_hand() -> None:
    """5 ms up, 5 ms down, 100 µV each way, 1 kHz."""
    wave = np.zeros(100, np.float32)
    wave[40:45], wave[45:50] = 100.0, -100.0
    shape = measure_shape(wave, 1000.0, 1.0)
    assert (shape.amplitude, shape.duration_ms, shape.phases) == (200.0, 10.0, 2)
    assert shape.area == pytest.approx(1000.0)
    assert 40 <= shape.peak < 50


@pytest.mark.parametrize(("half_waves", "phases"), [(1, 1), (2, 2), (3, 3), (5, 5), (7, 7)])
def test_phases_are_counted(half_waves: int, phases: int) -> None:
    t = np.arange(8 * half_waves)
    wave = np.zeros(200, np.float32)
    wave[60 : 60 + len(t)] = 80.0 * np.sin(np.pi * t / 8)
    shape = measure_shape(wave, 2000.0, 0.5)
    assert shape.phases == phases
    assert shape.duration_ms == pytest.approx(len(t) / 2.0, abs=2.0)


@pytest.mark.parametrize("half_waves", [1, 2, 5])
def test_turns_are_counted(half_waves: int) -> None:
    wave = np.zeros(200, np.float32)
    wave[60 : 60 + 8 * half_waves] = 80.0 * np.sin(np.pi * np.arange(8 * half_waves) / 8)
    assert measure_shape(wave, 2000.0, 0.5).turns == half_waves


def notched() -> np.ndarray:
    wave = np.zeros(120, np.float32)
    wave[50:65] = [10, 30, 60, 90, 100, 85, 60, 50, 60, 85, 100, 90, 60, 30, 10]
    return wave


def test_a_notch_is_no_phase() -> None:
    assert measure_shape(notched(), 2000.0, 0.5).phases == 1


def test_a_notch_is_two_turns_more() -> None:
    assert measure_shape(notched(), 2000.0, 0.5).turns == 3


def test_noise_has_no_shape() -> None:
    flat = measure_shape(np.zeros(50, np.float32), 1000.0, 1.0)
    assert (flat.duration_ms, flat.phases, flat.turns) == (0.0, 0, 0)


def test_repetition() -> None:
    rng = np.random.default_rng(17)
    t = np.arange(24) - 12
    shapes = rng.normal(size=(26, 3, 1)) * 6.0 * (-t * np.exp(-((t / 3.5) ** 2)) / 1.5)
    even, full = rng.standard_normal((2, 3, 600)).astype(np.float32)
    for time in range(10, 560, 22):
        even[:, time : time + 24] += shapes[0]
    for number, time in enumerate(rng.integers(10, 560, 25)):
        full[:, time : time + 24] += shapes[number + 1]
    assert repetition(even, 2000.0) > 0.55
    assert repetition(full, 2000.0) < 0.5
    assert repetition(rng.standard_normal((3, 600)).astype(np.float32), 2000.0) < 0.3
