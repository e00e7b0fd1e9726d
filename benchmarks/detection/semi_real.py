"""Half-real recordings: real potentials pasted onto real rest, with known times.

    python benchmarks/detection/semi_real.py RECORDINGS OUT [--openhdemg otb_testfile.mat]
    python benchmarks/detection/run.py --set semi-real --folder OUT

RECORDINGS holds ``emgdb/`` (PhysioNet), ``plux_emg/`` and ``biosppy_emg/``. ``otb_testfile.mat`` comes with
the PyPI package openhdemg (GPL-3: install it elsewhere and give the path; nothing of it may be committed, nor
what is made of it here). What is missing is left out, and said. Nothing is downloaded.

What is written:

- ``semi-hd-…``: 64 channels. Spike-triggered averages of four decomposed units of a vastus lateralis, on the
  0.7 s of rest before its contraction: looped, seams and all; or cut, shuffled and cross-faded with the power
  line going on undisturbed; or Gaussian noise of the same cross-spectra. ``-weak``: a quarter of the
  amplitude.
- ``semi-needle-healthy``, ``semi-needle-neuropathy``: single discharges of units, cut from slight effort,
  pasted onto the quiet stretches between other discharges.
- ``semi-pair-plux``, ``semi-pair-biosppy``: bipolar potentials of the same four units at 1 kHz on real rest
  (and bursts) of other people. Without openhdemg: made potentials.
- ``real-…``: whole recordings with efforts of healthy people as they are. Every fasciculation found there is
  counted as false, though nobody has looked for real ones.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from generators import timing
from generators.case import Case
from generators.layouts import pairs
from generators.scene import Scene
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.io import loadmat
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, csd, resample_poly, sosfiltfilt

Array = NDArray[np.float64]
NONE = np.zeros((0, 2))


def tapered(x: Array, share: float = 0.2) -> Array:
    """The ends go to zero."""
    n = x.shape[-1]
    edge = max(2, int(share * n))
    w = np.ones(n)
    w[:edge] = np.sin(np.linspace(0, np.pi / 2, edge)) ** 2
    w[-edge:] = w[:edge][::-1]
    return (x - np.median(x, axis=-1, keepdims=True)) * w


def shuffled(rng: np.random.Generator, pieces: Sequence[Array], n: int, fade: int) -> Array:
    """Pieces (n_channels, any) in random order, cross-faded without loss of power, until there are ``n``."""
    ramp = np.sin(np.linspace(0, np.pi / 2, fade))
    out = np.zeros((len(pieces[0]), n + max(p.shape[1] for p in pieces) + fade))
    at = 0
    while at < n + fade:
        p = pieces[rng.integers(len(pieces))]
        length = int(rng.uniform(0.5, 1.0) * p.shape[1])
        first = int(rng.integers(0, p.shape[1] - length + 1))
        p = p[:, first : first + length].copy()
        if rng.random() < 0.5:
            p = p[:, ::-1]
        p = p * rng.choice([-1.0, 1.0])
        p[:, :fade] *= ramp
        p[:, -fade:] *= ramp[::-1]
        out[:, at : at + length] += p
        at += length - fade
    return out[:, fade : n + fade]


def looped(x: Array, n: int, fade: int) -> Array:
    """One piece again and again, as people do; the power line jumps at each seam."""
    ramp = np.sin(np.linspace(0, np.pi / 2, fade))
    p = x.copy()
    p[:, :fade] *= ramp
    p[:, -fade:] *= ramp[::-1]
    step = p.shape[1] - fade
    out = np.zeros((len(p), n + 2 * p.shape[1]))
    for at in range(0, n + fade, step):
        out[:, at : at + p.shape[1]] += p
    return out[:, fade : n + fade]


def without_mains(x: Array, fs: float, n: int) -> tuple[Array, Array]:
    """``x`` without 50 Hz and its multiples, and ``n`` samples of these going on undisturbed."""

    def waves(m: int) -> Array:
        turns = 2j * np.pi * 50.0 * np.arange(m) / fs
        z = np.exp(np.outer(np.arange(1, 13), turns))
        return np.vstack([z.real, z.imag])

    own = waves(x.shape[1])
    weight = np.linalg.lstsq(own.T, x.T, rcond=None)[0].T
    return x - weight @ own, weight @ waves(n)


def surrogate(rng: np.random.Generator, rest: Array, n: int, fs: float) -> Array:
    """Gaussian noise with the cross-spectra of ``rest``."""
    size = 256
    freqs, matrix = csd(rest[:, None], rest[None], fs=fs, nperseg=size, axis=-1)
    values, vectors = np.linalg.eigh(np.moveaxis(matrix, -1, 0))
    root = vectors * np.sqrt(np.clip(values, 0, None))[:, None, :]
    step = size // 2
    out = np.zeros((len(rest), n + 2 * size))
    window = np.sin(np.pi * (np.arange(size) + 0.5) / size)
    for at in range(0, n + size, step):
        z = rng.standard_normal((len(freqs), len(rest), 2)) @ np.array([1, 1j]) / np.sqrt(2)
        spectrum = np.einsum("fij,fj->if", root, z)
        out[:, at : at + size] += window * np.fft.irfft(spectrum, size, axis=1) * np.sqrt(size * fs / 2)
    return out[:, size : n + size]


def paste(
    rng: np.random.Generator,
    base: Array,
    fs: float,
    units: list[list[Array]],
    rates: list[float],
    *,
    free: NDArray[np.bool_] | None = None,
    doublets: float = 0.05,
    vary: float = 0.05,
) -> dict[str, object]:
    """Adds to ``base`` in place; each unit is a list of potentials (n_channels, n_times), one is drawn.

    ``free``: where potentials may be pasted, (n,).
    """
    rows: list[tuple[float, int, bool]] = []
    ptp, best = {}, {}
    for k, (shapes, rate) in enumerate(zip(units, rates, strict=True), start=1):
        mean = np.mean(shapes, axis=0)
        sizes = np.ptp(mean, axis=1)
        best[k], ptp[k] = int(sizes.argmax()), float(sizes.max())
        peak = int(np.abs(mean[best[k]]).argmax())
        times = timing.drawn(rng, rate, base.shape[1] / fs)
        times, second = timing.with_doublets(rng, times, doublets)
        for t, s in zip(times, second, strict=True):
            start = round(t * fs) - peak
            stop = start + mean.shape[1]
            if start < 0 or stop > base.shape[1] or (free is not None and not free[start:stop].all()):
                continue
            base[:, start:stop] += shapes[rng.integers(len(shapes))] * rng.normal(1, vary)
            rows.append(((start + peak) / fs, k, bool(s)))
    rows.sort()
    return {
        "time_s": np.array([r[0] for r in rows]),
        "unit": np.array([r[1] for r in rows], dtype=np.int64),
        "kind": np.full(len(rows), "fasciculation"),
        "doublet": np.array([r[2] for r in rows], dtype=bool),
        "ptp_uv": ptp,
        "best_channel": best,
    }


def band_noise(x: Array, fs: float, low: float, high: float) -> float:
    sos = butter(2, [low, min(high, 0.45 * fs)], "bandpass", fs=fs, output="sos")
    return float(np.median(np.median(np.abs(sosfiltfilt(sos, x, axis=1)), axis=1)) / 0.6745)


# --- the 64-channel vastus lateralis ----------------------------------------------------------------


def read_otb(path: Path) -> tuple[Array, list[NDArray[np.intp]], float]:
    mat = loadmat(path)
    data = np.asarray(mat["Data"][0, 0], float)
    names = [str(d[0][0]) for d in mat["Description"]]
    fires = [k for k, n in enumerate(names) if n.startswith("1 - ") and "Decomposition" in n]
    return (
        data[:, :64].T,
        [np.flatnonzero(data[:, k] > 0.5) for k in fires],
        float(mat["SamplingFrequency"].item()),
    )


def averages(x: Array, fires: list[NDArray[np.intp]], fs: float) -> list[Array]:
    """Spike-triggered averages, 20 ms before to 30 ms after, centered on what is largest.

    Units fire within hearing of each other, so each is peeled off before the next is averaged, twice.
    """
    sos = butter(2, [10, 500], "bandpass", fs=fs, output="sos")
    y = sosfiltfilt(sos, x, axis=1)
    before, after = int(0.022 * fs), int(0.033 * fs)
    means = [np.zeros((len(x), before + after)) for _ in fires]
    for _ in range(3):
        for k, times in enumerate(fires):
            rest = y.copy()
            for j, other in enumerate(fires):
                if j != k:
                    for t in other:
                        if before <= t < y.shape[1] - after:
                            rest[:, t - before : t + after] -= means[j]
            cuts = [rest[:, t - before : t + after] for t in times if before <= t < y.shape[1] - after]
            means[k] = tapered(np.mean(cuts, axis=0), 0.15)
    return means


def high_density(path: Path, style: str, scale: float = 1.0) -> Case:
    x, fires, fs = read_otb(path)
    rng = np.random.default_rng([64, len(style), int(100 * scale)])
    sos = butter(1, 10, "highpass", fs=fs, output="sos")
    # Judged by eye: there are no potentials before 0.72 s (and a small one in the rest at the end).
    rest = sosfiltfilt(sos, x, axis=1)[:, : int(0.72 * fs)]
    n = int(180 * fs)
    if style == "looped":
        base = looped(rest, n, 96)
    else:
        rest, hum = without_mains(rest, fs, n)
        base = shuffled(rng, [rest], n, 96) if style == "shuffled" else surrogate(rng, rest, n, fs)
        base = base + hum
    noise = band_noise(base[:, : int(20 * fs)], fs, 20, 450)
    units = [[m * scale] for m in averages(x, fires, fs)]
    truth = paste(rng, base, fs, units, [3.0, 14.0, 7.0, 5.0])
    return Case(
        name=f"semi-hd-{style}" + ("-weak" if scale < 1 else ""),
        samples=base.astype(np.float32),
        fs=fs,
        positions_mm=np.zeros((64, 2)),
        groups=("grid",) * 64,
        electrode="surface",
        noise_uv=noise,
        note="averaged units of a vastus lateralis on its rest",
        tells_positions=False,
        **truth,
    )


# --- needle ---------------------------------------------------------------------------------------


def read_emgdb(folder: Path, which: str) -> tuple[Array, float]:
    """Format 16, 10000 units a mV."""
    raw = np.fromfile(folder / f"emg_{which}.dat", dtype="<i2")
    return raw.astype(float)[None] / 10.0, 4000.0


def discharges(x: Array, fs: float, count: int) -> list[list[Array]]:
    """Potentials with nothing else near, grouped by shape; the ``count`` most common groups."""
    y = x[0] - np.median(x[0])
    size = np.abs(y)
    before, after = int(0.010 * fs), int(0.014 * fs)
    level = np.quantile(size, 0.98)
    peaks = np.flatnonzero((size > level) & (size == maximum_filter1d(size, before + after)))
    peaks = peaks[(peaks > before) & (peaks < len(y) - after)]
    cuts = np.array([y[p - before : p + after] for p in peaks])
    # Quiet at both ends: the potential is whole and alone.
    edge = int(0.003 * fs)
    ends = np.maximum(np.abs(cuts[:, :edge]).max(1), np.abs(cuts[:, -edge:]).max(1))
    cuts = cuts[ends < 0.25 * np.abs(cuts).max(1)]
    norm = np.linalg.norm(cuts, axis=1)
    apart = np.array([np.linalg.norm(cuts - c, axis=1) / np.maximum(norm, np.linalg.norm(c)) for c in cuts])
    low = apart[np.triu_indices(len(cuts), 1)]
    group = fcluster(linkage(low, "average"), 0.55, "distance")
    common = sorted(set(group), key=lambda g: -(group == g).sum())
    kept: list[Array] = []
    for g in common:
        members = cuts[group == g]
        if (
            len(members) >= 3
            and len(kept) < count
            and all(unlike(members.mean(0), k.mean(0), fs) for k in kept)
        ):
            kept.append(members)
    return [[tapered(c)[None] for c in members] for members in kept]


def unlike(a: Array, b: Array, fs: float) -> bool:
    """Whether no shift of up to 2 ms makes two potentials one: else they may be of one unit."""
    largest = max(np.linalg.norm(a), np.linalg.norm(b))
    shifts = range(-int(0.002 * fs), int(0.002 * fs) + 1)
    return min(np.linalg.norm(a - np.roll(b, k)) for k in shifts) > 0.75 * largest


def quiet(x: Array, fs: float, *, shortest_s: float = 0.02) -> list[Array]:
    """Stretches without discharges."""
    y = x - np.median(x)
    envelope = maximum_filter1d(np.abs(y[0]), int(0.006 * fs))
    calm = envelope < np.quantile(envelope, 0.35)
    edges = np.flatnonzero(np.diff(np.r_[0, calm.astype(int), 0]))
    spans = edges.reshape(-1, 2)
    return [y[:, a:b] for a, b in spans if b - a >= shortest_s * fs]


def needle(folder: Path, which: str) -> Case:
    x, fs = read_emgdb(folder, which)
    rng = np.random.default_rng(4 + len(which))
    sos = butter(2, 20, "highpass", fs=fs, output="sos")
    x = sosfiltfilt(sos, x, axis=1)
    if which == "neuropathy":
        x = x[:, np.r_[: int(11 * fs)]]  # the later effort clips
    units = discharges(x, fs, 5)
    base = shuffled(rng, quiet(x, fs), int(150 * fs), int(0.004 * fs))
    noise = band_noise(base, fs, 100, 1800)
    truth = paste(rng, base, fs, units, [9.0, 6.0, 4.0, 12.0, 3.0][: len(units)], vary=0.0)
    return Case(
        name=f"semi-needle-{which}",
        samples=base.astype(np.float32),
        fs=fs,
        positions_mm=np.zeros((1, 2)),
        groups=("needle",),
        electrode="needle",
        noise_uv=noise,
        note=f"real discharges of {len(units)} units, {sum(map(len, units))} in all",
        tells_positions=False,
        **truth,
    )


# --- one bipolar pair ---------------------------------------------------------------------------


def read_plux(path: Path) -> tuple[Array, float]:
    """OpenSignals: 3 V supply, gain 1009."""
    import h5py

    with h5py.File(path) as f:
        device = next(iter(f.values()))
        name = next(k for k in device["raw"] if k.startswith("channel"))
        raw = np.asarray(device["raw"][name], float).ravel()
    bits = 16 if raw.max() > 4095 else 12
    return ((raw / 2**bits - 0.5) * 3e6 / 1009)[None], 1000.0


def read_biosppy(path: Path) -> tuple[Array, float]:
    """12-bit counts; the gain is not given, taken to be the same."""
    raw = np.loadtxt(path, comments="#")
    return ((raw / 4096 - 0.5) * 3e6 / 1009)[None], 1000.0


def pair_units(openhdemg: Path | None) -> list[list[Array]]:
    """Bipolar potentials at 1 kHz."""
    if openhdemg is None:
        s = Scene("units", 5, 1000, 10, pairs(1, 20.0))
        made = [s.skin_unit(f"unit {k}", 100.0) for k in range(4)]
        return [[tapered(u.parts.sum(0)[:, ::4].astype(float))] for u in made]
    x, fires, fs = read_otb(openhdemg)
    out = []
    for mean in averages(x, fires, fs):
        best = int(np.ptp(mean, axis=1).argmax())
        pair = mean[best] - mean[(best + 2) % 64]
        out.append([tapered(resample_poly(pair, 125, 256)[None])])
    return out


def pair(name: str, x: Array, fs: float, units: list[list[Array]], sizes: list[float]) -> Case:
    """Potentials only where the real recording is at rest."""
    rng = np.random.default_rng(len(name))
    x = x - np.median(x)
    sos = butter(2, [20, 450], "bandpass", fs=fs, output="sos")
    y = np.abs(sosfiltfilt(sos, x, axis=1))[0]
    loud = maximum_filter1d(y, int(0.25 * fs)) > 9 * np.median(y)
    free = ~(maximum_filter1d(loud.astype(np.uint8), int(0.6 * fs)) > 0)
    noise = float(np.median(y[free]) / 0.6745) if free.any() else float(np.median(y))
    scaled = [[s * (size * noise / np.ptp(s)) for s in u] for u, size in zip(units, sizes, strict=True)]
    base = x.copy()
    truth = paste(rng, base, fs, scaled, [7.0, 10.0, 6.0, 12.0][: len(units)], free=free)
    edges = np.flatnonzero(np.diff(np.r_[0, (~free).astype(int), 0])).reshape(-1, 2) / fs
    return Case(
        name=f"semi-pair-{name}",
        samples=base.astype(np.float32),
        fs=fs,
        positions_mm=np.zeros((1, 2)),
        groups=("pair",),
        electrode="surface",
        noise_uv=noise,
        voluntary_s=edges,
        note=f"pasted where at rest ({free.mean():.0%} of the time)",
        tells_positions=False,
        **truth,
    )


def as_is(name: str, x: Array, fs: float, electrode: str) -> Case:
    none = np.zeros(0)
    return Case(
        name=f"real-{name}",
        samples=(x - np.median(x)).astype(np.float32),
        fs=fs,
        positions_mm=np.zeros((1, 2)),
        groups=("pair",),
        electrode=electrode,
        time_s=none,
        unit=none.astype(np.int64),
        kind=np.zeros(0, "<U13"),
        doublet=none.astype(bool),
        note="a healthy person's efforts and rest, nothing pasted",
        tells_positions=False,
    )


def jobs(recordings: Path, openhdemg: Path | None) -> list[tuple[str, Path, Callable[[], Case]]]:
    """(what, the file it needs, how it is made)."""
    plux, bio, db = recordings / "plux_emg", recordings / "biosppy_emg", recordings / "emgdb"
    solo = plux / "emg_1000_hz_16_bits_solo.h5"
    # In multiples of the noise.
    sizes = [30.0, 18.0, 12.0, 60.0]
    listed: list[tuple[str, Path, Callable[[], Case]]] = []
    otb = openhdemg or Path("otb_testfile.mat")
    listed += [
        (f"semi-hd-{style}", otb, lambda s=style, k=scale: high_density(otb, s, k))
        for style, scale in (("looped", 1.0), ("looped", 0.25), ("shuffled", 0.25), ("surrogate", 0.25))
    ]
    listed += [
        (f"semi-needle-{which}", db / f"emg_{which}.dat", lambda w=which: needle(db, w))
        for which in ("healthy", "neuropathy")
    ]
    listed += [
        ("semi-pair-plux", solo, lambda: pair("plux", *read_plux(solo), pair_units(openhdemg), sizes)),
        (
            "semi-pair-biosppy",
            bio / "emg.txt",
            lambda: pair("biosppy", *read_biosppy(bio / "emg.txt"), pair_units(openhdemg), sizes),
        ),
        ("real-plux-solo", solo, lambda: as_is("plux-solo", *read_plux(solo), "surface")),
    ]
    for stem in ("emg_bursts", "emg_fatigue"):
        path = plux / f"{stem}.h5"
        listed.append(
            (f"real-plux-{stem}", path, lambda p=path: as_is(f"plux-{p.stem}", *read_plux(p), "surface"))
        )
    for stem in ("emg", "emg_1"):
        path = bio / f"{stem}.txt"
        listed.append(
            (
                f"real-biosppy-{stem}",
                path,
                lambda p=path: as_is(f"biosppy-{p.stem}", *read_biosppy(p), "surface"),
            )
        )
    for which in ("healthy", "myopathy", "neuropathy"):
        path = db / f"emg_{which}.dat"
        listed.append(
            (f"real-needle-{which}", path, lambda w=which: as_is(f"needle-{w}", *read_emgdb(db, w), "needle"))
        )
    return listed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recordings", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--openhdemg", type=Path, help="otb_testfile.mat of the package openhdemg")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name, needs, make in jobs(args.recordings, args.openhdemg):
        if not needs.exists():
            print(f"{name}: left out, there is no {needs}")
            continue
        case = make()
        case.save(args.out / f"{case.name}.npz")
        sizes = ", ".join(f"{v:.0f}" for v in case.ptp_uv.values())
        count = len(case.time_s)
        print(f"{case.name}: {count} pasted, noise {case.noise_uv:.1f} µV, units of {sizes or 'none'} µV")


if __name__ == "__main__":
    main()
