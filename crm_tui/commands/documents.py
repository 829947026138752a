"""Documents: begun from a template, kept, compared, approved, given away; what they want made work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crm_tui.commands import asking
from crm_tui.commands.context import Choice, Context, needs_change, needs_record, needs_record_to_change
from crm_tui.commands.making import doubtful
from crm_tui.commands.registry import command
from crm_tui.errors import ANYWAY, BadInput, CrmError
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities
from crm_tui.scope import why_not_change
from crm_tui.text import quoted


def is_document(entity: Entity) -> bool:
    """Whether an entity is that of documents."""
    return entity.name == "document"


def _written_for(entity: Entity) -> bool:
    return entity.name in ("client", "contact", "order")


async def one(context: Context) -> int:
    """Return the document to act on. Raises BadInput where several are chosen."""
    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("Choose one document."))
    if context.ui is not None and context.ui.document_view is not None:
        await context.ui.document_view.keep()
    return ids[0]


@command("go.documents", N_("documents"), keys=("g r",), scope="list record rows dashboard", in_program=True, rank=105)
async def go_documents(context: Context) -> None:
    """Go to the documents: requirements, notes, briefs, minutes."""
    await context.screen.open_list(entities["document"])


@command("document.add", N_("new document"), keys=("a",), scope="list record", of=is_document, why_not=needs_change,
         rank=10, takes=("*",))  # fmt: skip
async def add(context: Context) -> None:
    """Begin a document with the sections of a template; template= names it, nothing is an empty one."""
    from crm_tui.services import document_templates, documenting

    given = {**context.given, **context.arguments}
    for name in ("about", "record"):
        given.pop(name, None)
    template = given.pop("template", None)
    if context.ui is None:
        record = await context.call(documenting.begin, context.workspace, context.actor, given, template or "")
        context.say(_("document #{id} added").format(id=record))
        return
    if template is None:
        offered = await context.call(document_templates.offered)
        choices = [Choice(name, name, "" if own else _("comes with crm-tui")) for name, own in offered]
        chosen = await context.ui.choose(_("Begin with what?"), [*choices, Choice("", _("nothing"))])
        if not chosen:
            return
        template = chosen[0]
    about = await _called(context, given)
    title = given.pop("title", None) or f"{about}: {template or _('document')}".strip(": ")

    async def begin(typed: str) -> str:
        values = {**given, "title": typed.strip()}
        record = await context.call(documenting.begin, context.workspace, context.actor, values, template)
        await context.screen.open_record(entities["document"], record)
        return _("Document added; u undoes it")

    await _ask_until(context, _("What is it called?"), title, begin)


async def _ask_until(context: Context, title: str, value: str, act: Any) -> None:
    problem = ""
    while (typed := await context.screen.ask(title, value, help=problem)) is not None:
        try:
            context.say(await act(typed))
        except CrmError as error:
            value, problem = typed, str(error)
            continue
        return


async def _called(context: Context, given: dict[str, str]) -> str:
    """What a document is for is called: the order, else the client."""
    for name in ("order", "client"):
        if (text := given.get(name, "")).startswith("#"):
            found = await context.brief(entities[name], int(text[1:]))
            return str(found.values["title"] if name == "order" else found.title)
    return given.get("client", "")


def _may_write(context: Context) -> str:
    return why_not_change(context.actor, entities["document"]) or needs_record(context)


@command("{entity}.notes", N_("discovery notes"), keys=("n",), scope="list record", of=_written_for, why_not=_may_write,
         rank=43, takes=("title",))  # fmt: skip
async def discover(context: Context) -> None:
    """Take notes while you talk to the client: a dated document opens at full height. Lines that begin with ! become
    requirements, with ? questions, with > tasks. The notes of today are gone on with."""
    from crm_tui.services import documenting

    ids = await context.records()
    found = await context.detail(ids[0])
    client = ids[0] if context.of.name == "client" else found.values.get("client")
    if client is None:
        raise BadInput(_("Notes are of a client; this person is at none."))
    order = ids[0] if context.of.name == "order" else None
    title = context.arguments.get("title", "")
    record = await context.call(documenting.notes_of_today, context.workspace, context.actor, client, order, title)
    if context.ui is None:
        context.say(_("document #{id}").format(id=record))
        return
    await context.ui.open_record(entities["document"], record)


@command("document.keep", N_("keep revision"), keys=("s",), scope="document", of=is_document,
         why_not=needs_record_to_change, rank=12, takes=("note",))  # fmt: skip
async def keep(context: Context) -> None:
    """Keep the document as it is now as a revision, with a note why: any two can be compared, and brought back."""
    from crm_tui.services import revising

    record = await one(context)
    note = context.arguments.get("note")
    if note is None and context.ui is not None:
        note = await context.ui.ask(_("Why is it kept?"), help=_("a few words, or nothing"))
        if note is None:
            return
    number, new = await context.call(revising.keep_revision, context.workspace, context.actor, record, note or "")
    context.say(_("Revision {n} kept").format(n=number) if new else _("Revision {n} says the same").format(n=number))


@command("document.revisions", N_("revisions"), keys=("R",), scope="list record document", of=is_document,
         why_not=needs_record, rank=14, takes=("revision", ANYWAY))  # fmt: skip
async def revisions(context: Context) -> None:
    """List the revisions; one that is chosen is brought back as a new revision, what stands there now is kept."""
    from crm_tui.queries import documents
    from crm_tui.services import revising

    record = await one(context)
    kept = await context.call(documents.revisions, record)
    if context.ui is None and "revision" not in context.arguments:
        context.found = [revision.as_json() for revision in kept]
        for revision in kept:
            context.say(revision.shown)
        return
    number = context.arguments.get("revision")
    if number is None:
        if not kept:
            raise CrmError(_("No revision was kept yet."))
        choices = [Choice(str(revision.number), revision.shown) for revision in kept]
        chosen = await context.screen.choose(_("Bring which revision back?"), choices)
        if not chosen:
            return
        number = chosen[0]
    made = await doubtful(context, revising.restore, record, _number(number))
    context.say(_("It says again what revision {n} said: that is revision {made}").format(n=number, made=made))


def _number(text: str) -> int:
    if not text.strip().isdecimal():
        raise BadInput(_("A revision is a number, like 3."), field="revision")
    return int(text)


@command("document.compare", N_("compare"), keys=("c",), scope="record document", of=is_document, why_not=needs_record,
         rank=15, takes=("before", "after"))  # fmt: skip
async def compare(context: Context) -> None:
    """Compare two revisions, or one with what stands there now, word by word."""
    from crm_tui.documents.compare import SAME, inline
    from crm_tui.queries import documents

    record = await one(context)
    kept = await context.call(documents.revisions, record)
    before, after = context.arguments.get("before"), context.arguments.get("after", "0")
    if before is None:
        if not kept:
            raise CrmError(_("No revision was kept yet: s keeps one."))
        if context.ui is None:
            before = str(kept[0].number)
    if context.ui is not None:
        given = {"document": str(record), "before": before or "", "after": after}
        await context.ui.open_screen("compare", given)
        return
    for difference in await context.call(documents.compared, record, _number(before or ""), _number(after)):
        if difference.how != SAME:
            context.say(f"{difference.how}: {difference.section.heading}")
            for line in difference.lines:
                if line.how != SAME:
                    marked = {"same": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}
                    context.say("  " + "".join(marked[piece.how].format(piece.text) for piece in inline(line)))


@command("document.ask", N_("ask approval"), keys=("A",), scope="list record document", of=is_document,
         why_not=needs_record_to_change, rank=16, takes=("contacts",))  # fmt: skip
async def ask(context: Context) -> None:
    """Put the document in review, and name who is to approve the revision."""
    from crm_tui.services import revising

    record = await one(context)
    if "contacts" in context.arguments:
        names = [name.strip() for name in context.arguments["contacts"].split(",") if name.strip()]
        contacts = [await asking.named(context, "contact", name, "contacts") for name in names]
    elif context.ui is None:
        raise BadInput(_("Name who is to approve it: contacts=Maria Anders, #12"), field="contacts")
    else:
        found = await context.brief(entities["document"], record)
        client = found.values["client"]
        if client is None:
            raise CrmError(_("It is of no client: nobody can be asked."))
        people = (await context.detail(client, entities["client"])).contacts
        if not people:
            raise CrmError(_("This client has no people yet: add who is to approve it."))
        choices = [Choice(str(person.id), str(person.cells[0]), str(person.cells[1] or "")) for person in people]
        chosen = await context.screen.choose(_("Who is to approve it?"), choices, several=True)
        if not chosen:
            return
        contacts = [int(one) for one in chosen]
    context.say(await context.call(revising.ask, context.workspace, context.actor, record, contacts))


@command("document.decide", N_("note what they said"), keys=("D",), scope="document", of=is_document,
         why_not=needs_record_to_change, rank=17, takes=("approval", "decision", "comment"))  # fmt: skip
async def decide(context: Context) -> None:
    """Note what somebody who was asked said: approved, or changes wanted and which."""
    from crm_tui.queries import documents
    from crm_tui.services import revising

    record = await one(context)
    asked = [found for found in await context.call(documents.asked, record) if found.decision == "asked"]
    approval = context.arguments.get("approval")
    if approval is None:
        if not asked:
            raise CrmError(_("Nobody is asked, or all have answered: A asks."))
        chosen: list[str] | None = [str(asked[0].id)]
        if len(asked) > 1:
            choices = [Choice(str(found.id), found.shown) for found in asked]
            chosen = await context.screen.choose(_("Who said something?"), choices)
        if not chosen:
            return
        approval = chosen[0]
    decision, comment = context.arguments.get("decision"), context.arguments.get("comment", "")
    if decision is None:
        options = [Choice("approved", _("approved")), Choice("changes wanted", _("changes wanted"))]
        who = next((found.who for found in asked if str(found.id) == approval), "")
        chosen = await context.screen.choose(_("What did {who} say?").format(who=who), options)
        if not chosen:
            return
        decision = chosen[0]
        comment = await context.screen.ask(_("In their words?"), help=_("or nothing")) or ""
    context.say(await context.call(revising.decide, context.workspace, context.actor, int(approval), decision, comment))


@command("document.status", N_("status"), keys=("S",), scope="record document", of=is_document,
         why_not=needs_record_to_change, rank=30, takes=("status", ANYWAY))  # fmt: skip
async def status(context: Context) -> None:
    """Give the document another status by hand; each change keeps a revision."""
    from crm_tui.services import records

    record = await one(context)
    kind: Any = entities["document"].fields["status"]
    wanted = context.arguments.get("status")
    if wanted is None:
        choices = [Choice(option.value, kind.show(option.value)) for option in kind.options]
        chosen = await context.screen.choose(_("Which status?"), choices)
        if not chosen:
            return
        wanted = chosen[0]

    def save(workspace: Any, actor: Any, *, anyway: bool) -> None:
        typed = {"status": wanted} | ({ANYWAY: "yes"} if anyway else {})
        records.save(workspace, actor, entities["document"], record, typed)

    await doubtful(context, save)
    context.say(_("Status: {status}").format(status=kind.show(kind.parse(wanted))))


@command("document.save_as", N_("save as a file"), keys=("w",),
         outside=True, scope="list record document", of=is_document,
         why_not=needs_record, rank=31, takes=("to", "revision"))  # fmt: skip
async def export(context: Context) -> None:
    """Write the document to a file: Markdown (.md), a web page that prints well (.html), PDF (.pdf) or text (.txt)."""
    from crm_tui.exporters import papers

    record = await one(context)
    number = _number(context.arguments.get("revision", "0"))
    given = context.arguments.get("to")
    found = await context.brief(entities["document"], record)

    async def write(typed: str) -> str:
        path = Path(typed.strip()).expanduser()
        if (
            given is None
            and path.exists()
            and not await context.screen.confirm(_("Replace {path}?").format(path=quoted(path, 200)))
        ):
            raise CrmError(_("Nothing was written."))
        written: Path = await context.call(papers.write, context.actor, record, path, number)
        return _("Written to {path}").format(path=written)

    if given is not None:
        context.say(await write(given))
        return
    await _ask_until(context, _("Save it where?"), papers.name_for(found.title, ".pdf"), write)


@command("document.make_template", N_("make a template"), keys=("T",), scope="record document", of=is_document,
         why_not=needs_record, rank=60, takes=("name", "empty"))  # fmt: skip
async def make_template(context: Context) -> None:
    """Make a template of the document, for others to begin with: its sections, without what is written in them."""
    from crm_tui.services import documenting

    record = await one(context)
    name = context.arguments.get("name")
    empty = context.arguments.get("empty", "yes") != "no"

    async def make(typed: str) -> str:
        await context.call(documenting.make_template, context.workspace, context.actor, record, typed, empty=empty)
        return _("Template {name} made").format(name=quoted(typed))

    if name is not None:
        context.say(await make(name))
        return
    found = await context.brief(entities["document"], record)
    await _ask_until(context, _("What is the template called?"), found.values["kind"], make)
