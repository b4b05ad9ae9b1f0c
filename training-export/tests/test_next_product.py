"""The sequence model: the ONNX graph equals the network, it learns, and its figures mean what they say."""

from __future__ import annotations

import jax
import numpy as np
import onnxruntime
import pandas as pd
import pytest

import launcher
from scorecast_export.data.files import write_frame
from scorecast_export.engine import FeatureEngine
from scorecast_export.train import baskets, next_product
from scorecast_export.train.journey import Journey, day
from scorecast_export.train.sequence import Inputs, Schedule, fit, initial, logits
from scorecast_export.train.sequence_onnx import COUNTS, to_onnx

ITEMS, LENGTH, TOP = 23, 6, 5


def random_inputs(rows: int, seed: int = 1) -> Inputs:
    """Histories of any length, some of them empty."""
    rng = np.random.default_rng(seed)
    recent = rng.integers(1, ITEMS + 1, (rows, LENGTH))
    recent[np.arange(LENGTH) < rng.integers(0, LENGTH + 1, (rows, 1))] = 0
    ages = np.where(recent > 0, rng.gamma(2, 20, (rows, LENGTH)), 0).astype(np.float32)
    counts = rng.poisson(0.4, (rows, ITEMS, len(COUNTS))).astype(np.float32)
    return Inputs(recent, ages, counts)


def random_parameters(seed: int = 3):
    """Every parameter away from its start, so that a term forgotten shows."""
    start = initial(ITEMS, np.full(ITEMS, 0.1), seed)
    rng = np.random.default_rng(seed)
    return jax.tree.map(lambda x: np.asarray(x + 0.3 * rng.normal(size=x.shape), np.float32), start)


@pytest.mark.parametrize("rows", [1, 64])
def test_onnx_equals_the_network(rows):
    parameters, inputs = random_parameters(), random_inputs(rows)
    session = onnxruntime.InferenceSession(
        to_onnx(parameters, LENGTH, TOP), providers=["CPUExecutionProvider"]
    )
    feed = {"recent": inputs.recent, "ages": inputs.ages}
    feed |= {name: inputs.counts[..., k] for k, name in enumerate(COUNTS)}
    items, scores = session.run(["top_items", "top_scores"], feed)
    wanted = np.asarray(jax.nn.sigmoid(logits(parameters, inputs.recent, inputs.ages, inputs.counts, 1.0)))
    np.testing.assert_allclose(scores, np.take_along_axis(wanted, items - 1, axis=1), atol=2e-6)
    np.testing.assert_allclose(scores, -np.sort(-wanted, axis=1)[:, :TOP], atol=2e-6)


def test_network_padding_does_not_count():
    parameters, inputs = random_parameters(), random_inputs(8)
    aged = Inputs(inputs.recent, np.where(inputs.recent > 0, inputs.ages, 99.0), inputs.counts)
    one, other = (np.asarray(logits(parameters, i.recent, i.ages, i.counts, 1.0)) for i in (inputs, aged))
    np.testing.assert_array_equal(one, other)


def test_fit_learns_that_what_was_bought_is_bought_again():
    inputs = random_inputs(400)
    chance = 0.02 + 0.6 * (inputs.counts[..., 0] > 0)
    baskets = np.random.default_rng(4).random(chance.shape) < chance
    parameters = fit(inputs, baskets, Schedule(epochs=30, batch=50, rate=0.02))
    found = np.asarray(jax.nn.sigmoid(logits(parameters, inputs.recent, inputs.ages, inputs.counts, 1.0)))
    bought = inputs.counts[..., 0] > 0
    assert found[bought].mean() == pytest.approx(0.62, abs=0.08)
    assert found[~bought].mean() < 0.1


def test_fit_same_seed_same_parameters():
    inputs, baskets = random_inputs(60), np.random.default_rng(5).random((60, ITEMS)) < 0.2
    one, other = (fit(inputs, baskets, Schedule(epochs=1, batch=20)) for _ in range(2))
    assert jax.tree.all(jax.tree.map(np.array_equal, one, other))


def purchases(*rows: tuple[str, int, str, str | None]) -> pd.DataFrame:
    """Lines as (customer, day of June, order, category)."""
    found = [(c, day("2017-06-01") + pd.Timedelta(days=d - 1), o, k) for c, d, o, k in rows]
    return pd.DataFrame(found, columns=["customer_id", "time", "order_id", "category"])


def test_next_baskets_are_the_first_after_the_instant():
    lines = purchases(
        ("a", 1, "o1", "x"),
        ("a", 2, "o2", "y"),
        ("a", 2, "o2", "z"),
        ("a", 3, "o3", "w"),
        ("b", 9, "o4", "x"),
    )
    found = next_product.next_baskets(lines, day("2017-06-01"), before=day("2017-06-05"))
    assert found.set_index("customer_id")["items"].to_dict() == {"a": {"y", "z"}}


def test_personal_frequency_breaks_ties_by_popularity():
    lines = purchases(
        ("a", 1, "o1", "x"),
        ("a", 1, "o1", "y"),
        ("b", 1, "o2", "y"),
        ("a", 2, "o3", "z"),
        ("a", 3, "o4", "z"),
    )
    assert next_product.personal_frequency(lines, day("2017-06-30"))["a"] == ["z", "y", "x"]


def test_recall_and_ndcg_by_hand():
    baskets = [{"a", "b"}, {"c"}]
    lists = [["x", "a", *"klmnopqr", "b"], ["c"]]
    assert next_product.recall(baskets, lists).tolist() == [0.5, 1.0]
    best = 1 + 1 / np.log2(3)
    assert next_product.ndcg(baskets, lists).tolist() == pytest.approx([1 / np.log2(3) / best, 1.0])


def test_of_goods_leaves_out_what_no_list_recommends():
    lines = purchases(
        *((c, 1, "o", k) for c, k in [("a", "fuel/x/y"), ("b", "grocery/coupon-misc-items/y"), ("c", None)]),
        *((c, 1, "o", k) for c, k in [("d", "grocery"), ("e", "grocery/eggs/eggs-large")]),
    )
    assert list(next_product.of_goods(lines)["customer_id"]) == ["d", "e"]


def test_vocabulary_is_whole_paths_by_name(monkeypatch):
    monkeypatch.setattr(baskets, "_ITEMS", 2)
    lines = purchases(
        ("a", 1, "o", "b/b/b"), ("b", 1, "o", "b/b/b"), ("a", 1, "o", "a/a/a"), ("a", 1, "o", "d/d")
    )
    assert next_product.vocabulary(lines) == ["a/a/a", "b/b/b"]
    assert next_product.item_file(["grocery/eggs/eggs-large"]) == (
        "grocery/eggs/eggs-large\tgrocery/eggs/eggs-large\tEggs large\n"
    )


@pytest.mark.skipif(launcher.absent() is not None, reason=str(launcher.absent()))
def test_labelled_rows_keep_the_labels_order_and_leave_out_who_had_no_history(tmp_path):
    lines = purchases(("b", 1, "o1", "x"), ("a", 2, "o2", "y"), ("a", 3, "o3", "x"), ("new", 9, "o4", "x"))
    events = lines.assign(id=[f"e{i}" for i in range(len(lines))], type="purchase")
    write_frame(events, tmp_path / "events.parquet")
    journey = Journey(tmp_path / "events.parquet", events, FeatureEngine.found())
    labels = pd.DataFrame({"customer_id": ["new", "b", "a", "b"], "items": [{"x"}, {"x"}, {"y"}, {"y"}]})
    labels["at"] = [day("2017-06-05"), day("2017-06-08"), day("2017-06-05"), day("2017-06-05")]
    files = {"items.txt": next_product.item_file(["x", "y"])}
    rows = next_product._labelled(journey, files, labels, 2, tmp_path)
    assert list(rows.labels["customer_id"]) == ["b", "a", "b"]
    assert rows.inputs.counts[..., 0].tolist() == [[1, 0], [1, 1], [1, 0]]
    assert rows.inputs.recent[:, -2:].tolist() == [[0, 1], [2, 1], [0, 1]]
    assert rows.inputs.ages[:, -1].tolist() == [7, 2, 4]
    assert list(rows.narrow.columns[[0, -1]]) == ["recent_0", "ages_29"]
    assert rows.take(np.array([False, True, False])).labels["items"].tolist() == [{"y"}]
