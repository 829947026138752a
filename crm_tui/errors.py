"""What can go wrong, in the user's words, with the exit code the command line gives it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Self

from crm_tui.i18n import _
from crm_tui.text import fold

_LONGEST_COMPARED = 60
_MOST_COMPARED = 2000


class CrmError(Exception):
    """A rule refused what was asked: the message says which. Exit code 1."""

    exit_code = 1


class BadInput(CrmError):
    """What was typed, passed or read cannot be understood: the message says where. Exit code 2.

    ``field`` names the field at fault, ``position`` (start, end) the characters of the text at fault.
    """

    exit_code = 2

    def __init__(self, message: str, *, field: str = "", position: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.position = position


class InvalidRecord(BadInput):
    """Several fields of one record were refused: ``problems`` maps a field's name to what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(
            "; ".join(f"{name}: {text}" for name, text in problems.items()), field=next(iter(problems), "")
        )
        self.problems = problems


class Doubtful(CrmError):
    """Refused unless whoever knows better says ``anyway``: ``question`` asks whether to do it all the same."""

    def __init__(self, message: str, question: str) -> None:
        super().__init__(message)
        self.question = question

    @classmethod
    def because(cls, reason: str, question: str = "") -> Self:
        """Return the refusal of a reason, a sentence without its stop; ``question`` follows it where it is asked."""
        return cls(
            _("{reason}. anyway=yes does it all the same.").format(reason=reason),
            _("{reason}. {question}").format(reason=reason, question=question or _("Do it all the same?")),
        )


ANYWAY = "anyway"
"""The argument, yes or no, by which whoever knows better does what is ``Doubtful`` all the same."""


class Conflict(CrmError):
    """Someone else changed the same thing since it was read. Exit code 3."""

    exit_code = 3


class Erased(Conflict):
    """What was to be written is of a person who was erased meanwhile: it does not come back."""


class NotFound(CrmError):
    """No such record, operation or command. Exit code 4."""

    exit_code = 4


class CannotOpen(CrmError):
    """The workspace cannot be opened; its file was not touched. Exit code 5."""

    exit_code = 5


class NotAllowed(CrmError):
    """The operator's role, or ``--readonly``, does not permit this."""


class StorageFailed(CrmError):
    """The disk or the database server refused: full, locked for too long, gone. Nothing was half written."""


def nearest(word: str, known: Iterable[str], *, most: int = 3) -> str:
    """Return `` Did you mean "a" or "b"?`` for the known words nearest to ``word``, or nothing.

    Case and accents do not count; only the first 2,000 words are compared.
    """
    from difflib import get_close_matches  # only what goes wrong needs it

    by_key: dict[str, str] = {}
    for name in islice(known, _MOST_COMPARED):
        by_key.setdefault(fold(name[:_LONGEST_COMPARED]), name)
    close = get_close_matches(fold(word[:_LONGEST_COMPARED]), by_key, n=most, cutoff=0.55)
    if not close:
        return ""
    names = [f'"{by_key[key]}"' for key in close]
    listed = names[0]
    if len(names) > 1:
        listed = _("{first} or {last}").format(first=", ".join(names[:-1]), last=names[-1])
    return " " + _("Did you mean {names}?").format(names=listed)
