"""Files that model libraries wrote, opened by the library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scorecast_export.errors import ExportError


def open_model(file: Path, library: str) -> Any:  # noqa: ANN401 - of any library
    """Open a file of ``xgboost``, ``lightgbm`` or ``onnx``; an ONNX model comes with its external data.

    Raises
    ------
    ExportError
        If the file is not there, or the library cannot open it.
    """
    if not file.is_file():
        raise ExportError(f"there is no file {file}")
    try:
        if library == "onnx":
            import onnx

            return onnx.load(file)
        if library == "lightgbm":
            import lightgbm

            return lightgbm.Booster(model_file=str(file))
        import xgboost

        return xgboost.Booster(model_file=str(file))
    except ImportError as problem:
        raise ExportError(
            f"{file} needs {problem.name}: pip install scorecast-export[{library}]"
        ) from problem
    except Exception as problem:  # whatever the library raises
        first = str(problem).strip().partition("\n")[0][:300]
        raise ExportError(f"{file} cannot be opened by {library}: {first}") from problem
