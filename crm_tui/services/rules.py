"""What the business asks of a record before it is written: one function per entity, found by the entity's name.

A rule may correct the values, write what follows from them inside the same operation, or refuse with InvalidRecord.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

from crm_tui import clock, contacting, db, derived, places, scoring
from crm_tui.errors import ANYWAY, BadInput, CrmError, InvalidRecord
from crm_tui.fields import Flag, Tags
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer, at_end
from crm_tui.models.base import Entity, entities
from crm_tui.models.conversations import Interaction
from crm_tui.models.distinctions import Distinction, pair_text
from crm_tui.models.people import Client, Contact, Operator, Tag
from crm_tui.models.workspace import SavedView
from crm_tui.scope import require_change
from crm_tui.services.typed import Typed
from crm_tui.text import fold

Rule = Callable[[Writer, int | None, Values], None]
"""Called with the writer, the record's id (None for a new one) and all its values as they would be."""


@dataclass(frozen=True, slots=True)
class _Registered:
    apply: Rule
    concerns: frozenset[str]


_rules: dict[str, _Registered] = {}
_OF_THEIR_OWN = {
    "custom_field": "custom_fields", "word": "words", "product": "orders", "order": "orders", "order_line": "orders",
    "task": "tasks", "dependency": "tasks", "checklist": "checklists", "checklist_item": "checklists",
    "time_entry": "timing", "recurring_rule": "recurring", "automation": "automations",
    "setting": "settings", "message_template": "messages", "message": "messages", "document": "documents",
    "section": "documents", "revision": "documents", "approval": "documents",
    "document_template": "document_templates", "dashboard": "dashboards", "card": "dashboards",
    "objective": "goals", "key_result": "goals", "check_in": "goals",
}  # fmt: skip
"""Rules in modules of their own, imported when they are first asked for."""


Consequence = Callable[[Writer, int, Values | None, Values], None]
"""Called with the writer, the record's id, its values before (None for a new one) and after it was written."""

_consequences: dict[str, Consequence] = {}


def consequence(entity: str) -> Callable[[Consequence], Consequence]:
    """Register what follows, in the same operation, once a record of an entity is written."""

    def register(function: Consequence) -> Consequence:
        if entity in _consequences:
            raise ValueError(f"{entity} has two consequences")
        _consequences[entity] = function
        return function

    return register


def follow(writer: Writer, entity: str, record: int, before: Values | None, values: Values) -> None:
    """Let what follows from a record that was just written happen."""
    if entity in _consequences:
        _consequences[entity](writer, record, before, values)


@at_end
def tell_assigned(writer: Writer) -> None:
    """Tell whoever somebody else gave something to do."""
    if writer.assigned:
        from crm_tui.services import notifications  # most operations give nobody anything

        notifications.tell_assigned(writer)


Leaving = Callable[[Writer, Sequence[int]], None]
"""Called with the writer and the ids of records that are about to be archived; it may refuse with CrmError."""

_leaving: dict[str, Leaving] = {}


def leaving(entity: str) -> Callable[[Leaving], Leaving]:
    """Register what is asked before records of an entity are archived."""

    def register(function: Leaving) -> Leaving:
        if entity in _leaving:
            raise ValueError(f"{entity} is asked twice before it is archived")
        _leaving[entity] = function
        return function

    return register


def leave(writer: Writer, entity: str, ids: Sequence[int]) -> None:
    """See that records may be archived. Raises CrmError, NotFound, NotAllowed."""
    require_change(writer.actor, entities[entity])
    if entity in _leaving:
        _leaving[entity](writer, ids)


def rule(entity: str, *concerns: str) -> Callable[[Rule], Rule]:
    """Register the rule of an entity, with the fields of which it depends whether and how the rule applies."""

    def register(function: Rule) -> Rule:
        if entity in _rules:
            raise ValueError(f"{entity} has two rules")
        _rules[entity] = _Registered(function, frozenset(concerns))
        return function

    return register


_yielding: dict[str, Callable[[Writer, int, Values], None]] = {}


def yields(entity: str) -> Callable[[Callable[[Writer, int, Values], None]], None]:
    """Register what a record of an entity that comes back from the archive leaves to those that took its place."""
    return lambda function: _yielding.update({entity: function})


def has(entity: str) -> bool:
    """Whether an entity has a rule."""
    if entity in _OF_THEIR_OWN:
        import_module(f"crm_tui.services.{_OF_THEIR_OWN[entity]}")
    return entity in _rules


def concerned(entity: str, names: Collection[str]) -> bool:
    """Whether giving these fields of an existing record values concerns the rule of its entity."""
    return has(entity) and not _rules[entity].concerns.isdisjoint(names)


def apply(writer: Writer, entity: str, record: int | None, values: Values) -> None:
    """Apply the rule of an entity, if it has one, and see that the tags named exist. Raises NotAllowed before a rule
    says anything of records that the actor may not change."""
    require_change(writer.actor, entities[entity])
    if has(entity):
        _rules[entity].apply(writer, record, values)
    if values.get("tags"):
        ensure_tags(writer, values["tags"])


def apply_to_returning(writer: Writer, entity: str, record: int, values: Values) -> None:
    """Apply the rule of an entity to a record that is brought back from the archive: it yields to what came since."""
    if entity in _yielding:
        _yielding[entity](writer, record, values)
    apply(writer, entity, record, values)


def ensure_tags(writer: Writer, names: Iterable[str]) -> None:
    """Make the tags that do not exist yet, and bring back those that were archived."""
    wanted = {fold(name): name for name in names}
    query: Any = Tag.select(_key(Tag, "name"), Tag.id, Tag.archived_at).where(_key(Tag, "name").in_(list(wanted)))
    known = {key: (record, archived_at) for key, record, archived_at in query.tuples()}
    tag = entities["tag"]
    writer.create_many(tag, [{"name": name} for key, name in sorted(wanted.items()) if key not in known])
    archived = [record for record, archived_at in known.values() if archived_at is not None]
    if archived:
        writer.restore(tag, archived)


def _key(model: Any, name: str) -> Any:
    return model._meta.fields[f"{name}_key"]


def asks_reason(entity: str, values: Values) -> bool:
    """Whether giving a record these values needs a reason: a client that leaves."""
    return entity == "client" and "stage" in values and _means("client", "stage", values, derived.GONE)


def _means(entity: str, field: str, values: Values, meaning: str) -> bool:
    """Whether a choice means this to the program, whatever it is called."""
    kind: Any = entities[entity].fields[field]
    return bool(kind.meaning(values[field]) == meaning)


def require_reason(entity: str, values: Values, records: Iterable[Values]) -> None:
    """Raise InvalidRecord for a client that leaves without a reason. ``records`` are whole, as they would be.

    Not asked of new records: an imported list may hold clients that left long ago.
    """
    if asks_reason(entity, values) and not all(record.get("churn_reason") for record in records):
        raise InvalidRecord({"churn_reason": _("say why they left")})


def take_anyway(entity: Entity, typed: Typed) -> tuple[Typed, bool]:
    """Return what was typed without ``anyway``, and whether that says yes. Raises InvalidRecord."""
    if ANYWAY not in typed or ANYWAY in entity.kinds:
        return typed, False
    plain = dict(typed)
    try:
        return plain, bool(Flag().parse(str(plain.pop(ANYWAY))))
    except ValueError as error:
        raise InvalidRecord({ANYWAY: str(error)}) from error


def be_cautious(entity: str, values: Values) -> None:
    """Raise DoNotContact when writing a new record with these values contacts somebody who wants none."""
    if entity == "interaction":
        contacting.require_contactable(values)


@rule("interaction", "channel", "direction", "client", "contact", "at", "follow_up_on", "operator")
def logged(writer: Writer, record: int | None, values: Values) -> None:
    """An interaction is with a client, at a moment that has come, by somebody; it moves the client's follow-up."""
    if values.get("contact") is not None:
        _with_contact(record, values)
    if values.get("client") is None:
        raise InvalidRecord({"client": _("an interaction is with somebody: name the client")})
    values["at"] = values.get("at") or clock.now()
    if values["at"] > clock.now() + timedelta(hours=1):
        raise InvalidRecord({"at": _("that is still to come; what is planned is the follow-up")})
    values["operator"] = values.get("operator") or writer.actor.operator_id
    spoken = _means("interaction", "channel", values, derived.SPOKEN)
    values["direction"] = values.get("direction") or ("both" if spoken else derived.FROM_US)
    if record is None:
        _move_follow_up(writer, values)


def _with_contact(record: int | None, values: Values) -> None:
    """The client of an interaction is one that its contact is at, by default their own. What was said stays said when
    they have left."""
    there = [place.client for place in places.clients([values["contact"]])]
    if values.get("client") is None:
        values["client"] = there[0] if there else None
    elif there and values["client"] not in there:
        said: Any = Interaction.select(Interaction.contact, Interaction.client).where(Interaction.id == (record or 0))
        if said.tuples().first() != (values["contact"], values["client"]):
            person: Any = Contact.get(Contact.id == values["contact"])
            raise InvalidRecord({"contact": _("{name} is not a contact of this client").format(name=person.name)})


def _move_follow_up(writer: Writer, values: Values) -> None:
    """The next step's day becomes the client's follow-up; one that was due is done once the client was heard."""
    client, day = entities["client"], clock.local(values["at"]).date()
    planned: Any = Client.select(Client.follow_up_on).where(Client.id == values["client"]).tuples().first()
    former = planned[0] if planned else None
    if values.get("follow_up_on") is not None:
        writer.update(client, values["client"], {"follow_up_on": values["follow_up_on"]})
    elif former is not None and former <= day and _heard(values):
        writer.update(client, values["client"], {"follow_up_on": None})


def _heard(values: Values) -> bool:
    noted = _means("interaction", "channel", values, derived.NOTE)
    return bool(not noted and values["direction"] != derived.FROM_US)


@rule("operator", "login", "role", "active")
def an_admin_remains(writer: Writer, record: int | None, values: Values) -> None:
    """Logins are unique, and the last active admin stays one: without it nobody could change anything any more."""
    login = _key(Operator, "login")
    same = Operator.select().where((login == fold(values["login"])) & (Operator.id != (record or 0)))
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


@rule("tag", "name")
def unique_tag(writer: Writer, record: int | None, values: Values) -> None:
    """Tags differ by more than case and accents; records follow when their tag gets another name."""
    values["name"] = ", ".join(entities["client"].fields["tags"].check([values["name"]])) or values["name"]
    same = Tag.select().where((_key(Tag, "name") == fold(values["name"])) & (Tag.id != (record or 0)))
    if same.exists():
        raise InvalidRecord({"name": _('there is already a tag "{name}"').format(name=values["name"])})
    former: Any = None if record is None else Tag.get_or_none(Tag.id == record)
    if former is not None and former.name != values["name"]:
        _rename_tag(writer, former.name, values["name"])


def _rename_tag(writer: Writer, former: str, name: str) -> None:
    """Give every record that has a tag the tag's new name."""
    for entity in entities.values():
        for field, kind in entity.fields.items():
            if not isinstance(kind, Tags):
                continue
            model: Any = entity.model
            tagged = model.select(model.id, kind).where(db.contains(kind.expression(), kind.key((former,))))
            changes: dict[int, Values] = {}
            for record, tags in tagged.tuples():
                kept = [tag for tag in tags if fold(tag) != fold(former)]
                changes[record] = {field: kind.check([*kept, name])}
            writer.update_many(entity, changes)


@rule("saved_view", "name", "screen", "owner")
def owned(writer: Writer, record: int | None, values: Values) -> None:
    """A view belongs to whoever saved it, and a name is used once by each."""
    values["owner"] = values.get("owner") or writer.actor.operator_id
    same = SavedView.select().where(
        (_key(SavedView, "name") == fold(values["name"]))
        & (SavedView.screen == values["screen"])
        & (SavedView.owner == values["owner"])
        & SavedView.archived_at.is_null()
        & (SavedView.id != (record or 0))
    )
    if same.exists():
        raise InvalidRecord({"name": _('you have a view "{name}" already').format(name=values["name"])})


@rule("distinction", "pair")
def told_apart_once(writer: Writer, record: int | None, values: Values) -> None:
    """A pair names two records of one entity, and stands once."""
    name, *ids = values["pair"].split()
    if name not in entities or len(ids) != 2 or not all(text.isdecimal() for text in ids) or int(ids[0]) == int(ids[1]):
        raise InvalidRecord({"pair": _("write what they are and their two ids, like client 3 7")})
    values["pair"] = pair_text(name, int(ids[0]), int(ids[1]))
    same = Distinction.select().where(
        (_key(Distinction, "pair") == fold(values["pair"]))
        & Distinction.archived_at.is_null()
        & (Distinction.id != (record or 0))
    )
    if same.exists():
        raise InvalidRecord({"pair": _("these two are told apart already")})


@rule("score_rule", "query")
def a_query_that_can_be_asked(writer: Writer, record: int | None, values: Values) -> None:
    """The query of a score rule is one that can be read, and does not ask for the score itself."""
    try:
        scoring.read(values["query"])
    except BadInput as error:
        raise InvalidRecord({"query": str(error)}) from error
