"""HELD APART. Do not look at the figures of these while you change the detector.

Other seeds, other ranges, other physics (tripole in place of layers, other tissue, other noise) than in
``scenarios.py``. Run once a version is finished: ``run.py --set held-apart``. Once a scenario here has led
to a change, it is a development scenario: move it there and write another.
"""

from __future__ import annotations

from collections.abc import Callable

from generators.case import Case
from generators.conductor import Tissue
from generators.layouts import grid, pairs
from generators.scene import Amplifier, Scene

SCENARIOS: dict[str, Callable[[], Case]] = {}


def scenario(name: str) -> Callable[[Callable[[str], Case]], Callable[[], Case]]:
    def register(make: Callable[[str], Case]) -> Callable[[], Case]:
        SCENARIOS[name] = lambda: make(name)
        return SCENARIOS[name]

    return register


@scenario("apart-grid-tripole")
def _(name: str) -> Case:
    """8x8 monopolar, tripole sources, thin fat, moderate noise."""
    s = Scene(
        name, 9001, 2048, 150, grid(8, 8, 10.0, turn_deg=15), tissue=Tissue(fat_mm=1.5), model="tripole"
    )
    s.fasciculations(
        [620, 240, 180, 120, 95, 72, 58, 44, 30],
        [0.6, 11, 3, 25, 7, 16, 5, 12, 9],
        doublets=0.12,
        complex_share=0.35,
        vary=0.07,
    )
    s.background(rms=5.5, slope=1.2, white=0.5, reach_mm=12, common=0.15)
    s.mains(hz=60, amplitude=14, harmonics=5, wobble=0.03)
    s.heart(amplitude=30, rate=58)
    return s.finish(note="8x8, tripole sources")


@scenario("apart-grid-storm")
def _(name: str) -> Case:
    """13x5, 4 mm, not told where electrodes are; every mishap."""
    s = Scene(name, 9002, 2048, 120, grid(5, 13, 4.0, turn_deg=-12), amplifier=Amplifier(2, 700, order=4))
    s.fasciculations([700, 310, 170, 105, 75, 52], [3, 8, 18, 6, 12, 20], doublets=0.08, complex_share=0.3)
    s.background(rms=6.5, slope=1.0, white=0.6, reach_mm=5, drift=0.3, steps=5)
    s.mains(amplitude=35, harmonics=9, jumps=4, wobble=0.06)
    s.heart(amplitude=120, rate=95, sway=0.1, ectopic=0.04)
    s.mishap("movement", per_min=7, size=(100, 1500))
    s.mishap("taps", per_min=5)
    s.mishap("pops", per_min=8, channels_each=2)
    return s.finish(dead=6, dropouts_per_min=1, note="13x5 in a storm", tells_positions=False)


@scenario("apart-grid-effort")
def _(name: str) -> Case:
    """8x8 double differential; long ramp, tremor, brief twitches of effort, tripole sources."""
    s = Scene(
        name, 9003, 2000, 120, grid(8, 8, 8.0, differential=2), model="tripole", amplifier=Amplifier(20, 450)
    )
    s.fasciculations([240, 140, 100, 70, 50], [5, 14, 9, 18, 11], doublets=0.1, complex_share=0.2)
    s.contraction(12, 30, level=0.8, rise_s=7.0, units=26)
    s.contraction(50, 62, level=0.3, tremor_hz=4.5, units=26)
    for start in (75.0, 79.5, 84.2, 90.1):
        s.contraction(start, start + 0.5, level=0.35, rise_s=0.1, units=26)
    s.background(rms=3.5, slope=0.5, white=0.7, reach_mm=4)
    s.mains(amplitude=3)
    return s.finish(note="double differential, efforts")


@scenario("apart-grid-few-large")
def _(name: str) -> Case:
    """4x4, 8 mm; rare large fasciculations only (three units, together three a minute)."""
    s = Scene(
        name, 9004, 4000, 180, grid(4, 4, 8.0), amplifier=Amplifier(10, 1500), tissue=Tissue(fat_mm=2.5)
    )
    s.fasciculations([1500, 480, 210], [0.3, 1.2, 1.5], complex_share=0.6, vary=0.03)
    s.background(rms=5, slope=0.6, white=0.8, dof=4.5)
    s.mains(amplitude=12, same_phase=0.9)
    s.heart(amplitude=60, rate=66)
    s.mishap("movement", per_min=3)
    return s.finish(note="4x4, rare and large", tells_electrode=False)


@scenario("apart-grid-crowd")
def _(name: str) -> Case:
    """8x8 monopolar, fifteen units, up to two a second."""
    s = Scene(name, 9005, 2048, 90, grid(8, 8, 8.0, turn_deg=5), model="tripole", tissue=Tissue(fat_mm=6))
    s.fasciculations(
        [800, 600, 420, 300, 240, 190, 160, 130, 110, 90, 75, 62, 52, 45, 38],
        [3, 10, 40, 20, 14, 70, 30, 8, 50, 26, 110, 18, 36, 22, 30],
        doublets=0.08,
        complex_share=0.4,
    )
    s.background(rms=5, slope=1.0, white=0.6, reach_mm=10)
    s.mains(amplitude=7)
    return s.finish(note="8x8, a crowd of units")


@scenario("apart-line")
def _(name: str) -> Case:
    """Linear array of 8, monopolar, 10 mm, 2000 Hz, with a low contraction of lone units."""
    s = Scene(name, 9006, 2000, 150, grid(1, 8, 10.0), amplifier=Amplifier(10, 400), model="tripole")
    s.fasciculations([200, 110, 70, 48], [7, 12, 16, 10], doublets=0.12)
    s.steady_unit(30, 70, hz=8.8, ptp=120)
    s.steady_unit(45, 66, hz=11.5, ptp=60)
    s.background(rms=4.5, slope=0.9, white=0.6, reach_mm=6, common=0.3)
    s.mains(hz=60, amplitude=10)
    s.heart(amplitude=35, rate=80)
    return s.finish(note="linear array, lone units")


@scenario("apart-pairs-four")
def _(name: str) -> Case:
    """Four muscles, two pairs each, 2048 Hz, 0.5 µV converter, trains in one of them."""
    s = Scene(name, 9007, 2048, 150, pairs(4, 15.0, each=2), amplifier=Amplifier(20, 450, step_uv=0.5))
    s.fasciculations(
        [280, 190, 140, 100, 75, 55, 40], [4, 9, 6, 14, 3, 12, 18], doublets=0.1, complex_share=0.3
    )
    s.myokymia(20, 90, ptp=180, every_s=3.3, count=(2, 5), hz=25, muscle=2)
    s.neuromyotonia([40.0, 101.0], ptp=110, hz=170, muscle=0)
    s.contraction(110, 118, level=0.2, muscle=3)
    s.background(rms=3, slope=0.7, white=0.7, drift=0.2)
    s.mains(amplitude=6)
    s.heart(amplitude=25, rate=64)
    s.mishap("movement", per_min=2)
    return s.finish(note="four muscles, trains")


@scenario("apart-pair-weak")
def _(name: str) -> Case:
    """One pair, 1 kHz, small potentials in noise of 5 µV, large mains."""
    s = Scene(name, 9008, 1000, 240, pairs(1, 25.0), amplifier=Amplifier(10, 300))
    s.fasciculations([140, 85, 60], [5, 9, 12], doublets=0.05)
    s.background(rms=5, slope=0.8, white=0.5, drift=0.25, steps=2)
    s.mains(amplitude=45, harmonics=7, wobble=0.04)
    s.heart(amplitude=40, rate=70)
    s.mishap("movement", per_min=2)
    return s.finish(note="one pair, weak potentials")


@scenario("apart-pair-cramp")
def _(name: str) -> Case:
    """One pair, 4 kHz: fasciculations, then a cramp grows out of them."""
    s = Scene(name, 9009, 4000, 120, pairs(1, 20.0), amplifier=Amplifier(10, 1000), model="tripole")
    s.fasciculations([400, 220, 130, 80], [8, 12, 15, 20], doublets=0.15)
    s.cramp(55, 18, units=12, ptp=(50, 350))
    s.cramp(100, 6, units=5, ptp=(50, 250))
    s.background(rms=4, slope=0.6, white=0.7)
    s.mains(amplitude=5)
    return s.finish(note="one pair, cramps")


@scenario("apart-needle-many")
def _(name: str) -> Case:
    """Needle, 23.4 kHz, seven units near and far, 60 Hz."""
    s = Scene(name, 9010, 23437.5, 80, grid(1, 1, 1.0), electrode="needle", amplifier=Amplifier(3, 9000))
    s.fasciculations(
        [2800, 900, 500, 320, 210, 140, 80],
        [3, 6, 11, 8, 15, 5, 18],
        doublets=0.12,
        complex_share=0.3,
        needle=True,
        far=0.5,
    )
    s.background(rms=8, slope=0.5, white=0.7, dof=5.0)
    s.mains(hz=60, amplitude=20, harmonics=9)
    return s.finish(note="needle, seven units")


@scenario("apart-needle-als")
def _(name: str) -> Case:
    """Needle, 12.5 kHz: large unstable units, fibrillations, reduced recruitment."""
    s = Scene(
        name, 9011, 12500, 90, grid(1, 1, 1.0), electrode="needle", amplifier=Amplifier(10, 5000, step_uv=1.0)
    )
    s.fasciculations(
        [3500, 1600, 700, 300], [5, 9, 14, 7], doublets=0.1, complex_share=0.9, needle=True, big=1.8
    )
    s.denervation(10, 60, hz=3.3, ptp=75)
    s.denervation(35, 88, hz=11.0, ptp=130, positive_wave=True)
    s.steady_unit(50, 64, hz=12.0, ptp=2200, cv=0.1)
    s.background(rms=8, slope=0.3, white=0.8, drift=0.2)
    s.mains(amplitude=8)
    s.mishap("movement", per_min=2, size=(80, 800))
    return s.finish(note="needle, as in ALS")


@scenario("apart-negative-grid")
def _(name: str) -> Case:
    """13x5 with efforts, heart, storm; nothing to be found."""
    s = Scene(name, 9012, 2048, 120, grid(5, 13, 8.0), amplifier=Amplifier(5, 500), model="tripole")
    s.contraction(15, 24, level=0.5, rise_s=4.0, units=24)
    s.contraction(60, 85, level=0.045, units=24)
    s.contraction(100, 101, level=0.4, rise_s=0.1, units=24)
    s.background(rms=6, slope=1.1, white=0.5, reach_mm=8, dof=3.5, drift=0.3, steps=5)
    s.mains(amplitude=25, harmonics=7, jumps=3)
    s.heart(amplitude=150, rate=105, sway=0.08, ectopic=0.06)
    s.mishap("movement", per_min=6)
    s.mishap("taps", per_min=5)
    s.mishap("pops", per_min=6)
    return s.finish(dead=3, note="nothing to be found: grid")


@scenario("apart-negative-pairs")
def _(name: str) -> Case:
    """Three pairs, 2 kHz: heart, a steady unit, tremor, taps; nothing to be found."""
    s = Scene(name, 9013, 2000, 150, pairs(3, 20.0), amplifier=Amplifier(8, 450))
    s.steady_unit(10, 55, hz=7.8, ptp=130)
    s.contraction(65, 95, level=0.3, tremor_hz=6.2, units=22, muscle=1)
    s.contraction(110, 111.2, level=0.7, rise_s=0.12, units=22, muscle=2)
    s.background(rms=4.5, slope=0.8, white=0.6, dof=4.0, drift=0.35, steps=3)
    s.mains(amplitude=16, jumps=2)
    s.heart(amplitude=180, rate=84, ectopic=0.05)
    s.mishap("taps", per_min=4)
    s.mishap("movement", per_min=3)
    s.mishap("pops", per_min=4)
    return s.finish(note="nothing to be found: pairs")


@scenario("apart-negative-needle")
def _(name: str) -> Case:
    """Needle in a resting, denervated muscle, and slight effort; nothing to be found."""
    s = Scene(name, 9014, 10240, 90, grid(1, 1, 1.0), electrode="needle", amplifier=Amplifier(20, 4500))
    s.denervation(3, 50, hz=5.5, ptp=100)
    s.denervation(30, 80, hz=1.6, ptp=70)
    s.denervation(55, 85, hz=8.0, ptp=140, positive_wave=True)
    s.steady_unit(60, 85, hz=7.0, ptp=700)
    s.background(rms=7, slope=0.4, white=0.7, dof=4.0, drift=0.2)
    s.mains(hz=60, amplitude=10)
    s.mishap("pops", per_min=3, size=(50, 400))
    return s.finish(note="nothing to be found: needle")


def build(name: str) -> Case:
    """Make one held-apart scenario; the same every time."""
    return SCENARIOS[name]()


def names() -> list[str]:
    return list(SCENARIOS)
