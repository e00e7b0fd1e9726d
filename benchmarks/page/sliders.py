"""How quickly the what-if answers a slider: through the real server, and on the screen of a real browser.

Run ``python benchmarks/page/sliders.py``; it writes ``benchmarks/results/page_sliders.json``. Moves are
random, so nearly every state is new to the server: the slowest case, since a slider that is dragged comes
back to states. Without Chromium (Playwright) only the server is measured. ``cpu`` is what a move costs the
server in processor time, which other work on the machine does not change. ``curves``: by how much the page's
curves differ from those of the clinic's whole test, over random settings.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

ROOT: Final = Path(__file__).resolve().parents[2]
RESULT: Final = ROOT / "benchmarks/results/page_sliders.json"
TOKEN: Final = "benchmark"
PEOPLE: Final = {
    "potassium only": "My calf twitches. I am 45. potassium 3.2 mmol/L.",
    "four values and a drug": (
        "My calf twitches. I am 45. potassium 3.2 mmol/L, calcium 2.1 mmol/L, magnesium 0.6 "
        "mmol/L, pH 7.48. I take hydrochlorothiazide."
    ),
}
RANGES: Final = {
    "potassium": (2.5, 6.0, 1),
    "ionized_calcium": (0.8, 1.5, 2),
    "calcium": (1.6, 3.0, 2),
    "magnesium": (0.4, 1.4, 2),
    "ph": (7.2, 7.6, 2),
    "temperature": (35.0, 40.0, 1),
}
BROWSER: Final = """async (moves) => {
  const paints = [], curves = [];
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  for (const [id, value] of moves) {
    const range = document.querySelector(`#v-${id}`).closest(".mover").querySelector("input[type=range]");
    if (Number(range.value) === value) continue;
    const line = document.querySelector('[data-now="te"]');
    let drawn = null;
    const watch = new MutationObserver(() => { drawn ??= performance.now(); });
    watch.observe(line, { attributes: true });
    const before = document.querySelector("#number");
    range.value = value;
    const start = performance.now();
    range.dispatchEvent(new Event("input", { bubbles: true }));
    while (document.querySelector("#number") === before && performance.now() - start < 3000) {
      await new Promise(requestAnimationFrame);
    }
    await new Promise(requestAnimationFrame);
    paints.push(performance.now() - start);
    while (drawn === null && performance.now() - start < 3000) await sleep(2);
    if (drawn !== null) curves.push(drawn - start);
    watch.disconnect();
    await sleep(60);
  }
  return { paints, curves };
}"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=200)
    parser.add_argument("--settings", type=int, default=300, help="at which curves are compared")
    asked = parser.parse_args()
    moves = asked.moves
    port = _free()
    command = [
        str(Path(sys.executable).with_name("whytwitch")),
        "serve",
        "--port",
        str(port),
        "--no-browser",
        "--token",
        TOKEN,
    ]
    server = subprocess.Popen(
        command, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, stdout=subprocess.DEVNULL
    )
    try:
        report: dict[str, Any] = {"moves": moves, "cores": os.cpu_count(), "load": list(os.getloadavg())}
        report["people"] = {name: _person(server.pid, port, words, moves) for name, words in PEOPLE.items()}
    finally:
        server.terminate()
        server.wait()
    report["curves"] = _beside_the_whole_test(asked.settings)
    RESULT.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def _person(pid: int, port: int, words: str, moves: int) -> dict[str, Any]:
    key = _opened(port, words)
    _warm(port)
    random.seed(1)
    ids = [name for name in RANGES if name != ("ionized_calcium" if "calcium" in words else "calcium")]
    state: dict[str, float] = {}
    times: dict[str, list[float]] = {"rate": [], "curves": [], "both": []}
    connection = http.client.HTTPConnection("127.0.0.1", port)
    used = _cpu_s(pid)
    for _ in range(moves):
        name, value = _move(ids)
        state[name] = value
        start = time.perf_counter()
        for kind in ("rate", "curves"):
            before = time.perf_counter()
            _get(connection, f"/cases/{key}/what-if/{kind}?{urlencode(state)}")
            times[kind].append(time.perf_counter() - before)
        times["both"].append(time.perf_counter() - start)
    found: dict[str, Any] = {name: _spread(values) for name, values in times.items()}
    found["cpu_mean_ms"] = round(1000 * (_cpu_s(pid) - used) / moves, 1)
    return found | _in_browser(port, key, [_move(ids) for _ in range(moves // 3)])


def _move(ids: list[str]) -> tuple[str, float]:
    name = random.choice(ids)
    low, high, places = RANGES[name]
    return name, round(random.uniform(low, high), places)


def _beside_the_whole_test(settings: int) -> dict[str, Any]:
    """Differences in % of threshold; for ``CD`` in % of the charge."""
    from whytwitch.app.nerve._curves import traces_of
    from whytwitch.case import read_text
    from whytwitch.knowledge import load
    from whytwitch.physiology import PhysiologyError, excite
    from whytwitch.reasoning import Changes, fluid_and_axon

    random.seed(2)
    cases = [read_text(words, load()) for words in PEOPLE.values()]
    errors: dict[str, list[float]] = {}
    untested = 0
    for k in range(settings):
        values = dict(_move([name]) for name in RANGES if name != ("calcium", "ionized_calcium")[k % 2])
        axon = fluid_and_axon(cases[k % 2], Changes(values=values), load())
        found = traces_of(axon)
        try:
            whole = excite(axon).curves
        except PhysiologyError:
            untested += 1
            continue
        if isinstance(found, str):
            raise SystemExit(f"the page has no curves where the whole test has: {found}")
        for name, (x, y) in found.items():
            known = dict(zip(*(row.tolist() for row in whole[name]), strict=True))
            scale = 100.0 / max(known.values()) if name == "CD" else 1.0
            errors.setdefault(name, []).extend(
                scale * abs(b - known[a]) for a, b in zip(x, y, strict=True) if a in known
            )
    return {"settings": settings, "not_testable": untested} | {
        name: {"points": len(row), "median": round(sorted(row)[len(row) // 2], 4), "max": round(max(row), 4)}
        for name, row in errors.items()
    }


def _in_browser(port: int, key: str, moves: list[tuple[str, float]]) -> dict[str, Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        # As it is with most people: the trace that scrolls is on screen, and costs its share.
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"http://127.0.0.1:{port}/?token={TOKEN}")
        page.goto(f"http://127.0.0.1:{port}/cases/{key}/what-if")
        page.wait_for_timeout(1500)
        found = page.evaluate(BROWSER, moves)
        browser.close()
    return {f"browser_{name}": _spread([t / 1000 for t in values]) for name, values in found.items()}


def _spread(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "n": len(ordered),
        "p50_ms": round(1000 * ordered[len(ordered) // 2], 1),
        "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 1),
        "max_ms": round(1000 * ordered[-1], 1),
    }


def _cpu_s(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _get(connection: http.client.HTTPConnection, address: str) -> bytes:
    connection.request("GET", address, headers={"authorization": f"Bearer {TOKEN}"})
    response = connection.getresponse()
    body = response.read()
    if response.status not in (200, 303):
        raise SystemExit(f"{address}: {response.status} {body[:300]!r}")
    return body


def _opened(port: int, words: str) -> str:
    """Open a case once the server answers."""
    heads = {"authorization": f"Bearer {TOKEN}", "content-type": "application/x-www-form-urlencoded"}
    for _ in range(200):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            connection.request("POST", "/cases", urlencode({"words": words}), heads)
        except ConnectionRefusedError:
            time.sleep(0.1)
            continue
        return (connection.getresponse().getheader("location") or "").split("/cases/")[1].split("/")[0]
    raise SystemExit("the server did not start")


def _warm(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while b'"ready":true' not in _get(connection, "/simulator/ready"):
        pass


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
