"""The verbs of the command line and the arguments each takes, for ``cli``, the shell completion and the docs.

Nothing here imports Peewee: whether its PostgreSQL driver is needed is known only when the arguments have been read.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from crm_tui.errors import BadInput
from crm_tui.i18n import N_, _

MARK = "\0"
"""Put before a word that begins with ``-`` and is no option, so that argparse leaves it alone; no argument holds it."""


class Parser(argparse.ArgumentParser):
    """Raises BadInput instead of leaving the program."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line."""
        raise BadInput(_("{problem}. {program} --help shows how.").format(problem=message, program=self.prog))


class Verb(NamedTuple):
    """One verb: ``function`` of ``verbs.module`` does it."""

    module: str
    function: str
    help: str
    """Untranslated, one line."""
    arguments: Callable[[Parser], None]
    despite_config: bool = False
    """Whether it runs with a broken configuration."""


def _word(text: str) -> str:
    return text.removeprefix(MARK)


def _number(least: int, most: int = 10_000_000) -> Callable[[str], int]:
    def read(text: str) -> int:
        plain = _word(text).replace(",", "").replace("_", "")
        if not plain.lstrip("-").isdecimal() or not least <= int(plain[:20]) <= most:
            raise argparse.ArgumentTypeError(
                _('"{text}" is not a whole number from {least} to {most}').format(
                    text=_word(text), least=least, most=most
                )
            )
        return int(plain)

    return read


def _one_character(text: str) -> str:
    plain = _word(text)
    if len(plain) != 1 and plain != "tab":
        raise argparse.ArgumentTypeError(_('"{text}" is not one character, nor the word tab').format(text=plain))
    return plain


def add(parser: Parser, *names: str, completes: str = "", **about: Any) -> None:
    """Add an argument; ``completes`` says what the shell offers for it (``verbs.shell``)."""
    if about.get("action") is None:
        about.setdefault("type", _word)
    action: Any = parser.add_argument(*names, **about)
    action.completes = completes


def shared(parser: Parser) -> None:
    add(parser, "--workspace", "-w", metavar="PATH|URL", default=argparse.SUPPRESS, completes="file",
        help=_("a file, or postgresql://...; CRM_TUI_WORKSPACE, the configured or your own without it"))  # fmt: skip
    add(parser, "--operator", metavar="LOGIN", default=argparse.SUPPRESS, completes="operator",
        help=_("work as this operator; as your account otherwise"))  # fmt: skip
    add(parser, "--readonly", action="store_true", default=argparse.SUPPRESS, help=_("change nothing"))


def _json(parser: Parser) -> None:
    add(parser, "--json", action="store_true", help=_("print JSON"))


def _yes(parser: Parser) -> None:
    add(parser, "--yes", "-y", action="store_true", help=_("do not ask"))


def _entity(parser: Parser, **about: Any) -> None:
    add(parser, "entity", metavar="ENTITY", completes="entity", help=_("clients, contacts, tags ..."), **about)


def _query(parser: Parser) -> None:
    add(parser, "query", metavar="QUERY", nargs="*", default=[], completes="query",
        help=_("which records: stage:active -tag:vip score>=70; all without it"))  # fmt: skip


def _columns(parser: Parser) -> None:
    add(parser, "--columns", metavar="a,b", completes="columns", help=_("the fields to print, in this order"))


def _open(parser: Parser) -> None:
    add(parser, "--restricted", action="store_true", default=argparse.SUPPRESS,
        help=_("reach no other program and no file of this machine, for operators without a shell"))  # fmt: skip
    add(parser, "--filter", metavar="QUERY", help=_("begin with this query"))
    add(
        parser,
        "screen",
        metavar="SCREEN",
        nargs="?",
        completes="entity",
        help=_("where to begin: clients, contacts ..."),
    )


def _list(parser: Parser) -> None:
    _entity(parser)
    _query(parser)
    _columns(parser)
    add(parser, "--limit", metavar="N", type=_number(1), help=_("at most so many"))
    add(parser, "--format", choices=("table", "json", "csv", "ids"), default="table", help=_("how to print them"))
    _json(parser)


def _show(parser: Parser) -> None:
    _entity(parser)
    add(
        parser,
        "record",
        metavar="ID",
        nargs="+",
        completes="record",
        help=_("an id, or the text of a field that names it"),
    )
    _json(parser)


def _add(parser: Parser) -> None:
    _entity(parser)
    add(parser, "values", metavar="field=value", nargs="*", default=[], completes="pairs", help=_("its fields"))
    _json(parser)


def _set(parser: Parser) -> None:
    _entity(parser)
    add(parser, "words", metavar="ID|QUERY field=value", nargs="+", completes="query or pairs",
        help=_("an id, ids like 1,2,3, or a query; then the fields. tags=+vip,-cold adds and takes away; "
               "version=N refuses to overwrite what others changed since"))  # fmt: skip
    _yes(parser)
    _json(parser)


def _archive(parser: Parser) -> None:
    _entity(parser)
    add(parser, "words", metavar="ID|QUERY", nargs="+", completes="query", help=_("an id, ids like 1,2,3, or a query"))
    add(parser, "--back", action="store_true", help=_("bring archived records back"))
    _yes(parser)
    _json(parser)


def _operation(parser: Parser) -> None:
    add(parser, "operation", metavar="OPERATION", nargs="?", type=_number(1, 2**62),
        help=_("its number in the log; your latest without it"))  # fmt: skip
    _json(parser)


def _do(parser: Parser) -> None:
    add(parser, "command", metavar="COMMAND-ID", completes="command", help=_("as crm-tui keys lists them"))
    add(
        parser,
        "words",
        metavar="ID|name=value",
        nargs="*",
        default=[],
        completes="arguments",
        help=_("records, then arguments"),
    )
    _yes(parser)
    _json(parser)


def _log(parser: Parser) -> None:
    _entity(parser, nargs="?")
    add(parser, "record", metavar="ID", nargs="*", default=[], completes="record", help=_("one record of it"))
    add(parser, "--since", metavar="WHEN", help=_("a moment, a day or a period: -2h, yesterday, this-week, 2026-11-22"))
    add(parser, "--limit", metavar="N", type=_number(1), help=_("at most so many changes"))
    _json(parser)


def _import(parser: Parser) -> None:
    _entity(parser)
    add(parser, "file", metavar="FILE", completes="file", help=_("CSV, XLSX, JSON or vCard; - reads what is piped in"))
    add(parser, "--map", metavar="column=field", action="append", type=_word, default=[],
        help=_("which field a column fills; repeat it. column= leaves a column out"))  # fmt: skip
    add(parser, "--key", metavar="FIELD", completes="field", help=_("the field by which rows find records that exist"))
    how: Any = parser.add_mutually_exclusive_group()
    for mode, text in (
        ("create", _("add new records only")),
        ("update", _("change existing records only")),
        ("both", _("change what exists, add what does not")),
    ):
        add(how, f"--{mode}", dest="mode", action="store_const", const=mode, help=text)
    add(parser, "--dry-run", action="store_true", help=_("say what would happen, write nothing"))
    add(parser, "--all-or-nothing", action="store_true", help=_("write nothing when any row is refused"))
    add(parser, "--clear-empty", action="store_true", help=_("let an empty cell empty the field of an existing record"))
    add(parser, "--encoding", metavar="NAME", help=_("of a text file, when it is not found out rightly"))
    add(parser, "--delimiter", metavar="CHARACTER", type=_one_character, help=_("of a CSV file; tab for tabs"))
    add(parser, "--sheet", metavar="NAME", help=_("of a workbook"))
    add(parser, "--dates", choices=("dmy", "mdy", "ymd"), help=_("how days like 3/4/2026 are meant"))
    add(parser, "--numbers", choices=("point", "comma"), help=_("what stands before the decimals"))
    add(
        parser,
        "--rejects",
        metavar="FILE",
        completes="file",
        help=_("write the refused rows there, with reasons"),
    )
    _json(parser)


def _export(parser: Parser) -> None:
    add(parser, "entity", metavar="ENTITY", completes="entity",
        help=_("clients, contacts, tags ...; person: all that is held of one"))  # fmt: skip
    add(parser, "query", metavar="QUERY|PERSON", nargs="*", default=[], completes="query",
        help=_("which records: stage:active -tag:vip score>=70; all without it. Of person: an id, an e-mail, a name, "
               "or client:12 for a client who is one"))  # fmt: skip
    add(
        parser,
        "--to",
        metavar="FILE",
        completes="file",
        help=_(
            "its ending says the format: .csv .xlsx .json .vcf .ics; - prints CSV. Of a person: .json, or it is printed"
        ),
    )
    _columns(parser)
    add(parser, "--files", metavar="DIR", completes="file", help=_("of a person: write the attached files there"))
    _json(parser)


def _erase(parser: Parser) -> None:
    add(parser, "what", metavar="person", completes="person", help=_("the word person"))
    add(parser, "person", metavar="PERSON", nargs="+", completes="record",
        help=_("an id, an e-mail or a name of a contact; client:12 is a client who is a person"))  # fmt: skip
    add(parser, "--reason", metavar="TEXT", help=_("why, without a name: it is kept"))
    _yes(parser)
    _json(parser)


def _attach(parser: Parser) -> None:
    _entity(parser)
    add(parser, "record", metavar="ID", completes="record", help=_("an id, or the text of a field that names it"))
    add(parser, "files", metavar="FILE", nargs="+", completes="file", help=_("what to attach a copy of"))
    add(parser, "--name", metavar="NAME", help=_("what it is called there; its own name otherwise"))
    _json(parser)


def _extract(parser: Parser) -> None:
    add(parser, "attachment", metavar="ID", help=_("as crm-tui list attachments has it"))
    add(parser, "to", metavar="FILE|FOLDER", nargs="?", default=".", completes="file",
        help=_("where to; into this folder, under its own name, otherwise. - prints it"))  # fmt: skip
    _yes(parser)
    _json(parser)


def _demo(parser: Parser) -> None:
    add(parser, "--clients", metavar="N", type=_number(0, 1_000_000), default=250, help=_("how many; 250 otherwise"))
    add(parser, "--orders", metavar="N", type=_number(0), default=0, help=_("how many orders of theirs"))
    add(parser, "--open", metavar="N", type=_number(0), default=None, dest="open_orders",
        help=_("how many of the orders are still open"))  # fmt: skip
    add(parser, "--seed", metavar="S", type=_number(0, 2**62), default=1, help=_("the same number gives the same data"))
    add(parser, "--no-open", action="store_true", help=_("make it without opening it"))
    _yes(parser)
    _json(parser)


def _worker(parser: Parser) -> None:
    add(parser, "--once", action="store_true", help=_("do what is due now, and end"))
    add(parser, "--until", metavar="WHEN",
        help=_("with --once: do all that comes due until then, each at its time, as if it had passed"))  # fmt: skip
    add(parser, "--status", action="store_true", help=_("print what was done last and what comes next, and do nothing"))
    _json(parser)


def _kpi(parser: Parser) -> None:
    add(parser, "names", metavar="NAME", nargs="*", help=_("which numbers; none names all of them"))
    add(parser, "--by", metavar="FIELD", default="",
        help=_("in which groups: a field, reference.field, or day, week, month, quarter, year"))  # fmt: skip
    _numbers(parser)


def _report(parser: Parser) -> None:
    add(parser, "dashboard", metavar="DASHBOARD", nargs="?", default="owner",
        help=_("owner, sales, delivery or support"))  # fmt: skip
    add(parser, "file", metavar="FILE", nargs="?",
        help=_("where to: .txt, .html, .pdf or .csv; without it, it is printed"))  # fmt: skip
    _numbers(parser)


def _numbers(parser: Parser) -> None:
    add(parser, "--period", metavar="WHEN", default="this-quarter",
        help=_("this-quarter, last-month, 2026, 2026-Q3, 2026-10, 2026-10-01..2026-10-15"))  # fmt: skip
    add(parser, "--against", choices=("before", "year", "no"), default="before",
        help=_("what it is compared with: the period before, the year before, or nothing"))  # fmt: skip
    add(parser, "--filter", metavar="QUERY", default="", help=_("count only what matches this, too"))
    _json(parser)


def _outbox(parser: Parser) -> None:
    add(parser, "--release", action="store_true",
        help=_("let mail go out from this workspace, which was copied, moved or restored"))  # fmt: skip
    add(parser, "--test", action="store_true", help=_("send one mail to your own address"))
    _json(parser)


def _init(parser: Parser) -> None:
    add(parser, "--template", metavar="NAME|FILE.toml", completes="template",
        help=_("what to begin with; what is there already stays as it is"))  # fmt: skip
    add(parser, "--name", metavar="NAME", help=_("what the workspace is called"))
    add(parser, "--list", action="store_true", help=_("name the templates there are"))
    _json(parser)


def _backup(parser: Parser) -> None:
    add(parser, "file", metavar="FILE", completes="file", help=_("a SQLite file, whatever the workspace is kept in"))
    _yes(parser)
    _json(parser)


def _restore(parser: Parser) -> None:
    add(
        parser,
        "file",
        metavar="FILE",
        completes="file",
        help=_("what crm-tui backup wrote, or any workspace's file"),
    )
    _yes(parser)
    _json(parser)


def _doctor(parser: Parser) -> None:
    add(
        parser,
        "--fix",
        action="store_true",
        help=_("make the search index and folded fields anew where they are wrong"),
    )
    add(parser, "--all", action="store_true", help=_("compare every record with the journal, not a sample"))
    _json(parser)


def _completion(parser: Parser) -> None:
    add(parser, "shell", metavar="SHELL", nargs="?", choices=("bash", "zsh", "fish"), completes="shell",
        help=_("bash, zsh or fish"))  # fmt: skip
    add(parser, "--words", metavar="LINE", help=_("what the script asks: what may follow this line"))
    _json(parser)


VERBS = {
    "list": Verb("reading", "list_records", N_("print the records that match a query"), _list),
    "show": Verb("reading", "show_record", N_("print everything about one record"), _show),
    "add": Verb("writing", "add_record", N_("add a record and print its id"), _add),
    "set": Verb("writing", "set_fields", N_("give records values"), _set),
    "archive": Verb("writing", "archive_records", N_("archive records, or bring them back"), _archive),
    "do": Verb("doing", "run_command", N_("run a command on records"), _do),
    "undo": Verb("writing", "undo_operation", N_("undo an operation, your latest unless it is named"), _operation),
    "redo": Verb("writing", "redo_operation", N_("do again what was undone"), _operation),
    "import": Verb("exchanging", "import_file", N_("import a file"), _import),
    "export": Verb(
        "exchanging", "export_file", N_("export records to a file, or all that is held of a person"), _export
    ),
    "erase": Verb("privacy", "erase", N_("erase a person for good"), _erase),
    "attach": Verb("attaching", "attach", N_("attach files to a record"), _attach),
    "extract": Verb("attaching", "extract", N_("write a copy of an attached file"), _extract),
    "log": Verb("reading", "show_log", N_("print the journal, newest first"), _log),
    "demo": Verb("demo", "make_demo", N_("make a workspace full of plausible data and open it"), _demo),
    "init": Verb("beginning", "begin", N_("make a workspace that begins with the template of a trade"), _init),
    "worker": Verb("working", "work", N_("do what recurs, in the background: as a service, or once"), _worker),
    "kpi": Verb("numbers", "tell", N_("print the numbers a business is run by, and what they count"), _kpi),
    "report": Verb("numbers", "report", N_("print a dashboard, or write it to a file"), _report),
    "outbox": Verb("mailing", "outbox", N_("tell whether mail goes out, and what waits"), _outbox),
    "backup": Verb("keeping", "back_up", N_("write the whole workspace to one file"), _backup),
    "restore": Verb(
        "keeping", "restore", N_("replace the workspace by a backup; what was there is set aside"), _backup
    ),
    "doctor": Verb("examining", "examine", N_("find out what is wrong, and put right what can be"), _doctor, True),
    "keys": Verb("doing", "list_commands", N_("print every command with its keys"), _json),
    "info": Verb("about", "show_about", N_("print versions, places and sizes"), _json, True),
    "completion": Verb("shell", "complete", N_("print a script that completes words in your shell"), _completion, True),
}
OPEN = Verb("opening", "open_program", N_("open the full-screen program"), _open)
