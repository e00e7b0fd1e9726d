"""Whether the units of a published decomposition are found as voluntary trains.

    python benchmarks/detection/openhdemg_check.py [otb_testfile.mat] [--no-write]

The sample of openhdemg (64 channels, a contraction of half a minute) comes decomposed into four units.
For each, the share of discharges is given that have an event of ours of kind ``voluntary`` within 10 ms, what
chance would give at our event rate, and the same for the one unit of ours that fits it best. The package is
GPL-3: it is installed in a place of its own, and nothing of it is kept here. Without a path, it is looked for
among the installed packages.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path

import numpy as np
from score import near, pair
from semi_real import read_otb

RESULTS = Path(__file__).parents[1] / "results" / "detection_openhdemg.json"
TOLERANCE_S = 0.010


def sample() -> Path:
    spec = importlib.util.find_spec("openhdemg")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise SystemExit("openhdemg is not installed; give the path of its otb_testfile.mat")
    return Path(places[0]) / "library" / "decomposed_test_files" / "otb_testfile.mat"


def by_chance(found: np.ndarray, begin: float, end: float) -> float:
    """Share of random times of the stretch that have an event within the tolerance."""
    random = np.sort(np.random.default_rng(0).uniform(begin, end, 20000))
    return float(near(random, found, TOLERANCE_S).mean()) if len(found) else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--no-write", action="store_true")
    args = parser.parse_args()
    from whytwitch.recording import ArraySignal, Channel, Recording, detect

    x, fires, fs = read_otb(args.file or sample())
    channels = tuple(Channel(f"{k + 1}", position_mm=(8.0 * (k % 5), 8.0 * (k // 5))) for k in range(len(x)))
    recording = Recording(
        "openhdemg sample",
        "array",
        fs,
        x.shape[1],
        channels,
        ArraySignal(x.astype(np.float32)),
        electrode="surface",
    )
    twitches = detect(recording)
    events = twitches.events
    voluntary = events.onset_s[events.kind == "voluntary"]
    rows = []
    for number, discharges in enumerate(fires, 1):
        true = np.sort(np.asarray(discharges) / fs)
        hits = len(pair(true, voluntary)[0])
        best = (0, 0.0, 0.0)
        for unit in twitches.units:
            own = events.onset_s[events.unit == unit.id]
            # Their reference time differs from ours by a constant for each unit.
            gaps = own[np.clip(np.searchsorted(own, true), 0, len(own) - 1)] - true
            near_zero = gaps[np.abs(gaps) < 0.03]
            shift = float(np.median(near_zero)) if len(near_zero) else 0.0
            matched = max(len(pair(true + s, own)[0]) for s in (0.0, shift))
            agreement = matched / (len(true) + len(own) - matched)
            if agreement > best[2]:
                best = (unit.id, matched / len(true), agreement)
        rows.append(
            {
                "unit": number,
                "discharges": len(true),
                "voluntary_within_10_ms": round(hits / len(true), 3),
                "by_chance": round(by_chance(voluntary, true[0], true[-1]), 3),
                "in_voluntary_stretch": round(
                    float(np.mean([any(a <= t <= b for a, b in twitches.voluntary_s) for t in true])), 3
                ),
                "best_unit": best[0],
                "share_by_best_unit": round(best[1], 3),
                "agreement_of_best_unit": round(best[2], 3),
            }
        )
        print(rows[-1])
    kinds = {k: int((events.kind == k).sum()) for k in np.unique(events.kind)}
    result = {
        "seconds": round(x.shape[1] / fs, 1),
        "units": rows,
        "events": kinds,
        "voluntary_s": np.round(twitches.voluntary_s, 2).tolist(),
        "units_found": len(twitches.units),
    }
    print(kinds, result["voluntary_s"], len(twitches.units), "units")
    if not args.no_write:
        RESULTS.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
