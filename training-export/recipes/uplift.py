"""Whom does a campaign change? From past campaigns to what the next one adds for each customer.

    python uplift.py EVENTS FEATURES MODELS TEST

The outcome is a purchase within 14 days, the treatment a `campaign_send` within a day of an instant. Learns
from the days of earlier campaigns, tests on the campaign of the day TEST, and writes the next version of
`uplift` into the folder MODELS. It publishes `uplift_14d`; the report says whether it beats treating at
random, and if it does not, do not use it. If you drew by lot whom to mail, say so: SHARE = 0.5. Copy it and
change what differs with you.
"""

import sys

import scorecast_export as sx

LABEL = sx.purchases_within("14d")
SHARE = None  # the share that was treated at random, if it was


def main(events: str, features: str, models: str, test: str) -> None:
    """Compare who was mailed with who was not, at each campaign."""
    frame = sx.features(events, features, at=sx.days_before("campaign_send"), label=LABEL)
    known, asked = frame.split(test)
    asked = asked.where(asked.table["at"] == asked.table["at"].min())
    was, test_was = sx.treated(known, events), sx.treated(asked, events)
    print(sx.uplift(known, was, test=asked, test_was=test_was, share=SHARE, out=models))


if __name__ == "__main__":
    main(*sys.argv[1:])
