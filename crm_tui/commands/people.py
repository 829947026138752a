"""Who is at which client: adding somebody known to one more, what they are there, and taking them from it."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.commands.context import Asked, Cancelled, Choice, Context, needs_change, needs_record_to_change
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities
from crm_tui.places import Place

_SAID = ("contact", "client", "role", "title", "primary")
"""What is said of somebody at a client, in the order in which it is asked for."""

_OTHER = {"contact": "client", "client": "contact"}


def _people(entity: Entity) -> bool:
    return entity.name in _OTHER


def _why_not_join(context: Context) -> str:
    """It needs a record, or a list that stands on one: also one in which nobody is yet."""
    return needs_change(context) if _OTHER[context.of.name] in context.given else needs_record_to_change(context)


@command(
    "{entity}.join", N_("add existing"), keys=("A",), scope="list record", of=_people, why_not=_why_not_join, rank=21,
    takes=("*",),
)  # fmt: skip
async def join(context: Context) -> None:
    """Add somebody who is known already to a client, besides those they are at, with a role there: on a client it asks
    for the person, on a person for the client. With do: contact.join 12 client=acme role=billing."""
    from crm_tui.services import people

    of = context.of
    other = _OTHER[of.name]
    beside = context.given.get(other)  # a list on the other's record: it is that one who gets one more
    if context.ui is not None and not context.arguments:
        fixed, record = (other, int(beside.removeprefix("#"))) if beside else (of.name, await _only(context))
        given = {fixed: f"#{record}"}
        title = await context.call(people.name_of, fixed, record)
        words = _("somebody to add to {client}") if fixed == "client" else _("another client of {person}")
        only = tuple(name for name in (*_SAID, *entities["affiliation"].in_use) if name != fixed)
        asked = Asked(words.format(client=title, person=title), only)
        await context.screen.open_form(entities["affiliation"], None, given, asked)
        return
    if beside and of.name in context.arguments:
        of, ids, typed = entities[other], [int(beside.removeprefix("#"))], context.arguments
    else:
        ids, typed = await context.records(), ({other: beside} if beside else {}) | context.arguments
    made = await context.call(people.join, context.workspace, context.actor, of, ids, typed)
    context.say(ngettext("Joined; u undoes it", "{n} joined; u undoes it", made).format(n=made))


@command(
    "{entity}.role", N_("role there"), keys=("R",), scope="list record", of=_people, why_not=needs_record_to_change,
    rank=27, takes=("*",),
)  # fmt: skip
async def role(context: Context) -> None:
    """Change what somebody is at one client: role, title, whether they are its point of contact. With do:
    contact.role 12 client=acme role=billing."""
    from crm_tui.services import people

    typed = {name: text for name, text in context.arguments.items() if name != _OTHER[context.of.name]}
    there = await _places(context)
    if context.ui is None or typed:
        if not typed:
            raise BadInput(_("Say what they are there, like role=billing."))
        await context.call(people.change, context.workspace, context.actor, f"{context.of.name}.role", there, typed)
        context.say(_("Changed; u undoes it"))
        return
    if len(there) > 1:
        raise BadInput(_("Choose one person."))
    entity, record = people.said_by(there[0])
    person, client = [await context.call(people.name_of, name, getattr(there[0], name)) for name in _OTHER]
    only = people.THERE if entity == "contact" else (*people.THERE, *entities[entity].in_use)
    asked = Asked(_("{person} at {client}").format(person=person, client=client), only)
    await context.screen.open_form(entities[entity], record, {}, asked)


@command(
    "{entity}.make_primary", N_("make primary"), keys=("!",), scope="list record", of=_people,
    why_not=needs_record_to_change, rank=24, takes=("client", "contact"),
)  # fmt: skip
async def make_primary(context: Context) -> None:
    """Make somebody the point of contact of a client, instead of who is it so far."""
    from crm_tui.services import people

    there = await _places(context)
    if len({place.client for place in there}) < len(there):
        raise BadInput(_("A client has one point of contact: choose one person."))
    change = (f"{context.of.name}.make_primary", there, {"primary": "yes"})
    await context.call(people.change, context.workspace, context.actor, *change)
    context.say(_("Now the point of contact"))


def _leaving(context: Context) -> str:
    if context.of.name == "client":
        return _("Take the person from this client? Both stay.")
    n = context.how_many
    return ngettext(
        "Take this person from the client? They stay, without it.",
        "Take {n} people from their client? They stay, without it.",
        n,
    ).format(n=n)


@command(
    "{entity}.leave", N_("take from client"), keys=("x",), scope="list record", of=_people,
    why_not=needs_record_to_change, dangerous=_leaving, rank=28, takes=("client", "contact"),
)  # fmt: skip
async def leave(context: Context) -> None:
    """Take somebody from a client they are no longer at; they stay, and so does what was said with them. Who is at
    another client besides has that one as their own from then on."""
    from crm_tui.services import people

    there = await _places(context)
    said = await context.call(people.leave, context.workspace, context.actor, there)
    context.say(_("{what}; u undoes it").format(what=said))


async def _only(context: Context) -> int:
    ids = await context.records()
    if len(ids) > 1:
        raise BadInput(_("Choose one at a time here; crm-tui do joins several at once."))
    return ids[0]


async def _places(context: Context) -> list[Place]:
    """Return what each of the records is at the client, or who at it, that is named, shown, or the only one there is;
    where there are several the operator chooses. Raises BadInput."""
    ids = await context.records()
    other = _OTHER[context.of.name]
    named = context.arguments.get(other) or context.given.get(other)
    found: Sequence[Place] = await context.call(places_of, context, ids, named)
    chosen: list[Place] = []
    for record in ids:
        chosen.append(await _one(context, record, [one for one in found if getattr(one, context.of.name) == record]))
    return chosen


def places_of(context: Context, ids: Sequence[int], named: str | None) -> list[Place]:
    """Return where people, or who at clients, are: only at, or only, the other one that is ``named``."""
    from crm_tui import places
    from crm_tui.services.references import find_reference

    side = context.of.name
    found = places.clients(ids) if side == "contact" else places.people(ids)
    if named is None:
        return found
    try:
        wanted = find_reference(context.actor, entities[_OTHER[side]], named)
    except ValueError as error:
        raise BadInput(str(error), field=_OTHER[side]) from error
    return [place for place in found if getattr(place, _OTHER[side]) == wanted]


async def _one(context: Context, record: int, there: Sequence[Place]) -> Place:
    from crm_tui.services import people

    side, other = context.of.name, _OTHER[context.of.name]
    title = await context.call(people.name_of, side, record)
    if not there:
        nowhere = _("{title} is not at that client.") if side == "contact" else _("Nobody of that name is at {title}.")
        raise BadInput(nowhere.format(title=title))
    if len(there) == 1:
        return there[0]
    names = {place: await context.call(people.name_of, other, getattr(place, other)) for place in there}
    if context.ui is None:
        listed = ", ".join(f"{other}=#{getattr(place, other)} ({name})" for place, name in names.items())
        words = _("{title} is at several clients; name one: {listed}.")
        if side == "client":
            words = _("Several people are at {title}; name one: {listed}.")
        raise BadInput(words.format(title=title, listed=listed))
    choices = [Choice(str(at), name, place.role) for at, (place, name) in enumerate(names.items())]
    picked = await context.ui.choose(_("At which client?") if side == "contact" else _("Which person?"), choices)
    if not picked:
        raise Cancelled
    return there[int(picked[0])]
