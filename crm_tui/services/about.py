"""What is written or kept about a record that is named by its entity and its id."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.errors import InvalidRecord, nearest
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity, entities
from crm_tui.text import clean_line, fold


def require_about(writer: Writer, values: Values) -> None:
    """See that what is new is about a record that is there, and written as oneself.

    Raises InvalidRecord, NotFound.
    """
    about = _discussed(values["about"])
    values["about"] = about.name
    writer.read_all(about, [values["record"]])
    by_program = not writer.actor.operator_id  # an automation writes in the name of its owner
    if values.setdefault("author", None) not in (None, writer.actor.operator_id) and not by_program:
        raise InvalidRecord({"author": _("you write as yourself")})
    if not by_program:
        values["author"] = writer.actor.operator_id


def require_same(former: Values, values: Values, names: Sequence[str]) -> None:
    """Raise InvalidRecord unless the fields that say where and whose something is stay as they were."""
    for name in names:
        if former[name] != values[name]:
            raise InvalidRecord({name: _("it stays what and where it was when it was made")})


def _discussed(word: str) -> Entity:
    """The entity that something may be about. Raises InvalidRecord naming the nearest."""
    known = {name: entity for name, entity in entities.items() if entity.discussed}
    wanted = fold(word).replace("-", "_")
    for entity in known.values():
        if wanted in (entity.name, entity.plural):
            return entity
    message = _("{word} is none of {known}.").format(word=word, known=", ".join(known))
    raise InvalidRecord({"about": message + nearest(wanted, known)})


def title(entity: Entity, values: Values) -> str:
    """Return what a record is called, short enough for a line."""
    found = clean_line(str(values.get(entity.title) or f"#{values['id']}"))
    return found if len(found) <= 60 else found[:59] + "…"
