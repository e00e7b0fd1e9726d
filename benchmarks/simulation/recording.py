"""The simulated muscle: time, memory, sizes of potentials beside published ones, and detection against truth.

    python benchmarks/simulation/recording.py [--part time|sizes|needle|detect …]

Writes ``benchmarks/results/simulation_recording.json``; parts that are not asked for keep their figures. The
timed runs are processes of their own, after one that fills the compiler's cache.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from whytwitch.physiology.muscle import (
    Background,
    ConcentricNeedle,
    Fasciculation,
    Firing,
    Muscle,
    SurfaceGrid,
    Train,
    Voluntary,
    simulate,
)
from whytwitch.recording import detect

OUT = Path(__file__).parents[1] / "results" / "simulation_recording.json"
WORKLOAD = """
import json, resource, time
from whytwitch.physiology.muscle import {names}
begin = time.perf_counter()
made = simulate(Muscle(units=100), SurfaceGrid(8, 8), duration_s={seconds}, seed=1, {activity})
print(json.dumps({{
    "wall_s": round(time.perf_counter() - begin, 2),
    "cpu_s": round(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]), 2),
    "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    "discharges": len(made.truth.discharges),
}}))
"""
ACTIVITIES = {
    "60 fasciculations a minute": "fasciculation=Fasciculation(rate_per_min=60, units=20)",
    "the same, voluntary effort of 10 %": (
        "fasciculation=Fasciculation(rate_per_min=60, units=20), "
        "voluntary=Voluntary((0, 1, 599, 600), (0, 0.1, 0.1, 0))"
    ),
}
VISIBLE_UV = 20.0


def workload(activity: str, seconds: float) -> dict[str, float]:
    code = WORKLOAD.format(
        names="Fasciculation, Muscle, SurfaceGrid, Voluntary, simulate", activity=activity, seconds=seconds
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def timed() -> dict[str, object]:
    begin = time.perf_counter()
    workload(ACTIVITIES["60 fasciculations a minute"], 1.0)
    first = round(time.perf_counter() - begin, 1)
    rows = {name: workload(activity, 600.0) for name, activity in ACTIVITIES.items()}
    return {
        "what": "64 channels, 10 min, 2048 Hz, 100 units",
        "first_second_in_a_process_s": first,
        "runs": rows,
    }


def spread(values: list[float]) -> dict[str, float]:
    marks = {f"p{p}": round(float(np.percentile(values, p)), 1) for p in (5, 25, 50, 75, 95)}
    return {"mean": round(float(np.mean(values)), 1), **marks}


def sizes() -> dict[str, object]:
    """Every unit of ten muscles under a monopolar grid, and the negative peaks for the published share."""
    amplitude, negative = [], []
    for seed in range(10):
        made = simulate(Muscle(), SurfaceGrid(8, 8), duration_s=0.5, firings=[Firing(0, 0.1)], seed=seed)
        amplitude += [unit.amplitude_uv for unit in made.truth.units]
        negative += [float(-unit.template[unit.best_channel].min()) for unit in made.truth.units]
    return {
        "peak_to_peak_uv": spread(amplitude),
        "share_of_negative_peaks_below_10_uv": round(float(np.mean(np.array(negative) < 10)), 3),
        "published": {
            "mean_uv_from_weak_to_medium_effort": "26 to 69 (tibialis anterior; McNeil et al. 2005, Clin "
            "Neurophysiol 116:1342)",
            "share_of_negative_peaks_below_10_uv": "0.27 in healthy people (van Dijk et al., effect of small "
            "motor unit potentials on the motor unit number estimate)",
        },
    }


def needle() -> dict[str, object]:
    small = Muscle(units=40, width_mm=14, thickness_mm=14)
    states = {"healthy": small, "reinnervated": small.reinnervated(), "myopathic": small.myopathic()}
    out: dict[str, object] = {}
    for name, muscle in states.items():
        rows = []
        for seed in range(10):
            made = simulate(muscle, ConcentricNeedle(depth_mm=7), duration_s=0.5, seed=seed,
                            firings=[Firing(0, 0.1)], background=Background(noise_uv=0))  # fmt: skip
            for unit in made.truth.units:
                wave = unit.template[0]
                beyond = np.flatnonzero(np.abs(wave) > VISIBLE_UV)
                inside = np.hypot(unit.x_mm, unit.depth_mm - 7) < unit.territory_mm / 2
                if inside and np.ptp(wave) > 50:
                    phases = 1 + int(np.sum(np.diff(np.sign(wave[beyond])) != 0))
                    rows.append((np.ptp(wave), unit.times_ms[np.ptp(beyond)], phases))
        amplitude, duration, phases = np.array(rows).T
        out[name] = {
            "potentials": len(rows),
            "amplitude_uv": spread(amplitude.tolist()),
            "duration_ms": spread(duration.tolist()),
            "phases": round(float(phases.mean()), 2),
            "polyphasic": round(float(np.mean(phases > 4)), 2),
        }
    out["published"] = (
        "healthy tibialis anterior: amplitude 662 (SD 92) uV, duration 9.35 (0.93) ms, phases 3.47 (0.36), "
        "polyphasic 5 to 40 % (de Carvalho and Swash 2013, J Neurol Neurosurg Psychiatry 84:963)"
    )
    return out


def cases() -> dict[str, dict[str, object]]:
    grid = SurfaceGrid(8, 8)
    some = Fasciculation(rate_per_min=40, units=8)
    return {
        "rest": {"electrode": grid, "fasciculation": some},
        "rest, power line 3 uV, heart 15 uV": {
            "electrode": grid, "fasciculation": some, "background": Background(mains_uv=3, ecg_uv=15),
        },
        "rest, quiet amplifier (1 uV), power line 3 uV": {
            "electrode": grid, "fasciculation": some, "background": Background(noise_uv=1, mains_uv=3),
        },
        "reinnervated, doublets and F-waves": {
            "muscle": Muscle().reinnervated(),
            "electrode": grid,
            "fasciculation": Fasciculation(
                rate_per_min=40, units=8, doublet_share=0.2, f_wave_share=0.1, terminal_share=0.5
            ),
        },
        "13 x 5 differential, a contraction": {
            "electrode": SurfaceGrid(13, 5, 8, montage="single_differential"),
            "fasciculation": some,
            "voluntary": Voluntary((40, 41, 50, 51), (0, 0.15, 0.15, 0)),
        },
        "myokymia beside fasciculation": {
            "electrode": grid, "fasciculation": some, "trains": [Train.myokymia(60)],
        },
        "concentric needle": {
            "muscle": Muscle(units=40, width_mm=14, thickness_mm=14),
            "electrode": ConcentricNeedle(depth_mm=7),
            "fasciculation": some,
        },
    }  # fmt: skip


def detected() -> dict[str, object]:
    rows: dict[str, object] = {}
    for name, options in cases().items():
        made = simulate(**{"muscle": Muscle(), "duration_s": 120.0, "seed": 5} | options)
        found = detect(made.recording)
        noise = 5 if made.recording.electrode == "needle" else 3
        row = {}
        for label, least in (("all", 0.0), ("at_least_24_uv_on_skin_40_at_needle", 8.0 * noise)):
            score = made.truth.score(found.events, least_uv=least)
            row[label] = {
                "true": score.true, "found": score.found,
                "sensitivity": None if score.sensitivity is None else round(score.sensitivity, 3),
                "precision": None if score.precision is None else round(score.precision, 3),
                "lag_ms": None if score.lag_ms is None else round(score.lag_ms, 2),
            }  # fmt: skip
        rows[name] = row
        print(name, row, flush=True)
    return rows


PARTS = {"time": timed, "sizes": sizes, "needle": needle, "detect": detected}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", nargs="*", choices=PARTS, default=list(PARTS))
    args = parser.parse_args()
    result = json.loads(OUT.read_text()) if OUT.exists() else {}
    result["machine"] = {
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.machine(),
    }
    for part in args.part:
        result[part] = PARTS[part]()
        print(part, json.dumps(result[part], indent=1), flush=True)
    OUT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
