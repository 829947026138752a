"""Keys: their notation, sequences such as ``g c``, the operator's own map, and conflicts in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from crm_tui.commands.registry import Command, registry
from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _

NAMED = {
    "escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "question_mark": "?", "slash": "/", "colon": ":",
    "backspace": "bs", "return": "enter",
}  # fmt: skip
"""Textual's names of keys, and ours."""

_KNOWN = frozenset(
    {
        *("enter", "esc", "space", "tab", "shift+tab", "bs", "delete", "insert"),
        *("up", "down", "left", "right", "home", "end", "pgup", "pgdn"),
        *(f"f{number}" for number in range(1, 13)),
    }
)
_RESERVED = {"esc": _("it always closes or goes back"), "ctrl+c": _("the terminal uses it")}


def name_of(key: str, character: str | None) -> str:
    """Return our name of a key that Textual reports as ``key`` with the printable ``character``, if any."""
    if character and character.isprintable() and character != " ":
        return character
    return NAMED.get(key, key)


def tidy(keys: str) -> str:
    """Return a key sequence in our notation. Raises ValueError for what is not a key."""
    parts = keys.strip().split()
    if not parts:
        raise ValueError(_("it is empty"))
    return " ".join(_tidy_one(part) for part in parts)


def _tidy_one(key: str) -> str:
    if len(key) == 1 and key.isprintable():
        return key
    lowered = NAMED.get(key.lower(), key.lower())
    modifier, plus, rest = lowered.rpartition("+")
    if lowered in _KNOWN or (
        plus and modifier in ("ctrl", "shift", "alt", "ctrl+shift") and (len(rest) == 1 or rest in _KNOWN)
    ):
        return lowered
    raise ValueError(_('"{key}" is not a key; write one like x, X, ctrl+x, f5, space or "g x"').format(key=key))


@dataclass(frozen=True)
class Keymap:
    """Which command each key sequence runs, scope by scope."""

    commands: tuple[Command, ...]
    """Every command, with the keys it has here."""
    _by_key: dict[tuple[str, str], list[Command]] = field(default_factory=dict, repr=False, compare=False)
    """The commands by scope and keys, in their order; filled when a key is first looked up."""

    def by_id(self, command_id: str) -> Command | None:
        """Return a command with the keys it has here."""
        return next((command for command in self.commands if command.id == command_id), None)

    def lookup(self, sequence: str, scopes: Iterable[str], entity: str) -> Command | None:
        """Return the command of a whole sequence where ``scopes`` hold; nearer scopes come first."""
        if not self._by_key:  # asked for every key, so gathered once
            for command in self.commands:
                for keys in command.keys:
                    for scope in command.scopes:
                        self._by_key.setdefault((scope, keys), []).append(command)
        for scope in scopes:
            for command in self._by_key.get((scope, sequence), ()):
                if command.entity in ("", entity):
                    return command
        return None

    def continuations(self, prefix: str, scopes: Iterable[str], entity: str) -> list[tuple[str, Command]]:
        """Return the keys that may follow a prefix, each with its command; none when it begins nothing."""
        wanted = set(scopes)
        found: dict[str, Command] = {}
        for command in self.commands:
            if command.scopes & wanted and command.entity in ("", entity):
                for keys in command.keys:
                    if keys.startswith(prefix + " "):
                        found.setdefault(keys[len(prefix) + 1 :], command)
        return list(found.items())


def build(remapped: Mapping[str, Any] | None = None) -> Keymap:
    """Return the keymap with the operator's changes: ``{"client.archive": "D", "*.edit": ["e", "f4"]}``.

    Raises BadInput, naming each mistake and conflict, all at once.
    """
    commands = {command.id: command for command in registry.all()}
    problems: list[str] = []
    for pattern, wanted in (remapped or {}).items():
        ids = [known for known in commands if fnmatchcase(known, pattern)]
        if not ids:
            problems.append(_('there is no command "{id}".').format(id=pattern) + nearest(pattern, commands))
            continue
        try:
            keys = _keys(wanted)
        except ValueError as error:
            problems.append(f"{pattern}: {error}")
            continue
        for known in ids:
            commands[known] = replace(commands[known], keys=keys)
    if remapped:  # the default keys have none: a test sees to it, so that starting need not
        problems += conflicts(commands.values())
    if problems:
        raise BadInput(
            _("The keys in the configuration do not work:") + "\n" + "\n".join(f"- {line}" for line in problems)
        )
    return Keymap(tuple(commands.values()))


def _keys(wanted: Any) -> tuple[str, ...]:
    listed = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(listed, list) or not all(isinstance(keys, str) for keys in listed):
        raise ValueError(_("write a key, or a list of keys"))
    tidied = tuple(tidy(keys) for keys in listed)
    for keys in tidied:
        if keys in _RESERVED:
            raise ValueError(_("{key} cannot be given away: {reason}").format(key=keys, reason=_RESERVED[keys]))
    return tidied


def conflicts(commands: Iterable[Command]) -> list[str]:
    """Return, in words, every two commands that would fight for a key in one scope."""
    holders: dict[tuple[str, str, str], Command] = {}
    problems: dict[str, None] = {}
    ordered = sorted(commands, key=lambda command: command.entity)  # those of every entity first
    for command in ordered:
        for scope in command.scopes:
            for keys in command.keys:
                for entity in {"", command.entity}:
                    other = holders.get((scope, entity, keys))
                    if other is not None and other.id != command.id:
                        problems[_fight(keys, scope, other, command)] = None
                    prefix = next(
                        (known for (s, e, k), known in holders.items()
                         if s == scope and e == entity and (k.startswith(keys + " ") or keys.startswith(k + " "))),
                        None,
                    )  # fmt: skip
                    if prefix is not None:
                        problems[_hides(keys, scope, prefix, command)] = None
                holders[scope, command.entity, keys] = command
    return list(problems)


def _fight(keys: str, scope: str, first: Command, second: Command) -> str:
    return _("{key} is both {first} and {second} ({scope})").format(
        key=keys, first=first.id, second=second.id, scope=scope
    )


def _hides(keys: str, scope: str, first: Command, second: Command) -> str:
    return _("{key} of {second} begins or continues a key of {first} ({scope})").format(
        key=keys, first=first.id, second=second.id, scope=scope
    )
