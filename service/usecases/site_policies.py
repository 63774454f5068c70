"""The guidelines in force at each site, followed within seconds by every process."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from service.domain.errors import Invalid
from service.domain.guideline import Policy
from service.models import GuidelineVersion
from service.queries.guideline_versions import newest_activations

LOOK_SECONDS = 3.0
VERSIONS_KEPT = 64

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InForce:
    """What a process goes by at one site. `problem` says why it is not what was activated."""

    policy: Policy
    looked_at: float
    problem: str | None = None


class SitePolicies:
    """Gives each site's policy: the newest activation's, else the installation's own file.

    1. The database is asked at most every `LOOK_SECONDS` per site and process; while one thread
       asks, the others go by what they know.
    2. A stored version that cannot be loaded (by this version of the program, or because its
       text was changed) is logged and marked; the last good policy stays, at a process's start
       the installation's own.
    3. While the database is down the last known policy stays.
    """

    def __init__(
        self,
        *,
        installed: Callable[[], Policy],
        parse: Callable[[str, Mapping[str, str]], Policy],
        readers: sessionmaker[Session],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._installed = installed
        self._parse = parse
        self._readers = readers
        self._monotonic = monotonic
        self._by_site: dict[UUID, InForce] = {}
        self._looking = threading.Lock()
        self._loaded: LRUCache[str, Policy | None] = LRUCache(VERSIONS_KEPT)
        self._loading = threading.Lock()

    def __call__(self, site_id: UUID | None = None) -> Policy:
        """The policy of a site, or the installation's."""
        return self._in_force(site_id).policy if site_id is not None else self._installed()

    def problem(self, site_id: UUID) -> str | None:
        """Why a site does not go by the version that was activated; None where it does."""
        return self._in_force(site_id).problem

    def parse(self, source: str, lists: Mapping[str, str]) -> Policy:
        """The policy of a file. Raises Invalid with its problems under `source`."""
        return self._parse(source, lists)

    def stored(self, version: str) -> Policy | None:
        """The policy of a stored version; None where there is none or it cannot be loaded."""
        if version == self._installed().version:
            return self._installed()
        with self._loading:
            if version not in self._loaded:
                with self._readers() as session:
                    row = session.get(GuidelineVersion, version)
                if row is None:
                    return None
                self._loaded[version] = self._load(row)
            policy: Policy | None = self._loaded[version]
        return policy

    def look_again(self, site_id: UUID) -> None:
        """Ask the database at the next call: something was activated here."""
        known = self._by_site.get(site_id)
        if known is not None:
            self._by_site[site_id] = replace(known, looked_at=float("-inf"))

    def _in_force(self, site_id: UUID) -> InForce:
        known = self._by_site.get(site_id)
        if known is not None and self._monotonic() - known.looked_at < LOOK_SECONDS:
            return known
        if not self._looking.acquire(blocking=known is None) and known is not None:
            return known
        try:
            self._by_site[site_id] = self._look(site_id)
        finally:
            self._looking.release()
        return self._by_site[site_id]

    def _look(self, site_id: UUID) -> InForce:
        known = self._by_site.get(site_id)
        now = self._monotonic()
        try:
            with self._readers() as session:
                newest = newest_activations(session, site_id=site_id)
            version = newest[0].version if newest else None
            policy = self._installed() if version is None else self.stored(version)
        except SQLAlchemyError:
            if known is None:
                raise
            return replace(known, looked_at=now)
        if policy is not None:
            return InForce(policy, now)
        problem = f"version {version} cannot be loaded"
        kept = known.policy if known is not None else self._installed()
        if known is None or known.problem != problem:
            log.error("guidelines: %s at site %s, going by %s", problem, site_id, kept.version)
        return InForce(kept, now, problem)

    def _load(self, row: GuidelineVersion) -> Policy | None:
        try:
            policy = self._parse(row.source, row.lists)
        except Invalid as error:
            log.error("guidelines: stored version %s is refused: %s", row.version, error)
            return None
        if policy.digest == row.digest:
            return policy
        log.error("guidelines: the text stored as version %s is not that version's", row.version)
        return None
