"""The kernels' own functions beside exact ones, over their whole ranges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numba import njit

from whytwitch.physiology._approx import (
    VECTOR_MATH,
    cos_single,
    exp_double,
    exp_single,
    log_single,
    sin_single,
)

Array = np.ndarray[Any, Any]


def over(function: Callable[..., Any]) -> Callable[[Array], Array]:
    """The function on every element, compiled as the kernels compile it."""

    @njit(error_model="numpy", fastmath=VECTOR_MATH)
    def loop(x: Array) -> Array:
        y = np.empty_like(x)
        for i in range(x.size):
            y[i] = function(x[i])
        return y

    return loop


def test_exp_single() -> None:
    """Many points, and the numbers next to every change of the exponent."""
    x = np.linspace(-87, 88, 400_001).astype(np.float32)
    edges = (np.arange(-125, 126) + 0.5) * np.log(2)
    near = edges.astype(np.float32)
    x = np.concatenate([x, near, np.nextafter(near, np.float32(100)), np.nextafter(near, np.float32(-100))])
    exact = np.exp(x.astype(np.float64))
    assert np.max(np.abs(over(exp_single)(x) / exact - 1)) < 2.5e-7


def test_exp_double() -> None:
    x = np.linspace(-700, 700, 400_001)
    exact = np.exp(x.astype(np.longdouble))
    assert np.finfo(np.longdouble).eps < 1e-18
    assert np.max(np.abs(over(exp_double)(x) / exact - 1)) < 1e-15


@pytest.mark.parametrize(("function", "kind"), [(exp_single, np.float32), (exp_double, np.float64)])
def test_exp_is_held_at_its_ends(function: Callable[..., Any], kind: type) -> None:
    loop = over(function)
    far = loop(np.array([-1e30, 1e30], kind))
    near = loop(np.array([-87, 88] if kind is np.float32 else [-700, 700], kind))
    np.testing.assert_array_equal(far, near)
    assert np.isfinite(far).all()
    assert far[0] > 0


def test_log_single() -> None:
    rng = np.random.default_rng(1)
    x = np.concatenate([2.0 ** rng.uniform(-126, 127, 200_000), np.linspace(0.4, 2.5, 200_001)])
    x = x.astype(np.float32)
    exact = np.log(x.astype(np.float64))
    error = np.abs(over(log_single)(x) - exact) / np.maximum(np.abs(exact), 1)
    assert np.max(error) < 2e-7


@pytest.mark.parametrize(("function", "exact"), [(sin_single, np.sin), (cos_single, np.cos)])
def test_circle(function: Callable[..., Any], exact: Callable[[Array], Array]) -> None:
    x = np.linspace(-np.pi / 2, np.pi / 2, 300_001).astype(np.float32)
    assert np.max(np.abs(over(function)(x) - exact(x.astype(np.float64)))) < 3e-7
