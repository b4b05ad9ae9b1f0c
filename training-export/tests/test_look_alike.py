"""Look-alikes: who resembles a seed audience, and seeds that nothing can be learned from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import scorecast_export as sx
from scorecast_export.__main__ import main
from scorecast_export.frame import TrainingFrame
from scorecast_export.lookalike import look_alike_version
from scorecast_export.train import metrics

DEFINITIONS = """\
features:
  - {name: days_since_purchase, kind: days_since_last, event: purchase}
  - {name: orders_90d, kind: count, event: purchase, per: order, window: 90d}
  - {name: spend_90d, kind: sum, field: value, event: purchase, window: 90d}
  - {name: weekend, kind: time_share, event: purchase, weekdays: [sat, sun]}
  - {name: last_product, kind: last_value, field: product_id, event: purchase}  # no model reads a text
"""


def customers(count: int = 600) -> TrainingFrame:
    rng = np.random.default_rng(1)
    names = ["days_since_purchase", "orders_90d", "spend_90d", "weekend"]
    table = pd.DataFrame(rng.random((count, len(names))).astype(np.float32), columns=names)
    table.insert(0, "customer_id", [f"c-{i}" for i in range(count)])
    table.insert(1, "at", pd.Timestamp("2026-06-01", tz="UTC"))
    return TrainingFrame(table.assign(last_product="p"), DEFINITIONS, {})


def who_shops_at_weekends(frame: TrainingFrame) -> list[str]:
    """Most of those who do and hardly another: half of the audience is known, as in practice."""
    rng = np.random.default_rng(2)
    chance = np.where(frame.table["weekend"] > 0.8, 0.5, 0.01)
    return frame.table.loc[rng.random(len(frame)) < chance, "customer_id"].tolist()


def test_those_of_the_audience_who_are_not_in_the_seed_are_found():
    frame = customers()
    seed = who_shops_at_weekends(frame)
    version = look_alike_version(frame, [*seed, "gone"])
    score = version.scores["p_look_alike"]
    rest = ~frame.table["customer_id"].isin(seed).to_numpy()
    alike = (frame.table["weekend"] > 0.8).to_numpy(float)
    assert metrics.auc(alike[rest], score[rest]) > 0.9
    facts = version.training
    assert (facts["seed"], facts["seed_unknown"], facts["rows"]) == (len(seed), 1, 600)
    figures = facts["metrics"]
    assert figures["model"]["auc"] > 0.75 and figures["rfm_logistic"]["auc"] < 0.65
    assert "better than chance" in facts["tested"]
    assert version.inputs[0]["features"] == ["days_since_purchase", "orders_90d", "spend_90d", "weekend"]


def test_probabilities_are_of_customers_that_the_model_has_not_seen():
    frame = customers()
    seed = who_shops_at_weekends(frame)
    version = look_alike_version(frame, seed)
    (evaluation,) = version.evaluations
    fitted = metrics.auc(evaluation.actual, version.scores["p_look_alike"])
    assert metrics.auc(evaluation.actual, evaluation.score) < fitted
    assert evaluation.score.mean() == pytest.approx(len(seed) / 600, abs=0.02)


def test_a_seed_drawn_by_lot_is_said_not_to_be_told_from_the_rest():
    frame = customers()
    seed = frame.table["customer_id"].sample(100, random_state=3)
    said = look_alike_version(frame, list(seed)).training["tested"]
    assert "DOES NOT tell the seed from the rest" in said


def test_the_same_again_is_the_same():
    frame = customers()
    seed = who_shops_at_weekends(frame)
    first, second = look_alike_version(frame, seed), look_alike_version(frame, set(seed))
    assert first.model == second.model and first.training == second.training


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        (["c-1", "c-2", "nobody"], "2 of the seed's 3 ids are among the 600 customers; at least 20"),
        ([f"c-{i}" for i in range(590)], "the seed leaves 10 customers to be told apart from"),
    ],
)
def test_seeds_too_small_or_too_large_are_named(seed, message):
    with pytest.raises(sx.SeedError, match=message):
        look_alike_version(customers(), seed)


def test_several_instants_are_refused():
    frame = customers(60)
    twice = TrainingFrame(pd.concat([frame.table, frame.table]), DEFINITIONS, {})
    with pytest.raises(sx.SeedError, match="more than once"):
        look_alike_version(twice, ["c-1"])


@pytest.mark.parametrize("arguments", [["look-alike"], ["churn", "--seed", "ids.txt"]])
def test_command_line_wants_a_seed_for_a_look_alike_alone(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["train", *arguments])
    assert stopped.value.code == 2
    assert "look-alike needs --seed FILE" in capsys.readouterr().err


def test_command_line_says_that_there_is_no_such_file(tmp_path, capsys):
    assert main(["train", "look-alike", "--seed", str(tmp_path / "none.txt")]) == 1
    assert "none.txt" in capsys.readouterr().err
