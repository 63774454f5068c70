"""What a labelled file can measure, told from its columns."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Kind(StrEnum):
    """What is measured on a file."""

    TOXICITY = "toxicity"
    FUNCTIONS = "functions"  # HateCheck: a functionality per row
    IDENTITY = "identity"  # sentence templates that name groups
    OFF_TOPIC = "off_topic"  # pairs of article and comment
    THREADS = "threads"  # runs of comments with on_topic marks
    ARTICLES = "articles"  # article texts that other files refer to


# The first entry whose columns are all there decides.
COLUMNS_OF: tuple[tuple[Kind, frozenset[str]], ...] = (
    (Kind.THREADS, frozenset({"comments", "variant", "article_id"})),
    (Kind.OFF_TOPIC, frozenset({"comment_text", "label_on_topic", "article_text"})),
    (Kind.OFF_TOPIC, frozenset({"comment_text", "label_on_topic", "profile_comments"})),
    (Kind.FUNCTIONS, frozenset({"text", "toxic", "functionality"})),
    (Kind.IDENTITY, frozenset({"text", "toxic", "template"})),
    (Kind.TOXICITY, frozenset({"text", "toxic"})),
    (Kind.ARTICLES, frozenset({"article_id", "title", "text", "n_comments"})),
)


def kind_of(columns: Collection[str]) -> Kind | None:
    """The kind of a file with these columns; None where nothing here can be measured."""
    present = set(columns)
    return next((kind for kind, needed in COLUMNS_OF if needed <= present), None)


def missing_columns(columns: Collection[str]) -> str:
    """For a file of no kind: what it has, and what the closest kinds would need."""
    has = ", ".join(sorted(columns)) or "none"
    return f"columns text and toxic are needed (it has: {has})"
