"""The recipes for look-alikes, uplift and tuned settings: from events to the running service's answers."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import xgboost as xgb
import yaml

import launcher
import scorecast_export as sx
from conftest import serve
from scorecast_export.data.files import write_records
from scorecast_export.data.synthetic import synthetic_customers

RECIPES = launcher.ROOT / "training-export" / "recipes"
FEATURES = """\
features:
  - {name: days_since_purchase, kind: days_since_last, event: purchase}
  - {name: orders_90d, kind: count, event: purchase, per: order, window: 90d}
  - {name: spend_90d, kind: sum, field: value, event: purchase, window: 90d}
  - {name: gap_mean, kind: gap_mean, event: purchase, per: day}
  - {name: taste, kind: affinity, vocabulary: [grocery, produce, drug-gm, meat]}
"""
CUSTOMERS, ASKED = 400, 30
END = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
CAMPAIGNS = [END - timedelta(days=days) for days in (80, 60, 40, 20)]


def day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Path:
    """Customers' events, of whom a coin decided who was mailed each campaign; features; a seed audience."""
    folder = tmp_path_factory.mktemp("recipes")
    rng = np.random.default_rng(1)
    events, seed = [], []
    for customer, log in synthetic_customers(CUSTOMERS, END):
        events += [event for event in log if event["type"] != "campaign_send"]
        for number, at in enumerate(CAMPAIGNS):
            if rng.random() < 0.5:
                sent = at + timedelta(hours=6)
                events.append(
                    {
                        "id": f"{customer}-mail-{number}",
                        "customer_id": customer,
                        "type": "campaign_send",
                        "time": f"{sent:%Y-%m-%dT%H:%M:%SZ}",
                    }
                )
        spent = sum(event.get("value", 0) for event in log if event["type"] == "purchase")
        if spent > 1500 and rng.random() < 0.5:
            seed.append(customer)
    assert {event["customer_id"] for event in events} >= {"s-1", f"s-{ASKED}"}
    write_records(events, folder / "events.ndjson")
    (folder / "features.yaml").write_text(FEATURES)
    (folder / "seed.txt").write_text("\n".join(seed) + "\n")
    return folder


def run(recipe: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", RECIPES / recipe, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def models(shop) -> Path:
    """A repository that the three recipes filled."""
    folder, events, features = shop / "models", shop / "events.ndjson", shop / "features.yaml"
    run("look_alike.py", events, features, shop / "seed.txt", folder, day(END))
    run("uplift.py", events, features, folder, day(CAMPAIGNS[-1]))
    quick = (RECIPES / "tuned.py").read_text().replace("TRIALS = 30", "TRIALS = 2")
    (shop / "tuned.py").write_text(quick)
    said = run(str(shop / "tuned.py"), events, features, folder, day(END - timedelta(days=30)))
    assert said.startswith("log_loss 0.")
    return folder


def test_running_service_answers_what_the_boosters_say(shop, models):
    names = {"look-alike": "p_look_alike", "uplift": "uplift_14d", "lapse": "p_lapse_28d"}
    frame = sx.features(shop / "events.ndjson", FEATURES, at=END)
    for client in serve(models, shop):
        asked = {f"s-{number}" for number in range(1, ASKED + 1)}
        lines = map(json.loads, (shop / "events.ndjson").read_text().splitlines())
        for customer, events in itertools.groupby(lines, lambda event: event["customer_id"]):
            if customer in asked:
                client.send(*events)
        for model, output in names.items():
            version = models / model / "1"
            described = yaml.safe_load((version / "model.yaml").read_text())["outputs"][0]
            booster = xgb.Booster(model_file=version / "model.ubj")
            data = xgb.DMatrix(frame.X.to_numpy(np.float32), feature_names=booster.feature_names)
            raw = booster.predict(data).astype(np.float64)
            match described.get("calibration"):
                case {"method": "platt", "a": a, "b": b}:
                    margin = booster.predict(data, output_margin=True).astype(np.float64)
                    wanted = 1 / (1 + np.exp(a * margin + b))
                case {"method": "isotonic"}:
                    wanted = 2 * raw - 1
                case _:
                    wanted = raw
            scores = dict(zip(frame.table["customer_id"], wanted, strict=True))
            for customer in asked & scores.keys():
                score = scores[customer]
                got = client.score(customer, at=f"{END:%Y-%m-%dT%H:%M:%SZ}")
                assert got[output] == pytest.approx(score, rel=6e-6, abs=1e-6), (model, customer)
                assert f"{output}_band" in got


def test_reports_say_whether_they_are_worth_anything(models):
    alike = (models / "look-alike" / "1" / "report.html").read_text()
    assert "tell the seed from the rest" in alike or "tells the seed from the rest" in alike
    uplift = (models / "uplift" / "1" / "report.html").read_text()
    assert "treating at random" in uplift and "Qini" in uplift
