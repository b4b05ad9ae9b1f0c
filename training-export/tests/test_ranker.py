"""The ranker: facts of items, neighbours, labels, and the way from purchases to a version behind the gate."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import yaml

import launcher
from scorecast_export.data.files import write_frame
from scorecast_export.engine import FeatureEngine
from scorecast_export.errors import ExportError
from scorecast_export.train import ranker
from scorecast_export.train.again import report_again
from scorecast_export.train.boosting import Recipe
from scorecast_export.train.item_facts import cosines, item_facts, neighbours, neighbours_file, per_order
from scorecast_export.train.journey import Journey, day
from scorecast_export.train.pair_rows import Bought, groups, labels, predict, ranked
from scorecast_export.versions.version import write_version

AT = day("2026-06-01")


def lines(*bought: tuple[str, int, str, str]) -> pd.DataFrame:
    """Lines of customer, days before `AT`, order, category."""
    return pd.DataFrame(
        [(who, AT - pd.Timedelta(days=ago), order, category) for who, ago, order, category in bought],
        columns=["customer_id", "time", "order_id", "category"],
    )


def test_per_order_counts_an_item_once_an_order_at_its_level():
    found = per_order(
        lines(("a", 1, "1", "x/y/z"), ("a", 1, "1", "x/y/w"), ("a", 1, "1", "x"), ("a", 0, "2", "x/y/z")), 2
    )
    assert list(found["item"]) == ["x/y", "x/y"]
    assert list(found["order_id"]) == ["1", "2"]


def test_item_facts_by_hand():
    bought = per_order(
        lines(
            ("a", 100, "1", "x/y"),
            ("a", 40, "2", "x/y"),
            ("a", 10, "3", "x/y"),
            ("b", 20, "4", "x/y"),
            ("c", 5, "5", "v/w"),
            ("c", -1, "6", "x/y"),
        ),
        2,
    )
    facts = item_facts(bought, ["v/w", "x/y", "never/sold"], AT)
    assert list(facts["popularity"]) == pytest.approx([1 / 3, 2 / 3, 0], abs=1e-5)
    assert list(facts["popularity_28d"]) == pytest.approx([1 / 3, 2 / 3, 0], abs=1e-5)
    assert list(facts["per_buyer"]) == pytest.approx([1, 2, np.nan], nan_ok=True)
    assert list(facts["repeaters"]) == pytest.approx([0, 0.5, np.nan], nan_ok=True)
    assert list(facts["usual_gap"]) == pytest.approx([np.nan, 45, np.nan], nan_ok=True)


def random_bought(households: int, items: int) -> tuple[pd.DataFrame, list[str], np.ndarray]:
    rng = np.random.default_rng(1)
    held = rng.random((households, items)) < rng.uniform(0.1, 0.7, items)
    held[:, 1] |= held[:, 0]
    names = [f"d/{i}" for i in range(items)]
    rows = [(f"c-{h}", 1, f"o-{h}", names[i]) for h, i in zip(*np.nonzero(held), strict=True)]
    return per_order(lines(*rows), 2), names, held.astype(float)


def test_neighbours_are_ridge_regressions_on_all_other_items():
    bought, names, held = random_bought(80, 6)
    found = neighbours(bought, names, AT, most=5, ridge=7.0)
    for item in range(6):
        others = [i for i in range(6) if i != item]
        x = held[:, others]
        weights = np.linalg.solve(x.T @ x + 7.0 * np.eye(5), x.T @ held[:, item])
        for other, weight in zip(others, weights, strict=True):
            assert dict(found[other])[item] == pytest.approx(weight, rel=1e-3, abs=1e-6)
    assert [abs(w) for _, w in found[0]] == sorted((abs(w) for _, w in found[0]), reverse=True)
    assert neighbours_file([[(2, 0.5), (0, -0.25)], []]) == "3:0.5 1:-0.25\n\n"


def test_cosines_by_hand():
    bought = per_order(lines(("a", 1, "1", "x/y"), ("a", 1, "1", "v/w"), ("b", 1, "2", "x/y")), 2)
    np.testing.assert_allclose(cosines(bought, ["x/y", "v/w"], AT), [[0, 2**-0.5], [2**-0.5, 0]], rtol=1e-6)


def test_wanted_is_the_next_order_and_what_was_never_bought():
    bought = per_order(
        lines(
            ("a", 9, "1", "x/y"),
            ("a", -2, "2", "x/y"),
            ("a", -2, "2", "v/w"),
            ("a", -3, "3", "s/t"),
            ("a", -31, "4", "q/r"),
            ("new", -1, "5", "x/y"),
            ("gone", 3, "6", "x/y"),
        ),
        2,
    )
    both = Bought(bought, bought)
    wanted = both.wanted(AT, AT + pd.Timedelta(days=40))
    assert wanted == {"items": {"a": {"x/y", "v/w"}}, "discover": {"a": {"v/w", "s/t"}}}
    # Thirty days that are not over say nothing yet; nor does an order that has not happened yet.
    assert both.wanted(AT, AT + pd.Timedelta(days=29))["discover"] == {}
    assert both.wanted(AT, AT + pd.Timedelta(days=1))["items"] == {}
    rows = pd.DataFrame({"customer_id": ["a", "a", "b"], "list": "items", "item": ["x/y", "s/t", "x/y"]})
    np.testing.assert_array_equal(labels(rows, wanted), [1, 0, np.nan])


def test_ranked_equal_scores_keep_the_order_of_candidates():
    rows = pd.DataFrame({"customer_id": list("aabab"), "list": "items", "item": list("pqrst")})
    found = ranked(rows, np.array([1.0, 2.0, 0.0, 2.0, 0.5]), ["b", "a", "nobody"], "items")
    assert found == [[("t", 0.5), ("r", 0.0)], [("q", 2.0), ("s", 2.0), ("p", 1.0)], []]


def test_groups_puts_a_list_of_a_household_together():
    rows = pd.DataFrame({"at": AT, "customer_id": list("bab"), "list": ["items", "items", "discover"]})
    rows = pd.concat([rows, rows], ignore_index=True)
    ordered, number = groups(rows)
    assert list(number) == [0, 0, 1, 1, 2, 2]
    assert list(ordered["customer_id"]) == list("aabbbb")


def test_grow_ranker_learns_and_is_the_same_again():
    rng = np.random.default_rng(2)
    rows = pd.DataFrame(
        {"customer_id": np.repeat([f"c-{i}" for i in range(60)], 20), "at": AT, "list": "items"}
    )
    rows["good"] = rng.random(len(rows)).astype(np.float32)
    rows["noise"] = rng.random(len(rows)).astype(np.float32)
    rows["label"] = (rows["good"] + rng.normal(0, 0.1, len(rows)) > 0.8).astype(np.float32)
    recipe = Recipe(10, {"objective": "rank:ndcg", "max_depth": 3, "subsample": 0.8})
    one, again = (
        ranker.grow_ranker(rows.sample(frac=1, random_state=3), ["good", "noise"], recipe) for _ in "12"
    )
    assert one.save_raw("ubj") == again.save_raw("ubj")
    assert one.feature_names == ["good", "noise"]
    score = predict(one, rows)
    assert np.corrcoef(score, rows["label"])[0, 1] > 0.6


def made_up_purchases() -> pd.DataFrame:
    """Ten weeks of eighty households, each with tastes of its own among twelve types in six categories."""
    rng = np.random.default_rng(5)
    rows = []
    for household in range(80):
        taste = rng.choice(12, 4, replace=False)
        for week in range(14):
            order = f"o-{household}-{week}"
            time = AT + pd.Timedelta(days=7 * (week - 10), hours=int(rng.integers(1, 120)))
            chosen = set(taste[rng.random(4) < 0.6]) | set(rng.integers(0, 12, 1))
            rows += [
                {
                    "id": f"{order}-{item}",
                    "customer_id": f"h-{household}",
                    "type": "purchase",
                    "time": time,
                    "order_id": order,
                    "category": f"d{item % 3}/c{item % 6}/t{item}",
                    "value": 2.0,
                    "quantity": 1.0,
                }
                for item in sorted(chosen)
            ]
    return pd.DataFrame(rows)


@pytest.mark.skipif(bool(launcher.absent()), reason=str(launcher.absent()))
def test_train_from_purchases_to_a_version_that_passes_the_gate(tmp_path, monkeypatch):
    monkeypatch.setattr(ranker, "_TEST", AT)
    monkeypatch.setattr(ranker, "_BLOCKS", 1)
    monkeypatch.setattr(ranker, "RECIPE", Recipe(12, {"objective": "rank:ndcg", "max_depth": 3}))
    events = made_up_purchases()
    write_frame(events, tmp_path / "events.parquet")
    engine = FeatureEngine(launcher.LAUNCHER)
    journey = Journey(tmp_path / "events.parquet", events, engine)
    version = ranker.train(journey)
    figures = version.training["metrics"]
    assert figures["model"]["recall_10"] > 0.9  # ten of twelve
    assert figures["model"]["customers"] == figures["personal_frequency"]["customers"] == 80
    assert 0 < figures["discover_model"]["recall_10"] <= 1
    lengths = version.training["by_length"]
    for which, prefix in (("items", ""), ("discover", "discover_")):
        of_ten = {scorer: of["recall"][lengths["cuts"].index(10)] for scorer, of in lengths[which].items()}
        assert of_ten == {scorer: figures[prefix + scorer]["recall_10"] for scorer in lengths[which]}
    folder = write_version(tmp_path / "models", version, engine)
    assert (folder / "report.html").read_text().count("<svg") == 8
    example = json.loads((folder / "golden.ndjson").read_text().splitlines()[0])
    assert set(example["raw"]) == {"items", "discover"}
    assert len(example["scores"]["items"]) == 10
    manifest = yaml.safe_load((folder / "model.yaml").read_text())
    assert [one["list"] for one in manifest["candidates"]] == ["items", "discover"]

    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    (folder / "report.html").unlink()
    report_again(folder, journey, engine)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [file.name for file in folder.parent.iterdir()] == ["1"]
    text = before["model.yaml"].decode()
    recall = f"recall_10: {figures['model']['recall_10']}"
    assert text.count(recall) >= 1
    (folder / "model.yaml").write_text(text.replace(recall, "recall_10: 0.1234", 1))
    with pytest.raises(ExportError, match=r"'recall_10' of 'model' is 0\.1234 in its manifest, but 0\."):
        report_again(folder, journey, engine)
