"""The inner loop: backward Euler for the double cable, eight axons side by side.

Only the nodes of Ranvier are nonlinear. The ten compartments between two of them, inside and outside of the
axolemma, are a linear system with constant coefficients, so it is solved once and for all in its own modes
(``_modes``): in a step each mode decays and takes up what the two nodes' voltages give it, and gives back
to each node one number. What is left is one unknown a node, on a tree, solved without fill-in (Hines 1984,
doi 10.1016/0020-7101(84)90008-4). The answer is that of backward Euler on all compartments, to rounding.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from whytwitch.physiology._approx import VECTOR_MATH, exp_double

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LANES_TOGETHER = 4
WIDEST = 32
PITCH = WIDEST + 8
MODES = 20
MOST_NODES = 129
REST_MV = -80.0

# Rows of a block's working memory; voltages there are above REST_MV. Each holds its lanes node by node. Rows
# lie a fixed distance apart in one array, so that the compiler sees that they do not overlap; and an odd
# number of cache lines, so that they do not compete for the same places in the cache.
ROW = MOST_NODES * WIDEST + 8
V, M, H, P, S = (k * ROW for k in range(5))
SODIUM, PERSISTENT, POTASSIUM, LEAK, INERTIA, COUPLING = (k * ROW for k in range(5, 11))
SODIUM_MV, POTASSIUM_MV, LEAK_MV = (k * ROW for k in range(11, 14))
FAST_STEP, INACTIVATION_STEP, SLOW_STEP = (k * ROW for k in range(14, 17))
_PULL, _PUSH, _BEFORE, _CROSSED, _TO_NEAR, _TO_FAR, _SCRATCH, MEMORY = (k * ROW for k in range(17, 25))
_AT_NEAR, _AT_FAR, _SUM_NEAR, _SUM_FAR = (_SCRATCH + k * WIDEST for k in range(4))

_E_S, _E_S_FALL = float(np.exp(-3.8)), float(np.exp(-56.0))


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def _saturating(z: float, exp_minus_z: float) -> float:
    """Z / (1 - e**-z), given e**-z; 1 at zero."""
    z = z if abs(z) > 1e-6 else 1e-6
    below = 1.0 - exp_minus_z
    below = below if abs(below) > 1e-6 else 1e-6
    return z / below


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def _relax(x: float, rise: float, fall: float) -> float:
    """One step of a slow gate, rates given as changes in a step: a Padé fraction for (1 - e**-r) / r."""
    r = rise + fall
    return x + (rise - r * x) * 12.0 / (12.0 + r * (6.0 + r))


@njit(cache=True, nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def _gates(size: int, threshold: float, w: Array) -> int:
    """Gates of all nodes to the new voltage, and the nodes' own part of the next step's equations.

    Returns how many nodes crossed the threshold upward.
    """
    crossings = np.int64(0)
    for i in range(size):
        above = w[V + i]
        v = above + REST_MV
        fast = w[FAST_STEP + i]
        u = exp_double((v + 34.0) * -0.1)
        z = (v + 27.0) * (1 / 10.2)
        rise = fast * (0.01 * 10.2) * _saturating(z, exp_double(-z))
        # With z = -(v + 34) / 10, e**-z is 1 / u: z / (1 - 1 / u) = -z u / (1 - u).
        z = (v + 34.0) * 0.1
        fall = fast * (0.00025 * 10.0) * u * _saturating(z, u)
        p = _relax(w[P + i], rise, fall)
        z = (v + 21.4) * (1 / 10.3)
        rise = fast * (1.86 * 10.3) * _saturating(z, exp_double(-z))
        z = (v + 25.7) * (-1 / 9.16)
        fall = fast * (0.086 * 9.16) * _saturating(z, exp_double(-z))
        r = rise + fall
        m = w[M + i]
        m = m + (rise / r - m) * (1.0 - exp_double(-r))
        slow = w[INACTIVATION_STEP + i]
        z = (v + 114.0) * (-1 / 11.0)
        rise = slow * (0.062 * 11.0) * _saturating(z, exp_double(-z))
        fall = slow * 2.3 / (1.0 + exp_double((v + 31.8) * (-1 / 13.4)))
        h = _relax(w[H + i], rise, fall)
        slow = w[SLOW_STEP + i]
        u2 = u * u
        u8 = u2 * u2 * (u2 * u2)
        s = _relax(w[S + i], slow * 0.3 / (u2 * _E_S + 1.0), slow * 0.03 / (u8 * u2 * _E_S_FALL + 1.0))
        sodium = w[SODIUM + i] * m * m * m * h + w[PERSISTENT + i] * p * p * p
        potassium = w[POTASSIUM + i] * s
        leak = w[LEAK + i]
        inertia = w[INERTIA + i]
        w[_PULL + i] = inertia + sodium + potassium + leak + w[COUPLING + i]
        w[_PUSH + i] = (
            inertia * above
            + sodium * w[SODIUM_MV + i]
            + potassium * w[POTASSIUM_MV + i]
            + leak * w[LEAK_MV + i]
        )
        w[M + i] = m
        w[H + i] = h
        w[P + i] = p
        w[S + i] = s
        crossed = np.int64(w[_BEFORE + i] < threshold) & np.int64(above >= threshold)
        w[_CROSSED + i] = np.float64(crossed)
        crossings += crossed
    return int(crossings)


@njit(inline="always", nogil=True, error_model="numpy")
def _index(k: int) -> int:
    """``k`` unchanged; the bounds tell the compiler that it need not count from an array's end."""
    return min(max(k, 0), 1 << 40)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def _internodes(
    lanes: int,
    nodes: int,
    parent: Ints,
    kind: Ints,
    coefficients: Array,
    modes: Array,
    w: Array,
) -> None:
    """Modes of every internode one step on, and what they give to the nodes at both ends."""
    for n in range(1, nodes):
        near = _index(parent[n] * lanes)
        far = _index(n * lanes)
        # Scratch rows at fixed places let the compiler see that the sums do not overlap what is summed.
        for i in range(lanes):
            w[_AT_NEAR + i] = w[V + near + i]
            w[_AT_FAR + i] = w[V + far + i]
            w[_SUM_NEAR + i] = 0.0
            w[_SUM_FAR + i] = 0.0
        # Four modes at a time, since each sum waits for the one before.
        for j in range(0, MODES, 4):
            x = _index((n * MODES + j) * PITCH)
            c = _index((kind[n] * MODES + j) * (3 * PITCH))
            for i in range(lanes):
                v_near = w[_AT_NEAR + i]
                v_far = w[_AT_FAR + i]
                a1 = coefficients[c + i]
                b1 = coefficients[c + PITCH + i]
                a2 = coefficients[c + 3 * PITCH + i]
                b2 = coefficients[c + 4 * PITCH + i]
                a3 = coefficients[c + 6 * PITCH + i]
                b3 = coefficients[c + 7 * PITCH + i]
                a4 = coefficients[c + 9 * PITCH + i]
                b4 = coefficients[c + 10 * PITCH + i]
                x1 = (modes[x + i] + a1 * v_near + b1 * v_far) * coefficients[c + 2 * PITCH + i]
                x2 = (modes[x + PITCH + i] + a2 * v_near + b2 * v_far) * coefficients[c + 5 * PITCH + i]
                x3 = (modes[x + 2 * PITCH + i] + a3 * v_near + b3 * v_far) * coefficients[c + 8 * PITCH + i]
                x4 = (modes[x + 3 * PITCH + i] + a4 * v_near + b4 * v_far) * coefficients[c + 11 * PITCH + i]
                modes[x + i] = x1
                modes[x + PITCH + i] = x2
                modes[x + 2 * PITCH + i] = x3
                modes[x + 3 * PITCH + i] = x4
                w[_SUM_NEAR + i] += (a1 * x1 + a2 * x2) + (a3 * x3 + a4 * x4)
                w[_SUM_FAR + i] += (b1 * x1 + b2 * x2) + (b3 * x3 + b4 * x4)
        for i in range(lanes):
            w[_TO_NEAR + far + i] = w[_SUM_NEAR + i]
            w[_TO_FAR + far + i] = w[_SUM_FAR + i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def _solve(
    lanes: int,
    nodes: int,
    parent: Ints,
    kind: Ints,
    link: Array,
    w: Array,
) -> None:
    """Voltages of all nodes from the equations on their tree; children have higher numbers than parents."""
    for n in range(nodes - 1, 0, -1):
        here = _index(n * lanes)
        up = _index(parent[n] * lanes)
        to = _index(kind[n] * lanes)
        for i in range(lanes):
            g = link[to + i]
            inverse = 1.0 / w[_PULL + here + i]
            push = w[_PUSH + here + i] + w[_TO_FAR + here + i]
            w[_PULL + here + i] = inverse
            w[_PUSH + here + i] = push
            # By way of a scratch row: two nodes in one loop might be the same, for all the compiler knows.
            w[_SCRATCH + i] = g * g * inverse
            w[_SCRATCH + WIDEST + i] = g * inverse * push + w[_TO_NEAR + here + i]
        for i in range(lanes):
            w[_PULL + up + i] -= w[_SCRATCH + i]
            w[_PUSH + up + i] += w[_SCRATCH + WIDEST + i]
    for i in range(nodes * lanes):
        w[_BEFORE + i] = w[V + i]
    for i in range(lanes):
        w[V + i] = w[_PUSH + i] / w[_PULL + i]
    for n in range(1, nodes):
        here = _index(n * lanes)
        up = _index(parent[n] * lanes)
        to = _index(kind[n] * lanes)
        for i in range(lanes):
            w[V + here + i] = (w[_PUSH + here + i] + link[to + i] * w[V + up + i]) * w[_PULL + here + i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def prepare(size: int, w: Array) -> None:
    """The nodes' part of the first step's equations; gates that are steady at the voltage given stay so."""
    for i in range(size):
        w[_BEFORE + i] = w[V + i]
    _gates(size, 1e9, w)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def advance(
    first: int,
    last: int,
    parent: Ints,
    kind: Ints,
    coefficients: Array,
    link: Array,
    modes: Array,
    w: Array,
    pulses: Ints,
    amplitudes: Array,
    threshold: float,
    kept: Ints,
    every: int,
    traces: Array,
    at_step: Array,
    at_place: Ints,
) -> tuple[int, int]:
    """Steps ``first`` to ``last`` (excluded) of one block.

    Args:
        first: step to begin with, since the start.
        last: step to end before.
        parent: (nodes,) the node from which the internode comes that ends at each.
        kind: (nodes,) of which kind that internode is.
        coefficients: (kinds * MODES * 3 * PITCH,): near and far weight and decay of each mode.
        link: (kinds * lanes,): conductance (µS) between its two nodes, through the internode.
        modes: (nodes * MODES * PITCH,), changed in place.
        w: (MEMORY,), the rows named above, changed in place.
        pulses: (pulses, 3): node, first step, last step (excluded).
        amplitudes: (pulses, lanes), nA.
        threshold: voltage (mV above REST_MV) whose upward crossing is a spike.
        kept: nodes whose voltage is kept.
        every: it is kept every so many steps; 0 for never.
        traces: (samples, kept nodes, lanes), voltages above REST_MV, filled in place.
        at_step: filled with the spikes' times in steps.
        at_place: filled with node * lanes + lane of each.

    Returns:
        (the step reached, the number of spikes). It is short of ``last`` where the list of spikes is full.
    """
    nodes = parent.size
    # Not a constant to the compiler: it would unroll loops over it before it could make vectors of them.
    lanes = amplitudes.shape[1]
    size = nodes * lanes
    spikes = 0
    for step in range(first, last):
        if spikes + size > at_step.size:
            return step, spikes
        _internodes(lanes, nodes, parent, kind, coefficients, modes, w)
        for k in range(pulses.shape[0]):
            if pulses[k, 1] <= step < pulses[k, 2]:
                for i in range(lanes):
                    w[_PUSH + pulses[k, 0] * lanes + i] += amplitudes[k, i]
        _solve(lanes, nodes, parent, kind, link, w)
        if _gates(size, threshold, w):
            for i in range(size):
                if w[_CROSSED + i]:
                    before = w[_BEFORE + i]
                    at_step[spikes] = step + (threshold - before) / (w[V + i] - before)
                    at_place[spikes] = i
                    spikes += 1
        if every and (step + 1) % every == 0:
            for k in range(kept.size):
                for i in range(lanes):
                    traces[(step + 1) // every, k, i] = w[V + kept[k] * lanes + i]
    return last, spikes
