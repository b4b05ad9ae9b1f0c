"""`uplift`: whom a treatment, such as a mailing, changes; by class transformation.

The model learns whether treatment and outcome agree (treated and happened, or neither): weighted so that
both treatments are as frequent, that chance is ``(1 + uplift) / 2`` (Jaskowski and Jaroszewicz 2012). So
one booster is enough, and the service runs it like any other.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml

from scorecast_export.engine import FeatureEngine
from scorecast_export.evaluation.uplift import UpliftTest, beats_random
from scorecast_export.exporting import ExportError, check_times
from scorecast_export.frame import event_files
from scorecast_export.instants import duration
from scorecast_export.train.boosting import Recipe, grow, matrix, unseen_margins
from scorecast_export.train.calibration import fit_platt
from scorecast_export.train.trees import libraries
from scorecast_export.versions.manifest import score_output
from scorecast_export.versions.numbers import six_digits
from scorecast_export.versions.version import Answers, Version, write_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xgboost as xgb

    from scorecast_export.frame import Events, TrainingFrame

RECIPE = Recipe(
    100,
    {
        "objective": "binary:logistic",
        "max_depth": 3,
        "eta": 0.03,
        "min_child_weight": 50,
        "subsample": 0.7,
        "colsample_bytree": 0.5,
        "reg_lambda": 20.0,
    },
)
ASSIGNMENT = Recipe(
    100,
    {"objective": "binary:logistic", "max_depth": 3, "eta": 0.05, "min_child_weight": 20, "subsample": 0.7},
)
"""How the trees are grown that say how likely each customer was to be treated."""

_LEAST_CHANCE = 0.05
_BANDS = {"low": 0.0, "middle": 0.5, "high": 0.8}
_CAUSE = (
    "The treatment was not given at random: what decided on it beyond the features is mistaken for its "
    "effect.",
)


def treated(
    frame: TrainingFrame,
    events: Events,
    *,
    event: str = "campaign_send",
    within: str = "1d",
    where: str | None = None,
    engine: FeatureEngine | None = None,
) -> np.ndarray:
    """Whether such an event came to each row's customer after its instant: a boolean for each row.

    Parameters
    ----------
    frame : TrainingFrame
        Rows with `customer_id` and `at`.
    events
        What the frame was made of.
    event, where : str
        The treatment's type of event, and a condition on it, as in feature definitions.
    within : str
        How long after the instant: ``1d``.
    """
    engine = engine or FeatureEngine.found()
    wanted = {"name": "seen", "kind": "count", "event": event, "window": within}
    span = duration(within)
    with tempfile.TemporaryDirectory(prefix="scorecast-") as name:
        folder = Path(name)
        file = folder / "treatment.yaml"
        file.write_text(yaml.safe_dump({"features": [wanted | ({"where": where} if where else {})]}))
        instants = sorted({at + span for at in frame.table["at"]})
        table = engine.table(event_files(events, folder), file, instants)
    seen = table.assign(at=table["at"] - span).set_index(["customer_id", "at"])["seen"]
    rows = pd.MultiIndex.from_frame(frame.table[["customer_id", "at"]])
    return (seen.reindex(rows).fillna(0).to_numpy() > 0).astype(bool)


@dataclass(frozen=True)
class UpliftModel:
    """A booster of whether treatment and outcome agree; what it publishes is twice that, less one."""

    booster: xgb.Booster
    output: str

    def __call__(self, rows: pd.DataFrame) -> Answers:
        """Answers as the library and the service give them."""
        raw = self.booster.predict(matrix(rows))
        published = np.array([six_digits(x) for x in 2 * raw.astype(np.float64) - 1])
        return Answers({self.output: raw}, {self.output: published})

    def scores(self, rows: pd.DataFrame) -> np.ndarray:
        """What is published."""
        return self(rows).published[self.output]

    def contributions(self, rows: pd.DataFrame) -> np.ndarray:
        """What each column adds to the margin."""
        return self.booster.predict(matrix(rows), pred_contribs=True)[:, :-1]


def grow_uplift(
    frame: TrainingFrame, was: np.ndarray, chance: np.ndarray, output: str, recipe: Recipe = RECIPE
) -> UpliftModel:
    """Train by class transformation; `chance` is how likely each row was to be treated."""
    agree = (frame.y > 0) == was
    weight = 1 / np.where(was, chance, 1 - chance)
    booster = grow(frame.X, agree.astype(np.float64), recipe, weight / weight.mean())
    return UpliftModel(booster, output)


def chances(frame: TrainingFrame, was: np.ndarray, recipe: Recipe = ASSIGNMENT) -> np.ndarray:
    """How likely each row was to be treated, by models that have not seen its customer."""
    label = was.astype(np.float64)
    unseen = unseen_margins(frame.X, label, frame.table["customer_id"], recipe)
    return fit_platt(unseen, label)(unseen)


def uplift(
    frame: TrainingFrame,
    was: np.ndarray,
    *,
    test: TrainingFrame,
    test_was: np.ndarray,
    share: float | None = None,
    name: str = "uplift",
    out: str | Path = "models",
    output: str | None = None,
    recipe: Recipe = RECIPE,
    limits: Sequence[str] = (),
    data: str = "",
    engine: FeatureEngine | None = None,
) -> Path:
    """Write the next version of a model of uplift; its card and report say whether it beats chance.

    Parameters
    ----------
    frame, test : TrainingFrame
        To learn from, and later rows to judge it by; the label is the outcome, 1 or 0.
    was, test_was : array of bool
        Who of them was treated, as `treated` says.
    share : float, optional
        The share that was treated, where that was drawn at random; else how likely each was is learned from
        the features, and who was nearly sure to be treated or not (5 %) is left out.
    name, out, output
        The model's name, the repository, and what it publishes (``uplift_`` and the label's horizon).
    recipe : Recipe
        How the trees are grown.
    limits, data
        For the card.
    engine : FeatureEngine, optional
        Found by itself.

    Raises
    ------
    ExportError
        If all rows or none were treated, or the outcome is the same for all.
    LeakageError
        If the test begins before the outcomes that were learned from were known.
    """
    version = uplift_version(
        frame,
        was,
        test=test,
        test_was=test_was,
        share=share,
        name=name,
        output=output,
        recipe=recipe,
        limits=limits,
        data=data,
    )
    return write_version(Path(out), version, engine or FeatureEngine.found())


def uplift_version(
    frame: TrainingFrame,
    was: np.ndarray,
    *,
    test: TrainingFrame,
    test_was: np.ndarray,
    share: float | None = None,
    name: str = "uplift",
    output: str | None = None,
    recipe: Recipe = RECIPE,
    limits: Sequence[str] = (),
    data: str = "",
) -> Version:
    """The version that `uplift` writes; the parameters are the same."""
    check_times(frame, test)
    horizon = frame.label.horizon if frame.label else None
    output = output or ("uplift_" + horizon if horizon else "uplift")
    frame, was, chance = _comparable(frame, was, share, "to learn from")
    asked, test_was, test_chance = _comparable(test, test_was, share, "of the test")
    model = grow_uplift(frame, was, chance, output, recipe)
    judged = UpliftTest(output, model.scores(asked.X), asked.y.astype(np.float64), test_was, test_chance)
    beside = _propensity(frame, asked, was, recipe)
    figures = judged.figures({"treat_who_is_likeliest_anyway": beside})
    scores = model.scores(frame.X)
    at = frame.table["at"]
    begins = asked.table["at"]
    training: dict[str, Any] = {
        "rows": len(frame),
        "rows_treated": int(was.sum()),
        "customers": int(frame.table["customer_id"].nunique()),
        "instants": [f"{at.min():%Y-%m-%d}", f"{at.max():%Y-%m-%d}"],
        "tested_at": f"{begins.max():%Y-%m-%d}",
        "tested_rows": len(asked),
        "tested_rows_treated": int(test_was.sum()),
        "tested_rows_left_out": len(test) - len(asked),
        "parameters": recipe.to_manifest(),
        "libraries": libraries(),
        "metrics": figures,
        "tested": _tested(len(asked), len(test) - len(asked), figures, share),
        "limits": [*(() if share is not None else _CAUSE), *limits],
    }
    described = score_output(
        output,
        "value",
        scores=scores,
        bands=_BANDS,
        fallback=six_digits(float(np.mean(scores))),
        horizon=horizon,
        floor=None,
        calibration={"method": "isotonic", "x": [0.0, 1.0], "y": [-1.0, 1.0]},
    )
    return Version(
        name=name,
        task="uplift",
        description="What a treatment adds to this: "
        + (frame.label.question if frame.label else "the outcome"),
        runtime="xgboost",
        file="model.ubj",
        model=bytes(model.booster.save_raw("ubj")),
        definitions=frame.definitions,
        inputs=[{"name": "features", "features": list(frame.widths)}],
        outputs=[described],
        training=training,
        predict=model,
        rows=frame.X,
        scores={output: scores},
        files=dict(frame.files),
        data=data,
        uplift=judged,
        contributions=model.contributions,
    )


def _comparable(
    frame: TrainingFrame, was: np.ndarray, share: float | None, what: str
) -> tuple[TrainingFrame, np.ndarray, np.ndarray]:
    """Rows that could have been treated as well as not, with how likely each was."""
    was = np.asarray(was, bool)
    if len(was) != len(frame):
        raise ExportError(f"{len(was)} treatments are given for {len(frame)} rows {what}")
    if was.all() or not was.any():
        raise ExportError(f"{'all' if was.all() else 'none'} of the {len(was)} rows {what} were treated")
    if len(np.unique(frame.y)) < 2:
        raise ExportError(f"the outcome of all rows {what} is {frame.y[0]:g}")
    if share is not None:
        if not 0 < share < 1:
            raise ExportError(f"a share that is treated is above 0 and below 1, not {share}")
        return frame, was, np.full(len(frame), share)
    chance = chances(frame, was)
    kept = (chance >= _LEAST_CHANCE) & (chance <= 1 - _LEAST_CHANCE)
    if len(np.unique(was[kept])) < 2:
        raise ExportError(f"who was treated {what} is told by the features alone: there is nobody to compare")
    return frame.where(kept), was[kept], chance[kept]


def _propensity(frame: TrainingFrame, asked: TrainingFrame, was: np.ndarray, recipe: Recipe) -> np.ndarray:
    """What is often done instead: treat those to whom it most likely happens, treated or not."""
    booster = grow(frame.X.assign(was_treated=was), frame.y.astype(np.float64), recipe)
    return booster.predict(matrix(asked.X.assign(was_treated=np.ones(len(asked)))))


def _tested(rows: int, left: int, figures: dict[str, dict[str, Any]], share: float | None) -> str:
    model = figures["model"]
    verdict = (
        "It BEATS treating at random: the Qini coefficient is above 0 with 95 % confidence."
        if beats_random(figures)
        else "It is NOT SHOWN to beat treating at random: the interval of the Qini coefficient includes 0 "
        "or is below it. Do not decide by it."
    )
    how = (
        f"The treatment was drawn at random, for a share of {share:g}."
        if share is not None
        else f"The treatment was not drawn at random: customers are weighted by how likely theirs was, and "
        f"{left:,} who were nearly sure to be treated, or not, are left out."
    )
    low, high = model["qini_95"]
    return (
        f"Tested on {rows:,} rows after what was learned from was known. {how} {verdict} "
        f"(Qini {model['qini']:+.5f}, 95 %: {low:+.5f} to {high:+.5f}.) `effect` is what treating "
        "everybody adds to the outcome's share, `auuc` the area under the curve of treating the best first, "
        "`qini` that area less the one of treating at random. `treat_who_is_likeliest_anyway` orders "
        "customers by the outcome's chance instead of by what changes it. Intervals are bootstrap over rows."
    )
