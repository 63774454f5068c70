"""Every way Parley says no. One file (service/api/errors.py) turns these into HTTP.

ParleyError
├── Invalid          the input is wrong; names the fields
├── Unauthenticated  no credential, or one that does not hold
├── Forbidden        the caller may not do this
├── NotFound         no such thing here
├── Conflict         right input, wrong moment (closed article, stale version, repeat)
├── TooFast          a rate limit; says when to come back
└── Unavailable      a part we need is down; says when to come back
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ParleyError(Exception):
    """Base of all refusals. `code` is for programs, `detail` for people."""

    code = "error"
    detail = "The request could not be carried out."

    def __init__(self, detail: str | None = None, *, code: str | None = None) -> None:
        self.detail = detail or type(self).detail
        self.code = code or type(self).code
        super().__init__(self.detail)


class Invalid(ParleyError):
    """The input is wrong. `errors` maps field names to messages."""

    code = "invalid"
    detail = "The input is not valid."

    def __init__(
        self,
        errors: Mapping[str, Sequence[str]],
        detail: str | None = None,
        *,
        code: str | None = None,
    ) -> None:
        super().__init__(detail, code=code)
        self.errors = {name: list(messages) for name, messages in errors.items()}


class Unauthenticated(ParleyError):
    """No credential, or one that does not hold."""

    code = "unauthenticated"
    detail = "A valid credential is needed."


class Forbidden(ParleyError):
    """The caller is known and may not do this."""

    code = "forbidden"
    detail = "You may not do this."


class NotFound(ParleyError):
    """No such thing here."""

    code = "not_found"
    detail = "There is nothing here by that name."


class Conflict(ParleyError):
    """The request is right but the state it meets is not."""

    code = "conflict"
    detail = "The state of things does not allow this."


class TooFast(ParleyError):
    """A rate limit was reached. `retry_after` is in whole seconds."""

    code = "too_fast"
    detail = "That was too fast; please wait."

    def __init__(self, retry_after: int, detail: str | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(ParleyError):
    """A part that is needed is down. `retry_after` is in whole seconds."""

    code = "unavailable"
    detail = "The service cannot do this right now."

    def __init__(self, retry_after: int = 5, detail: str | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
