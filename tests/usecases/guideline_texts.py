"""Guideline files for the tests: the small valid one, for a site, changed as a test needs."""

from __future__ import annotations

from tests.adapters.guideline_files import VALID


def guidelines_for(site_key: str, *changes: tuple[str, str]) -> str:
    """The small file for a site, with pieces of text replaced (each must be there)."""
    text = VALID.replace("site: test", f"site: {site_key}")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


STRICT = (
    ("toxicity >= 0.8", "toxicity >= 0.01"),
    ("toxicity: 0.9", "toxicity: 0.02"),
)
"""Changes after which nearly everything is held."""

WITH_LIST = (
    ("entries: [spam.example]", "file: lists/hosts.txt"),
    ("when: scores.toxicity >= 0.8", "when: \"'hosts' in content.matched_lists\""),
    ("given: {scores: {toxicity: 0.9}}", "given: {content: {matched_lists: [hosts]}}"),
)
"""Changes after which comments that link to a host in `lists/hosts.txt` are held."""
