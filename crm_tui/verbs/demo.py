"""The verb ``demo``: a workspace full of plausible data, made in one operation, then opened."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _
from crm_tui.verbs import printing
from crm_tui.verbs.request import Request

if TYPE_CHECKING:
    from crm_tui.db import Workspace
    from crm_tui.journal import Writer
    from crm_tui.models.base import Entity
    from crm_tui.scope import Actor
    from crm_tui.verbs import demo_clients

_MANY = 5000
"""Clients of which so many are made by a second process."""

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
    from crm_tui.journal import operation
    from crm_tui.verbs import demo_orders

    show = printing.progress(_("making the demo"))
    contacts = 0
    summary = _("demo: {n} clients").format(n=count)
    doing = operation(workspace, actor, "demo", summary=summary, cause=f"seed {seed}")
    with workspace.straight_into_the_file(), doing as writer:
        with workspace.without_indexes(_LARGE):
            agency = write_agency(writer)
            tags: set[str] = set()
            buyers: list[demo_clients.Buyer] = []
            with closing(_batches(workspace, agency, count, seed)) as batches:
                for batch in batches:
                    _write(writer, batch, tags)
                    contacts += sum(len(rows.ids) for rows in batch.rows if rows.entity == "contact")
                    buyers += batch.buyers()
                    if show:
                        show(len(buyers), count)
            demo_orders.write(writer, buyers, agency.operators, orders, still_open, seed, show)
        if show:
            printing.note(_("saving it"))
    return contacts


def _batches(
    workspace: Workspace, agency: demo_clients.Agency, count: int, seed: int
) -> Generator[demo_clients.Batch, None, None]:
    """Return the clients to write; many are made by a second process while this one writes."""
    from crm_tui import ahead
    from crm_tui.verbs import demo_clients

    made = demo_clients.Making(agency, demo_clients.ids_of(workspace)).batches(count, seed)
    return ahead.work_ahead(made) if count >= _MANY and not workspace.postgres and ahead.possible() else made


def _write(writer: Writer, batch: demo_clients.Batch, tags: set[str]) -> None:
    """Write clients and all about them, and the tags that are new."""
    from crm_tui.services import rules

    if used := batch.tags - tags:
        rules.ensure_tags(writer, used)
        tags |= used
    for rows in batch.rows:
        writer.write_new(rows)


def write_agency(writer: Writer) -> demo_clients.Agency:
    """Write the operators and teams that are not there yet."""
    from crm_tui.demo import operators, teams
    from crm_tui.models.base import entities
    from crm_tui.services.records import write_new
    from crm_tui.verbs.demo_clients import Agency

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
    return Agency(everyone, [there[team.name] for team in agency], members)


def _ids(entity: Entity, name: str) -> dict[str, int]:
    model: Any = entity.model
    return dict(model.select(model._meta.fields[name], model.id).tuples())


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
