"""How fast the page is: start, first paint, re-ranking, weight, and fifty interviews at once.

    python benchmarks/page/serve.py [--interviews 50] [--think 5 2] [--seed 1]

Needs the development install and, for paint, weight and re-ranking as a person meets them, Chromium.
Every figure is of a real server in a process of its own on this machine. Fifty people "at once" each wait
a while before they answer (``--think``, seconds on average, drawn from an exponential law); the time counted
is from sending an answer to having the next page whole. Writes benchmarks/results/page_serve.json.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OUT = Path(__file__).parents[1] / "results/page_serve.json"
TOKEN = "benchmark"
PORT = 8931
HERE = f"http://127.0.0.1:{PORT}"
OPENINGS = (
    "My left eyelid has twitched for three days, five coffees a day, little sleep.",
    "Both calves twitch at night after long runs. I am 34 and feel strong.",
    "My right hand has grown weak and thin for four months, and it twitches. I am 61.",
    "Twitching all over for two years, I worry about ALS. EMG was normal. I am 40, male.",
    "Cramps and twitches. I take hydrochlorothiazide. Potassium 3.1 mmol/L, magnesium 0.5 mmol/L.",
)
PAGES = (
    "/", "/about", "/causes", "/causes/hypocalcemia", "/recordings", "/simulator",
    "/simulator/hypocalcemia", "/diary", "/api/",
)  # fmt: skip


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def told(values: list[float]) -> dict[str, float]:
    return {
        "n": len(values), "p50_ms": round(1e3 * statistics.median(values), 1),
        "p95_ms": round(1e3 * percentile(values, 0.95), 1), "max_ms": round(1e3 * max(values), 1),
    }  # fmt: skip


# --- the server -----------------------------------------------------------------------------------


@contextmanager
def server() -> Iterator[float]:
    """A server with an empty home; yields the seconds from its start to its first page."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "XDG_DATA_HOME": home, "WHYTWITCH_TOKEN": TOKEN}
        command = [sys.executable, "-m", "whytwitch.cli", "serve", "--port", str(PORT), "--no-browser"]
        began = time.perf_counter()
        running = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
        try:
            while True:
                try:
                    get("/")
                    break
                except OSError:
                    time.sleep(0.005)
            yield time.perf_counter() - began
        finally:
            running.terminate()
            running.wait(10)


def get(path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
    """Address and text of the page that a GET, or a POST of a form, leads to."""
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(HERE + path, data, {"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.url.removeprefix(HERE), answer.read().decode()


# --- fifty interviews -----------------------------------------------------------------------------


def interview(
    number: int, most: int, think_s: float, seed: int, taken: list[float], faults: list[str]
) -> None:
    """One person: opens a case, answers up to ``most`` questions, thinks in between."""
    draw = random.Random(seed * 1000 + number)
    time.sleep(draw.uniform(0, 2 * think_s))
    try:
        address, _ = get("/cases", {"words": OPENINGS[number % len(OPENINGS)]})
        _, page = get(f"{address}/questions")
        for _ in range(most):
            asked = re.search(r'name="question" value="([^"]+)"', page)
            if not asked:
                return
            press = draw.choice(["no", "unsure"]) if 'value="no"' in page else "skip"
            time.sleep(draw.expovariate(1 / think_s))
            began = time.perf_counter()
            _, page = get(f"{address}/questions", {"question": asked[1], "press": press})
            taken.append(time.perf_counter() - began)
    except Exception as error:  # noqa: BLE001 (a benchmark reports what went wrong)
        faults.append(repr(error))


def at_once(people: int, think_s: float, seed: int) -> dict[str, object]:
    taken: list[float] = []
    faults: list[str] = []
    threads = [
        threading.Thread(target=interview, args=(i, 12, think_s, seed, taken, faults)) for i in range(people)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(taken) / (time.perf_counter() - began)
    return {
        "people": people,
        "think_s": think_s,
        "answers_a_second": round(rate, 1),
        "faults": faults,
        **told(taken),
    }


# --- the browser ----------------------------------------------------------------------------------


def in_browser(chromium: str) -> dict[str, object]:
    """First paint and weight of every page, and re-ranking from a click to the new page part."""
    from playwright.sync_api import sync_playwright

    paint: dict[str, float | None] = {}
    weight: dict[str, float] = {}
    reranked: list[float] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(f"{HERE}/?token={TOKEN}")
        page.fill("#words", OPENINGS[0])
        page.click("#begin button >> nth=0")
        page.wait_for_url("**/cases/*")
        case = urllib.parse.urlsplit(page.url).path
        # The first to ask for the model wakes it; its pages come anew once it is awake.
        for path in ("/simulator/hypocalcemia", f"{case}/what-if"):
            page.goto(HERE + path)
            page.wait_for_selector("audio, #number p", state="attached", timeout=90_000)
        for path in (*PAGES, case, f"{case}/questions", f"{case}/answer", f"{case}/what-if"):
            name = path.replace(case, "/cases/KEY")
            runs = []
            for _ in range(5):
                # A fresh context has no cache: what a first visitor waits for and loads.
                context = browser.new_context(viewport={"width": 360, "height": 760})
                first = context.new_page()
                sizes: list[int] = []
                first.on(
                    "response", lambda r, sizes=sizes: sizes.append(int(r.headers.get("content-length", 0)))
                )
                context.add_cookies([{"name": f"whytwitch-{PORT}", "value": TOKEN, "url": HERE}])
                first.goto(HERE + path)
                first.wait_for_load_state("load")
                first.wait_for_timeout(400)
                runs.append(first.evaluate(
                    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
                ))  # fmt: skip
                weight[name] = round(sum(sizes) / 1000, 1)
                context.close()
            seen = [run for run in runs if run is not None]
            paint[name] = round(statistics.median(seen), 1) if seen else None
        page.goto(HERE + case)
        for index in range(30):
            chip = page.locator(".chip-box", has_text="coffee")
            chip.locator("summary").click()
            button = chip.get_by_role("button", name="Not sure" if index % 2 == 0 else "Yes, it is there")
            # Timed in the page: from the click to the next frame after the new part stands.
            button.evaluate("""button => { window.took = new Promise(done => {
                const began = performance.now();
                document.addEventListener('live:swapped', () => requestAnimationFrame(() =>
                    done(performance.now() - began)), {once: true});
                button.click(); }); }""")
            reranked.append(page.evaluate("window.took") / 1e3)
        browser.close()
    return {"first_paint_ms": paint, "weight_kb": weight, "rerank": told(reranked)}


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--interviews", type=int, default=50)
    ask.add_argument("--think", type=float, nargs="+", default=[5.0, 2.0])
    ask.add_argument("--seed", type=int, default=1)
    asked = ask.parse_args()
    starts = []
    for _ in range(5):
        with server() as took:
            starts.append(took)
    result: dict[str, object] = {"cores": os.cpu_count(), "start": told(starts)}
    print("start:", result["start"])
    crowds = []
    for think_s in asked.think:
        with server():
            crowds.append(at_once(asked.interviews, think_s, asked.seed))
            print("interviews:", crowds[-1])
    result["interviews"] = crowds
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no Chromium: paint, weight and re-ranking are left out")
    else:
        with server():
            result["browser"] = in_browser(chromium)
        print(json.dumps(result["browser"], indent=1))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
