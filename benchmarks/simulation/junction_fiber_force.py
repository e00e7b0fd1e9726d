"""Draws docs/images/junction-fiber-force.png and prints the numbers of docs/junction-fiber-force.md.

    python benchmarks/simulation/junction_fiber_force.py [PICTURE]

Needs matplotlib. Takes about half a minute.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.fiber import (
    WARM,
    Fiber,
    Pulse,
    conduction_velocity_m_s,
    excite_fiber,
    pulse_train,
    resting_conductance,
    resting_potentials_mv,
)
from whytwitch.physiology.force import MotorUnitForce, force
from whytwitch.physiology.junction import Junction, compound, transmit

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

PICTURE = Path(__file__).parents[2] / "docs/images/junction-fiber-force.png"
RATES_HZ = np.arange(3.0, 40.0, 0.25)


def train(count: int, rate_hz: float) -> NDArray[np.float64]:
    return 5.0 + np.arange(count) * 1000.0 / rate_hz


# --- the picture ----------------------------------------------------------------------------------


def draw_end_plate(ax: Axes) -> None:
    for name, junction in {
        "healthy": Junction(),
        "a third of the receptors": Junction(receptor_fraction=1 / 3),
        "2 % esterase": Junction(acetylcholinesterase_fraction=0.02),
    }.items():
        run = transmit(junction, [5.0], 2)
        ax.plot(run.times_ms, run.end_plate_mv, label=name)
    ax.axhline(Junction().threshold_mv, color="0.6", ls=":", label="threshold")
    ax.set(title="End-plate potential", xlabel="ms", ylabel="mV above rest", xlim=(0, 60))
    ax.legend(fontsize=7)


def draw_trains(ax: Axes) -> None:
    for name, junction, rate_hz in (
        ("healthy, 3 Hz", Junction(), 3.0),
        ("a third of the receptors, 3 Hz", Junction(receptor_fraction=1 / 3), 3.0),
        ("60 % calcium entry, 50 Hz", Junction(calcium_channel_fraction=0.6), 50.0),
        ("5 % esterase, 30 Hz", Junction(acetylcholinesterase_fraction=0.05), 30.0),
        ("no esterase, 30 Hz", Junction(acetylcholinesterase_fraction=0.0), 30.0),
    ):
        ax.plot(range(1, 11), compound(junction, train(10, rate_hz)).amplitude, "o-", ms=3, label=name)
    ax.set(
        title="Compound response in trains", xlabel="stimulus", ylabel="share of fibers", ylim=(-0.03, 1.05)
    )
    ax.legend(fontsize=7)


def draw_action_potential(ax: Axes) -> None:
    run = excite_fiber(None, pulse_train(1, 1.0, onset_ms=2.0))
    ax.plot(run.times_ms, run.membrane_mv, label="surface")
    ax.plot(run.times_ms, run.tubule_mv, label="tubules")
    ax.set(title="Action potential, 37 °C", xlabel="ms", ylabel="mV", xlim=(0, 12))
    ax.legend(fontsize=7)


def draw_myotonia(ax: Axes) -> None:
    run = excite_fiber(Fiber(chloride_conductance_fraction=0.25), pulse_train(20, 50.0), duration_ms=1500.0)
    ax.plot(run.times_ms, run.membrane_mv, lw=0.4)
    ax.axvspan(10.0, 390.0, color="0.9")
    right = ax.twinx()
    right.plot(run.times_ms, run.tubule_potassium_mmol_l, color="tab:red")
    right.set_ylabel("tubule potassium, mmol/l", color="tab:red")
    ax.set(title="Myotonia: 25 % of the chloride conductance", xlabel="ms (stimulated in gray)", ylabel="mV")


def draw_rest(ax: Axes) -> None:
    potassium = np.arange(0.8, 12.01, 0.1)
    for name, fiber in {
        "healthy": Fiber(),
        "leak of hypokalemic paralysis": Fiber(leak_conductance_fraction=1.32),
        "60 % of the inward rectifier": Fiber(inward_rectifier_fraction=0.6),
    }.items():
        rests = [resting_potentials_mv(fiber, replace(WARM, potassium_mmol_l=float(x)))[0] for x in potassium]
        ax.plot(potassium, rests, label=name)
    ax.set(title="Resting potential", xlabel="potassium, mmol/l", ylabel="mV", xscale="log")
    ax.set_xticks([1, 2, 4, 8], ["1", "2", "4", "8"])
    ax.legend(fontsize=7)


def draw_force(ax: Axes) -> None:
    unit = MotorUnitForce()
    for rate_hz in (1.0, 8.0, 12.0, 30.0):
        trace = force(unit, np.arange(0.05, 1.05, 1.0 / rate_hz), duration_s=1.5)
        ax.plot(np.arange(len(trace)) / 1000.0, trace, label=f"{rate_hz:g} Hz")
    ax.set(title="Force of one motor unit", xlabel="s", ylabel="mN")
    ax.legend(fontsize=7)


def draw(path: Path) -> None:
    figure, axes = plt.subplots(2, 3, figsize=(13, 7.2), layout="constrained")
    parts = (draw_end_plate, draw_trains, draw_action_potential, draw_myotonia, draw_rest, draw_force)
    for part, ax in zip(parts, axes.flat, strict=True):
        part(ax)
    figure.savefig(path, dpi=80)


# --- the numbers ----------------------------------------------------------------------------------


def say(what: str, found: object) -> None:
    print(f"{what:64s} {found}")


def measure_junction() -> None:
    say(
        "safety factor",
        round(float(np.mean([transmit(None, [5.0], s).safety_factor[0] for s in range(200)])), 2),
    )
    for rate_hz in (3.0, 50.0):
        say(f"healthy, least of 60 at {rate_hz:g} Hz", compound(None, train(60, rate_hz)).amplitude.min())
    sick = compound(Junction(receptor_fraction=1 / 3), train(5, 3.0))
    say("a third of the receptors: first, decrement", (sick.amplitude[0].round(2), round(sick.decrement, 2)))
    weak = compound(Junction(calcium_channel_fraction=0.6), train(50, 50.0)).amplitude
    say("60 % calcium entry, 50 Hz: first, later", (weak[0].round(2), weak[10:].mean().round(2)))
    for esterase in (0.6, 0.2, 0.1, 0.05, 0.02, 0.0):
        junction = Junction(acetylcholinesterase_fraction=esterase)
        say(
            f"esterase {esterase:g}: repetitive after 1st, 2nd of 10 Hz",
            compound(junction, train(4, 10.0)).repetitive[:2].round(2),
        )
        for rate_hz in (10.0, 20.0, 30.0):
            say(f"    amplitudes at {rate_hz:g} Hz", compound(junction, train(8, rate_hz)).amplitude.round(2))
    for longer in (3.84, 8.68):
        slow = compound(Junction(channel_open_time_fraction=longer), [5.0])
        say(f"openings {longer:g} times as long: repetitive", slow.repetitive[0].round(2))


def measure_fiber() -> None:
    say("rest at 4 mmol/l, mV", resting_potentials_mv(None, replace(WARM, potassium_mmol_l=4.0)).round(1))
    conductance = resting_conductance()
    whole = conductance.chloride_ms_cm2 + conductance.other_ms_cm2
    say(
        "chloride's share; other, mS/cm2",
        (round(conductance.chloride_ms_cm2 / whole, 2), conductance.other_ms_cm2),
    )
    single = excite_fiber(None, pulse_train(1, 1.0))
    say("peak, mV", single.membrane_mv.max().round(1))
    half = single.rest_mv + 0.5 * (single.membrane_mv.max() - single.rest_mv)
    say("width at half height, ms", round(float((single.membrane_mv > half).sum()) * 0.05, 2))
    say("tubule potassium per action potential", (single.tubule_potassium_mmol_l.max() - 4.2).round(2))
    for diameter in (30.0, 40.0, 60.0, 80.0):
        found = conduction_velocity_m_s(Fiber(diameter_um=diameter))
        say(f"velocity at {diameter:g} um, m/s; 0.05 D + 0.95", (found, 0.05 * diameter + 0.95))
    for fraction in (0.5, 0.38, 0.3, 0.28, 0.25, 0.2, 0.1):
        run = excite_fiber(
            Fiber(chloride_conductance_fraction=fraction), pulse_train(20, 50.0), duration_ms=2400.0
        )
        own = run.spikes_ms[run.spikes_ms > 405.0]
        rate = 1000.0 / np.median(np.diff(own)) if len(own) > 2 else 0.0
        say(
            f"chloride {fraction:g}: discharges of its own, Hz, end mV",
            (len(own), round(rate), run.membrane_mv[-1]),
        )
    for share in (0.001, 0.0075, 0.01, 0.015, 0.02, 0.03):
        for potassium in (4.2, 7.0):
            run = excite_fiber(
                Fiber(persistent_sodium_fraction=share),
                [Pulse(10.0, 500.0, 40.0)],
                replace(WARM, potassium_mmol_l=potassium),
                duration_ms=2500.0,
            )
            say(
                f"persistent {share:g}, potassium {potassium:g}: during, after, end mV",
                (sum(run.spikes_ms < 511), sum(run.spikes_ms > 511), run.membrane_mv[-1].round(1)),
            )


def measure_force() -> None:
    unit = MotorUnitForce()
    plateaus = [force(unit, np.arange(0.0, 3.0, 1.0 / r), duration_s=3.0)[1500:2900] for r in RATES_HZ]
    mean = np.array([p.mean() for p in plateaus]) / unit.tetanic_force_mn
    fused = np.array([p.min() > 0.1 * p.max() for p in plateaus])
    say("fusion begins, Hz", RATES_HZ[np.argmax(fused)])
    say("half of the tetanic force, Hz", RATES_HZ[np.argmax(mean > 0.5)])
    say("97 % of it, Hz", RATES_HZ[np.argmax(mean > 0.97)])
    doublet = force(unit, [0.0, 0.010]).max()
    say(
        "doublet over twitch, over tetanus", (doublet / unit.twitch_force_mn, doublet / unit.tetanic_force_mn)
    )
    say("tetanus over twitch", unit.tetanic_force_mn / unit.twitch_force_mn)


def measure_speed() -> None:
    began = time.perf_counter()
    excite_fiber(None, pulse_train(50, 50.0), duration_ms=1000.0)
    say("seconds for one second of a fiber", round(time.perf_counter() - began, 2))
    began = time.perf_counter()
    compound(None, train(10, 3.0))
    say("seconds for ten stimuli to 200 junctions", round(time.perf_counter() - began, 2))


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
    measure_junction()
    measure_fiber()
    measure_force()
    measure_speed()
