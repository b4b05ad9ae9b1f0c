"""`uplift` on the real data: whether a household orders more often for being mailed a large campaign.

Learned from the large campaigns whose 30 days were over when campaign 18 was sent, tested on campaign 18. The
grocer did not draw by lot whom it mailed, so the households are weighted by how likely their mailing was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scorecast_export.data.download import NOTICE
from scorecast_export.frame import TrainingFrame
from scorecast_export.labels import Label
from scorecast_export.train.journey import DEFINITIONS, held_out
from scorecast_export.treatment import treated, uplift_version

if TYPE_CHECKING:
    from scorecast_export.train.journey import Journey
    from scorecast_export.versions.version import Version

OUTPUT = "uplift_more_orders_30d"

_TEST_CAMPAIGN = "18"
_LARGE = 'attributes.campaign_type == "type-a"'
_FEWEST_MAILED = 500
_HORIZON = pd.Timedelta(days=30)
_ACTIVE = "orders_90d"
_QUESTION = "Will the customer order more often in the next 30 days than in the last?"


def instants(mailings: pd.DataFrame) -> list[pd.Timestamp]:
    """The midnights before the large campaigns up to campaign 18, the last one its own.

    Parameters
    ----------
    mailings : DataFrame
        `customer_id`, `campaign` and `time`.
    """
    sent = mailings.groupby("campaign")["time"].agg(["min", "size"])
    last = sent.loc[_TEST_CAMPAIGN, "min"].floor("D")
    large = sent[(sent["size"] >= _FEWEST_MAILED)]["min"].dt.floor("D")
    return [*sorted(at for at in large.unique() if at + _HORIZON <= last), last]


def frames(journey: Journey) -> tuple[TrainingFrame, TrainingFrame]:
    """Active households at each large campaign, and whether they ordered more often after it; the test."""
    at = instants(journey.mailings())
    definitions = DEFINITIONS / "propensity.yaml"
    table = journey.features(definitions, [*at, *(each + _HORIZON for each in at)])
    orders = table.set_index(["customer_id", "at"])["orders_30d"]
    rows = table[table["at"].isin(at) & (table[_ACTIVE] > 0)].copy()
    rows["until"] = rows["at"] + _HORIZON
    after = orders.reindex(pd.MultiIndex.from_frame(rows[["customer_id", "until"]])).to_numpy()
    rows["label"] = (after > rows["orders_30d"].to_numpy()).astype(np.float64)
    label = Label("30d", "probability", OUTPUT, _QUESTION)
    text = definitions.read_text(encoding="utf-8")
    whole = TrainingFrame(rows.reset_index(drop=True), text, {}, label)
    known = whole.where(whole.table["at"] < at[-1])
    return known, whole.where(whole.table["at"] == at[-1])


def train(journey: Journey) -> Version:
    """Train, test on campaign 18, and describe the version."""
    known, test = frames(journey)
    learned = known.where(~held_out(known.table["customer_id"]).to_numpy())
    files = [journey.file]
    return uplift_version(
        learned,
        treated(learned, files, where=_LARGE, engine=journey.engine),
        test=test,
        test_was=treated(test, files, where=_LARGE, engine=journey.engine),
        output=OUTPUT,
        limits=["One grocer, one year, three large campaigns on paper; other mailings went on beside them."],
        data=NOTICE,
    )
