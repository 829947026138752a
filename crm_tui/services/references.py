"""Finding the record that a text means: an id, or the text of a field that names records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm_tui import scope
from crm_tui.db import batches
from crm_tui.errors import nearest
from crm_tui.i18n import _
from crm_tui.models.base import Entity
from crm_tui.scope import Actor


def find_reference(actor: Actor, target: Entity, text: str, *, by: str = "") -> int:
    """Return the id of the record of ``target`` that ``text`` names: ``#12``, ``12``, ``me``, or the text of ``by``
    or, without it, of the first unique field that has it.

    Raises ValueError, with a plain reason, for none or several.
    """
    text = text.strip()
    if target.name == "operator" and text == "me":
        return actor.operator_id
    digits = text.removeprefix("#")
    if not by and digits.isdecimal() and len(digits) < 19 and _by_id(actor, target, int(digits)):
        return int(digits)
    for name in [by] if by else target.unique:
        found = find_many(actor, target, name, [text]).get(target.fields[name].key(text), ())
        if len(found) > 1:
            raise ValueError(
                _('several {plural} have the {field} "{text}": {ids}; name one by its id').format(
                    plural=_(target.label_plural), field=target.fields[name].label.lower(), text=text,
                    ids=", ".join(f"#{record}" for record in sorted(found)[:5]),
                )
            )  # fmt: skip
        if found:
            return found[0]
    raise ValueError(
        _('there is no {label} "{text}".').format(label=_(target.label), text=text) + _suggestion(actor, target, text)
    )


def find_many(actor: Actor, target: Entity, name: str, texts: Iterable[str]) -> dict[str, list[int]]:
    """Return the ids of live records by the key of their field ``name``, for every text of ``texts``."""
    kind = target.fields[name]
    keys = sorted({kind.key(text) for text in texts} - {""})
    found: dict[str, list[int]] = {}
    for batch in batches(keys, 900):
        query = _visible(actor, target, kind.expression()).where(kind.expression().in_(batch))
        for record, key in query.order_by(target.model.id).tuples():
            found.setdefault(key, []).append(record)
    return found


def _visible(actor: Actor, target: Entity, *columns: Any) -> Any:
    query = target.model.select(target.model.id, *columns).where(target.model.archived_at.is_null())
    limit = scope.visible(actor, target)
    return query if limit is None else query.where(limit)


def _by_id(actor: Actor, target: Entity, record: int) -> bool:
    return bool(_visible(actor, target).where(target.model.id == record).exists())


def _suggestion(actor: Actor, target: Entity, text: str) -> str:
    title = target.fields[target.title]
    names = [row[1] for row in _visible(actor, target, title).limit(2000).tuples()]
    return nearest(text, names)
