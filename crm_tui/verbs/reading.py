"""Verbs that read records and the journal: list, show, log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_tui.errors import BadInput, NotFound
from crm_tui.i18n import _, ngettext
from crm_tui.verbs import asked, printing
from crm_tui.verbs.request import Request
from crm_tui.verbs.table import Column

if TYPE_CHECKING:
    from crm_tui.models.base import Entity
    from crm_tui.queries.lists import Listing
    from crm_tui.queries.timeline import Entry
    from crm_tui.scope import Actor

ENTRIES_SHOWN = 10
"""Entries of the journal below a record."""

_PAGE_OF_JOURNAL = 1000


def list_records(request: Request) -> None:
    """Print the matches of a query: all of them, but to a terminal a page."""
    from crm_tui.models.base import find_entity
    from crm_tui.queries import lists

    options = request.options
    form = "json" if request.json else options.format
    with request.opened() as (workspace, actor), workspace.snapshot():
        entity = find_entity(options.entity)
        names = asked.columns(options.columns)
        if not names and form in ("json", "csv"):
            names = ["id", *entity.fields]
        shown = asked.listing(actor, entity, " ".join(options.query), names)
        limit = options.limit or _page()
        if form == "ids":
            printing.write("".join(f"{record}\n" for record in lists.ids(actor, shown, limit)))
        elif form == "table":
            _table(actor, shown, limit)
        else:
            _values(actor, shown, limit, form)
        if limit and printing.on_terminal():
            _say_how_many_more(actor, shown, limit)


def _page() -> int | None:
    """Return how many lines of a list fit on the terminal; None in a pipe, where everything is printed."""
    return max(printing.size().lines - 3, 5) if printing.on_terminal() else None


def _table(actor: Actor, shown: Listing, limit: int | None) -> None:
    from crm_tui.db import batches
    from crm_tui.queries import extra_columns, lists

    entity = shown.entity
    extras = extra_columns.of(entity)
    columns = [
        Column(_("Id"), right=True)
        if name == "id"
        else Column(extras[name].label)
        if name in extras
        else Column(entity.fields[name].label, right=entity.fields[name].align == "right")
        for name in shown.columns
    ]
    wanted = lists.ids(actor, shown, limit)
    pages = (lists.rows(entity, page, shown.columns) for page in batches(wanted, 1000))
    printing.write_table(columns, (row.cells for page in pages for row in page))


def _values(actor: Actor, shown: Listing, limit: int | None, form: str) -> None:
    from crm_tui.queries import lists

    presenters = [lists.presenter(shown.entity, name) for name in shown.columns]
    rows = (
        [present(value) for present, value in zip(presenters, values, strict=True)]
        for _record, values in lists.values(actor, shown, limit)
    )
    if form == "json":
        printing.write_json_list(dict(zip(shown.columns, row, strict=True)) for row in rows)
    else:
        printing.write_csv(shown.columns, ([csv_cell(value) for value in row] for row in rows))


def csv_cell(value: Any) -> str:
    """Return a value of ``--json`` as a cell: what a person would type for it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return str(value["name"])
    return ", ".join(value) if isinstance(value, list) else str(value)


def _say_how_many_more(actor: Actor, shown: Listing, limit: int) -> None:
    from crm_tui.formats import whole
    from crm_tui.queries import lists

    more = lists.count(actor, shown) - limit
    if more > 0:
        text = ngettext("{n} more; --limit N shows as many as you like, a pipe all.",
                        "{n} more; --limit N shows as many as you like, a pipe all.", more)  # fmt: skip
        printing.note(text.format(n=whole(more)))


def show_record(request: Request) -> None:
    """Print everything about one record: its fields, the people there, what was done last."""
    from crm_tui.models.base import entities, find_entity
    from crm_tui.queries import details, stages
    from crm_tui.queries.timeline import journal

    with request.opened() as (workspace, actor), workspace.snapshot():
        entity = find_entity(request.options.entity)
        found = details.detail(actor, entity, asked.find_record(actor, entity, " ".join(request.options.record)))
        if request.json:
            printing.write_json(whole_record(actor, entity, found.id))
            return
        printing.write(printing.bold(f"{_(entity.label)} #{found.id}") + "\n")
        printing.write_facts(
            (kind.label, found.shown(name))
            for name, kind in entity.fields.items()
            if name == "version" or (found.values[name] is not None and found.shown(name))
        )
        if found.stages:
            printing.write_facts([(_("Stages"), stages.in_words(entity, found.stages))])
        if found.score_why:
            printing.write("\n" + _("Score, because of:") + "\n")
            printing.write("".join(f"  {printing.plain(one.text())}\n" for one in found.score_why))
        if found.contacts:
            people = entities["contact"]
            printing.write("\n")
            printing.write_table(
                [Column(people.fields[name].label) for name in details.CONTACT_COLUMNS],
                (row.cells for row in found.contacts),
            )
        if len(found.clients) > 1:
            printing.write("\n")
            fields = entities["affiliation"].fields
            columns = [Column(fields[name].label) for name in details.CLIENT_COLUMNS]
            printing.write_table(columns, (row.cells for row in found.clients))
        printing.write("\n")
        _conversations(entity, found.id)
        _journal_table(iter(journal(actor, entity, found.id, limit=ENTRIES_SHOWN)), records=False)


def _conversations(entity: Entity, record: int) -> None:
    """Print what was said last, if anything was."""
    from crm_tui import formats
    from crm_tui.models.base import entities
    from crm_tui.queries.story import Story
    from crm_tui.query import parse

    told = []
    if entity.name in ("client", "contact"):
        told = Story(entity, record, parse("has:at", entities["interaction"])).window(0, ENTRIES_SHOWN)
    if told:
        said = ((formats.near_moment(one.at), one.who, one.what) for one in told)
        printing.write_table([Column(_("When")), Column(_("Who")), Column(_("What was said"))], said)
        printing.write("\n")


def whole_record(actor: Actor, entity: Entity, record: int) -> dict[str, Any]:
    """Return one record as ``show --json`` gives it: its fields, a client's contacts as what they are there, and the
    clients a contact is at. Raises NotFound."""
    from crm_tui.formats import iso_moment
    from crm_tui.models.base import entities
    from crm_tui.queries import as_json, details, stages

    found = details.detail(actor, entity, record)
    shown = as_json.record_json(entity, record, found.values, found.titles)
    if found.stages:
        shown["stage_history"] = [
            {"stage": stay.stage, "since": iso_moment(stay.since), "days": stay.days} for stay in found.stages
        ]
    if entity.name == "order":
        pace = stages.pace(found.values, found.stages)
        shown |= {"age_days": pace.age, "days_in_stage": pace.in_stage, "cycle_days": pace.cycle}
    if entity.name == "client":
        people = entities["contact"]
        rows = [details.detail(actor, people, row.id) for row in found.contacts]
        shown["score_why"] = [{"rule": one.rule, "points": float(one.points)} for one in found.score_why]
        there = [{name: getattr(place, name) for name in ("role", "title", "primary")} for place in found.places]
        shown["contacts"] = [
            as_json.record_json(people, row.id, row.values | as_what, row.titles)
            for row, as_what in zip(rows, there, strict=True)
        ]
    if entity.name == "contact":
        shown["clients"] = [
            {"id": place.client, "name": row.cells[0], "role": place.role, "title": place.title,
             "primary": place.primary}
            for row, place in zip(found.clients, found.places, strict=True)
        ]  # fmt: skip
    return shown


def show_log(request: Request) -> None:
    """Print the journal, newest first: of everything, of an entity, or of one record, also one that is gone."""
    from crm_tui.models.base import find_entity
    from crm_tui.queries import as_json
    from crm_tui.queries.timeline import journal

    options = request.options
    since = _since(options.since) if options.since else None
    with request.opened() as (workspace, actor), workspace.snapshot():
        entity = find_entity(options.entity) if options.entity else None
        record = asked.find_record(actor, entity, " ".join(options.record)) if entity and options.record else None
        if entity and record is not None and not journal(actor, entity, record, limit=1):
            raise NotFound(_("There is no {label} with the id {id}.").format(label=_(entity.label), id=record))
        entries = _entries(actor, entity, record, since, options.limit or _page())
        if request.json:
            present = as_json.stored_presenter()
            printing.write_json_list(as_json.entry_json(entry, present) for entry in entries)
        else:
            _journal_table(entries, records=record is None)


def _since(text: str) -> datetime:
    """Return the moment that ``--since`` means: a moment, a day, or the beginning of a period such as this-week."""
    from crm_tui import moments

    try:
        return moments.read_moment(text)
    except ValueError as error:
        try:
            covered = moments.read_span(text)
        except ValueError:
            covered = None
        if covered is None:
            raise BadInput(f"--since: {error}") from error
        return covered.start


def _entries(
    actor: Actor, entity: Entity | None, record: int | None, since: datetime | None, limit: int | None
) -> Iterator[Entry]:
    """Yield journal entries in pages, so that a journal of any size fits in memory."""
    from crm_tui.queries.timeline import journal

    left, before = limit, None
    while left is None or left > 0:
        size = _PAGE_OF_JOURNAL if left is None else min(left, _PAGE_OF_JOURNAL)
        found = journal(actor, entity, record, since=since, limit=size, before=before)
        yield from found
        if len(found) < size:
            return
        before = found[-1].id
        left = None if left is None else left - len(found)


def _journal_table(entries: Iterator[Entry], *, records: bool) -> None:
    from crm_tui.formats import near_moment

    headings = [Column(_("When")), Column(_("Who")), Column(_("Operation"), right=True)]
    if records:
        headings.append(Column(_("Record")))
    rows = (
        [near_moment(entry.at), entry.login, str(entry.operation)]
        + ([f"{entry.entity} {entry.record}"] if records else [])
        + [entry.text()]
        for entry in entries
    )
    printing.write_table([*headings, Column(_("What"))], rows)
