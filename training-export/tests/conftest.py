import pandas as pd
import pytest

import complete_journey


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say so where made-up customers had to take the place of the real data."""
    if complete_journey.folder.cache_info().currsize and isinstance(why := complete_journey.folder(), str):
        terminalreporter.write_line(f"made-up customers instead of the Complete Journey: {why}", yellow=True)


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """A made-up week in the shape of the Complete Journey tables, with each of its traps."""
    transactions = pd.DataFrame(
        [
            # household, basket, product, quantity, value, coupon, coupon doubled, time
            (1, 900, 11, 2, 3.0, 0.0, 0.0, "2017-01-01 10:00:00"),
            (1, 900, 12, 1, 1.5, 0.3, 0.3, "2017-01-01 10:00:00"),
            (1, 901, 13, 12500, 30.0, 0.0, 0.0, "2017-01-03 18:30:00"),  # fuel
            (2, 902, 99, 0, 0.0, 0.0, 0.0, "2017-01-04 09:00:00"),  # no product, nothing bought
            (2, 902, 14, 0, 4.0, 0.0, 0.0, "2017-01-04 09:00:00"),  # no category, quantity 0
        ],
        columns=[
            "household_id",
            "basket_id",
            "product_id",
            "quantity",
            "sales_value",
            "coupon_disc",
            "coupon_match_disc",
            "transaction_timestamp",
        ],
    )
    transactions["transaction_timestamp"] = pd.to_datetime(transactions["transaction_timestamp"])
    products = pd.DataFrame(
        [
            (11, "GROCERY", "MILK BY-PRODUCTS", "SOUR CREAMS"),
            (12, "GROCERY", "PNT BTR/JELLY/JAMS", None),
            (13, "FUEL", "COUPON/MISC ITEMS", "GASOLINE-REG UNLEADED"),
            (14, None, None, None),
        ],
        columns=["product_id", "department", "product_category", "product_type"],
    )
    descriptions = pd.DataFrame(
        {
            "campaign_id": [8],
            "campaign_type": ["Type A"],
            "start_date": pd.to_datetime(["2017-01-02"]),
            "end_date": pd.to_datetime(["2017-02-01"]),
        }
    )
    redemptions = pd.DataFrame(
        {
            "household_id": [1, 1],
            "coupon_upc": [555, 555],
            "campaign_id": [8, 8],
            "redemption_date": pd.to_datetime(["2017-01-03", "2017-01-03"]),
        }
    )
    return {
        "transactions": transactions,
        "products": products,
        "campaigns": pd.DataFrame({"campaign_id": [8, 8], "household_id": [1, 2]}),
        "campaign_descriptions": descriptions,
        "coupon_redemptions": redemptions,
        "demographics": pd.DataFrame({"household_id": [2], "age": ["35-44"], "home_ownership": [None]}),
    }
