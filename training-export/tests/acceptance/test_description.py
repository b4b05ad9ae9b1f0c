"""The whole OpenAPI document, driven by schemathesis: no 5xx, and no answer that it does not describe."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import Client
from conftest import serve
from tiny_models import Oracle

# Left out: what a schema cannot say (a time is at most a day ahead, an input one that the model knows),
# and `Allow` where a path is also a value of a variable of another (`GET /v1/scores/batch` scores "batch").
LEFT_OUT = "positive_data_acceptance,allow_header_conformance"
INPUTS = int(os.environ.get("SCORECAST_SCHEMATHESIS_INPUTS", "15"))


@pytest.fixture(scope="module")
def driven(oracle: Oracle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Start a service of its own: this test pins, challenges and erases."""
    yield from serve(oracle.folder, tmp_path_factory.mktemp("driven"))


def test_answers_to_generated_requests_are_described(driven: Client, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{driven.port}/openapi.yml"]
    command += [
        "--seed",
        "1",
        "--generation-database",
        "none",
        "--exclude-checks",
        LEFT_OUT,
        "--warnings",
        "off",
    ]
    command += [
        "-n",
        str(INPUTS),
        "--warnings",
        "off",
        "--request-timeout",
        "20",
        "--suppress-health-check",
        "all",
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(Path(__file__).parent)}
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | hooks,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    # As many operations as the document has: none was passed over.
    assert f"Selected: {operations(driven)}/{operations(driven)}" in run.stdout, run.stdout[-3000:]
    assert driven.get("/health/readiness").status == 200


def operations(client: Client) -> int:
    document = client.get("/openapi.yml").body.decode()
    calls = document[: document.index("\ncomponents:")]
    return sum(calls.count(f"\n    {method}:\n") for method in ("get", "put", "post", "delete"))
