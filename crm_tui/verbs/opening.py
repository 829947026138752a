"""Opening the full-screen program: the one place of the command line that leads to Textual."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _
from crm_tui.verbs.request import Request

TODAY = "today"
"""The screen that is no list of records."""

FRAMES = "120"
"""Frames a second at most: what a key causes waits for the next, twice as short as Textual has it by itself."""


def open_program(request: Request) -> int | None:
    """Open the workspace on the screen that was named, or where the operator left it."""
    options = request.options
    screen, query = getattr(options, "screen", None) or "", getattr(options, "filter", None)
    if screen:
        screen = _screen(screen)
    require_terminal(_("crm-tui --help lists what works without one"))
    from crm_tui.commands import keymap

    with request.opened(create=True) as (workspace, actor):
        if request.config.restricted or getattr(options, "restricted", False):
            actor = replace(actor, restricted=True)
        keys = keymap.build(request.config.keys)
        os.environ.setdefault("TEXTUAL_FPS", FRAMES)  # read when Textual is imported
        from crm_tui.app import run_app

        return run_app(workspace, actor, request.config, screen=screen, filter=query, keymap=keys)


def _screen(word: str) -> str:
    """Return the name of a screen. Raises BadInput, naming the nearest screen or verb, when there is none."""
    import crm_tui.models  # noqa: F401  # every entity has a list
    from crm_tui.models.base import entities, find_entity
    from crm_tui.verbs.arguments import VERBS

    if word.lower() == TODAY:
        return TODAY
    try:
        return find_entity(word).plural
    except BadInput as error:
        known = [*VERBS, TODAY, *(entity.plural for entity in entities.values())]
        message = _('There is no command or screen "{word}"; crm-tui --help lists them.').format(word=word)
        raise BadInput(message + nearest(word, known)) from error


def require_terminal(instead: str) -> None:
    """Raise BadInput unless the program can be drawn and hear keys. ``instead`` says what works without a terminal."""
    for stream, name in ((sys.stdin, _("input")), (sys.stdout, _("output"))):
        if stream is None or not stream.isatty():
            raise BadInput(
                _("The full-screen program needs a terminal, and its {name} is none; {instead}.").format(
                    name=name, instead=instead
                )
            )
