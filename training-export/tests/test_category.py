"""Twenty categories from one model: labels, shares, figures of all of them at once."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import yaml

from scorecast_export.data.assortment import ASSORTMENT
from scorecast_export.train import category, metrics
from scorecast_export.train.boosting import Recipe
from scorecast_export.train.journey import DEFINITIONS, day

AT = day("2017-06-01")


def bought(*rows: tuple[str, float, str]) -> pd.DataFrame:
    """Purchases as (customer, days after AT, category)."""
    table = pd.DataFrame(
        [(c, AT + pd.Timedelta(days=d), path) for c, d, path in rows],
        columns=["customer_id", "time", "category"],
    )
    return table.assign(path=category.paths(table))


def test_labels_look_at_the_second_level_and_30_days():
    found = category.bought_after(
        bought(
            ("a", 30, "grocery/coffee/ground"),
            ("a", 0, "grocery/eggs/large"),  # at the instant: a feature
            ("b", 30.1, "grocery/coffee/ground"),  # too late
            ("b", 1, "grocery/coffee"),
            ("b", 1, "grocery"),  # not that deep
            ("stranger", 1, "grocery/coffee/ground"),
        ),
        ["a", "b", "c"],
        AT,
        ["grocery/coffee", "grocery/eggs"],
    )
    assert found.tolist() == [[1, 0], [1, 0], [0, 0]]


def test_shares_are_of_all_households_and_of_a_month():
    found = category.monthly_shares(
        bought(
            ("a", 0, "x/coffee"), ("a", -29, "x/coffee"), ("b", -31, "x/coffee"), ("b", 1, "x/eggs"),
            ("c", -200, "x/tea"), ("d", -61, "x/coffee"),
        ),
        AT,
    )  # fmt: skip
    assert found.to_dict() == {"x/coffee": pytest.approx((1 + 1 + 1) / 4 / 3)}


def test_twenty_categories_each_with_an_output_that_the_made_up_shop_partly_sells():
    chosen = category.categories()
    assert len(chosen) == len(set(chosen)) == 20
    assert all(path.count("/") == 1 for path in chosen)
    names = [category.output_of(path) for path in chosen]
    assert len(set(names)) == 20
    assert all(name.replace("_", "").isalnum() and name == name.lower() for name in names)
    sold = {"/".join(kind.path.split("/")[:2]) for kind in ASSORTMENT}
    assert len(sold & set(chosen)) >= 5  # golden examples must have something to say
    text = (DEFINITIONS / "category.yaml").read_text()
    wide = [f for f in yaml.safe_load(text)["features"] if f["kind"] == "product_counts"]
    assert {f["vocabulary"] for f in wide} == {"categories.txt"}


def test_rfm_of_each_category_is_three_features_of_its_own():
    features = yaml.safe_load(category.rfm_definitions(["x/coffee", "x/eggs"]))["features"]
    assert [f["name"] for f in features] == [
        f"{name}_{part}" for name in ("coffee", "eggs") for part in ("days", "orders", "spend")
    ]
    assert {f["where"] for f in features} == {'category.under("x/coffee")', 'category.under("x/eggs")'}


def test_auc_of_draws_is_auc_of_each_draw():
    rng = np.random.default_rng(1)
    actual = (rng.random(200) < 0.3).astype(float)
    score = np.round(rng.random(200) + 0.3 * actual, 1)  # many are equal
    counts = metrics.drawn_counts(200)[:5]
    found = metrics.auc_of_draws(actual, score, counts)
    for line, auc in zip(counts.astype(int), found, strict=True):
        rows = np.repeat(np.arange(200), line)
        assert auc == pytest.approx(metrics.auc(actual[rows], score[rows]))
    assert metrics.auc_of_draws(actual, score, np.ones((1, 200)))[0] == pytest.approx(
        metrics.auc(actual, score)
    )


def test_drawn_counts_are_bootstrap_draws():
    counts = metrics.drawn_counts(50)
    assert counts.shape == (1000, 50) and set(counts.sum(axis=1)) == {50}
    assert counts.std() == pytest.approx(1, abs=0.05)
    assert np.array_equal(counts, metrics.drawn_counts(50))


@pytest.fixture(scope="module")
def split() -> category.Split:
    """Forty rows a household that buys each category by a share of its own, known from `warm_<i>`."""
    rng = np.random.default_rng(2)
    chosen = category.categories()
    taste = np.repeat(rng.random((150, 20)), 8, axis=0)
    customers = np.repeat([f"h-{i}" for i in range(150)], 8)
    rows = pd.DataFrame(taste.astype(np.float32), columns=[f"warm_{i}" for i in range(20)])
    rows.insert(0, "customer_id", customers)
    rows.insert(1, "at", AT)
    labels = (rng.random(taste.shape) < 0.6 * taste).astype(float)
    test = np.arange(len(rows)) % 8 == 7
    noise = {
        f"{category.short(path)}_{part}": rng.random(len(rows))
        for path in chosen
        for part in ("days", "orders", "spend")
    }
    rfm = pd.DataFrame(noise)
    return category.Split(
        rows=rows[~test].reset_index(drop=True),
        labels=labels[~test],
        learned=np.ones((~test).sum(), bool),
        test=rows[test].reset_index(drop=True),
        actual=labels[test],
        held=np.arange(test.sum()) % 5 == 0,
        rfm=rfm[~test].reset_index(drop=True),
        rfm_test=rfm[test].reset_index(drop=True),
        shares=dict.fromkeys(chosen, 0.3),
    )


@pytest.fixture(scope="module")
def model(split):
    recipe = Recipe(30, {**category.RECIPE.parameters, "max_depth": 3, "min_child_weight": 5})
    return category.grow_categories(split.rows, split.labels, recipe)


def test_one_booster_answers_for_each_category_calibrated(split, model):
    score = model.scores(split.rows)
    assert score.shape == split.labels.shape
    assert score.mean(axis=0) == pytest.approx(split.labels.mean(axis=0), abs=0.05)
    own = [metrics.auc(split.actual[:, i], model.scores(split.test)[:, i]) for i in range(20)]
    assert np.mean(own) > 0.6
    trees = json.loads(model.booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    answers = model(split.test)
    assert list(answers.raw) == [category.output_of(path) for path in category.categories()]
    assert len(trees) in (30, 600)


def test_figures_compare_each_category_with_its_own_baseline(split, model):
    score, beside = model.scores(split.test), category.baseline(split)
    evaluations, found = category.evaluate(split, score, beside, score)
    assert found["model"]["auc"] == pytest.approx(
        np.mean([metrics.auc(split.actual[:, i], score[:, i]) for i in range(20)]), abs=1e-4
    )
    low, high = found["model"]["auc_95"]
    assert low < found["model"]["auc"] < high
    assert found["category_rfm_logistic"]["auc"] < 0.55  # it has only noise
    assert found["category_rfm_logistic"]["model_auc_above"][0] > 0
    assert found["learned_from_all_households"] == found["model"]
    assert len(evaluations) == 20
    for evaluation in evaluations:
        name = evaluation.output.removeprefix("p_").removesuffix("_30d")
        (other,) = evaluation.baselines
        paired = metrics.paired_interval(
            metrics.auc, evaluation.actual, evaluation.score, evaluation.baselines[other]
        )
        assert found[other]["model_auc_above"] == pytest.approx(paired, abs=1e-4)
        assert found[name]["auc"] == round(metrics.auc(evaluation.actual, evaluation.score), 4)
    said = category._tested(split, found)
    assert "on 150 households" in said and f"of {len(evaluations)}" in said
