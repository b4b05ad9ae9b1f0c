"""MLflow: a model from a folder, a run or the registry; a version as a run."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from scorecast_export.errors import ExportError
from scorecast_export.registry.files import open_model
from scorecast_export.versions.folder import CHECKSUMS

if TYPE_CHECKING:
    from types import ModuleType

MLMODEL = "MLmodel"

_FLAVORS = ("xgboost", "lightgbm", "onnx", "sklearn")
_PICKLES = (".pkl", ".pickle", ".joblib")
_RUN = re.compile(r"[0-9a-f]{32}")


def from_mlflow(source: str | Path, *, tracking_uri: str | None = None, trust_pickle: bool = False) -> Any:  # noqa: ANN401 - of any library
    """Open a model that MLflow holds, for `export` to take.

    Parameters
    ----------
    source : str or path
        The id of a run (its model is called ``model``), ``runs:/<run>/<name>``, ``models:/<name>/<version>``
        or any other URI of MLflow; or the folder of a model, with ``MLmodel``, which needs no MLflow at all.
    tracking_uri : str, optional
        Where MLflow keeps its runs, if not where MLflow itself would look.
    trust_pickle : bool
        Scikit-learn's models (and LightGBM's wrappers) are kept as pickles, and a pickle can run any code
        when it is opened: say here that you trust where it is from.

    Returns
    -------
    object
        An XGBoost or LightGBM booster, an ONNX model, or a scikit-learn estimator.

    Raises
    ------
    ExportError
        If there is no such model, or none of a library that can be exported.
    """
    folder = Path(source)
    if (folder / MLMODEL).is_file():
        return _open(folder, trust_pickle=trust_pickle)
    if isinstance(source, Path) or folder.is_dir():
        raise ExportError(f"{source} is no MLflow model: it has no file {MLMODEL}")
    uri = f"runs:/{source}/model" if _RUN.fullmatch(source) else source
    mlflow = _mlflow()
    with _tracking(mlflow, tracking_uri), tempfile.TemporaryDirectory(prefix="scorecast-") as name:
        try:
            found = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=name))
        except (mlflow.exceptions.MlflowException, OSError) as problem:
            first = str(problem).partition("\n")[0]
            raise ExportError(f"MLflow has no model at {uri}: {first}") from problem
        return _open(found, trust_pickle=trust_pickle)


def _open(folder: Path, *, trust_pickle: bool) -> Any:  # noqa: ANN401
    described = yaml.safe_load((folder / MLMODEL).read_text(encoding="utf-8")) or {}
    flavors: Mapping[str, Any] = described.get("flavors") or {}
    flavor = next((name for name in _FLAVORS if name in flavors), None)
    if flavor is None:
        raise ExportError(
            f"{folder / MLMODEL}: the flavors {sorted(flavors)} cannot be exported; expected one of "
            f"{', '.join(_FLAVORS)}"
        )
    facts = flavors[flavor]
    file = folder / str(facts.get("pickled_model") or facts.get("data") or "")
    if file.suffix in _PICKLES:
        return _unpickled(file, flavor, trust_pickle=trust_pickle)
    if flavor == "sklearn":
        raise ExportError(
            f"{file}: a scikit-learn model that is no pickle; save it with serialization_format= "
            "'cloudpickle' or convert it to ONNX"
        )
    return open_model(file, flavor)


def _unpickled(file: Path, flavor: str, *, trust_pickle: bool) -> Any:  # noqa: ANN401
    if not trust_pickle:
        raise ExportError(
            f"{file} is a pickle, which can run any code when it is opened: trust_pickle=True "
            "(--trust-pickle) says that you trust where it is from"
        )
    if not file.is_file():
        raise ExportError(f"there is no file {file}")
    import pickle

    try:
        with file.open("rb") as content:
            return pickle.load(content)
    except Exception as problem:  # whatever its classes raise
        raise ExportError(f"{file}: the {flavor} model cannot be opened: {problem}") from problem


def to_mlflow(
    version: str | Path,
    *,
    tracking_uri: str | None = None,
    experiment: str | None = None,
    register: str | None = None,
) -> str:
    """Log a version as a run of MLflow: parameters, figures, the model in its flavor, and the whole folder.

    Parameters
    ----------
    version : path
        A version's folder, as `export` returns it.
    tracking_uri : str, optional
        Where MLflow keeps its runs, if not where MLflow itself would look.
    experiment : str, optional
        MLflow's own by default.
    register : str, optional
        The name under which the model becomes the next version of MLflow's registry.

    Returns
    -------
    str
        The run's id. ``from_mlflow`` of it gives the model back; the folder is its artefact ``scorecast``.

    Raises
    ------
    ExportError
        If it is no version's folder.
    """
    folder = Path(version)
    if not (folder / CHECKSUMS).is_file() or not (folder / "model.yaml").is_file():
        raise ExportError(f"{folder} is no version of a model: it has no {CHECKSUMS} or no model.yaml")
    manifest = yaml.safe_load((folder / "model.yaml").read_text(encoding="utf-8"))
    training = manifest.get("training") or {}
    mlflow = _mlflow()
    with _tracking(mlflow, tracking_uri):
        of = None if experiment is None else _experiment(mlflow, experiment)
        with mlflow.start_run(run_name=f"{manifest['name']} {folder.name}", experiment_id=of) as run:
            mlflow.set_tags(
                {
                    "scorecast.model": manifest["name"],
                    "scorecast.version": folder.name,
                    "scorecast.checksum": hashlib.sha256((folder / CHECKSUMS).read_bytes()).hexdigest(),
                }
            )
            mlflow.log_params(training.get("parameters") or {})
            mlflow.log_metrics(_figures(training.get("metrics") or {}))
            mlflow.log_artifacts(str(folder), "scorecast")
            _log_model(mlflow, folder, manifest, register)
        return run.info.run_id


def _experiment(mlflow: ModuleType, name: str) -> str:
    """Its id; `set_experiment` would choose it for the whole process, and for other stores."""
    found = mlflow.get_experiment_by_name(name)
    return mlflow.create_experiment(name) if found is None else found.experiment_id


def _figures(metrics: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Numbers by ``<scorer>_<figure>``, the model's by the figure alone."""
    return {
        figure if scorer == "model" else f"{scorer}_{figure}": float(value)
        for scorer, figures in metrics.items()
        for figure, value in figures.items()
        if isinstance(value, int | float)
    }


def _log_model(mlflow: ModuleType, folder: Path, manifest: Mapping[str, Any], register: str | None) -> None:
    """The file as MLflow knows it. A customer base is none of its flavors: it is there as an artefact."""
    runtime = manifest["runtime"]
    if runtime not in ("xgboost", "onnx"):
        if register is not None:
            raise ExportError(f"MLflow has no flavor for the runtime '{runtime}': it cannot be registered")
        return
    import importlib

    flavor = importlib.import_module(f"mlflow.{runtime}")
    model = open_model(folder / manifest["file"], runtime)
    # Named, as MLflow would find them out by running the model in a process of its own.
    library = importlib.import_module(runtime)
    needs = [f"{runtime}=={library.__version__}"]
    flavor.log_model(model, name="model", pip_requirements=needs, registered_model_name=register)


def _mlflow() -> ModuleType:
    try:
        import mlflow
        import mlflow.artifacts
    except ImportError as problem:
        raise ExportError("MLflow is not installed: pip install scorecast-export[mlflow]") from problem
    return mlflow


@contextmanager
def _tracking(mlflow: ModuleType, uri: str | None) -> Iterator[None]:
    """MLflow's settings are the process's: what was set before comes back."""
    if uri is None:
        yield
        return
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before)
