"""Detection in a stream: time a hop, latency, memory, and how much is lost against the whole recording.

    python benchmarks/detection/live.py [--only NAME ...] [--edf FILE] [--minutes 30]

Scenarios (or a file) are pushed in pieces of a tenth of a second, as a device would. Figures of time are
of hops after the first stretch has been learned, as shares of the signal's own time. Events count as they
stand at the end, corrections included; ``first`` is the precision of what was said at first. With
``--minutes`` a scenario is looped with fresh noise for so long, and the memory of the process is read at
every fifth minute.
Writes ``benchmarks/results/detection_live.json``.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import scenarios
from generators.case import Case
from run import recording_of, whytwitch
from score import Found, score

RESULTS = Path(__file__).parents[1] / "results" / "detection_live.json"
PUSH_S = 0.1
SETTLE_S = 10.0
KEPT = ("sensitivity", "precision", "f1", "false_per_min", "units_good", "units_true", "units_found")


@dataclass
class Streamed:
    """What came out of a stream, and how fast."""

    events: dict = field(default_factory=dict)
    first: dict = field(default_factory=dict)
    busy_s: list = field(default_factory=list)
    settle_s: float = 0.0
    late_s: list = field(default_factory=list)
    rss_mib: dict = field(default_factory=dict)


def rss_mib() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) / 1024, 1)
    return float("nan")


def stream(recording: object, minutes: float | None = None, seed: int = 0) -> Streamed:
    """Push a recording through; looped with fresh noise where ``minutes`` is longer."""
    from whytwitch.recording import LiveDetector

    detector = LiveDetector(
        recording.channels, recording.sampling_rate_hz, electrode=recording.electrode, settle_s=SETTLE_S
    )
    fs, out, rng = recording.sampling_rate_hz, Streamed(), np.random.default_rng(seed)
    total = recording.n_samples if minutes is None else round(minutes * 60 * fs)
    level = np.float32(0.2 * np.median(np.abs(recording.read(0, round(5 * fs)))))
    pushed = 0
    while pushed < total:
        at = pushed % recording.n_samples
        piece = recording.read(at, min(recording.n_samples, at + round(PUSH_S * fs)))
        if minutes is not None:
            piece = piece + level * rng.standard_normal(piece.shape, dtype=np.float32)
        was_ready = detector.is_ready
        began = time.perf_counter()
        told = detector.push(piece)
        took = time.perf_counter() - began
        before, pushed = pushed, pushed + piece.shape[1]
        if was_ready:
            out.busy_s.append(took)
            out.late_s += [pushed / fs - e.onset_s for e in told if e.number not in out.first]
        elif detector.is_ready:
            out.settle_s = took
        for event in told:
            out.first.setdefault(event.number, event)
            if minutes is None:
                out.events[event.number] = event
        if minutes is not None:
            # Only what cannot change any more may be dropped here; this keeps the test itself constant.
            out.first = dict.fromkeys(list(out.first)[-5000:], None) if len(out.first) > 10000 else out.first
            if int(pushed / fs / 300) > int(before / fs / 300):
                out.rss_mib[f"{pushed / fs / 60:.0f} min"] = rss_mib()
    for event in detector.finish():
        out.first.setdefault(event.number, event)
        out.events[event.number] = event
    return out


def found_of(events: dict) -> Found:
    rows = sorted((e for e in events.values() if e.confidence > 0.0), key=lambda e: e.onset_s)
    return Found(
        np.array([e.onset_s for e in rows]),
        np.array([e.unit for e in rows], np.int64),
        np.array([e.kind for e in rows], dtype="<U13"),
    )


def speed(streamed: Streamed) -> dict[str, float]:
    # Hops are two pushes long, so a push is either empty or holds a hop; figures are of the hops.
    busy = np.sort(streamed.busy_s)[len(streamed.busy_s) // 2 :]
    share = busy / (2 * PUSH_S)
    return {
        "hop_p50": round(float(np.median(share)), 3),
        "hop_p99": round(float(np.quantile(share, 0.99)), 3),
        "hop_max": round(float(share.max()), 3),
        "load": round(float(np.sum(streamed.busy_s)) / (len(streamed.busy_s) * PUSH_S), 3),
        "settle_s": round(streamed.settle_s, 2),
        "latency_p99_s": round(float(np.quantile(streamed.late_s or [0.0], 0.99)), 3),
    }


def one(case: Case) -> dict[str, object]:
    streamed = stream(recording_of(case))
    live, offline = score(case, found_of(streamed.events)), score(case, whytwitch(case))
    first = score(case, found_of(streamed.first))
    return {
        "name": case.name,
        "channels": len(case.samples),
        "fs": case.fs,
        **speed(streamed),
        "live": {k: live[k] for k in KEPT},
        "offline": {k: offline[k] for k in KEPT},
        "first_precision": first["precision"],
    }


def show(row: dict[str, object]) -> str:
    text = f"{row['name'][:20]:20s} {row['channels']:3d} ch {row['fs']:6.0f} Hz  "
    text += f"p50 {row['hop_p50']:.2f} p99 {row['hop_p99']:.2f} max {row['hop_max']:.2f}"
    text += f" late {row['latency_p99_s']:.2f}"
    if "live" not in row:
        return text
    for name in ("live", "offline"):
        s, p, f, n = (row[name][k] for k in ("sensitivity", "precision", "f1", "units_good"))
        figures = " ".join("  – " if v is None else f"{v:.2f}" for v in (s, p, f))
        text += f"  {name} {figures} u{n}"
    first = row["first_precision"]
    return (
        text
        + f"  false/min {row['live']['false_per_min']}"
        + ("" if first is None else f" first {first:.2f}")
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", help="names of scenarios")
    parser.add_argument("--edf", type=Path, help="a recording to stream instead")
    parser.add_argument("--minutes", type=float, help="loop the first scenario for so long and watch memory")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--no-write", action="store_true")
    args = parser.parse_args()
    result: dict[str, object] = {"machine": {"python": platform.python_version(), "numpy": np.__version__}}
    names = args.only or scenarios.names()
    if args.edf:
        from whytwitch.recording import read

        recording = read(args.edf)
        row = {"name": args.edf.name, "channels": len(recording.channels), "fs": recording.sampling_rate_hz}
        print(show(row | speed(stream(recording))))
        return
    if args.minutes:
        case = scenarios.build(names[0])
        streamed = stream(recording_of(case), args.minutes)
        result["long"] = {
            "name": names[0],
            "minutes": args.minutes,
            **speed(streamed),
            "rss_mib": streamed.rss_mib,
        }
        print(json.dumps(result["long"], indent=1))
    else:
        rows = []
        for name in names:
            rows.append(one(scenarios.build(name)))
            print(show(rows[-1]), flush=True)
        result["recordings"] = rows
    if not args.no_write and not args.only:
        kept = json.loads(args.out.read_text()) if args.out.exists() else {}
        args.out.write_text(json.dumps(kept | result, indent=1) + "\n")


if __name__ == "__main__":
    main()
