"""Normal random numbers on vector lanes: one generator a node, so that the digits depend on the seed and the
node and on nothing else.

Uniform bits come from xoshiro128++ (Blackman and Vigna 2021, doi 10.1145/3460772), seeded with SplitMix64 of
the seed and the node; normal numbers by the transform of Box and Muller (1958, doi
10.1214/aoms/1177706645). The radius is made of 31 bits, so that tails reach 6.7 standard deviations.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from whytwitch.physiology._approx import VECTOR_MATH, Real, cos_single, log_single, sin_single

_U = np.uint32

WIDEST = 128
"""Lanes of the widest block, and the distance between rows of a block's working memory.

A fixed distance in one flat array is what lets the compiler see that rows do not overlap; with an array a
row it would have to check at run time, and gives up."""

_HALF, _MINUS_TWO = np.float32(0.5), np.float32(-2.0)
_TO_UNIT = np.float32(2.0**-31)
_TO_ANGLE = np.float32(np.pi / 2 * 2.0**-31)
_SIGN_SHIFT = _U(31)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def seed_lanes(seed: int, nodes: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """States of the generators of the given nodes, uint32 of shape (4, nodes)."""
    start = _mix(np.uint64((seed + int(_GOLDEN)) % 2**64))
    with np.errstate(over="ignore"):
        keys = [nodes.astype(np.uint64) * np.uint64(2) + np.uint64(k) * _GOLDEN for k in (1, 2)]
    words = [_mix(start ^ _mix(key)) for key in keys]
    low = np.uint64(0xFFFFFFFF)
    state = np.stack([part for w in words for part in (w & low, w >> np.uint64(32))]).astype(np.uint32)
    # All zeros is the one state that the generator never leaves.
    state[0, ~state.any(axis=0)] = 1
    return state


def _mix(z: np.uint64 | npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finishing steps of SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195)."""
    with np.errstate(over="ignore"):
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(z ^ (z >> np.uint64(31)))


@njit(inline="always", nogil=True, error_model="numpy")
def _next_bits(state: npt.NDArray[np.uint32], i: int) -> np.uint32:
    s0, s1, s2, s3 = (
        state[i],
        state[WIDEST + i],
        state[2 * WIDEST + i],
        state[3 * WIDEST + i],
    )
    total = _U(s0 + s3)
    bits = _U(_U(_U(total << _U(7)) | _U(total >> _U(25))) + s0)
    s2 = _U(s2 ^ s0)
    s3 = _U(s3 ^ s1)
    state[i] = _U(s0 ^ s3)
    state[2 * WIDEST + i] = _U(s2 ^ _U(s1 << _U(9)))
    state[WIDEST + i] = _U(s1 ^ s2)
    state[3 * WIDEST + i] = _U(_U(s3 << _U(11)) | _U(s3 >> _U(21)))
    return bits


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def next_pair(state: npt.NDArray[np.uint32], i: int) -> tuple[Real, Real]:
    """Two independent standard normal numbers (float32) of lane ``i``, whose state moves on.

    ``state`` is flat: four rows, WIDEST apart.
    """
    far = _next_bits(state, i)
    turn = _next_bits(state, i)
    radius = np.sqrt(_MINUS_TWO * log_single((np.float32(np.int32(far >> _U(1))) + _HALF) * _TO_UNIT))
    # The angle takes the high bits, within half a turn; the lowest, which rounding drops, chooses the half.
    angle = np.float32(_U(turn).view(np.int32)) * _TO_ANGLE
    across = np.float32(radius * cos_single(angle)).view(np.uint32) ^ _U(turn << _SIGN_SHIFT)
    return _U(across).view(np.float32), radius * sin_single(angle)


def next_normals(state: npt.NDArray[np.uint32]) -> npt.NDArray[np.float32]:
    """One standard normal number of each generator of ``state`` (4, nodes), whose states move on."""
    normals = np.empty(state.shape[1], np.float32)
    for a in range(0, state.shape[1], WIDEST):
        part = state[:, a : a + WIDEST]
        flat = np.ones((4, WIDEST), np.uint32)
        flat[:, : part.shape[1]] = part
        flat = flat.ravel()
        drawn = np.empty((2, WIDEST), np.float32)
        fill_normals(flat, drawn)
        normals[a : a + WIDEST] = drawn[0, : part.shape[1]]
        part[:] = flat.reshape(4, WIDEST)[:, : part.shape[1]]
    return normals


@njit(cache=True, nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def fill_normals(state: npt.NDArray[np.uint32], normals: npt.NDArray[np.float32]) -> None:
    """Fill ``normals``, float32 (even number of draws, WIDEST), from WIDEST generators (flat ``state``)."""
    for k in range(0, normals.shape[0], 2):
        for i in range(WIDEST):
            normals[k, i], normals[k + 1, i] = next_pair(state, i)
