"""Terms turned into conditions: which field, which comparison, which value. What cannot be is told in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from crm_tui.errors import BadInput
from crm_tui.i18n import _
from crm_tui.models.base import Entity
from crm_tui.query import everywhere, names
from crm_tui.query.asked import SortKey
from crm_tui.query.comparisons import ARCHIVED, bounds, compared, named
from crm_tui.query.grammar import Unfinished
from crm_tui.query.tokens import Item, Token, Value
from crm_tui.query.tree import (
    And,
    Changed,
    Field,
    Holds,
    Hop,
    Node,
    Not,
    OneOf,
    Referrer,
    Target,
    Within,
    Words,
    either,
    opposite,
)
from crm_tui.scope import Actor
from crm_tui.search import phrase
from crm_tui.text import clean, fold, quoted

EVERYTHING = And(())

_MISPLACED = re.compile(r"(?:[<>]=?|!=|=|:)[\w\"'#]")
"""An operator without a field before it."""


class Terms:
    """Reads the terms of one query and remembers which fields they name."""

    def __init__(self, entity: Entity, me: Actor | None, *, lenient: bool = False) -> None:
        self.entity, self.me, self.lenient = entity, me, lenient
        self.mentioned: set[str] = set()

    def leaf(self, token: Token) -> Node:
        """Return the condition of a word, phrase or term. Raises BadInput, Unfinished where more typing may help."""
        if token.sort != "term":
            return self._words(token)
        position = (token.start, token.operator_start)
        missing = next((item for item in token.items if item.missing), None)
        if token.text.lower() in names.KEYWORDS:
            return self._keyword(token)
        try:
            path = names.resolve(self.entity, token.text, position, quotable=True)
        except BadInput as error:
            if len(token.values) == 1 and token.values[0].last is None and missing:
                raise Unfinished(str(error), field=error.field, position=position) from error
            raise
        found = self._values(token)
        operator = "=" if token.operator == "!=" else token.operator
        if operator not in (":", "=") and (len(found) > 1 or found[0].last):
            message = _("Lists and ranges go with : and =, not with {operator}.").format(operator=operator)
            raise BadInput(message, position=(token.operator_start, token.end))
        nodes = [self._reached(path, operator, value, token) for value in found[:-1]]
        try:
            nodes.append(self._reached(path, operator, found[-1], token))
        except Unfinished:
            if not (self.lenient and nodes):
                raise
        node = either(nodes)
        self._mention(path)
        return opposite(node) if token.operator == "!=" else node

    def sort_keys(self, token: Token) -> Iterator[SortKey]:
        """Give what a ``sort:`` term sorts by. Raises BadInput, Unfinished."""
        for item in self._items(token):
            position = (item.start, item.end)
            name = item.text.lstrip("+-")
            if not name:
                raise Unfinished(_("Write the field to sort by, like sort:-score,name."), position=position)
            try:
                path = names.resolve(self.entity, name, position)
            except BadInput as error:
                message = str(error)
                raise (Unfinished if self._begins(name) else BadInput)(message, position=position) from error
            if len(path) > 1 or isinstance(path[0], Referrer):
                message = _("Records cannot be sorted by {name}, only by fields of their own.").format(
                    name=quoted(name)
                )
                raise BadInput(message, position=position)
            yield SortKey(path[0].name, item.text.startswith("-"))

    def _words(self, token: Token) -> Node:
        if token.sort == "word" and not token.quoted and _MISPLACED.match(token.text):
            message = _("{text} needs a field right before it, without spaces: score>=70.").format(
                text=quoted(token.text)
            )
            raise BadInput(message, position=(token.start, token.end))
        wanted = phrase(token.text, prefix=token.sort == "word" or not token.closed)
        if not wanted.words:
            return EVERYTHING
        if self.entity.search:
            return Words(self.entity, wanted)
        return Field(Target(self.entity, self.entity.title), Holds(fold(clean(token.text))))

    def _keyword(self, token: Token) -> Node:
        word = token.text.lower()
        if token.operator not in (":", "="):
            message = _("After {word} comes a colon, like {word}:owner.").format(word=word)
            raise BadInput(message, position=(token.operator_start, token.operator_end))
        if word == "changed":
            changed = [self._own(item) for item in self._items(token)]
            return Changed(tuple(dict.fromkeys(changed)), (token.start, token.end))
        node = either([self._has(item) for item in self._items(token)])
        return opposite(node) if word == "no" else node

    def _own(self, item: Item) -> str:
        """The field of the record itself that ``changed:`` names."""
        [step, *more] = self._path(item)
        if more or isinstance(step, Referrer) or step.name == "id":
            message = _("{name} is not a field of the record itself.").format(name=quoted(item.text))
            raise BadInput(message, position=(item.start, item.end))
        return step.name

    def _has(self, item: Item) -> Node:
        """There is a value, or a record that refers to this one."""
        path = self._path(item)
        if len(path) == 2 and path[0] is path[1]:
            message = _("Ask for a count like {name}>0.").format(name=item.text)
            raise BadInput(message, position=(item.start, item.end))
        last = path[-1]
        if isinstance(last, Referrer):
            return self._through(path, EVERYTHING)
        return self._through(path, Field(last, OneOf((True,)) if last.family == "flag" else Within()))

    def _path(self, item: Item) -> list[Target | Referrer]:
        position = (item.start, item.end)
        try:
            path = names.resolve(self.entity, item.text, position)
        except BadInput as error:
            raise (Unfinished if self._begins(item.text) else BadInput)(str(error), position=position) from error
        self._mention(path)
        return path

    def _mention(self, path: list[Target | Referrer]) -> None:
        self.mentioned.add(".".join(_step_name(step, again=at > 0) for at, step in enumerate(path)))

    def _begins(self, name: str) -> bool:
        """Whether a name may be the beginning of a field's."""
        return "." in name or any(full.startswith(names.written(name.lower())) for full in names.known(self.entity))

    def _values(self, token: Token) -> tuple[Value, ...]:
        """The values of a term, none of them missing; while typing, a comma at the end goes without one."""
        found = token.values
        if self.lenient and len(found) > 1 and found[-1].first.missing and found[-1].last is None:
            found = found[:-1]
        for value in found:
            alone = value.last is None or value.last.missing
            if value.first.missing and alone:
                if len(found) > 1:
                    message = _("A value is missing in this list.")
                    raise Unfinished(message, position=(value.first.start, max(value.first.end, token.end)))
                message = _("{term} needs a value right after it, without a space.").format(
                    term=token.text + token.operator
                )
                raise Unfinished(message, position=(token.start, token.end))
        return found

    def _items(self, token: Token) -> list[Item]:
        """The values of a term that takes no ranges."""
        found = self._values(token)
        for value in found:
            if value.last is not None:
                message = _("{name}: takes names, no ranges.").format(name=token.text.lower())
                raise BadInput(message, position=(value.first.start, value.last.end))
        return [value.first for value in found]

    def _reached(self, path: list[Target | Referrer], operator: str, value: Value, token: Token) -> Node:
        """The condition that what a path leads to compares so with one value."""
        last = path[-1]
        if isinstance(last, Target):
            return self._through(path, compared(last, operator, value, token, self.me))
        if len(path) == 2:
            return everywhere.counted(last, bounds(None, operator, value))
        if operator not in (":", "=") or value.last:
            message = _("Compare how many there are with {name}.count{operator}.").format(
                name=names.written(last.other.name), operator=operator.replace(":", "=")
            )
            raise BadInput(message, position=(token.operator_start, token.operator_end))
        if not value.first.text:
            return Not(everywhere.referred(last, None, EVERYTHING))
        return everywhere.referred(last, None, named(last.other, operator, value.first, self.me))

    def _through(self, path: list[Target | Referrer], node: Node) -> Node:
        """A condition on the last step of a path as one on the record it starts at."""
        first, last = path[0], path[-1]
        field = last if isinstance(last, Target) else None
        if isinstance(first, Referrer):
            archived = field is not None and field.name == ARCHIVED
            return everywhere.referred(replace(first, archived=archived), field, node)
        found = node if field is None else everywhere.anywhere(field, node)
        return found if len(path) == 1 else everywhere.anywhere(first, Hop(first, last.entity, found))


def _step_name(step: Target | Referrer, *, again: bool) -> str:
    if isinstance(step, Target):
        return step.name
    return names.COUNT if again else step.other.name
