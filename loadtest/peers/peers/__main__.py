"""What one would build instead, beside Scorecast on this machine; tables go into docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODELS = ROOT / ".scorecast" / "peers" / "models"
PAGE = ROOT / "docs" / "benchmarks.md"


def _trained(folder: Path) -> Path:
    if not folder.exists():
        from peers.models import make

        print(f"Training the models into {folder} (once) …", file=sys.stderr)
        make(folder)
    return folder.resolve()


def _models(arguments: argparse.Namespace) -> None:
    from peers.models import make

    make(arguments.models)
    print(f"wrote {arguments.models}")


def _tell(arguments: argparse.Namespace, mark: str, text: str) -> None:
    from peers import page

    print(text.strip())
    if not arguments.no_page:
        page.write(PAGE, mark, text)


def _compare(arguments: argparse.Namespace) -> None:
    from peers.compare import compare

    models = _trained(arguments.models)
    _tell(arguments, "peers", compare(models, seconds=arguments.seconds, count=arguments.customers))


def _infer(arguments: argparse.Namespace) -> None:
    from peers.infer import infer

    models = _trained(arguments.models)
    _tell(arguments, "infer", infer(models, seconds=arguments.seconds, workers=(0, 2)))


def _audience(arguments: argparse.Namespace) -> None:
    from peers.audience import audience

    models = _trained(arguments.models)
    _tell(arguments, "audience", audience(models, count=arguments.customers))


def _forests(arguments: argparse.Namespace) -> None:
    from peers.kernels import forests

    _tell(arguments, "forests", forests(quick=arguments.quick))


def _flow(arguments: argparse.Namespace) -> None:
    from peers.kernels import flow

    _tell(arguments, "flow", flow(_trained(arguments.models), quick=arguments.quick))


def main() -> int:
    """Run a command; 2 on wrong use, 1 on failure."""
    parser = argparse.ArgumentParser(prog="loadtest/peers/run", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, about: str, run: object) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.add_argument(
            "--models", type=Path, default=MODELS, metavar="DIR", help="the models of both (%(default)s)"
        )
        added.set_defaults(run=run)
        if name != "models":
            added.add_argument("--no-page", action="store_true", help="only print the table")
        return added

    command("models", "train the models that both sides serve", _models)
    for name, about, run, customers in (
        ("compare", "FastAPI beside our REST interface", _compare, 10_000),
        ("infer", "MLServer beside our v2 endpoint", _infer, None),
        ("audience", "a polars script beside the audience job", _audience, 60_000),
    ):
        added = command(name, about, run)
        if customers is not None:
            added.add_argument("--customers", type=int, default=customers, metavar="N", help="%(default)s")
        if name != "audience":
            added.add_argument(
                "--seconds", type=int, default=10, metavar="N", help="of each load (%(default)s)"
            )
    for name, about, run in (
        ("forests", "our trees beside XGBoost4J, by JMH", _forests),
        ("flow", "the whole flow without a network, by JMH", _flow),
    ):
        added = command(name, about, run)
        added.add_argument("--quick", action="store_true", help="a few of it, to see that it works")

    arguments = parser.parse_args()
    os.environ.setdefault("SCORECAST", str(ROOT / "scorecast"))
    try:
        arguments.run(arguments)
    except (RuntimeError, ValueError) as problem:
        print(f"loadtest/peers/run: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
