"""Gets training sets from the service's own feature engine, and makes versions that the service takes.

>>> import scorecast_export as sx
>>> sx.monthly("2017-04-01", "2017-05-01")[1].isoformat()
'2017-05-01T00:00:00+00:00'

Importing this package costs nothing: heavy libraries are imported by the modules that need them, so that
``python -m scorecast_export demo-events --synthetic`` runs on a bare Python.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scorecast_export.btyd.customer_base import RFM, CustomerBase
    from scorecast_export.btyd.numeric import FitError, FitWarning
    from scorecast_export.btyd.purchases import BetaGeo, Pareto
    from scorecast_export.btyd.spend import GammaGamma
    from scorecast_export.engine import EngineError, FeatureEngine, GateError
    from scorecast_export.errors import ExportError, LeakageError
    from scorecast_export.exporting import export
    from scorecast_export.frame import TrainingFrame, features
    from scorecast_export.instants import daily, days_before, instant, monthly, weekly
    from scorecast_export.labels import (
        Label,
        lapses_within,
        next_basket,
        purchases_category_within,
        purchases_within,
        redeems_within,
        spend_within,
    )
    from scorecast_export.lookalike import look_alike
    from scorecast_export.registry.mlflow import from_mlflow, to_mlflow
    from scorecast_export.registry.triton import from_triton
    from scorecast_export.stored import StoredFrame, write_features
    from scorecast_export.train.names import SeedError
    from scorecast_export.treatment import treated, uplift
    from scorecast_export.tuning import Tuned, tune

__version__ = "0.1.0"

_HOME = {
    "RFM": "btyd.customer_base",
    "BetaGeo": "btyd.purchases",
    "CustomerBase": "btyd.customer_base",
    "EngineError": "engine",
    "ExportError": "errors",
    "FeatureEngine": "engine",
    "FitError": "btyd.numeric",
    "FitWarning": "btyd.numeric",
    "GammaGamma": "btyd.spend",
    "GateError": "engine",
    "Label": "labels",
    "LeakageError": "errors",
    "Pareto": "btyd.purchases",
    "SeedError": "train.names",
    "StoredFrame": "stored",
    "TrainingFrame": "frame",
    "Tuned": "tuning",
    "daily": "instants",
    "days_before": "instants",
    "export": "exporting",
    "features": "frame",
    "from_mlflow": "registry.mlflow",
    "from_triton": "registry.triton",
    "instant": "instants",
    "lapses_within": "labels",
    "look_alike": "lookalike",
    "monthly": "instants",
    "next_basket": "labels",
    "purchases_category_within": "labels",
    "purchases_within": "labels",
    "redeems_within": "labels",
    "spend_within": "labels",
    "to_mlflow": "registry.mlflow",
    "treated": "treatment",
    "tune": "tuning",
    "uplift": "treatment",
    "weekly": "instants",
    "write_features": "stored",
}

__all__ = [
    "RFM",
    "BetaGeo",
    "CustomerBase",
    "EngineError",
    "ExportError",
    "FeatureEngine",
    "FitError",
    "FitWarning",
    "GammaGamma",
    "GateError",
    "Label",
    "LeakageError",
    "Pareto",
    "SeedError",
    "StoredFrame",
    "TrainingFrame",
    "Tuned",
    "daily",
    "days_before",
    "export",
    "features",
    "from_mlflow",
    "from_triton",
    "instant",
    "lapses_within",
    "look_alike",
    "monthly",
    "next_basket",
    "purchases_category_within",
    "purchases_within",
    "redeems_within",
    "spend_within",
    "to_mlflow",
    "treated",
    "tune",
    "uplift",
    "weekly",
    "write_features",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _HOME:
        raise AttributeError(f"module 'scorecast_export' has no attribute '{name}'")
    return getattr(import_module(f"scorecast_export.{_HOME[name]}"), name)
