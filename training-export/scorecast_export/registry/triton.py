"""A model of a Triton model repository: ONNX, or trees of the FIL backend."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from scorecast_export.errors import ExportError
from scorecast_export.registry.files import open_model
from scorecast_export.registry.pbtxt import Message, PbtxtError, parse

CONFIG = "config.pbtxt"

_FIL_FILES = {
    "xgboost": "xgboost.model",
    "xgboost_json": "xgboost.json",
    "xgboost_ubj": "xgboost.ubj",
    "lightgbm": "model.txt",
}
"""What the FIL backend calls the file of each `model_type`."""


def from_triton(folder: str | Path, *, version: int | None = None) -> Any:  # noqa: ANN401 - of any library
    """Open a model of a Triton model repository, for `export` to take.

    Parameters
    ----------
    folder : path
        The model's folder in the repository: ``config.pbtxt`` (which may be absent) and a folder a version.
    version : int, optional
        The highest by default, as Triton serves.

    Returns
    -------
    object
        An ONNX model of the backend ``onnxruntime``; an XGBoost or LightGBM booster of the backend ``fil``.

    Raises
    ------
    ExportError
        If it is no such folder, or its backend runs what cannot be exported.
    """
    folder = Path(folder)
    of = _version(folder, version)
    config = _config(folder)
    backend = _one(config, "backend") or _one(config, "platform").partition("_")[0]
    named = _one(config, "default_model_filename")
    if backend == "fil":
        types = {
            _one(p, "key"): _one(_message(p, "value"), "string_value") for p in config.get("parameters", [])
        }
        kind = types.get("model_type") or "xgboost"
        if kind not in _FIL_FILES:
            raise ExportError(
                f"{folder / CONFIG}: a FIL model of type '{kind}' cannot be imported; expected one of "
                f"{', '.join(_FIL_FILES)}"
            )
        return open_model(of / (named or _FIL_FILES[kind]), "lightgbm" if kind == "lightgbm" else "xgboost")
    if backend not in ("onnxruntime", "onnx", ""):
        raise ExportError(
            f"{folder / CONFIG}: a model of the backend '{backend}' cannot be imported; expected onnxruntime "
            "or fil"
        )
    return open_model(of / (named or "model.onnx"), "onnx")


def _version(folder: Path, version: int | None) -> Path:
    there = folder.iterdir() if folder.is_dir() else []
    found = sorted(int(f.name) for f in there if f.is_dir() and re.fullmatch(r"[1-9]\d*", f.name))
    if not found:
        raise ExportError(f"{folder} is no model of a Triton repository: it has no folder of a version")
    if version is not None and version not in found:
        raise ExportError(f"{folder} has no version {version}; it has {', '.join(map(str, found))}")
    return folder / str(version or found[-1])


def _config(folder: Path) -> Message:
    file = folder / CONFIG
    if not file.is_file():
        return {}
    try:
        return parse(file.read_text(encoding="utf-8"))
    except PbtxtError as problem:
        raise ExportError(f"{file}: {problem}") from problem


def _one(message: Message, name: str) -> str:
    return str(message.get(name, [""])[-1])


def _message(message: Message, name: str) -> Message:
    return next((value for value in message.get(name, []) if isinstance(value, dict)), {})
