"""Instants that features are computed as of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_DURATION = re.compile(r"(\d+(?:\.\d+)?)([dhm])")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}

MOMENT = timedelta(milliseconds=1)
"""The finest difference between two events."""


@dataclass(frozen=True)
class DaysBefore:
    """The midnights before events of a type; see `days_before`."""

    event: str


def instant(moment: str | datetime) -> datetime:
    """A date, an RFC 3339 instant or a datetime, as UTC; without a zone it is taken as UTC.

    >>> instant("2017-04-01").isoformat()
    '2017-04-01T00:00:00+00:00'
    """
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return found.replace(tzinfo=UTC) if found.utcoffset() is None else found.astimezone(UTC)


def duration(text: str) -> timedelta:
    """``30d``, ``12h`` or ``90m``, as in feature definitions.

    >>> duration("1.5d")
    datetime.timedelta(days=1, seconds=43200)
    """
    parts = _DURATION.fullmatch(text)
    if parts is None or not float(parts[1]):
        raise ValueError(f"'{text}' is no duration; expected one such as 30d, 12h or 90m")
    return float(parts[1]) * _UNITS[parts[2]]


def monthly(first: str | datetime, last: str | datetime) -> list[datetime]:
    """An instant and the same day and time of each month after it, up to and including `last`.

    A day that a month does not have becomes its last day.

    >>> [f"{at:%d %b}" for at in monthly("2017-01-31", "2017-04-30")]
    ['31 Jan', '28 Feb', '31 Mar', '30 Apr']
    """
    start, end = _span(first, last)
    found = []
    while (at := _months_later(start, len(found))) <= end:
        found.append(at)
    return found


def weekly(first: str | datetime, last: str | datetime) -> list[datetime]:
    """An instant and those a week, two weeks… after it, up to and including `last`."""
    return _every(timedelta(weeks=1), first, last)


def daily(first: str | datetime, last: str | datetime) -> list[datetime]:
    """An instant and those a day, two days… after it, up to and including `last`."""
    return _every(timedelta(days=1), first, last)


def days_before(event: str) -> DaysBefore:
    """The midnight (UTC) before each event of a type: for labels that begin at such an event.

    Parameters
    ----------
    event : str
        The type, such as ``campaign_send``.
    """
    return DaysBefore(event)


def _every(step: timedelta, first: str | datetime, last: str | datetime) -> list[datetime]:
    start, end = _span(first, last)
    return [start + i * step for i in range((end - start) // step + 1)]


def _span(first: str | datetime, last: str | datetime) -> tuple[datetime, datetime]:
    start, end = instant(first), instant(last)
    if end < start:
        raise ValueError(f"the last instant, {end:%Y-%m-%d}, is before the first, {start:%Y-%m-%d}")
    return start, end


def _months_later(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = datetime(year + (month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC)
    last_day = (following - timedelta(days=1)).day
    return start.replace(year=year, month=month + 1, day=min(start.day, last_day))
