"""``whytwitch serve``."""

from __future__ import annotations

import contextlib
import webbrowser
from pathlib import Path

import typer

from whytwitch._cli._guard import fail
from whytwitch.app.server import NoPortError, Serving
from whytwitch.app.server import serve as run
from whytwitch.app.shell import Settings


def serve(settings: Settings, *, fixed_port: bool, browser: bool) -> None:
    """Open the page and serve it until it is interrupted.

    Raises:
        RecordingError: a recording is not there.
    """
    for path in settings.recordings:
        if not path.exists():
            from whytwitch.recording import RecordingError

            raise RecordingError(f"{path}: there is no such file; give a recording, or none")

    def ready(serving: Serving) -> None:
        typer.secho("The page is open at", bold=True)
        typer.echo(f"  {serving.address}")
        typer.secho(
            "It answers this computer only, and only with this key. Press Ctrl-C to end it; open cases are "
            "then forgotten.",
            dim=True,
        )
        if browser:
            with contextlib.suppress(webbrowser.Error):
                webbrowser.open(serving.address)

    try:
        run(settings, ready, fixed_port=fixed_port)
    except NoPortError as error:
        fail(str(error))


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
        from whytwitch.case import CaseError

        raise CaseError(str(error)) from error
