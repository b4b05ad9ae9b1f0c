"""What is a customer worth? BG/NBD or Pareto/NBD with Gamma-Gamma, from events to a version.

    python customer_base.py EVENTS MODELS AT

Fits to what was known 90 days before AT, says how well that told what was spent in those 90 days, fits again
at AT, and writes the next version of `customer-value` into the folder MODELS. It publishes `p_alive`,
`expected_purchases_90d` and `clv_90d`. Copy it and change what differs with you.
"""

import sys
from datetime import timedelta

import scorecast_export as sx

HORIZON = "90d"
MODEL = "bg_nbd"  # or "pareto_nbd"


def main(events: str, models: str, at: str) -> None:
    """Try on the past, then fit to the present."""
    before = sx.instant(at) - timedelta(days=90)
    past = sx.features(events, sx.RFM, at=before, label=sx.spend_within(HORIZON), data_until=at)
    tried = sx.export(
        sx.CustomerBase.fit(past, model=MODEL), past, name="customer-value", out=models, test=past
    )
    print(f"{tried}: fitted as of {before:%Y-%m-%d}; see its MODEL_CARD.md for how good it was")

    present = sx.features(events, sx.RFM, at=at)
    base = sx.CustomerBase.fit(present, model=MODEL)
    print(sx.export(base, present, name="customer-value", out=models, horizon=HORIZON))


if __name__ == "__main__":
    main(*sys.argv[1:])
