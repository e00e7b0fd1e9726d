"""Put the results of the rate benchmarks into ``docs/twitch-rates.md``.

Run ``python benchmarks/rates/write_docs.py`` after ``sensible.py``, ``markov.py`` and ``build_emulator.py``.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/twitch-rates.md"


def main() -> None:
    """Fill the marked places."""
    text = PAGE.read_text("utf-8")
    for name, table in (("causes", causes()), ("emulator", emulator()), ("markov", markov())):
        first, last = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(first)
        text = f"{before}{first}\n{table}\n{last}{rest.partition(last)[2]}"
    PAGE.write_text(text, "utf-8")


def result(name: str) -> dict[str, Any]:
    """One file of results."""
    return json.loads((ROOT / f"benchmarks/results/{name}.json").read_text("utf-8"))


def times(log10: float) -> str:
    """A ratio in two digits."""
    if log10 > 6:
        return "over a million"
    if log10 < -6:
        return "under a millionth"
    value = 10.0**log10
    return f"{float(f'{value:.2g}'):,.0f}" if value >= 10 else f"{value:.2g}"


def causes() -> str:
    """Causes over normal."""
    found = result("rates_sensible")
    rows = [
        "| cause | dose | grade | times normal | 90 % | usual ending |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in found["causes"]:
        name = row["cause"] + (f" ({row['scenario']})" if row["scenario"] else "")
        rows.append(
            f"| {name.replace('_', ' ')} | {row['dose']:g} {row['unit']} | {row['grade']} | "
            f"{times(row['log10_over_normal'])} | {times(row['low'])} to {times(row['high'])} | "
            f"{row['rate']['state']} |"
        )
    normal = found["normal"]
    lines = [
        f"A normal muscle of 100 units: {normal['muscle_per_minute']:.2g} discharges a minute in the model "
        f"({normal['low']:.0e} to {normal['high']:.0e}: no prediction).",
        "",
        *rows,
    ]
    for point in found.get("split", []):
        lines += ["", split_line(point)] if point is found["split"][0] else [split_line(point)]
    return "\n".join(lines)


def split_line(point: dict[str, Any]) -> str:
    """One point that was simulated."""
    off = point["emulator_log10_hz"]
    gaps = point["intervals_ms"]
    middle = f", median interval inside bursts {sorted(gaps)[len(gaps) // 2]:.0f} ms" if gaps else ""
    return (
        f"- {point['curve']} {point['value']:g}: simulated {point['muscle_hz'] * 60:.2g} a minute "
        f"({point['low_hz'] * 60:.2g} to {point['high_hz'] * 60:.2g}), emulator {60 * 10**off:.2g} "
        f"({off - math.log10(point['muscle_hz']):+.2f} decades); "
        f"{point['origin']['terminal']:.0%} at endings; "
        f"{point['burst_size']:.2f} discharges an event, doublets {point['doublets']:.0%}{middle}."
    )


def emulator() -> str:
    """How near it is."""
    found = result("rates_emulator")
    rows = [
        "| rates | median error, decades | nine in ten within | 90 % intervals hold |",
        "| --- | --- | --- | --- |",
    ]
    for name, key in (("cross-validated", "cross_validated"), ("held out", "held_out")):
        part = found[key]
        rows.append(
            f"| {part['samples']}, {name} | {part['median_error_log10']:.2f} | "
            f"{part['90_percent_error_log10']:.2f} | {part['coverage_of_90_percent']:.0%} |"
        )
    return "\n".join(rows)


def markov() -> str:
    """Agreement and cost."""
    found = result("rates_markov")
    lines = []
    if "agreement" in found:
        part = found["agreement"]
        lines.append(
            f"On {part['terminals']} endings where waiting gave at least 100 events, the 95 % interval held "
            f"in {part['held']:.1%} of {part['runs']} independent runs (mean z {part['mean_z']:+.2f}, SD "
            f"{part['sd_z']:.2f})."
        )
    if "cost" in found:
        part = found["cost"]
        lines += ["", "| rate, Hz | steps to 10 % | by waiting | fewer |", "| --- | --- | --- | --- |"]
        for row in part["rows"]:
            if "rate_hz" in row:
                lines.append(
                    f"| {row['rate_hz']:.2g} | {row['steps_to_10_percent']:.1e} | "
                    f"{row['waiting_steps_to_10_percent']:.1e} | {row['fewer_steps']:.2g} × |"
                )
        lines += ["", f"Cost grows as log(10 / rate) to the power {part['power_of_log_rarity']}."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
