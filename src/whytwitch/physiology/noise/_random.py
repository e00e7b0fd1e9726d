"""Uniform and binomial random numbers for compiled loops, one generator a trajectory.

Uniform bits come from xoshiro256++ (Blackman and Vigna 2021, doi 10.1145/3460772), its state spread from one
seed by SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195). Binomial numbers are exact up to
the rounding of 53-bit uniforms: sequential inversion where few successes are expected, else transformed
rejection with squeeze (BTRS: Hörmann 1993, doi 10.1080/00949659308811496).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.uint64]

compiled = njit(nogil=True, error_model="numpy", _nrt=False)  # pyright: ignore[reportCallIssue]
"""For what is called at every step. Not cached by itself, or it could not be merged into the loop that calls
it (which is cached); and without counting references to its arrays, which would take longer than drawing.
"""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_11, _17, _19, _23, _27, _30, _31, _41, _45 = (np.uint64(k) for k in (11, 17, 19, 23, 27, 30, 31, 41, 45))
_UNIT: Final = 2.0**-53
_INVERTED: Final = 10.0
"""Expected successes from which rejection is used; its constants hold from here on."""
_SMALL: Final = 0.01
_THIRD, _SIXTH = 1.0 / 3.0, 1.0 / 6.0
_ONE_OVER = 1.0 / np.arange(1.0, 201.0)
"""Inversion expects less than ten; two hundred are beyond the resolution of a uniform number."""
_TABLED: Final = 10
_TAIL = np.array(
    [
        math.lgamma(k + 1) - (k + 0.5) * math.log(k + 1) + k + 1 - 0.5 * math.log(2 * math.pi)
        for k in range(_TABLED)
    ]
)


@njit(cache=True, nogil=True, error_model="numpy")
def seeded(seed: np.uint64) -> Words:
    """State of a generator, uint64 (4,), from any seed."""
    state = np.empty(4, np.uint64)
    at = np.uint64(seed)
    for k in range(4):
        at += _GOLDEN
        z = (at ^ (at >> _30)) * _MIX_1
        z = (z ^ (z >> _27)) * _MIX_2
        state[k] = z ^ (z >> _31)
    return state


@compiled
def uniform(state: Words) -> float:
    """A number of [0, 1) in steps of 2**-53; the state moves on."""
    s0, s1, s2, s3 = state[0], state[1], state[2], state[3]
    total = s0 + s3
    bits = ((total << _23) | (total >> _41)) + s0
    s2 ^= s0
    s3 ^= s1
    state[1] = s1 ^ s2
    state[0] = s0 ^ s3
    state[2] = s2 ^ (s1 << _17)
    state[3] = (s3 << _45) | (s3 >> _19)
    return float(bits >> _11) * _UNIT


@compiled
def binomial(state: Words, trials: float, chance: float) -> float:
    """Successes of so many trials (a whole number), each with the same chance; both as float64."""
    if trials <= 0.0 or chance <= 0.0:
        return 0.0
    if chance > 0.5:
        return trials if chance >= 1.0 else trials - _less_likely(state, trials, 1.0 - chance)
    return _less_likely(state, trials, chance)


@compiled
def _less_likely(state: Words, trials: float, chance: float) -> float:
    mean = trials * chance
    if mean >= _INVERTED:
        return _rejected(state, trials, chance)
    rest = uniform(state)
    # (1 - p)**n is at least 1 - np: mostly this spares the power.
    if rest < 1.0 - mean:
        return 0.0
    # A short series does for a small chance, and is quicker than the logarithm.
    if chance < _SMALL:
        log_rest = -chance * (
            1.0 + chance * (0.5 + chance * (_THIRD + chance * (0.25 + chance * (0.2 + chance * _SIXTH))))
        )
    else:
        log_rest = math.log1p(-chance)
    mass = math.exp(trials * log_rest)
    odds = chance / (1.0 - chance)
    found = 0
    while rest >= mass and found < trials and found < 200:
        rest -= mass
        mass *= odds * (trials - found) * _ONE_OVER[found]
        found += 1
    return float(found)


@compiled
def _rejected(state: Words, trials: float, chance: float) -> float:
    mean = trials * chance
    width = math.sqrt(mean * (1.0 - chance))
    b = 1.15 + 2.53 * width
    a = -0.0873 + 0.0248 * b + 0.01 * chance
    squeeze = 0.92 - 4.2 / b
    while True:
        u = uniform(state) - 0.5
        v = uniform(state)
        side = 0.5 - abs(u)
        found = math.floor((2.0 * a / side + b) * u + mean + 0.5)
        if side >= 0.07 and v <= squeeze:
            return found
        if 0.0 <= found <= trials:
            hat = v * (2.83 + 5.1 / b) * width / (a / (side * side) + b)
            if math.log(hat) <= _over_mode(trials, chance, found):
                return found


@compiled
def _over_mode(trials: float, chance: float, found: float) -> float:
    """Logarithm of a number's chance over that of the likeliest."""
    mode = math.floor((trials + 1.0) * chance)
    odds = chance / (1.0 - chance)
    return (
        (mode + 0.5) * math.log((mode + 1.0) / (odds * (trials - mode + 1.0)))
        + (trials + 1.0) * math.log((trials - mode + 1.0) / (trials - found + 1.0))
        + (found + 0.5) * math.log(odds * (trials - found + 1.0) / (found + 1.0))
        + _tail(mode)
        + _tail(trials - mode)
        - _tail(found)
        - _tail(trials - found)
    )


@compiled
def _tail(k: float) -> float:
    """What Stirling's formula leaves of log k!."""
    if k < _TABLED:
        return _TAIL[int(k)]
    inverse = 1.0 / (k + 1.0)
    square = inverse * inverse
    return (1.0 / 12 - (1.0 / 360 - square / 1260) * square) * inverse
