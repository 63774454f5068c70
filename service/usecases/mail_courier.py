"""What use cases need of whoever hands letters to a mail server."""

from __future__ import annotations

from typing import Protocol

from service.domain.letter import Letter


class MailCourier(Protocol):
    """Hands letters in, one at a time."""

    def send(self, letter: Letter) -> None:
        """Hand one letter in. Raises LetterRefused or LetterFailed, and nothing else."""
        ...

    def unsubscribe_url(self, token: str) -> str:
        """Where one click ends the letters the token is for."""
        ...
