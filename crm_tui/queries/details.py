"""Everything about one record: its values, what its references are called, the people that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm_tui import scope
from crm_tui.errors import NotFound
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity, entities
from crm_tui.queries import stages
from crm_tui.queries.lists import ListRow, rows, titles_of
from crm_tui.queries.scores import Points, why
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
    score_why: tuple[Points, ...] = ()
    """What a client's score is the sum of."""
    facts: dict[str, str] = field(default_factory=dict)
    """What is known beside the fields, by its label: the stages a client went through."""

    def shown(self, name: str) -> str:
        """Return a field as a person reads it."""
        return self.titles[name] if name in self.titles else self.entity.fields[name].show(self.values[name])


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
    score_why = why(record) if entity.name == "client" else ()
    title = str(values.get(entity.title) or f"#{record}")
    facts = {_("Stages"): stages.in_words(stages.history(record))} if entity.name == "client" else {}
    return Detail(entity, record, values["version"], title, values, titles, contacts, score_why, facts)


def _contacts(actor: Actor, client: int) -> tuple[ListRow, ...]:
    people = entities["contact"]
    model: Any = people.model
    query = model.select(model.id).where((model.client == client) & model.archived_at.is_null())
    found = [row[0] for row in query.order_by(model.primary.desc(), model.name_key, model.id).tuples()]
    return tuple(rows(people, found, CONTACT_COLUMNS))
