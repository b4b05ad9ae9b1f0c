"""Who resembles my best customers? From a list of ids to a score for everybody.

    python look_alike.py EVENTS FEATURES SEED MODELS AT

SEED is a file with a customer id a line. Trains on what was known of all customers at AT, those of the seed
against the rest, and writes the next version of `look-alike` into the folder MODELS. It publishes
`p_look_alike`: an audience is those who have most of it: `./scorecast audience score --all --top 1000 --by
p_look_alike`. FEATURES must leave out what the seed was chosen by. Copy it and change what differs with
you.
"""

import sys
from pathlib import Path

import scorecast_export as sx


def main(events: str, features: str, seed: str, models: str, at: str) -> None:
    """Train, and write the version; its report says how well the seed is told from the rest."""
    ids = {line.strip() for line in Path(seed).read_text(encoding="utf-8").splitlines() if line.strip()}
    frame = sx.features(events, features, at=at)
    print(sx.look_alike(frame, ids, out=models))


if __name__ == "__main__":
    main(*sys.argv[1:])
