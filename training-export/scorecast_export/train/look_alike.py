"""`look-alike` on the real data: which households resemble those of a file, at the end of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorecast_export.data.download import NOTICE
from scorecast_export.frame import TrainingFrame
from scorecast_export.lookalike import RECIPE, look_alike_version
from scorecast_export.train.journey import DEFINITIONS, day

if TYPE_CHECKING:
    from collections.abc import Collection

    from scorecast_export.train.boosting import Recipe
    from scorecast_export.train.journey import Journey
    from scorecast_export.versions.version import Version

_AT = day("2018-01-01")


def train(journey: Journey, seed: Collection[str], recipe: Recipe = RECIPE) -> Version:
    """Train on all households as of the end of 2017, those of the seed against the rest."""
    definitions = DEFINITIONS / "look-alike.yaml"
    table = journey.features(definitions, [_AT])
    frame = TrainingFrame(table, definitions.read_text(encoding="utf-8"), {})
    return look_alike_version(frame, seed, recipe=recipe, data=NOTICE)
