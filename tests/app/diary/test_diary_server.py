"""A server that is killed while it saves: what it answered for is there."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx2 as httpx
import pytest

from whytwitch.app.diary import Store

SERVER = """
import sys
from pathlib import Path
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from whytwitch.app.diary import routes
from whytwitch.app.shell import Guard, Services, Settings, handlers, told

port = int(sys.argv[1])
settings = Settings(port=port, token="test-token", diary=sys.argv[2])
app = Starlette(
    routes=routes(Services(settings, Path(sys.argv[3]))),
    middleware=[Middleware(Guard, settings=settings, told=told)],
    exception_handlers=handlers(),
)
uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical")
"""


def free_port() -> int:
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return plug.getsockname()[1]


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server did not start"
        with socket.socket() as plug:
            if plug.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server does not listen")


@pytest.mark.slow
def test_every_answered_entry_survives_a_killed_server(store: Store, tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", SERVER, str(port), f"sqlite:///{store.file}", str(tmp_path)]
    acknowledged: list[str] = []
    with subprocess.Popen(command) as server:
        try:
            wait_for(port, server)
            killer = threading.Timer(0.4, server.send_signal, [signal.SIGKILL])
            with httpx.Client(base_url=address, cookies={f"whytwitch-{port}": "test-token"}) as client:
                for i in range(100_000):
                    try:
                        answer = client.post("/diary", data={"twitches": str(i), "noticed": "cramps"})
                    except httpx.TransportError:
                        break
                    assert answer.status_code == 303
                    if not acknowledged:
                        killer.start()
                    acknowledged += re.findall(r"saved=([0-9a-f]{32})", answer.headers["location"])
            killer.join()
        finally:
            server.kill()
    kept = {entry.key: entry for entry in store.entries()}
    assert acknowledged
    assert set(acknowledged) <= kept.keys()
    assert len(kept) <= len(acknowledged) + 1
    assert all(entry.noticed == ("cramps",) for entry in kept.values())
