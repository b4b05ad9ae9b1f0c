"""The text format of protobuf, as Triton's ``config.pbtxt`` is written; without the message's schema."""

from __future__ import annotations

import re
from typing import Any

Message = dict[str, list[Any]]
"""Values by field: each a text, a number, a truth value or another message; in the order of the file."""

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<word>[A-Za-z0-9_.+-]+)|(?P<mark>[{}\[\]<>:,;])"""
)


class PbtxtError(ValueError):
    """The text is no message; the reason names the line."""


def parse(text: str) -> Message:
    """Read a message.

    >>> parse('name: "m" input [ { dims: [ -1, 7 ] } ]')
    {'name': ['m'], 'input': [{'dims': [-1, 7]}]}
    """
    return _Reader(text).message(until="")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.token = ""
        self._next()

    def _next(self) -> None:
        """Go to the next token; an empty one at the end. Strings keep their quotes."""
        while self.at < len(self.text):
            found = _TOKEN.match(self.text, self.at)
            if found is None:
                raise self._error(f"unexpected {self.text[self.at]!r}")
            self.at = found.end()
            if found.lastgroup is not None:
                self.token = found[0]
                return
        self.token = ""

    def _error(self, reason: str) -> PbtxtError:
        return PbtxtError(f"line {self.text.count(chr(10), 0, self.at) + 1}: {reason}")

    def message(self, until: str) -> Message:
        found: Message = {}
        while self.token != until:
            name = self.token
            if not re.fullmatch(r"[A-Za-z_]\w*", name):
                raise self._error(f"expected the name of a field, found {name or 'the end'!r}")
            self._next()
            if self.token == ":":
                self._next()
            values = self._list() if self.token == "[" else [self._value()]
            found.setdefault(name, []).extend(values)
            if self.token in (",", ";"):
                self._next()
        self._next()
        return found

    def _list(self) -> list[Any]:
        self._next()
        found = []
        while self.token != "]":
            found.append(self._value())
            if self.token == ",":
                self._next()
            elif self.token != "]":
                raise self._error(f"expected ',' or ']', found {self.token or 'the end'!r}")
        self._next()
        return found

    def _value(self) -> Any:  # noqa: ANN401 - whatever a field can hold
        token = self.token
        if token in ("{", "<"):
            self._next()
            return self.message("}" if token == "{" else ">")
        if not token or token in "}]>:,;":
            raise self._error(f"expected a value, found {token or 'the end'!r}")
        self._next()
        if token[0] in "\"'":
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if token in ("true", "false"):
            return token == "true"
        try:
            return int(token)
        except ValueError:
            pass
        try:
            return float(token)
        except ValueError:
            return token  # the word of an enum
