"""The version folders in `models/`: what they claim, held against the reference and the libraries."""

from __future__ import annotations

import functools
import hashlib
import json
import math
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import xgboost as xgb
import yaml

import launcher
from reference.compare import same
from reference.events import Event, millis
from reference.features import Feature, View, feature
from reference.kinds import evaluate
from reference.where import Where, compare, under
from scorecast_export.engine import FeatureEngine

MODELS = launcher.ROOT / "models"
FOLDERS = sorted(sums.parent for sums in MODELS.glob("*/*/SHA256SUMS"))
TRAINED = [folder for folder in FOLDERS if (folder / "model.yaml").exists()]
LARGEST_BYTES = 2_000_000

CONDITIONS: dict[str, Where] = {
    'category.under("fuel")': under("category", "fuel"),
    "attributes.coupon_discount > 0": compare("attributes.coupon_discount", ">", 0),
    'attributes.campaign_type == "type-a"': compare("attributes.campaign_type", "==", "type-a"),
}
EXPRESSIONS: dict[str, Any] = {
    "(orders_28d - orders_28d_before) / (orders_28d_before + 1.0)": lambda v: (
        (v["orders_28d"] - v["orders_28d_before"]) / (v["orders_28d_before"] + 1)
    ),
    "(spend_30d - spend_30d_before) / (spend_30d_before + 10.0)": lambda v: (
        (v["spend_30d"] - v["spend_30d_before"]) / (v["spend_30d_before"] + 10)
    ),
}

pytestmark = pytest.mark.skipif(
    not TRAINED, reason=f"no model version in {MODELS}: ./scorecast train writes them"
)


RANKERS = [folder for folder in TRAINED if "\ncandidates:\n" in (folder / "model.yaml").read_text()]


def each(folders: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "folder", folders, ids=lambda folder: f"{folder.parent.name}-{folder.name}"
    )


@functools.cache
def manifest(folder: Path) -> dict[str, Any]:
    return yaml.safe_load((folder / "model.yaml").read_text(encoding="utf-8"))


@functools.cache
def golden(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "golden.ndjson").read_text(encoding="utf-8").splitlines()]


def definitions(folder: Path) -> list[Feature]:
    """The manifest's features as the reference takes them."""
    found = []
    for options in manifest(folder)["features"]:
        chosen = dict(options)
        name, kind = chosen.pop("name"), chosen.pop("kind")
        where = CONDITIONS[chosen.pop("where")] if "where" in chosen else None
        compute = EXPRESSIONS[chosen["expression"]] if kind == "expression" else None
        if isinstance(chosen.get("vocabulary"), str):
            lines = (folder / chosen["vocabulary"]).read_text(encoding="utf-8").splitlines()
            chosen["vocabulary"] = [line.partition("\t")[0] for line in lines]
        found.append(feature(name, kind, where, compute, **chosen))
    return found


def log_of(example: dict[str, Any]) -> list[Event]:
    events = ({"customer_id": example["customer_id"], **event} for event in example["events"])
    return [Event(**{**event, "time": millis(event["time"])}) for event in events]


@each(FOLDERS)
def test_folder_is_whole_and_small(folder):
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert set(listed) == {file.name for file in folder.iterdir()} - {"SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    assert sum(file.stat().st_size for file in folder.iterdir()) < LARGEST_BYTES


@each(TRAINED)
def test_golden_features_equal_the_reference(folder):
    kinds = definitions(folder)
    for example in golden(folder):
        wanted = evaluate(kinds, View.of(log_of(example), millis(example["at"])))
        for kind in kinds:
            got = example["features"][kind.name]
            pairs = zip(np.atleast_1d(wanted[kind.name]), np.atleast_1d(np.array(got, float)), strict=True)
            for a, b in pairs:
                assert same(kind.kind, a, b), (example["customer_id"], kind.name, a, b)


@each([folder for folder in TRAINED if (folder / "model.ubj").exists() and folder not in RANKERS])
def test_golden_answers_are_xgboosts(folder):
    described = manifest(folder)
    booster = xgb.Booster(model_file=folder / "model.ubj")
    names = described["inputs"][0]["features"]
    rows = []
    for example in golden(folder):
        flat = [np.atleast_1d(np.array(example["features"][name], float)) for name in names]
        rows.append(np.concatenate(flat))
    data = xgb.DMatrix(np.array(rows, np.float32), feature_names=booster.feature_names)
    raw, margin = booster.predict(data), booster.predict(data, output_margin=True).astype(float)
    raw, margin = raw.reshape(len(rows), -1), margin.reshape(len(rows), -1)
    assert raw.shape[1] == len(described["outputs"])
    for output in described["outputs"]:
        column = output["column"]
        if "calibration" in output:
            line = output["calibration"]
            scores = 1 / (1 + np.exp(line["a"] * margin[:, column] + line["b"]))
        else:
            scores = np.maximum(raw[:, column].astype(float), 0)
        for i, example in enumerate(golden(folder)):
            assert example["raw"][output["name"]] == raw[i, column]
            assert example["scores"][output["name"]] == pytest.approx(scores[i], rel=6e-6)
        assert len({example["scores"][output["name"]] for example in golden(folder)}) > 10


@pytest.mark.skipif(bool(launcher.absent()), reason=str(launcher.absent()))
@each(RANKERS)
def test_golden_lists_are_xgboosts_over_the_engines_pairs(folder, tmp_path):
    described = manifest(folder)
    sections = {key: described[key] for key in ("features", "candidates", "pairs")}
    for file in folder.iterdir():
        if file.suffix in (".txt", ".tsv"):
            shutil.copy(file, tmp_path)
    (tmp_path / "features.yaml").write_text(yaml.safe_dump(sections))
    events = [
        {**event, "customer_id": example["customer_id"], "id": f"{example['customer_id']}-{event['id']}"}
        for example in golden(folder)
        for event in example["events"]
    ]
    (tmp_path / "events.ndjson").write_text("".join(json.dumps(event) + "\n" for event in events))
    (at,) = {example["at"] for example in golden(folder)}
    pairs = FeatureEngine(launcher.LAUNCHER).table(
        [tmp_path / "events.ndjson"], tmp_path / "features.yaml", [datetime.fromisoformat(at)]
    )
    booster = xgb.Booster(model_file=folder / "model.ubj")
    assert booster.feature_names == described["inputs"][0]["features"]
    score = booster.predict(
        xgb.DMatrix(pairs[booster.feature_names].to_numpy(np.float32), feature_names=booster.feature_names)
    )
    pairs["score"] = score
    for example in golden(folder):
        mine = pairs[pairs["customer_id"] == example["customer_id"]]
        for name, listed in example["raw"].items():
            best = mine[mine["list"] == name].sort_values("score", ascending=False, kind="stable")
            assert (
                listed
                == [[item, x] for item, x in zip(best["item"], map(float, best["score"]), strict=True)][:30]
            )
            shown = [[item, float(f"{x:.6g}")] for item, x in listed[:10]]
            assert example["scores"][name] == shown


@each([folder for folder in TRAINED if (folder / "model.onnx").exists()])
def test_golden_lists_are_the_runtimes(folder):
    described = manifest(folder)
    items = [line.partition("\t")[0] for line in (folder / "items.txt").read_text().splitlines()]
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    kinds = {tensor.name: np.int64 if "int" in tensor.type else np.float32 for tensor in session.get_inputs()}
    for example in golden(folder):
        feed = {
            tensor["name"]: np.array([example["features"][tensor["features"][0]]], kinds[tensor["name"]])
            for tensor in described["inputs"]
        }
        places, scores = (tensor[0] for tensor in session.run(["top_items", "top_scores"], feed))
        listed = example["raw"]["items"]
        assert [item for item, _ in listed] == [items[place - 1] for place in places]
        assert [score for _, score in listed] == pytest.approx(scores.tolist(), abs=1e-6)
        assert list(scores) == sorted(scores, reverse=True)


@each(TRAINED)
def test_figures_are_those_that_were_asked_for(folder):
    figures = manifest(folder)["training"]["metrics"]
    model = figures["model"]
    match folder.parent.name:
        case "propensity":
            assert model["auc"] >= 0.82 and model["auc"] > figures["rfm_logistic"]["auc"]
            assert model["auc_95"][0] < model["auc"] < model["auc_95"][1]
            assert figures["model_households_held_out"]["auc"] > 0.75
        case "churn":
            assert model["auc"] >= 0.84 and model["auc"] > figures["rfm_logistic"]["auc"]
        case "clv":
            assert model["spearman"] >= 0.825 and model["gini"] >= 0.86
            assert model["mae"] < figures["spend_of_the_last_90_days"]["mae"]
        case "category":
            names = [output["name"][2:-4] for output in manifest(folder)["outputs"]]
            assert len(names) == 20
            assert model["auc"] >= 0.83 and figures["category_rfm_logistic"]["model_auc_above"][0] > 0
            for name in names:
                assert figures[name]["auc"] > figures[f"{name}_rfm_logistic"]["auc"], name
        case "next-product":
            assert model["recall_10"] >= figures["personal_frequency"]["recall_10"]


@each(TRAINED)
def test_nothing_of_the_real_data_is_in_it(folder):
    for name in ("golden.ndjson", "sample.ndjson"):
        for line in (folder / name).read_text().splitlines():
            assert json.loads(line)["customer_id"].startswith("made-up-")


@each(TRAINED)
def test_reference_has_each_number_that_the_model_reads_or_publishes(folder):
    reference = json.loads((folder / "reference.json").read_text())
    for output in manifest(folder)["outputs"]:
        if output["kind"] != "items":
            assert math.isfinite(reference["scores"][output["name"]]["mean"])
    assert all(column["count"] > 0 for column in reference["features"].values())
