"""Trains a live version again from newer events, and compares the two on the newest period."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scorecast_export.errors import ExportError
from scorecast_export.evaluation.evaluation import MAIN, Evaluation
from scorecast_export.event_log import EventLog, last_time
from scorecast_export.frame import TrainingFrame, features
from scorecast_export.instants import days_before
from scorecast_export.train.boosting import grow, unseen_margins
from scorecast_export.train.calibration import fit_platt
from scorecast_export.train.journey import weekly
from scorecast_export.train.metrics import paired_interval
from scorecast_export.train.trees import Labelled, TreeModel, libraries
from scorecast_export.versions.manifest import score_output
from scorecast_export.versions.version import Answers, Version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scorecast_export.engine import FeatureEngine
    from scorecast_export.train.live import Live

_WORDS = {"auc": "AUC", "spearman": "Spearman"}
_FAR = pd.Timedelta(days=36_500)


@dataclass(frozen=True)
class Verdict:
    """How a candidate compares with the live version on the newest period."""

    figure: str
    candidate: float
    live: float
    interval: list[float]
    customers: int
    begins: pd.Timestamp

    @property
    def gain(self) -> float:
        """How much more the candidate has."""
        return self.candidate - self.live

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{_WORDS[self.figure]} {self.candidate:.4f} against {self.live:.4f} on {self.customers:,} rows "
            f"from {self.begins:%Y-%m-%d} on, {self.gain:+.4f} (95 %: {low:+.4f} to {high:+.4f})"
        )


def train_again(
    live: Live, files: Sequence[Path], engine: FeatureEngine, weeks: int
) -> tuple[Version, Verdict]:
    """Train as the live version was trained, on all but the newest period, and ask both about that.

    Parameters
    ----------
    live : Live
        The version that serves.
    files : sequence of Path
        Events.
    engine : FeatureEngine
        Computes features.
    weeks : int
        How many weekly instants, or weeks of mailings, are learned from.

    Raises
    ------
    ExportError
        If the events tell nothing: no row, or one class.
    LeakageError
        If no label was known before the newest period.
    """
    frame, begins = _frame(live, files, engine, weeks)
    if len(frame) == 0:
        raise ExportError(
            f"{live.folder}: no label is known of any row; the events do not reach back far enough"
        )
    train, test = frame.split(begins)
    columns = [c for tensor in live.manifest["inputs"] for f in tensor["features"] for c in frame.widths[f]]
    data = _Data(_rows(train, columns), _rows(test, columns))
    kind = live.output["kind"]
    _check(live, data, kind)
    model = _grown(data, live, columns)
    evaluation = Evaluation(
        live.output["name"],
        kind,
        data.actual,
        model.scores(data.test),
        {f"live_version_{live.version}": live.model.scores(data.test)},
    )
    (of_live,) = evaluation.baselines.values()
    main = MAIN[kind]
    metric = evaluation.metrics[main]
    ours, theirs = (float(metric(data.actual, score)) for score in (evaluation.score, of_live))
    interval = paired_interval(metric, data.actual, evaluation.score, of_live)
    verdict = Verdict(main, ours, theirs, interval, len(test), begins)
    return _version(live, frame, data, _OfColumns(model, columns), evaluation, begins=begins), verdict


def _frame(
    live: Live, files: Sequence[Path], engine: FeatureEngine, weeks: int
) -> tuple[TrainingFrame, pd.Timestamp]:
    """Labelled rows, and the instant from which on they test."""
    label, end = live.label, last_time(files)
    if label.after is None:
        begins = (end - label.span).floor("D")
        instants: Any = [*weekly(begins - label.span, weeks), begins]
    else:
        every = EventLog.read(files).midnights(days_before(label.after))
        instants = [at for at in every if pd.Timestamp(at) + label.span < end]
        if not instants:
            raise ExportError(f"there is no '{label.after}' whose {label.horizon} are over: {_span(end)}")
        begins = pd.Timestamp(instants[-1]) - label.span
        first = begins - label.span - pd.Timedelta(weeks=weeks)
        instants = [at for at in instants if pd.Timestamp(at) >= first]
    with tempfile.TemporaryDirectory(prefix="scorecast-") as name:
        definitions = Path(name) / "features.yaml"
        definitions.write_text(live.definitions, encoding="utf-8")
        for feature in live.manifest["features"]:
            if isinstance(vocabulary := feature.get("vocabulary"), str):
                shutil.copy(live.folder / vocabulary, name)
        # What is not known yet is left out here, row by row, so it need not be refused.
        frame = features(files, definitions, at=instants, label=label, data_until=end + _FAR, engine=engine)
    return frame.where(frame.table["until"] <= end), begins


def _span(end: pd.Timestamp) -> str:
    return f"the events end at {end:%Y-%m-%d}"


def _rows(frame: TrainingFrame, columns: Sequence[str]) -> pd.DataFrame:
    return frame.table[["customer_id", "at", "label", *columns]]


@dataclass(frozen=True)
class _Data(Labelled):
    """Rows to learn from and to compare on: `customer_id`, `at`, `label`, then the model's columns."""

    train: pd.DataFrame
    test: pd.DataFrame


def _grown(data: _Data, live: Live, columns: Sequence[str]) -> TreeModel:
    """As the shipped models are: a probability is calibrated on customers that a fold had not seen."""
    rows, label = data.train[columns], data.label
    booster = grow(rows, label, live.recipe)
    if live.output["kind"] != "probability":
        return TreeModel(booster, live.output["name"], None, np.inf)
    unseen = unseen_margins(rows, label, data.train["customer_id"], live.recipe)
    return TreeModel(booster, live.output["name"], fit_platt(unseen, label), 1.0)


def _check(live: Live, data: _Data, kind: str) -> None:
    for what, label in (("learn from", data.label), ("compare on", data.actual)):
        if len(label) == 0:
            raise ExportError(
                f"{live.folder}: there is no row to {what}: the events do not reach back far enough"
            )
        if len(np.unique(label)) < 2:
            raise ExportError(f"{live.folder}: every label to {what} is {label[0]:g}")
    if kind == "probability" and min(data.label.sum(), len(data.label) - data.label.sum()) < 10:
        raise ExportError(
            f"{live.folder}: fewer than ten labels of a class: there is too little to learn from"
        )


@dataclass(frozen=True)
class _OfColumns:
    """The model on tables with more columns, or in another order, than it reads."""

    model: TreeModel
    columns: list[str]

    def __call__(self, rows: pd.DataFrame) -> Answers:
        return self.model(rows[self.columns])


def _bands(live: Live, data: _Data) -> Mapping[str, float]:
    """The live version's bands, by the shares of these customers that are in each."""
    scores = live.model.scores(data.train)
    shares = [float(np.mean(scores < band["from"])) for band in live.output.get("bands") or ()]
    names = [band["name"] for band in live.output.get("bands") or ()]
    return dict(zip(names, [0.0, *shares[1:]], strict=True)) if names else {"all": 0.0}


def _version(
    live: Live,
    frame: TrainingFrame,
    data: _Data,
    asked: _OfColumns,
    evaluation: Evaluation,
    *,
    begins: pd.Timestamp,
) -> Version:
    manifest, output, model = live.manifest, live.output, asked.model
    kind = output["kind"]
    scores = model.scores(data.train)
    training = {
        **data.facts(),
        "label": live.label.made_by,
        "parameters": live.recipe.to_manifest(),
        "libraries": libraries(),
        "metrics": evaluation.figures(),
        "tested": (
            f"Tested beside the live version {live.version} on {len(data.test):,} rows from "
            f"{begins:%Y-%m-%d} on, the newest whose outcome was known; trained on labels known before. "
            "Intervals are bootstrap over rows."
        ),
        "limits": list((manifest.get("training") or {}).get("limits") or ()),
    }
    described = score_output(
        output["name"],
        kind,
        scores=scores,
        bands=_bands(live, data),
        fallback=float(data.label.mean() if kind == "probability" else np.median(scores)),
        calibration=model.calibration.to_manifest() if model.calibration else None,
        horizon=output.get("horizon"),
    )
    return Version(
        name=manifest["name"],
        task=manifest.get("task", ""),
        description=manifest.get("description", ""),
        runtime="xgboost",
        file="model.ubj",
        model=bytes(model.booster.save_raw("ubj")),
        definitions=frame.definitions,
        inputs=manifest["inputs"],
        outputs=[described],
        training=training,
        predict=asked,
        rows=data.train[asked.columns],
        scores={output["name"]: scores},
        files=dict(frame.files),
        evaluations=[evaluation],
        contributions=model.contributions,
        reasons={
            name: text for name, text in (manifest.get("reasons") or {}).items() if name in frame.widths
        },
    )
