"""The verb ``demo``: a workspace full of plausible data, made in one operation, then opened."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_tui import clock
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _
from crm_tui.verbs import printing
from crm_tui.verbs.request import Request

if TYPE_CHECKING:
    from crm_tui.db import Workspace
    from crm_tui.demo import DemoClient
    from crm_tui.journal import Writer
    from crm_tui.models.base import Entity
    from crm_tui.scope import Actor
    from crm_tui.verbs import demo_orders

BATCH = 2000
"""Clients written at a time."""

_LARGE = (
    "client", "contact", "affiliation", "interaction", "order", "order_line", "task", "dependency", "checklist_item",
    "time_entry", "change",
)  # fmt: skip
"""Tables that get many rows, none of which is looked for until all are written."""


def make_demo(request: Request) -> int | None:
    """Fill a workspace with plausible clients and contacts, and open it unless ``--no-open`` was given."""
    from crm_tui.verbs import opening

    options = request.options
    if options.orders and not options.clients:
        raise BadInput(_("Orders are of clients: there are none with --clients 0."))
    if not options.no_open:
        opening.require_terminal(_("--no-open makes the demo without opening it"))
    location = request.named or str(_throw_away(request))
    begun = time.monotonic()
    with request.opened(create=True, location=location) as (workspace, actor):
        _require_empty(request, workspace)
        contacts = fill(workspace, actor, options.clients, options.seed, options.orders, options.open_orders)
    _say(request, location, contacts, time.monotonic() - begun)
    if options.no_open:
        return None
    options.workspace = location
    return opening.open_program(request)


def _throw_away(request: Request) -> Path:
    """Return the path of the demo's own workspace, what an earlier demo left there removed."""
    from crm_tui.config import data_folder

    path = data_folder() / "demo.db"
    if path.exists():
        _require_nobody_there(request, path)
        for suffix in ("-wal", "-shm", "-lock", ""):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    return path


def _require_nobody_there(request: Request, path: Path) -> None:
    from crm_tui.services import presence

    if request.options.yes:
        return
    with request.opened_unsigned(location=str(path)):
        there = presence.others("")
    if there:
        raise CrmError(
            _("The demo is open ({logins}); close it first, or give --yes to begin a new one all the same.").format(
                logins=", ".join(there)
            )
        )


def _require_empty(request: Request, workspace: Workspace) -> None:
    from crm_tui.verbs import copying

    if not request.options.yes and copying.has_records(workspace):
        raise CrmError(
            _("{path} is not empty: the demo would be mixed into it. Name another workspace, or give --yes.").format(
                path=workspace
            )
        )


def fill(
    workspace: Workspace, actor: Actor, count: int, seed: int, orders: int = 0, still_open: int | None = None
) -> int:
    """Write the demo's operators, teams, tags, clients and contacts, and so many orders of theirs, in one operation;
    return how many contacts."""
    from crm_tui.demo import clients
    from crm_tui.journal import operation
    from crm_tui.verbs import demo_orders

    show = printing.progress(_("making the demo"))
    made = clients(count, seed, clock.today())
    contacts = 0
    summary = _("demo: {n} clients").format(n=count)
    with operation(workspace, actor, "demo", summary=summary, cause=f"seed {seed}") as writer:
        with workspace.without_indexes(_LARGE):
            people = _write_people(writer)
            tags: set[str] = set()
            buyers: list[demo_orders.Buyer] = []
            for done, batch in _batches(made):
                contacts += _write(writer, batch, people, tags, buyers)
                if show:
                    show(done, count)
            demo_orders.write(writer, buyers, people.operators, orders, still_open, seed, _in_words_of_its_own, show)
        if show:
            printing.note(_("making it searchable and saving it"))
    return contacts


class _People(NamedTuple):
    """Who works in the demo agency, in the order of its files."""

    operators: list[int]
    teams: list[int]
    members: list[list[int]]
    """The operators in each team."""


def _write_people(writer: Writer) -> _People:
    """Write the operators and teams that are not there yet."""
    from crm_tui.demo import operators, teams
    from crm_tui.models.base import entities
    from crm_tui.services.records import write_new

    listed, agency = operators(), teams()
    known = _ids(entities["operator"], "login")
    new = [one for one in listed if one["login"] not in known]
    made = writer.create_many(entities["operator"], [dict(one) for one in new])
    known |= dict(zip((one["login"] for one in new), made, strict=True))
    everyone = [known[one["login"]] for one in listed]
    members = [[everyone[at] for at in team.members] for team in agency]
    there = _ids(entities["team"], "name")
    for team, those in zip(agency, members, strict=True):
        if team.name not in there:
            there[team.name] = write_new(writer, entities["team"], {"name": team.name, "kind": team.kind})
            for place, operator in enumerate(those):
                week = 60 * (16 + 8 * (place % 3))
                who = {"operator": operator, "team": there[team.name], "capacity": week}
                write_new(writer, entities["membership"], who)
    return _People(everyone, [there[team.name] for team in agency], members)


def _ids(entity: Entity, name: str) -> dict[str, int]:
    model: Any = entity.model
    return dict(model.select(model._meta.fields[name], model.id).tuples())


def _batches(made: Iterator[DemoClient]) -> Iterator[tuple[int, list[DemoClient]]]:
    done = 0
    while batch := list(islice(made, BATCH)):
        done += len(batch)
        yield done, batch


def _write(
    writer: Writer, batch: list[DemoClient], people: _People, tags: set[str], buyers: list[demo_orders.Buyer]
) -> int:
    """Write clients with their contacts and the tags that are new, and note who may order; return how many contacts."""
    from crm_tui.models.base import entities
    from crm_tui.services import rules
    from crm_tui.verbs.demo_orders import Buyer

    rows: list[dict[str, Any]] = []
    for client in batch:
        owner, team = client.values["owner"], client.values["team"]
        in_charge = {
            "owner": people.operators[owner] if isinstance(owner, int) else None,
            "team": people.teams[team] if isinstance(team, int) else None,
        }
        rows.append({**client.values, **in_charge})
    used = {tag for row in rows for tag in row["tags"]} - tags
    if used:
        rules.ensure_tags(writer, used)
        tags |= used
    ids = writer.create_many(entities["client"], _in_words_of_its_own("client", rows))
    persons = [
        {**contact, "client": record} for record, client in zip(ids, batch, strict=True) for contact in client.contacts
    ]
    talkers = [_talker(client, row["owner"], people) for client, row in zip(batch, rows, strict=True)]
    contacts = writer.create_many(entities["contact"], _in_words_of_its_own("contact", persons))
    _write_conversations(writer, ids, talkers, batch, contacts)
    _write_affiliations(writer, ids, batch, contacts)
    first = 0
    for record, row, client in zip(ids, rows, batch, strict=True):
        buyers.append(Buyer(record, row["currency"], row["owner"], row["team"], contacts[first]))
        first += len(client.contacts)
    return len(persons)


def _talker(client: DemoClient, owner: int | None, people: _People) -> int | None:
    """Who talks to a client: its owner, else one of the team that serves it."""
    team = client.values["team"]
    if owner is not None or not isinstance(team, int):
        return owner
    members = people.members[team]
    return members[len(str(client.values["name"])) % len(members)]


def _write_affiliations(writer: Writer, ids: list[int], batch: list[DemoClient], persons: list[int]) -> None:
    """Let some people be at another client of their own one's country, too."""
    from crm_tui.demo.people import besides
    from crm_tui.models.base import entities

    rows: list[dict[str, Any]] = []
    latest: dict[object, int] = {}
    first = 0
    for place, client in enumerate(batch):
        country = client.values["country"]
        if (role := besides(place)) and country in latest:
            title = client.contacts[0]["title"]
            rows.append({"contact": persons[first], "client": latest[country], "role": role, "title": title})
        latest[country] = ids[place]
        first += len(client.contacts)
    writer.create_many(entities["affiliation"], _in_words_of_its_own("affiliation", rows))


def _write_conversations(
    writer: Writer, ids: list[int], talkers: list[int | None], batch: list[DemoClient], persons: list[int]
) -> None:
    """Write what was said with each client's first contact."""
    from crm_tui.models.base import entities

    said: list[dict[str, Any]] = []
    first = 0
    for record, talker, client in zip(ids, talkers, batch, strict=True):
        with_whom = {"client": record, "contact": persons[first], "operator": talker}
        said += [{**with_whom, **one} for one in client.conversations]
        first += len(client.contacts)
    writer.create_many(entities["interaction"], _in_words_of_its_own("interaction", said))


def _in_words_of_its_own(entity: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows in which words that the workspace does not have are those that mean the same there."""
    from crm_tui.models.base import entities

    for name, kind in entities[entity].entered.items():
        known = {option.value for option in getattr(kind, "options", ())} if getattr(kind, "words", "") else set()
        for row in rows if known else ():
            if row.get(name) and row[name] not in known:
                row[name] = kind.counterpart(row[name])  # type: ignore[attr-defined]  # a choice
    return rows


def _say(request: Request, location: str, contacts: int, seconds: float) -> None:
    from crm_tui.drivers import shown as shown_address
    from crm_tui.formats import whole

    shown = shown_address(location)
    clients = request.options.clients
    if request.json:
        printing.write_json(
            {"workspace": shown, "clients": clients, "contacts": contacts, "seconds": round(seconds, 3)}
        )
        return
    text = _("{path}: {clients} clients and {contacts} contacts, made in {seconds:.1f} s.")
    printing.note(text.format(path=shown, clients=whole(clients), contacts=whole(contacts), seconds=seconds))
    if request.options.no_open:
        printing.note(_("Open it with crm-tui --workspace {path}").format(path=shown))
