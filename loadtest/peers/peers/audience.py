"""``audience``: the audience job and a polars script over the same customers, and the table of it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from peers import customers, loading, page
from peers.compare import EVENTS_EACH, say
from peers.processes import LAUNCHER, ComparisonError, plain_environment, scorecast

_DRAWN = 10_000
_TOLERANCE = 1e-5


@dataclass(frozen=True)
class Job:
    """What a job took: seconds on the clock, and of processor time with all its children."""

    clock: float
    cpu: float


def audience(models: Path, *, count: int) -> str:
    """Measure, and say it as text for the page."""
    load = os.getloadavg()[0]
    now = int(time.time() * 1000)
    say(f"Making up {count:,} customers with {EVENTS_EACH} events each …")
    drawn = customers.make(min(count, _DRAWN), EVENTS_EACH, now)
    everybody = customers.repeated(drawn, count)
    with tempfile.TemporaryDirectory(prefix="scorecast-peers-") as name, scorecast(models) as service:
        folder = Path(name)
        say("Loading them …")
        loading.load_ours(service.url, everybody)
        loading.load_peer(service.redis, everybody, now)
        events = folder / "events.parquet"
        customers.write_parquet(everybody, events)
        del everybody
        at = pd.Timestamp(now, unit="ms", tz="UTC").isoformat().replace("+00:00", "Z")
        ours = [LAUNCHER, "audience", "score", "--models", models, "--at", at]
        theirs = [sys.executable, "-m", "peers.audience_job", "--models", models, "--at", now]
        done = {}
        for source, our_source, their_source in (
            ("from Redis", ["--all"], ["--redis", service.redis]),
            ("from a Parquet file", ["--events", events], ["--events", events]),
        ):
            out = folder / source.replace(" ", "-")
            say(f"Scoring {source}: ours …")
            first = _run([*ours, *our_source, "--out", out], REDIS_URL=service.redis)
            say(f"Scoring {source}: theirs …")
            second = _run([*theirs, *their_source, "--out", f"{out}.csv"])
            _equal(sorted(out.glob("*.csv")), Path(f"{out}.csv"), count)
            done[source] = (first, second)
    return _text(done, count, load)


def _run(command: list[object], **more: str) -> Job:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, env=plain_environment(**more)
    )
    clock = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise ComparisonError(f"{Path(str(command[0])).name} failed: {done.stderr.strip()[-500:]}")
    return Job(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _equal(ours: list[Path], theirs: Path, count: int) -> None:
    """Every customer once, and the same scores, segments and decisions.

    A rule may turn and a band may end between two scores that differ in the sixth digit: one customer in a
    thousand may differ there.
    """
    parts = [file for file in ours if file.name not in ("rejected.csv", "left.csv")]
    a = pd.concat([pd.read_csv(file, keep_default_na=False) for file in parts]).set_index("customer_id")
    b = pd.read_csv(theirs, keep_default_na=False).set_index("customer_id")
    if len(a) != count or len(b) != count or a.index.has_duplicates:
        raise ComparisonError(f"{len(a)} rows of ours and {len(b)} of theirs, not {count} each")
    b = b.loc[a.index]
    for column in b.columns:
        if column in ("as_of", "personalized") or column.endswith("_percentile"):
            continue
        if column not in a:
            raise ComparisonError(f"ours has no column {column}: {list(a.columns)}")
        if pd.api.types.is_numeric_dtype(b[column]):
            x, y = a[column].to_numpy(float), b[column].to_numpy(float)
            wrong = np.abs(x - y) > _TOLERANCE * np.maximum(1, np.abs(x))
        else:
            wrong = (a[column] != b[column]).to_numpy()
        most = count // 1000 if not pd.api.types.is_numeric_dtype(b[column]) else 0
        if wrong.sum() > most:
            customer = a.index[np.argmax(wrong)]
            raise ComparisonError(
                f"{wrong.sum()} customers differ in {column}; {customer}: {a.loc[customer, column]} and "
                f"{b.loc[customer, column]}"
            )


def _text(done: dict[str, tuple[Job, Job]], count: int, load: float) -> str:
    rows: list[list[page.Cell]] = []
    for source, (ours, theirs) in done.items():
        rows.append([source, "ours", ours.clock, count / ours.clock, ours.cpu])
        rows.append(["", "polars, xgboost", theirs.clock, count / theirs.clock, theirs.cpu])
        rows.append(
            [
                "",
                "times better",
                "",
                f"**{page.number(theirs.clock / ours.clock)} ×**",
                f"{page.number(theirs.cpu / ours.cpu)} ×",
            ]
        )
    head = ["", "", "seconds", "customers a second", "seconds of CPU"]
    libraries = ", ".join(
        f"{name.removesuffix('-cpu')} {version(name)}" for name in ("polars", "xgboost-cpu", "onnxruntime")
    )
    return f"""
{page.table(head, rows)}

{count:,} customers of {EVENTS_EACH} events ({_DRAWN:,} made-up pasts at most, again and again under other ids), two forests of 300 trees, the network and the four rules into a CSV; the start of Java and of Python is in it, what Redis itself used is not. Both wrote the same. `loadtest/peers/run audience`; {page.machine(load)}; {libraries}.
"""
