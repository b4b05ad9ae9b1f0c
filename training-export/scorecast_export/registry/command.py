"""The commands ``import`` and ``to-mlflow``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorecast_export.errors import ExportError

if TYPE_CHECKING:
    import argparse

_SUFFIXES = {".onnx": "onnx", ".ubj": "xgboost", ".json": "xgboost", ".txt": "lightgbm"}


def add_import(command: argparse.ArgumentParser) -> None:
    """Describe the options of ``import``."""
    command.add_argument(
        "source",
        help="an MLflow run's id, runs:/… or models:/… URI; the folder of an MLflow model, or of a "
        "model in a Triton repository; or a file of XGBoost (.ubj, .json), LightGBM (.txt) or ONNX",
    )
    command.add_argument("--features", type=Path, required=True, metavar="FILE.yaml", help="its definitions")
    command.add_argument(
        "--events",
        type=Path,
        nargs="+",
        required=True,
        metavar="FILE",
        help="customers, to describe scores by",
    )
    command.add_argument("--at", nargs="+", required=True, metavar="T", help="instants to score them as of")
    command.add_argument("--name", required=True, metavar="MODEL", help="the model's name")
    command.add_argument("--models", type=Path, default=Path("models"), metavar="DIR", help="the repository")
    command.add_argument("--output", metavar="NAME", help="what it publishes (default: its name and horizon)")
    command.add_argument("--horizon", metavar="30d", help="how far it looks")
    command.add_argument("--kind", choices=("probability", "value"), help="where it cannot be told")
    command.add_argument("--column", type=int, metavar="N", help="which number of its answer, from 0")
    command.add_argument("--tracking-uri", metavar="URI", help="where MLflow keeps its runs")
    command.add_argument("--trust-pickle", action="store_true", help="open a pickle, which can run any code")
    command.set_defaults(run=_import)


def add_to_mlflow(command: argparse.ArgumentParser) -> None:
    """Describe the options of ``to-mlflow``."""
    command.add_argument("version", type=Path, metavar="FOLDER", help="a version: models/churn/3")
    command.add_argument("--tracking-uri", metavar="URI", help="where MLflow keeps its runs")
    command.add_argument("--experiment", metavar="NAME", help="the experiment that the run belongs to")
    command.add_argument("--register", metavar="NAME", help="also a version of this model in its registry")
    command.set_defaults(run=_to_mlflow)


def _import(parsed: argparse.Namespace) -> None:
    from scorecast_export.exporting import export
    from scorecast_export.frame import features

    model = _opened(parsed)
    frame = features(parsed.events, parsed.features, at=parsed.at)
    print(
        export(
            model,
            frame,
            name=parsed.name,
            out=parsed.models,
            output=parsed.output,
            horizon=parsed.horizon,
            kind=parsed.kind,
            column=parsed.column,
        )
    )


def _opened(parsed: argparse.Namespace) -> Any:  # noqa: ANN401 - of any library
    """The model: by what is found at the source, else MLflow's."""
    from scorecast_export.registry.files import open_model
    from scorecast_export.registry.mlflow import MLMODEL, from_mlflow
    from scorecast_export.registry.triton import from_triton

    path = Path(parsed.source)
    if path.is_file():
        if path.suffix not in _SUFFIXES:
            raise ExportError(f"{path} is no model file by its name; expected one of {', '.join(_SUFFIXES)}")
        return open_model(path, _SUFFIXES[path.suffix])
    if path.is_dir() and not (path / MLMODEL).is_file():
        return from_triton(path)
    return from_mlflow(parsed.source, tracking_uri=parsed.tracking_uri, trust_pickle=parsed.trust_pickle)


def _to_mlflow(parsed: argparse.Namespace) -> None:
    from scorecast_export.registry.mlflow import to_mlflow

    run = to_mlflow(
        parsed.version,
        tracking_uri=parsed.tracking_uri,
        experiment=parsed.experiment,
        register=parsed.register,
    )
    print(run)
