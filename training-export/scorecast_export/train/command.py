"""`./scorecast train`: the next version of each model asked for."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
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
