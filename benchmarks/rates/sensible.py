"""Whether predicted rates are sensible: one figure, and a table beside what is published.

Run ``python benchmarks/rates/sensible.py``; it draws ``docs/images/twitch-rates.png`` and writes
``benchmarks/results/rates_sensible.json``. With ``--split`` some points of the curves are simulated by
splitting too (minutes), to show how far the emulator is from the model that it learned.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from whytwitch.physiology import ChangedSystem, apply, combine, muscle_rate
from whytwitch.physiology.rate import predict, ratio

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "benchmarks/results/rates_sensible.json"
PICTURE = ROOT / "docs/images/twitch-rates.png"
NORMAL = ChangedSystem()
CURVES: Mapping[str, tuple[tuple[str, ...], np.ndarray, float, str]] = {
    "ionized calcium, mmol/L": (
        ("bath.ionized_calcium_mmol_l",), np.linspace(0.5, 1.6, 23), 1.2, "falls",
    ),
    "ionized magnesium, mmol/L": (
        ("bath.ionized_magnesium_mmol_l",), np.linspace(0.1, 1.5, 15), 0.55, "falls",
    ),
    "pH": (("bath.ph",), np.linspace(7.1, 7.7, 13), 7.4, "rises"),
    "potassium, mmol/L": (("bath.potassium_mmol_l",), np.linspace(2.5, 8.5, 25), 4.2, "rises, then blocks"),
    "Kv1 left at the endings": (
        ("terminal.fast_potassium", "terminal.internodal_fast_potassium"), np.linspace(0.05, 1.2, 24), 1.0,
        "falls",
    ),
    "persistent sodium, × normal": (("axon.persistent_sodium",), np.linspace(0.3, 4.0, 16), 1.0, "rises"),
    "temperature of the nerve, °C": (("bath.temperature_c",), np.linspace(26.0, 40.0, 15), 33.0, "–"),
    "depolarizing current, of threshold": (
        ("axon.polarization",), np.linspace(-0.4, 0.6, 21), 0.0, "rises, then blocks",
    ),
}  # fmt: skip
"""Targets that move together, values, normal, and what is expected as the value rises."""
CAUSES = (
    ("hypocalcemia", None, None), ("hypocalcemia", None, 1.0), ("hypomagnesemia", None, None),
    ("hyperventilation", None, None), ("hyperkalemia", None, None), ("hypokalemia", None, None),
    ("neuromyotonia", None, None), ("organophosphate_poisoning", None, None), ("als", "channel_loss", None),
    ("als", "persistent_sodium", None), ("benign_fasciculation_syndrome", "ih", None),
    ("cramp_fasciculation_syndrome", None, None), ("stroke_tia", None, None),
)  # fmt: skip
SPLIT_AT = {
    "ionized calcium, mmol/L": (0.7,),
    "Kv1 left at the endings": (0.2,),
    "potassium, mmol/L": (5.5,),
}


def main() -> None:
    """Compute, check, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", action="store_true")
    options = parser.parse_args()
    curves = {name: curve(*CURVES[name]) for name in CURVES}
    report: dict[str, Any] = {
        "normal": prediction(NORMAL),
        "monotone": {name: monotone(found) for name, found in curves.items()},
        "causes": [cause_row(*cause) for cause in CAUSES],
        "curves": curves,
    }
    if options.split:
        report["split"] = [split_row(name, value) for name, values in SPLIT_AT.items() for value in values]
    elif RESULT.exists():
        report["split"] = json.loads(RESULT.read_text("utf-8")).get("split", [])
    RESULT.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    draw(report)
    print(
        json.dumps(
            {key: report[key] for key in ("normal", "monotone", "causes", "split") if key in report}, indent=1
        )
    )


def system_at(targets: tuple[str, ...], value: float) -> ChangedSystem:
    """A motor unit with these targets at a value."""
    return combine(**dict.fromkeys(targets, float(value)))


def curve(targets: tuple[str, ...], values: np.ndarray, normal: float, expected: str) -> dict[str, Any]:
    """log10 of the rate over normal, by value."""
    rows = []
    for value in values:
        system = system_at(targets, value)
        times = ratio(system, NORMAL)
        found = predict(system)
        rows.append([float(value), times.log10, times.low, times.high, found.state, list(found.outside)])
    return {"normal": normal, "expected": expected, "rows": rows}


def monotone(found: dict[str, Any]) -> dict[str, Any]:
    """Whether the curve goes as expected, by steps that go the other way by more than 0.02 decades."""
    steps = np.diff([row[1] for row in found["rows"]])
    expected = found["expected"]
    if expected == "falls":
        wrong = int((steps > 0.02).sum())
    elif expected == "rises":
        wrong = int((steps < -0.02).sum())
    else:
        wrong = None
    return {
        "expected": expected,
        "steps_the_other_way": wrong,
        "span_decades": round(float(abs(steps.sum())), 2),
    }


def prediction(system: ChangedSystem) -> dict[str, Any]:
    """Of a muscle."""
    found = predict(system)
    return {
        "muscle_per_minute": 60 * 10**found.log10_hz,
        "low": 60 * 10**found.low_log10_hz,
        "high": 60 * 10**found.high_log10_hz,
        "state": found.state,
        "outside": list(found.outside),
    }


def cause_row(cause: str, scenario: str | None, dose: float | None) -> dict[str, Any]:
    """One cause, over normal."""
    system = apply(cause, scenario, dose)
    times = ratio(system, NORMAL)
    return {
        "cause": cause, "scenario": scenario, "dose": system.causes[0].dose, "unit": system.causes[0].unit,
        "grade": system.grade, "log10_over_normal": round(times.log10, 2),
        "low": round(times.low, 2), "high": round(times.high, 2), "rate": prediction(system),
    }  # fmt: skip


def split_row(name: str, value: float) -> dict[str, Any]:
    """One point of a curve by splitting."""
    system = system_at(CURVES[name][0], value)
    found = muscle_rate(system, relative_error=0.3, seed=1, max_node_steps=25_000_000)
    main = found.main
    return {
        "curve": name, "value": value, "muscle_hz": found.muscle_hz, "low_hz": found.muscle_low_hz,
        "high_hz": found.muscle_high_hz, "emulator_log10_hz": predict(system).log10_hz,
        "node_steps": found.node_steps, "converged": found.converged, "origin": dict(found.origin),
        "burst_size": main.burst_size, "doublets": main.doublets,
        "intervals_ms": [round(float(gap), 1) for run in found.terminals for gap in run.intervals_ms],
        "warnings": list(found.warnings),
    }  # fmt: skip


def draw(report: dict[str, Any]) -> None:
    """Eight panels: rate over normal by what is changed."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure, axes = plt.subplots(2, 4, figsize=(12, 5.6), sharey=True, constrained_layout=True)
    normal_hz = report["normal"]["muscle_per_minute"] / 60
    for axis, (name, found) in zip(axes.ravel(), report["curves"].items(), strict=True):
        rows = found["rows"]
        x = np.array([row[0] for row in rows])
        middle, low, high = (np.array([row[k] for row in rows]) for k in (1, 2, 3))
        axis.fill_between(x, low, high, color="#0f766e", alpha=0.18, linewidth=0)
        axis.plot(x, middle, color="#0f766e", linewidth=1.8)
        for k, row in enumerate(rows):
            if row[4] != "rests":
                axis.plot(
                    x[k], middle[k], "o", color="#b45309" if row[4] == "fires" else "#7f1d1d", markersize=4
                )
        for point in report.get("split", []):
            if point["curve"] == name:
                center = np.log10(point["muscle_hz"] / normal_hz)
                axis.errorbar(
                    point["value"], center,
                    yerr=[[np.log10(point["muscle_hz"] / point["low_hz"])],
                          [np.log10(point["high_hz"] / point["muscle_hz"])]],
                    fmt="s", color="black", markersize=4, capsize=2,
                )  # fmt: skip
        axis.axvline(found["normal"], color="0.6", linewidth=0.8, linestyle=":")
        axis.axhline(0, color="0.8", linewidth=0.8)
        axis.set_xlabel(name)
    for axis in axes[:, 0]:
        axis.set_ylabel("twitches over normal, log10")
    axes[0, 0].set_ylim(-4, 7.5)
    figure.suptitle(
        "Predicted rate of a muscle over its normal rate, 90 % intervals; squares: by splitting; "
        "orange: the usual ending fires on; dark red: blocked",
        fontsize=10,
    )
    figure.savefig(PICTURE, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main()
