"""Detection and sorting of fasciculations on made-up and half-real recordings.

    python benchmarks/detection/run.py [--set dev] [--only NAME ...] [--detector whytwitch|baseline]

Sets: ``dev``; ``held-apart`` (for the last look only); and with ``--folder`` ``semi-real`` (.npz cases that
``semi_real.py`` wrote) and ``shared`` (NAME.npy with NAME_truth.npz, of other generators). Prints a table and
writes ``benchmarks/results/detection.json`` (with ``--out``: elsewhere).
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import baseline
import numpy as np
import scenarios
from generators.case import Case, load
from scipy.signal import butter, sosfiltfilt
from score import Found, score

SETS = ("dev", "held-apart", "shared", "semi-real")
RESULTS = Path(__file__).parents[1] / "results" / "detection.json"
COLUMNS = (
    ("n_true", "true", 5),
    ("n_found", "found", 6),
    ("sensitivity", "sens", 6),
    ("precision", "prec", 6),
    ("f1", "F1", 6),
    ("false_per_min", "false/min", 10),
    ("sensitivity_at_rest", "at rest", 8),
    ("doublet_recall", "doubl", 6),
    ("units_true", "units", 6),
    ("units_good", "good", 5),
    ("units_found", "out", 4),
    ("agreement", "agree", 6),
    ("lag_ms", "lag ms", 7),
    ("wall_s", "wall s", 7),
)


def names_of(which: str, folder: Path | None) -> list[str]:
    if which == "dev":
        return scenarios.names()
    if which == "held-apart":
        import held_apart

        return held_apart.names()
    if folder is None:
        raise SystemExit(f"--set {which} needs --folder DIR with cases; semi_real.py writes some")
    cases = [p.stem for p in sorted(folder.glob("*.npz")) if not p.stem.endswith("_truth")]
    return cases + [p.stem for p in sorted(folder.glob("*.npy"))]


def case_of(which: str, name: str, folder: Path | None) -> Case:
    if which == "dev":
        return scenarios.build(name)
    if which == "held-apart":
        import held_apart

        return held_apart.build(name)
    assert folder is not None
    written = folder / f"{name}.npz"
    return load(written) if written.exists() else foreign(folder, name)


def foreign(folder: Path, name: str) -> Case:
    """NAME.npy (channels by samples, µV) with NAME_truth.npz (time_s, unit, fs, grid_mm, …)."""
    x = np.load(folder / f"{name}.npy")
    with np.load(folder / f"{name}_truth.npz") as f:
        truth = {k: f[k] for k in f.files}
    fs = float(truth["fs"])
    t = truth["time_s"]
    unit = truth["unit"].astype(np.int64) + 1
    ptp = truth.get("ptp_uV", np.zeros(0))
    none = np.zeros((0, 2))
    some = sosfiltfilt(butter(2, [20, 450], "bandpass", fs=fs, output="sos"), x[:, : int(20 * fs)], axis=1)
    noise = float(np.median(np.median(np.abs(some), axis=1)) / 0.6745)
    return Case(
        name=name,
        samples=x.astype(np.float32),
        fs=fs,
        positions_mm=truth.get("grid_mm", np.zeros((len(x), 2))),
        groups=("grid",) * len(x),
        electrode="surface" if fs < 8000 else "needle",
        time_s=t,
        unit=unit,
        kind=np.full(len(t), "fasciculation"),
        doublet=truth.get("is_doublet_second", np.zeros(len(t))).astype(bool),
        ptp_uv={i + 1: float(p) for i, p in enumerate(ptp)},
        noise_uv=noise,
        voluntary_s=truth.get("voluntary_s", none),
        artifact_s=truth.get("movement_s", none),
        note="made by another generator",
        tells_positions="grid_mm" in truth,
    )


def recording_of(case: Case) -> object:
    """As the product is given it: nothing of the truth."""
    from whytwitch.recording import ArraySignal, Channel, Recording

    limit = case.limit_uv
    channels = tuple(
        Channel(
            name=f"{group} {k + 1}",
            position_mm=(float(x), float(y)) if case.tells_positions else None,
            group=group,
            muscle=group if group.startswith("muscle") else "",
            low=-limit if limit else None,
            high=limit,
        )
        for k, (group, (x, y)) in enumerate(zip(case.groups, case.positions_mm, strict=True))
    )
    return Recording(
        name=case.name,
        format="array",
        sampling_rate_hz=case.fs,
        n_samples=case.samples.shape[1],
        channels=channels,
        signal=ArraySignal(case.samples),
        electrode=case.electrode if case.tells_electrode else None,
        power_line_hz=case.line_hz if case.tells_line else None,
    )


def whytwitch(case: Case) -> Found:
    from whytwitch.recording import detect

    events = detect(recording_of(case)).events
    return Found(events.onset_s, events.unit.astype(np.int64), events.kind)


DETECTORS = {"whytwitch": whytwitch, "baseline": baseline.detect}


def one(job: tuple[str, str, Path | None, tuple[str, ...]]) -> dict[str, object]:
    """Make a case, run the detectors on it, score them."""
    which, name, folder, detectors = job
    case = case_of(which, name, folder)
    row: dict[str, object] = {
        "name": name,
        "note": case.note,
        "channels": len(case.samples),
        "fs": case.fs,
        "seconds": round(case.seconds, 1),
        "noise_uv": round(case.noise_uv, 2),
    }
    for detector in detectors:
        began = time.perf_counter()
        try:
            found = DETECTORS[detector](case)
            wall = time.perf_counter() - began
            row[detector] = {**score(case, found), "wall_s": round(wall, 2)}
        except Exception as error:  # noqa: BLE001 - one failure must not hide the other rows
            traceback.print_exc()
            row[detector] = {"error": f"{type(error).__name__}: {error}"}
    return row


def cell(value: object, width: int) -> str:
    text = "–" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
    return text.rjust(width)


def show(row: dict[str, object], detector: str) -> str:
    got = row[detector]
    start = f"{str(row['name'])[:24]:24s}"
    if "error" in got:
        return f"{start} {got['error'][:90]}"
    return start + "".join(cell(got.get(key), width) for key, _, width in COLUMNS)


def summary(rows: list[dict[str, object]], detector: str) -> dict[str, object]:
    """Pooled over recordings, and the plain means."""
    got = [r[detector] for r in rows if "error" not in r[detector]]
    with_truth = [g for g in got if g["n_true"]]
    true = sum(g["n_true"] for g in got)
    hits = sum(round((g["sensitivity"] or 0) * g["n_true"]) for g in with_truth)
    found = sum(g["n_found"] for g in got)
    minutes = sum(r["seconds"] for r in rows if "error" not in r[detector]) / 60
    return {
        "recordings": len(got),
        "failed": len(rows) - len(got),
        "pooled_sensitivity": round(hits / true, 3) if true else None,
        "pooled_precision": round(hits / found, 3) if found else None,
        "mean_sensitivity": _mean(g["sensitivity"] for g in with_truth),
        "mean_precision": _mean(g["precision"] for g in with_truth),
        "mean_f1": _mean(g["f1"] for g in with_truth),
        "least_f1": min((g["f1"] for g in with_truth if g["f1"] is not None), default=None),
        "false_per_min": round((found - hits) / minutes, 2) if minutes else None,
        "units_good": sum(g["units_good"] for g in with_truth),
        "units_true": sum(g["units_true"] for g in with_truth),
        "units_found": sum(g["units_found"] for g in got),
        "mean_agreement": _mean(g["agreement"] for g in with_truth),
        "doublet_recall": _mean(g["doublet_recall"] for g in with_truth),
        "wall_s": round(sum(g["wall_s"] for g in got), 1),
    }


def _mean(values: object) -> float | None:
    known = [v for v in values if v is not None]
    return round(float(np.mean(known)), 3) if known else None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", default="dev", choices=SETS, dest="which")
    parser.add_argument("--folder", type=Path, help="where .npz or .npy cases are")
    parser.add_argument("--label", help="name of the set in the results; default: its own")
    parser.add_argument("--only", nargs="+", help="names of scenarios")
    parser.add_argument("--detector", nargs="+", default=["whytwitch", "baseline"], choices=tuple(DETECTORS))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--details", action="store_true", help="print all figures of each recording")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--no-write", action="store_true")
    args = parser.parse_args()
    wanted = names_of(args.which, args.folder)
    unknown = set(args.only or ()) - set(wanted)
    if unknown:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(wanted)}")
    jobs = [(args.which, n, args.folder, tuple(args.detector)) for n in args.only or wanted]
    head = " " * 24 + "".join(title.rjust(width) for _, title, width in COLUMNS)
    print(head)
    rows = []
    with ProcessPoolExecutor(args.jobs) if args.jobs > 1 else _Serial() as pool:
        for row in pool.map(one, jobs):
            rows.append(row)
            for detector in args.detector:
                mark = "" if len(args.detector) == 1 else f"   {detector}"
                print(show(row, detector) + mark, flush=True)
                if args.details:
                    print(json.dumps(row[detector], indent=1))
    totals = {d: summary(rows, d) for d in args.detector}
    for detector, total in totals.items():
        print(f"\n{detector}: " + ", ".join(f"{k} {v}" for k, v in total.items()))
    if not args.no_write and not args.only:
        write(args.out, args.label or args.which, rows, totals)


class _Serial:
    map = staticmethod(map)

    def __enter__(self) -> _Serial:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def write(path: Path, label: str, rows: list[dict[str, object]], totals: dict[str, object]) -> None:
    """Put this set into the results; other sets stay."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    kept[label] = {
        "machine": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "processor": platform.machine(),
        },
        "totals": totals,
        "recordings": rows,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    print(f"written: {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
