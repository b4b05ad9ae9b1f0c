"""Settings by Optuna on folds in the order of time: seeded, and never from later to earlier."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

import scorecast_export as sx
from scorecast_export.frame import TrainingFrame
from scorecast_export.train import metrics
from scorecast_export.tuning import time_folds

WEEKS = pd.date_range("2026-01-04", periods=8, freq="7D", tz="UTC").as_unit("ms")
SPACE = {"rounds": (5, 30), "max_depth": (1, 4), "eta": (0.05, 0.5)}


@pytest.fixture(scope="module")
def frame() -> TrainingFrame:
    """Eight weekly instants of 200 customers; what happens hangs on two features together."""
    rng = np.random.default_rng(4)
    parts = []
    for at in WEEKS:
        a, b = rng.random(200), rng.random(200)
        chance = np.where((a > 0.5) == (b > 0.5), 0.8, 0.1)
        parts.append(
            pd.DataFrame(
                {
                    "customer_id": [f"c-{i}" for i in range(200)],
                    "at": at,
                    "until": at + pd.Timedelta(days=14),
                    "label": (rng.random(200) < chance).astype(float),
                    "a": a.astype(np.float32),
                    "b": b.astype(np.float32),
                }
            )
        )
    return TrainingFrame(pd.concat(parts, ignore_index=True), "features: []", {}, sx.purchases_within("14d"))


def test_folds_learn_only_from_what_was_known_at_their_instant(frame):
    folds = list(time_folds(frame, 3))
    assert [asked.table["at"].unique().tolist() for _, asked in folds] == [[at] for at in WEEKS[-3:]]
    for known, asked in folds:
        begins = asked.table["at"].min()
        assert known.table["until"].max() <= begins
        assert len(known) == 200 * sum(at + pd.Timedelta(days=14) <= begins for at in WEEKS)


def test_folds_that_the_instants_do_not_allow_are_refused(frame):
    with pytest.raises(sx.LeakageError, match=r"7 folds .* 8 instants 6 are such"):
        list(time_folds(frame, 7))


def test_fold_of_one_class_is_named(frame):
    table = frame.table.copy()
    table.loc[table["at"] == WEEKS[-1], "label"] = 0.0
    flat = TrainingFrame(table, "features: []", {}, frame.label)
    with pytest.raises(ValueError, match=f"the fold at {WEEKS[-1]:%Y-%m-%d}: all labels foretold are 0"):
        list(time_folds(flat, 1))


def test_tune_finds_what_needs_two_features_and_the_same_again(frame):
    found = sx.tune(frame, trials=12, folds=2, metric="auc", space=SPACE)
    again = sx.tune(frame, trials=12, folds=2, metric="auc", space=SPACE)
    assert found.settings == again.settings and found.trials.equals(again.trials)
    assert found.settings["max_depth"] >= 2  # a stump cannot know of both
    assert len(found.trials) == 12
    assert found.figure == found.trials["figure"].max()
    folds = found.trials[["fold_0", "fold_1"]].mean(axis=1)
    assert folds.to_numpy() == pytest.approx(found.trials["figure"].to_numpy())
    other = sx.tune(frame, trials=12, folds=2, metric="auc", space=SPACE, seed=2)
    assert not other.trials.equals(found.trials)


def test_tuned_grows_with_its_settings(frame):
    found = sx.tune(frame, trials=3, folds=1, space=SPACE, settings={"min_child_weight": 7})
    assert found.metric == "log_loss" and found.figure == found.trials["figure"].min()
    booster = found.grow(frame)
    assert booster.num_boosted_rounds() == found.settings["rounds"]
    assert '"min_child_weight":"7"' in booster.save_config()
    score = booster.inplace_predict(frame.X.to_numpy())
    assert metrics.auc(frame.y, score) > 0.7


def test_tune_of_a_value_uses_its_metrics(frame):
    spent = TrainingFrame(frame.table, "features: []", {}, sx.spend_within("14d"))
    found = sx.tune(spent, trials=2, folds=1, space=SPACE)
    assert (found.metric, found.objective) == ("spearman", "reg:tweedie")
    with pytest.raises(ValueError, match="no metric 'auc' of a value; there are: spearman, gini, mae"):
        sx.tune(spent, metric="auc")


def test_tune_without_optuna_says_what_to_install(frame, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ImportError, match=r"scorecast-export\[tune\]"):
        sx.tune(frame)
