"""Letting the operator edit text in an editor of their own while the program steps aside."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.scope import why_not_outside
from crm_tui.text import clean
from crm_tui.text_files import keep_text

if TYPE_CHECKING:
    from crm_tui.app import CrmApp


def edit_outside(app: CrmApp, text: str, suffix: str) -> str | None:
    """Open ``text`` in $VISUAL or $EDITOR and return what it became, None when nothing changed.

    Raises CrmError when there is no editor or it failed; the text typed there is then kept in a file that is named.
    """
    if reason := why_not_outside(app.session.actor):
        raise CrmError(_("Not allowed: {reason}.").format(reason=reason))
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    path = keep_text(text, suffix)
    try:
        with app.suspend():
            status = subprocess.run([*command, str(path)], check=False).returncode
    except (OSError, SuspendNotSupported) as error:
        path.unlink()
        raise CrmError(
            _("The editor {editor} cannot be started: {reason}. Set $EDITOR.").format(editor=command[0], reason=error)
        ) from error
    edited = clean(path.read_text(encoding="utf-8", errors="replace")).rstrip("\n")
    if status:
        raise CrmError(
            _("The editor ended with an error ({status}); what you typed is in {path}.").format(
                status=status, path=path
            )
        )
    path.unlink()
    return None if edited == text.rstrip("\n") else edited
