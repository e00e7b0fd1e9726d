"""Nothing leaves the machine, in tests either."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 9), ("2001:db8::1", 9)])
def test_outside_addresses_are_refused(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as plug, pytest.raises(RuntimeError, match="leave the machine"):
        plug.connect(address)


def test_outside_names_are_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match="leave the machine"):
        socket.getaddrinfo("host.invalid", 443)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
