"""`./scorecast train --report`: figures, card and report of versions that exist, from their stored models.

Nothing is trained: the model file, its golden examples and its outputs stay as they are, byte for byte.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xgboost as xgb
import yaml

from scorecast_export.data.download import NOTICE
from scorecast_export.errors import ExportError
from scorecast_export.evaluation.report import report_html
from scorecast_export.train.boosting import Recipe
from scorecast_export.train.journey import DEFINITIONS
from scorecast_export.train.names import TRAINERS, TREES
from scorecast_export.train.trees import TreeModel
from scorecast_export.versions.card import model_card
from scorecast_export.versions.folder import write_checksums
from scorecast_export.versions.manifest import manifest_text
from scorecast_export.versions.version import Version, reasons_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scorecast_export.engine import FeatureEngine
    from scorecast_export.train.journey import Journey

_DIGITS = 1e-4

_AGAIN = tuple(name for name in TREES if name != "category")
"""Models of trees of one number."""

_EVERYONE = "learned_from_all_households"


def report_again(folder: Path, journey: Journey, engine: FeatureEngine) -> None:
    """Evaluate a stored version on its test again, and write its manifest's figures, card and report.

    Raises
    ------
    ExportError
        If it is none of the trainers' here, or its figures do not come out as it says they did.
    GateError
        If the service would refuse what came of it; the version stays as it was.
    """
    text = (folder / "model.yaml").read_text(encoding="utf-8")
    # The manifest's own keys, an empty line, then the definitions word for word.
    head_text, _, definitions = text.partition("\n\n")
    head = yaml.safe_load(head_text)
    name = head["name"]
    recipe = DEFINITIONS / ("next-product.ranker.yaml" if name == "next-product" else f"{name}.yaml")
    if not recipe.is_file() or definitions.strip() != recipe.read_text(encoding="utf-8").strip():
        raise ExportError(f"{folder}: its features are not those that its trainer computes")
    if name in _AGAIN:
        version = _of_trees(folder, head, journey)
    elif name == "next-product" and head["runtime"] == "xgboost":
        version = _of_lists(folder, head, definitions, journey)
    else:
        raise ExportError(
            f"{folder}: only versions of {', '.join(_AGAIN)} and next-product of trees are tested again"
        )
    _same_figures(folder, head["training"]["metrics"], version.training["metrics"])
    head = {**{key: value for key, value in head.items() if key != "training"}, **reasons_of(version)}
    head["training"] = version.training
    with tempfile.TemporaryDirectory(prefix=".again-", dir=folder.parent) as staging:
        copy = Path(staging) / name / folder.name
        shutil.copytree(folder, copy)
        (copy / "model.yaml").write_text(manifest_text(head, definitions), encoding="utf-8")
        (copy / "report.html").write_text(report_html(version, int(folder.name)), encoding="utf-8")
        (copy / "MODEL_CARD.md").write_text(model_card(version, int(folder.name)), encoding="utf-8")
        write_checksums(copy)
        engine.check(copy)
        for file in copy.iterdir():
            if file.name != "SHA256SUMS":
                file.replace(folder / file.name)
        (copy / "SHA256SUMS").replace(folder / "SHA256SUMS")


def _of_trees(folder: Path, head: Mapping[str, Any], journey: Journey) -> Version:
    trainer = import_module(f"scorecast_export.train.{TRAINERS[head['name']]}")
    model = TreeModel.stored(folder, head)
    parameters = dict(head["training"]["parameters"])
    recipe = Recipe(parameters.pop("rounds"), parameters)
    version = trainer.described(trainer.split(journey), model, recipe)
    training = {**version.training, "libraries": head["training"]["libraries"]}
    stored = head["training"]["metrics"]
    if _EVERYONE in stored:
        # Of another model, which is not kept: what was found then stands.
        training["metrics"] = {**training["metrics"], _EVERYONE: stored[_EVERYONE]}
        training["tested"] = head["training"]["tested"]
    return replace(version, training=training)


def _of_lists(folder: Path, head: Mapping[str, Any], definitions: str, journey: Journey) -> Version:
    from scorecast_export.train import ranker

    metrics, lengths = ranker.figures_again(journey, xgb.Booster(model_file=str(folder / head["file"])))
    return Version(
        **{key: head[key] for key in ("name", "task", "description", "runtime", "file", "inputs", "outputs")},
        model=b"",
        definitions=definitions,
        training={**head["training"], "metrics": metrics, "by_length": lengths},
        predict=_nothing,
        rows=pd.DataFrame(),
        scores={},
        data=NOTICE,
    )


def _nothing(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    raise AssertionError("a version that is described again predicts nothing")


def _same_figures(folder: Path, stored: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """What the version says of itself must come out again, where it says it."""
    for scorer, figures in stored.items():
        for figure, value in figures.items():
            again = found.get(scorer, {}).get(figure)
            values = (value, again) if isinstance(value, list) else ([value], [again])
            if again is None or any(abs(a - b) > _DIGITS + 1e-12 for a, b in zip(*values, strict=True)):
                raise ExportError(
                    f"{folder}: '{figure}' of '{scorer}' is {value} in its manifest, but {again} came out: "
                    "its data or its test is not what it was trained with"
                )
