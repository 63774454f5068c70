"""What can be wrong with a model, as errors that name the file or entry."""

from __future__ import annotations


class ModelError(Exception):
    """Base: a model cannot be used. The message is for the person who runs Parley."""


class RegistryError(ModelError):
    """config/models.yaml is wrong; the message starts with file and line."""


class MissingModel(ModelError):
    """A model or one of its files is not there."""


class CorruptModel(ModelError):
    """A file is not the one that was registered, or does not hold what it must."""


class FetchFailed(ModelError):
    """A download did not complete; what was received is kept for the next try."""
