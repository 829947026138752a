"""Where things are (XDG folders) and what the operator configured (TOML); a mistake in it is named, with its place."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _
from crm_tui.text import quoted

APP = "crm-tui"
THEMES = ("dark", "light", "terminal", "mono")
LARGEST = 1_000_000
"""Bytes of a configuration file that are read."""


def _xdg(variable: str, fallback: str) -> Path:
    """An XDG folder; relative values are ignored, as the specification asks."""
    named = Path(os.environ.get(variable, ""))
    if named.is_absolute():
        return named / APP
    try:
        return Path.home() / fallback / APP
    except RuntimeError as error:  # an account without a home and an environment without HOME
        raise BadInput(_("There is no home folder; set {variable} to a folder.").format(variable=variable)) from error


def config_file() -> Path:
    """Return the path of the operator's configuration, ``CRM_TUI_CONFIG`` or ``~/.config/crm-tui/config.toml``."""
    named = os.environ.get("CRM_TUI_CONFIG")
    return Path(named) if named else _xdg("XDG_CONFIG_HOME", ".config") / "config.toml"


def data_folder() -> Path:
    """Return the folder of the workspace that opens when none is named."""
    return _xdg("XDG_DATA_HOME", ".local/share")


def state_folder() -> Path:
    """Return the folder of drafts, the log and what a screen remembers."""
    return _xdg("XDG_STATE_HOME", ".local/state")


@dataclass(frozen=True, slots=True)
class Config:
    """What the operator chose. Every field is optional in the file."""

    workspace: str = ""
    """Path or postgresql:// address opened when none is named on the command line."""
    operator: str = ""
    """Login to work as; the account's own when empty."""
    theme: str = ""
    """dark, light, terminal or mono; empty lets the terminal decide."""
    ascii: bool = False
    """Draw with ASCII only."""
    language: str = ""
    """Language of the program, ``pt_BR``; the environment's when empty."""
    zone: str = ""
    """IANA time zone; the machine's when empty."""
    restricted: bool = False
    """Let the full-screen program reach no other program and no file of the machine."""
    keys: dict[str, Any] = field(default_factory=dict)
    """Command id -> key or list of keys."""


def load(path: Path | None = None) -> Config:
    """Read the configuration file; none is the defaults. Its zone is used from then on.

    Raises BadInput naming file, line or key, and the nearest.
    """
    path = path or config_file()
    read = _read(path)
    if read is None:
        return Config()
    known = {option.name: option for option in fields(Config)}
    for name, value in read.items():
        if name not in known:
            message = _("The configuration {path} has an unknown key {name}.").format(path=path, name=quoted(name))
            raise BadInput(message + nearest(name, known), field=name)
        wanted = type(getattr(Config(), name))
        if not isinstance(value, wanted):
            words = {str: _("a text in quotes"), bool: _("true or false"), dict: _("a table")}
            raise BadInput(
                _("{name} in {path} must be {wanted}.").format(name=name, path=path, wanted=words[wanted]), field=name
            )
    config = Config(**read)
    _check_theme(config, path)
    _use_zone(config, path)
    return config


def _read(path: Path) -> dict[str, Any] | None:
    """Return what the file says, None when there is none. Raises BadInput."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(
            _("The configuration {path} cannot be read: {reason}.").format(path=path, reason=reason)
        ) from error
    if len(content) > LARGEST:
        raise BadInput(_("The configuration {path} is too large to be one.").format(path=path))
    import tomllib  # only who configured something needs it

    try:
        return tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(
            _("The configuration {path} is not UTF-8 text (in line {line}).").format(path=path, line=line)
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = quoted(error, 200).strip('"') if isinstance(error, ValueError) else _("it is nested too deep")
        raise BadInput(
            _("The configuration {path} is not valid TOML: {reason}.").format(path=path, reason=reason)
        ) from error


def _check_theme(config: Config, path: Path) -> None:
    if config.theme:
        require_theme(config.theme, _(" (in {path})").format(path=path), field="theme")


def require_theme(name: str, where: str = "", *, field: str = "name") -> None:
    """Raise BadInput, naming the nearest, unless there is a theme of that name; ``where`` says where it was named."""
    if name not in THEMES:
        message = _("There is no theme {name}{where}; there are {known}.")
        said = message.format(name=quoted(name), where=where, known=", ".join(THEMES))
        raise BadInput(said + nearest(name, THEMES), field=field)


def _use_zone(config: Config, path: Path) -> None:
    if config.zone:
        from crm_tui import clock

        try:
            clock.use_zone(config.zone)
        except ValueError as error:
            message = _("{zone} (in {path}) is not a time zone; write it like Europe/Lisbon.")
            raise BadInput(
                message.format(zone=quoted(config.zone), path=path) + _nearest_zone(config.zone), field="zone"
            ) from error


def _nearest_zone(name: str) -> str:
    from zoneinfo import available_timezones

    return nearest(name, sorted(available_timezones()))
