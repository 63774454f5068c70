"""What may be a moderator's password, and what checking one answers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from service.domain.errors import Invalid

# Length is what makes a password hard to guess; rules about digits and capitals only make people
# write `Password1!`, so there are none (NIST SP 800-63B §5.1.1.2).
SHORTEST, LONGEST = 12, 200


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """Whether a password holds. `renewed`: a hash by today's parameters, to store instead."""

    holds: bool
    renewed: str | None = None


def normal_password(password: str) -> str:
    """One spelling for what two keyboards send differently (NFKC, as SP 800-63B asks)."""
    return unicodedata.normalize("NFKC", password)


def accept_password(password: str, *, email: str, name: str) -> None:
    """Raise Invalid (field `password`) unless this may be the password of this account.

    1. It has 12 to 200 characters.
    2. It is neither the address, nor what stands before its @, nor the name.
    """
    text = normal_password(password)
    if not SHORTEST <= len(text) <= LONGEST:
        message = f"Must have {SHORTEST} to {LONGEST} characters; several words are best."
        raise Invalid({"password": [message]})
    guessable = {_bare(email), _bare(email.partition("@")[0]), _bare(name)}
    if _bare(text) in guessable:
        raise Invalid({"password": ["Must be neither the name nor the address."]})


def _bare(text: str) -> str:
    """Letters and digits only, so that `Ann Murphy` and `ann.murphy` are the same."""
    return "".join(filter(str.isalnum, normal_password(text).casefold()))
