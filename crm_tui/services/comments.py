"""Comments: written on any record that people talk about, and told to whoever they mention with ``@login``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from crm_tui.db import Workspace
from crm_tui.errors import InvalidRecord, nearest
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import Entity, entities
from crm_tui.models.people import Operator
from crm_tui.models.talk import Notification
from crm_tui.scope import Actor, require_change
from crm_tui.services import notifications, rules
from crm_tui.services.about import require_about, require_same, title
from crm_tui.services.typed import read_typed, require_filled
from crm_tui.text import clean_line, fold

_MENTION = re.compile(r"(?<![\w\\@.+/-])@(\w[\w.+-]*)")
"""Not within an address (bo@acme.example), and not after a backslash."""

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.S)
"""What Markdown shows letter by letter: a ``@`` there mentions nobody."""

_TOLD_AT_MOST = 300
"""Characters of a comment that a notification repeats."""


def add(workspace: Workspace, actor: Actor, entity: Entity, ids: Sequence[int], text: str) -> list[int]:
    """Comment on records, in one operation, and return the comments' ids. Who is mentioned is told.

    Raises InvalidRecord for an empty text or a mention of nobody, NotFound, NotAllowed.
    """
    comment = entities["comment"]
    require_change(actor, comment)
    made = []
    with operation(workspace, actor, f"{entity.name}.comment") as op:
        titles = op.read_all(entity, ids)
        for record in ids:
            values = read_typed(actor, comment, {"about": entity.name, "record": record, "text": text})
            require_filled(comment, values)
            values["author"] = op.actor.operator_id
            rules.apply(op, comment.name, None, values)
            made.append(op.create(comment, values))
            rules.follow(op, comment.name, made[-1], None, values)
        op.summary = ngettext("comment on {label} {title}", "comment on {n} {plural}", len(ids)).format(
            label=_(entity.label), title=title(entity, titles[ids[0]]), n=len(ids), plural=_(entity.label_plural)
        )
    return made


def mentioned(text: str, before: str = "") -> list[int]:
    """Return the ids of the operators that a text mentions, each once, by login or by a name only one of them has;
    what ``before`` mentioned already is left out.

    Raises InvalidRecord, naming the nearest login, for a mention of nobody who works here.
    """
    known = set(_words(before))
    words = [word for word in _words(text) if word not in known]
    if not words:
        return []
    query: Any = Operator.select(Operator.id, Operator.login, Operator.name, Operator.active, Operator.archived_at)
    everyone = [(row[0], row[1], row[2], bool(row[3]) and row[4] is None) for row in query.tuples()]
    return list(dict.fromkeys(_operator(word, everyone) for word in words))


def _words(text: str) -> dict[str, None]:
    """The words that mention somebody, each once, in their order."""
    return dict.fromkeys(_MENTION.findall(_CODE.sub(" ", text)))


def _operator(word: str, everyone: Sequence[tuple[int, str, str, bool]]) -> int:
    """The operator whom a word after a ``@`` means; a stop at its end may belong to the sentence."""
    spellings = dict.fromkeys([fold(word), fold(word).rstrip(".+-")])
    for wanted in spellings:
        for record, login, _name, active in everyone:
            if fold(login) == wanted:
                if not active:
                    raise InvalidRecord({"text": _("{login} is no longer active").format(login=login)})
                return record
    for wanted in spellings:
        named = [(record, login) for record, login, name, active in everyone if active and wanted in _spelled(name)]
        if len(named) == 1:
            return named[0][0]
        if named:
            logins = ", ".join(f"@{login}" for _record, login in named)
            raise InvalidRecord(
                {"text": _("several people are called @{word}: write {logins}").format(word=word, logins=logins)}
            )
    known = [login for _record, login, _name, active in everyone if active]
    nobody = _("there is no operator @{word}; a bare @ is written \\@.").format(word=word)
    raise InvalidRecord({"text": nobody + nearest(fold(word), known)})


def _spelled(name: str) -> set[str]:
    """The words that mean somebody of this name: the first name, and the whole one without its spaces."""
    parts = fold(name).split()
    return {*parts[:1], *(separator.join(parts) for separator in ("", ".", "_", "-"))} if parts else set()


@rules.rule("comment", "about", "record", "author", "text")
def of_a_record(writer: Writer, record: int | None, values: Values) -> None:
    """A comment is about a record that is there, is its author's, and stays where it was written."""
    before = ""
    if record is None:
        require_about(writer, values)
    else:
        former = writer.read(entities["comment"], record)
        require_same(former, values, ("about", "record", "author"))
        before = former["text"]
    mentioned(values["text"], before)


@rules.consequence("comment")
def tell_the_mentioned(writer: Writer, record: int, before: Values | None, values: Values) -> None:
    """Whoever a comment mentions is told, once each, and its author never."""
    query: Any = Notification.select(Notification.operator).where(Notification.comment == record)
    told = {row[0] for row in query.tuples()} if before is not None else set()
    told |= {values["author"], writer.actor.operator_id}
    about = entities[values["about"]]
    text = _("{login} on {label} {title}: {text}").format(
        login=writer.actor.login,
        label=_(about.label),
        title=title(about, writer.read(about, values["record"])),
        text=clean_line(" ".join(values["text"][: _TOLD_AT_MOST * 4].split()))[:_TOLD_AT_MOST],
    )
    author = writer.actor.operator_id or None  # nobody, where an automation comments
    for operator in mentioned(values["text"], before["text"] if before else ""):
        if operator not in told:
            notifications.tell(
                writer, operator, "mention", about.name, values["record"], text, comment=record, author=author
            )
