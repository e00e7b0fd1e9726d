"""A real server and a real browser. Without Chromium on the machine these tests are left out."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

TOKEN = "browser-test"
SIZES = ((360, 760), (768, 1024), (1440, 900))
LOOKS = [(width, height, scheme) for width, height in SIZES for scheme in ("light", "dark")]
SHOTS = os.environ.get("WHYTWITCH_SHOTS")
"""Folder for pictures of every page that a test looks at; unset, none are taken."""


def chromium() -> str:
    """The browser of the machine."""
    found = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page as a user starts it, with an empty home."""
    chromium()
    home = tmp_path_factory.mktemp("home")
    port = 8790 + os.getpid() % 1000
    command = [sys.executable, "-m", "whytwitch.cli", "serve", "--port", str(port), "--no-browser"]
    env = {**os.environ, "XDG_DATA_HOME": str(home), "HOME": str(home), "WHYTWITCH_TOKEN": TOKEN}
    log = home / "server.log"
    with log.open("w") as out:
        running = subprocess.Popen(command, env=env, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{address}/static/shell/icon.svg", timeout=1).close()
                break
            except OSError:
                assert running.poll() is None, log.read_text()
                time.sleep(0.05)
        yield address
        assert running.poll() is None, f"the server fell over: {log.read_text()}"
        assert "Traceback" not in log.read_text(), log.read_text()
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(10)


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def browser(playwright_: Playwright) -> Iterator[Browser]:
    made = playwright_.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
    yield made
    made.close()


class Visit:
    """One window: where it may go, what it saw, and whether it was fit to be seen."""

    def __init__(self, page: Page, server: str, look: str) -> None:
        self.page, self.server, self.look = page, server, look
        self.asked: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: said.type in ("error", "warning") and self.faults.append(said.text))

    def open(self, path: str) -> Page:
        """Go to a page of the server."""
        self.page.goto(self.server + path)
        return self.page

    def check(self, name: str) -> None:
        """No accessibility violation, nothing wider than the window, a picture where asked for."""
        page = self.page
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{name}-{self.look}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px wider than its window at {self.look}"
        found = Axe().run(page).response["violations"]
        told = [(v["id"], [node["target"] for node in v["nodes"]][:4]) for v in found]
        assert not told, f"{name} at {self.look}: {told}"

    def leave(self) -> None:
        """What must hold of the whole visit."""
        own = urlsplit(self.server).netloc
        strangers = {
            url
            for url in self.asked
            if urlsplit(url).netloc != own and not url.startswith(("blob:", "data:"))
        }
        assert not strangers, f"requests left this machine's page: {strangers}"
        assert not self.faults, self.faults


@pytest.fixture
def visit(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visit]]:
    """Open windows; at the end of the test each is asked what it saw."""
    windows: list[Visit] = []

    def opened(
        width: int = 1440,
        height: int = 900,
        scheme: str = "light",
        *,
        script: bool = True,
        touch: bool = False,
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=script,  # pyright: ignore[reportArgumentType]
            accept_downloads=True, has_touch=touch, is_mobile=touch,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        made = Visit(context.new_page(), server, f"{width}-{scheme}")
        made.page.goto(f"{server}/?token={TOKEN}")
        windows.append(made)
        return made

    yield opened
    for window in windows:
        window.leave()
        window.page.context.close()


each_look = pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[2]}")
