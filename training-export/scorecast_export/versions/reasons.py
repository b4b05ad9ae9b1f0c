"""The words in which a feature's value is a reason: "bought 4 times in 30 days", from its definition.

A template is a text with placeholders: ``{value}`` for the number, ``{value:one|other}`` for the word that
goes with it, ``{percent}`` for a share in percent, ``{word}`` for what a column of a vector is about. The
service checks them with the rest of the manifest (``docs/models.md``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Definition = dict[str, Any]

_LONGEST = 200
_TIMES = "{value} {value:time|times}"
_DAYS = "{value} {value:day|days}"

_DID = {
    "purchase": ("bought", "purchase", "purchases"),
    "return": ("returned something", "return", "returns"),
    "view": ("looked at products", "view", "views"),
    "add_to_cart": ("put something into the cart", "addition to the cart", "additions to the cart"),
    "search": ("searched", "search", "searches"),
    "email_send": ("was sent an e-mail", "e-mail", "e-mails"),
    "email_open": ("opened an e-mail", "opened e-mail", "opened e-mails"),
    "email_click": ("clicked in an e-mail", "click", "clicks"),
    "email_bounce": ("had an e-mail come back", "bounce", "bounces"),
    "campaign_send": ("was mailed a campaign", "campaign", "campaigns"),
    "coupon_redemption": ("redeemed a coupon", "redeemed coupon", "redeemed coupons"),
}
_FIELDS = {"product_id": "products", "category": "categories", "order_id": "orders", "session_id": "visits"}
_UNITS = {"order": "order", "day": "day"}
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_UNDER = re.compile(r'category\.under\("([^"{}]+)"\)')


def reason_templates(definitions: str) -> dict[str, str]:
    """A template for each feature of a definitions' text that a model can read, by name; pairs' too.

    Sequences (``recent_products``, ``recent_ages``) have none: no one of their columns is a reason.
    """
    declared = yaml.safe_load(definitions)
    found = {}
    for kinds, features in ((_KINDS, declared["features"]), (_PAIRS, declared.get("pairs") or ())):
        for feature in features:
            words = kinds.get(feature["kind"], _named)(feature)
            if words is not None:
                found[feature["name"]] = words[:_LONGEST]
    return found


def _plain(text: object) -> str:
    """Without braces, which would be placeholders, and on one line."""
    return re.sub(r"\s+", " ", re.sub(r"[{}]", "", str(text))).strip()


def _named(feature: Definition) -> str:
    return f"{_plain(feature['name']).replace('_', ' ')} is {{value}}"


def _event(feature: Definition) -> tuple[str, str, str]:
    """What was done, and the noun of one and of several."""
    types = feature.get("event", [])
    types = [types] if isinstance(types, str) else types
    if len(types) == 1:
        plain = _plain(types[0]).replace("_", " ")
        return _DID.get(types[0], (f"had an event '{plain}'", f"event '{plain}'", f"events '{plain}'"))
    if not types:
        return "did something", "event", "events"
    names = " or ".join(_plain(one).replace("_", " ") for one in types)
    return f"had an event ({names})", f"event ({names})", f"events ({names})"


def _span(text: str) -> str:
    """A duration in words: ``30d`` is "30 days"."""
    number, unit = text[:-1], {"d": "day", "h": "hour", "m": "minute"}[text[-1]]
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def _when(feature: Definition) -> str:
    """Where, and in which time, with a blank before it."""
    words = ""
    if where := feature.get("where"):
        below = _UNDER.fullmatch(where.strip())
        words += f" from {below[1]}" if below else f" (where {_plain(where)})"
    window, ago = feature.get("window"), feature.get("ago")
    if window and ago:
        return f"{words} in the {_span(window)} until {_span(ago)} ago"
    if window:
        return f"{words} in {_span(window)}"
    return f"{words} until {_span(ago)} ago" if ago else words


def _count(feature: Definition) -> str:
    did, _, _ = _event(feature)
    if feature.get("event") == "purchase" and feature.get("per") == "order":
        did = "ordered"
    days = " on {value} {value:day|days}" if feature.get("per") == "day" else f" {_TIMES}"
    return f"{did}{days}{_when(feature)}"


def _sum(feature: Definition) -> str:
    field = feature.get("field", "value")
    if field == "value" and feature.get("event") == "purchase":
        return f"spent {{value}}{_when(feature)}"
    return f"{_what(feature)} {{value}} in total{_when(feature)}"


def _what(feature: Definition) -> str:
    """The field of the events: "value of returns"."""
    field = _plain(feature.get("field", "value")).removeprefix("attributes.").replace("_", " ")
    return f"{field} of {_event(feature)[2]}"


def _statistic(words: str) -> Callable[[Definition], str]:
    def described(feature: Definition) -> str:
        unit = _UNITS.get(feature.get("per", ""), _event(feature)[1])
        unit = f"an {unit}" if unit[0] in "aeiou" else f"a {unit}"
        field = _plain(feature.get("field", "value")).removeprefix("attributes.").replace("_", " ")
        return f"{words.format(field=field, unit=unit)} is {{value}}{_when(feature)}"

    return described


def _distinct(feature: Definition) -> str:
    field = feature.get("field", "")
    of = _FIELDS.get(field, _plain(field).removeprefix("attributes.").replace("_", " "))
    many = _event(feature)[2]
    if feature.get("event") == "purchase" and field in _FIELDS:
        return f"bought {{value}} different {of}{_when(feature)}"
    return f"{{value}} different {of} of {many}{_when(feature)}"


def _since(which: str) -> Callable[[Definition], str]:
    def described(feature: Definition) -> str:
        did = _event(feature)[0]
        passive = did.startswith("was ")
        verb = f"was {which} {did.removeprefix('was ')}" if passive else f"{which} {did}"
        unless = feature.get("unless")
        since = "" if not unless else f", without '{_plain(unless)}' since"
        return f"{verb} {_DAYS} ago{_when(feature)}{since}"

    return described


def _gap(feature: Definition) -> str:
    return f"{_event(feature)[0]} every {_DAYS}{_when(feature)}"


def _gap_std(feature: Definition) -> str:
    return f"the days between {_event(feature)[2]} vary by {{value}}{_when(feature)}"


def _decayed(feature: Definition) -> str:
    words = _count(feature) if feature["kind"] == "decayed_count" else _sum(feature)
    return f"{words}, counted by half after each {_span(feature['half_life'])}"


def _ratio(feature: Definition) -> str:
    of, to = (_plain(feature[key]).replace("_", " ") for key in ("of", "to"))
    return f"{of} is {{value}} times {to}"


def _rate(feature: Definition) -> str:
    return f"{_event(feature)[0]} {_TIMES} a day{_when(feature)}"


def _affinity(feature: Definition) -> str:
    return "{percent} of recent purchases are from {word}"


def _counts(feature: Definition) -> str:
    return "bought {word} " + _TIMES


def _attribute(feature: Definition) -> str | None:
    name = _plain(feature["path"]).replace(".", " ").replace("_", " ")
    encoding = feature.get("encoding", "number")
    if encoding == "text":
        return None
    return f"{name} is {{word}}" if encoding == "one_hot" else f"{name} is {{value}}"


def _time_share(feature: Definition) -> str:
    when = []
    if days := feature.get("weekdays"):
        when.append("at weekends" if sorted(days) == ["sat", "sun"] else "on " + ", ".join(
            day.capitalize() for day in _WEEKDAYS if day in days))  # fmt: skip
    if hours := feature.get("hours"):
        when.append(f"from {hours[0]}:00 to {hours[1]}:59")
    return f"{{percent}} of {_event(feature)[2]} {' '.join(when)}{_when(feature)}"


def _nothing(feature: Definition) -> None:
    return None


def _fact(feature: Definition) -> str:
    return f"{_plain(feature['fact']).replace('_', ' ')} of the item is {{value}}"


_KINDS: Mapping[str, Callable[[Definition], str | None]] = {
    "count": _count,
    "sum": _sum,
    "mean": _statistic("the mean {field} of {unit}"),
    "min": _statistic("the least {field} of {unit}"),
    "max": _statistic("the greatest {field} of {unit}"),
    "std": _statistic("the spread of the {field} of {unit}"),
    "distinct": _distinct,
    "days_since_last": _since("last"),
    "days_since_first": _since("first"),
    "gap_mean": _gap,
    "gap_std": _gap_std,
    "decayed_count": _decayed,
    "decayed_sum": _decayed,
    "ratio": _ratio,
    "rate": _rate,
    "frequency": lambda feature: f"came back on {_DAYS}{_when(feature)}",
    "recency": lambda feature: f"bought over {_DAYS}{_when(feature)}",
    "T": lambda feature: f"has been a customer for {_DAYS}",
    "monetary_value": lambda feature: f"spends {{value}} on a day of purchase{_when(feature)}",
    "affinity": _affinity,
    "product_counts": _counts,
    "recent_products": _nothing,
    "recent_ages": _nothing,
    "last_value": _nothing,
    "attribute": _attribute,
    "time_share": _time_share,
    "sessions": lambda feature: f"visited {_TIMES}{_when(feature)}",
}

_PAIRS: Mapping[str, Callable[[Definition], str | None]] = {
    "times_bought": lambda _: f"bought it {_TIMES}",
    "days_since": lambda _: f"last bought it {_DAYS} ago",
    "days_since_first": lambda _: f"first bought it {_DAYS} ago",
    "gap_mean": lambda _: f"buys it every {_DAYS}",
    "gap_ratio": lambda _: "{value} of the usual time since it was bought",
    "orders_since": lambda _: "{value} {value:order|orders} since it was bought",
    "order_share": lambda _: "it is in {percent} of the orders",
    "decayed_count": lambda feature: (
        f"bought it {_TIMES}, counted by half after each {_span(feature['half_life'])}"
    ),
    "decayed_share": lambda _: "it is {percent} of what was bought lately",
    "similarity": lambda _: "it is like what was bought, by {value}",
    "similarity_share": lambda _: "it is like what was bought, by {value}",
    "affinity": lambda _: "{percent} of recent purchases are of its kind",
    "fact": _fact,
    "list": _nothing,
}


def merged(definitions: str, own: Mapping[str, str] | None, names: Sequence[str]) -> dict[str, str]:
    """Templates for the features of these names: one's own, where there are any, else by the definition."""
    found = {**reason_templates(definitions), **(own or {})}
    return {name: text for name, text in found.items() if name in names or name in (own or {})}
