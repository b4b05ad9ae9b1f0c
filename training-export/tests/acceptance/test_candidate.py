"""A live model is trained again from what the service itself holds, and challenged only by a better one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xgboost as xgb
import yaml

import launcher
import scorecast_export as sx
from client import Client
from conftest import serve
from scorecast_export.__main__ import main
from scorecast_export.data.files import write_records
from scorecast_export.data.synthetic import synthetic_customers
from scorecast_export.train.live import SHIPPED, Live

DEFINITIONS = """\
# How they shop.
features:
  - {name: days_since_purchase, kind: days_since_last, event: purchase}
  - {name: orders_90d, kind: count, event: purchase, per: order, window: 90d}
  - {name: spend_90d, kind: sum, field: value, event: purchase, window: 90d}
  - {name: taste, kind: affinity, half_life: 30d, vocabulary: kinds.txt}
  - {name: gap, kind: gap_mean, event: purchase, per: day, window: 90d}
"""
PARAMETERS = {"rounds": 40, "objective": "binary:logistic", "max_depth": 3, "eta": 0.1, "nthread": 1}
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
OBJECTS = "objects"


@pytest.fixture(scope="module")
def events(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("events")
    rows = [event for _, log in synthetic_customers(500, NOW) for event in log]
    at = f"{NOW - timedelta(days=20):%Y-%m-%dT%H:%M:%SZ}"
    of = {"customer_id": OBJECTS, "time": at}
    rows += [
        {"id": "o1", "type": "purchase", "value": 1, **of},
        {"id": "o2", "type": "consent", "attributes": {"profiling": False}, **of},
    ]
    write_records(rows, folder / "events.ndjson")
    return folder / "events.ndjson"


@pytest.fixture(scope="module")
def served(events, tmp_path_factory):
    """A service with a live model that is easily bettered: two stumps, said to have forty trees."""
    folder = tmp_path_factory.mktemp("candidate")
    (folder / "features.yaml").write_text(DEFINITIONS)
    (folder / "kinds.txt").write_text("grocery\nproduce\nmeat\n")
    at = sx.weekly(NOW - timedelta(days=120), NOW - timedelta(days=90))
    label = sx.lapses_within("14d", active="60d")
    frame = sx.features(events, folder / "features.yaml", at=at, label=label)
    blind = frame.X.assign(**dict.fromkeys([name for name in frame.columns if name != "gap"], 0.0))
    stumps = {"objective": "binary:logistic", "max_depth": 1, "nthread": 1}
    model = xgb.train(stumps, xgb.DMatrix(blind, frame.y), 2)
    own = {"gap": "comes every {value} {value:day|days}"}
    out = folder / "models"
    sx.export(model, frame, name="stays", out=out, parameters=PARAMETERS, reasons=own, limits=["Made up."])
    done = launcher.run("load", events, "--data", folder / "data")
    assert done.returncode == 0, done.stderr
    for client in serve(folder / "models", folder):
        yield client, folder


def train(client: Client, folder: Path, *arguments: object) -> int:
    where = ("--models", folder / "models", "--url", f"http://127.0.0.1:{client.port}")
    return main(["train", "stays", "--candidate", *map(str, (*arguments, *where))])


def versions(folder: Path) -> list[str]:
    return sorted(f.name for f in (folder / "models" / "stays").iterdir())


def test_candidate_that_is_not_better_by_the_margin_leaves_nothing(served, events, capsys):
    client, folder = served
    assert train(client, folder, "--from", "files", "--events", events, "--margin", "0.9") == 0
    line = capsys.readouterr().out.strip()
    assert line.startswith("stays: no challenger of 1: AUC 0.")
    assert line.endswith("less than the margin 0.9")
    assert versions(folder) == ["1"]
    assert "pinned" not in client.get("/v1/models/stays").json
    client.get("/v1/models/stays/challenger").problem(404)


def test_better_candidate_from_redis_becomes_the_challenger_and_the_live_one_stays(served, capsys):
    client, folder = served
    assert train(client, folder, "--from", "redis", "--data", folder / "data", "--margin", "0.01") == 0
    line = capsys.readouterr().out.strip()
    assert line.startswith("stays: 2 challenges 1: AUC 0.")
    assert "1 is pinned now" in line
    assert client.get("/v1/models/stays/challenger").json["version"] == 2
    assert client.get("/v1/models/stays").json["live"] == 1

    first, second = (
        yaml.safe_load((folder / "models" / "stays" / v / "model.yaml").read_text()) for v in ("1", "2")
    )
    assert second["training"]["parameters"] == PARAMETERS
    assert second["training"]["label"] == first["training"]["label"]
    assert second["training"]["label"]["active"] == "60d"
    assert second["features"] == first["features"]
    assert second["reasons"] == first["reasons"]
    assert second["outputs"][0]["name"] == first["outputs"][0]["name"]
    figures = second["training"]["metrics"]
    assert figures["model"]["auc"] - figures["live_version_1"]["auc"] >= 0.01
    assert figures["live_version_1"]["model_auc_above"][0] > -1
    text = (folder / "models" / "stays" / "2" / "model.yaml").read_text()
    assert "# How they shop." in text
    for file in (folder / "models" / "stays" / "2").iterdir():
        assert f'"{OBJECTS}"' not in file.read_text(errors="replace")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m["training"].pop("label"), "does not say on what label it was trained"),
        (lambda m: m["training"].pop("parameters"), "does not say on what label it was trained, or by which"),
        (lambda m: m.update(runtime="onnx"), "only an XGBoost model of one number"),
    ],
)
def test_live_version_that_cannot_be_trained_again_is_named(tmp_path, served, change, message):
    _, folder = served
    manifest = yaml.safe_load((folder / "models" / "stays" / "1" / "model.yaml").read_text())
    change(manifest)
    (tmp_path / "model.ubj").write_bytes((folder / "models" / "stays" / "1" / "model.ubj").read_bytes())
    (tmp_path / "model.yaml").write_text(yaml.safe_dump(manifest))
    with pytest.raises(sx.ExportError, match=message):
        Live.read(tmp_path)


def test_events_that_tell_nothing_are_named(served, tmp_path, capsys):
    client, folder = served
    time = f"{NOW - timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"
    write_records(
        [{"id": "1", "customer_id": "c", "type": "purchase", "value": 1, "time": time}],
        tmp_path / "few.ndjson",
    )
    assert train(client, folder, "--from", "files", "--events", tmp_path / "few.ndjson") == 1
    assert "no label is known of any row" in capsys.readouterr().err


def test_service_that_is_not_there_is_named(tmp_path, capsys):
    options = ["--from", "files", "--events", str(tmp_path / "e.ndjson"), "--url", "http://127.0.0.1:1"]
    assert main(["train", "stays", "--candidate", *options]) == 1
    assert "no service answers at http://127.0.0.1:1" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--candidate", "--from", "redis"],
        ["churn", "--candidate"],
        ["churn", "--from", "redis"],
        ["churn", "--candidate", "--from", "files"],
        ["churn", "--candidate", "--from", "redis", "--events", "x.ndjson"],
        ["churn", "--candidate", "--from", "redis", "--margin", "-1"],
        ["churn", "--candidate", "--from", "redis", "--margin", "nan"],
        ["churn", "--candidate", "--from", "redis", "--set", "eta=0.1"],
    ],
)
def test_wrong_use_of_a_candidate_exits_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["train", *arguments])
    assert stopped.value.code == 2
    assert capsys.readouterr().err


def test_shipped_labels_are_those_of_the_trainers():
    for name, label in SHIPPED.items():
        folder = max((launcher.ROOT / "models" / name).iterdir(), key=lambda version: int(version.name))
        output = yaml.safe_load((folder / "model.yaml").read_text(encoding="utf-8"))["outputs"][0]
        assert (label.output, label.horizon, label.kind) == (
            output["name"],
            output["horizon"],
            output["kind"],
        )
