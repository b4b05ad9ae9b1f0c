"""``infer``: MLServer and our v2 endpoint with the same model, and the table of it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from peers import customers, generator, page
from peers.compare import CALLERS, EVENTS_EACH, say
from peers.features import WIDTH, features
from peers.generator import Measured
from peers.processes import ROOT, ComparisonError, Service, free_port, plain_environment, running, scorecast

_MODEL = "value"
_CUSTOMERS = 500
_WARM_UP_SECONDS = 8
_TOLERANCE = 1e-5
_PYTHON = ROOT / ".scorecast" / "peers" / "venv-mlserver" / "bin"


def infer(models: Path, *, seconds: int, workers: Sequence[int]) -> str:
    """Measure, and say it as text for the page.

    Parameters
    ----------
    models, seconds
        What is served, and how long each is asked.
    workers
        MLServer's numbers of inference processes to try; 0 runs the model in the server's own.
    """
    load = os.getloadavg()[0]
    now = int(time.time() * 1000)
    made = customers.make(_CUSTOMERS, EVENTS_EACH, now)
    bodies = [_body(features(events, now)) for events in made.values()]
    path = f"/v2/models/{_MODEL}/infer"
    found: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory(prefix="scorecast-peers-") as name:
        folder = Path(name)
        file = folder / "bodies.ndjson"
        file.write_text("\n".join(bodies) + "\n", encoding="utf-8")
        ids = folder / "ids.txt"
        ids.write_text("nobody\n", encoding="utf-8")
        scenario = {
            "about": "rows of features to one model",
            "rate": "max",
            "warm_up_seconds": min(_WARM_UP_SECONDS, seconds),
            "seconds": seconds,
            "connections": CALLERS,
            "requests": [{"call": "post", "path": path, "bodies": str(file)}],
        }
        with scorecast(models) as ours:
            answers = [_ask(ours.url + path, body) for body in bodies[:100]]
            say("Asking ours …")
            found["ours"] = generator.run(
                scenario, url=ours.url, ids=ids, pid=ours.pid, processes=("service",)
            )
        for number in workers:
            with mlserver(models, folder / f"mlserver-{number}", number) as theirs:
                _equal(answers, [_ask(theirs.url + path, body) for body in bodies[:100]])
                say(f"Asking MLServer with {number} inference processes …")
                found[f"MLServer, {number} inference processes"] = generator.run(
                    scenario, url=theirs.url, ids=ids, pid=theirs.pid
                )
    return _text(found, load)


def _body(row: np.ndarray) -> str:
    data = [None if np.isnan(x) else float(x) for x in row]
    tensor = {"name": "features", "shape": [1, WIDTH], "datatype": "FP32", "data": data}
    return json.dumps({"inputs": [tensor]}, separators=(",", ":"))


def _ask(url: str, body: str) -> float:
    request = urllib.request.Request(url, body.encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        told: dict[str, Any] = json.load(answer)
    return float(np.asarray(told["outputs"][0]["data"]).reshape(-1)[0])


def _equal(ours: list[float], theirs: list[float]) -> None:
    for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        if abs(a - b) > _TOLERANCE * max(1.0, abs(a)):
            raise ComparisonError(f"row {i}: ours says {a}, MLServer {b}")


@contextlib.contextmanager
def mlserver(models: Path, folder: Path, workers: int) -> Iterator[Service]:
    """MLServer with its own runtime for XGBoost and one model."""
    model = folder / _MODEL
    model.mkdir(parents=True)
    shutil.copy(models / _MODEL / "1" / "model.ubj", model / "model.ubj")
    told = {
        "name": _MODEL,
        "implementation": "mlserver_xgboost.XGBoostModel",
        "parameters": {"uri": "./model.ubj"},
    }
    (model / "model-settings.json").write_text(json.dumps(told), encoding="utf-8")
    port = free_port()
    settings = {
        "host": "127.0.0.1",
        "http_port": port,
        "grpc_port": free_port(),
        "metrics_port": free_port(),
        "parallel_workers": workers,
        "debug": False,
    }
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    url = f"http://127.0.0.1:{port}"
    environment = plain_environment(OMP_NUM_THREADS="1")
    environment.pop("PYTHONPATH", None)
    command = [str(_PYTHON / "mlserver"), "start", str(folder)]
    ready = f"{url}/v2/models/{_MODEL}/ready"
    with running(command, ready, folder / "mlserver.log", environment, cwd=folder) as process:
        yield Service(url, process.pid)


def _text(found: dict[str, Measured], load: float) -> str:
    rows: list[list[page.Cell]] = [
        [name, m.rate, m.p50, m.p99, m.cpu, m.megabytes] for name, m in found.items()
    ]
    ours = found.pop("ours")
    best = max(found.values(), key=lambda m: m.rate)
    rows.append(
        [
            "times better than the better of them",
            f"**{page.number(ours.rate / best.rate)} ×**",
            f"{page.number(best.p50 / ours.p50)} ×",
            f"{page.number(best.p99 / ours.p99)} ×",
            f"**{page.number(best.cpu / ours.cpu)} ×**",
            f"{page.number(best.megabytes / ours.megabytes)} ×",
        ]
    )
    head = ["", "a second", "p50 ms", "p99 ms", "µs of CPU a request", "MB"]
    return f"""
{page.table(head, rows)}

One row of {WIDTH} features a request, JSON, one forest of 300 trees, {CALLERS} callers; 100 rows got the same answers from all. `loadtest/peers/run infer`; {page.machine(load)}; MLServer 1.7.1 with its XGBoost runtime, uvloop 0.21.
"""
