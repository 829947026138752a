"""Finding the record that a text means: an id, or the text of a field that names records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm_tui import scope
from crm_tui.db import batches
from crm_tui.errors import BadInput, NotFound, nearest
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.scope import Actor
from crm_tui.text import quoted, record_id

_COMPARED = 1000
"""Names looked through for the nearest one."""


def find_reference(actor: Actor, target: Entity, text: str, *, by: str = "") -> int:
    """Return the id of the record of ``target`` that ``text`` names: ``#12``, ``12``, ``me``, or the text of ``by``
    or, without it, of the first unique field that has it.

    Raises ValueError, with a plain reason, for none or several; BadInput for a ``by`` that cannot name records.
    """
    text = text.strip()
    if target.name == "operator" and text == "me" and not by:
        return actor.operator_id
    number = None if by else record_id(text)
    if number is not None and is_there(actor, target, number):
        return number
    for name in [by] if by else target.unique:
        found = find_many(actor, target, name, [text]).get(target.kind(name).key(text), ())
        if len(found) > 1:
            raise ValueError(
                _("several {plural} have the {field} {text}: {ids}; name one by its id").format(
                    plural=_(target.label_plural), field=target.kind(name).label.lower(), text=quoted(text),
                    ids=", ".join(f"#{record}" for record in sorted(found)[:5]),
                )
            )  # fmt: skip
        if found:
            return found[0]
    missing = _("there is no {label} {text}").format(label=_(target.label), text=quoted(text))
    archived = _archived(actor, target, text, by)
    if archived:
        raise ValueError(
            _("{missing}: it is archived (#{id}); bring it back first").format(missing=missing, id=archived[0])
        )
    raise ValueError(f"{missing}." + _suggestion(actor, target, text))


def _archived(actor: Actor, target: Entity, text: str, by: str = "") -> list[int]:
    """Return the archived records that a text names by the first of their fields that it fits."""
    model: Any = target.model
    limit = scope.visible(actor, target)
    put_away = model.select(model.id).where(model.archived_at.is_null(False)).order_by(model.id).limit(2)
    put_away = put_away if limit is None else put_away.where(limit)
    number = None if by else record_id(text)
    conditions = [] if number is None else [model.id == number]
    for name in [by] if by else target.unique:
        kind = target.kind(name)
        conditions += [kind.expression() == kind.key(text)] if kind.key(text) else []
    named = ([row[0] for row in put_away.where(condition).tuples()] for condition in conditions)
    return next((found for found in named if found), [])


def find_person(actor: Actor, text: str) -> tuple[Entity, int]:
    """Return the one person that ``text`` names: a contact by id, e-mail, name or external id, or with ``client:``
    before it a client who is one. Archived ones are found too, and an id may be of one that is gone.

    Raises NotFound, with a plain reason, for none or several.
    """
    prefix, colon, rest = text.strip().partition(":")
    named = next((known for known in entities.values() if known.person and prefix.strip().lower() == known.name), None)
    target = named if colon and named is not None else entities["contact"]
    wanted = rest.strip() if target is named else text.strip()
    try:
        return target, find_reference(actor, target, wanted)
    except ValueError as error:
        number = record_id(wanted)
        if number is not None:
            return target, number
        put_away = _archived(actor, target, wanted)
        if len(put_away) == 1:
            return target, put_away[0]
        message = str(error)
        if target.name == "contact" and not named:
            message += " " + _("A client who is a person is named like client:12.")
        raise NotFound(message[:1].upper() + message[1:]) from error


def require_there(actor: Actor, target: Entity, record: int) -> int:
    """Return the id given if it is of a live record that the actor sees. Raises ValueError, with a plain reason."""
    if not is_there(actor, target, record):
        raise ValueError(_("there is no {label} with the id {id}").format(label=_(target.label), id=record))
    return record


def find_many(actor: Actor, target: Entity, name: str, texts: Iterable[str]) -> dict[str, list[int]]:
    """Return the ids of live records by the key of their field ``name``, for every text of ``texts``.

    Raises BadInput for a field that names no records: a number, a day, a choice.
    """
    kind = target.kind(name)
    if not kind.keyed or kind.family != "text":
        raise BadInput(
            _("{plural} cannot be found by their {field}; by {known} they can.").format(
                plural=_(target.label_plural).capitalize(), field=kind.label.lower(), known=", ".join(target.unique)
            ),
            field=kind.name,
        )
    keys = sorted({kind.key(text) for text in texts} - {""})
    found: dict[str, list[int]] = {}
    for batch in batches(keys, 900):
        query = _visible(actor, target, kind.expression()).where(kind.expression().in_(list(batch)))
        for record, key in query.order_by(target.model.id).tuples():
            found.setdefault(key, []).append(record)
    return found


def _visible(actor: Actor, target: Entity, *columns: Any) -> Any:
    model: Any = target.model
    query = model.select(model.id, *columns).where(model.archived_at.is_null())
    limit = scope.visible(actor, target)
    return query if limit is None else query.where(limit)


def is_there(actor: Actor, target: Entity, record: int) -> bool:
    """Whether there is a live record with this id that the actor sees."""
    model: Any = target.model
    return record < 2**63 and bool(_visible(actor, target).where(model.id == record).exists())


def _suggestion(actor: Actor, target: Entity, text: str) -> str:
    title = target.fields[target.title]
    names = [row[1] for row in _visible(actor, target, title).limit(_COMPARED).tuples()]
    return nearest(text, names)
