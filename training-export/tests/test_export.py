"""Version folders: numbers, checksums, manifest, examples, reference."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
import yaml

import launcher
from scorecast_export.engine import FeatureEngine
from scorecast_export.evaluation.evaluation import Evaluation
from scorecast_export.train.boosting import Recipe
from scorecast_export.train.trees import Split, train_probability, train_value, tree_version
from scorecast_export.versions import examples
from scorecast_export.versions.folder import CHECKSUMS, new_version, next_version
from scorecast_export.versions.manifest import score_output
from scorecast_export.versions.numbers import six_digits
from scorecast_export.versions.statistics import describe, reference
from scorecast_export.versions.version import write_version

DEFINITIONS = """\
# How often, and of what?
features:
  - {name: days_since_purchase, kind: days_since_last, event: purchase}
  - {name: orders_90d, kind: count, event: purchase, per: order, window: 90d}
  - {name: spend_90d, kind: sum, field: value, event: purchase, window: 90d}
  - {name: taste, kind: affinity, half_life: 30d, vocabulary: [grocery, produce]}
"""
COLUMNS = ["days_since_purchase", "orders_90d", "spend_90d", "taste_0", "taste_1"]


def rows(count: int, seed: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.gamma(2.0, 3.0, (count, len(COLUMNS))).astype(np.float32), columns=COLUMNS)
    table.loc[rng.random(count) < 0.2, "days_since_purchase"] = np.nan
    return table


def labelled(count: int, seed: int) -> pd.DataFrame:
    table = rows(count, seed)
    chance = 1 / (1 + np.exp(6 - table["spend_90d"]))
    return table.assign(
        customer_id=[f"c-{i % (count // 2)}" for i in range(count)],
        at=pd.Timestamp("2017-06-01", tz="UTC"),
        label=(np.random.default_rng(seed).random(count) < chance).astype(float),
    )


@pytest.fixture(scope="module")
def split() -> Split:
    return Split(labelled(600, 1), labelled(200, 2))


@pytest.fixture(scope="module")
def version(tmp_path_factory, split):
    definitions = tmp_path_factory.mktemp("definitions") / "churn.yaml"
    definitions.write_text(DEFINITIONS)
    model = train_probability(split.train, "p_lapse_28d", Recipe(20, {"objective": "binary:logistic"}))
    output = score_output(
        "p_lapse_28d",
        "probability",
        scores=model.scores(split.train),
        bands={"low": 0.0, "high": 0.8},
        fallback=0.3,
        calibration=model.calibration.to_manifest(),
    )
    training = {"metrics": {"model": {"auc": 0.9}}, "tested": "Not at all.", "limits": ["All."], "rows": 600}
    return tree_version(
        model,
        split,
        definitions=definitions,
        output=output,
        training=training,
        description="Lapse?",
        evaluation=Evaluation(
            output="p_lapse_28d",
            kind="probability",
            actual=split.test["label"].to_numpy(),
            score=model.scores(split.test),
        ),
    )


def test_next_version_counts_on_from_the_highest(tmp_path):
    assert next_version(tmp_path / "absent") == 1
    for name in ("1", "3", "012", "x", ".new-1"):
        (tmp_path / name).mkdir()
    assert next_version(tmp_path) == 4


def test_new_version_that_fails_leaves_nothing(tmp_path):
    def fail():
        with new_version(tmp_path, "churn") as folder:
            (folder / "model.ubj").touch()
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        fail()
    assert list((tmp_path / "churn").iterdir()) == []


@pytest.fixture(scope="module")
def folders(tmp_path_factory, version):
    """The same version, written twice."""
    if why := launcher.absent():
        pytest.skip(why)
    models = tmp_path_factory.mktemp("models")
    return [write_version(models, version, FeatureEngine.found()) for _ in range(2)]


def test_write_version_twice_gives_the_next_number_and_the_same_bytes(folders):
    first, second = folders
    assert (first.name, second.name) == ("1", "2")
    for file in first.iterdir():
        if file.name not in ("MODEL_CARD.md", CHECKSUMS):
            # The report names the version that it is of.
            content = file.read_bytes().replace(b"churn 1", b"churn 2")
            assert content == (second / file.name).read_bytes(), file.name


def test_write_version_checksums_cover_every_other_file(folders):
    folder = folders[0]
    listed = dict(reversed(line.split("  ")) for line in (folder / CHECKSUMS).read_text().splitlines())
    assert set(listed) == {file.name for file in folder.iterdir()} - {CHECKSUMS}
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_write_version_manifest_holds_definitions_word_for_word(folders):
    folder = folders[0]
    text = (folder / "model.yaml").read_text()
    manifest = yaml.safe_load(text)
    assert DEFINITIONS in text
    assert manifest["inputs"] == [
        {"name": "features", "features": ["days_since_purchase", "orders_90d", "spend_90d", "taste"]}
    ]
    assert manifest["outputs"][0]["horizon"] == "28d"
    assert manifest["outputs"][0]["calibration"]["method"] == "platt"
    assert len(manifest["outputs"][0]["percentiles"]) == 99


def test_golden_examples_are_the_librarys_answers_for_the_engines_features(folders, version):
    folder = folders[0]
    lines = [json.loads(line) for line in (folder / "golden.ndjson").read_text().splitlines()]
    assert [line["customer_id"] for line in lines] == [c.customer for c in examples.golden_customers()]
    for line in lines:
        found = line["features"]
        assert [len(found["taste"]), isinstance(found["orders_90d"], list)] == [2, False]
        flat = [found["days_since_purchase"], found["orders_90d"], found["spend_90d"], *found["taste"]]
        row = pd.DataFrame([[np.nan if x is None else x for x in flat]], columns=COLUMNS)
        again = version.predict(row)
        assert again.raw["p_lapse_28d"][0] == line["raw"]["p_lapse_28d"]
        assert again.published["p_lapse_28d"][0] == line["scores"]["p_lapse_28d"]


def test_made_up_customers_are_short_and_none_is_empty():
    for customers, longest in ((examples.golden_customers(), 62), (examples.sample_customers(), 14)):
        assert all(0 < len(made.events) <= longest for made in customers)
        assert len({made.customer for made in customers}) == len(customers)
        assert not any("customer_id" in event for made in customers for event in made.events)
    assert len(examples.sample_customers()) == 200


def test_score_output_bands_begin_at_quantiles():
    scores = np.arange(1, 1001) / 10
    output = score_output(
        "clv_90d", "value", scores=scores, bands={"low": 0.0, "high": 0.75, "top": 0.9}, fallback=50.0
    )
    assert [band["from"] for band in output["bands"]] == [0.0, 75.025, 90.01]
    assert output["range"] == [0.0, None]
    assert output["percentiles"] == sorted(output["percentiles"])


def test_describe_leaves_missing_out():
    found = describe(np.array([1.0, np.nan, 3.0]))
    assert (found["count"], found["missing"], found["mean"], found["max"]) == (3, 1, 2.0, 3.0)
    assert describe(np.array([np.nan])) == {"count": 1, "missing": 1}


def test_reference_has_a_column_each():
    found = reference(rows(50), {"p": np.linspace(0, 1, 50)})
    assert list(found["features"]) == COLUMNS
    assert found["scores"]["p"]["quantiles"][10] == 0.5


def test_write_version_reference_holds_the_scores_of_the_sample(folders):
    folder = folders[0]
    found = json.loads((folder / "reference.json").read_text())["sample"]["p_lapse_28d"]
    assert found["count"] == len((folder / "sample.ndjson").read_text().splitlines())
    assert 0 <= found["min"] <= found["max"] <= 1


def test_train_value_never_below_zero(split):
    model = train_value(split.train, "clv_90d", Recipe(10, {"objective": "reg:squarederror"}))
    assert model.scores(split.test).min() >= 0


@pytest.mark.parametrize(
    ("number", "rounded"), [(0.12345650001, 0.123457), (1234565.0, 1234560.0), (0.0, 0.0)]
)
def test_six_digits_rounds_as_published(number, rounded):
    assert six_digits(number) == rounded
