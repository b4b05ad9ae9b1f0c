"""Figures against scikit-learn and SciPy, tables by hand, and the report as a file."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb
from scipy.stats import spearmanr
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

from scorecast_export.evaluation.evaluation import Evaluation
from scorecast_export.evaluation.importance import importances
from scorecast_export.evaluation.lists import CUTS, by_length
from scorecast_export.evaluation.report import report_html
from scorecast_export.evaluation.svg import Chart, Series
from scorecast_export.train import metrics
from scorecast_export.versions.version import Version

RNG = np.random.default_rng(4)
TRUE = RNG.beta(1, 4, 900)
HAPPENED = (RNG.random(900) < TRUE).astype(float)
SCORE = np.round(np.clip(TRUE + RNG.normal(0, 0.08, 900), 0, 1), 2)  # with ties


def test_probability_figures_equal_scikit_learns():
    found = metrics.PROBABILITY
    assert found["auc"](HAPPENED, SCORE) == pytest.approx(sk.roc_auc_score(HAPPENED, SCORE), abs=1e-12)
    wanted = sk.average_precision_score(HAPPENED, SCORE)
    assert found["pr_auc"](HAPPENED, SCORE) == pytest.approx(wanted, abs=1e-12)
    assert found["brier"](HAPPENED, SCORE) == pytest.approx(sk.brier_score_loss(HAPPENED, SCORE), abs=1e-12)
    clear = np.clip(SCORE, 0.01, 0.99)
    assert found["log_loss"](HAPPENED, clear) == pytest.approx(sk.log_loss(HAPPENED, clear), abs=1e-12)


def test_calibration_curve_equals_scikit_learns():
    score = TRUE  # without ties, the groups are the same
    happened, said = calibration_curve(HAPPENED, score, n_bins=10, strategy="quantile")
    size, own_said, own_happened = metrics.calibration_curve(HAPPENED, score)
    np.testing.assert_allclose(own_said, said)
    np.testing.assert_allclose(own_happened, happened)
    assert metrics.calibration_error(HAPPENED, score) == pytest.approx(
        np.average(abs(said - happened), weights=size)
    )


def test_calibration_error_of_right_probabilities_is_that_of_chance():
    by_chance = metrics.calibration_error_by_chance(TRUE)
    assert 0.01 < by_chance < 0.05
    assert metrics.calibration_error(HAPPENED, TRUE) < 2 * by_chance
    assert metrics.calibration_error(HAPPENED, np.clip(TRUE + 0.2, 0, 1)) > 3 * by_chance


def test_spearman_equals_scipys():
    spent = np.round(RNG.gamma(1, 20, 300), 0)
    guess = spent + RNG.normal(0, 30, 300).round()
    assert metrics.spearman(spent, guess) == pytest.approx(spearmanr(spent, guess).statistic, abs=1e-12)


def test_interval_of_figures_holds_them_and_a_better_score_is_above():
    worse = np.clip(SCORE + RNG.normal(0, 0.5, 900), 0, 1)
    found = Evaluation("p", "probability", HAPPENED, SCORE, {"noisy": worse}).figures()
    for name in metrics.PROBABILITY:
        if name != "calibration_error":  # which draws only make larger
            assert found["model"][f"{name}_95"][0] <= found["model"][name] <= found["model"][f"{name}_95"][1]
    low, high = found["noisy"]["model_auc_above"]
    assert 0 < low < found["model"]["auc"] - found["noisy"]["auc"] < high
    same = Evaluation("p", "probability", HAPPENED, SCORE, {"same": SCORE}).figures()["same"]
    assert same["model_auc_above"] == [0, 0]


def test_ranking_equals_scikit_learns_and_hand():
    items = [f"i{n}" for n in range(12)]
    held = [set(RNG.choice(items, 3, replace=False)) for _ in range(40)]
    ranked = [list(RNG.permutation(items)) for _ in held]
    found = metrics.ranking(held, ranked, counts=dict.fromkeys(items, 4), at=(5, 10))
    for k in (5, 10):
        relevant = np.array([[item in basket for item in items] for basket in held], float)
        places = np.array([[-row.index(item) for item in items] for row in ranked], float)
        for i in range(len(held)):
            assert found[f"ndcg_{k}"][i] == pytest.approx(sk.ndcg_score(relevant[[i]], places[[i]], k=k))
    hits = [len(basket & set(row[:5])) for basket, row in zip(held, ranked, strict=True)]
    np.testing.assert_allclose(found["recall_5"], np.array(hits) / 3)
    np.testing.assert_allclose(found["precision_5"], np.array(hits) / 5)
    one = metrics.ranking([{"a"}], [["x", "a"]], counts={"a": 1, "x": 8, "never": 1}, at=(5,))
    assert one["mrr_5"] == [0.5]
    assert (one["coverage_5"], one["novelty_5"]) == (2 / 3, 1.5)  # x everybody had, a one of eight


def test_deciles_gains_audiences_and_bands_by_hand():
    score = np.arange(100, 0, -1) / 100
    actual = np.zeros(100)
    actual[:20], actual[25:30] = 1, 1
    found = Evaluation("p", "probability", actual, score)
    deciles = found.deciles()
    assert [group["lift"] for group in deciles] == [4, 4, 2, 0, 0, 0, 0, 0, 0, 0]
    assert [round(group["gain"], 2) for group in deciles][:3] == [0.4, 0.8, 1.0]
    share, gained = found.gains(score)
    assert (share[4], gained[4]) == (0.2, 0.8)
    assert found.audiences()[2] == {
        "share": 0.2, "customers": 20, "from": 0.81, "actual": 1.0, "lift": 4.0, "gain": 0.8
    }  # fmt: skip
    assert found.suggested_bands() == {"low": 0.0, "high": 0.7}
    flat = Evaluation("p", "probability", np.tile([0.0, 1.0], 50), score)
    assert flat.suggested_bands() == {"medium": 0.0}


def test_test_that_tells_nothing_is_refused():
    with pytest.raises(ValueError, match="the test of 'p' tells nothing: every label is 1"):
        Evaluation("p", "probability", np.ones(3), np.ones(3))
    with pytest.raises(ValueError, match="2 of 3 labels are missing"):
        Evaluation("p", "value", np.array([np.nan, 1, np.nan]), np.ones(3))


def booster() -> tuple[xgb.Booster, pd.DataFrame]:
    rng = np.random.default_rng(8)
    rows = pd.DataFrame({"strong": rng.random(400), "weak": rng.random(400), "none": 1.0}).astype(np.float32)
    rows.loc[::7, "weak"] = np.nan
    label = (rows["strong"] + 0.1 * rows["weak"].fillna(0) > 0.6).astype(float)
    data = xgb.DMatrix(rows, label)
    return xgb.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1}, data, 20), rows


def contributions(model: xgb.Booster):
    return lambda rows: model.predict(xgb.DMatrix(rows), pred_contribs=True)[:, :-1]


def test_importance_orders_columns_and_tells_their_direction():
    model, rows = booster()
    strong, weak = importances(rows, contributions(model))
    assert (strong.column, weak.column) == ("strong", "weak")
    assert strong.size > 3 * weak.size
    assert len(strong.by_value) == 5 and strong.by_value[0] < 0 < strong.by_value[-1]
    assert np.isnan(strong.missing) and np.isfinite(weak.missing)


def version() -> Version:
    model, rows = booster()
    evaluation = Evaluation("p_7d", "probability", HAPPENED, SCORE, {"rfm_logistic": SCORE[::-1].copy()})
    spend = Evaluation("clv_7d", "value", HAPPENED * 20 + TRUE, SCORE * 20, {"spend_so_far": SCORE + TRUE})
    training = {
        "rows": 400,
        "metrics": {**evaluation.figures(), **spend.figures()},
        "tested": "Tested on `made-up` customers & <others>.",
        "limits": ["Nothing is real."],
    }
    return Version(
        name="m", task="m", description="Will it <b>hold</b>?", runtime="xgboost", file="model.ubj",
        model=b"", definitions="", inputs=[], outputs=[], training=training, predict=lambda _: None,
        rows=rows, scores={},
        evaluations=[evaluation, spend], contributions=contributions(model),
    )  # fmt: skip


class Reader(HTMLParser):
    """Every tag is closed, and nothing is fetched from anywhere."""

    VOID = frozenset({"meta", "link", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        for name, value in attrs:
            assert name not in ("src", "srcset") and (name != "href" or value == "data:,"), (tag, name, value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_report_is_whole_offline_and_the_same_each_time():
    page = report_html(version(), 3)
    assert page == report_html(version(), 3)
    reader = Reader()
    reader.feed(page)
    assert reader.open == [] and "script" not in reader.seen
    assert reader.seen.count("svg") == 7  # calibration, lift, gains, scores; gains, deciles, scores
    assert "Will it &lt;b&gt;hold" in page and "customers &amp; &lt;others&gt;" in page
    assert not re.search(r"\b(nan|inf)\b", page), "a number is missing"
    assert "is better than <b>rfm logistic</b>" in page


def lists() -> dict[str, Any]:
    """Three customers who want what is named; the model knows, the baseline puts it second."""
    wanted = [{"a"}, {"b", "c"}, {"d"}]
    ranked = {
        "model": [["a", "x"], ["b", "c"], ["x", "d"]],
        "popularity": [["x", "a"], ["x", "b"], ["x", "d"]],
    }
    return by_length(wanted, ranked, {"a": 4, "b": 2, "c": 1, "d": 1, "x": 4})


def test_lists_by_length_by_hand():
    found = lists()
    model = found["model"]
    assert model["recall"][:2] == [0.5, 1.0]
    assert model["precision"][:2] == [round(2 / 3, 4), round(4 / 9, 4)]
    assert model["mrr"][1] == round((1 + 1 + 1 / 2) / 3, 4)
    assert model["ndcg"][1] == round((1 + 1 + 1 / np.log2(3)) / 3, 4)
    assert model["coverage"][0] == 3 / 5 and model["coverage"][-1] == 1
    assert model["novelty"][0] == round(np.mean([0, 1, 0]), 4)
    for name in ("recall", "precision", "mrr", "ndcg"):
        assert len(model[name]) == len(model[f"{name}_95"]) == len(CUTS)
        for value, (low, high) in zip(model[name], model[f"{name}_95"], strict=True):
            assert low <= value <= high
    assert found["popularity"]["recall"][0] == 0


def test_report_of_lists_draws_each_figure_by_length():
    row = {"customers": 3, "recall_10": 0.5, "ndcg_10": 0.4}
    better, unsure = {"model_recall_10_above_95": [0.1, 0.2]}, {"model_recall_10_above_95": [-0.1, 0.2]}
    training = {
        "metrics": {"model": row, "popularity": {**row, **better}, "item_to_item": {**row, **unsure}},
        "by_length": {"cuts": list(CUTS), "items": lists()},
        "tested": "", "limits": [],
    }  # fmt: skip
    page = report_html(replace(version(), training=training, evaluations=[], contributions=None), 2)
    reader = Reader()
    reader.feed(page)
    assert reader.open == [] and reader.seen.count("svg") == 4
    assert (
        "better than <b>popularity</b>" in page and "not shown to be better than <b>item to item</b>" in page
    )
    assert "<th>recall@10</th>" in page and "<th>coverage@10</th>" in page
    assert "by_length" not in page


def test_chart_of_one_value_has_axes():
    drawn = Chart("t", "x", "y", [Series("one", [1, 1], [0, 0])]).to_svg()
    assert "nan" not in drawn and drawn.count("<polyline") == 1
