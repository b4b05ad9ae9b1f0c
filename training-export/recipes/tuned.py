"""Which settings of the trees are best? Optuna on folds in time, then one look at the test.

    python tuned.py EVENTS FEATURES MODELS TEST

Learns whether a customer lapses within 28 days, from weekly instants before TEST; tries 30 settings on the
three latest of them, trains with the best on all, tests at TEST once and writes the next version of `lapse`
into the folder MODELS. Copy it and change what differs with you. Needs `pip install 'scorecast-
export[tune]'`.
"""

import sys
from datetime import timedelta

import scorecast_export as sx

LABEL = sx.lapses_within("28d")
WEEKS = 12
TRIALS = 30
FOLDS = 3


def main(events: str, features: str, models: str, test: str) -> None:
    """Search before the test, and ask the test once."""
    at = sx.instant(test)
    instants = sx.weekly(at - timedelta(days=28) - timedelta(weeks=WEEKS - 1), at - timedelta(days=28))
    frame = sx.features(events, features, at=[*instants, at], label=LABEL)
    known, asked = frame.split(at)
    tuned = sx.tune(known, trials=TRIALS, folds=FOLDS, seed=1)
    print(f"{tuned.metric} {tuned.figure:.4f} with {tuned.settings}")
    print(sx.export(tuned.grow(known), known, name="lapse", out=models, test=asked))


if __name__ == "__main__":
    main(*sys.argv[1:])
