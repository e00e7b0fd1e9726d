"""Named recordings for development. The held-apart ones are in ``held_apart.py``.

from scenarios import build
case = build("grid-quiet")
"""

from __future__ import annotations

from collections.abc import Callable

from generators.case import Case
from generators.layouts import grid, pairs
from generators.scene import Amplifier, Scene

SCENARIOS: dict[str, Callable[[], Case]] = {}


def scenario(name: str) -> Callable[[Callable[[str], Case]], Callable[[], Case]]:
    def register(make: Callable[[str], Case]) -> Callable[[], Case]:
        SCENARIOS[name] = lambda: make(name)
        return SCENARIOS[name]

    return register


@scenario("grid-quiet")
def _(name: str) -> Case:
    """8x8 monopolar, low noise, eight units; what a good recording looks like."""
    s = Scene(name, 101, 2048, 120, grid(8, 8, 8.0), amplifier=Amplifier(10, 500))
    s.fasciculations(
        [380, 210, 150, 110, 80, 60, 48, 34],
        [1.5, 6, 12, 3, 20, 8, 10, 14],
        doublets=0.08,
        complex_share=0.2,
    )
    s.background(rms=4.5, slope=0.8, white=0.6, reach_mm=8)
    s.mains(amplitude=8, harmonics=5)
    return s.finish(note="8x8 monopolar at rest")


@scenario("grid-mishaps")
def _(name: str) -> Case:
    """13x5 monopolar, ECG, movement, taps, pops, dead channels, a loose reference."""
    s = Scene(name, 102, 2000, 120, grid(5, 13, 8.0, turn_deg=9), amplifier=Amplifier(3, 450))
    s.fasciculations([500, 240, 130, 95, 70, 55], [0.6, 9, 5, 15, 7, 10], doublets=0.1, complex_share=0.3)
    s.background(rms=6, slope=1.1, white=0.6, reach_mm=10, common=0.25, drift=0.15, steps=3)
    s.mains(amplitude=22, harmonics=7, jumps=3, wobble=0.04)
    s.heart(amplitude=70, rate=78)
    s.mishap("movement", per_min=5, size=(80, 900))
    s.mishap("taps", per_min=4, size=(80, 500))
    s.mishap("pops", per_min=5, size=(60, 900))
    return s.finish(dead=4, note="13x5 monopolar with everything that goes wrong")


@scenario("grid-voluntary")
def _(name: str) -> Case:
    """8x8 single differential along the fibers; a ramp, a steady low contraction, brief bursts."""
    s = Scene(name, 103, 2048, 120, grid(8, 8, 8.0, differential=1), amplifier=Amplifier(15, 480))
    s.fasciculations([300, 170, 110, 75, 50, 40], [3, 10, 6, 12, 15, 5], doublets=0.1)
    s.contraction(18, 26, level=0.6, rise_s=2.5, units=28)
    s.contraction(45, 57, level=0.06, rise_s=0.6, units=28)
    s.contraction(75, 76.2, level=0.4, rise_s=0.15, units=28)
    s.contraction(90, 93, level=0.9, rise_s=0.3, units=28)
    s.background(rms=4, slope=0.6, white=0.7, reach_mm=4)
    s.mains(amplitude=3, harmonics=3)
    return s.finish(note="8x7 differential, rest and contractions")


@scenario("pair-plain")
def _(name: str) -> Case:
    """One bipolar pair at 1 kHz, four units, ECG and mains."""
    s = Scene(name, 104, 1000, 180, pairs(1, 20.0), amplifier=Amplifier(20, 400))
    s.fasciculations([420, 160, 90, 55], [2, 8, 12, 10], doublets=0.08)
    s.background(rms=4, slope=0.7, white=0.7)
    s.mains(amplitude=6, harmonics=4)
    s.heart(amplitude=30, rate=66)
    s.mishap("movement", per_min=2, size=(60, 400))
    return s.finish(note="one bipolar pair")


@scenario("negative-grid")
def _(name: str) -> Case:
    """4x4 monopolar, no fasciculation at all: ECG with ectopic beats, movement, taps, pops, effort."""
    s = Scene(name, 105, 2048, 120, grid(4, 4, 10.0), amplifier=Amplifier(5, 500))
    s.contraction(30, 36, level=0.3, rise_s=0.4)
    s.contraction(80, 92, level=0.05, rise_s=0.4)
    s.background(rms=6, slope=1.0, white=0.5, reach_mm=6, dof=4.0, drift=0.25, steps=4)
    s.mains(amplitude=15, harmonics=5, jumps=2)
    s.heart(amplitude=110, rate=84, ectopic=0.05)
    s.mishap("movement", per_min=5)
    s.mishap("taps", per_min=3)
    s.mishap("pops", per_min=4)
    return s.finish(note="nothing to be found")


def build(name: str) -> Case:
    """Make one development scenario; the same every time."""
    return SCENARIOS[name]()


def names() -> list[str]:
    return list(SCENARIOS)
