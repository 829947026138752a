"""What goes to the terminal, in fewer bytes: of a colour that is set already nothing is sent.

Textual says of each piece of text all of its colours, and takes them back behind it. Over SSH that is more than the
text: here only what differs from the piece before is said, as curses does it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from textual.driver import Driver

_SGR = re.compile("\x1b\\[([0-9;]*)m")
_MOVES = re.compile("(?:[\r\n]*\x1b\\[[0-9]+;[0-9]+H)+")
"""Going elsewhere, where nothing is printed: what colours are set makes no difference."""
_NEW_LINE = re.compile("[\r\n]+(?=\x1b)")
"""What Textual puts between two lines; as it then says where the second is, and as none is at the bottom of the screen,
it goes nowhere."""

_HOME = re.compile(";1H")

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
_OFFS = {off: {on for on, its in _OFF.items() if its == off} for off in _OFF.values()}


class _Look(NamedTuple):
    """How text looks: parameters of the escape sequence that are set."""

    marks: frozenset[str] = frozenset()
    front: str = ""
    back: str = ""

    @property
    def whole(self) -> str:
        """All that says so to a terminal on which nothing is set."""
        return ";".join([*sorted(self.marks), *filter(None, (self.front, self.back))])


_PLAIN = _Look()


class Thrift:
    """Says the same to a terminal in fewer bytes; remembers what is set there."""

    def __init__(self) -> None:
        self._set: _Look | None = _PLAIN
        """What is set on the terminal; None where that is not known."""
        self._wanted: _Look | None = _PLAIN
        """What was asked for; None after what we know nothing of, until all is taken back."""

    def spare(self, data: str) -> str:
        """Return what says the same as ``data`` after all that was said before."""
        pieces = _SGR.split(data)
        if len(pieces) == 1 and self._set == self._wanted:
            return data
        said: list[str] = []
        for at, piece in enumerate(pieces):
            if at % 2:
                wanted = _after(self._wanted, piece)
                if wanted is None:  # nothing that we know of: it is said as it is
                    said += [self._change(), f"\x1b[{piece}m"]
                    self._set = None
                self._wanted = wanted
            elif piece and _MOVES.fullmatch(piece):
                said.append(_HOME.sub("H", _NEW_LINE.sub("", piece)))
            elif piece:
                said += [self._change(), piece]
        said.append(self._change())
        return "".join(said)

    def _change(self) -> str:
        if self._wanted is None or self._set == self._wanted:
            return ""
        former, self._set = self._set, self._wanted
        return _from_to(former, self._wanted)


@lru_cache(4096)
def _from_to(former: _Look | None, wanted: _Look) -> str:
    """Return the shortest sequence by which text that looked in one way looks in another."""
    anew = f"\x1b[0;{wanted.whole}m" if wanted != _PLAIN else "\x1b[0m"
    if former is None:
        return anew
    off = sorted({_OFF[mark] for mark in former.marks - wanted.marks})
    lost = {mark for one in off for mark in _OFFS[one]}
    on = sorted(wanted.marks - (former.marks - lost))
    front = [wanted.front or "39"] if wanted.front != former.front else []
    back = [wanted.back or "49"] if wanted.back != former.back else []
    return min(f"\x1b[{';'.join([*off, *on, *front, *back])}m", anew, key=len)


@lru_cache(4096)
def _after(look: _Look | None, parameters: str) -> _Look | None:
    """Return how text looks after a sequence; None where we do not know that."""
    codes = (parameters or "0").split(";")
    if look is None:
        if codes[0] not in ("", "0"):
            return None
        look = _PLAIN
    marks, front, back = set(look.marks), look.front, look.back
    while codes:
        code = codes.pop(0) or "0"
        if code in ("38", "48"):
            size = {"2": 4, "5": 2}.get(codes[0] if codes else "", 99)
            colour, codes = ";".join([code, *codes[:size]]), codes[size:]
            if colour.count(";") != size:
                return None
            front, back = (colour, back) if code == "38" else (front, colour)
        elif code == "0":
            marks, front, back = set(), "", ""
        elif code in _OFF:
            marks.add(code)
        elif code in _OFFS:
            marks -= _OFFS[code]
        elif code == "39" or (code.isdigit() and (30 <= int(code) <= 37 or 90 <= int(code) <= 97)):
            front = "" if code == "39" else code
        elif code == "49" or (code.isdigit() and (40 <= int(code) <= 47 or 100 <= int(code) <= 107)):
            back = "" if code == "49" else code
        else:
            return None
    return _Look(frozenset(marks), front, back)


def thrifty(driver: type[Driver]) -> type[Driver]:
    """Return a driver that does what another one does, in fewer bytes."""
    known: Any = driver

    class Thrifty(known):  # type: ignore[misc]  # the class depends on the platform
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._thrift = Thrift()

        def write(self, data: str) -> None:
            """Write to the terminal."""
            super().write(self._thrift.spare(data))

    return Thrifty
