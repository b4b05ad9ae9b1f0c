"""`./scorecast train --candidate`: a live model is trained again, and challenged if that is better.

The candidate reads the features of the live version and is grown by its parameters. Both are asked about the
newest period whose outcome is known; the candidate has learned only from what was known before it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scorecast_export.errors import ExportError
from scorecast_export.progress import say
from scorecast_export.train.live import Live
from scorecast_export.train.retraining import train_again
from scorecast_export.train.service import RunningService, ServiceError
from scorecast_export.versions.folder import next_version
from scorecast_export.versions.version import Version, write_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scorecast_export.engine import FeatureEngine

_LOOK_AGAIN_SECONDS, _LOOKS = 1.0, 40


@dataclass(frozen=True)
class Plan:
    """How candidates are made: the repository, the service, the margin, how many weeks are learned from."""

    models: Path
    service: RunningService
    engine: FeatureEngine
    margin: float
    weeks: int


def candidate(name: str, files: Sequence[Path], plan: Plan) -> str:
    """Train a candidate of a model, and make it the challenger if it is better by the margin.

    Returns
    -------
    str
        What came of it, in a line.

    Raises
    ------
    ExportError
        If the live version cannot be trained again, or the events tell nothing.
    ServiceError
        If the service is not there or refuses.
    """
    state = plan.service.model(name)
    number = state.get("live")
    if number is None:
        raise ExportError(f"no version of '{name}' serves at {plan.service.url}")
    live = Live.read(plan.models / name / str(number))
    say(f"training a candidate of {name} {number}")
    version, verdict = train_again(live, files, plan.engine, plan.weeks)
    if verdict.gain < plan.margin:
        return f"{name}: no challenger of {number}: {verdict}, less than the margin {plan.margin:g}"
    pinned = "pinned" in state
    challenger = _publish(version, live, plan, pinned=pinned)
    note = "" if pinned else f"; {number} is pinned now, for the highest version would serve"
    return f"{name}: {challenger} challenges {number}: {verdict}, margin {plan.margin:g}{note}"


def _publish(version: Version, live: Live, plan: Plan, *, pinned: bool) -> int:
    """Write the version beside the live one, which is pinned first: the highest would serve otherwise."""
    name = version.name
    if not pinned:
        plan.service.pin(name, live.version)
    try:
        number = next_version(plan.models / name)
        write_version(plan.models, version, plan.engine)
    except BaseException:
        if not pinned:
            plan.service.unpin(name)
        raise
    plan.service.rescan()
    for look in range(_LOOKS):
        try:
            plan.service.challenge(name, number)
            break
        except ServiceError:
            # A new folder waits until it has not changed for two seconds, and is proven then.
            if look == _LOOKS - 1:
                raise
            time.sleep(_LOOK_AGAIN_SECONDS)
    return number
