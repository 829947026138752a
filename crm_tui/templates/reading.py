"""Reading a template: a TOML file whose mistakes are told with their line and with what would be right."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm_tui.asset_files import asset
from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _
from crm_tui.text import clean_line, quoted

ENDING = ".toml"
LARGEST = 1_000_000
"""Bytes of a template that are read."""

SECTIONS = {
    "custom_fields": ("custom_field", ("entity", "name", "label", "kind", "options", "target", "currency", "help")),
    "score_rules": ("score_rule", ("name", "query", "points", "half_life_days", "fades_from")),
    "saved_views": ("saved_view", ("name", "screen", "query", "columns")),
}
"""The lists of a template: which records each makes, and the fields it may give them."""

_KNOWN = ("title", "description", "words", "cadences", "tags", *SECTIONS)
_OF_A_WORD = ("label", "meaning", "also")


@dataclass(frozen=True, slots=True)
class Item:
    """One record that a template adds, and where the file says so."""

    entity: str
    title: str
    typed: Mapping[str, Any]
    """Its fields, as a person would type them."""
    place: str


@dataclass(frozen=True, slots=True)
class Template:
    """What a file says a workspace begins with."""

    name: str
    title: str
    description: str
    items: tuple[Item, ...]
    """In the order in which they can be added: words before what is asked by them."""


def shipped() -> list[Template]:
    """Return the templates that come with the program, in alphabetical order."""
    return [read(path) for path in sorted(asset("templates").glob(f"*{ENDING}"))]


def find(named: str) -> Template:
    """Return the template of a name, or that in a file. Raises BadInput, naming the nearest, when there is none."""
    if named.endswith(ENDING) or "/" in named:
        return read(Path(named).expanduser())
    paths = {path.stem: path for path in sorted(asset("templates").glob(f"*{ENDING}"))}
    wanted = re.sub(r"[\s_]+", "-", named.strip().lower())
    if wanted not in paths:
        message = _("There is no template {name}; there are {known}, and files ending in .toml.")
        raise BadInput(message.format(name=quoted(named), known=", ".join(paths)) + nearest(named, paths))
    return read(paths[wanted])


def read(path: Path) -> Template:
    """Return the template in a file. Raises BadInput naming the file, the line and what would be right."""
    text = _text(path)
    try:
        read_ = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(_("{file}: {problem}.").format(file=path.name, problem=error)) from error
    return _Sheet(path, text).template(read_)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            found = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(_("The template {path} cannot be read: {reason}.").format(path=path, reason=reason)) from error
    if len(found) > LARGEST:
        raise BadInput(_("{file} is too large to be a template.").format(file=path.name))
    try:
        return found.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = found[: error.start].count(b"\n") + 1
        raise BadInput(_("{file}, line {n}: this is not UTF-8 text.").format(file=path.name, n=line)) from error


@dataclass(slots=True)
class _Sheet:
    """A template's file while it is looked through."""

    path: Path
    text: str
    items: list[Item] = field(default_factory=list)

    def template(self, table: Mapping[str, Any]) -> Template:
        self._allow(table, _KNOWN, lambda name: self._place(name))
        title = self._line(table, "title")
        description = self._line(table, "description")
        self._words(self._table(table, "words"))
        for stage, days in self._table(table, "cadences").items():
            place = self._place(stage, "cadences")
            if not isinstance(days, int) or isinstance(days, bool) or not 0 < days <= 3650:
                raise self._wrong(place, stage, _("a number of days, like 30"))
            self._add("setting", f"cadence.{stage}", {"key": f"cadence.{stage}", "value": str(days)}, place)
        for name, said in self._table(table, "tags").items():
            place = self._place(name, "tags")
            if not isinstance(said, str):
                raise self._wrong(place, name, _("a text in quotes that says what the tag is for"))
            self._add("tag", name, {"name": name, "description": said}, place)
        for section, (entity, names) in SECTIONS.items():
            self._records(table, section, entity, names)
        return Template(self.path.stem, title, description, tuple(self.items))

    def _add(self, entity: str, title: str, typed: Mapping[str, Any], place: str) -> None:
        self.items.append(Item(entity, clean_line(title), typed, place))

    def _words(self, table: Mapping[str, Any]) -> None:
        for vocabulary, given in table.items():
            place = self._place(vocabulary, "words")
            words = dict.fromkeys(given, {}) if _are_texts(given) else given
            if not isinstance(words, dict):
                raise self._wrong(place, vocabulary, _('a list like ["web", "print"], or one line for each word'))
            for position, (value, about) in enumerate(words.items(), 1):
                here = self._place(value, f'words."{vocabulary}"') if words is given else place
                if not isinstance(about, dict):
                    raise self._wrong(here, value, _('words in braces, like {example}').format(
                        example='{ label = "enquiry", meaning = "new" }'
                    ))  # fmt: skip
                self._allow(about, _OF_A_WORD, lambda _name, here=here: here)
                typed = {"vocabulary": vocabulary, "value": value, "position": position, **self._typed(about, here)}
                self._add("word", f"{vocabulary}.{value}", typed, here)

    def _records(self, table: Mapping[str, Any], section: str, entity: str, names: tuple[str, ...]) -> None:
        given = table.get(section, [])
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise self._wrong(self._place(section), section, _("[[{section}]] before each").format(section=section))
        for at, about in enumerate(given):
            place = self._place_of(section, at)
            self._allow(about, names, lambda name, at=at: self._place(name, section, at))
            if not about.get("name"):
                raise BadInput(_("{place}: it needs a name.").format(place=place))
            typed = self._typed(about, place)
            if entity == "custom_field":
                typed.setdefault("entity", "client")
            elif entity == "saved_view":
                typed = {"screen": "clients", **typed, "shared": "yes"}
            self._add(entity, str(about["name"]), typed, place)

    def _typed(self, about: Mapping[str, Any], place: str) -> dict[str, Any]:
        """Values as a person would type them: lists with commas between."""
        typed: dict[str, Any] = {}
        for name, value in about.items():
            if isinstance(value, str | int) and not isinstance(value, bool):
                typed[name] = value
            elif _are_texts(value):
                typed[name] = ("," if name == "columns" else ", ").join(value)
            else:
                raise self._wrong(place, name, _("a text in quotes, a number, or a list of texts"))
        return typed

    def _table(self, table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        found = table.get(name, {})
        if not isinstance(found, dict):
            raise self._wrong(self._place(name), name, _("a heading [{name}] with lines below it").format(name=name))
        return found

    def _line(self, table: Mapping[str, Any], name: str) -> str:
        found = table.get(name)
        if not isinstance(found, str) or not clean_line(found):
            raise self._wrong(self._place(name), name, _("a text in quotes"))
        return clean_line(found)

    def _allow(self, table: Mapping[str, Any], names: tuple[str, ...], place: Any) -> None:
        for name in table:
            if name not in names:
                message = _('{place}: "{name}" means nothing here; there are {known}.')
                raise BadInput(
                    message.format(place=place(name), name=name, known=", ".join(names)) + nearest(name, names)
                )

    def _wrong(self, place: str, name: str, right: str) -> BadInput:
        return BadInput(_("{place}: {name} must be {right}.").format(place=place, name=quoted(name), right=right))

    # Where it stands: TOML itself does not tell

    def _place(self, key: str, section: str = "", at: int = 0) -> str:
        """Return the file and the line of a key, in the ``at``-th part of a section."""
        start = self._heading(section, at) if section else 0
        spelled = re.escape(key)
        found = re.compile(rf"^[ \t]*(\[*[^\n#]*)?[\"']?{spelled}[\"']?\s*[=\]]", re.MULTILINE).search(self.text, start)
        return self._at(found.start() if found else start)

    def _place_of(self, section: str, at: int) -> str:
        return self._at(self._heading(section, at))

    def _heading(self, section: str, at: int) -> int:
        found = list(re.finditer(rf"^[ \t]*\[\[?\s*{re.escape(section)}\s*\]", self.text, re.MULTILINE))
        return found[at].end() if at < len(found) else 0

    def _at(self, offset: int) -> str:
        return _("{file}, line {n}").format(file=self.path.name, n=self.text.count("\n", 0, offset) + 1)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
