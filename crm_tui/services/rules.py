"""What the business asks of a record before it is written: one function per entity, found by the entity's name.

A rule may correct the values, write what follows from them inside the same operation, or refuse with InvalidRecord.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_tui.errors import CrmError, InvalidRecord
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import entities
from crm_tui.models.people import Contact, Operator, Tag
from crm_tui.models.workspace import SavedView
from crm_tui.text import fold

Rule = Callable[[Writer, int | None, Values], None]
"""Called with the writer, the record's id (None for a new one) and all its values as they would be."""

_rules: dict[str, Rule] = {}


def rule(entity: str) -> Callable[[Rule], Rule]:
    """Register the rule of an entity."""

    def register(function: Rule) -> Rule:
        if entity in _rules:
            raise ValueError(f"{entity} has two rules")
        _rules[entity] = function
        return function

    return register


def has(entity: str) -> bool:
    """Whether an entity has a rule."""
    return entity in _rules


def apply(writer: Writer, entity: str, record: int | None, values: Values) -> None:
    """Apply the rule of an entity, if it has one, and see that the tags named exist."""
    if entity in _rules:
        _rules[entity](writer, record, values)
    if values.get("tags"):
        ensure_tags(writer, values["tags"])


def ensure_tags(writer: Writer, names: tuple[str, ...] | set[str]) -> None:
    """Make the tags that do not exist yet."""
    wanted = {fold(name): name for name in names}
    known = {key for (key,) in Tag.select(Tag.name_key).where(Tag.name_key.in_(list(wanted))).tuples()}
    writer.create_many(entities["tag"], [{"name": name} for key, name in sorted(wanted.items()) if key not in known])


@rule("contact")
def one_primary(writer: Writer, record: int | None, values: Values) -> None:
    """The first contact of a client is its point of contact; making another primary takes it from the former."""
    client = values.get("client")
    if client is None:
        values["primary"] = False
        return
    others = Contact.select(Contact.id).where(
        (Contact.client == client) & Contact.primary & Contact.archived_at.is_null() & (Contact.id != (record or 0))
    )
    former = [row[0] for row in others.tuples()]
    if values.get("primary"):
        writer.update_many(entities["contact"], {other: {"primary": False} for other in former})
    elif not former and record is None:
        values["primary"] = True


@rule("operator")
def an_admin_remains(writer: Writer, record: int | None, values: Values) -> None:
    """Logins are unique, and the last active admin stays one: without it nobody could change anything any more."""
    same = Operator.select().where((Operator.login == values["login"]) & (Operator.id != (record or 0)))
    if same.exists():
        raise InvalidRecord({"login": _('there is already an operator "{login}"').format(login=values["login"])})
    if record is None or (values["role"] == "admin" and values["active"]):
        return
    admins: Any = Operator.select().where(
        (Operator.role == "admin") & Operator.active & Operator.archived_at.is_null() & (Operator.id != record)
    )
    was: Any = Operator.get_or_none((Operator.id == record) & (Operator.role == "admin") & Operator.active)
    if was is not None and not admins.exists():
        raise CrmError(_("{login} is the last active admin and must stay one.").format(login=values["login"]))


@rule("tag")
def unique_tag(writer: Writer, record: int | None, values: Values) -> None:
    """Tags differ by more than case and accents."""
    same = Tag.select().where((Tag.name_key == fold(values["name"])) & (Tag.id != (record or 0)))
    if same.exists():
        raise InvalidRecord({"name": _('there is already a tag "{name}"').format(name=values["name"])})


@rule("saved_view")
def owned(writer: Writer, record: int | None, values: Values) -> None:
    """A view belongs to whoever saved it, and a name is used once by each."""
    values["owner"] = values.get("owner") or writer.actor.operator_id
    same = SavedView.select().where(
        (SavedView.name_key == fold(values["name"]))
        & (SavedView.screen == values["screen"])
        & (SavedView.owner == values["owner"])
        & SavedView.archived_at.is_null()
        & (SavedView.id != (record or 0))
    )
    if same.exists():
        raise InvalidRecord({"name": _('you have a view "{name}" already').format(name=values["name"])})
