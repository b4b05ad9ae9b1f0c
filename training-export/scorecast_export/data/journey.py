"""Turns the tables of Complete Journey into events of the service's API.

One `purchase` a basket line, one `campaign_send` a mailing, one `coupon_redemption` a redemption, and one
`attributes` event for each household whose demographics are known. The data's traps:

- 4,836 lines have a product that the product table does not know, more have no category: the path is as
  long as what is known, and left out when nothing is;
- fuel is measured in thousandths of a gallon (quantities up to 89,638): gallons here;
- 8,869 lines have quantity 0: the quantity is left out, the line stays, for it may have a value;
- times are local and naive: taken as UTC;
- mailings and redemptions have a day only: mailings happen at 06:00, redemptions at noon, so that an
  instant at midnight sees neither.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

COLUMNS = [
    "id",
    "customer_id",
    "type",
    "time",
    "product_id",
    "category",
    "value",
    "quantity",
    "order_id",
    "attributes",
    "source",
]
SOURCE = "complete-journey"
HELD_OUT_SHARE = 5

_FUEL_UNITS_PER_GALLON = 1000.0
_MAILING_TIME = "6h"
_REDEMPTION_TIME = "12h"


def customer_id(household: int) -> str:
    """Customer id of a household."""
    return f"h-{household}"


def is_held_out(customer: str) -> bool:
    """Whether a customer belongs to the stable fifth that training never sees: the demo's customers."""
    digest = hashlib.sha256(customer.encode()).digest()
    return int.from_bytes(digest[:8], "big") % HELD_OUT_SHARE == 0


def slug(name: str) -> str:
    """Lower-case name for a level of a category path: letters, digits and single hyphens.

    >>> slug("PNT BTR/JELLY/JAMS")
    'pnt-btr-jelly-jams'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def category_paths(products: pd.DataFrame) -> pd.Series:
    """Category path of each product, department over category to product type, by product id.

    A level that is missing ends the path; a product without a department has no entry.
    """
    import pandas as pd

    levels = products[["department", "product_category", "product_type"]]
    slugs = levels.apply(lambda column: column.map(slug, na_action="ignore").replace("", pd.NA))
    path = slugs["department"].astype(object)
    known = path.notna()
    for name in ("product_category", "product_type"):
        known &= slugs[name].notna()
        path = path.where(~known, path + "/" + slugs[name])
    path.index = products["product_id"]
    return path[path.notna()]


def to_events(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """All events of all households, sorted by customer, time and id.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As `download.read_tables` returns them.

    Returns
    -------
    DataFrame
        The columns of `COLUMNS`; `time` is UTC, `attributes` JSON text, a missing value NaN or None.
    """
    import pandas as pd

    events = pd.concat(
        [
            _attributes(tables["demographics"], tables["transactions"]),
            _purchases(tables["transactions"], tables["products"]),
            _mailings(tables["campaigns"], tables["campaign_descriptions"]),
            _redemptions(tables["coupon_redemptions"]),
        ],
        ignore_index=True,
    )
    events["source"] = SOURCE
    events["time"] = events["time"].dt.tz_localize("UTC")
    events = events.reindex(columns=COLUMNS)
    return events.sort_values(["customer_id", "time", "id"], kind="stable", ignore_index=True)


def _purchases(transactions: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    types = products.set_index("product_id")["product_type"]
    is_fuel = transactions["product_id"].map(types).fillna("").str.startswith("GASOLINE")
    quantity = transactions["quantity"].astype("float64")
    quantity = quantity.where(~is_fuel, quantity / _FUEL_UNITS_PER_GALLON)
    basket = transactions["basket_id"].astype(str)
    # Zero-padded, so that events of one basket, which share a time, sort in the order of its lines.
    line = transactions.groupby("basket_id").cumcount().astype(str).str.zfill(3)
    return pd.DataFrame(
        {
            "id": "cj-" + basket + "-" + line,
            "customer_id": transactions["household_id"].map(customer_id),
            "type": "purchase",
            "time": transactions["transaction_timestamp"],
            "product_id": transactions["product_id"].astype(str),
            "category": transactions["product_id"].map(category_paths(products)),
            "value": transactions["sales_value"],
            "quantity": quantity.where(quantity > 0),
            "order_id": basket,
            "attributes": _discounts(transactions),
        }
    )


def _discounts(transactions: pd.DataFrame) -> pd.Series:
    """What coupons took off a line, on the one line in seventy that has any."""
    coupons = transactions["coupon_disc"] + transactions["coupon_match_disc"]
    used = coupons[coupons > 0].round(2)
    return used.map(lambda amount: _json(coupon_discount=amount)).reindex(transactions.index)


def _mailings(campaigns: pd.DataFrame, descriptions: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    mailed = campaigns.merge(descriptions, on="campaign_id", validate="many_to_one")
    campaign, household = mailed["campaign_id"].astype(str), mailed["household_id"].astype(str)
    kind = mailed["campaign_type"].map(slug)
    return pd.DataFrame(
        {
            "id": "cj-mail-" + campaign + "-" + household,
            "customer_id": mailed["household_id"].map(customer_id),
            "type": "campaign_send",
            "time": mailed["start_date"] + pd.Timedelta(_MAILING_TIME),
            "attributes": [_json(campaign=c, campaign_type=k) for c, k in zip(campaign, kind, strict=True)],
        }
    )


def _redemptions(redemptions: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    keys = ["household_id", "coupon_upc", "campaign_id", "redemption_date"]
    campaign, coupon = redemptions["campaign_id"].astype(str), redemptions["coupon_upc"].astype(str)
    day = redemptions["redemption_date"].dt.strftime("%Y%m%d")
    # The same coupon can be redeemed more than once a day.
    again = redemptions.groupby(keys).cumcount().astype(str)
    household = redemptions["household_id"].astype(str)
    return pd.DataFrame(
        {
            "id": "cj-coupon-" + household + "-" + day + "-" + coupon + "-" + campaign + "-" + again,
            "customer_id": redemptions["household_id"].map(customer_id),
            "type": "coupon_redemption",
            "time": redemptions["redemption_date"] + pd.Timedelta(_REDEMPTION_TIME),
            "attributes": [_json(campaign=c, coupon=u) for c, u in zip(campaign, coupon, strict=True)],
        }
    )


def _attributes(demographics: pd.DataFrame, transactions: pd.DataFrame) -> pd.DataFrame:
    """Demographics have no date: they are known from the first day of the data on."""
    import pandas as pd

    fields = [name for name in demographics.columns if name != "household_id"]
    texts = []
    for row in demographics.to_dict("records"):
        known = {name: str(row[name]) for name in fields if pd.notna(row[name])}
        texts.append(_json(household=known))
    return pd.DataFrame(
        {
            "id": "cj-household-" + demographics["household_id"].astype(str),
            "customer_id": demographics["household_id"].map(customer_id),
            "type": "attributes",
            "time": transactions["transaction_timestamp"].min().normalize(),
            "attributes": texts,
        }
    )


def _json(**attributes: object) -> str:
    return json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))
