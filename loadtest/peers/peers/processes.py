"""Services that run for a comparison alone, on loopback, and end with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LAUNCHER = ROOT / "scorecast"
_PATIENCE = 180
_STOP_PATIENCE = 20


class ComparisonError(RuntimeError):
    """The comparison cannot go on; the message says why, in one line."""


@dataclass(frozen=True)
class Service:
    """A process that answers.

    Attributes
    ----------
    url
        Where.
    pid
        Of its first process; others may be its children.
    redis
        Where its Redis is; empty for one that has none of its own.
    """

    url: str
    pid: int
    redis: str = ""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plain_environment(**more: str) -> dict[str, str]:
    """The environment of this process, without settings of somebody's own service."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "REDIS_URL" and (not name.startswith("SCORECAST_") or name == "SCORECAST_JAVA_OPTS")
    }
    return {**kept, **more}


@contextlib.contextmanager
def scorecast(models: Path) -> Iterator[Service]:
    """Ours, as it is without settings, with a Redis of its own."""
    with _folder() as folder:
        settings = folder / "application.yml"
        settings.write_text("scorecast: {}\n", encoding="utf-8")
        port = free_port()
        data = folder / "data"
        command = [str(LAUNCHER), "serve", "--port", str(port), "--data", str(data), "--models", str(models)]
        environment = plain_environment(SCORECAST_CONFIG=str(settings))
        url = f"http://127.0.0.1:{port}"
        with running(command, f"{url}/health/readiness", folder / "service.log", environment) as process:
            note = next(data.rglob("redis.pid"), None)
            if note is None:
                raise ComparisonError(f"no redis.pid below {data}: where is the service's Redis?")
            redis = f"redis://127.0.0.1:{note.read_text(encoding='utf-8').split()[1]}"
            yield Service(url, process.pid, redis)


@contextlib.contextmanager
def fastapi(models: Path, redis: str, workers: int) -> Iterator[Service]:
    """The peer under uvicorn."""
    with _folder() as folder:
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "peers.service:app", "--port", str(port)]
        command += ["--workers", str(workers), "--no-access-log", "--log-level", "warning"]
        environment = plain_environment(PEER_MODELS=str(models), PEER_REDIS=redis, OMP_NUM_THREADS="1")
        url = f"http://127.0.0.1:{port}"
        with running(command, f"{url}/health", folder / "service.log", environment) as process:
            yield Service(url, process.pid)


@contextlib.contextmanager
def running(
    command: Sequence[str], ready: str, log: Path, environment: Mapping[str, str], cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process from when `ready` answers with 200 to the end of the block."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=cwd,
            start_new_session=True,
        )
    try:
        _await(process, ready, log)
        yield process
    finally:
        # A group of its own: children that outlive their parent are ended too.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(_STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await(process: subprocess.Popen[bytes], ready: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(ready, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
    what = "did not get ready" if process.poll() is None else "ended"
    raise ComparisonError(f"{Path(process.args[0]).name} {what}; its last lines: {' / '.join(last)}")  # type: ignore[index]


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    name = Path(tempfile.mkdtemp(prefix="scorecast-peers-"))
    try:
        yield name
    finally:
        shutil.rmtree(name, ignore_errors=True)
