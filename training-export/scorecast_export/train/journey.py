"""The real customers as training needs them: a file of events for the feature engine, and what came after.

Labels are read from the events directly: they are what is to be predicted, and no feature.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from scorecast_export.data.download import read_tables
from scorecast_export.data.files import write_frame
from scorecast_export.data.journey import is_held_out, to_events

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scorecast_export.engine import FeatureEngine

DEFINITIONS = Path(__file__).parents[1] / "definitions"


@dataclass(frozen=True)
class Journey:
    """All customers' events.

    Attributes
    ----------
    file
        The events as the feature engine reads them.
    events
        The same as a frame.
    engine
        Computes features.
    """

    file: Path
    events: pd.DataFrame
    engine: FeatureEngine

    @classmethod
    def fetched(cls, folder: Path, engine: FeatureEngine) -> Journey:
        """Fetch the data package (once) and write its events into a folder."""
        events = to_events(read_tables())
        file = folder / "events.parquet"
        write_frame(events, file)
        return cls(file, events, engine)

    def features(self, definitions: Path, instants: Sequence[pd.Timestamp]) -> pd.DataFrame:
        """Features as of instants: `customer_id`, `at`, then a column each."""
        return self.engine.table([self.file], definitions, sorted(set(instants)))

    def of_type(self, kind: str) -> pd.DataFrame:
        """The events of a type."""
        return self.events[self.events["type"] == kind]

    def bought_between(self, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """Purchases after `start` and up to `end`."""
        bought = self.of_type("purchase")
        return bought[(bought["time"] > start) & (bought["time"] <= end)]

    def mailings(self) -> pd.DataFrame:
        """`customer_id`, `campaign`, `time` of each campaign sent."""
        return self._with_campaign("campaign_send")

    def redemptions(self) -> pd.DataFrame:
        """`customer_id`, `campaign`, `time` of each coupon redeemed."""
        return self._with_campaign("coupon_redemption")

    def _with_campaign(self, kind: str) -> pd.DataFrame:
        found = self.of_type(kind)[["customer_id", "time", "attributes"]]
        campaign = [json.loads(text)["campaign"] for text in found["attributes"]]
        return found.drop(columns="attributes").assign(campaign=campaign).reset_index(drop=True)


def weekly(last: pd.Timestamp, weeks: int) -> list[pd.Timestamp]:
    """An instant and those a week, two weeks… before it, `weeks` of them, ascending."""
    return [last - pd.Timedelta(weeks=back) for back in reversed(range(weeks))]


def held_out(customers: Iterable[str]) -> pd.Series:
    """Whether each customer belongs to the fifth that training never sees."""
    return pd.Series(customers).map(is_held_out)


def day(text: str) -> pd.Timestamp:
    """Midnight UTC of a date."""
    return pd.Timestamp(text, tz="UTC")
