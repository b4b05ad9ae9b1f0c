"""One service for all acceptance tests, on loopback, with its own Redis and a repository of tiny models."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import launcher
from client import Client
from tiny_models import Oracle


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark."""
    config.addinivalue_line("markers", "acceptance: calls a running service through its contract alone")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder, so that ``pytest -m acceptance`` selects it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.acceptance)
            if (reason := launcher.absent()) is not None:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    """Return the tiny repository, and what must come out of it."""
    return Oracle(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="session")
def service(oracle: Oracle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Start the service, and stop it at the end."""
    yield from serve(oracle.folder, tmp_path_factory.mktemp("service"))


def serve(models: Path, work: Path) -> Iterator[Client]:
    """Run ``./scorecast serve`` over a model repository until the caller is done."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(launcher.LAUNCHER), "serve", "--port", str(port), "--models", str(models)]
    environment = {name: v for name, v in os.environ.items() if name != "REDIS_URL"}
    with (work / "service.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--data", str(work / "data")],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=launcher.ROOT,
            start_new_session=True,
        )
    client = Client(port)
    try:
        client.wait_until_ready(60, lambda: process.poll() is None)
        yield client
    except AssertionError:
        print((work / "service.log").read_text(errors="replace")[-4000:])
        raise
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
