"""A letter by e-mail, before anything is known of how mail servers talk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter to one reader. `key` is the same when it is sent again, and names nobody."""

    to: str = field(repr=False)
    sender_name: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    language: str
    key: str
    unsubscribe_url: str = field(repr=False)
    at: datetime


class LetterRefused(Exception):
    """The address takes no letters, for good. `code` is a short word of our own."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class LetterFailed(Exception):
    """It could not be handed in now. `code` is a short word of our own.

    `perhaps_sent`: the server had the letter and said nothing. `server_away`: the next letter
    would meet the same.
    """

    def __init__(self, code: str, *, perhaps_sent: bool = False, server_away: bool = False) -> None:
        self.code = code
        self.perhaps_sent = perhaps_sent
        self.server_away = server_away
        super().__init__(code)
