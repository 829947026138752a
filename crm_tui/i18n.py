"""Every text a person reads passes through here. English is the source; catalogues live in assets/locale."""

from __future__ import annotations

import gettext as _gettext
import os

DOMAIN = "crm_tui"

_translations: _gettext.NullTranslations = _gettext.NullTranslations()


def N_(text: str) -> str:
    """Mark a module-level text for translation; call ``_`` on it when it is shown."""
    return text


def _(text: str) -> str:
    """Return ``text`` in the session's language."""
    return _translations.gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """Return the form of a counted text that ``n`` asks for, in the session's language."""
    return _translations.ngettext(one, many, n)


def use_language(language: str) -> None:
    """Translate from now on into ``language`` (``pt_BR``, ``pl``); unknown ones and "" fall back to English."""
    global _translations
    if not language or language.startswith(("en", "C", "POSIX")):
        _translations = _gettext.NullTranslations()
        return
    from crm_tui.asset_files import asset

    _translations = _gettext.translation(DOMAIN, str(asset("locale")), [language], fallback=True)


def environment_language() -> str:
    """Return the language the environment asks for, as gettext does: LANGUAGE, LC_ALL, LC_MESSAGES, LANG."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").split(":")[0].split(".")[0]
        if value:
            return value
    return ""
