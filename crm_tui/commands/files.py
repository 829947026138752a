"""Files attached to records: attaching one, and saving a copy of one."""

from __future__ import annotations

from pathlib import Path

from crm_tui.commands.context import Context, about_record, needs_change, needs_record, needs_record_to_change
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity
from crm_tui.text import quoted


def _discussed(entity: Entity) -> bool:
    return entity.discussed


def _is_attachment(entity: Entity) -> bool:
    return entity.name == "attachment"


@command(
    "{entity}.attach", N_("attach a file"), keys=("F",), outside=True, scope="list record", of=_discussed,
    why_not=needs_record_to_change, rank=71, takes=("file", "name"),
)  # fmt: skip
async def attach(context: Context) -> None:
    """Attach a copy of a file to the record."""
    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("A file is attached to one record: choose one."))
    await _attach(context, context.of, ids[0])


@command(
    "attachment.add", N_("attach a file"), keys=("a",),
    outside=True, scope="record", of=_is_attachment, why_not=needs_change,
    rank=10, takes=("about", "record", "file", "name"),
)  # fmt: skip
async def add(context: Context) -> None:
    """Attach a copy of a file to the record."""
    await _attach(context, *about_record(context))


async def _attach(context: Context, entity: Entity, record: int) -> None:
    """Attach the file named; else ask until it can be attached."""
    from crm_tui.services import attachments  # start-up is budgeted

    given, name = context.arguments.get("file"), context.arguments.get("name", "")
    path, problem = given or "", ""
    while True:
        if given is None:
            typed = await context.screen.ask(_("Attach which file?"), path, help=problem or _("The path of the file"))
            if typed is None or not typed.strip():
                return
            path = typed.strip()
        try:
            file = Path(path).expanduser()
            made = await context.call(attachments.attach, context.workspace, context.actor, entity, record, file, name)
        except (CrmError, RuntimeError) as error:  # a home of nobody
            if given is not None:
                raise
            problem = str(error)
        else:
            context.say(_("Attached as #{id}").format(id=made))
            return


@command(
    "attachment.extract", N_("save a copy"), keys=("w",),
    outside=True, scope="list record", of=_is_attachment, why_not=needs_record,
    rank=12, takes=("to",),
)  # fmt: skip
async def extract(context: Context) -> None:
    """Save a copy of the attached file to a path; to=folder or to=file says where."""
    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("One file is saved at a time: choose one."))
    found = await context.detail(ids[0])
    named = context.arguments.get("to")
    asked = named is None
    if named is None:
        named = await context.screen.ask(_("Save a copy where?"), found.values["name"], help=_("A file or a folder"))
    if named is None or not named.strip():
        return
    target = place_for(named, found.values["name"])
    replaces = target.exists()
    if replaces and not (asked and await context.screen.confirm(_("Replace {file}?").format(file=target))):
        raise BadInput(_("{file} is there already; nothing was written.").format(file=target))
    from crm_tui import file_store

    await context.call(file_store.save_copy, context.workspace, found.values["stored"], target)
    context.say(_("Saved as {file}").format(file=target))


def place_for(named: str, name: str) -> Path:
    """Return where a copy of a file called ``name`` goes: the file named, or a file in the folder named. Raises
    BadInput for a folder that is not there."""
    try:
        target = Path(named.strip()).expanduser().absolute()
        if target.is_dir():
            target = target / name
        if not target.parent.is_dir():
            raise BadInput(_("There is no folder {path}.").format(path=target.parent))
        if target.is_dir():
            raise BadInput(_("{path} is a folder; name the file in it.").format(path=target))
    except (RuntimeError, OSError, ValueError) as error:  # a home of nobody, a name too long, a folder that is closed
        raise BadInput(
            _("{path} cannot be written: {reason}.").format(
                path=quoted(named), reason=getattr(error, "strerror", None) or error
            )
        ) from error
    return target
