"""The verb ``doctor``: says what is wrong with this installation and this workspace, and puts right what it can."""

from __future__ import annotations

from collections.abc import Iterator

from crm_tui import clock, drivers
from crm_tui.db import Workspace
from crm_tui.errors import CannotOpen, StorageFailed
from crm_tui.formats import iso_moment
from crm_tui.i18n import _
from crm_tui.scope import require_change
from crm_tui.verbs import attached, checks, printing, soundness
from crm_tui.verbs.checks import FIXED, OK, PROBLEM, Finding
from crm_tui.verbs.request import Request


def examine(request: Request) -> int | None:
    """Print what every check found. Returns 1 when there is a problem, 5 when the workspace cannot be opened."""
    found: list[Finding] = []
    cannot_open = False
    for finding in _all_checks(request):
        cannot_open = cannot_open or (finding.name == "workspace" and finding.state == PROBLEM)
        found.append(finding)
        if not request.json:
            printing.write(printing.plain(f"{_(_WORDS[finding.state]):<8} {finding.name:<18} {finding.text}") + "\n")
    problems = [finding for finding in found if finding.state == PROBLEM]
    if request.json:
        listed = [{"name": one.name, "state": one.state, "text": one.text} for one in found]
        printing.write_json({"ok": not problems, "at": iso_moment(clock.now()), "checks": listed})
    if cannot_open:
        return CannotOpen.exit_code
    return 1 if problems else None


_WORDS = {"ok": "ok", "warning": "note", "problem": "PROBLEM", "fixed": "fixed"}


def _all_checks(request: Request) -> Iterator[Finding]:
    yield from checks.check_configuration(request.config_problem)
    yield from checks.check_terminal()
    try:
        with request.opened() as (workspace, actor):
            if request.options.fix:
                require_change(actor)
            yield Finding("workspace", OK, drivers.shown(workspace.location))
            yield Finding("operator", OK, f"{actor.login} ({actor.role})")
            if workspace.path is not None:
                yield from checks.check_files(workspace.path)
            yield from _inside(request, workspace)
    except CannotOpen as error:
        yield Finding("workspace", PROBLEM, str(error))
    except StorageFailed as error:
        yield Finding("storage", PROBLEM, str(error))


def _inside(request: Request, workspace: Workspace) -> Iterator[Finding]:
    fix = request.options.fix
    yield from soundness.check_storage(workspace, fix=fix)
    yield from soundness.check_companions(workspace, fix=fix)
    yield from check_numbers(workspace, fix=fix)
    yield from soundness.check_search(workspace, fix=fix)
    yield from attached.check(workspace)
    yield from soundness.check_journal(all_records=request.options.all)


def check_numbers(workspace: Workspace, *, fix: bool) -> Iterator[Finding]:
    """Ask whether the numbers that are kept by the day are what counting from scratch says."""
    from crm_tui.worker import keeping

    wrong = keeping.differences()
    if not wrong:
        yield Finding("numbers", OK, _("what is kept by the day is what counting says"))
    elif fix:
        keeping.forget(workspace)
        yield Finding("numbers", FIXED, _("the numbers by the day are counted anew"))
    else:
        what = "; ".join(wrong)
        yield Finding("numbers", PROBLEM, _("--fix counts them anew; otherwise than counted: {what}").format(what=what))
