"""Time and memory of ``whytwitch detect`` as recordings grow.

    python benchmarks/detection/scaling.py [--size 8x10 64x10 …] [--html] [--work DIR]

A size is channels by minutes at 2048 Hz. Each is written as an EDF of 16-bit samples, a made half minute of
fasciculations repeated with other noise, and read by the command in a process of its own; what is measured
is its wall time, processor time and largest resident memory. The command itself is given with
``--command`` where it is not ``python -m whytwitch.cli``. Writes
``benchmarks/results/detection_scaling.json`` and ``docs/images/detection_scaling.png``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from generators.layouts import grid
from generators.scene import Scene

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "detection_scaling.json"
PICTURE = ROOT / "docs" / "images" / "detection_scaling.png"
SIZES = ("1x10", "8x10", "8x60", "32x10", "64x5", "64x10", "64x30", "64x60")
RATE = 2048
TILE_S = 30
LIMIT_UV = 3276.8


def tile(channels: int) -> np.ndarray:
    """Half a minute of a grid, int16 in steps of 0.1 µV."""
    across = max(1, round(channels**0.5))
    along = -(-channels // across)
    s = Scene(f"tile {channels}", 77, RATE, TILE_S, grid(across, along, 8.0))
    s.fasciculations([400, 180, 120, 80, 60], [4, 10, 16, 8, 20], doublets=0.05)
    s.mains(amplitude=8)
    s.heart(amplitude=30)
    x = s.finish().samples[:channels]
    return np.round(x * 10).astype("<i2")


def write_edf(path: Path, channels: int, minutes: float) -> None:
    """By hand, a second a record, so that no more than a tile is ever in memory."""
    base = tile(channels)
    rng = np.random.default_rng(channels)
    seconds = round(minutes * 60)

    def field(values: list[str], width: int) -> bytes:
        return b"".join(v.encode("ascii").ljust(width)[:width] for v in values)

    head = field(["0"], 8) + field(["X X X X"], 80) + field(["Startdate X X X X"], 80)
    head += field(["01.01.85"], 8) + field(["00.00.00"], 8) + field([str(256 * (channels + 1))], 8)
    head += field([""], 44) + field([str(seconds)], 8) + field(["1"], 8) + field([str(channels)], 4)
    columns = (
        ([f"EMG {k + 1}" for k in range(channels)], 16),
        (["surface electrode"] * channels, 80),
        (["uV"] * channels, 8),
        ([f"{-LIMIT_UV:.1f}"] * channels, 8),
        (["3276.7"] * channels, 8),
        (["-32768"] * channels, 8),
        (["32767"] * channels, 8),
        (["HP:10Hz LP:500Hz"] * channels, 80),
        ([str(RATE)] * channels, 8),
        ([""] * channels, 32),
    )
    head += b"".join(field(values, width) for values, width in columns)
    with path.open("wb") as f:
        f.write(head)
        for second in range(seconds):
            if second % TILE_S == 0:
                # 4.5 µV of noise on each channel, never the same.
                noise = rng.integers(-78, 79, base.shape, dtype=np.int16)
                now = base + noise
            at = (second % TILE_S) * RATE
            f.write(np.ascontiguousarray(now[:, at : at + RATE]).tobytes())


def measure(command: list[str]) -> dict[str, float | int]:
    """Run it to the end; wall and processor seconds, and the largest memory of it in MiB."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    complaint = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}\nfailed ({process.returncode}): {complaint.decode()[-2000:]}")
    return {
        "wall_s": round(time.perf_counter() - began, 2),
        "cpu_s": round(used.ru_utime + used.ru_stime, 2),
        "peak_mib": round(used.ru_maxrss / 1024),
    }


def slope(rows: list[dict[str, float]], key: str) -> float:
    """Of log time over log size, where runs are long enough to tell: 1 is linear."""
    long = [r for r in rows if r["wall_s"] > 3]
    if len(long) < 2:
        return float("nan")
    x = np.log([r["channels"] * r["minutes"] for r in long])
    return float(np.polyfit(x, np.log([r[key] for r in long]), 1)[0])


def draw(rows: list[dict[str, float]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    size = np.array([r["channels"] * r["minutes"] for r in rows])
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), constrained_layout=True)
    for channels in sorted({r["channels"] for r in rows}):
        own = [r for r in rows if r["channels"] == channels]
        x = [r["channels"] * r["minutes"] for r in own]
        left.plot(x, [r["wall_s"] for r in own], "o-", label=f"{channels:.0f} channels")
        right.plot(x, [r["peak_mib"] for r in own], "o-")
    largest = rows[int(size.argmax())]
    line = np.array([size.min(), size.max()])
    left.plot(line, largest["wall_s"] * line / size.max(), "k:", lw=1, label="in proportion")
    for axis, name in ((left, "wall time, s"), (right, "largest memory, MiB")):
        axis.set(xscale="log", yscale="log", xlabel="channels x minutes at 2048 Hz", ylabel=name)
        axis.grid(alpha=0.3)
    left.legend(frameon=False, fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", nargs="+", default=list(SIZES), help="CHANNELSxMINUTES")
    parser.add_argument("--command", nargs="+", default=[sys.executable, "-m", "whytwitch.cli"])
    parser.add_argument("--html", action="store_true", help="with the page, too")
    parser.add_argument("--work", type=Path, help="where files go meanwhile; default: a temporary folder")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--picture", type=Path, default=PICTURE)
    args = parser.parse_args()
    work = Path(tempfile.mkdtemp(dir=args.work))
    rows: list[dict[str, float]] = []
    try:
        for size in args.size:
            channels, minutes = (float(v) for v in size.split("x"))
            path = work / f"{size}.edf"
            write_edf(path, int(channels), minutes)
            command = [*args.command, "detect", str(path), "--events", str(work / "e.csv")]
            command += ["--json", str(work / "r.json")]
            if args.html:
                command += ["--html", str(work / "r.html")]
            row = {"channels": int(channels), "minutes": minutes, "mb": round(path.stat().st_size / 1e6, 1)}
            row |= measure(command)
            row["times_real_time"] = round(minutes * 60 / row["wall_s"], 1)
            rows.append(row)
            print(row, flush=True)
            path.unlink()
    finally:
        shutil.rmtree(work)
    machine = {
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.machine(),
    }
    result = {
        "machine": machine,
        "html": args.html,
        "slope_wall": round(slope(rows, "wall_s"), 2),
        "sizes": rows,
    }
    args.out.write_text(json.dumps(result, indent=1) + "\n")
    draw(rows, args.picture)


if __name__ == "__main__":
    main()
