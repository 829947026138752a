"""Where things are (XDG folders) and what the operator configured (TOML); a mistake in it is named, with its place."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _

APP = "crm-tui"


def _xdg(variable: str, fallback: str) -> Path:
    """An XDG folder; relative values are ignored, as the specification asks."""
    named = Path(os.environ.get(variable, ""))
    return (named if named.is_absolute() else Path.home() / fallback) / APP


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
    keys: dict[str, Any] = field(default_factory=dict)
    """Command id -> key or list of keys."""


def load(path: Path | None = None) -> Config:
    """Read the configuration file; none is the defaults. Raises BadInput naming file, line or key, and the nearest."""
    path = path or config_file()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(_("The configuration {path} cannot be read: {reason}.").format(path=path, reason=error)) from error
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(_("The configuration {path} is not valid TOML: {reason}.").format(path=path, reason=error)) from error
    known = {option.name: option for option in fields(Config)}
    for name, value in read.items():
        if name not in known:
            message = _('The configuration {path} has an unknown key "{name}".').format(path=path, name=name)
            raise BadInput(message + nearest(name, known))
        wanted = type(getattr(Config(), name))
        if not isinstance(value, wanted):
            words = {str: _("a text in quotes"), bool: _("true or false"), dict: _("a table")}
            raise BadInput(
                _("{name} in {path} must be {wanted}.").format(name=name, path=path, wanted=words[wanted])
            )
    config = Config(**read)
    _check_values(config, path)
    return config


THEMES = ("dark", "light", "terminal", "mono")


def _check_values(config: Config, path: Path) -> None:
    if config.theme and config.theme not in THEMES:
        message = _('There is no theme "{name}" (in {path}); there are {known}.')
        raise BadInput(
            message.format(name=config.theme, path=path, known=", ".join(THEMES)) + nearest(config.theme, THEMES)
        )
    if config.zone:
        from crm_tui import clock

        try:
            clock.use_zone(config.zone)
        except ValueError as error:
            raise BadInput(
                _('"{zone}" (in {path}) is not a time zone; write it like Europe/Lisbon.').format(
                    zone=config.zone, path=path
                )
            ) from error
