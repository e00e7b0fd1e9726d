"""Draw what the simulated muscle looks like at electrodes: docs/images/synthetic_recording.png.

python benchmarks/simulation/draw_recording.py
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import numpy as np
from matplotlib import pyplot as plt

from whytwitch.physiology.muscle import (
    Background,
    ConcentricNeedle,
    Fasciculation,
    Firing,
    Muscle,
    SurfaceGrid,
    simulate,
)

OUT = Path(__file__).parents[2] / "docs" / "images" / "synthetic_recording.png"
INK, HEART = "#12343b", "#b3541e"


def at_a_needle(figure: plt.Figure, places: list) -> None:
    small = Muscle(units=40, width_mm=14, thickness_mm=14)
    states = {"healthy": small, "reinnervated": small.reinnervated(0.6, 0.6), "myopathic": small.myopathic()}
    for (name, muscle), place in zip(states.items(), places, strict=True):
        axes = figure.add_subplot(place)
        needle = ConcentricNeedle(depth_mm=7)
        first = simulate(muscle, needle, duration_s=0.5, seed=8, firings=[Firing(0, 0.1)])
        inside = [
            k
            for k, u in enumerate(first.truth.units)
            if np.hypot(u.x_mm, u.depth_mm - 7) < 0.5 * u.territory_mm and u.amplitude_uv > 100
        ]
        unit = sorted(inside, key=lambda k: first.truth.units[k].amplitude_uv)[len(inside) // 2]
        times = [0.2 + 0.1 * k for k in range(8)]
        made = simulate(muscle, needle, duration_s=1.2, seed=8, firings=[Firing(unit, t) for t in times],
                        background=Background(noise_uv=4))  # fmt: skip
        x, rate = made.recording.read()[0], made.recording.sampling_rate_hz
        for t in times:
            start = round(t * rate)
            axes.plot(
                np.arange(600) / rate * 1000, x[start : start + 600] / 1000, color=INK, lw=0.6, alpha=0.6
            )
        axes.set_title(f"Needle, {name}", fontsize=9, loc="left")
        axes.set_ylim(-1.7, 1.2)
        axes.set_xlabel("ms", fontsize=8)
        axes.set_ylabel("mV", fontsize=8)
        axes.tick_params(labelsize=7)
        axes.spines[["top", "right"]].set_visible(False)


def along_the_fibers(axes: plt.Axes) -> None:
    muscle = Muscle(units=1, width_mm=1, thickness_mm=4, zone_between_mm=0.0)
    grid = SurfaceGrid(19, 1, 8.0, montage="single_differential")
    made = simulate(muscle, grid, duration_s=0.5, firings=[Firing(0, 0.1)], seed=1)
    unit = made.truth.units[0]
    for k, wave in enumerate(unit.template):
        z = (k - 8.5) * 8
        axes.plot(unit.times_ms, -z + wave / unit.amplitude_uv * 14, color=INK, lw=0.8)
    axes.axhline(0, color=HEART, lw=0.7, ls=":")
    for end in (-60, 60):
        axes.axhline(end, color="#888888", lw=0.7, ls=":")
    axes.set_title("Skin, one unit along the fibers (differential)", fontsize=9, loc="left")
    axes.text(27, 2, "innervation zone", fontsize=7, color=HEART, ha="right")
    axes.text(27, 62, "tendon", fontsize=7, color="#666666", ha="right")
    axes.set_xlim(0, 28)
    axes.set_xlabel("ms", fontsize=8)
    axes.set_ylabel("mm along the fibers", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)


def sixty_four(axes: plt.Axes) -> None:
    made = simulate(
        Muscle(), SurfaceGrid(8, 8), duration_s=12.0, seed=5,
        fasciculation=Fasciculation(rate_per_min=150, units=12, doublet_share=0.2),
        background=Background(mains_uv=2, ecg_uv=15),
    )  # fmt: skip
    x, rate = made.recording.read(), made.recording.sampling_rate_hz
    begin, end = round(4 * rate), round(8 * rate)
    for k, row in enumerate(x):
        axes.plot(np.arange(begin, end) / rate, -k + row[begin:end] / 90, color=INK, lw=0.35)
    d = made.truth.discharges
    shown = (d.peak_s > 4) & (d.peak_s < 8)
    axes.plot(d.peak_s[shown], np.full(shown.sum(), 2.5), "v", color=HEART, ms=4)
    axes.set_title("Skin, 8 by 8 electrodes at rest; marks are the truth", fontsize=9, loc="left")
    axes.set_xlabel("s", fontsize=8)
    axes.set_yticks([])
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right", "left"]].set_visible(False)


def main() -> None:
    figure = plt.figure(figsize=(11, 7.2), dpi=130)
    grid = figure.add_gridspec(3, 5, width_ratios=[1, 0.02, 1, 0.02, 1.4], hspace=0.5, wspace=0.25)
    at_a_needle(figure, [grid[k, 0] for k in range(3)])
    along_the_fibers(figure.add_subplot(grid[:, 2]))
    sixty_four(figure.add_subplot(grid[:, 4]))
    figure.savefig(OUT, bbox_inches="tight")


if __name__ == "__main__":
    main()
