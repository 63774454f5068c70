"""What is on disk: the guidelines in force, and room to write."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from service.adapters.guideline_file import GuidelineFileError, load_policy
from service.bootstrap import make_parts
from service.domain.finding import Finding, ok, problem, warning
from service.domain.guideline import Policy
from service.queries.checkup import all_sites

GIGABYTE = 1_000_000_000
FREE_WARN, FREE_FAIL = 2 * GIGABYTE, GIGABYTE // 2
PROBLEMS_SHOWN = 3


def look_at_guidelines(settings: Settings, *, database: bool) -> Iterator[Finding]:
    """The installation's file, and what each site activated where the database answers."""
    try:
        policy = load_policy(settings.guidelines_file)
    except GuidelineFileError as error:
        lines = error.lines()
        more = f" (and {len(lines) - PROBLEMS_SHOWN} more)" if len(lines) > PROBLEMS_SHOWN else ""
        yield problem(
            "guidelines",
            "; ".join(lines[:PROBLEMS_SHOWN]) + more,
            "Mend the file; running processes keep the one they loaded, and none can start. "
            "Try it with: ./parley guidelines check FILE",
        )
        return
    yield ok("guidelines", f"{len(policy.rules)} rules, version {policy.version}")
    if database:
        yield from _sites(settings, policy)


def _sites(settings: Settings, policy: Policy) -> Iterator[Finding]:
    parts = make_parts(settings, policy=policy)
    try:
        with parts.ctx.reading() as session:
            sites = all_sites(session)
        for site in sites:
            trouble = parts.ctx.policy.problem(site.id)
            if trouble is not None:
                yield problem(
                    "guidelines",
                    f"site {site.key} does not go by the version it activated: {trouble}",
                    "Activate a version that can be used, or roll back: ./parley guidelines",
                )
    except SQLAlchemyError:
        return  # said already, with the database
    finally:
        parts.engine.dispose()
    if settings.default_site not in [site.key for site in sites]:
        yield warning(
            "sites",
            f"there is no site `{settings.default_site}`, the default",
            "Add it (./parley sites add), or name another in PARLEY_DEFAULT_SITE.",
        )
    else:
        yield ok("sites", f"{len(sites)}: {', '.join(site.key for site in sites)}")


def look_at_disk(*folders: Path) -> Iterator[Finding]:
    """Free space where Parley keeps something; one line per disk."""
    seen: set[int] = set()
    for folder in folders:
        there = next((one for one in (folder, *folder.parents) if one.exists()), None)
        if there is None or there.stat().st_dev in seen:
            continue
        seen.add(there.stat().st_dev)
        free = shutil.disk_usage(there).free
        says = f"{free / GIGABYTE:.1f} GB free for {folder}"
        advice = "Make room: a full disk stops the database."
        if free < FREE_FAIL:
            yield problem("disk", says, advice)
        elif free < FREE_WARN:
            yield warning("disk", says, advice)
        else:
            yield ok("disk", says)
