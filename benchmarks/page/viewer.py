"""How quickly the page shows a long recording: 64 channels, half an hour, 2048 Hz.

    python benchmarks/page/viewer.py [--channels 64] [--minutes 30] [--views 200] [--no-browser]

The recording is made (``benchmarks/detection/scaling.py``: fasciculations, mains and a heart on noise) and
given to a real ``whytwitch serve``. Measured from outside, over HTTP:

* until the page answers, until the signal can be looked at, and until the twitches are found;
* random views, panned and zoomed alike, of all channels in 1500 columns: while the twitches are still being
  sought, and afterwards;
* in Chromium: from a key (one every 0.3 s) to the painted picture: a tenth of a page, a whole page, a zoom;
* the time of one decision, with every number made anew; the largest memory of the server.

Writes ``benchmarks/results/page_viewer.json``.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "page_viewer.json"
sys.path.insert(0, str(ROOT / "benchmarks" / "detection"))

from scaling import RATE, write_edf  # noqa: E402  beside this folder, no package

TOKEN = "benchmark"
PORT = 8991
COLUMNS = 1500
GOAL_MS = 150.0
STEPS = 40
PAINTED = """async ([key, shift, n]) => {
  const stage = document.querySelector("#stage"), took = [];
  for (let i = 0; i < n; i += 1) {
    const press = key === "zoom" ? (i % 10 < 5 ? "+" : "-") : key;
    const options = { key: press, shiftKey: shift, bubbles: true, cancelable: true };
    const from = performance.now();
    stage.dispatchEvent(new KeyboardEvent("keydown", options));
    await new Promise((done) => {
      const heard = (event) => {
        if (!event.detail.whole) return;
        window.removeEventListener("viewer:painted", heard);
        done();
      };
      window.addEventListener("viewer:painted", heard);
    });
    took.push(performance.now() - from);
    await new Promise((done) => setTimeout(done, 300));
  }
  return took;
}"""


class Client:
    """One connection that is kept, as a browser's is."""

    def __init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        self._heads = {"cookie": f"whytwitch-{PORT}={TOKEN}", "accept": "application/json"}

    def get(self, path: str) -> bytes:
        self._line.request("GET", path, headers=self._heads)
        answer = self._line.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status, body[:200])
        return body

    def post(self, path: str, **fields: object) -> bytes:
        heads = {**self._heads, "content-type": "application/x-www-form-urlencoded"}
        self._line.request("POST", path, urlencode(fields), heads)
        answer = self._line.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status, body[:200])
        return body


@contextmanager
def server(recording: Path) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "whytwitch.cli", "serve", "--port", str(PORT), "--no-browser"]
    command += ["--token", TOKEN, str(recording)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(10)


def until(say: Callable[[], bool], most_s: float = 900.0) -> float:
    """Seconds until something holds."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < most_s:
        try:
            if say():
                return time.perf_counter() - begun
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError("it took too long")


def spread(took_ms: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(took_ms, [50, 95])
    worst = max(took_ms)
    return {"n": len(took_ms), "p50_ms": round(p50, 1), "p95_ms": round(p95, 1), "max_ms": round(worst, 1)}


def views(client: Client, address: str, duration_s: float, n: int, seed: int) -> dict[str, float]:
    """Random places and widths, from a tenth of a second to the whole recording."""
    random = np.random.default_rng(seed)
    took: list[float] = []
    for _ in range(n):
        span_s = float(np.exp(random.uniform(np.log(0.1), np.log(duration_s))))
        start_s = float(random.uniform(0.0, duration_s - span_s))
        asked = urlencode({"start_s": start_s, "stop_s": start_s + span_s, "columns": COLUMNS})
        begun = time.perf_counter()
        client.get(f"{address}/traces?{asked}")
        took.append(1000.0 * (time.perf_counter() - begun))
    return spread(took)


def in_browser(address: str) -> dict[str, object]:
    from playwright.sync_api import sync_playwright

    home = f"http://127.0.0.1:{PORT}"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(f"{home}/?token={TOKEN}")
        page.goto(home + address)
        page.locator("#stage").wait_for(state="visible")
        page.wait_for_timeout(2500)
        first = page.evaluate("performance.getEntriesByType('paint').at(-1).startTime")
        page.focus("#stage")
        found: dict[str, object] = {"first_paint_ms": round(first, 1)}
        moves = (("a tenth of a page", "ArrowRight", False), ("a page", "ArrowRight", True))
        for name, key, shift in (*moves, ("zoom", "zoom", False)):
            found[name] = spread(page.evaluate(PAINTED, [key, shift, STEPS]))
        browser.close()
    return found


def peak_mib(process: subprocess.Popen) -> int | None:
    status = Path(f"/proc/{process.pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) // 1024 if found else None


def measure(recording: Path, args: argparse.Namespace) -> dict[str, object]:
    client, seconds = Client(), args.minutes * 60.0
    with server(recording) as process:
        up_s = until(lambda: bool(Client().get("/recordings")))
        key = re.search(rb'data-key="([^"]+)"', client.get("/recordings"))
        assert key is not None
        address = f"/recordings/{key[1].decode()}"

        def state() -> dict:
            return json.loads(client.get(f"{address}/state"))

        drawn_s = until(lambda: state()["drawn"])
        busy = views(client, address, seconds, args.views, 1)
        found_s = until(lambda: state()["state"] not in ("waiting", "working"))
        assert state()["state"] == "ready", state()
        calm = views(client, address, seconds, args.views, 2)
        decided = []
        for _ in range(10):
            begun = time.perf_counter()
            said = client.post(f"{address}/edits", action="reject", number=len(decided) + 1)
            decided.append(1000.0 * (time.perf_counter() - begun))
        events = json.loads(said)["events"]
        browser = {} if args.no_browser else in_browser(address)
        return {
            "until_it_answers_s": round(up_s, 2),
            "until_it_can_be_looked_at_s": round(drawn_s, 2),
            "until_twitches_are_found_s": round(drawn_s + found_s, 1),
            "views_while_searching": busy,
            "views": calm,
            "signals": len(events["number"]),
            "decision": spread(decided),
            "browser": browser,
            "server_peak_mib": peak_mib(process),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--channels", type=int, default=64)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--views", type=int, default=200)
    parser.add_argument("--no-browser", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "long.edf"
        write_edf(recording, args.channels, args.minutes)
        found = measure(recording, args)
        mb = recording.stat().st_size / 1e6
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "processor": platform.machine()}
    size = {"channels": args.channels, "minutes": args.minutes, "rate_hz": RATE, "mb": round(mb, 1)}
    result = {"machine": machine, "recording": size, "columns": COLUMNS, "goal_ms": GOAL_MS, **found}
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
