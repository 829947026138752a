"""How mail is sent: the server that takes it, by the workspace's settings, and its password, which is never in the
workspace."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crm_tui import config
from crm_tui.errors import CrmError
from crm_tui.fields import Email
from crm_tui.i18n import _
from crm_tui.models.workspace import setting
from crm_tui.text import clean_line, quoted

SERVER, SECURITY, USER, SENDER = "mail.server", "mail.security", "mail.user", "mail.from"
PASSWORD = "CRM_TUI_MAIL_PASSWORD"
PASSWORD_FILE = "CRM_TUI_MAIL_PASSWORD_FILE"

STARTTLS, TLS, NONE = "starttls", "tls", "none"
_PORTS = {STARTTLS: 587, TLS: 465, NONE: 25}
_LARGEST = 4096


@dataclass(frozen=True, slots=True)
class Server:
    """The server that takes mail for all the world."""

    host: str
    port: int
    security: str
    user: str
    password: str
    name: str
    """Of the sender, "" where it has none."""
    address: str
    """Of the sender."""


def _check_server(text: str) -> str:
    found = re.fullmatch(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?", text.strip())
    if found is None or not 0 < int(found[2] or 25) < 65536:
        raise ValueError(_("write it like smtp.example.com, or smtp.example.com:587"))
    return text.strip().lower()


def _check_security(text: str) -> str:
    if text.strip().lower() not in _PORTS:
        raise ValueError(_("there are {known}").format(known=", ".join(_PORTS)))
    return text.strip().lower()


def _split_sender(text: str) -> tuple[str, str]:
    """Return the name and the address of ``Ana <ana@example.com>``. Raises ValueError."""
    plain = clean_line(text).strip()
    found = re.fullmatch(r'(?:"?([^"<>]*?)"?\s*)?<([^<>]+)>', plain)
    name, address = (found[1] or "", found[2]) if found else ("", plain)
    return name.strip(), Email().check(address)


def _check_sender(text: str) -> str:
    name, address = _split_sender(text)
    if not address:
        raise ValueError(_("write it like Agency <office@example.com>"))
    return f"{name} <{address}>" if name else address


CHECKS: dict[str, Callable[[str], str]] = {
    SERVER: _check_server, SECURITY: _check_security, USER: lambda text: text.strip(), SENDER: _check_sender,
}  # fmt: skip
"""What each setting must be: returns it tidied, or raises ValueError with a plain reason."""


def configured() -> bool:
    """Whether the workspace names a server and a sender."""
    return bool(setting(SERVER) and setting(SENDER))


def server() -> Server:
    """Return the server, with its password. Raises CrmError, saying what is missing and what to do."""
    host, sender = setting(SERVER), setting(SENDER)
    if not host or not sender:
        missing = SENDER if host else SERVER
        example = "office@example.com" if host else "smtp.example.com"
        message = _("No mail is sent: the setting {key} is missing. An admin adds it, like {key}={example}.")
        raise CrmError(message.format(key=missing, example=example))
    security = setting(SECURITY) or STARTTLS
    name, address = _split_sender(sender)
    plain, _colon, port = host.rpartition(":") if re.search(r":\d+$", host) else (host, "", "")
    user = setting(USER)
    number = int(port) if port else _PORTS[security]
    return Server(plain.strip("[]"), number, security, user, password() if user else "", name, address)


def can_send() -> bool:
    """Whether this process has all that sending needs; costs two small queries."""
    try:
        server()
    except CrmError:
        return False
    return True


def password_file() -> Path:
    """Return where the password is looked for when the environment does not say it."""
    named = os.environ.get(PASSWORD_FILE)
    given = os.environ.get("CREDENTIALS_DIRECTORY")  # of systemd's LoadCredential=
    if named:
        return Path(named)
    return Path(given) / "mail-password" if given else config.config_file().parent / "mail-password"


def password() -> str:
    """Return the password for the server: from the environment, else from a file that only its owner can read. Raises
    CrmError, saying where it is looked for."""
    said = os.environ.get(PASSWORD)
    if said:
        return said
    path = password_file()
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO) and "CREDENTIALS_DIRECTORY" not in os.environ:
            message = _("No mail is sent: others can read the password in {path}; make it private with chmod 600.")
            raise CrmError(message.format(path=quoted(path, 200)))
        with path.open(encoding="utf-8") as file:
            found = file.read(_LARGEST).strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        message = _("No mail is sent from here: there is no password, neither in {variable} nor in {path}.")
        raise CrmError(message.format(variable=PASSWORD, path=quoted(path, 200))) from error
    return found
