"""Other programs on the same recordings, as far as they are installed here.

    python benchmarks/detection/peers.py [--set dev] [--only NAME ...] [--folder DIR]

- ``neurokit2``: ``emg_clean`` and ``emg_activation``, with its defaults and with a threshold of the median
  and 5 robust standard deviations. It is for one channel and for bursts: it gets the channel (of a grid:
  the difference of two along the fibers) that sees the most fasciculations largest, which is more help
  than anybody has in practice, and 50 ms of tolerance, as it marks onsets.
- ``biosppy``: ``emg.emg``, the same way.
- ``spikeinterface``: ``detect_peaks`` (locally exclusive, 8 robust standard deviations) on all channels after
  band-pass, notches and common median.

None of them sorts potentials this sparse out of the box, so only detection is scored. Writes
``benchmarks/results/detection_peers.json``.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from generators.case import Case
from numpy.typing import NDArray
from run import SETS, case_of, names_of
from scipy.signal import butter, iirnotch, sosfiltfilt, tf2sos
from score import pair

RESULTS = Path(__file__).parents[1] / "results" / "detection_peers.json"
Array = NDArray[np.float64]


def helped_channel(case: Case) -> Array:
    """Where the busiest well-seen unit is largest."""
    true = case.kind == "fasciculation"
    units, counts = np.unique(case.unit[true], return_counts=True)
    weight = [n * min(case.ptp_uv.get(int(u), 0.0), 200.0) for u, n in zip(units, counts, strict=True)]
    best = case.best_channel.get(int(units[int(np.argmax(weight))]), 0) if len(units) else 0
    x = case.samples
    return (x[best] - x[(best + 1) % len(x)] if len(x) >= 16 else x[best]).astype(float)


def neurokit(case: Case, *, tuned: bool) -> Array:
    import neurokit2 as nk

    rate = round(case.fs)
    clean = nk.emg_clean(helped_channel(case), sampling_rate=rate, method="biosppy")
    amplitude = nk.emg_amplitude(clean)
    options: dict[str, object] = {"method": "threshold"}
    if tuned:
        middle = np.median(amplitude)
        options["threshold"] = middle + 5 * 1.4826 * np.median(np.abs(amplitude - middle))
        options["duration_min"] = 0.005
    found = nk.emg_activation(emg_amplitude=amplitude, emg_cleaned=clean, sampling_rate=rate, **options)
    return np.asarray(found[1]["EMG_Onsets"], float) / case.fs


def biosppy(case: Case) -> Array:
    from biosppy.signals import emg

    found = emg.emg(signal=helped_channel(case), sampling_rate=case.fs, show=False)
    return np.asarray(found["onsets"], float) / case.fs


def spikeinterface(case: Case) -> Array:
    import spikeinterface as si
    from probeinterface import Probe
    from spikeinterface.sortingcomponents.peak_detection import detect_peaks

    fs = case.fs
    needle = case.electrode == "needle"
    low, high = (100.0, 3000.0) if needle else (20.0, 450.0)
    sos = [butter(2, [low, min(high, 0.45 * fs)], "bandpass", fs=fs, output="sos")]
    sos += [tf2sos(*iirnotch(f, 30, fs)) for f in ((case.line_hz or 50.0) * np.array([1, 2, 3]))]
    y = sosfiltfilt(np.vstack(sos), case.samples, axis=1)
    if len(y) >= 16:
        y -= np.median(y, axis=0)
    y = y[y.std(1) > 1e-3]
    recording = si.NumpyRecording([np.ascontiguousarray(y.T, dtype="float32")], fs)
    probe = Probe(ndim=2, si_units="um")
    places = np.c_[np.arange(len(y)) % 8, np.arange(len(y)) // 8] * 8000.0
    probe.set_contacts(positions=places, shapes="circle", shape_params={"radius": 2000})
    probe.set_device_channel_indices(np.arange(len(y)))
    made = recording.set_probe(probe)
    recording = made if isinstance(made, si.BaseRecording) else recording
    peaks = detect_peaks(
        recording,
        method="locally_exclusive",
        method_kwargs={
            "peak_sign": "both",
            "detect_threshold": 8,
            "exclude_sweep_ms": 5.0,
            "radius_um": 20000.0,
        },
        job_kwargs={"n_jobs": 1, "progress_bar": False},
    )
    t = np.sort(peaks["sample_index"]) / fs
    return t[np.r_[True, np.diff(t) > 0.004]] if len(t) else t


PEERS: dict[str, tuple[str, float, Callable[[Case], Array]]] = {
    "neurokit2": ("neurokit2", 0.05, lambda c: neurokit(c, tuned=False)),
    "neurokit2, threshold set": ("neurokit2", 0.05, lambda c: neurokit(c, tuned=True)),
    "biosppy": ("biosppy", 0.05, biosppy),
    "spikeinterface peaks": ("spikeinterface", 0.01, spikeinterface),
}


def installed() -> dict[str, str]:
    found = {}
    for package in {p for p, _, _ in PEERS.values()}:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            print(f"{package} is not installed; its rows are missing")
    return found


def score_times(case: Case, times: Array, tolerance: float) -> dict[str, float | int | None]:
    true = case.time_s[case.kind == "fasciculation"]
    hits = len(pair(true, np.sort(times), tolerance)[0])
    return {
        "sensitivity": round(hits / len(true), 3) if len(true) else None,
        "precision": round(hits / len(times), 3) if len(times) else None,
        "false_per_min": round((len(times) - hits) / case.seconds * 60, 2),
    }


def main() -> None:
    warnings.filterwarnings("ignore")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", default="dev", choices=SETS, dest="which")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    versions = installed()
    rows = []
    for name in args.only or names_of(args.which, args.folder):
        case = case_of(args.which, name, args.folder)
        row: dict[str, object] = {"name": name}
        for label, (package, tolerance, find) in PEERS.items():
            if package not in versions:
                continue
            began = time.perf_counter()
            try:
                times = find(case)
                wall = time.perf_counter() - began
                row[label] = {**score_times(case, times, tolerance), "wall_s": round(wall, 1)}
            except Exception as error:  # noqa: BLE001 - a peer that fails is a result
                row[label] = {"error": f"{type(error).__name__}: {error}"[:200]}
            print(name, label, row[label], flush=True)
        rows.append(row)
    kept = json.loads(args.out.read_text()) if args.out.exists() else {}
    kept[args.which] = {"versions": versions, "recordings": rows}
    args.out.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
