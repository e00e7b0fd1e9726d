from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.report._numbers import chance, count, decimal, per_thousand, ratio, rest, span

SHARES = st.floats(min_value=0.0, max_value=1.0)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "less than 1 in 1,000"),
        (0.00099, "less than 1 in 1,000"),
        (0.0012, "about 1 in 1,000"),
        (0.0123, "about 10 in 1,000"),
        (0.034, "about 35 in 1,000"),
        (0.4249, "about 420 in 1,000"),
        (0.9949, "about 990 in 1,000"),
        (1.0, "more than 990 in 1,000"),
    ],
)
def test_chances_are_counts_out_of_a_thousand(p: float, text: str) -> None:
    assert chance(p) == text


@given(SHARES)
def test_a_chance_is_near_and_never_zero_or_certain(p: float) -> None:
    shown = per_thousand(p)
    assert abs(shown - 1000 * p) <= 5.001
    assert count(p) not in ("0", "1000")


@given(SHARES, SHARES)
def test_more_never_reads_as_less(a: float, b: float) -> None:
    assert per_thousand(min(a, b)) <= per_thousand(max(a, b))


@given(SHARES)
def test_the_rest_and_the_chance_make_a_thousand(p: float) -> None:
    shown = per_thousand(p)
    if 0 < shown < 1000:
        assert rest(p) == f"about {1000 - shown} of 1,000"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.25, 0.6, "may be 250 to 600"),
        (0.0001, 0.009, "may be up to 9"),
        (0.0001, 0.0002, ""),
        (0.86, 0.999, "may be 860 to more than 990"),
    ],
)
def test_spans(low: float, high: float, text: str) -> None:
    assert span(low, high) == text


def test_experts_see_two_digits() -> None:
    assert [decimal(p) for p in (0.0001, 0.0123, 0.4567, 0.999)] == ["<0.001", "0.012", "0.46", ">0.99"]
    assert [ratio(x) for x in (0.0, 0.693, -1.386, 3.0)] == ["×1.0", "×2.0", "÷4.0", "×20"]
