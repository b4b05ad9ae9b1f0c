"""A service that is told to stop under load finishes what is under way, and exits 0."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import launcher
from client import Client
from tiny_models import Oracle

ASKERS = 8


class Asker(threading.Thread):
    """Asks one thing after the other on a connection that it keeps, until the service takes no more."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.answered = 0
        self.failed: list[str] = []

    def run(self) -> None:
        while not self.failed:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                connection.connect()
            except ConnectionError:
                return
            try:
                self.ask(connection)
            finally:
                connection.close()

    def ask(self, connection: http.client.HTTPConnection) -> None:
        """Ask until the connection is closed; between two answers that is no fault, and clients try again."""
        while True:
            try:
                connection.request("GET", f"/v1/scores/c-{self.answered % 50}")
                response = connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                return
            body = response.read()  # an answer that has begun is sent whole: anything else is raised here
            if response.status != 200 or not body.endswith(b"}"):
                self.failed.append(f"{response.status} {body[:200]!r}")
                return
            self.answered += 1
            if response.getheader("connection", "").lower() == "close":
                return


def test_a_stop_under_load_fails_no_request_and_exits_with_0(oracle: Oracle, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(launcher.LAUNCHER), "serve", "--port", str(port), "--models", str(oracle.folder)]
    environment = {name: v for name, v in os.environ.items() if name != "REDIS_URL"}
    log = tmp_path / "service.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--data", str(tmp_path / "data")],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=launcher.ROOT,
            start_new_session=True,
        )
    try:
        Client(port).wait_until_ready(60, lambda: process.poll() is None)
        askers = [Asker(port) for _ in range(ASKERS)]
        for asker in askers:
            asker.start()
        until = time.monotonic() + 30
        while min(asker.answered for asker in askers) < 20:
            assert time.monotonic() < until, [asker.answered for asker in askers]
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, log.read_text(errors="replace")[-2000:]
        for asker in askers:
            asker.join(20)
            assert not asker.is_alive()
            assert not asker.failed, asker.failed
        assert "did not stop cleanly" not in log.read_text(errors="replace")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
