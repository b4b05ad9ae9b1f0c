"""``forests`` and ``flow``: JMH over trees of several sizes beside XGBoost4J, and over the flow without a network."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peers import page
from peers.compare import say
from peers.processes import LAUNCHER, ROOT, ComparisonError, plain_environment

Result = dict[str, Any]

_SIZES = {
    "100x4": "100 trees of depth 4, 40 columns",
    "300x6": "300 of depth 6, 40 columns",
    "1000x8": "1,000 of depth 8, 40 columns",
    "clv": "the shipped `clv`: 250 of depth 4, 36 columns",
}
_ROWS = (1, 8, 64, 4096)


def forests(*, quick: bool) -> str:
    """Measure the trees, and say it as text for the page."""
    load = os.getloadavg()[0]
    few = ["-p", "size=100x4,clv", "-p", "rows=1", "-p", "missing=0.3"] if quick else []
    return _forests(_jmh("ForestsBenchmark", few), page.machine(load))


def flow(models: Path, *, quick: bool) -> str:
    """Measure the flow with the models of the comparison and with the shipped ones, and say it as text."""
    load = os.getloadavg()[0]
    options = ["-p", "customers=1" if quick else "customers=1,8", "-prof", "gc"]
    options += ["-wi", "1" if quick else "3", "-w", "1", "-i", "1" if quick else "4", "-r", "1"]
    runs = {
        "the models of the comparison": _jmh("FlowBenchmark", options, models=models),
        "the shipped models": _jmh("FlowBenchmark", options),
    }
    return _flow(runs, page.machine(load))


def _jmh(benchmark: str, options: Sequence[str], models: Path | None = None) -> list[Result]:
    subprocess.run(
        [str(LAUNCHER), "loadtest", "--list"], capture_output=True, check=True, env=plain_environment()
    )
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else Path("java")
    with tempfile.TemporaryDirectory(prefix="scorecast-peers-") as name:
        out = Path(name) / "result.json"
        places = (
            "loadtest/target/scorecast-loadtest.jar",
            "loadtest/target/lib/*",
            "service/server/target/lib/*",
        )
        command = [str(java), "-Djmh.separateClasspathJAR=true", f"-Dscorecast.home={ROOT}"]
        command += [] if models is None else [f"-Dscorecast.models={models}"]
        command += ["-cp", ":".join(str(ROOT / place) for place in places), "org.openjdk.jmh.Main"]
        command += [f"{benchmark}", *options, "-rf", "json", "-rff", str(out), "-foe", "true"]
        say(f"Running {benchmark} …")
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode != 0 or not out.exists():
            said = [line for line in done.stdout.splitlines() if "Exception" in line or "ERROR" in line]
            raise ComparisonError(f"{benchmark} failed: {' / '.join(said[:3]) or done.stderr.strip()[-300:]}")
        return json.loads(out.read_text(encoding="utf-8"))


def _method(result: Result) -> str:
    return result["benchmark"].rpartition(".")[2]


def _spread(metric: dict[str, Any]) -> str:
    iterations = [value for fork in metric["rawData"] for value in fork]
    return (
        f"{page.number(metric['score'])} ({page.number(min(iterations))} to {page.number(max(iterations))})"
    )


def _forests(results: Sequence[Result], machine: str) -> str:
    scores = {
        (r["params"]["size"], float(r["params"]["missing"]), int(r["params"]["rows"]), _method(r)): r[
            "primaryMetric"
        ]
        for r in results
    }
    rows: list[list[page.Cell]] = []
    for size, words in _SIZES.items():
        for missing in (0.0, 0.3):
            for number in _ROWS:
                key = (size, missing, number)
                if (*key, "forest") not in scores:
                    continue
                ours = scores[*key, "forest"]["score"]
                theirs = scores[*key, "xgboost4j"]["score"]
                rows.append(
                    [
                        words,
                        f"{missing:.0%}",
                        f"{number:,}",
                        _spread(scores[*key, "forest"]),
                        _spread(scores[*key, "xgboost4j"]),
                        ours / number,
                        theirs / number,
                        f"**{page.number(theirs / ours)} ×**",
                    ]
                )
    head = [
        "",
        "missing",
        "rows in a call",
        "forest µs",
        "XGBoost4J µs",
        "forest, a row",
        "XGBoost4J, a row",
        "",
    ]
    return f"""
{page.table(head, rows)}

One thread each, other rows in each call; both copy them into place. Means of three iterations, in brackets the lowest and the highest. `loadtest/peers/run forests`; {machine}; XGBoost4J 3.2.0.
"""


def _flow(runs: dict[str, list[Result]], machine: str) -> str:
    steps = {
        "logToFeatures": "log to features",
        "logToScores": "log to scores and rules",
        "logToAnswer": "log to answer, bytes of JSON included",
    }
    rows: list[list[page.Cell]] = []
    for models, results in runs.items():
        for step, words in steps.items():
            for r in results:
                if _method(r) != step:
                    continue
                number = int(r["params"]["customers"])
                allocated = r["secondaryMetrics"].get("gc.alloc.rate.norm") or r["secondaryMetrics"].get(
                    "·gc.alloc.rate.norm"
                )
                rows.append(
                    [
                        models,
                        words,
                        str(number),
                        r["primaryMetric"]["score"],
                        r["primaryMetric"]["score"] / number,
                        f"{allocated['score'] / number:,.0f}" if allocated else "",
                    ]
                )
    head = ["", "", "customers in a call", "µs", "µs a customer", "bytes allocated a customer"]
    return f"""
{page.table(head, rows)}

Profiles of some forty events, no network, one thread. `loadtest/peers/run flow`; {machine}.
"""
