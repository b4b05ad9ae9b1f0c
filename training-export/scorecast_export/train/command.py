"""`./scorecast train`: the next version of each model asked for."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorecast_export.engine import FeatureEngine
from scorecast_export.progress import say
from scorecast_export.train.journey import Journey
from scorecast_export.train.names import ASKABLE, MODELS, OF_A_SEED, TRAINERS
from scorecast_export.versions.card import cell
from scorecast_export.versions.policy import has_policy, write_policy
from scorecast_export.versions.version import write_version

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from scorecast_export.train.service import RunningService

_JAVA_OPTIONS = "-Xmx1g"  # enough for these customers; by default the heap grows with the machine


def train(
    names: Sequence[str],
    models: Path,
    settings: Mapping[str, float] | None = None,
    seed: Collection[str] | None = None,
) -> None:
    """Train models, and say what came of each.

    Parameters
    ----------
    names : sequence of str
        Some of `ASKABLE`. If empty, all `MODELS`; but the policy, which is not trained, only where there is
        none yet: its next version is its owner's to write.
    models : Path
        The repository that the versions are written into.
    settings : mapping, optional
        Some of `SETTINGS`, instead of the recipe's own; only for models of `TREES`.
    seed : collection of str, optional
        The seed audience of a look-alike.
    """
    chosen = [name for name in ASKABLE if name in names]
    if not names:
        chosen = [name for name in MODELS if _is_due(name, models)]
    engine = replace(FeatureEngine.found(), java_options=_JAVA_OPTIONS)
    with tempfile.TemporaryDirectory(prefix="scorecast-") as folder:
        journey = None
        for name in chosen:
            started = time.monotonic()
            if name == "policy":
                print(f"{write_policy(models)}: written")
                continue
            if journey is None:
                say("preparing the real customers' events")
                journey = Journey.fetched(Path(folder), engine)
            say(f"training {name}")
            trainer = import_module(f"scorecast_export.train.{TRAINERS[name]}")
            audience = (seed,) if name == OF_A_SEED else ()
            recipe = (trainer.RECIPE.changed(settings),) if settings else ()
            version = trainer.train(journey, *audience, *recipe)
            written = write_version(models, version, engine)
            print(f"{written}: trained in {time.monotonic() - started:.0f} s")
            print(_figures(version.training["metrics"]), flush=True)


def report(folders: Sequence[Path]) -> None:
    """Test versions that exist again, and write their figures, cards and reports."""
    from scorecast_export.train.again import report_again

    engine = replace(FeatureEngine.found(), java_options=_JAVA_OPTIONS)
    with tempfile.TemporaryDirectory(prefix="scorecast-") as folder:
        say("preparing the real customers' events")
        journey = Journey.fetched(Path(folder), engine)
        for version in folders:
            say(f"testing {version} again")
            report_again(version, journey, engine)
            print(f"{version / 'report.html'}: written")


def candidates(
    names: Sequence[str], source: Source, models: Path, service: RunningService, **how: float
) -> None:
    """Train candidates of live models, and say in a line what came of each.

    Parameters
    ----------
    names : sequence of str
        The models.
    source : Source
        Where the events are from.
    models : Path
        The repository of the service.
    service : RunningService
        Which serves the live versions.
    how
        `margin` and `weeks`.
    """
    from scorecast_export.train.candidate import Plan, candidate

    engine = FeatureEngine.found()
    plan = Plan(models, service, engine, how["margin"], int(how["weeks"]))
    with tempfile.TemporaryDirectory(prefix="scorecast-") as folder:
        files = list(source.files)
        if not files:
            files = [Path(folder) / "events.ndjson.gz"]
            say("reading the events that Redis holds")
            engine.unload(files[0], redis_url=source.redis_url, data=source.data)
        for name in names:
            print(candidate(name, files, plan), flush=True)


@dataclass(frozen=True)
class Source:
    """Where events are from: files, or else a Redis: the one that is named, or that of a data folder."""

    files: Sequence[Path] = ()
    redis_url: str | None = None
    data: Path | None = None


def _is_due(name: str, models: Path) -> bool:
    return name != "policy" or not has_policy(models)


def _figures(metrics: Mapping[str, Mapping[str, Any]]) -> str:
    width = max(map(len, metrics))
    return "\n".join(
        f"  {name.replace('_', ' '):{width}}  "
        + ", ".join(
            f"{metric} {cell(figures, metric)}"
            for metric in figures
            if not metric.endswith(("_95", "_above"))
        )
        for name, figures in metrics.items()
    )
