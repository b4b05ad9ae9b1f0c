"""The two references against each other: walked event by event, and in polars over whole columns."""

from __future__ import annotations

import complete_journey
import polars_reference
from reference.compare import differences, expected_table
from reference.events import millis


def test_references_real_households_agree():
    frame = complete_journey.events(30)
    instants = [millis("2017-04-01T00:00:00Z"), millis("2017-12-31T23:59:59Z")]
    definitions = polars_reference.DEFINITIONS
    slow = expected_table(definitions, complete_journey.logs_of(frame), instants)
    assert differences(definitions, slow, polars_reference.table(frame, instants)) == []
