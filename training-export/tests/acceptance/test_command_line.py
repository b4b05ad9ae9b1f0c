"""The commands that work on files: exits, one line of error, good rows kept beside bad ones."""

from __future__ import annotations

import json

import pytest

import launcher
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
