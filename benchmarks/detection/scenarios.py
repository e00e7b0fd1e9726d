"""Named recordings for development. The held-apart ones are in ``held_apart.py``.

from scenarios import build
case = build("grid-quiet")
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


@scenario("grid-busy")
def _(name: str) -> Case:
    """8x8 monopolar, twelve units, many of them often: potentials overlap."""
    s = Scene(name, 106, 2048, 90, grid(8, 8, 4.0), amplifier=Amplifier(20, 500))
    s.fasciculations(
        [900, 520, 330, 260, 200, 150, 120, 95, 75, 60, 50, 42],
        [4, 22, 35, 9, 60, 28, 14, 45, 18, 30, 25, 20],
        doublets=0.12,
        complex_share=0.5,
        vary=0.08,
    )
    s.background(rms=5, slope=0.9, white=0.6, reach_mm=6)
    s.mains(amplitude=5, harmonics=5)
    s.heart(amplitude=25)
    return s.finish(note="8x8, 4 mm, very many fasciculations")


@scenario("grid-steady-units")
def _(name: str) -> Case:
    """13x5 differential; two units are kept firing at 7 and 10 Hz for half of the time."""
    s = Scene(
        name, 107, 2048, 120, grid(5, 13, 8.0, differential=1, turn_deg=-6), amplifier=Amplifier(10, 500)
    )
    s.fasciculations([260, 150, 90, 60, 45], [6, 10, 14, 8, 12], doublets=0.06, complex_share=0.3)
    s.steady_unit(10, 45, hz=7.2, ptp=140)
    s.steady_unit(22, 60, hz=10.0, ptp=75)
    s.steady_unit(85, 104, hz=8.4, ptp=210)
    s.background(rms=4, slope=0.7, white=0.6, reach_mm=4)
    s.mains(amplitude=4)
    return s.finish(note="13x4 differential, lone voluntary units")


@scenario("grid-coarse")
def _(name: str) -> Case:
    """4x4, 10 mm, 12-bit converter of 2.4 µV a step, saturation, dropouts, 60 Hz."""
    s = Scene(
        name, 108, 4000, 90, grid(4, 4, 10.0), amplifier=Amplifier(5, 1000, step_uv=2.44, limit_uv=1500)
    )
    s.fasciculations([1200, 300, 160, 100, 65], [2, 5, 9, 12, 16], doublets=0.1, vary=0.1)
    s.background(rms=7, slope=0.5, white=0.7, reach_mm=5, drift=0.2)
    s.mains(hz=60, amplitude=30, harmonics=6, wobble=0.03)
    s.heart(amplitude=45, rate=62)
    s.mishap("surges", per_min=2, limit=1500.0)
    s.mishap("movement", per_min=3)
    return s.finish(
        dead=1, dead_style="flat", dropouts_per_min=2, note="coarse converter, losses", tells_line=True
    )


@scenario("line-10k")
def _(name: str) -> Case:
    """Linear array of 8, single differential, 5 mm, 10240 Hz, thick fat."""
    s = Scene(
        name,
        109,
        10240,
        60,
        grid(1, 8, 5.0, differential=1),
        amplifier=Amplifier(10, 750),
        tissue=Tissue(fat_mm=9),
    )
    s.fasciculations([180, 90, 60, 40, 28], [8, 20, 12, 15, 25], doublets=0.1, complex_share=0.2)
    s.contraction(40, 44, level=0.15)
    s.background(rms=3.5, slope=0.4, white=0.8)
    s.mains(amplitude=6)
    s.heart(amplitude=12)
    return s.finish(note="linear array at 10 kHz, thick fat")


@scenario("pairs-legs")
def _(name: str) -> Case:
    """Six muscles, a bipolar pair each, 1 kHz; one muscle contracts now and then."""
    s = Scene(name, 110, 1000, 180, pairs(6, 20.0), amplifier=Amplifier(10, 350))
    s.fasciculations(
        [350, 200, 150, 110, 90, 70, 55, 240, 45],
        [2, 5, 9, 3, 12, 7, 10, 1, 15],
        doublets=0.08,
        complex_share=0.2,
    )
    for start, stop, level, muscle in (
        (20, 27, 0.3, 1),
        (60, 61.5, 0.7, 1),
        (100, 118, 0.06, 3),
        (140, 143, 0.5, 4),
    ):
        s.contraction(start, stop, level=level, muscle=muscle, tag=f"m{muscle}")
    s.background(rms=3.5, slope=0.8, white=0.6, drift=0.15)
    s.mains(amplitude=9, harmonics=4, same_phase=0.2)
    s.heart(amplitude=18, rate=74)
    s.mishap("movement", per_min=3, size=(50, 500))
    s.mishap("pops", per_min=2)
    return s.finish(note="six muscles, bipolar")


@scenario("pair-restless-noise")
def _(name: str) -> Case:
    """One bipolar pair, 2 kHz; the noise is heavy-tailed, drifts and steps."""
    s = Scene(name, 111, 2000, 180, pairs(1, 20.0), amplifier=Amplifier(15, 450))
    s.fasciculations([300, 130, 80], [4, 8, 14], doublets=0.05, complex_share=0.3)
    s.background(rms=4, slope=0.9, white=0.4, dof=3.5, drift=0.45, steps=5)
    s.mains(amplitude=14, harmonics=7, jumps=3, wobble=0.05)
    s.heart(amplitude=55, rate=88, sway=0.1)
    s.mishap("taps", per_min=3, size=(60, 300))
    return s.finish(note="bipolar pair in restless noise")


@scenario("pair-trains")
def _(name: str) -> Case:
    """Two muscles: myokymia, neuromyotonia and a cramp besides fasciculations."""
    s = Scene(name, 112, 2048, 150, pairs(2, 20.0, each=2), amplifier=Amplifier(10, 500))
    s.fasciculations([320, 180, 120, 80], [5, 9, 4, 12], doublets=0.1)
    s.myokymia(10, 60, ptp=130, every_s=2.5, count=(2, 8), hz=32)
    s.myokymia(70, 115, ptp=220, every_s=1.2, count=(3, 10), hz=48, muscle=1)
    s.neuromyotonia([30.0, 88.0, 121.0], ptp=160, hz=210)
    s.cramp(128, 14, units=9, ptp=(60, 260))
    s.background(rms=4, slope=0.8, white=0.6)
    s.mains(amplitude=5)
    s.heart(amplitude=20)
    return s.finish(note="trains and fasciculations")


@scenario("needle-plain")
def _(name: str) -> Case:
    """Concentric needle, 20 kHz, five units, some far."""
    layout = grid(1, 1, 1.0)
    s = Scene(name, 113, 20000, 90, layout, electrode="needle", amplifier=Amplifier(10, 8000))
    s.fasciculations([1400, 600, 350, 180, 90], [4, 9, 6, 12, 20], doublets=0.1, needle=True, far=0.4)
    s.background(rms=7, slope=0.3, white=0.8)
    s.mains(amplitude=10)
    return s.finish(note="needle at rest")


@scenario("needle-denervation")
def _(name: str) -> Case:
    """Needle: fibrillations and positive sharp waves, with a few fasciculations."""
    s = Scene(name, 114, 24000, 90, grid(1, 1, 1.0), electrode="needle", amplifier=Amplifier(20, 9000))
    s.fasciculations([900, 420, 200], [6, 10, 8], doublets=0.08, complex_share=0.7, needle=True, big=1.5)
    s.denervation(5, 40, hz=4.5, ptp=90)
    s.denervation(20, 75, hz=9.0, ptp=60)
    s.denervation(50, 85, hz=2.2, ptp=160, positive_wave=True)
    s.denervation(60, 80, hz=13.0, ptp=110, positive_wave=True)
    s.background(rms=6, slope=0.2, white=0.8)
    s.mains(amplitude=6)
    return s.finish(note="needle with fibrillations")


@scenario("needle-unstable")
def _(name: str) -> Case:
    """Needle: polyphasic, jittering, blocking units; slight effort with a few units; needle movement."""
    s = Scene(name, 115, 10000, 90, grid(1, 1, 1.0), electrode="needle", amplifier=Amplifier(5, 4000))
    s.fasciculations(
        [2400, 1100, 520, 260], [3, 7, 12, 9], doublets=0.15, complex_share=1.0, needle=True, big=2.0
    )
    s.contraction(30, 38, level=0.06, units=14, amplitude=(150, 1500), needle=True)
    s.contraction(70, 73, level=0.5, units=14, amplitude=(150, 1500), needle=True)
    s.background(rms=9, slope=0.5, white=0.7, drift=0.15)
    s.mains(amplitude=15, harmonics=7)
    s.mishap("movement", per_min=3, size=(100, 1500))
    s.mishap("pops", per_min=3, size=(60, 600))
    return s.finish(note="needle, unstable units, slight effort")


@scenario("negative-pairs")
def _(name: str) -> Case:
    """Two pairs near the heart: large ECG, tremor, bursts, movement; no fasciculation."""
    s = Scene(name, 116, 1000, 150, pairs(2, 20.0), amplifier=Amplifier(10, 400))
    s.contraction(20, 45, level=0.35, tremor_hz=5.5, units=24)
    s.contraction(70, 70.7, level=0.6, rise_s=0.1, units=24)
    s.contraction(80, 81, level=0.3, rise_s=0.1, units=24)
    s.contraction(100, 125, level=0.04, units=24)
    s.background(rms=4, slope=0.9, white=0.5, drift=0.3, steps=2)
    s.mains(amplitude=8)
    s.heart(amplitude=260, rate=72, sway=0.09, ectopic=0.03)
    s.mishap("movement", per_min=4)
    s.mishap("taps", per_min=2)
    return s.finish(note="nothing to be found: heart, tremor, effort")


@scenario("negative-needle")
def _(name: str) -> Case:
    """Needle: two steady units, a contraction, fibrillations; no fasciculation."""
    s = Scene(name, 117, 20000, 60, grid(1, 1, 1.0), electrode="needle", amplifier=Amplifier(10, 8000))
    s.steady_unit(8, 26, hz=6.5, ptp=500)
    s.steady_unit(14, 26, hz=9.5, ptp=900)
    s.contraction(34, 42, level=0.5, units=16, amplitude=(150, 1500), needle=True)
    s.denervation(44, 58, hz=7.0, ptp=120)
    s.background(rms=7, slope=0.3, white=0.8)
    s.mains(amplitude=12)
    s.mishap("pops", per_min=4, size=(60, 500))
    return s.finish(note="nothing to be found: needle")


@scenario("negative-rest")
def _(name: str) -> Case:
    """8x8 at rest for two minutes: heavy-tailed noise, mains, a heart. Anything found is false."""
    s = Scene(name, 118, 2048, 120, grid(8, 8, 8.0), amplifier=Amplifier(10, 500))
    s.background(rms=6, slope=0.9, white=0.5, reach_mm=8, common=0.3, dof=3.2, drift=0.2, steps=3)
    s.mains(amplitude=18, harmonics=7, jumps=2)
    s.heart(amplitude=60, rate=68, ectopic=0.02)
    return s.finish(dead=3, note="nothing to be found: rest")


def build(name: str) -> Case:
    """Make one development scenario; the same every time."""
    return SCENARIOS[name]()


def names() -> list[str]:
    return list(SCENARIOS)
