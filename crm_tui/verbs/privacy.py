"""Verbs on people: export person gives all that is held of one, erase person takes it away for good."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _, ngettext
from crm_tui.verbs import printing
from crm_tui.verbs.request import Request
from crm_tui.verbs.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_tui.queries.mentions import Place

PERSON = "person"
PIPE = "-"

_SHOWN = 50
"""Places that are listed; ``--json`` has every one."""


def export_person(request: Request) -> None:
    """Write all that is held of a person to a file, or to stdout, and with ``--files`` their files into a folder."""
    from crm_tui.exporters import dossiers
    from crm_tui.queries.dossier import dossier
    from crm_tui.services.references import find_person

    options = request.options
    if options.columns is not None:
        raise BadInput(_("--columns is for lists: all that is held of a person is one document."))
    with request.opened() as (workspace, actor):
        entity, record = find_person(actor, _named(options.query))
        found = dossier(workspace, actor, entity, record)
        if options.to in (None, PIPE):
            printing.write_json(found.content)
        else:
            path = _path(options.to)
            dossiers.write(found, path)
            printing.note(_("All that is held of {person} is in {path}.").format(person=found.title, path=path))
        if options.files:
            folder = _path(options.files)
            problems = dossiers.write_files(workspace, found, folder)
            n = len(found.files) - len(problems)
            said = ngettext("{n} file written to {path}.", "{n} files written to {path}.", n)
            printing.note(said.format(n=n, path=folder))
            for problem in problems:
                printing.note(problem)
        elif found.files:
            n = len(found.files)
            said = ngettext("{n} file is named only; --files DIR writes it.",
                            "{n} files are named only; --files DIR writes them.", n)  # fmt: skip
            printing.note(said.format(n=n))


def erase(request: Request) -> None:
    """Erase a person, once that was confirmed, and list where the name still stands."""
    from crm_tui.queries import mentions
    from crm_tui.services import erasing
    from crm_tui.services.references import find_person

    options = request.options
    if options.what.strip().lower() != PERSON:
        raise BadInput(
            _("Only people are erased: crm-tui erase person {words}. Other records are archived.").format(
                words=" ".join(options.person)
            )
        )
    with request.opened() as (workspace, actor):
        entity, record = find_person(actor, _named(options.person))
        planned = erasing.plan(actor, entity, record)
        _require_yes(request, planned.question())
        done = erasing.erase(workspace, actor, entity, record, reason=options.reason or "")
        places = mentions.find(done.names)
        older = _older_files(workspace.path)
    if request.json:
        printing.write_json(
            {
                "entity": entity.name, "id": record, "summary": done.summary, "emptied": dict(done.counts),
                "journal": done.changes, "warnings": done.warnings, "older": [str(path) for path in older],
                "still_named": [
                    {"entity": one.entity, "id": one.record, "field": one.field, "operation": one.operation}
                    for one in places
                ],
            }
        )  # fmt: skip
        return
    printing.note(done.in_words())
    for warning in done.warnings:
        printing.note(warning)
    _say_older(older)
    _list_places(places)


def _named(words: Sequence[str]) -> str:
    text = " ".join(words).strip()
    if not text:
        raise BadInput(_("Name the person: an id, an e-mail, a name, or client:12 for a client who is one."))
    return text


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:  # a home of nobody
        raise BadInput(str(error)) from error


def _require_yes(request: Request, question: str) -> None:
    if request.options.yes:
        return
    if not printing.can_ask():
        raise CrmError(_("{question} Nothing was done: give --yes to confirm.").format(question=question))
    if not printing.confirmed(question, yes=False):
        raise CrmError(_("Nothing was changed."))


def _older_files(workspace: Path | None) -> list[Path]:
    """The files beside a workspace that were set aside before it was migrated or restored."""
    if workspace is None:
        return []
    with contextlib.suppress(OSError):
        return sorted(workspace.parent.glob(f"{workspace.name}.before-*"))
    return []


def _say_older(older: Sequence[Path]) -> None:
    printing.note(_("Backups made before still hold the person; whoever restores one has them erased again."))
    if older:
        listed = ", ".join(path.name for path in older)
        printing.note(
            _("So may what was set aside here; delete it when it is not needed: {files}").format(files=listed)
        )


def _list_places(places: Sequence[Place]) -> None:
    """Print where the person is still named: what others wrote is not emptied blindly."""
    if not places:
        printing.note(_("The name, e-mail and telephone number stand nowhere else."))
        return
    n = len(places)
    printing.note(
        ngettext(
            "{n} place still names the person, as a whole name, e-mail or telephone number; look at it:",
            "{n} places still name the person, as a whole name, e-mail or telephone number; look at them:",
            n,
        ).format(n=n)
    )
    columns = [Column(_("Where")), Column(_("Id"), right=True), Column(_("Field")), Column(_("Journal"), right=True)]
    rows = [(one.entity, str(one.record), one.field, str(one.operation or "")) for one in places[:_SHOWN]]
    printing.write_table(columns, rows)
    if n > _SHOWN:
        printing.note(_("{n} more; --json lists them all, once.").format(n=n - _SHOWN))
