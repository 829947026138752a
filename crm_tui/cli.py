"""Reads the command line: which verb, with which options. What a verb does is in ``verbs``, imported when it is asked.

``crm-tui [SCREEN]`` opens the program; ``crm-tui VERB ...`` does one thing. The options of every verb are accepted
before and after it. Nothing here imports Peewee: whether its PostgreSQL driver is needed is known only afterwards.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from crm_tui import __version__, config, drivers, garbage, i18n
from crm_tui.errors import BadInput, CrmError, nearest
from crm_tui.i18n import _
from crm_tui.verbs.arguments import MARK, OPEN, VERBS, Parser, add, shared

PROGRAM = "crm-tui"
INTERRUPTED = 130


_VALUED = ("--workspace", "-w", "--operator", "--filter")


def split_verb(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the verb among words, "" for none, and the words without it."""
    skip = False
    for at, word in enumerate(words):
        if skip or (word.startswith("-") and word != "--"):
            skip = not skip and word in _VALUED
        elif word in VERBS:
            return word, [*words[:at], *words[at + 1 :]]
        else:
            break
    return "", list(words)


def parser_of(name: str) -> Parser:
    """Return the parser of a verb, or with "" that of opening the program."""
    verb = VERBS.get(name, OPEN)
    parser = Parser(
        prog=f"{PROGRAM} {name}".strip(),
        description=_(verb.help).capitalize() + ".",
        allow_abbrev=False,
        epilog=None if name else _overview(),
        formatter_class=argparse.HelpFormatter if name else argparse.RawDescriptionHelpFormatter,
    )
    verb.arguments(parser)
    shared(parser)
    if not name:
        add(parser, "--version", action="version", version=f"{PROGRAM} {__version__}")
    return parser


def _overview() -> str:
    width = max(map(len, VERBS))
    listed = "\n".join(f"  {name:<{width}}  {_(verb.help)}" for name, verb in VERBS.items())
    return _("verbs ({program} VERB --help says more):").format(program=PROGRAM) + "\n" + listed


def parse(words: Sequence[str]) -> tuple[str, argparse.Namespace]:
    """Return the verb ("" opens the program) and its options. Raises BadInput; SystemExit after ``--help``."""
    name, rest = split_verb(words)
    parser = parser_of(name)
    options, unknown = parser.parse_known_intermixed_args(_marked(parser, rest))
    if unknown:
        _refuse(parser, name, unknown[0].removeprefix(MARK), getattr(options, "screen", None) or "")
    return name, options


def _marked(parser: Parser, words: Sequence[str]) -> list[str]:
    """Mark the words that begin with ``-`` and are meant as words: ``-tag:vip``, and everything after ``--``."""
    known = set(parser._option_string_actions)
    marked: list[str] = []
    for at, word in enumerate(words):
        if word == "--":
            return marked + [MARK + rest if rest.startswith("-") else rest for rest in words[at + 1 :]]
        dashed = word.startswith("-") and not word.startswith("--") and word not in known and len(word) > 1
        marked.append(MARK + word if dashed else word)
    return marked


def _refuse(parser: Parser, name: str, word: str, screen: str) -> NoReturn:
    if word.startswith("-"):
        message = _('{program} has no option "{word}".').format(program=parser.prog, word=word)
        raise BadInput(message + nearest(word, [one for one in parser._option_string_actions if one.startswith("--")]))
    if close := nearest(screen, VERBS) if screen else "":
        raise BadInput(_('There is no command "{word}"; crm-tui --help lists them.').format(word=screen) + close)
    raise BadInput(
        _('"{word}" is one word too many; {program} --help shows how.').format(word=word, program=parser.prog)
    )


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code: 0 done, 1 refused, 2 usage, 3 conflict, 4 not found, 5 cannot open
    the workspace, 130 interrupted. Never raises."""
    words = list(sys.argv[1:] if words is None else words)
    _forgive_letters()
    try:
        code = _run(words)
        _flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return 0
    except CrmError as error:
        return _failed(str(error), error.exit_code)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except BaseException as error:
        return _crashed(error, split_verb(words)[0])


def _forgive_letters() -> None:
    """Let a letter that the output's encoding does not have be a question mark, and not an error."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def _run(words: list[str]) -> int:
    i18n.use_language(i18n.environment_language())
    settings, problem = config.Config(), None
    try:
        settings = config.load()
    except CrmError as error:
        problem = error
    language = settings.language or i18n.environment_language()
    i18n.use_language(language)
    name, options = parse(words)
    verb = VERBS.get(name, OPEN)
    if problem is not None and not verb.despite_config:
        raise problem
    named = getattr(options, "workspace", "") or os.environ.get("CRM_TUI_WORKSPACE", "") or settings.workspace
    drivers.import_sparingly(postgres=drivers.is_postgres(named))
    if language and not language.startswith(("en", "C", "POSIX")):
        from crm_tui import formats

        formats.use_locale(language)
    from crm_tui.verbs.request import Request

    function = getattr(importlib.import_module(f"crm_tui.verbs.{verb.module}"), verb.function)
    if name:  # the full-screen program does so itself, once it is drawn
        garbage.collect_from_now_on()
    return int(function(Request(options, settings, problem)) or 0)


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _forget_stdout() -> None:
    """Whoever read our output has gone: what is left of it must not make the interpreter complain at its end."""
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:  # noqa: PTH123  # no path of ours
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _failed(message: str, code: int) -> int:
    from crm_tui.logs import without_secrets
    from crm_tui.verbs.printing import note

    try:
        _flush()
        note(f"{PROGRAM}: {without_secrets(message)}")
    except (BrokenPipeError, OSError):
        _forget_stdout()
    return code


def _crashed(error: BaseException, verb: str) -> int:
    """Say in one line that something went wrong which nobody foresaw; what exactly goes to the log."""
    if isinstance(error, OSError) and error.filename is None and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        return _failed(_("The output cannot be written: {reason}.").format(reason=error.strerror), CrmError.exit_code)
    from crm_tui import logs

    place = logs.record_crash(error, f"{PROGRAM} {verb}".strip())
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    where = _("The details are in {path}.").format(path=place) if place else _("The log cannot be written.")
    return _failed(_("Something went wrong that should not have ({what}). {where}").format(what=what, where=where), 1)
