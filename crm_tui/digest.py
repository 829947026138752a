"""Short names for files kept about something whose own name is long, or holds a password."""

from __future__ import annotations

from random import Random


def digest(text: str) -> str:
    """Return 16 hexadecimal digits that stand for ``text``, the same in every process.

    Python's generator is seeded with the SHA-512 of what it is given, and that stays so; ``hashlib`` would bring
    OpenSSL into every session, 4 MB.
    """
    return f"{Random(text.encode('utf-8', 'surrogatepass')).getrandbits(64):016x}"
