"""Elementary functions that vectorise: inlined polynomials instead of library calls.

A loop over lanes that calls ``math.exp`` stays scalar, since the library's function takes one number at
a time. These are made of additions, multiplications and shifts only, so that the compiler turns a loop over
lanes into vector instructions on any processor. Each is within a few units in the last place of the exact
function on the range its docstring names; ``tests/physiology/nodes/test_approx.py`` measures that.

Fast-math stays off but for fused multiply-add and the sign of zero: rounding by a large addend needs exact
order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

VECTOR_MATH = {"contract", "nsz"}
"""The fast-math that all kernels here may use: nothing that reorders."""

Real = Any
"""A float32 inside a kernel: NumPy's types of single numbers do not survive its own arithmetic."""

_F = np.float32
_LOG2E_F, _LN2_HIGH_F, _LN2_LOW_F = _F(1.4426950408889634), _F(0.693359375), _F(-2.12194440e-4)
_ROUND_F = _F(12582912.0)  # 1.5 * 2**23: adding it leaves the nearest integer in the low bits
_LOW_F, _HIGH_F = _F(-87.0), _F(88.0)
_E2, _E3, _E4, _E5, _E6, _E7 = (_F(1 / f) for f in (2, 6, 24, 120, 720, 5040))
_ONE_F, _TWO_F = _F(1), _F(2)
_SHIFT_23 = np.int32(23)

_LOG2E, _LN2_HIGH, _LN2_LOW = 1.4426950408889634, 6.93147180369123816490e-01, 1.90821492927058770002e-10
_ROUND = 6755399441055744.0  # 1.5 * 2**52
_SHIFT_52 = np.int64(52)

_SQRT_HALF_BITS = np.int32(0x3F3504F3)
_TO_SQRT_HALF = np.int32(0x3F800000 - 0x3F3504F3)
_MANTISSA = np.int32(0x007FFFFF)
_BIAS_F = np.int32(127)
_L3, _L5, _L7, _L9 = (_F(2 / k) for k in (3, 5, 7, 9))
_LN2_F = _F(0.6931471805599453)

_S3, _S5, _S7, _S9, _S11 = (_F(c) for c in (-1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800))
_C2, _C4, _C6, _C8, _C10, _C12 = (
    _F(c) for c in (-1 / 2, 1 / 24, -1 / 720, 1 / 40320, -1 / 3628800, 1 / 479001600)
)


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def exp_single(x: Real) -> Real:
    """e**x of a float32, within 2.5e-7 of relative error on [-87, 88], and held at the ends beyond."""
    x = min(max(x, _LOW_F), _HIGH_F)
    k = x * _LOG2E_F + _ROUND_F
    n = k - _ROUND_F
    r = (x - n * _LN2_HIGH_F) - n * _LN2_LOW_F
    p = _E6 + r * _E7
    p = _E5 + r * p
    p = _E4 + r * p
    p = _E3 + r * p
    p = _E2 + r * p
    p = _ONE_F + r * p
    p = _ONE_F + r * p
    return np.int32(np.float32(p).view(np.int32) + (np.float32(k).view(np.int32) << _SHIFT_23)).view(
        np.float32
    )


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def exp_double(x: float) -> float:
    """e**x of a float64, within 1e-15 of relative error on [-700, 700], and held at the ends beyond."""
    x = min(max(x, -700.0), 700.0)
    k = x * _LOG2E + _ROUND
    n = k - _ROUND
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    # In pairs (Estrin's scheme), so that the processor need not wait for each addition.
    r2 = r * r
    r4 = r2 * r2
    low = (1.0 + r) + (0.5 + r * (1 / 6)) * r2
    middle = (1 / 24 + r * (1 / 120)) + (1 / 720 + r * (1 / 5040)) * r2
    high = (1 / 40320 + r * (1 / 362880)) + (1 / 3628800 + r * (1 / 39916800)) * r2 + (1 / 479001600) * r4
    p = low + (middle + high * r4) * r4
    return np.int64(np.float64(p).view(np.int64) + (np.float64(k).view(np.int64) << _SHIFT_52)).view(
        np.float64
    )


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def log_single(x: Real) -> Real:
    """Ln x of a normal, positive float32, within 2e-7 of the larger of 1 and the result."""
    shifted = np.int32(np.float32(x).view(np.int32) + _TO_SQRT_HALF)
    exponent = np.int32((shifted >> _SHIFT_23) - _BIAS_F)
    f = np.int32((shifted & _MANTISSA) + _SQRT_HALF_BITS).view(np.float32) - _ONE_F
    s = f / (_TWO_F + f)
    z = s * s
    return s * (_TWO_F + z * (_L3 + z * (_L5 + z * (_L7 + z * _L9)))) + _F(exponent) * _LN2_F


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def sin_single(x: Real) -> Real:
    """Sin x of a float32 within [-π/2, π/2], to 3e-7."""
    z = x * x
    return x * (_ONE_F + z * (_S3 + z * (_S5 + z * (_S7 + z * (_S9 + z * _S11)))))


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def cos_single(x: Real) -> Real:
    """Cos x of a float32 within [-π/2, π/2], to 3e-7."""
    z = x * x
    return _ONE_F + z * (_C2 + z * (_C4 + z * (_C6 + z * (_C8 + z * (_C10 + z * _C12)))))
