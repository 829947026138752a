"""Which values and records a name in a query stands for: fields, ``id``, and what refers to the record."""

from __future__ import annotations

from crm_tui.errors import BadInput, nearest
from crm_tui.fields import Reference
from crm_tui.i18n import _
from crm_tui.models.base import Entity
from crm_tui.query.tree import Position, Referrer, Target
from crm_tui.text import quoted

KEYWORDS = ("has", "no", "sort", "changed")
"""Names that are no fields but say what is asked of those that follow."""

COUNT = "count"


def spelled(name: str) -> str:
    """Return a name as the program keeps it: ``Last-Contact`` is ``last_contact``."""
    return name.strip().replace("-", "_").lower()


def written(name: str) -> str:
    """Return a name as people write it in a query: ``last_contact`` is ``last-contact``."""
    return name.replace("_", "-")


def exactly(text: str) -> str:
    """Return a value as a query takes it to the letter: in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def referrers(entity: Entity) -> dict[str, Referrer]:
    """Return what refers to records of an entity by the names it goes by: ``contact``, ``contacts``, ``people``.

    Where another entity refers by several fields its own name means the first; the others are ``order_approver``.
    """
    found: dict[str, Referrer] = {}
    for other, via in entity.referrers:
        referrer = Referrer(entity, other, via)
        if other.name in found and found[other.name].other is other:
            found.setdefault(f"{other.name}_{via}", referrer)
            continue
        for name in (other.name, other.plural, *other.aliases):
            found.setdefault(name, referrer)
    return found


def find(entity: Entity, name: str) -> Target | Referrer | None:
    """Return what one name (without a dot) stands for, or None."""
    wanted = spelled(name)
    if wanted == "id" or wanted in entity.fields:
        return Target(entity, wanted)
    for key, kind in entity.fields.items():
        if wanted in kind.aliases:
            return Target(entity, key)
    return referrers(entity).get(wanted)


def known(entity: Entity) -> list[str]:
    """Return every name that may stand before an operator, as people write them."""
    aliases = [alias for kind in entity.fields.values() for alias in kind.aliases]
    return [written(name) for name in (*entity.fields, *aliases, "id", *referrers(entity), *KEYWORDS)]


def resolve(entity: Entity, name: str, position: Position, *, quotable: bool = False) -> list[Target | Referrer]:
    """Return the steps of a dotted name: one, or a reference (or referrer) and a value of the record it leads to.

    ``contact.count`` is the referrer alone twice over: the second step of a count is the referrer again. Raises
    BadInput; where ``quotable``, it says how to search for text that only looks like a field.
    """
    first, dot, rest = name.partition(".")
    found = find(entity, first)
    if found is None:
        raise _unknown(entity, first, position, quotable)
    if not dot:
        return [found]
    if isinstance(found, Target):
        other = entity.references.get(found.name)
        if other is None or not isinstance(found.kind, Reference):
            message = _("{field} leads to no other record, so nothing can follow its dot.").format(field=written(first))
            raise BadInput(message, field=found.name, position=position)
    else:
        other = found.other
    second = find(other, rest)
    if isinstance(found, Referrer) and second is None and spelled(rest) == COUNT:
        return [found, found]
    if second is None or isinstance(second, Referrer):
        if "." in rest or isinstance(second, Referrer):
            message = _("{name} goes too far: a query follows one reference, like owner.role.").format(
                name=quoted(name)
            )
            raise BadInput(message, position=position)
        raise _unknown(other, rest, position, quotable)
    return [found, second]


def _unknown(entity: Entity, name: str, position: Position, quotable: bool) -> BadInput:
    plural = _(entity.label_plural)
    message = _("{plural} have no field {name}.").format(plural=plural[:1].upper() + plural[1:], name=quoted(name))
    similar = nearest(written(spelled(name)), known(entity))
    hint = " " + _("Put the text in quotes to search for it.") if quotable else ""
    return BadInput(message + (similar or hint), field=name, position=position)
