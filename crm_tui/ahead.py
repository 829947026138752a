"""Working ahead: what an iterator gives, made by a second process while this one does something with it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")


def possible() -> bool:
    """Whether a second process would be of use, and may be made: elsewhere than on Linux a process that has used the
    system's libraries cannot safely be doubled."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def work_ahead(made: Iterator[T]) -> Generator[T, None, None]:
    """Yield what ``made`` does, in that order, made by a process that knows what this one knows now and must not touch
    what is open here: no database, no screen. It ends with this one, or when no more is asked for.

    Raises what ``made`` raises. Everything it yields must be picklable. Only where it is ``possible``.
    """
    from multiprocessing import get_context

    context = get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(made, reader, writer), daemon=True)
    process.start()
    writer.close()
    try:
        while True:
            try:
                kind, what = reader.recv()
            except EOFError:
                raise RuntimeError("the process that works ahead was stopped") from None
            if kind == _END:
                return
            if kind == _FAILED:
                raise what
            yield what
    finally:
        reader.close()  # it ends when it has nobody to give more to
        process.join()


_MADE, _END, _FAILED = "made", "end", "failed"


def _make(made: Iterator[T], reader: Connection, writer: Connection) -> None:
    """Send one after another. Runs in the second process."""
    reader.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first one is told, and this one notices
    try:
        for what in made:
            writer.send((_MADE, what))
        writer.send((_END, None))
    except BrokenPipeError:
        return
    except Exception as error:
        with contextlib.suppress(BrokenPipeError):
            writer.send((_FAILED, error))
