"""Labels, splits, calibration, figures and the command line of training."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from scorecast_export.__main__ import main
from scorecast_export.engine import EngineError, FeatureEngine
from scorecast_export.train import churn, clv, command, metrics, propensity
from scorecast_export.train.boosting import Recipe, unseen_margins
from scorecast_export.train.calibration import fit_platt
from scorecast_export.train.journey import day, weekly

AT = day("2017-06-01")


def moments(*rows: tuple[str, float, float]) -> pd.DataFrame:
    """Purchases as (customer, days after AT, value)."""
    return pd.DataFrame(
        [(c, AT + pd.Timedelta(days=d), v) for c, d, v in rows], columns=["customer_id", "time", "value"]
    )


def test_churn_labels_the_active_who_do_not_come_back():
    bought = moments(
        ("stays", -3, 1), ("stays", 28, 1), ("late", -59, 1), ("late", 28.1, 1), ("gone", -60, 1)
    )
    found = churn.labelled_customers(bought, AT).set_index("customer_id")["label"]
    assert found.to_dict() == {"stays": 0.0, "late": 1.0}  # who bought 60 days ago sharp is not active


def test_clv_labels_sum_what_is_spent_after_the_instant():
    bought = moments(("a", 0, 5), ("a", 0.1, 2), ("a", 90, 3), ("a", 90.1, 9), ("b", -200, 1), ("new", 1, 7))
    found = clv.labelled_customers(bought, AT).set_index("customer_id")["label"]
    assert found.to_dict() == {"a": 5.0, "b": 0.0}


def test_propensity_labels_any_redemption_within_30_days_of_the_mailing():
    sent = AT + pd.Timedelta(hours=6)
    customers = ["in", "before", "late", "never"]
    mailings = pd.DataFrame({"customer_id": customers, "campaign": "8", "time": sent})
    after = [29.9, -1.0, 30.1]
    redemptions = pd.DataFrame(
        {"customer_id": customers[:3], "campaign": "7", "time": [sent + pd.Timedelta(days=d) for d in after]}
    )
    found = propensity.labelled_mailings(mailings, redemptions).set_index("customer_id")
    assert found["label"].to_dict() == {"in": 1.0, "before": 0.0, "late": 0.0, "never": 0.0}
    assert set(found["at"]) == {AT}


def test_weekly_ends_at_the_last():
    assert weekly(AT, 3) == [day("2017-05-18"), day("2017-05-25"), AT]


def test_unseen_margins_know_nothing_of_the_customer():
    rng = np.random.default_rng(1)
    customers = pd.Series([f"c-{i // 4}" for i in range(400)])
    rows = pd.DataFrame({"who": np.repeat(np.arange(100), 4), "noise": rng.random(400)}).astype(np.float32)
    label = np.repeat(rng.integers(0, 2, 100), 4).astype(float)  # nothing but the customer tells it
    recipe = Recipe(50, {"objective": "binary:logistic", "max_depth": 8})
    assert metrics.auc(label, unseen_margins(rows, label, customers, recipe)) < 0.65


def test_fit_platt_finds_the_true_line():
    rng = np.random.default_rng(2)
    margin = rng.normal(0, 2, 200_000)
    happened = (rng.random(len(margin)) < 1 / (1 + np.exp(-(0.5 * margin - 1)))).astype(float)
    fitted = fit_platt(margin, happened)
    assert (fitted.a, fitted.b) == (pytest.approx(-0.5, abs=0.02), pytest.approx(1.0, abs=0.03))
    assert fitted(margin).mean() == pytest.approx(happened.mean(), abs=1e-3)


def test_fit_platt_separable_stays_finite():
    fitted = fit_platt(np.array([-1.0, -2.0, 1.0, 2.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert np.isfinite([fitted.a, fitted.b]).all() and fitted.a < 0


def test_normalized_gini_of_the_best_order_is_one_and_of_a_constant_zero():
    spent = np.array([0.0, 1.0, 5.0, 10.0])
    assert metrics.normalized_gini(spent, spent * 2 + 1) == pytest.approx(1.0)
    assert metrics.normalized_gini(spent, np.ones(4)) == pytest.approx(0.0)
    assert metrics.normalized_gini(spent, -spent) == pytest.approx(-1.0)


def test_spearman_equal_values_share_their_rank():
    assert metrics.spearman(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 20.0])) == pytest.approx(
        0.8660254
    )


def test_interval_holds_the_figure():
    rng = np.random.default_rng(3)
    label = rng.integers(0, 2, 400)
    score = label + rng.normal(0, 1.0, 400)
    low, high = metrics.interval(metrics.auc, label, score)
    assert low < metrics.auc(label, score) < high
    assert high - low < 0.15


def test_engine_that_fails_says_what_it_said(tmp_path):
    launcher = tmp_path / "scorecast"
    launcher.write_text("#!/bin/sh\necho 'line 3: unknown kind' >&2\nexit 1\n")
    launcher.chmod(0o755)
    with pytest.raises(EngineError, match="line 3: unknown kind"):
        FeatureEngine(launcher).table([tmp_path / "e"], tmp_path / "f.yaml", [AT])


def test_train_policy_needs_no_data_and_is_written_when_asked_for(tmp_path, capsys):
    assert main(["train", "policy", "--models", str(tmp_path)]) == 0
    assert main(["train", "policy", "--models", str(tmp_path)]) == 0
    assert (tmp_path / "policy" / "2" / "SHA256SUMS").is_file()
    assert "policy/2" in capsys.readouterr().out


def test_train_all_leaves_a_policy_that_is_there_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(command.Journey, "fetched", lambda *_: None)
    trained = []
    module = SimpleNamespace(train=lambda _: SimpleNamespace(training={"metrics": {"model": {}}}))
    monkeypatch.setattr(command, "import_module", lambda name: trained.append(name) or module)
    monkeypatch.setattr(command, "write_version", lambda *_: tmp_path)
    command.train([], tmp_path)
    command.train([], tmp_path)
    assert [name.rpartition(".")[2] for name in trained] == 2 * [
        "propensity",
        "churn",
        "clv",
        "category",
        "ranker",
    ]
    assert [folder.name for folder in (tmp_path / "policy").iterdir()] == ["1"]


def test_recipe_changed_keeps_the_rest():
    changed = propensity.RECIPE.changed({"rounds": 400, "max_depth": 3})
    assert changed.rounds == 400
    assert changed.parameters == {**propensity.RECIPE.parameters, "max_depth": 3}
    assert propensity.RECIPE.rounds == 250


def test_train_settings_reach_the_recipe(tmp_path, monkeypatch):
    monkeypatch.setattr(command.Journey, "fetched", lambda *_: None)
    monkeypatch.setattr(command, "write_version", lambda *_: tmp_path)
    grown = []

    def train(_, recipe=propensity.RECIPE):
        grown.append(recipe.to_manifest())
        return SimpleNamespace(training={"metrics": {"model": {}}})

    monkeypatch.setattr(propensity, "train", train)
    options = ["--set", "rounds=400", "--set", "eta=0.05", "--models", str(tmp_path)]
    assert main(["train", "propensity", *options]) == 0
    assert grown == [{**propensity.RECIPE.to_manifest(), "rounds": 400, "eta": 0.05}]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["propensity", "--set", "max_dept=3"], "max_depth"),
        (["propensity", "--set", "eta=quick"], "'quick' is no number"),
        (["next-product", "--set", "eta=0.1"], "propensity churn clv"),
        (["--set", "eta=0.1"], "propensity churn clv"),
    ],
)
def test_train_settings_that_cannot_be_are_wrong_use(arguments, told, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["train", *arguments])
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err


def test_train_unknown_model_is_wrong_use(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["train", "chrun"])
    assert stopped.value.code == 2
    assert "propensity" in capsys.readouterr().err
