"""How the page is served, and what every part of it shares."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from whytwitch.app.shell._desk import Desk

if TYPE_CHECKING:
    from whytwitch.knowledge import Catalogue

HOST: Final = "127.0.0.1"
MOST_UPLOAD_MB: Final = 65_536
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{4,128}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where and for whom the page is served.

    Args:
        port: on the loopback interface.
        token: the word that opens the page; made anew at each start unless given.
        diary: SQLAlchemy address of the diary; empty for the file in the user's data folder.
        upload_mb: largest upload of recordings, in MB.
        recordings: recordings on disk that the page opens with.

    Raises:
        ValueError: a port, token or limit that cannot be.
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    diary: str = ""
    upload_mb: int = 1024
    recordings: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.port <= 65_535:
            raise ValueError(f"port: {self.port} cannot be; give 1 to 65535")
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("token: give 4 to 128 letters, digits, - or _")
        if not 1 <= self.upload_mb <= MOST_UPLOAD_MB:
            raise ValueError(f"upload limit: {self.upload_mb} MB cannot be; give 1 to {MOST_UPLOAD_MB}")

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a browser may call this server."""
        return tuple(f"{name}:{self.port}" for name in (HOST, "localhost", "[::1]"))

    @property
    def origins(self) -> tuple[str, ...]:
        """Pages that may send something: only our own."""
        return tuple(f"http://{host}" for host in self.hosts)

    @property
    def cookie(self) -> str:
        """Cookies do not know ports, so the name does."""
        return f"whytwitch-{self.port}"


@dataclass(frozen=True, slots=True)
class Services:
    """What every part of the page works with.

    Args:
        settings: how it is served.
        scratch: a private folder for what is too large for memory; removed at the end.
        desk: the open cases.
    """

    settings: Settings
    scratch: Path
    desk: Desk = field(default_factory=Desk)

    @property
    def catalogue(self) -> Catalogue:
        """The knowledge, read when it is first asked for."""
        from whytwitch.knowledge import load

        return load()


__all__ = ["HOST", "Services", "Settings"]
