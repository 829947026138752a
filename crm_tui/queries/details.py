"""Everything about one record: its values, what its references are called, the people that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from crm_tui import contacting, scope
from crm_tui.errors import NotFound
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity, entities
from crm_tui.queries.lists import ListRow, rows, titles_of
from crm_tui.queries.scores import Points, why
from crm_tui.queries.stages import Stay, history
from crm_tui.queries.talk import comments, files
from crm_tui.scope import Actor


@dataclass(frozen=True, slots=True)
class Detail:
    """One record, whole."""

    entity: Entity
    id: int
    version: int
    title: str
    values: Values
    """Python values by field name, with ``created_at``, ``updated_at`` and ``archived_at``."""
    titles: dict[str, str]
    """What each reference field leads to is called."""
    contacts: tuple[ListRow, ...] = ()
    """The people of a client: cells as ``CONTACT_COLUMNS``."""
    comments: tuple[ListRow, ...] = ()
    """What was said about it: cells as ``talk.COMMENT_COLUMNS``."""
    files: tuple[ListRow, ...] = ()
    """The files attached to it: cells as ``talk.FILE_COLUMNS``."""
    score_why: tuple[Points, ...] = ()
    """What a client's score is the sum of."""
    stages: tuple[Stay, ...] = ()
    """The stages a client went through, the first one first."""
    do_not_contact: str = ""
    """Why this person or client may not be contacted, if so."""

    def shown(self, name: str) -> str:
        """Return a field as a person reads it."""
        kind = self.entity.fields[name]
        return self.titles[name] if name in self.titles else kind.show(self.values.get(name, kind.empty))


CONTACT_COLUMNS = ("name", "role", "title", "email", "phone", "primary")


def detail(actor: Actor, entity: Entity, record: int) -> Detail:
    """Return one record whole. Raises NotFound when there is none that the actor may see."""
    values = Writer.read_all(entity, [record])[record]
    if not scope.sees(actor, entity, values):
        raise NotFound(_("There is no {label} with the id {id}.").format(label=_(entity.label), id=record))
    titles: dict[str, str] = {}
    for name in entity.references:
        if values[name] is not None:
            titles[name] = titles_of(entity, name, [values[name]]).get(values[name], f"#{values[name]}")
    contacts = _contacts(actor, record) if entity.name == "client" else ()
    title = _line(str(values.get(entity.title) or f"#{record}"))
    about = comments(entity, record), files(entity, record)
    found = Detail(entity, record, values["version"], title, values, titles, contacts, *about)
    if reason := contacting.why_not(entity, [record]).get(record, ""):
        found = replace(found, do_not_contact=reason)
    if entity.name != "client":
        return found
    return replace(found, score_why=why(record), stages=tuple(history(record)))


def _line(title: str) -> str:
    """A comment is called by its text: as much of it as a heading holds."""
    line = " ".join(title[:2000].split()) if "\n" in title or len(title) > 200 else title
    return line if len(line) <= 200 else line[:199] + "…"


def _contacts(actor: Actor, client: int) -> tuple[ListRow, ...]:
    people = entities["contact"]
    model: Any = people.model
    query = model.select(model.id).where((model.client == client) & model.archived_at.is_null())
    found = [row[0] for row in query.order_by(model.primary.desc(), model.name_key, model.id).tuples()]
    return tuple(rows(people, found, CONTACT_COLUMNS))
