"""Make the example recording that comes with the product (synthetic; there is nobody behind it).

    python benchmarks/detection/make_example.py

Eight surface channels over the biceps (2 across, 4 along the fibers, 8 mm apart), 90 s at 1 kHz, three units
that fasciculate some 25 times, one contraction, power line, heart. Truth goes to example.truth.csv in
this folder.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from edfio import Edf, EdfSignal, Patient
from generators import timing
from generators.case import Case
from generators.layouts import grid
from generators.scene import Amplifier, Scene

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "src" / "whytwitch" / "recording" / "data" / "example.edf"


def make() -> Case:
    s = Scene("example", 20, 1000, 90, grid(2, 4, 8.0), amplifier=Amplifier(10, 400))
    for k, (ptp, times) in enumerate(((320.0, 5), (170.0, 9), (110.0, 11))):
        rng = s.rng(f"times {k}")
        free = [
            *timing.spaced(rng.uniform(2, 50, 3 * times), 0.8),
            *timing.spaced(rng.uniform(62, 88, times), 0.8),
        ]
        chosen, second = timing.with_doublets(rng, np.sort(rng.permutation(free)[: times - 1]), 0.0)
        if k == 1:  # one doublet
            chosen, second = np.r_[chosen, chosen[2] + 0.011], np.r_[second, True]
            order = np.argsort(chosen)
            chosen, second = chosen[order], second[order]
        s.fire(s.skin_unit(f"unit {k}", ptp, depth=(4, 9)), chosen, "fasciculation", second=second)
    s.contraction(53, 58.5, level=0.35, rise_s=0.6, amplitude=(20, 180))
    s.background(rms=4.5, slope=0.8, white=0.6, reach_mm=8)
    s.mains(amplitude=7, harmonics=4)
    s.heart(amplitude=22, rate=66)
    return s.finish()


def main() -> None:
    case = make()
    limit = 1000.0
    signals = [
        EdfSignal(
            np.clip(row.astype(float), -limit, limit),
            sampling_frequency=1000,
            label=f"EMG biceps {k + 1}",
            physical_dimension="uV",
            physical_range=(-limit, limit),
            digital_range=(-32768, 32767),
            transducer_type="synthetic surface electrode",
            prefiltering="HP:10Hz LP:400Hz",
        )
        for k, row in enumerate(case.samples)
    ]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    Edf(signals, patient=Patient(code="SYNTHETIC")).write(TARGET)
    with (HERE / "example.truth.csv").open("w", newline="") as f:
        rows = csv.writer(f)
        rows.writerow(["time_s", "unit", "doublet"])
        keep = case.kind == "fasciculation"
        for t, u, d in zip(case.time_s[keep], case.unit[keep], case.doublet[keep], strict=True):
            rows.writerow([f"{t:.4f}", u, int(d)])
    print(f"{TARGET}: {TARGET.stat().st_size / 1e6:.2f} MB, {keep.sum()} fasciculations")


if __name__ == "__main__":
    main()
