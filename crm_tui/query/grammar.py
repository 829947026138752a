"""How tokens make a query: ``not`` binds closer than ``and``, ``and`` (or nothing) closer than ``or``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crm_tui.errors import BadInput
from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.query.tokens import Token, tokens
from crm_tui.query.tree import And, Node, Or, Was, opposite

LONGEST = 2000
"""Characters of a query."""
DEEPEST = 20
"""Brackets within brackets."""
MOST_TERMS = 200
MOST_VALUES = 500
"""Values of one list."""


class Unfinished(BadInput):
    """Wrong as it stands, but what is typed next may put it right."""


@dataclass(frozen=True, slots=True)
class Syntax:
    """What the grammar finds: the condition, and the ``sort:`` terms, which belong to none."""

    where: Node | None
    sorts: tuple[Token, ...]


def read(text: str, leaf: Callable[[Token], Node], *, lenient: bool = False) -> Syntax:
    """Return the syntax of a query; ``leaf`` turns a word, phrase or term into a condition. Raises BadInput.

    ``lenient`` leaves out a last term that is unfinished and closes what is open, for a query that is being typed.
    """
    if len(text) > LONGEST:
        message = _("This query has {n} characters; {most} fit.").format(n=whole(len(text)), most=whole(LONGEST))
        raise BadInput(message, position=(LONGEST, len(text)))
    return _Reader(text, leaf, lenient).read()


def keyword(token: Token | None, following: Token | None = None) -> str:
    """Return ``or``, ``and``, ``not`` or ``was`` when the token stands for it, "" when it does not.

    ``was`` is a word to search for unless a condition follows it.
    """
    if token is None or token.sort != "word" or token.quoted:
        return ""
    word = token.text.lower()
    if word == "was":
        condition = following is not None and following.sort in ("term", "(", "-")
        return "was" if condition or keyword(following) in ("not", "was") else ""
    return word if word in ("or", "and", "not") else ""


class _Reader:
    """Reads one query from left to right."""

    def __init__(self, text: str, leaf: Callable[[Token], Node], lenient: bool) -> None:
        self.text, self.leaf, self.lenient = text, leaf, lenient
        self.tokens = tokens(text)
        self.at = self.depth = self.terms = 0
        self.sorts: list[Token] = []

    def read(self) -> Syntax:
        where = self.either()
        if token := self.token():
            raise BadInput(_("There is no ( for this )."), position=(token.start, token.end))
        return Syntax(where, tuple(self.sorts))

    def token(self, ahead: int = 0) -> Token | None:
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else None

    def keyword(self, ahead: int = 0) -> str:
        return keyword(self.token(ahead), self.token(ahead + 1))

    def either(self) -> Node | None:
        """Conditions with ``or`` between them."""
        parts = [self.every()]
        while self.keyword() == "or":
            before, word = parts[-1], self.token()
            self.at += 1
            after = self.every()
            if (before is None or after is None) and not (after is None and self.typing()):
                self.alone(word)
            parts.append(after)
        given = [part for part in parts if part is not None]
        return given[0] if len(given) == 1 else Or(tuple(given)) if given else None

    def every(self) -> Node | None:
        """Conditions that all hold."""
        parts: list[Node] = []
        joined: Token | None = None
        begun = False
        while (token := self.token()) and token.sort != ")" and self.keyword() != "or":
            if self.keyword() == "and":
                if joined or not begun:
                    self.alone(token)
                joined = token
                self.at += 1
                continue
            found = self.one()
            begun, joined = True, None
            if found is not None:
                parts.append(found)
        if joined and not self.typing():
            self.alone(joined)
        telling = [part for part in parts if part != And(())] or parts[:1]
        return telling[0] if len(telling) == 1 else And(tuple(telling)) if telling else None

    def one(self) -> Node | None:
        """One term or bracket with the ``-``, ``not`` and ``was`` before it; None where there is no condition."""
        prefixes: list[tuple[str, Token]] = []
        while (token := self.token()) and (token.sort == "-" or self.keyword() in ("not", "was")):
            prefixes.append((self.keyword() if token.sort != "-" else "not", token))
            self.at += 1
        if token is None or token.sort == ")" or self.keyword() in ("or", "and"):
            if not self.typing():
                self.alone(prefixes[-1][1])
            return None
        node = self.bracket(token) if token.sort == "(" else self.term(token, plain=not prefixes)
        negated = False
        for word, before in reversed(prefixes):
            if word == "not":
                negated = not negated
            elif node is not None:
                node = Was(opposite(node) if negated else node, (before.start, before.end))
                negated = False
        return opposite(node) if negated and node is not None else node

    def bracket(self, opening: Token) -> Node | None:
        self.depth += 1
        if self.depth > DEEPEST:
            message = _("Brackets can be nested {n} deep, not deeper.").format(n=DEEPEST)
            raise BadInput(message, position=(opening.start, opening.end))
        self.at += 1
        node = self.either()
        closing = self.token()
        if closing:
            self.at += 1
        elif not self.typing():
            raise Unfinished(_("This ( is not closed."), position=(opening.start, opening.end))
        if node is None and closing and not self.lenient:
            raise BadInput(_("There is nothing between these brackets."), position=(opening.start, closing.end))
        self.depth -= 1
        return node

    def term(self, token: Token, *, plain: bool) -> Node | None:
        self.at += 1
        self.terms += 1
        if self.terms > MOST_TERMS:
            message = _("A query has at most {n} terms.").format(n=MOST_TERMS)
            raise BadInput(message, position=(token.start, len(self.text)))
        if len(token.values) > MOST_VALUES:
            message = _("A list has at most {n} values.").format(n=MOST_VALUES)
            raise BadInput(message, position=(token.operator_end, token.end))
        if token.sort == "term" and token.text.lower() == "sort":
            if self.depth or not plain:
                message = _("sort: goes outside of brackets and after no -, not or was.")
                raise BadInput(message, position=(token.start, token.end))
            self.sorts.append(token)
            return None
        if not token.closed and not self.lenient:
            message = _("This quotation mark is not closed.")
            start = token.items[-1].start if token.items else token.start
            raise Unfinished(message, position=(start, start + 1))
        try:
            return self.leaf(token)
        except Unfinished:
            if self.lenient and token.end == len(self.text):
                return None
            raise

    def typing(self) -> bool:
        """Whether the text ends here and may go on."""
        return self.lenient and self.token() is None

    def alone(self, token: Token | None) -> None:
        """Complain about ``or``, ``and``, ``not`` or ``-`` without a condition beside it."""
        if token is None:
            return
        message = _('"{word}" needs a condition on its other side; put it in quotes to search for the word.')
        if token.text.lower() in ("not", "was", "-"):
            message = _('"{word}" needs a condition after it; put it in quotes to search for the word.')
        raise BadInput(message.format(word=token.text), position=(token.start, token.end))
