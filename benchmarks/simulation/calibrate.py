"""How the normal axon was found: a fit to the mean curves of 280 people, with priors and with physiology.

Run ``python benchmarks/simulation/calibrate.py`` to improve on ``axon/data/normal.json`` from where it is, or
with ``--from-priors SEED`` to find it again from a random start (an hour on two cores; several seeds end in
the same valley). ``--check`` only prints how well the present axon does and writes
``benchmarks/results/simulation_normal.json``.

What is minimized, in squares of standard errors with less weight on the far ones: (1) the distance of every
point of threshold electrotonus, recovery cycle and current–threshold relation from the mean of people, in
their standard deviations; (2) that of the headline indices; (3) every constant's distance from its prior;
(4) a spike that looks like one; (5) leaks that are mostly potassium; (6) bounds on what published
manipulations do (``FACTS``): an axon that has the right curves and answers potassium the wrong way is no
mechanism. Only directions are published for most of them; the bounds are wide and are judgments; (7) that
slow currents excite it, and that it fires on without slow potassium channels (``slow``). The last is met in
part only.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology import Axon, Bath, PhysiologyError, excite
from whytwitch.physiology.axon import Constants, balance, constants_from, normal_constants, record, rest_of
from whytwitch.physiology.excitability import Excitability, normal_curves, normal_indices

Floats = NDArray[np.float64]

ROOT: Final = Path(__file__).resolve().parents[2]
NORMAL: Final = ROOT / "src/whytwitch/physiology/axon/data/normal.json"
RESULT: Final = ROOT / "benchmarks/results/simulation_normal.json"

# name of a constant, or (kind of adjustment, gate): center and SD of its prior, of the log where "log".
# Centers: Schwarz, Reid & Bostock 1995 (a node: PNa 3.52, gKf 15, gKs 30, gLeak 30 nS, 1.4 pF) and a 14 µm
# fiber of the Aalborg model (Hennings 2005, doi 10.1186/1742-4682-2-16. Node: gKs 34, gKf 2, gLeak 0.2-2 nS,
# 0.1-0.2 pF. Under the myelin: gKs 0.6, gH 3, gLeak 3.8 nS, 379 pF. Myelin 1.7-7 pF, rest -86 mV), about the
# middle where they differ; internodal fast potassium and the Barrett-Barrett conductance are judgments.
PRIORS: Final[dict[str | tuple[str, str], tuple[float, float, str]]] = {
    "transient_sodium_e9_cm3_s": (4.0, 0.4, "log"),
    "persistent_sodium_e9_cm3_s": (0.06, 0.7, "log"),
    "nodal_fast_potassium_ns": (10.0, 0.7, "log"),
    "nodal_slow_potassium_ns": (45.0, 0.6, "log"),
    "nodal_leak_ns": (1.5, 0.7, "log"),
    "internodal_fast_potassium_ns": (200.0, 0.7, "log"),
    "internodal_slow_potassium_ns": (0.6, 1.0, "log"),
    "internodal_leak_ns": (4.0, 0.6, "log"),
    "ih_ns": (3.5, 0.6, "log"),
    "barrett_barrett_ns": (37.0, 0.5, "log"),
    "nodal_capacitance_pf": (0.4, 0.5, "log"),
    "myelin_capacitance_pf": (2.5, 0.6, "log"),
    "internodal_capacitance_pf": (350.0, 0.35, "log"),
    "rest_mv": (-85.0, 2.5, "linear"),
    "conditioning": (1.75, 0.25, "linear"),
    ("gate_shift_mv", "slow_potassium_activation"): (0.0, 6.0, "linear"),
    ("gate_steepness", "slow_potassium_activation"): (1.0, 0.14, "log"),
    ("gate_speed", "slow_potassium_activation"): (1.0, 0.3, "log"),
    ("gate_shift_mv", "ih_activation"): (0.0, 5.0, "linear"),
    ("gate_speed", "ih_activation"): (1.0, 0.3, "log"),
    ("gate_shift_mv", "transient_sodium_activation"): (0.0, 3.0, "linear"),
    ("gate_speed", "transient_sodium_activation"): (1.0, 0.25, "log"),
    ("gate_shift_mv", "transient_sodium_inactivation"): (0.0, 3.0, "linear"),
    ("gate_speed", "transient_sodium_inactivation"): (1.0, 0.25, "log"),
    ("gate_shift_mv", "persistent_sodium_activation"): (0.0, 5.0, "linear"),
    ("gate_shift_mv", "fast_potassium_activation"): (0.0, 4.0, "linear"),
    ("gate_speed", "fast_potassium_activation"): (1.0, 0.3, "log"),
}
PRIOR_WEIGHT: Final = 0.25
CONDITIONING: Final = (1.3, 2.4)
"""Thresholds within which a supramaximal stimulus lies: thresholds in a nerve spread by 15 %."""

TRACES: Final = ("TEd20", "TEd40", "TEh20", "TEh40", "RC", "IV")
HEADLINES: Final = {
    "Strength-duration time constant": 2.0,
    "Superexcitability": 2.0,
    "Subexcitability": 2.0,
    "Relative refractory period": 4.0,
    "TEd(peak)": 2.0,
    "TEd(90-100ms)": 2.0,
    "TEd(undershoot)": 2.0,
    "TEh(90-100ms)": 2.0,
    "TEh(overshoot)": 2.0,
    "Resting I/V slope": 2.0,
    "Minimum I/V slope": 2.0,
    "Hyperpolarising I/V slope": 2.0,
}
"""Index and weight."""

Bound = tuple[float, float]
FACTS: Final[dict[str, tuple[dict[str, float], dict[str, Bound]]]] = {
    # Krishnan 2005 (10.1093/brain/awh558), Kuwabara 2007: potassium lowers superexcitability and TEd, raises
    # refractoriness; within the normal range it leaves the strength–duration time constant nearly alone.
    "potassium 5.5": (
        {"potassium_mmol_l": 5.5},
        {"sup": (3, 15), "ref": (5, 900), "TEd": (-12, -2), "TEh": (3, 25), "SDTC": (-0.02, 0.1)},
    ),
    "potassium 3.2": (
        {"potassium_mmol_l": 3.2},
        {"sup firmly": (-12, -1.5), "ref": (-40, -3), "TEd": (2, 12), "TEh": (-60, -4)},
    ),
    # Howells 2013 (PMC3832120): warming lowers superexcitability.
    "39 °C": ({"temperature_c": 39.0}, {"sup": (1.5, 20), "TEd late": (-20, 20)}),
    # Polarizing current fans electrotonus in and out, as in every clinical description of the test.
    "depolarized": (
        {"polarization": 0.15},
        {"sup": (4, 20), "ref": (5, 60), "TEd late": (-15, -1), "TEh": (5, 60), "SDTC": (0.02, 0.3)},
    ),
    "hyperpolarized": (
        {"polarization": -0.15},
        {"sup": (-25, -4), "ref": (-60, -3), "TEd late": (1, 15), "TEh": (-80, -5)},
    ),
    # More persistent sodium lengthens the strength–duration time constant; neither it nor a loss of screening
    # makes a healthy axon fire by itself at once.
    "persistent sodium": (
        {"persistent_sodium": 1.25},
        {"SDTC": (0.015, 0.2), "sup": (-10, 5), "ref": (-25, 900)},
    ),
    "gates shifted": ({"gate_shift_mv": -3.0}, {"sup": (-3, 20), "ref": (-10, 900)}),
}
SCALES: Final = {
    "sup": 2.0,
    "sup firmly": 0.5,
    "ref": 5.0,
    "TEd": 1.5,
    "TEd late": 1.5,
    "TEh": 6.0,
    "SDTC": 0.02,
}
FACT_WEIGHT: Final = 1.5
SLOW: Final = 6
"""How many terms ``slow`` has."""
FEW: Final = {
    "RC": (2, 2.5, 3.2, 4, 5, 6.3, 7.9), "TEd40": (10, 20, 26, 33, 90, 100),
    "TEh40": (10, 90, 100), "CD": (0.2, 1),
}  # fmt: skip
STUDENT: Final = 3.0


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only report on the present axon")
    parser.add_argument("--from-priors", type=int, metavar="SEED", help="start afresh")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    x = unknowns_of(normal_constants())
    if not options.check:
        with ProcessPoolExecutor(options.workers) as pool:
            if options.from_priors is not None:
                x = screened(options.from_priors, pool)
            x = descended(x, options.rounds, pool)
        NORMAL.write_text(json.dumps({"constants": rounded(constants_of(x))}, indent=1) + "\n", "utf-8")
    report = told(constants_of(x))
    RESULT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(report, indent=1, ensure_ascii=False))


# --- unknowns -------------------------------------------------------------------------------------------


def constants_of(x: Floats) -> Constants:
    """Constants from unknowns in prior SDs."""
    values: dict[str, Any] = {"gate_shift_mv": {}, "gate_speed": {}, "gate_steepness": {}}
    for unknown, (key, (center, sd, kind)) in zip(x, PRIORS.items(), strict=True):
        value = center * math.exp(sd * unknown) if kind == "log" else center + sd * unknown
        if isinstance(key, tuple):
            values[key[0]][key[1]] = value
        else:
            values[key] = value
    values["conditioning"] = min(max(values["conditioning"], CONDITIONING[0]), CONDITIONING[1])
    return constants_from(values)


def unknowns_of(constants: Constants) -> Floats:
    """The inverse."""
    x = []
    for key, (center, sd, kind) in PRIORS.items():
        if isinstance(key, tuple):
            value = getattr(constants, key[0]).get(key[1], 0.0 if key[0] == "gate_shift_mv" else 1.0)
        else:
            value = getattr(constants, key)
        x.append(math.log(value / center) / sd if kind == "log" else (value - center) / sd)
    return np.array(x)


def rounded(constants: Constants) -> dict[str, Any]:
    """Ready for JSON, to five digits: more than the fit means."""
    out: dict[str, Any] = {}
    for item in fields(constants):
        value = getattr(constants, item.name)
        if isinstance(value, float):
            out[item.name] = float(f"{value:.5g}")
        else:
            out[item.name] = {gate: float(f"{v:.5g}") for gate, v in value.items()}
    return out


# --- what is minimized ----------------------------------------------------------------------------------


def residuals(x: Floats) -> Floats:
    """Everything of the module's list, in standard errors; 20 each where the axon cannot be tested."""
    try:
        constants = constants_of(x)
        axon = Axon(constants=constants)
        found = excite(axon)
        shape = spike(axon)
    except PhysiologyError:
        return np.full(length(), 20.0)
    even = balance(constants)
    parts = [
        *(distances(found, name) for name in TRACES),
        np.array([weight * index_distance(found, name) for name, weight in HEADLINES.items()]),
        PRIOR_WEIGHT * x,
        2 * np.array([beyond(15 - shape[0], 6), beyond(shape[1] - 0.7, 0.15), beyond(shape[2] + 66, 3)]),
        np.array([(even.nodal_leak_sodium - 0.1) / 0.1, (even.internodal_leak_sodium - 0.05) / 0.06]),
        200 * np.minimum([even.nodal_leak_sodium, even.internodal_leak_sodium], 0.0),
        FACT_WEIGHT * fact_distances(constants),
        slow(constants),
    ]
    return np.clip(np.concatenate(parts), -40, 40)


def length() -> int:
    """How many residuals there are."""
    points = sum(len(rows(name)) for name in TRACES)
    facts = sum(len(bounds) + 1 for _, bounds in FACTS.values())
    return points + len(HEADLINES) + len(PRIORS) + 3 + 2 + 2 + facts + SLOW


def rows(name: str) -> list[tuple[float, float, float]]:
    """Delay, mean and SD of people, where they spread."""
    return [
        (x, n.mean, n.sd) for x, n in normal_curves()[name].items() if n.sd > 1e-6 and (name, x) != ("IV", 0)
    ]


def distances(found: Excitability, name: str) -> Floats:
    """Of each point, in SDs of people; 20 where the axon could not be tested."""
    known = dict(zip(*found.curves[name], strict=True)) if name in found.curves else {}
    return np.array([(known[x] - mean) / sd if x in known else 20.0 for x, mean, sd in rows(name)])


def index_distance(found: Excitability, name: str) -> float:
    """Of an index, in SDs of people; 3 where the axon has none."""
    value = found.indices.get(name)
    normal = normal_indices()[name]
    return 3.0 if value is None else (value - normal.mean) / normal.sd


def spike(axon: Axon) -> tuple[float, float, float]:
    """Peak in mV, width at half height in ms, and potential 2 ms after the start of a strong stimulus."""
    rest = rest_of(axon)
    if not rest.is_silent:
        raise PhysiologyError("the axon does not rest")
    current = np.zeros(round(6.0 / rest.tables.steps_ms[0]))
    current[: round(0.5 / rest.tables.steps_ms[0])] = 2.2 * rest.threshold_pa
    trace = record(rest.state.copy(), rest.tables, 0, current, 1)[:, 0]
    above = np.flatnonzero(trace > 0.5 * (trace.max() + rest.node_mv))
    dt = float(rest.tables.steps_ms[0])
    return float(trace.max()), float((above[-1] - above[0]) * dt), float(trace[round(2.0 / dt)])


def fact_distances(constants: Constants) -> Floats:
    """How far each published manipulation leaves its bounds, smoothly limited to 6."""
    base = brief(Axon(constants=constants))
    out: list[float] = []
    for changes, bounds in FACTS.values():
        bath = {name: value for name, value in changes.items() if name in Bath.__dataclass_fields__}
        rest = {name: value for name, value in changes.items() if name not in bath}
        moved = brief(Axon(constants=constants, bath=Bath(**bath)).changed(rest))
        for name, (low, high) in bounds.items():
            if base is None or moved is None or name not in base or name not in moved:
                out.append(6.0)
                continue
            change = moved[name] - base[name]
            gap = low - change if change < low else (change - high) / 2 if change > high else 0.0
            out.append(beyond(gap, SCALES[name]))
        out.append(0.0 if moved is None else moved["spike"])
    return np.array(out)


def slow(constants: Constants) -> Floats:
    """How far slow currents are from exciting the axon, and it from firing on with few slow channels.

    Accommodation of human motor axons breaks down: a current that rises over 100 ms and more excites them
    (Hennings and others 2005); slow potassium channels limit repetitive firing (Schwarz and others 1995).
    """
    axon = Axon(constants=constants)
    rest = rest_of(axon)
    less = rest_of(axon.changed({"slow_potassium": 0.15, "internodal_slow_potassium": 0.15}))
    if not (rest.is_silent and less.is_silent):
        return np.full(SLOW, 4.0)
    dt = float(rest.tables.steps_ms[0])
    out = []
    for duration_ms, thresholds in ((100.0, 1.5), (250.0, 1.9)):
        ramp = np.linspace(0, thresholds * rest.threshold_pa, round(duration_ms / dt))
        highest = record(rest.state.copy(), rest.tables, 0, ramp, 1)[:, 0].max()
        out.append(beyond(-20 - highest, 8))
    node = record(rest.state.copy(), rest.tables, 0, np.full(round(120 / dt), 1.2 * rest.threshold_pa), 1)[
        :, 0
    ]
    out.append(beyond(np.count_nonzero((node[1:] >= -20) & (node[:-1] < -20)) - 4, 2))
    node = record(less.state.copy(), less.tables, 0, np.full(round(120 / dt), less.threshold_pa), 1)[:, 0]
    rises = np.flatnonzero((node[1:] >= -20) & (node[:-1] < -20))
    if rises.size:
        after = node[rises[0] + round(0.8 / dt) : rises[0] + round(7 / dt)]
        later = node[rises[0] + round(12 / dt) :]
        out += [beyond(after.min(initial=0) + 60, 6), beyond(-20 - later.max(initial=-90), 12)]
    else:
        out += [beyond(20.0, 6), beyond(60.0, 12)]
    return np.array([*out, beyond(3 - rises.size, 2)])


def brief(axon: Axon) -> dict[str, float] | None:
    """The few quantities that the facts speak of; None where the axon cannot be tested."""
    try:
        found = excite(axon, delays=FEW)
        peak, width, after = spike(axon)
    except PhysiologyError:
        return None
    at = {name: dict(zip(*found.curves[name], strict=True)) for name in found.curves}
    out = {"spike": beyond(5 - peak, 6) + beyond(after + 60, 4) + beyond(width - 1, 0.3)}
    recovery = [at["RC"][x] for x in FEW["RC"] if x in at.get("RC", {})]
    if len(recovery) >= 3:
        out["sup"] = min(sum(recovery[k : k + 3]) / 3 for k in range(len(recovery) - 2))
        out["sup firmly"] = out["sup"]
    for key, trace, delays in (
        ("ref", "RC", (2.5,)), ("TEd", "TEd40", (20, 26, 33)), ("TEd late", "TEd40", (90, 100)),
        ("TEh", "TEh40", (90, 100)),
    ):  # fmt: skip
        if trace in at and all(x in at[trace] for x in delays):
            out[key] = float(np.mean([at[trace][x] for x in delays]))
    if "Strength-duration time constant" in found.indices:
        out["SDTC"] = found.indices["Strength-duration time constant"]
    return out


def beyond(gap: float, scale: float) -> float:
    """A gap in units of its scale where there is one, levelling off at 6."""
    return 6 * math.tanh(max(gap, 0.0) / scale / 6)


def loss(residual: Floats) -> float:
    """Squares, less of the far ones."""
    return float(np.sum(STUDENT**2 * (np.sqrt(1 + (residual / STUDENT) ** 2) - 1)))


# --- the search -----------------------------------------------------------------------------------------


def screened(seed: int, pool: Executor) -> Floats:
    """The best of 400 draws around the priors."""
    rng = np.random.default_rng(seed)
    draws = [0.5 * rng.standard_normal(len(PRIORS)) for _ in range(400)]
    found = list(pool.map(residuals, draws, chunksize=10))
    return draws[int(np.argmin([loss(r) for r in found]))]


def descended(x: Floats, rounds: int, pool: Executor) -> Floats:
    """Levenberg–Marquardt, several dampings at a time: the valley has cliffs where an axon starts to fire."""
    residual = residuals(x)
    now, size = loss(residual), x.size
    for turn in range(rounds):
        step = 0.12 if turn % 2 == 0 else 0.06
        points = [x + step * np.eye(size)[k] * (1 if x[k] < 2.5 else -1) for k in range(size)]
        found = list(pool.map(residuals, points, chunksize=3))
        jacobian = np.array(
            [(r - residual) / (p - x)[k] for k, (r, p) in enumerate(zip(found, points, strict=True))]
        ).T
        weight = (1 + (residual / STUDENT) ** 2) ** -0.25
        a, b = jacobian * weight[:, None], residual * weight
        scale = float(np.median(np.diag(a.T @ a))) / 10
        tried = [points[int(np.argmin([loss(r) for r in found]))]]
        for damping in np.logspace(-2, 2, 9):
            move = -np.linalg.solve(a.T @ a + damping * scale * np.eye(size), a.T @ b)
            tried.append(np.clip(x + move * min(1.0, 1.2 / np.abs(move).max()), -4, 4))
        answers = list(pool.map(residuals, tried, chunksize=2))
        best = int(np.argmin([loss(r) for r in answers]))
        print(f"round {turn}: {now:.2f} -> {loss(answers[best]):.2f}", flush=True)
        if loss(answers[best]) < now - 1e-3:
            x, residual, now = tried[best], answers[best], loss(answers[best])
        elif turn % 2:
            break
    return x


# --- the report -----------------------------------------------------------------------------------------


def told(constants: Constants) -> dict[str, Any]:
    """How near the axon is to people."""
    axon = Axon(constants=constants)
    found = excite(axon)
    z = {name: np.abs(distances(found, name)) for name in TRACES}
    peak, width, _ = spike(axon)
    facts = iter(fact_distances(constants))
    return {
        "mean_abs_z": round(float(np.concatenate(list(z.values())).mean()), 3),
        "mean_abs_z_by_trace": {name: round(float(v.mean()), 3) for name, v in z.items()},
        "largest_abs_z_by_trace": {name: round(float(v.max()), 2) for name, v in z.items()},
        "indices": {
            name: {
                "model": round(value, 3),
                "mean": n.mean,
                "sd": n.sd,
                "z": round((value - n.mean) / n.sd, 2),
            }
            for name, value in found.indices.items()
            if (n := normal_indices().get(name)) is not None
        },
        "rest_mv": round(found.rest_mv, 2),
        "threshold_pa": round(found.threshold_pa, 1),
        "spike_peak_mv": round(peak, 1),
        "spike_half_width_ms": round(width, 3),
        "balance": {f: round(float(getattr(balance(constants), f)), 3) for f in balance(constants).__slots__},
        "facts_beyond_bounds": {
            f"{fact}: {name}": round(float(next(facts)), 2)
            for fact, (_, bounds) in FACTS.items()
            for name in named(bounds)
        },
        "slow_currents": [round(float(v), 2) for v in slow(constants)],
        "constants": rounded(constants),
    }


def named(bounds: Iterable[str]) -> list[str]:
    """The bounds of a fact, and that its spike looks like one."""
    return [*bounds, "spike"]


if __name__ == "__main__":
    main()
