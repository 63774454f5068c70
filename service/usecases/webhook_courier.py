"""What use cases need of whoever carries messages to other people's servers."""

from __future__ import annotations

from typing import Protocol

from service.domain.webhook_message import Answer, Message


class WebhookCourier(Protocol):
    """Signs messages and brings them to public addresses only."""

    def check(self, url: str) -> None:
        """Raise Invalid naming `url` unless messages may be sent there, as its name leads now."""
        ...

    def new_secret(self) -> tuple[str, str]:
        """A new secret: as the receiver is shown it, and sealed, as it is stored."""
        ...

    def post(self, message: Message) -> Answer:
        """Try once, for ten seconds at most. Never raises for a fault of the receiver."""
        ...
