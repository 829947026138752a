"""What a form is given, and what its fields hold: no screen, so every rule about typed text can be read here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from crm_tui import clock, formats
from crm_tui.fields import DATED, Choice, Kind, Reference
from crm_tui.i18n import N_, _
from crm_tui.text import clean, clean_line, fold

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
"""Families whose text depends on the day it is typed: ``tomorrow`` is resolved before it is kept."""

TEXT_AT_MOST, LONGEST_PARAGRAPH = 200_000, 10_000
"""Characters of a text, and between two breaks of it, that are edited in the form without a pause that is felt."""


class Facet(Protocol):
    """What a form needs to know of one kind of record."""

    @property
    def first(self) -> Sequence[str]:
        """The fields that are asked before all others, in their order."""

    def label(self, kind: Kind) -> str:
        """Return what a field is called of this kind."""


class Described(Protocol):
    """What a form needs to know of an entity."""

    @property
    def name(self) -> str:
        """The entity's name."""

    @property
    def label(self) -> str:
        """Untranslated singular."""

    @property
    def entered(self) -> Mapping[str, Kind]:
        """The fields a person fills in, in their order."""


@dataclass(frozen=True)
class FormData:
    """What a form begins with."""

    entity: Described
    record_id: int | None = None
    """None for a record that is being added."""
    version: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """Python values by field name; those of a new record that are missing begin with their default."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What each reference leads to is called, by field name."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Text already filled in, by field name; in an existing record it counts as typed."""
    only: tuple[str, ...] = ()
    """The fields asked for, in their order; none named are all."""

    faceted: str = ""
    """The choice by which the form differs."""
    facets: Mapping[str, Facet] = field(default_factory=dict)
    """What is asked first of each value of that choice, and what it is called then."""

    @property
    def entered(self) -> Mapping[str, Kind]:
        """The fields to fill in."""
        entered = self.entity.entered
        return {name: entered[name] for name in self.only} if self.only else entered


class FormField:
    """One field: what the record holds, what stands in the form, and what is wrong with that."""

    def __init__(self, name: str, kind: Kind, data: FormData) -> None:
        self.name, self.kind = name, kind
        self.new = data.record_id is None
        value = data.values[name] if name in data.values else default_of(kind) if self.new else kind.empty
        self._referred = value if isinstance(kind, Reference) else None
        self.loaded = self.tidy(_text_of(kind, value, data.titles.get(name, "")))
        """The text of what the record holds, or of a new one's default."""
        self._begun = self._text = self.tidy(data.given[name]) if name in data.given else self.loaded
        self._compared: dict[str, bool] = {}
        self._echoes: tuple[str, ...] | None = None
        self._fits: bool | None = None
        self.problem = self.called = ""
        self.group = 0
        """The fields of a group stand together."""

    @property
    def text(self) -> str:
        """The text that stands in the form."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self._compared.clear()
            self._echoes = self._fits = None

    @property
    def label(self) -> str:
        """What a person calls the field."""
        return self.called or self.kind.label or self.name

    @property
    def multiline(self) -> bool:
        """Whether it takes text of several lines."""
        return self.kind.multiline

    @property
    def is_choice(self) -> bool:
        """Whether one of a few values is chosen rather than typed."""
        return self.kind.family in ("choice", "flag")

    @property
    def completes(self) -> bool:
        """Whether values that exist already are offered while typing."""
        return isinstance(self.kind, Reference) or self.kind.family == "tags"

    @property
    def edited_here(self) -> bool:
        """Whether a text of several lines is short enough to be edited in the form."""
        if self._fits is None:
            self._fits = fits_editor(self.text)
        return self._fits

    @property
    def blank(self) -> bool:
        """Whether nothing is filled in."""
        return not self.text.strip() or (self.kind.family == "flag" and self.text == "no")

    @property
    def changed(self) -> bool:
        """Whether it differs from what the record holds."""
        return self._differs(self.loaded)

    @property
    def touched(self) -> bool:
        """Whether there is something to lose: it differs from what the form began with, or in a record, holds."""
        return self._differs(self._begun if self.new else self.loaded)

    def _differs(self, other: str) -> bool:
        if self.text is other:
            return False
        if other not in self._compared:
            self._compared[other] = self._compare(other)
        return self._compared[other]

    def _compare(self, other: str) -> bool:
        if self.text == other or (mine := self.tidy(self.text)) == other:
            return False
        if isinstance(self.kind, Reference):
            return True
        try:
            return bool(self.kind.parse(mine) != self.kind.parse(other))
        except ValueError:
            return True

    def tidy(self, text: str) -> str:
        """Return text without what may harm a terminal; of one line, unless the field takes several."""
        return clean(text) if self.multiline else clean_line(text)

    def outgoing(self) -> str | None:
        """Return the text to save, None when the record needs none: unchanged, or empty in a new one."""
        if not self.changed:
            if not self.new or self.blank:
                return None
            if self._referred is not None:
                return f"#{self._referred}"  # surer than a name that two records may bear
        text = self.tidy(self.text)
        if self.kind.family in DATED:
            try:
                return self.kind.edit(self.kind.parse(text))
            except ValueError:
                return text
        return text

    def settle(self) -> None:
        """Make the text what it means, when the field is left: ``tomorrow`` becomes its day."""
        text = self.tidy(self.text).rstrip(", ") if self.kind.family == "tags" else self.text
        if self.kind.family in DATED and self.changed:
            text = self.outgoing() or ""
        self.text = text

    def check(self, *, saving: bool) -> str:
        """Return what is wrong with the text, "" when nothing is. What a reference names is found on saving."""
        if self.kind.required and self.blank and self.kind.family != "flag":
            if saving or self.loaded:
                return _("it cannot be empty")
            return ""
        if isinstance(self.kind, Reference) or not (self.new or self.changed):
            return ""
        try:
            self.kind.parse(self.tidy(self.text))
        except ValueError as error:
            return str(error)
        return ""

    def echoes(self) -> tuple[str, ...]:
        """Return what the text was understood as where that is not plain to see, the longest wording first."""
        if self._echoes is None:
            self._echoes = self._understood() if self.kind.family in (*DATED, "number") and self.text.strip() else ()
        return self._echoes

    def _understood(self) -> tuple[str, ...]:
        try:
            value = self.kind.parse(self.text)
        except ValueError:
            return ()
        if isinstance(value, datetime):
            weekday = _(WEEKDAYS[clock.local(value).weekday()])
            return f"{weekday} {formats.full_moment(value)}", formats.near_moment(value)
        if isinstance(value, date):
            return f"{_(WEEKDAYS[value.weekday()])} {formats.long_day(value)}", formats.near_day(value)
        shown = self.kind.show(value)
        return () if shown == self.text.strip() else (shown,)


def fits_editor(text: str) -> bool:
    """Whether a text is short enough to be edited in the form; longer ones are for ``$EDITOR``."""
    if len(text) <= LONGEST_PARAGRAPH:
        return True
    return len(text) <= TEXT_AT_MOST and max(map(len, text.split("\n"))) <= LONGEST_PARAGRAPH


def default_of(kind: Any) -> Any:
    """Return the value a new record has where nothing is filled in."""
    return kind.initial


def _text_of(kind: Kind, value: Any, title: str) -> str:
    if not isinstance(kind, Reference):
        return kind.edit(value)
    return title or ("" if value is None else f"#{value}")


@dataclass(frozen=True, slots=True)
class Word:
    """One of the values to choose from, and how it is shown."""

    text: str
    shown: str


def words_of(entry: FormField) -> tuple[Word, ...]:
    """Return what a choice or flag may become, in order; what it holds is among them even where it no longer should."""
    kind = entry.kind
    if not isinstance(kind, Choice):
        return Word("no", kind.show(False)), Word("yes", kind.show(True))
    words = [Word(option.value, _(option.label)) for option in kind.options]
    if entry.text and all(word.text != entry.text for word in words):
        words.append(Word(entry.text, entry.text))
    if not kind.required:
        words.insert(0, Word("", _("none")))
    return tuple(words)


def stepped(entry: FormField, step: int) -> str:
    """Return the value ``step`` places on from the one chosen, round the end."""
    texts = [word.text for word in words_of(entry)]
    at = texts.index(entry.text) if entry.text in texts else -1 if step > 0 else 0
    return texts[(at + step) % len(texts)]


def spelled(entry: FormField, spelt: str) -> str | None:
    """Return the first value whose word begins with some letters, whatever their case and accents; None when none does.
    A letter alone goes on to the next such word, round the end."""
    words, wanted = words_of(entry), fold(spelt)
    if len(spelt) == 1:
        at = next((index for index, word in enumerate(words) if word.text == entry.text), -1)
        words = (*words[at + 1 :], *words[: at + 1])
    return next((word.text for word in words if fold(word.shown).startswith(wanted)), None)
