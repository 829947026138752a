"""Doing one thing: a write transaction that is journalled, searchable and announced."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import peewee as pw

from crm_tui import derived, recurring, scope, scoring, search, totals, waiting
from crm_tui.db import Workspace
from crm_tui.errors import Conflict, StorageFailed
from crm_tui.fields import vocabulary
from crm_tui.i18n import _
from crm_tui.journal import whole_words
from crm_tui.journal.news import DEFINING, Changed, announce, summed_up
from crm_tui.journal.writer import Writer
from crm_tui.models import custom, words
from crm_tui.models.workspace import load_currency
from crm_tui.scope import Actor

_LARGE = 5000
"""Changes after which the database looks over what it knows of its tables."""


Ending = Callable[[Writer], None]
"""Called when an operation has done what it is for; what it writes belongs to it, too."""

_endings: list[Ending] = []


def at_end(ending: Ending) -> Ending:
    """Register what is done at the end of every operation that somebody does."""
    _endings.append(ending)
    return ending


@contextmanager
def operation(
    workspace: Workspace,
    actor: Actor,
    command: str,
    *,
    summary: str = "",
    cause: str = "",
    subject: int | None = None,
    kind: str = "do",
) -> Iterator[Writer]:
    """Do one thing: a write transaction whose changes are journalled, searchable and announced after commit.

    Nothing is written, and no operation recorded, when the block raises or changes nothing. Raises NotAllowed,
    StorageFailed, and Conflict when what was written does not fit what is there (a record it belongs to is gone, a
    name that must be unique is taken).
    """
    require = scope.require_note if kind == "note" else scope.require_change
    require(replace(actor, readonly=actor.readonly or workspace.readonly))
    writer: Writer | None = None
    try:
        with workspace.write():
            actor = scope.as_of_now(actor)
            require(actor)
            others_words = _take_up()  # what another session added a moment ago is written and journalled, too
            before = dict(vocabulary)
            writer = Writer(
                workspace, actor, command, summary=summary, cause=cause, subject=subject, kind=kind,
                doubtful=others_words,
            )  # fmt: skip
            try:
                yield writer
                if kind == "do" and "word" in writer.touched:
                    whole_words.complete(writer, before)
                if kind == "do":
                    for ending in _endings:
                        ending(writer)
                writer.finish()
            except pw.IntegrityError as error:
                raise Conflict(
                    _("Nothing was saved: somebody else has just taken away what this belongs to, or taken its name.")
                ) from error
            if not writer.begun:
                return
            touched = _follow(workspace, writer, before)
    except BaseException:
        if writer is not None and not DEFINING.isdisjoint(writer.touched):
            with contextlib.suppress(StorageFailed, pw.PeeweeException):  # why it was not written is said instead
                _take_up()  # what was read while it was being written is not there
        raise
    if "setting" in writer.touched:
        load_currency()
    # Outside the transaction: what hears of the change may read the database.
    if not DEFINING.isdisjoint(writer.touched):
        _take_up()
    if writer.records >= _LARGE:
        workspace.look_over([*writer.touched, *(f"search_{name}" for name in writer.indexed), "change"])
    announce(Changed(writer.operation_id, summed_up(touched)))


def _take_up() -> bool:
    """Take up the words and custom fields that there are now; return whether the words are other ones."""
    custom.load()
    return words.load()


def _follow(workspace: Workspace, writer: Writer, before: words.Vocabularies) -> dict[str, set[int]]:
    """See that nothing is missing which must be there, and let what follows from the changes follow; return the
    records that are other ones now. ``before`` are the words there were."""
    everyone = writer.concerns_all
    if "operator" in writer.touched:
        scope.require_an_admin()
    if "word" in writer.touched:
        whole_words.require_whole(before)
        everyone |= derived.meanings(before) != derived.meanings(vocabulary)
    writer.require_words()
    search.reindex(workspace, writer.indexed, writer.created)
    touched = dict(writer.touched)
    worth = totals.refresh(workspace, {**touched, "order": writer.felt}, writer.former["order"])
    if worth:
        touched["order"] = touched.get("order", set()) | worth
    felt = {**touched, "order": writer.felt | worth}
    for name, complete in writer.complete.items():
        felt[name] = felt[name] - complete
    if differing := derived.refresh(workspace, felt, writer.former["client"], everyone=everyone):
        touched["client"] = touched.get("client", set()) | differing
    if scored := scoring.rescore(workspace, touched, writer.former["client"]):
        touched["client"] = touched.get("client", set()) | scored
    if freed := waiting.refresh(workspace, touched, writer.former["task"], everyone="word" in writer.touched):
        touched["task"] = touched.get("task", set()) | freed
    if "section" in touched or "document" in touched:
        from crm_tui import lengths  # few operations need it

        if longer := lengths.refresh(workspace, touched, writer.former["document"]):
            touched["document"] = touched.get("document", set()) | longer
    if coming := recurring.refresh(workspace, touched):
        touched["recurring_rule"] = touched.get("recurring_rule", set()) | coming
    if "custom_field" in writer.touched:
        from crm_tui.journal import custom_indexes  # few operations need it

        custom_indexes.keep_in_step(workspace)
    return touched
