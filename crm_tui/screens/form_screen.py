"""The form of a record: what is typed is a draft at once and a record on ctrl+s; conflicts are settled side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import ComposeResult

from crm_tui import drafts, formats, personal
from crm_tui.commands.context import Asked, Choice
from crm_tui.commands.forms import write
from crm_tui.errors import ANYWAY, BadInput, Conflict, Doubtful, Erased, InvalidRecord
from crm_tui.i18n import _
from crm_tui.models.base import Entity
from crm_tui.queries import details, flags, said
from crm_tui.queries.known_values import known_people, known_values
from crm_tui.screens.base import CrmScreen
from crm_tui.session import Session
from crm_tui.widgets.form import messages
from crm_tui.widgets.record_form import FormData, RecordForm
from crm_tui.widgets.record_view import Part, RecordView

if TYPE_CHECKING:
    from crm_tui.services.merging import EditConflict


class FormScreen(CrmScreen):
    """Adding or editing one record."""

    scopes: ClassVar[tuple[str, ...]] = ("form",)
    DEFAULT_CSS = """
    FormScreen RecordForm { height: 1fr; }
    FormScreen #alike { height: 1; padding: 0 1; display: none; }
    """

    def __init__(
        self,
        session: Session,
        entity: Entity,
        record: int | None,
        given: Mapping[str, str] | None = None,
        asked: Asked | None = None,
    ) -> None:
        """``given`` fills in fields; ``asked`` says what a form of some fields only is for."""
        super().__init__(session)
        self._asked = asked or Asked()
        self._entity, self.record, self.given = entity, record, dict(given or {})
        self.version: int | None = None
        self.name_of_record = ""
        self.form = RecordForm()
        self._alike = RecordView(id="alike")
        self._loaded: Mapping[str, Any] = {}
        self._like: list[Part] = []
        self._advice: list[Part] = []
        self._saving = self._warned = self._saved = False
        self._disk = asyncio.Lock()
        self._early: list[events.Key] | None = []

    @property
    def entity(self) -> Entity:
        """The entity of the record."""
        return self._entity

    def crumbs(self) -> Sequence[str]:
        """Workspace, list, and what is being done."""
        if self._asked.title:
            doing = self._asked.title
        elif self.record:
            doing = _("edit {title}").format(title=self.name_of_record)
        else:
            doing = _("new {label}").format(label=_(self._entity.label))
        return (self.session.name, _(self._entity.label_plural).capitalize(), doing)

    def compose_body(self) -> ComposeResult:
        """The form, and below it what the record lacks or is like, if anything."""
        yield self.form
        yield self._alike

    def on_mount(self) -> None:
        """Fill the form in."""
        super().on_mount()
        self.background(self._load())

    async def _load(self) -> None:
        given = {name: await self._readable(name, text) for name, text in self.given.items()}
        if self.record is None:
            data = FormData(self._entity, given=given, only=self._asked.only)
        elif await self.call(personal.erased, self._entity.name, [self.record]):
            await self._close_on_erased(
                _("{label} {id} is of a person who was erased; nothing of them is written again.").format(
                    label=_(self._entity.label).capitalize(), id=self.record
                )
            )
            return
        else:
            found = await self.call(details.brief, self.session.actor, self._entity, self.record)
            self.version, self.name_of_record, self._loaded = found.version, found.title, found.values
            data = FormData(
                self._entity, self.record, found.version, found.values, found.titles, given, self._asked.only
            )
        self.form.load(replace(data, faceted=self._entity.faceted, facets=self._entity.facets))
        await self._restore_draft()
        self.form.focus()
        self._advise(self.form.changed())
        self.call_after_refresh(self._begin)
        self.show_place()
        self.show_keys()

    def _begin(self) -> None:
        early, self._early = self._early, None
        for event in early or ():
            self.app.post_message(events.Key(event.key, event.character))

    async def on_key(self, event: events.Key) -> None:
        """Keys typed before the form is there are the first typed into it."""
        if self._early is not None and event.key != "escape":
            event.stop()
            event.prevent_default()
            self._early.append(event)
        else:
            await super().on_key(event)

    def focus_body(self) -> None:
        """Put the cursor into the form."""
        self.form.focus()

    async def _readable(self, name: str, text: str) -> str:
        """A reference given by its id is shown by its name, where that finds it again."""
        target = self._entity.references.get(name)
        if target is None or not text.startswith("#"):
            return text
        found = await self.call(details.detail, self.session.actor, target, int(text[1:]))
        same = await self.call(known_values, self.session.actor, self._entity, name, found.title)
        return found.title if same == [found.title] else text

    # Drafts: files, so that they outlive the database; written on a thread, for they wait for the disk

    @property
    def _draft(self) -> tuple[str, str, int | None]:
        # What is typed about one client, or person, must not come back in a form about another.
        whose = self.given.get("client") or self.given.get("contact")
        about = f"{self._entity.name}:{whose}" if whose else self._entity.name
        return (self.session.workspace.location, about + self._asked.draft, self.record)

    async def _restore_draft(self) -> None:
        draft = await asyncio.to_thread(drafts.find, *self._draft)
        if draft is None:
            return
        self.form.apply(draft.typed, draft.version)
        when = formats.near_moment(draft.kept_at)
        outdated = draft.warning(self.version)
        self.say(outdated or _("What you typed {when} is back; esc lets you discard it.").format(when=when))
        self.version = draft.version

    def keep_draft(self) -> bool:
        """Keep what is typed, for when this session ends before it is saved. Waits for the disk."""
        if not self.form.is_dirty:
            return drafts.drop(*self._draft)
        return drafts.keep(*self._draft, self.version, self.form.changed())

    async def _drop_draft(self) -> None:
        async with self._disk:
            self._saved = True
            await asyncio.to_thread(drafts.drop, *self._draft)

    def on_record_form_draft_changed(self, event: messages.DraftChanged) -> None:
        """Something was typed."""
        if not self._saving:
            self.background(self._keep_typed(dict(event.typed)))
            self._advise(event.typed)
            if self.record is None and self._entity.alike:
                self.background(self._look_for_alike(dict(event.typed)))

    @property
    def texts(self) -> dict[str, str]:
        """What is filled in, by field."""
        return {entry.name: entry.text for entry in self.form.state.fields}

    async def _look_for_alike(self, typed: dict[str, str]) -> None:
        """Say calmly that there may be such a record already; nothing is stopped by it."""
        from crm_tui.queries import duplicates

        found = await self.session.database.newest(
            "alike", duplicates.likely, self.session.actor, self._entity, typed, most=3
        )
        others = "; ".join(one.text() for one in found)
        self._like = [Part(_("Like {others}").format(others=others), "warning")] if found else []
        self._show_below()

    def _advise(self, typed: Mapping[str, str]) -> None:
        """Say calmly what all that is filled in comes to, or that a client should have an account manager; nothing is
        stopped by it."""
        if self._entity.name in said.SAID_OF:
            self.background(self._tell(self.texts))
        if self._entity.name != "client":
            return
        held = {name: typed.get(name, self._loaded.get(name)) or None for name in ("kind", "stage", "owner", "team")}
        flagged = flags.without_manager(held)
        self._advice = [Part(f"! {flagged}   ", "warning")] if flagged else []
        self._show_below()

    async def _tell(self, texts: dict[str, str]) -> None:
        told = await self.session.database.newest("told", said.told, self._entity.name, texts)
        self._advice = [Part(told, "label")] if told else []
        self._show_below()

    def _show_below(self) -> None:
        lines = [*self._advice, *self._like]
        self._alike.display = bool(lines)
        self._alike.show([lines] if lines else [])

    async def _keep_typed(self, typed: dict[str, str]) -> None:
        async with self._disk:  # one after the other: a draft must not be written back after it was dropped
            if self._saved:
                return
            if typed:
                kept = await asyncio.to_thread(drafts.keep, *self._draft, self.version, typed)
            else:
                kept = await asyncio.to_thread(drafts.drop, *self._draft)
        if not kept and not self._warned:
            self._warned = True
            self.say(_("No draft can be kept (the disk refuses): save before you leave."), problem=True)

    # Saving

    async def save_form(self) -> None:
        """Check the form and save it."""
        self.form.submit()

    def on_record_form_submitted(self, event: messages.Submitted) -> None:
        """The form is in order, as far as it can tell."""
        if not self._saving:
            self.background(self._save(dict(event.typed), event.version))

    async def _save(self, typed: dict[str, Any], seen: int | None) -> None:
        self._saving = True
        try:
            await self._write(typed, seen)
        except InvalidRecord as error:
            self.form.show_problems(error.problems)
        except Erased as error:
            await self._close_on_erased(str(error))
        except Doubtful as error:
            if await self.confirm(error.question):
                await self._save(typed | {ANYWAY: "yes"}, seen)
        except Conflict as conflict:
            if hasattr(conflict, "theirs"):
                await self._settle(typed, cast("EditConflict", conflict))
            else:
                self.say(str(conflict), problem=True)
        except BadInput as error:
            self.form.show_problems({error.field: str(error)}) if error.field else self.say(str(error), problem=True)
        finally:
            self._saving = False
            self.form.release()

    async def _write(self, typed: dict[str, Any], seen: int | None) -> None:
        said, opens, new = _("Nothing was changed"), False, self.record is None
        if self.record is None or typed:
            workspace, actor = self.session.workspace, self.session.actor
            if new and self._asked.only:  # what follows from where the form was opened is not asked for
                typed = {name: text for name, text in self.given.items() if name not in self._asked.only} | typed
            record, merged = await self.call(write, workspace, actor, self._entity, self.record, typed, seen)
            await self._drop_draft()
            self.record, opens = record, new and self._asked.opens
            label = _(self._entity.label).capitalize()
            said = _("{label} added; u undoes it").format(label=label) if new else _("Saved; u undoes it")
            if merged:
                fields = ", ".join(self._entity.fields[name].label for name in merged if name in self._entity.fields)
                said = _("Saved, together with what others changed meanwhile: {fields}").format(fields=fields)
        assert self.record is not None
        self.crm.close_screen()
        self._say_below(said)
        if isinstance(self.app.screen, CrmScreen):
            self.app.screen.record_saved(self._entity, self.record)
            if opens:
                self.app.screen.background(self.crm.open_record(self._entity, self.record))  # this screen is gone
            elif "due_on" in typed and not new:
                self.app.screen.background(self._offer_to_shift(self.app.screen, self.record))

    async def _offer_to_shift(self, below: CrmScreen, record: int) -> None:
        """What waits for a task that is due on another day now may be put off by as many days."""
        command = self.session.keymap.by_id(f"{self._entity.name}.shift")
        former = self._loaded.get("due_on")
        if command is None or former is None:
            return
        found = await below.call(details.brief, self.session.actor, self._entity, record)
        if found.values["due_on"] not in (None, former):
            context = below.context()
            context.entity, context.ids, context.all_ids = self._entity, (record,), None
            context.arguments = {"days": str((found.values["due_on"] - former).days)}
            await below.run(command, given=context)

    async def _close_on_erased(self, reason: str) -> None:
        """Close this form, and forget what was typed of somebody who was erased: it does not come back by itself."""
        await self._drop_draft()
        self.crm.close_screen()
        self._say_below(reason, problem=True)

    def _say_below(self, text: str, *, problem: bool = False) -> None:
        """Say something on the screen that this form stood on, once it is closed."""
        if isinstance(self.app.screen, CrmScreen):
            self.app.screen.say(text, problem=problem)

    async def _settle(self, typed: dict[str, Any], conflict: EditConflict) -> None:
        """Let the operator choose field by field, then save against the version the choice was made on."""
        from crm_tui.screens.conflict_screen import ConflictScreen
        from crm_tui.widgets.conflict import ConflictData

        await asyncio.to_thread(self.keep_draft)
        data = ConflictData.of(conflict, self._loaded)
        chosen = await self.show_dialog(ConflictScreen(data))
        if chosen is not None:
            await self._save(typed | chosen, conflict.version)

    # Leaving

    async def leave_form(self) -> None:
        """Ask what becomes of what was typed, if anything was."""
        if not self.form.is_dirty:
            await self._drop_draft()
            self.crm.close_screen()
            return
        chosen = await self.choose(
            _("What becomes of what you typed?"),
            [
                Choice("save", _("save it")),
                Choice("keep", _("keep it as a draft and leave")),
                Choice("discard", _("discard it")),
            ],
        )
        if not chosen:
            return
        if chosen[0] == "save":
            self.form.submit()
            return
        if chosen[0] == "discard":
            await self._drop_draft()
        else:
            await asyncio.to_thread(self.keep_draft)
        self.crm.close_screen()

    def on_record_form_dismissed(self, _event: messages.Dismissed) -> None:
        """The form was asked to close."""
        self.background(self.leave_form())

    # What the form needs

    def on_record_form_values_wanted(self, event: messages.ValuesWanted) -> None:
        """Completion of a reference or of tags."""
        self.background(self._offer(event.field, event.prefix, event.generation))

    async def _offer(self, field: str, prefix: str, generation: int) -> None:
        newest, actor = self.session.database.newest, self.session.actor
        if (self._entity.name, field) == ("interaction", "contact") and (client := self._client()):
            values = await newest("completion", known_people, actor, client, prefix)
        else:
            values = await newest("completion", known_values, actor, self._entity, field, prefix)
        self.form.offer(field, generation, values)

    def _client(self) -> str:
        """The client that the form names, as it is typed: whoever was talked to is one of its people."""
        held = self._loaded.get("client")
        return self.form.changed().get("client") or self.given.get("client") or (f"#{held}" if held else "")

    def on_record_form_outside_wanted(self, event: messages.OutsideWanted) -> None:
        """Edit a long field in an editor."""
        self.background(self._edit_outside(event.field, event.text))

    async def _edit_outside(self, field: str, text: str) -> None:
        edited = await self.edit_outside(text, ".md")
        if edited is not None:
            self.form.apply({field: edited})
            self.keep_draft()

    async def edit_field_outside(self) -> None:
        """Edit the field with the cursor in an editor."""
        if not self.form.edit_outside():
            self.say(_("Put the cursor into a field of several lines."))
