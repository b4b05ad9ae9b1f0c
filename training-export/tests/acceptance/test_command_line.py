"""The commands that work on files: exits, one line of error, good rows kept beside bad ones."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

import launcher
from client import Client
from conftest import serve
from reference.compare import read_table
from reference.events import millis

FEATURES = "features:\n  - {name: n, kind: count, event: view}\n"
AT = "2026-06-01T00:00:00Z"
GOOD = [{"id": f"e{i}", "customer_id": "c", "type": "view", "time": "2026-05-01T00:00:00Z"} for i in range(3)]


@pytest.fixture
def files(tmp_path):
    """Write a feature file, and an event file whose second and fourth lines are wrong."""
    (tmp_path / "features.yaml").write_text(FEATURES)
    lines = [json.dumps(GOOD[0]), '{"broken', json.dumps(GOOD[1]), json.dumps({**GOOD[2], "time": "no"})]
    (tmp_path / "events.ndjson").write_text("\n".join([*lines, json.dumps(GOOD[2])]) + "\n")
    return tmp_path


def features(folder, *arguments, yaml="features.yaml", events="events.ndjson", at=AT):
    return launcher.run(
        "features", "--events", folder / events, "--features", folder / yaml, "--at", at, *arguments
    )


def test_good_rows_are_used_and_bad_ones_listed_with_their_lines(files):
    done = features(files, "--out", files / "out.csv")
    header, table = read_table(files / "out.csv")
    assert header == ["customer_id", "at", "n"]
    assert table == {("c", millis(AT)): {"n": 3.0}}
    assert "2" in done.stderr
    assert "4" in done.stderr
    assert "time" in done.stderr


def test_wrong_definitions_are_all_named_with_line_and_column(files):
    (files / "bad.yaml").write_text(
        "features:\n"
        "  - {name: a, kind: cuont}\n"
        "  - {name: b, kind: sum}\n"
        "  - {name: c, kind: count, window: 3x}\n"
    )
    done = features(files, "--out", files / "out.csv", yaml="bad.yaml")
    assert done.returncode == 1
    assert not (files / "out.csv").exists()
    for line, culprit in ((2, "cuont"), (3, "field"), (4, "3x")):
        assert f"bad.yaml:{line}" in done.stderr
        assert culprit in done.stderr
    assert "count" in done.stderr  # what was meant


@pytest.mark.parametrize(
    "arguments", [[], ["--at", "2026"], ["--nonsense"]], ids=["nothing", "half", "unknown option"]
)
def test_wrong_use_exits_2(arguments):
    done = launcher.run("features", *arguments)
    assert done.returncode == 2
    assert done.stderr


def test_missing_file_exits_1_with_its_name(files):
    done = features(files, "--out", files / "out.csv", events="nowhere.ndjson")
    assert done.returncode == 1
    assert "nowhere.ndjson" in done.stderr
    assert "Exception" not in done.stderr


def test_help_of_a_command_exits_0():
    done = launcher.run("features", "--help")
    assert done.returncode == 0
    assert "--as-known" in done.stdout


def events(customer, count):
    return [
        {
            "id": f"{customer}-{i}",
            "customer_id": customer,
            "type": "view",
            "time": f"2026-05-{i + 1:02}T00:00:00Z",
        }
        for i in range(count)
    ]


def ndjson(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_load_takes_the_good_rows_lists_the_bad_ones_and_writes_all_of_them_down(files):
    csv = "id,customer_id,type,time\n1,c,view,2026-05-01T00:00:00Z\n2,c,view,never\n"
    (files / "events.csv").write_text(csv)
    (files / "more.ndjson.gz").write_bytes(gzip.compress(ndjson(events("c", 4)).encode()))
    done = launcher.run(
        "load",
        *(files / name for name in ("events.ndjson", "events.csv", "more.ndjson.gz")),
        *("--data", files / "data", "--rejects", files / "rejects.ndjson"),
    )
    assert done.returncode == 1
    assert "8 events loaded" in done.stdout
    assert "events.ndjson: line 2" in done.stderr
    assert "events.ndjson: line 4: time" in done.stderr
    assert "events.csv: line 3: time" in done.stderr
    assert done.stderr.splitlines()[-1].endswith("3 rows were not taken")
    rejects = [json.loads(line) for line in (files / "rejects.ndjson").read_text().splitlines()]
    assert [(Path(r["file"]).name, r["line"]) for r in rejects] == [
        ("events.ndjson", 2),
        ("events.ndjson", 4),
        ("events.csv", 3),
    ]


def test_load_joins_the_redis_of_a_running_service_and_is_scored_at_once(oracle, tmp_path):
    (tmp_path / "first.ndjson").write_text(ndjson(events("before", 3)))
    (tmp_path / "second.ndjson").write_text(ndjson(events("while", 5)))
    first = launcher.run("load", tmp_path / "first.ndjson", "--data", tmp_path / "data")
    assert (first.returncode, first.stderr) == (0, "")
    for service in serve(oracle.folder, tmp_path):
        assert service.score("before")["profile_events"] == 3
        assert service.score("while")["personalized"] is False
        second = launcher.run("load", tmp_path / "second.ndjson", "--data", tmp_path / "data")
        assert (second.returncode, second.stderr) == (0, "")
        again = launcher.run("load", tmp_path / "second.ndjson", "--data", tmp_path / "data")
        assert again.returncode == 0
        assert service.score("new-question")["personalized"] is False  # it is alive
        assert read_profile(service, "while") == 5


def read_profile(service: Client, customer: str) -> int:
    """Count a customer's events as the profile tells them, past every cache."""
    return len(service.get(f"/v1/customers/{customer}").json["events"])


def test_a_second_service_on_the_same_data_is_refused_and_the_first_goes_on(oracle, tmp_path):
    for service in serve(oracle.folder, tmp_path):
        service.send(service.event("c", "view", "2026-05-01T00:00:00Z"))
        second = launcher.run(
            "serve", "--port", 0, "--models", oracle.folder, "--data", tmp_path / "data", timeout=60
        )
        assert second.returncode == 1
        assert second.stderr.splitlines()[-1].startswith(
            "scorecast serve: another Scorecast runs on the data folder"
        )
        assert read_profile(service, "c") == 1


def test_model_check_shows_every_check_and_every_reason(tmp_path):
    shipped = sorted((launcher.ROOT / "models").glob("churn/*"))[-1]
    good = launcher.run("model", "check", shipped)
    assert (good.returncode, good.stderr) == (0, "")
    assert "golden examples" in good.stdout
    broken = tmp_path / "churn" / "9"
    shutil.copytree(shipped, broken)
    (broken / "golden.ndjson").write_text("{}\n")
    bad = launcher.run("model", "check", broken)
    assert bad.returncode == 1
    assert len(bad.stderr.splitlines()) == 1
    assert "golden.ndjson" in bad.stderr
    report = launcher.run("model", "check", broken, "--json")
    assert report.returncode == 1
    found = json.loads(report.stdout)
    assert found["passed"] is False
    assert any("SHA-256" in problem["message"] for problem in found["problems"])
    assert {"hashes", "golden examples"} <= {check["name"] for check in found["checks"]}


def test_model_import_makes_versions_that_list_and_serve_take(tmp_path):
    import numpy as np
    import xgboost as xgb

    random = np.random.default_rng(1)
    rows = random.integers(0, 20, (400, 2)).astype("float32")
    matrix = xgb.DMatrix(rows, label=rows[:, 0] > rows[:, 1], feature_names=["views", "carts"])
    booster = xgb.train({"objective": "binary:logistic", "max_depth": 2, "nthread": 1}, matrix, 10)
    booster.save_model(tmp_path / "looks.ubj")
    # In another order than in training, and with one that the model does not read.
    (tmp_path / "features.yaml").write_text(
        "features:\n"
        "  - {name: carts, kind: count, event: add_to_cart}\n"
        "  - {name: views, kind: count, event: view}\n"
        "  - {name: unused, kind: count}\n"
    )
    models = tmp_path / "models"
    for version in (1, 2):
        done = launcher.run(
            *("model", "import", tmp_path / "looks.ubj", "--features", tmp_path / "features.yaml"),
            *("--name", "looks", "--models", models, "--output", "p_buy"),
        )
        assert done.returncode == 0, done.stderr
        assert "no golden examples" in done.stdout
        assert (models / "looks" / str(version) / "SHA256SUMS").is_file()
    listed = json.loads(launcher.run("model", "list", "--models", models, "--json").stdout)
    assert [(v["version"], v["state"]) for v in listed["versions"]] == [(2, "live"), (1, "standby")]
    for service in serve(models, tmp_path):
        service.send(*(service.event("c", "view", f"2026-05-0{i + 1}T00:00:00Z") for i in range(7)))
        expected = booster.predict(
            xgb.DMatrix(np.array([[7, 0]], dtype="float32"), feature_names=["views", "carts"])
        )
        assert service.score("c")["p_buy"] == pytest.approx(float(expected[0]), rel=1e-5)


@pytest.mark.parametrize("command", ["demo", "serve", "load", "unload", "features", "model", "train", "test"])
def test_every_command_has_help(command):
    done = launcher.run(command, "--help")
    assert done.returncode == 0
    assert "usage" in done.stdout.lower()


def test_usage_names_the_commands_there_are():
    done = launcher.run("help")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()[2:]] == [
        *("demo", "serve", "load", "unload", "audience", "erase", "features", "simulate"),
        *("model", "key", "sign", "audit", "loadtest", "train", "test"),
    ]
    nothing = launcher.run()
    assert nothing.returncode == 2
    unknown = launcher.run("srve")
    assert (unknown.returncode, len(unknown.stderr.splitlines())) == (2, 1)
