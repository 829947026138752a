"""Writes ``docs/keys.md`` and ``docs/commands.md`` from the registry of commands and the command line's own parser.

``python -m crm_tui.docs`` writes them, ``--check`` says which are stale and leaves with 1 when one is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from crm_tui import drivers, i18n
from crm_tui.i18n import _

FOLDER = Path(__file__).resolve().parents[1] / "docs"

SCOPES = {
    "everywhere": "Everywhere",
    "list": "In a list",
    "log": "In the journal",
    "rows": "In the journal and in the list of likely duplicates",
    "record": "On a record",
    "pairs": "In the list of likely duplicates",
    "form": "In a form",
    "picker": "In a choice",
}
"""Headings of the places where keys work; a place that is not named here comes after them under its own name."""

EXIT_CODES = {
    0: "done",
    1: "refused by a rule, which the message names; also what went wrong unexpectedly",
    2: "usage: what was typed cannot be understood",
    3: "conflict: someone else changed the same thing since",
    4: "not found",
    5: "the workspace cannot be opened",
    130: "interrupted",
}

_GENERATED = "<!-- Written by `make docs`; changes made here are lost. -->"


def pages() -> dict[str, str]:
    """Return the text of every generated page by its file's name."""
    return {"keys.md": keys_page(), "commands.md": commands_page()}


def keys_page() -> str:
    """Return the key reference."""
    import crm_tui.models  # noqa: F401  # commands are made for the entities there are
    from crm_tui.commands.registry import registry

    commands = registry.all()
    places = [*SCOPES, *sorted({scope for one in commands for scope in one.scopes} - set(SCOPES))]
    lines = [
        "# Keys",
        "",
        _GENERATED,
        "",
        "Every key can be changed in the configuration, by the command's id; `*` stands for any part of it:",
        "",
        "```toml",
        "[keys]",
        '"client.archive" = "D"',
        '"*.edit" = ["e", "f4"]',
        "```",
        "",
        "`crm-tui keys` lists them as they are for you. Commands without a key are in the palette (`ctrl+p`).",
    ]
    for place in places:
        rows = list(_command_rows([one for one in commands if place in one.scopes]))
        if rows:
            lines += [
                "",
                f"## {SCOPES.get(place, place.capitalize())}",
                "",
                *_table(("keys", "command", "title", "what it does"), rows),
            ]
    return "\n".join(lines) + "\n"


def _command_rows(commands: Sequence[Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row per command; one that is the same for several entities is one row, ``*.edit``."""
    seen: set[tuple[str, str]] = set()
    for one in sorted(commands, key=lambda one: (one.rank >= 100, one.rank)):
        name = f"*.{one.id.partition('.')[2]}" if _is_common(one, commands) else one.id
        if (name, one.help) not in seen:
            seen.add((name, one.help))
            keys = ", ".join(f"`{key}`" for key in one.keys) or "–"
            yield (keys, f"`{name}`", _(one.title), _(one.help))


def _is_common(one: Any, commands: Sequence[Any]) -> bool:
    tail = one.id.partition(".")[2]
    alike = [other for other in commands if other.entity and other.help == one.help and other.id.endswith("." + tail)]
    return bool(one.entity) and len(alike) > 1


def commands_page() -> str:
    """Return the reference of the command line."""
    from crm_tui.verbs.arguments import VERBS

    lines = [
        "# Command line",
        "",
        _GENERATED,
        "",
        "Data goes to stdout and everything else to stderr; `--json` is for programs. Every option is accepted before",
        "and after the verb. Queries are those of the filter bar; put them in quotes where the shell would read `<`,",
        "`>` or `(`.",
        "",
        *_verb_lines(""),
    ]
    for name in VERBS:
        lines += ["", f"## {name}", "", *_verb_lines(name)]
    codes = [(str(code), meaning) for code, meaning in EXIT_CODES.items()]
    lines += ["", "## Exit codes", "", *_table(("code", "means"), codes)]
    return "\n".join(lines) + "\n"


def _verb_lines(name: str) -> list[str]:
    from crm_tui.cli import PROGRAM, parser_of
    from crm_tui.verbs.arguments import Parser, shared

    parser: Any = parser_of(name)
    common: Any = Parser(prog="")
    shared(common)
    shared_flags = set(common._option_string_actions)
    words = [PROGRAM, name] if name else [PROGRAM]
    rows: list[tuple[str, str]] = []
    for action in sorted(parser._actions, key=lambda action: bool(action.option_strings)):
        if name and shared_flags & set(action.option_strings):
            continue
        written = _written(action)
        if action.option_strings and not name and "--help" in action.option_strings:
            continue
        words.append(written if action.required and action.nargs not in ("*", "?") else f"[{written}]")
        rows.append((f"`{', '.join(action.option_strings) or action.metavar}`", action.help or ""))
    usage = " ".join(word for word in words if word != "[--help]")
    rows = [row for row in rows if "--help" not in row[0]]
    return [
        parser.description,
        "",
        "```",
        *_wrapped(usage),
        "```",
        "",
        *_table(("argument", "means"), rows),
    ]


def _written(action: Any) -> str:
    """Return an argument as the usage line has it."""
    value = "|".join(map(str, action.choices)) if action.choices else str(action.metavar or "")
    if not action.option_strings:
        return f"{value} ..." if action.nargs in ("*", "+") else value
    flag = max(action.option_strings, key=len)
    return flag if action.nargs == 0 else f"{flag} {value}"


def _wrapped(usage: str) -> list[str]:
    import textwrap

    return textwrap.wrap(usage, 110, subsequent_indent=" " * 8, break_long_words=False, break_on_hyphens=False)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def main(words: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` compare them; return the exit code."""
    drivers.import_sparingly(postgres=False)
    i18n.use_language("")
    check = "--check" in words
    stale = []
    for name, text in pages().items():
        path = FOLDER / name
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(path.name)
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
    if check and stale:
        print(f"docs/ is stale ({', '.join(stale)}): run `make docs`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
