"""Hints that are no chance, and silence where chance would speak."""

from __future__ import annotations

import numpy as np
import pytest
from tests.app.diary.builders import on

from whytwitch.app.diary import Entry, looks
from whytwitch.app.diary._triggers import LEAST_DAYS, TRIGGERS


def made_up(rng: np.random.Generator, n: int, per_cup: float, shape: float = 2.0) -> list[Entry]:
    """A diary in which each cup of coffee multiplies the rate, and nothing else matters."""
    diary = []
    for i in range(n):
        cups, stress, sleep = int(rng.integers(0, 7)), int(rng.integers(0, 11)), float(rng.integers(4, 10))
        rate = 2.0 * per_cup ** (cups - 3) * rng.gamma(shape, 1.0 / shape)
        said = {
            "coffee_cups": cups,
            "stress": stress,
            "slept_hours": sleep,
            "exercise": str(rng.choice(["none", "hard"])),
        }
        diary.append(on(2 * i, int(rng.poisson(rate * 3.0)), 3.0, triggers=said))
    return diary


def test_a_strong_trigger_becomes_a_hint_in_the_right_direction() -> None:
    found = looks(made_up(np.random.default_rng(1), 60, 1.35)).found
    assert found[0].trigger == "coffee_cups"
    assert found[0].is_hint
    assert 1.2 < found[0].ratio < 1.35**2 * 1.3
    assert not any(look.is_hint for look in found[1:])


def test_less_sleep_is_read_as_less_sleep() -> None:
    rng = np.random.default_rng(4)
    diary = [
        on(2 * i, int(rng.poisson(30 - 3 * hours)), triggers={"slept_hours": hours})
        for i, hours in enumerate(rng.integers(4, 10, 50))
    ]
    (look,) = looks(diary).found
    assert look.is_hint
    assert look.ratio > 1


@pytest.mark.slow
def test_chance_seldom_makes_any_hint_though_there_are_four_looks() -> None:
    rng = np.random.default_rng(11)
    reps = 80
    false = sum(any(look.is_hint for look in looks(made_up(rng, 25, 1.0)).found) for _ in range(reps))
    assert false / reps <= 0.1  # 5 % and twice its counting error


def test_few_days_are_drawn_toward_nothing() -> None:
    diary = [
        on(2 * i, 12 if i % 2 else 2, triggers={"coffee_cups": 2.0 * (i % 2)}) for i in range(LEAST_DAYS)
    ]
    (look,) = looks(diary).found
    assert 1.0 < look.ratio < 6.0
    many = [on(2 * i, 12 if i % 2 else 2, triggers={"coffee_cups": 2.0 * (i % 2)}) for i in range(100)]
    assert look.ratio < looks(many).found[0].ratio <= 6.0


def test_nothing_is_said_before_enough_days_or_without_contrast() -> None:
    short = looks([on(i, 3, triggers={"coffee_cups": i % 3}) for i in range(LEAST_DAYS - 1)])
    assert short.found == ()
    assert short.waiting["coffee_cups"] == LEAST_DAYS - 1
    assert looks([on(i, 3, triggers={"coffee_cups": 2}) for i in range(40)]).found == ()
    rare = looks([on(i, 3, triggers={"exercise": "hard" if i < 3 else "none"}) for i in range(40)])
    assert rare.found == ()
    assert rare.waiting["exercise"] == 40
    assert set(looks([]).waiting) == set(TRIGGERS)
    assert looks([on(i, 0, triggers={"stress": i % 10}) for i in range(40)]).found == ()


def test_more_looks_widen_every_interval() -> None:
    rng = np.random.default_rng(3)
    diary = made_up(rng, 40, 1.0)
    alone = [
        e.model_copy(
            update={
                "triggers": e.triggers.model_copy(
                    update={"stress": None, "slept_hours": None, "exercise": None}
                )
            }
        )
        for e in diary
    ]
    (one,) = looks(alone).found
    (same,) = (look for look in looks(diary).found if look.trigger == "coffee_cups")
    assert one.ratio == same.ratio
    assert same.low < one.low < one.high < same.high
