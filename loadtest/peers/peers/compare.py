"""``compare``: ours and FastAPI side by side in one run, and the table of it."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from peers import customers, generator, loading, page
from peers.check import equal_answers
from peers.generator import Measured
from peers.processes import Service, fastapi, scorecast

CHECKED = 1_000
EVENTS_EACH = 40
CALLERS = 32
WORKERS = 2
_CACHED_CUSTOMERS = 200
_WARM_UP_SECONDS = 8
_ALL = ("service", "children")
_OURS = ("service",)


@dataclass(frozen=True)
class Row:
    """One question, asked of both."""

    question: str
    ours: Measured
    theirs: Measured


def compare(models: Path, *, seconds: int, count: int) -> str:
    """Measure, and say it as text for the page."""
    load = os.getloadavg()[0]
    now = int(time.time() * 1000)
    say(f"Making up {count:,} customers with {EVENTS_EACH} events each …")
    made = customers.make(count, EVENTS_EACH, now)
    with scorecast(models) as ours, fastapi(models, ours.redis, WORKERS) as theirs:
        say("Loading them into both …")
        loading.load_ours(ours.url, made)
        loading.load_peer(ours.redis, made, now)
        some = list(made)[:: max(1, count // CHECKED)]
        # An hour later, so that what is checked is not the very instant of the stored features.
        checked = equal_answers(ours.url, f"{theirs.url}/profile", some, now + 3_600_000)
        say(f"The answers for {checked:,} customers are the same.")
        with tempfile.TemporaryDirectory(prefix="scorecast-peers-") as name:
            rows, bare = _measure(ours, theirs, list(made), Path(name), seconds)
    return _text(rows, bare, checked, count, load)


def _measure(
    ours: Service, theirs: Service, ids: Sequence[str], folder: Path, seconds: int
) -> tuple[list[Row], Measured]:
    everybody, few = folder / "all.txt", folder / "few.txt"
    everybody.write_text("\n".join(ids), encoding="utf-8")
    few.write_text("\n".join(ids[:_CACHED_CUSTOMERS]), encoding="utf-8")

    def ask(what: str, service: Service, path: str, *, call: str, rate: float | str, file: Path) -> Measured:
        say(f"Asking {what} …")
        scenario = {
            "about": what,
            "customers": len(ids),
            "order": "in_turn",
            "rate": rate,
            "warm_up_seconds": min(_WARM_UP_SECONDS, seconds),
            "seconds": seconds,
            "connections": CALLERS,
            "requests": [{"call": call}],
        }
        processes = _OURS if service is ours else _ALL
        return generator.run(scenario, url=service.url + path, ids=file, pid=service.pid, processes=processes)

    computed = {"call": "score_now", "file": everybody}
    rows = []
    at_most = Row(
        f"computed from the profile, {CALLERS} callers",
        ask("ours, computed", ours, "", rate="max", **computed),
        ask("theirs, computed", theirs, "/profile", rate="max", **computed),
    )
    rows.append(at_most)
    half = max(10, round(at_most.theirs.rate / 2, -1))
    rows.append(
        Row(
            f"the same, {half:,.0f} a second",
            ask("ours, at half of what theirs can", ours, "", rate=half, **computed),
            ask("theirs, the same", theirs, "/profile", rate=half, **computed),
        )
    )
    vector = ask("theirs, from stored features", theirs, "/vector", rate="max", **computed)
    rows.append(
        Row(f"ours from the profile, theirs from stored features, {CALLERS} callers", at_most.ours, vector)
    )
    cached = {"call": "score", "file": few}
    rows.append(
        Row(
            f"cached, {CALLERS} callers",
            ask("ours, cached", ours, "", rate="max", **cached),
            ask("theirs, cached", theirs, "/cached", rate="max", **cached),
        )
    )
    say("Asking a bare Netty server …")
    bare = generator.run(
        {
            "about": "The ceiling: as many fixed bytes from a bare Netty server",
            "service": "bare",
            "body_bytes": _bytes_of_an_answer(ours.url, ids[0]),
            "customers": _CACHED_CUSTOMERS,
            "rate": "max",
            "warm_up_seconds": min(_WARM_UP_SECONDS, seconds),
            "seconds": seconds,
            "connections": CALLERS,
            "requests": [{"call": "score"}],
        }
    )
    return rows, bare


def _bytes_of_an_answer(url: str, customer: str) -> int:
    import urllib.request

    with urllib.request.urlopen(f"{url}/v1/scores/{customer}", timeout=10) as answer:
        return len(answer.read())


def _text(rows: Sequence[Row], bare: Measured, checked: int, count: int, load: float) -> str:
    head = ["", "", "a second", "p50 ms", "p99 ms", "µs of CPU a request", "MB"]
    lines: list[list[page.Cell]] = []
    for row in rows:
        a, b = row.ours, row.theirs
        lines.append([row.question, "ours", a.rate, a.p50, a.p99, a.cpu, a.megabytes])
        lines.append(["", "FastAPI", b.rate, b.p50, b.p99, b.cpu, b.megabytes])
        lines.append(
            [
                "",
                "times better",
                f"**{page.number(a.rate / b.rate)} ×**",
                f"{page.number(b.p50 / a.p50)} ×",
                f"{page.number(b.p99 / a.p99)} ×",
                f"**{page.number(b.cpu / a.cpu)} ×**",
                f"{page.number(b.megabytes / a.megabytes)} ×",
            ]
        )
    lines.append(
        [
            f"as many fixed bytes, {CALLERS} callers",
            "bare Netty",
            bare.rate,
            bare.p50,
            bare.p99,
            bare.cpu,
            bare.megabytes,
        ]
    )
    cached = rows[-1].ours
    lines.append(["", "ours, cached, of it", f"**{100 * cached.rate / bare.rate:.0f} %**", "", "", "", ""])
    libraries = ", ".join(
        f"{name.removesuffix('-cpu')} {version(name)}"
        for name in ("fastapi", "uvicorn", "redis", "xgboost-cpu", "onnxruntime")
    )
    return f"""
{page.table(head, lines)}

{count:,} customers of {EVENTS_EACH} events; {checked:,} of them got the same answers from both (scores within 1e-5 of each other). CPU and memory are those of the service's processes, Redis and generator not counted. `loadtest/peers/run compare`; {page.machine(load)}; {libraries}; {WORKERS} uvicorn workers.
"""


def say(text: str) -> None:
    """Progress, for people."""
    print(text, file=sys.stderr, flush=True)
