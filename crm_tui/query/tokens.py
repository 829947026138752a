"""A query's text cut into tokens. Never raises: what is wrong or unfinished is told by the grammar and by terms."""

from __future__ import annotations

import re
from dataclasses import dataclass

OPERATORS = ("!=", "<=", ">=", "=", "<", ">", ":")

_TERM = re.compile(r"([^\W\d][\w.\-]*)(:(?:!=|<=|>=|=|<|>)?|!=|<=|>=|=|<|>)")
_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class Item:
    """One value as it was typed."""

    text: str
    """Without quotes and backslashes."""
    start: int
    end: int
    quoted: bool = False
    """Whether quotes or backslashes say that it is meant to the letter: no ``me``, no time word."""
    closed: bool = True
    """Whether its quotes were closed."""

    @property
    def missing(self) -> bool:
        """Whether nothing was typed yet (``""`` is something: no value)."""
        return not self.text and not (self.quoted and self.closed)


@dataclass(frozen=True, slots=True)
class Value:
    """One element of a list: an item, or a range when there is ``last``."""

    first: Item
    last: Item | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a "phrase", a term (``field:value``), a bracket or the ``-`` of ``-term``: ``sort`` says which."""

    sort: str
    start: int
    end: int
    text: str = ""
    """Of words and phrases: without quotes and backslashes. Of terms: the field's name."""
    closed: bool = True
    quoted: bool = False
    operator: str = ""
    """Of terms: one of ``OPERATORS``."""
    operator_start: int = 0
    operator_end: int = 0
    values: tuple[Value, ...] = ()

    @property
    def items(self) -> list[Item]:
        """Of terms: every value typed."""
        return [item for value in self.values for item in (value.first, value.last) if item]


def tokens(text: str) -> list[Token]:
    """Return the tokens of a query."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
            continue
        if char in "()":
            token = Token(char, at, at + 1, char)
        elif char == "-" and at + 1 < len(text) and not text[at + 1].isspace() and text[at + 1] != ")":
            token = Token("-", at, at + 1, char)
        elif match := _TERM.match(text, at):
            token = _term(text, match)
        else:
            item = read_item(text, at)
            sort = "phrase" if char in _QUOTES else "word"
            token = Token(sort, at, item.end, item.text, closed=item.closed, quoted=item.quoted)
        found.append(token)
        at = token.end
    return found


def _term(text: str, match: re.Match[str]) -> Token:
    name, operator = match.groups()
    values: list[Value] = []
    at = match.end()
    while True:
        first = read_item(text, at, ",.")
        last = None
        if text.startswith("..", first.end):
            last = read_item(text, first.end + 2, ",")
        values.append(Value(first, last))
        at = (last or first).end
        if not text.startswith(",", at):
            break
        at += 1
    closed = (last or first).closed
    return Token(
        "term",
        match.start(),
        at,
        name,
        closed=closed,
        operator=operator if operator == ":" else operator.lstrip(":"),
        operator_start=match.end(1),
        operator_end=match.end(),
        values=tuple(values),
    )


def read_item(text: str, start: int, ends: str = "") -> Item:
    """Read one value; ``ends`` may hold "," (lists) and "." (two of them make a range), which then end it."""
    at, out, quoted, closed = start, [], False, True
    if text[at : at + 1] in tuple(_QUOTES):
        quote, quoted, closed = text[at], True, False
        at += 1
        while at < len(text):
            char = text[at]
            at += 1
            if char == quote:
                closed = True
                break
            if char == "\\" and at < len(text):
                char = text[at]
                at += 1
            out.append(char)
    while at < len(text):
        char = text[at]
        if char.isspace() or char in "()" or (char == "," and "," in ends):
            break
        if char == "." and "." in ends and text.startswith("..", at):
            break
        at += 1
        if char == "\\" and at < len(text):
            char, quoted = text[at], True
            at += 1
        out.append(char)
    return Item("".join(out), start, at, quoted, closed)
