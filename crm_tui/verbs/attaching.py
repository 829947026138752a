"""Verbs on attached files: attach takes one in, extract writes a copy of one."""

from __future__ import annotations

import sys
from pathlib import Path

from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _
from crm_tui.verbs import asked, printing
from crm_tui.verbs.request import Request

PIPE = "-"
"""The name of a file that means stdout."""


def attach(request: Request) -> None:
    """Attach files to a record and print the ids of the attachments. The first that cannot be attached ends it."""
    from crm_tui.models.base import find_entity
    from crm_tui.services import attachments
    from crm_tui.verbs.reading import whole_record

    options = request.options
    with request.opened() as (workspace, actor):
        entity = find_entity(options.entity)
        record = asked.find_record(actor, entity, options.record)
        made = [
            attachments.attach(workspace, actor, entity, record, _path(name), options.name or "")
            for name in options.files
        ]
        if request.json:
            printing.write_json([whole_record(actor, find_entity("attachment"), one) for one in made])
        else:
            printing.write("".join(f"{one}\n" for one in made))


def extract(request: Request) -> None:
    """Write a copy of an attached file: into this folder, another one, a file, or with ``-`` to stdout.

    A file that is there already is replaced only when that is confirmed.
    """
    from crm_tui import file_store
    from crm_tui.commands.files import place_for
    from crm_tui.models.base import entities
    from crm_tui.queries import details

    options = request.options
    with request.opened() as (workspace, actor):
        attachment = entities["attachment"]
        found = details.detail(actor, attachment, asked.find_record(actor, attachment, options.attachment))
        stored, name = found.values["stored"], found.values["name"]
        if options.to == PIPE:
            for piece in file_store.read(workspace, stored):
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return
        target = place_for(options.to, name)
        if target.exists() and not options.yes and not _may_replace(target):
            raise CrmError(_("Nothing was written."))
        file_store.save_copy(workspace, stored, target)
    if request.json:
        printing.write_json({"file": str(target), "name": name, "bytes": found.values["size"]})
    else:
        printing.write(f"{printing.plain(str(target))}\n")


def _may_replace(target: Path) -> bool:
    if not printing.can_ask():
        raise CrmError(_("{file} is there already; give --yes to replace it.").format(file=target))
    return printing.confirmed(_("Replace {file}?").format(file=target), yes=False)


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:  # a home of nobody
        raise BadInput(str(error)) from error
