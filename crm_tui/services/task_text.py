"""A task typed as one line: ``call Ana about the logo tomorrow 10:00 !high @bo #acme ~1h30``."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm_tui import moments, scope
from crm_tui.errors import BadInput
from crm_tui.fields import spelled
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.scope import Actor
from crm_tui.services.references import find_reference
from crm_tui.text import quoted

HELP = "call Ana about the logo tomorrow 10:00 !high @bo #acme ~1h30"

_MARK = re.compile(r'(?<!\S)([!@#~])("[^"]*"|[^\s"]*)(?=\s|$)')
_LONGEST_DAY = 3
"""Words that a day is written in at most: ``24 Dec 2026``."""
_BEFORE_DAY = ("on", "by", "due", "until")
_SHORT_DAYS = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4}
"""Weekdays cut short, but those that are also words: sat and sun."""
_SHOWN = 6


@dataclass(slots=True)
class TaskText:
    """What a line says: the values of a task by their names, references as ids."""

    values: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What is to be done."""
        return str(self.values.get("title", ""))


def read_task(actor: Actor, text: str) -> TaskText:
    """Return what a line says. Raises BadInput, which says what is not understood; reads the database."""
    found = TaskText()
    rest = text
    for match in _MARK.finditer(text):
        word = match[2].strip('"').strip()
        _READERS[match[1]](actor, word, found.values)
        rest = rest.replace(match[0], "", 1)
    words = rest.split()
    words = _take_day(words, found.values)
    title = " ".join(words)
    if not title:
        raise BadInput(_("Write what is to be done, like {example}").format(example=HELP), field="line")
    found.values["title"] = title
    return found


def _take_day(words: list[str], values: dict[str, Any]) -> list[str]:
    """Take the day and the time off the end of a line."""
    for many in (2, 1):  # 3 pm, 10:00
        with contextlib.suppress(ValueError):
            if len(words) > many:
                values["due_time"] = f"{moments.read_time(' '.join(words[-many:])):%H:%M}"
                words = words[:-many]
                if words[-1].lower() in ("at", "um", "à"):
                    words = words[:-1]
                break
    for many in range(min(_LONGEST_DAY, len(words) - 1), 0, -1):
        day = _day(words[-many:])
        if day is not None:
            values["due_on"] = day
            words = words[:-many]
            break
    else:
        if "due_time" in values:
            from crm_tui import clock

            values["due_on"] = clock.today()
        return words
    return words[:-1] if len(words) > 1 and words[-1].lower() in _BEFORE_DAY else words


def _day(words: list[str]) -> date | None:
    text = " ".join(words)
    if text.isdigit():
        return None  # buy 12
    short = _SHORT_DAYS.get(text.lower())
    with contextlib.suppress(ValueError):
        return moments.read_day(moments.WEEKDAYS[short] if short is not None else text)
    return None


def _priority(actor: Actor, word: str, values: dict[str, Any]) -> None:
    kind: Any = entities["task"].fields["priority"]
    begun = spelled(word)
    meant = [option.value for option in kind.options if any(one.startswith(begun) for one in option.spellings)]
    if len(meant) != 1 or not begun:
        known = ", ".join(kind.show(option.value) for option in kind.options)
        raise BadInput(_("!{word} is no priority; there are {known}.").format(word=word, known=known), field="line")
    values["priority"] = meant[0]


def _who(actor: Actor, word: str, values: dict[str, Any]) -> None:
    for name, target in (("assignee", "operator"), ("team", "team")):
        found = _named(actor, entities[target], word)
        if len(found) == 1:
            values[name] = found[0][0]
            return
        if found:
            raise _several("@", word, [title for _record, title in found])
    raise BadInput(_("@{word} is no operator and no team here.").format(word=word), field="line")


def _about(actor: Actor, word: str, values: dict[str, Any]) -> None:
    """An order by its number, else a client by its name, or what either begins with; # alone is for nobody."""
    values.update(order=None, client=None, parent=None)
    if not word:
        return
    for name in ("order", "client"):
        with contextlib.suppress(ValueError):
            values[name] = find_reference(actor, entities[name], word)
            return
    for name in ("order", "client"):
        found = _named(actor, entities[name], word)
        if len(found) == 1:
            values[name] = found[0][0]
            return
        if found:
            raise _several("#", word, [title for _record, title in found])
    raise BadInput(_("#{word} is no order and no client here.").format(word=word), field="line")


def meant(actor: Actor, word: str) -> tuple[str, int]:
    """Return the order or client that a word names or begins, as entity and id. Raises BadInput."""
    values: dict[str, Any] = {}
    _about(actor, word, values)
    name = "order" if values.get("order") is not None else "client"
    if values.get(name) is None:
        raise BadInput(_("# alone names nothing."))
    return name, int(values[name])


def _estimate(actor: Actor, word: str, values: dict[str, Any]) -> None:
    try:
        values["estimate"] = entities["task"].fields["estimate"].check(word)
    except ValueError as error:
        raise BadInput(str(error), field="line") from error


_READERS = {"!": _priority, "@": _who, "#": _about, "~": _estimate}


def _named(actor: Actor, entity: Entity, word: str) -> list[tuple[int, str]]:
    """The records that a word names, or that are called by something that begins with it; no more than can be told."""
    with contextlib.suppress(ValueError):
        return [(find_reference(actor, entity, word), word)]
    model: Any = entity.model
    title = entity.fields[entity.title]
    key = title.key(word)
    if not key:
        return []
    begun = (title.expression() >= key) & (title.expression() < key + "\uffff") & model.archived_at.is_null()
    limits = [one for one in (scope.visible(actor, entity), model.active if entity.name == "operator" else None) if one]
    query = model.select(model.id, title).where(begun, *limits).order_by(title.expression(), model.id)
    return list(query.limit(_SHOWN + 1).tuples())


def _several(mark: str, word: str, names: list[str]) -> BadInput:
    shown = ", ".join(quoted(name, 40) for name in names[:_SHOWN])
    more = ", …" if len(names) > _SHOWN else ""
    return BadInput(
        _('{mark}{word} may be {names}; write more of it, in quotes where it has spaces: {mark}"…"').format(
            mark=mark, word=word, names=shown + more
        ),
        field="line",
    )
