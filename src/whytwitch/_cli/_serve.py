"""``whytwitch serve``."""

from __future__ import annotations

import contextlib
import gc
import webbrowser
from pathlib import Path

from whytwitch._cli._console import out
from whytwitch.app.server import Serving
from whytwitch.app.server import serve as run
from whytwitch.app.shell import Settings
from whytwitch.case import CaseError
from whytwitch.recording import RecordingError


def serve(settings: Settings, *, fixed_port: bool, browser: bool) -> None:
    """Open the page and serve it until it is interrupted.

    Raises:
        RecordingError: a recording is not there.
    """
    for path in settings.recordings:
        if not path.exists():
            raise RecordingError(f"{path}: there is no such file; give a recording, or none")
    console = out()

    def ready(serving: Serving) -> None:
        gc.enable()  # off while much is built and nothing is thrown away; a server runs long
        console.print("The page is open at", style="bold")
        console.print(f"  {serving.address}", soft_wrap=True, highlight=False)
        console.print(
            "It answers this computer only, and only with this key. Press Ctrl-C to end it; open cases are "
            "then forgotten.",
            style="dim",
        )
        if browser:
            with contextlib.suppress(webbrowser.Error):
                webbrowser.open(serving.address)

    run(settings, ready, fixed_port=fixed_port)


def settings_of(port: int, token: str | None, diary: str, upload_mb: int, recordings: list[Path]) -> Settings:
    """Settings from what was typed.

    Raises:
        CaseError: one of them cannot be.
    """
    kept = tuple(path.absolute() for path in recordings)
    try:
        if token is None:
            return Settings(port, diary=diary, upload_mb=upload_mb, recordings=kept)
        return Settings(port, token, diary, upload_mb, kept)
    except ValueError as error:
        raise CaseError(str(error)) from error
