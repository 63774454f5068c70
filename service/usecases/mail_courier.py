"""What use cases need of whoever hands letters to a mail server."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from service.domain.letter import Letter


class MailCourier(Protocol):
    """Hands letters in, one at a time. Tokens in old letters hold where none are sent any more."""

    @property
    def offered(self) -> bool:
        """Whether there is a mail server."""
        ...

    def send(self, letter: Letter) -> None:
        """Hand one letter in. Raises LetterRefused or LetterFailed, and nothing else."""
        ...

    def unsubscribe_url(self, reader_id: UUID) -> str:
        """Where one click ends a reader's letters, without signing in."""
        ...

    def reader_of(self, token: str) -> UUID | None:
        """Whose letters the token of such an address ends; None where it was not made here."""
        ...
