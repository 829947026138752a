"""What is typed into the sections of a document on the screen: kept as drafts every two seconds, saved when one goes
on, settled where somebody else wrote the same."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from crm_tui import drafts, formats
from crm_tui.commands.context import Choice
from crm_tui.commands.forms import save_at, write
from crm_tui.documents.sections import Section, tidy
from crm_tui.errors import ANYWAY, Conflict, CrmError, Doubtful, InvalidRecord, NotFound
from crm_tui.i18n import _
from crm_tui.models.base import entities

if TYPE_CHECKING:
    from crm_tui.screens.document_writing import Writing
    from crm_tui.services.merging import EditConflict

KEEP_EVERY = 2.0
"""Seconds after which what was typed is on the disk."""


@dataclass(slots=True)
class Typed:
    """What was typed into a section and is not saved."""

    text: str
    version: int | None
    """The version of the section that was read before."""
    kept: str | None = None
    """What of it is on the disk."""
    problem: str = ""
    """Why it could not be saved, "" where that was not tried."""


def is_same(section: Section, text: str) -> bool:
    """Whether a text comes to what a section says already: a space at the end is still being typed behind."""
    if text == section.body:
        return True
    try:
        return tidy(replace(section, body=text)) == section.body
    except ValueError:
        return False


class SectionTexts:
    """The texts of a document's sections that are not saved, by the section's id."""

    def __init__(self, screen: Writing) -> None:
        self._screen = screen
        self.typed: dict[int, Typed] = {}
        self._disk = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._warned = False

    @property
    def _place(self) -> str:
        return self._screen.session.workspace.location

    def text_of(self, section: Section) -> str:
        """Return what a section says, with what was typed."""
        held = self.typed.get(section.id or 0)
        return section.body if held is None else held.text

    def take(self, section: Section, text: str, version: int | None) -> None:
        """Take note of what a section's text is now."""
        assert section.id is not None  # it is on the screen
        held = self.typed.get(section.id)
        if held is not None:
            held.text = text
        elif not is_same(section, text):
            self.typed[section.id] = Typed(text, version)

    async def keep_all(self) -> None:
        """Write what changed since it was last kept to the disk."""
        for section, held in list(self.typed.items()):
            if held.kept != held.text:
                await self._keep(section, held)

    async def _keep(self, section: int, held: Typed) -> None:
        async with self._disk:
            text = held.text
            if section not in self.typed:
                return  # saved meanwhile
            kept = await asyncio.to_thread(drafts.keep, self._place, "section", section, held.version, {"body": text})
            held.kept = text if kept else held.kept
        if not kept and not self._warned:
            self._warned = True
            self._screen.say(_("No draft can be kept (the disk refuses): save with ctrl+s."), problem=True)

    def keep_now(self) -> None:
        """Keep what is typed at once: the program is ending. Waits for the disk."""
        for section, held in self.typed.items():
            drafts.keep(self._place, "section", section, held.version, {"body": held.text})

    async def restore(self, sections: Mapping[int, Section]) -> None:
        """Bring back what was typed and never saved, by this account in a session that ended."""
        found = await asyncio.to_thread(self._drafts, list(sections))
        for section, draft in found.items():
            text = draft.typed.get("body", "")
            if text != sections[section].body:
                self.typed[section] = Typed(text, draft.version, kept=text)
            else:
                await asyncio.to_thread(drafts.drop, self._place, "section", section)
        if self.typed:
            names = ", ".join(sections[section].heading for section in self.typed)
            when = formats.near_moment(max(draft.kept_at for draft in found.values()))
            self._screen.say(_("What you typed {when} is back, not saved yet: {names}").format(when=when, names=names))

    def _drafts(self, sections: list[int]) -> dict[int, drafts.Draft]:
        found = {}
        for section in sections:
            draft = drafts.find(self._place, "section", section)
            if draft is not None:
                found[section] = draft
        return found

    async def discard(self, section: int) -> None:
        """Forget what was typed into a section."""
        async with self._disk:
            self.typed.pop(section, None)
            await asyncio.to_thread(drafts.drop, self._place, "section", section)

    async def save(self, section: Section) -> bool:
        """Save what was typed into a section; return whether nothing is left to save."""
        assert section.id is not None  # it is on the screen
        async with self._saving:
            held = self.typed.get(section.id)
            if held is None:
                return True
            if held.text == section.body:
                await self.discard(section.id)
                return True
            return await self._save(section, held, {"body": held.text}, held.version)

    async def _save(self, section: Section, held: Typed, typed: dict[str, Any], seen: int | None) -> bool:
        assert section.id is not None  # it is on the screen
        screen = self._screen
        text = held.text
        try:
            workspace, actor = screen.session.workspace, screen.session.actor
            saved = await screen.call(save_at, workspace, actor, entities["section"], section.id, typed, seen)
        except Doubtful as error:
            if await screen.confirm(error.question):
                return await self._save(section, held, typed | {ANYWAY: "yes"}, seen)
            held.problem = _("not saved; it is kept as a draft")
        except InvalidRecord as error:
            held.problem = "; ".join(error.problems.values())
        except Conflict as conflict:
            if hasattr(conflict, "theirs"):
                return await self._settle(section, held, typed, cast("EditConflict", conflict))
            held.problem = str(conflict)
        except NotFound as error:
            return await self._settle_gone(section, held, str(error))
        except CrmError as error:
            held.problem = str(error)
        else:
            screen.was_saved(section.id, saved)
            screen.note()
            if held.text == text:
                await self.discard(section.id)
            else:
                held.version, held.problem = saved, ""  # typed on while it was saved
            return True
        await self._keep(section.id, held)
        return False

    async def _settle(self, section: Section, held: Typed, typed: dict[str, Any], conflict: EditConflict) -> bool:
        """Somebody else changed the same section: let the operator choose, then save against theirs."""
        from crm_tui.screens.conflict_screen import ConflictScreen
        from crm_tui.widgets.conflict import ConflictData

        assert section.id is not None  # it is on the screen
        await self._keep(section.id, held)
        chosen = await self._screen.show_dialog(ConflictScreen(ConflictData.of(conflict, {"body": section.body})))
        if chosen is None:
            held.problem = _("somebody else changed it too: ctrl+s asks again what is to stay")
            return False
        if chosen.get("body") is not None:
            held.text = str(chosen["body"])
        return await self._save(section, held, typed | chosen, conflict.version)

    async def _settle_gone(self, section: Section, held: Typed, reason: str) -> bool:
        """The section was taken away while somebody wrote in it."""
        assert section.id is not None  # it is on the screen
        await self._keep(section.id, held)
        chosen = await self._screen.choose(
            reason,
            [Choice("add", _("add it again, with what you wrote")), Choice("keep", _("keep what you wrote as a draft")),
             Choice("discard", _("discard what you wrote"))],
        )  # fmt: skip
        if not chosen or chosen[0] == "keep":
            held.problem = reason
            return False
        if chosen[0] == "add":
            screen = self._screen
            values = {"document": f"#{screen.record}", "heading": section.heading, "kind": section.kind,
                      "body": held.text}  # fmt: skip
            try:
                await screen.call(
                    write, screen.session.workspace, screen.session.actor, entities["section"], None, values, None
                )
            except CrmError as error:
                held.problem = str(error)
                return False
        await self.discard(section.id)
        return True
