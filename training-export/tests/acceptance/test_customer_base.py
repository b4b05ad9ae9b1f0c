"""The recipe `customer_base`, from events to the running service's answer, which lifetimes computes again."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import yaml
from lifetimes import BetaGeoFitter, GammaGammaFitter

import launcher
from conftest import serve
from reference.events import DAY_MS, Event, rfc3339
from scorecast_export.data.files import write_records
from shoppers import at, load, now

CUSTOMERS = 300
RECIPE = launcher.ROOT / "training-export" / "recipes" / "customer_base.py"


def simulated(end: int) -> dict[str, list[Event]]:
    """Customers who buy as BG/NBD supposes, over the 250 days before an instant, and one who only looks."""
    rng = np.random.default_rng(9)
    logs: dict[str, list[Event]] = {}
    for i in range(CUSTOMERS):
        name, rate, worth = f"c-{i}", rng.gamma(1.2, 1 / 18), rng.gamma(6, 5)
        stops = rng.beta(0.6, 3)
        moment, log = rng.uniform(10, 250), []
        while moment > 0:
            value = round(float(worth * rng.gamma(4, 0.25)), 2)
            log.append(Event(f"{name}#{len(log)}", name, "purchase", end - int(moment * DAY_MS), value=value))
            moment -= rng.exponential(1 / rate)
            if len(log) > 1 and rng.random() < stops:
                break
        logs[name] = log
    logs["looker"] = [Event("looker#0", "looker", "view", end - DAY_MS)]
    return logs


def by_hand(log: list[Event], instant: int) -> tuple[int, int, int, float]:
    """Frequency, recency, T in days and the mean value of the repeat days."""
    spent: dict[int, float] = {}
    for event in log:
        if event.time <= instant:
            spent[event.time // DAY_MS] = spent.get(event.time // DAY_MS, 0.0) + event.value
    days = sorted(spent)
    repeat = [spent[day] for day in days[1:]]
    return len(repeat), days[-1] - days[0], instant // DAY_MS - days[0], sum(repeat) / max(1, len(repeat))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder, end = tmp_path_factory.mktemp("customer-base"), now() - DAY_MS
    logs = simulated(end)
    lines = (event.to_json() for log in logs.values() for event in log)
    write_records(lines, folder / "events.ndjson")
    arguments = [folder / "events.ndjson", folder / "models", rfc3339(end)]
    done = subprocess.run(
        [sys.executable, "-W", "error", RECIPE, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder, logs, end


def test_answers_are_what_lifetimes_says(trained):
    folder, logs, end = trained
    version = folder / "models" / "customer-value" / "2"
    file = json.loads((version / "model.json").read_text())
    purchases, values = BetaGeoFitter(), GammaGammaFitter()
    purchases.params_, values.params_ = pd.Series(file["parameters"]), pd.Series(file["gamma_gamma"])
    for client in serve(folder / "models", folder):
        for name in [*list(logs)[:40], "looker"]:
            load(client, logs[name])
        for name in list(logs)[:40]:
            got = client.score(name, **at(end))
            x, t_x, T, m = by_hand(logs[name], end)
            wanted = purchases.conditional_expected_number_of_purchases_up_to_time(90, x, t_x, T)
            worth = values.conditional_expected_average_profit(pd.Series([x]), pd.Series([m])).iloc[0]
            alive = float(np.ravel(purchases.conditional_probability_alive(x, t_x, T))[0])
            assert got["p_alive"] == pytest.approx(alive, rel=6e-6)
            assert got["expected_purchases_90d"] == pytest.approx(float(wanted), rel=6e-6)
            assert got["clv_90d"] == pytest.approx(float(wanted) * worth, rel=6e-6)
        looker = client.score("looker", **at(end))
        assert (looker["p_alive"], looker["expected_purchases_90d"], looker["clv_90d"]) == (0, 0, 0)
        assert looker["p_alive_band"] == "low" and not looker.get("degraded")


def test_first_version_says_how_well_it_told_the_last_90_days(trained):
    folder, _, _ = trained
    first = folder / "models" / "customer-value" / "1"
    figures = yaml.safe_load((first / "model.yaml").read_text())["training"]["metrics"]
    assert figures["model"]["spearman"] > 0.3
    assert figures["model"]["mae"] < figures["personal_rate"]["mae"]
