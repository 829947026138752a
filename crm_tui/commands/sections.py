"""The sections of the document on the screen: moved between, written, added, arranged; and its text in ``$EDITOR``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.commands.context import Choice, Context, needs_change, needs_record_to_change
from crm_tui.commands.documents import one
from crm_tui.commands.making import doubtful
from crm_tui.commands.registry import command
from crm_tui.documents import kinds
from crm_tui.errors import ANYWAY, BadInput, CrmError
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import entities

if TYPE_CHECKING:
    from crm_tui.commands.shown import DocumentView


def _view(context: Context) -> DocumentView:
    view = context.screen.document_view
    if view is None:
        raise CrmError(_("There is no document on the screen."))
    return view


async def _section(context: Context) -> int:
    """The section to act on: the one at the cursor, or section= by its heading or #id."""
    from crm_tui import writings

    given = context.arguments.get("section")
    if given is None and context.ui is not None and context.ui.document_view is not None:
        at = context.ui.document_view.section
        if at is None:
            raise CrmError(_("The document has no sections yet: n adds the first."))
        await context.ui.document_view.keep()
        return at
    if given is None:
        raise BadInput(_("Name the section: section=#12, or its heading."), field="section")
    record = await one(context)
    held = await context.call(writings.read, record)
    wanted = given.removeprefix("#").casefold()
    found = [found for found in held if str(found.id) == wanted or found.heading.casefold() == wanted]
    if len(found) != 1 or found[0].id is None:
        raise BadInput(_("There is no section {name} in it.").format(name=given), field="section")
    return int(found[0].id)


async def _show(context: Context, section: int | None, *, write: bool = False) -> None:
    if section is not None and context.ui is not None and context.ui.document_view is not None:
        await context.ui.document_view.go_to(section, write=write)


@command("document.next", N_("next section"), keys=("j", "down"), scope="document", in_program=True, rank=101,
         instant=True)  # fmt: skip
async def next_section(context: Context) -> None:
    """Move to the next section."""
    _view(context).move(1)


@command("document.previous", N_("section before"), keys=("k", "up"), scope="document", in_program=True, rank=101,
         instant=True)  # fmt: skip
async def previous_section(context: Context) -> None:
    """Move to the section before."""
    _view(context).move(-1)


@command("document.first", N_("first section"), keys=("g g", "home"), scope="document", in_program=True, rank=101,
         instant=True)  # fmt: skip
async def first_section(context: Context) -> None:
    """Move to the first section."""
    _view(context).move(-kinds.MOST)


@command("document.last", N_("last section"), keys=("G", "end"), scope="document", in_program=True, rank=101,
         instant=True)  # fmt: skip
async def last_section(context: Context) -> None:
    """Move to the last section."""
    _view(context).move(kinds.MOST)


@command("document.write", N_("write"), keys=("enter", "i"), scope="document", in_program=True, rank=1,
         why_not=needs_change)  # fmt: skip
async def write(context: Context) -> None:
    """Write in the section; esc comes back here, and what was written is saved. What is not saved survives anything."""
    _view(context).write()


@command("document.page", N_("page"), keys=("v",), scope="document", in_program=True, rank=18)
async def page(context: Context) -> None:
    """Show the document as it reads, or no more."""
    _view(context).turn("page")


@command("document.alone", N_("text alone"), keys=("Z",), scope="document", in_program=True, rank=40)
async def alone(context: Context) -> None:
    """Show nothing but the text, or all again."""
    _view(context).turn("text")


@command("document.page_down", N_("page down"), keys=("pgdn", "ctrl+d", "space"), scope="document", in_program=True,
         rank=101, instant=True)  # fmt: skip
async def page_down(context: Context) -> None:
    """Move on in what is shown of the document."""
    _view(context).scroll_pages(0.9)


@command("document.page_up", N_("page up"), keys=("pgup", "ctrl+u"), scope="document", in_program=True, rank=101,
         instant=True)  # fmt: skip
async def page_up(context: Context) -> None:
    """Move back in what is shown of the document."""
    _view(context).scroll_pages(-0.9)


@command("document.fold", N_("fold"), keys=("z",), scope="document", in_program=True, rank=41)
async def fold(context: Context) -> None:
    """Show no more what is indented below the section, or show it again."""
    _view(context).fold()


@command("document.details", N_("everything about it"), keys=("o",), scope="document", in_program=True, rank=42)
async def about(context: Context) -> None:
    """Show the document's record: comments, files, what was done to it."""
    await context.screen.open_screen("record", {"entity": "document", "record": str(context.ids[0])})


@command("document.insert", N_("new section"), keys=("n",), scope="document", why_not=needs_record_to_change, rank=2,
         takes=("heading", "kind", "after", ANYWAY))  # fmt: skip
async def insert(context: Context) -> None:
    """Add a section behind the one at the cursor: name it, and say what it holds."""
    from crm_tui.services import documenting

    record = await one(context)
    view = context.ui.document_view if context.ui is not None else None
    after = view.section if view is not None else None
    if "after" in context.arguments:
        context.arguments["section"] = context.arguments["after"]
        after = await _section(context)
    heading, kind = context.arguments.get("heading"), context.arguments.get("kind")
    if heading is None:
        heading = await context.screen.ask(_("What is the section called?"))
        if heading is None or not heading.strip():
            return
        chosen = await context.screen.choose(
            _("What does it hold?"), [Choice(name, _(label)) for name, label in kinds.KINDS.items()]
        )
        if not chosen:
            return
        kind = chosen[0]
    if (kind or kinds.TEXT) not in kinds.KINDS:
        raise BadInput(_("There are {known}.").format(known=", ".join(kinds.KINDS)), field="kind")
    made = await doubtful(context, documenting.add_section, record, heading, kind=kind or kinds.TEXT, after=after)
    await _show(context, made, write=True)
    context.say(_("Section added; u undoes it"))


@command("document.rename", N_("rename section"), keys=("r",), scope="document", in_program=True,
         why_not=needs_record_to_change, rank=3)  # fmt: skip
async def rename(context: Context) -> None:
    """Change what the section is called, what it holds, whether it has to be filled in, and its hint."""
    from crm_tui.commands.context import Asked

    section = await _section(context)
    only = ("heading", "kind", "required", "hint")
    await context.screen.open_form(entities["section"], section, asked=Asked(_("section"), only))


@command("document.remove", N_("remove section"), keys=("d",), scope="document", why_not=needs_record_to_change, rank=4,
         takes=("section", ANYWAY))  # fmt: skip
async def remove(context: Context) -> None:
    """Take the section away; u brings it back."""
    from crm_tui.services import documenting

    section = await _section(context)
    await doubtful(context, documenting.remove_section, section)
    context.say(_("Section removed; u undoes it"))


@command("document.lower", N_("section down"), keys=("J",), scope="document", why_not=needs_record_to_change, rank=19,
         takes=("section", ANYWAY))  # fmt: skip
async def lower(context: Context) -> None:
    """Move the section down, with what is indented below it."""
    await _arrange(context, "move", 1)


@command("document.raise", N_("section up"), keys=("K",), scope="document", why_not=needs_record_to_change, rank=20,
         takes=("section", ANYWAY))  # fmt: skip
async def raise_section(context: Context) -> None:
    """Move the section up, with what is indented below it."""
    await _arrange(context, "move", -1)


@command("document.indent", N_("indent"), keys=(">",), scope="document", why_not=needs_record_to_change, rank=21,
         takes=("section", ANYWAY))  # fmt: skip
async def indent(context: Context) -> None:
    """Indent the section below the one above it."""
    await _arrange(context, "indent", 1)


@command("document.outdent", N_("indent less"), keys=("<",), scope="document", why_not=needs_record_to_change, rank=22,
         takes=("section", ANYWAY))  # fmt: skip
async def outdent(context: Context) -> None:
    """Indent the section less."""
    await _arrange(context, "indent", -1)


async def _arrange(context: Context, what: str, by: int) -> None:
    from crm_tui.services import documenting

    section = await _section(context)
    await doubtful(context, getattr(documenting, what), section, by)
    await _show(context, section)


@command("document.replace", N_("find and replace"), keys=("%",), scope="document", why_not=needs_record_to_change,
         rank=43, takes=("find", "with", ANYWAY))  # fmt: skip
async def replace_text(context: Context) -> None:
    """Replace a text by another one in all sections of the document, whatever its case; u undoes all of it."""
    from crm_tui.queries import documents
    from crm_tui.services import documenting

    record = await one(context)
    wanted, new = context.arguments.get("find"), context.arguments.get("with")
    if wanted is None:
        wanted = await context.screen.ask(_("Replace what?"))
        if not wanted:
            return
        count = await context.call(documents.count_of, record, wanted)
        if not count:
            raise CrmError(_("{text} stands nowhere in it.").format(text=wanted))
        said = ngettext("it stands there {n} time; nothing takes it away",
                        "it stands there {n} times; nothing takes it away", count).format(n=count)  # fmt: skip
        new = await context.screen.ask(_("By what?"), help=said)
        if new is None:
            return
    count = await doubtful(context, documenting.replace_text, record, wanted, new or "")
    context.say(ngettext("{n} place replaced; u undoes it", "{n} places replaced; u undoes it", count).format(n=count))


@command("document.section_outside", N_("section in $EDITOR"), keys=("E",),
         outside=True, scope="document", in_program=True, rank=11,
         why_not=needs_record_to_change)  # fmt: skip
async def section_outside(context: Context) -> None:
    """Edit the section in your own editor ($VISUAL or $EDITOR)."""
    from crm_tui.queries import documents

    section = await _section(context)
    found = await context.call(documents.whole, context.actor, context.ids[0])
    held = next(one for one in found.sections if one.id == section)
    text = await context.screen.edit_outside(held.body, ".md")
    if text is None:
        return
    if not text.strip() and not await context.screen.confirm(_("The editor left nothing. Empty the section?")):
        return
    await _view(context).put(held, text, found.versions[section])


@command("document.outside", N_("whole text in $EDITOR"), keys=("ctrl+e",),
         outside=True, scope="document", in_program=True, rank=44,
         why_not=needs_record_to_change)  # fmt: skip
async def outside(context: Context) -> None:
    """Edit the whole document as Markdown in your own editor. Sections that somebody else changed meanwhile stay, with
    yours behind them."""
    from crm_tui.documents import markdown
    from crm_tui.queries import documents
    from crm_tui.services import documenting

    record = await one(context)
    found = await context.call(documents.whole, context.actor, record)
    before = markdown.write({"title": found.title, "kind": found.kind}, found.sections, ids=True)
    text = await context.screen.edit_outside(before, ".md")
    if text is None:
        return
    if not text.strip():
        raise CrmError(_("The editor left nothing: the document stays as it was."))
    seen = {one.id: one.body for one in found.sections if one.id is not None}
    both = await _kept_on_failure(context, text, doubtful(context, documenting.replace_document, record, text, seen))
    await _show(context, context.screen.document_view.section if context.screen.document_view else None)
    if both:
        context.say(_("Others changed these meanwhile, both are there: {names}").format(names=", ".join(both)))
    else:
        context.say(_("Saved; u undoes it"))


async def _kept_on_failure(context: Context, text: str, saving: Any) -> Any:
    """What was typed in an editor and cannot be saved is kept in a file that is named."""
    from crm_tui.text_files import keep_text

    try:
        return await saving
    except CrmError as error:
        path = keep_text(text, ".md")
        raise CrmError(_("{reason} What you typed is in {path}.").format(reason=error, path=path)) from error


@command("document.follow", N_("open what the line leads to"), keys=("f",), scope="document", in_program=True, rank=45)
async def follow(context: Context) -> None:
    """Open what the section leads to: tasks and documents behind its lines, clients and orders written as #acme."""
    from crm_tui.commands.links import places
    from crm_tui.queries import documents

    section = await _section(context)
    found = await context.call(documents.whole, context.actor, context.ids[0])
    held = next(one for one in found.sections if one.id == section)
    links = await context.call(places, context.actor, held.body)
    if not links:
        raise CrmError(_("It leads nowhere: write #acme for a client or order."))
    chosen: list[str] | None = ["0"]
    if len(links) > 1:
        chosen = await context.screen.choose(
            _("Open what?"), [Choice(str(at), f"{label}") for at, (_entity, _id, label) in enumerate(links)]
        )
    if chosen:
        name, record, _label = links[int(chosen[0])]
        await context.screen.open_record(entities[name], record)


# While one writes: these neither wait nor ask, so that the next key finds them done


@command("writing.leave", N_("sections"), keys=("esc",), scope="writing", in_program=True, rank=1, instant=True)
async def leave_text(context: Context) -> None:
    """Go back to the sections; what was written is saved."""
    _view(context).leave_text()


@command("writing.save", N_("save"), keys=("ctrl+s",), scope="writing", in_program=True, rank=2, instant=True)
async def save_text(context: Context) -> None:
    """Save what was written. What is not saved is kept every two seconds, and comes back whatever happens."""
    _view(context).save_text()


@command(
    "writing.next", N_("next section"), keys=("ctrl+down",), scope="writing", in_program=True, rank=3, instant=True
)
async def next_text(context: Context) -> None:
    """Save, and go on in the next section."""
    _view(context).move(1)


@command("writing.previous", N_("section before"), keys=("ctrl+up",), scope="writing", in_program=True, rank=4,
         instant=True)  # fmt: skip
async def text_before(context: Context) -> None:
    """Save, and go on in the section before."""
    _view(context).move(-1)


@command("writing.time", N_("times"), keys=("ctrl+t",), scope="writing", in_program=True, rank=5, instant=True)
async def stamp(context: Context) -> None:
    """Let each new line of notes begin with the time, or no more."""
    _view(context).stamp()


@command("writing.find", N_("find"), keys=("ctrl+f",), scope="writing", in_program=True, rank=6, instant=True)
async def find(context: Context) -> None:
    """Find a text in the section. In the list of sections % replaces it everywhere."""
    _view(context).find()


@command(
    "writing.find_next", N_("find again"), keys=("ctrl+g",), scope="writing", in_program=True, rank=7, instant=True
)
async def find_next(context: Context) -> None:
    """Go to the next place where the text stands."""
    _view(context).find(again=True)


@command("writing.alone", N_("text alone"), keys=("f2",), scope="writing", in_program=True, rank=8, instant=True)
async def text_alone(context: Context) -> None:
    """Show nothing but the text, or all again."""
    _view(context).turn("text")
