"""What holds for every test: no network, and reproducible random examples on CI."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


class OutsideWorldError(RuntimeError):
    """A test tried to leave this machine."""


def is_local(host: object) -> bool:
    """Whether a host is this machine."""
    if host in (None, "", "localhost"):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_outside_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection, and every name look-up, that would leave this machine."""

    def guard(host: object) -> None:
        if not is_local(host):
            raise OutsideWorldError(f"a test reached for {host!r}; nothing here may leave the machine")

    def guarded(original: Any) -> Any:
        def call(self: socket.socket, address: Any, *args: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                guard(address[0])
            return original(self, address, *args)

        return call

    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        guard(host)
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
