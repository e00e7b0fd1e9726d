"""Puts units, noise and mishaps together into a case."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfilt

from generators import artifacts, noise, timing
from generators.case import Case
from generators.conductor import Tissue, UnitShape, draw_unit, potential
from generators.layouts import Layout
from generators.needle import NeedleUnit, fibrillation

OVER = 4  # templates are made at this multiple of the sampling rate and placed between samples


@dataclass
class Amplifier:
    """Filters of the recorder (causal Butterworth) and its converter."""

    low_hz: float = 10.0
    high_hz: float | None = 500.0
    order: int = 2
    step_uv: float = 0.0
    limit_uv: float | None = None

    def filter(self, x: NDArray, fs: float) -> NDArray:
        sos = [butter(1, self.low_hz, "highpass", fs=fs, output="sos")]
        if self.high_hz is not None and self.high_hz < 0.47 * fs:
            sos.append(butter(self.order, self.high_hz, "lowpass", fs=fs, output="sos"))
        return sosfilt(np.vstack(sos), x, axis=-1)


@dataclass
class Unit:
    """parts (n_parts, n_channels, n) at OVER times the rate; ``peak`` its largest deflection there."""

    id: int
    parts: NDArray[np.float32]
    peak: int
    ptp: float
    best: int
    jitter_s: NDArray[np.float64]  # of each part
    blocking: NDArray[np.float64]  # probability that a part fails
    vary: float  # relative amplitude


@dataclass
class Scene:
    """A recording in the making. Each tag has its own stream, so that a change here changes only that."""

    name: str
    seed: int
    fs: float
    seconds: float
    layout: Layout
    electrode: str = "surface"
    amplifier: Amplifier = field(default_factory=Amplifier)
    tissue: Tissue = field(default_factory=Tissue)
    model: str = "layered"

    def __post_init__(self) -> None:
        self.n = int(self.fs * self.seconds)
        self.x = np.zeros((self.layout.n_channels, self.n), np.float32)
        self.units: dict[int, Unit] = {}
        self.rows: list[tuple[float, int, str, bool]] = []
        self.spans: dict[str, list[tuple[float, float]]] = {"voluntary": [], "train": [], "artifact": []}
        self.noise_uv = 0.0
        self.line_hz: float | None = None

    def rng(self, tag: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(tag.encode())])

    # --- units ------------------------------------------------------------------------------

    def _register(
        self, parts: NDArray, ptp: float | None, jitter: float, blocking: float, vary: float
    ) -> Unit:
        """Scale to ``ptp`` on the best channel, find the peak as the amplifier passes it."""
        rate = self.fs * OVER
        low = resample_poly(parts, 1, OVER, axis=-1)
        parts = resample_poly(low, OVER, 1, axis=-1)[..., : parts.shape[-1]]
        pad = np.zeros((*parts.shape[1:-1], int(0.02 * rate)))
        seen = self.amplifier.filter(np.concatenate([pad, parts.sum(0), pad], -1), rate)
        sizes = np.ptp(seen, axis=-1)
        best = int(sizes.argmax())
        if ptp is not None:
            parts = parts * (ptp / sizes[best])
            sizes = sizes * (ptp / sizes[best])
        peak = int(np.abs(seen[best]).argmax()) - pad.shape[-1]
        late = np.arange(len(parts)) > 0
        unit = Unit(
            id=len(self.units) + 1,
            parts=parts.astype(np.float32),
            peak=peak,
            ptp=float(sizes[best]),
            best=best,
            jitter_s=np.where(late, jitter, 0.0),
            blocking=np.where(late, blocking, 0.0),
            vary=vary,
        )
        self.units[unit.id] = unit
        return unit

    def skin_unit(
        self,
        tag: str,
        ptp: float | None,
        *,
        muscle: int = 0,
        shape: UnitShape | None = None,
        depth: tuple[float, float] = (3.0, 16.0),
        late: tuple[tuple[float, float], ...] = (),
        fibers: int | None = None,
        jitter_ms: float = 0.0,
        blocking: float = 0.0,
        vary: float = 0.04,
    ) -> Unit:
        """A unit below surface electrodes."""
        rng = self.rng(tag)
        contacts = self.layout.contacts_mm
        own = self.layout.muscle_of_contact == muscle
        local = contacts[own] - contacts[own].min(0)
        shape = shape or draw_unit(rng, tuple(np.ptp(local, axis=0)), depth=depth)
        if late or fibers:
            shape = UnitShape(**{**shape.__dict__, "late": late, "n_fibers": fibers or shape.n_fibers})
        length = 0.07 + max([0.0] + [d for _, d in shape.late]) / 1000
        on_contacts = potential(
            rng, local, self.fs * OVER, shape, self.tissue, model=self.model, seconds=length
        )
        everywhere = np.zeros((len(on_contacts), len(contacts), on_contacts.shape[-1]))
        everywhere[:, own] = on_contacts
        parts = np.einsum("ij,pjt->pit", self.layout.matrix, everywhere)
        return self._register(parts, ptp, jitter_ms / 1000, blocking, vary)

    def needle_unit(self, tag: str, ptp: float | None, unit: NeedleUnit, *, vary: float = 0.03) -> Unit:
        """A unit near a needle."""
        parts = unit.render(self.rng(tag), self.fs * OVER)
        return self._register(parts[:, None, :], ptp, unit.jitter_ms / 1000, unit.blocking, vary)

    def fiber_unit(self, tag: str, ptp: float, *, positive_wave: bool = False) -> Unit:
        """A denervated fiber near a needle: fibrillation or positive sharp wave."""
        rng = self.rng(tag)
        parts = fibrillation(rng, self.fs * OVER, positive_wave=positive_wave)
        return self._register(parts[:, None, :], ptp, 0.0, 0.0, 0.04)

    def fire(
        self,
        unit: Unit,
        times: NDArray,
        kind: str,
        *,
        second: NDArray | None = None,
        gains: NDArray | None = None,
        tag: str = "",
    ) -> None:
        """Add discharges and their truth."""
        rng = self.rng(f"fire {unit.id} {kind} {tag}")
        second = np.zeros(len(times), bool) if second is None else second
        gains = np.ones(len(times)) if gains is None else gains
        rate = self.fs * OVER
        length = unit.parts.shape[-1]
        phases = [np.ascontiguousarray(unit.parts[..., p::OVER]) for p in range(OVER)]
        for t, is_second, gain in zip(times, second, gains, strict=True):
            start = round(t * rate) - unit.peak
            if start < 0 or start + length + OVER >= self.n * OVER:
                continue
            size = gain * rng.normal(1, unit.vary) * (rng.uniform(0.75, 0.95) if is_second else 1.0)
            for k in range(len(unit.parts)):
                if unit.blocking[k] and rng.random() < unit.blocking[k]:
                    continue
                at = start + round(rng.normal(0, unit.jitter_s[k]) * rate) if unit.jitter_s[k] else start
                at = max(at, 0)
                i, p = -(-at // OVER), (-at) % OVER
                piece = phases[p][k]
                stop = min(self.n, i + piece.shape[-1])
                self.x[:, i:stop] += np.float32(size) * piece[:, : stop - i]
            self.rows.append(((start + unit.peak) / rate, unit.id, kind, bool(is_second)))

    # --- activity ---------------------------------------------------------------------------

    def fasciculations(
        self,
        amplitudes: list[float] | NDArray,
        rates: list[float] | NDArray,
        *,
        doublets: float = 0.0,
        f_wave: float = 0.4,
        complex_share: float = 0.0,
        vary: float = 0.05,
        depth: tuple[float, float] = (3.0, 16.0),
        needle: bool = False,
        tag: str = "fasciculation",
        **needle_options: float,
    ) -> None:
        """Units with peak-to-peak amplitudes in µV and rates per minute."""
        rng = self.rng(tag)
        for k, (ptp, rate) in enumerate(zip(amplitudes, rates, strict=True)):
            is_complex = rng.random() < complex_share
            late = tuple((rng.uniform(0.15, 0.3), rng.uniform(5, 22)) for _ in range(rng.integers(1, 3)))
            if needle:
                made = NeedleUnit.draw(self.rng(f"{tag} {k} draw"), complex_=is_complex, **needle_options)
                unit = self.needle_unit(f"{tag} {k}", float(ptp), made, vary=vary)
            else:
                unit = self.skin_unit(
                    f"{tag} {k}",
                    float(ptp),
                    muscle=int(rng.integers(self.layout.n_muscles)),
                    depth=depth,
                    late=late if is_complex else (),
                    jitter_ms=0.6 if is_complex else 0.0,
                    blocking=0.12 if is_complex else 0.0,
                    vary=vary,
                )
            times = timing.drawn(rng, float(rate), self.seconds)
            if len(times) == 0:
                times = np.array([rng.uniform(1, self.seconds - 1)])
            # Six units of ten fire doublets, spread evenly, so that no recording is without by chance.
            share = doublets / 0.6 * (0.618 * (k + 1) % 1 < 0.6)
            times, second = timing.with_doublets(rng, times, share, f_wave=f_wave)
            self.fire(unit, times, "fasciculation", second=second)

    def contraction(
        self,
        start: float,
        stop: float,
        *,
        level: float,
        units: int = 30,
        rise_s: float = 0.3,
        amplitude: tuple[float, float] = (30, 400),
        muscle: int = 0,
        tremor_hz: float = 0.0,
        peak_hz: float = 18.0,
        needle: bool = False,
        tag: str = "",
    ) -> None:
        """Voluntary activity: a pool of units recruited by size; level 0.05 is a few units."""
        rng = self.rng(f"contraction {tag} {start}")
        when = np.arange(start - 0.05, stop + 0.05, 0.002)
        drive = (
            level * np.clip((when - start) / rise_s, 0, 1) * np.clip((stop - when) / min(rise_s, 0.3), 0, 1)
        )
        drive *= 1 + 0.08 * np.interp(when, np.linspace(start, stop, 12), rng.standard_normal(12))
        if tremor_hz:
            drive = drive * np.clip(np.sin(2 * np.pi * tremor_hz * when) * 1.8, 0, None)
        thresholds = 0.02 * np.exp(np.log(0.7 / 0.02) * np.arange(units) / max(1, units - 1))
        sizes = amplitude[0] * (amplitude[1] / amplitude[0]) ** (np.arange(units) / max(1, units - 1))
        for k in range(units):
            if thresholds[k] > drive.max():
                break
            key = f"pool {muscle} {tag} {k}"
            if key not in self._pool:
                size = float(sizes[k] * np.exp(rng.normal(0, 0.5)))
                if needle:
                    made = NeedleUnit.draw(self.rng(key + " draw"))
                    self._pool[key] = self.needle_unit(key, size, made)
                else:
                    self._pool[key] = self.skin_unit(key, size, muscle=muscle, fibers=10)
            times = timing.driven(rng, when, drive, thresholds[k], peak_hz * rng.uniform(0.8, 1.1))
            self.fire(self._pool[key], times, "voluntary", tag=f"{tag} {start}")
        self.spans["voluntary"].append((start, stop))

    @property
    def _pool(self) -> dict[str, Unit]:
        return self.__dict__.setdefault("_pool_units", {})

    def train(self, unit: Unit, times: NDArray, gains: NDArray | None = None, *, tag: str = "") -> None:
        """Discharges in groups; the intervals are merged where less than half a second apart."""
        if len(times) == 0:
            return
        times = np.sort(times)
        self.fire(unit, times, "train", gains=gains, tag=tag)
        groups = np.split(times, np.flatnonzero(np.diff(times) > 0.5) + 1)
        self.spans["train"] += [(float(g[0]), float(g[-1])) for g in groups]

    def denervation(
        self, start: float, stop: float, *, hz: float, ptp: float, positive_wave: bool = False
    ) -> None:
        """A fiber that fires by itself, regularly and slowing a little."""
        rng = self.rng(f"denervation {start} {hz}")
        unit = self.fiber_unit(f"fiber {start} {hz}", ptp, positive_wave=positive_wave)
        times = timing.steady(rng, start, stop, hz, 0.03)
        slowed = start + (times - start) * (1 + 0.15 * (times - start) / max(1e-9, stop - start))
        self.fire(unit, slowed[slowed < stop], "fibrillation")

    def steady_unit(
        self, start: float, stop: float, *, hz: float, ptp: float, cv: float = 0.15, muscle: int = 0
    ) -> None:
        """One unit kept going by a slight effort, at 6 to 12 Hz."""
        rng = self.rng(f"steady {start} {hz}")
        tag = f"steady unit {hz} {muscle}"
        if tag not in self._pool:
            if self.electrode == "needle":
                self._pool[tag] = self.needle_unit(tag, ptp, NeedleUnit.draw(self.rng(tag + " draw")))
            else:
                self._pool[tag] = self.skin_unit(tag, ptp, muscle=muscle)
        times = timing.steady(rng, start, stop, hz, cv)
        self.fire(self._pool[tag], times, "voluntary", tag=str(start))
        self.spans["voluntary"].append((start, stop))

    def any_unit(self, tag: str, ptp: float, *, muscle: int = 0) -> Unit:
        """A unit for trains."""
        if self.electrode == "needle":
            return self.needle_unit(tag, ptp, NeedleUnit.draw(self.rng(tag + " draw")))
        return self.skin_unit(tag, ptp, muscle=muscle)

    def myokymia(
        self,
        start: float,
        stop: float,
        *,
        ptp: float,
        every_s: float,
        count: tuple[int, int],
        hz: float,
        muscle: int = 0,
    ) -> None:
        unit = self.any_unit(f"myokymia {start} {hz}", ptp, muscle=muscle)
        times = timing.myokymia(self.rng(f"myokymia times {start} {hz}"), start, stop, every_s, count, hz)
        self.train(unit, times)

    def neuromyotonia(self, starts: list[float], *, ptp: float, hz: float, muscle: int = 0) -> None:
        unit = self.any_unit(f"neuromyotonia {starts[0]} {hz}", ptp, muscle=muscle)
        for start in starts:
            rng = self.rng(f"neuromyotonia times {start} {hz}")
            times, gains = timing.neuromyotonia(rng, start, rng.uniform(0.5, 2.0), hz)
            self.train(unit, times, gains, tag=str(start))

    def cramp(
        self, start: float, seconds: float, *, units: int, ptp: tuple[float, float], muscle: int = 0
    ) -> None:
        for k in range(units):
            rng = self.rng(f"cramp {start} {k}")
            unit = self.any_unit(f"cramp unit {start} {k}", rng.uniform(*ptp), muscle=muscle)
            self.train(unit, timing.cramp(rng, start, seconds, rng.uniform(20, 80)), tag=str(start))

    # --- noise and mishaps ------------------------------------------------------------------

    def background(self, tag: str = "background", **options: object) -> None:
        made = noise.background(self.rng(tag), self._flat_positions, self.n, self.fs, **options)
        some = self.amplifier.filter(made[:, : int(10 * self.fs)], self.fs)
        sos = butter(2, self.band_hz, "bandpass", fs=self.fs, output="sos")
        level = np.median(sosfilt(sos, some)[:, int(self.fs) :].std(1))
        self.noise_uv = float(np.hypot(self.noise_uv, level))
        self.x += made

    @property
    def band_hz(self) -> tuple[float, float]:
        """Where noise is measured."""
        low, high = (20.0, 450.0) if self.electrode == "surface" else (100.0, 5000.0)
        return low, min(high, 0.45 * self.fs)

    @property
    def _flat_positions(self) -> NDArray[np.float64]:
        return self.layout.positions_mm

    def mains(self, tag: str = "mains", **options: object) -> None:
        self.line_hz = float(options.get("hz", 50.0))
        self.x += noise.mains(self.rng(tag), len(self.x), self.n, self.fs, **options)

    def heart(self, tag: str = "heart", **options: object) -> None:
        made, _ = noise.heart(self.rng(tag), self._flat_positions, self.n, self.fs, **options)
        self.x += made

    def mishap(self, what: str, tag: str = "", **options: object) -> None:
        """movement, taps, pops or surges, before the amplifier."""
        rng = self.rng(f"{what} {tag}")
        if what in ("movement", "taps"):
            spans = getattr(artifacts, what)(rng, self.x, self._flat_positions, self.fs, **options)
        else:
            spans = getattr(artifacts, what)(rng, self.x, self.fs, **options)
        self.spans["artifact"] += spans

    def finish(
        self,
        *,
        dead: int = 0,
        dead_style: str = "mixed",
        dropouts_per_min: float = 0.0,
        note: str = "",
        **told: bool,
    ) -> Case:
        """Through the amplifier and the converter."""
        for c in range(len(self.x)):
            self.x[c] = self.amplifier.filter(self.x[c], self.fs)
        if dead:
            artifacts.dead(self.rng("dead"), self.x, self.fs, dead, style=dead_style)
        artifacts.quantize(self.x, self.amplifier.step_uv, self.amplifier.limit_uv)
        if dropouts_per_min:
            rng = self.rng("dropouts")
            self.spans["artifact"] += artifacts.dropouts(rng, self.x, self.fs, per_min=dropouts_per_min)
        rows = sorted(self.rows)
        spans = {k: np.array(sorted(v), dtype=float).reshape(-1, 2) for k, v in self.spans.items()}
        return Case(
            name=self.name,
            samples=self.x,
            fs=self.fs,
            positions_mm=self._flat_positions,
            groups=self.layout.groups,
            electrode=self.electrode,
            time_s=np.array([r[0] for r in rows]),
            unit=np.array([r[1] for r in rows], dtype=np.int64),
            kind=np.array([r[2] for r in rows], dtype="<U13"),
            doublet=np.array([r[3] for r in rows], dtype=bool),
            ptp_uv={u.id: u.ptp for u in self.units.values()},
            best_channel={u.id: u.best for u in self.units.values()},
            noise_uv=self.noise_uv,
            voluntary_s=spans["voluntary"],
            train_s=spans["train"],
            artifact_s=spans["artifact"],
            note=note,
            line_hz=self.line_hz,
            limit_uv=self.amplifier.limit_uv,
            **told,
        )
