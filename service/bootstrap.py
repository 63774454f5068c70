"""The one place where adapters are chosen: Settings in, Context and Api out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from cachetools import TTLCache, cached
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from config.mail_server import read_mail_server
from config.settings import Settings
from service.adapters.correlation import current_request_id
from service.adapters.credentials import InstalledCredentials
from service.adapters.database import is_current, make_engine, make_readers, make_sessions
from service.adapters.guideline_file import load_policy, parse_policy
from service.adapters.live_updates import LiveSubscription, NoLive, RedisLive
from service.adapters.mail import SmtpCourier
from service.adapters.markup import render
from service.adapters.metrics import Metrics
from service.adapters.metrics_page import GaugeValues
from service.adapters.pool_watch import watch_pool
from service.adapters.queue import JobQueue
from service.adapters.rate_limit import RateLimiter
from service.adapters.redis_client import CircuitBreaker, connect, is_alive
from service.adapters.rule_language import CelLanguage
from service.adapters.webhook_sender import WebhookSender
from service.api.app_state import Api
from service.domain.guideline import Policy
from service.gauges import gauges_without_database, read_gauges
from service.models import utc_now
from service.queries.health import live_scorers
from service.usecases.context import Context, Limits, LiveUpdates, Policies
from service.usecases.site_memory import SiteMemory
from service.usecases.site_policies import SitePolicies

# Prometheus may be read by several scrapers; the counts behind it are not free.
GAUGES_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process is made of, before it is an API or a worker."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    metrics: Metrics
    breaker: CircuitBreaker
    ctx: Context


@dataclass(frozen=True, slots=True)
class LiveParts:
    """What the live process is made of: it reads, and it hears what the others publish."""

    settings: Settings
    engine: Engine
    readers: sessionmaker[Session]
    policy: Policies
    subscription: LiveSubscription


def settings_from_environment() -> Settings:
    """The settings of this process. Raises SettingsError that names every wrong variable."""
    return Settings.from_env(os.environ)


def make_parts(
    settings: Settings,
    *,
    sessions: sessionmaker[Session] | None = None,
    policy: Policy | None = None,
) -> Parts:
    """Choose the adapters; tests hand in their own sessions and a policy loaded before."""
    engine = make_engine(settings.database_url, pool_size=settings.database_pool)
    readers = sessions or make_readers(engine)
    sessions = sessions or make_sessions(engine)
    metrics = Metrics(settings.metrics_dir)
    watch_pool(engine, metrics, most=settings.database_pool)
    breaker = CircuitBreaker()
    queue = JobQueue(
        settings.redis_url, connect(settings.redis_url), metrics=metrics, breaker=breaker
    )
    ctx = Context(
        sessions=sessions,
        readers=readers,
        limits=_limits(settings),
        queue=queue,
        live=_live(settings, metrics, breaker),
        mail=_mail(settings),
        webhooks=WebhookSender(settings.secret_key, allow_private=settings.webhook_allow_private),
        metrics=metrics,
        policy=_policy(settings, policy, readers),
        credentials=InstalledCredentials(settings.secret_key),
        default_site=settings.default_site,
        sites=SiteMemory(settings.page_cache_seconds),
        render=render,
        clock=utc_now,
        request_id=current_request_id,
    )
    return Parts(settings, engine, sessions, metrics, breaker, ctx)


def make_context(settings: Settings) -> Context:
    """A context for a worker. Raises GuidelineFileError where the guidelines cannot be used."""
    ctx = make_parts(settings).ctx
    ctx.policy()
    return ctx


def make_live(settings: Settings) -> LiveParts:
    """Everything the live process needs."""
    engine = make_engine(settings.database_url, pool_size=settings.database_pool)
    readers = make_readers(engine)
    policy = _policy(settings, None, readers)
    policy()
    return LiveParts(settings, engine, readers, policy, LiveSubscription(settings.redis_url))


def _mail(settings: Settings) -> SmtpCourier:
    server = read_mail_server(settings.smtp_url) if settings.smtp_url else None
    return SmtpCourier(
        server,
        secret=settings.secret_key,
        sender=settings.mail_from,
        public_url=settings.public_url,
    )


def _live(settings: Settings, metrics: Metrics, breaker: CircuitBreaker) -> LiveUpdates:
    """Publishing for the live processes, where there are any."""
    if not settings.live_url:
        return NoLive()
    return RedisLive(connect(settings.redis_url), metrics=metrics, breaker=breaker)


def _policy(settings: Settings, given: Policy | None, readers: sessionmaker[Session]) -> Policies:
    """The policies in force; the installation's file is read once, by whoever first decides."""
    language = cache(CelLanguage)

    def parse(source: str, lists: Mapping[str, str]) -> Policy:
        return parse_policy(
            source.encode("utf-8", "surrogatepass"), lists=lists, language=language()
        )

    return SitePolicies(
        installed=cache(lambda: given or load_policy(settings.guidelines_file, language())),
        parse=parse,
        readers=readers,
    )


def make_api(settings: Settings, parts: Parts | None = None) -> Api:
    """Everything the API needs."""
    parts = parts or make_parts(settings)
    parts.ctx.policy()  # a bad file stops the start, not the first request
    return Api(
        ctx=parts.ctx,
        limiter=RateLimiter(settings.redis_url, metrics=parts.metrics, breaker=parts.breaker),
        metrics=parts.metrics,
        metrics_page=_metrics_page(parts),
        readiness=_readiness(parts),
        comment_rate=settings.comment_rate,
        write_rate=settings.write_rate,
        page_cache_seconds=settings.page_cache_seconds,
        live_url=settings.live_url,
        secure_cookies=settings.public_url.startswith("https://"),
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        comment_max_chars=settings.comment_max_chars,
        edit_window=settings.edit_window_seconds,
        reply_depth_max=settings.reply_depth_max,
        scoring_batch_size=settings.scoring_batch_size,
        scoring_lease=settings.scoring_lease_seconds,
        scoring_attempts=settings.scoring_attempts,
        article_wait=settings.article_wait_seconds,
        claim=settings.claim_seconds,
        undo=settings.undo_seconds,
        nudge=settings.nudge_seconds,
    )


def _metrics_page(parts: Parts) -> Callable[[], bytes]:
    @cached(TTLCache(1, ttl=GAUGES_SECONDS), lock=Lock())
    def read() -> dict[str, GaugeValues]:
        try:
            return read_gauges(parts.ctx)
        except SQLAlchemyError:
            return gauges_without_database()  # the page still has what the processes counted

    def page() -> bytes:
        return parts.metrics.render(read())

    return page


def _readiness(parts: Parts) -> Callable[[], tuple[bool, dict[str, Any]]]:
    client = connect(parts.settings.redis_url)

    def check() -> tuple[bool, dict[str, Any]]:
        """Ready = the database has every table and a worker with models was heard of lately.

        Redis is told of but does not count: without it comments are still taken, and scored by
        the sweep once it is back.
        """
        redis = "ok" if is_alive(client) else "down"
        try:
            migrated = is_current(parts.engine)
            with parts.ctx.reading() as session:
                scorers = live_scorers(session, parts.ctx.clock())
        except SQLAlchemyError:
            return False, {"database": "down", "redis": redis, "scorer": "unknown"}
        ready = [scorer for scorer in scorers if scorer.ready]
        problem = next((scorer.problem for scorer in scorers if scorer.problem), "no worker")
        return migrated and bool(ready), {
            "database": "ok" if migrated else "needs migrating",
            "redis": redis,
            "scorer": "ok" if ready else problem,
            "models": ready[0].models if ready else {},
            "guidelines": parts.ctx.policy().version,
        }

    return check
