"""Every setting of Parley, once: read from PARLEY_*, typed, and refused loudly when wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from config.mail_server import mail_server_url, sender_address

PREFIX = "PARLEY_"
ROOT = Path(__file__).resolve().parent.parent

TOXICITY_SCORERS = (
    "auto",
    "compact",
    "cascade",
    "detoxify-original",
    "detoxify-unbiased",
    "detoxify-multilingual",
    "detoxify-original-small",
    "detoxify-unbiased-small",
)
LOG_LEVELS = ("debug", "info", "warning", "error")
MIN_SECRET_CHARS = 32


class SettingsError(Exception):
    """One or more settings are missing or wrong; `problems` names each of them."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("Parley cannot start:\n" + "\n".join(f"  {p}" for p in problems))


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _optional(value: str) -> str:
    return value.strip()


def _flag(value: str) -> bool:
    known = {"true": True, "false": False}
    if value.lower() not in known:
        raise ValueError("must be true or false")
    return known[value.lower()]


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        number = int(value) if value.lstrip("-").isdigit() else None
        if number is None or not low <= number <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return number

    return parse


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value

    return parse


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(f"must begin with {' or '.join(s + '://' for s in schemes)}")
        return value

    return parse


def _empty_or(parse: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: parse(value).rstrip("/") if value else ""


def _secret(value: str) -> str:
    if len(value) < MIN_SECRET_CHARS:
        raise ValueError(f"must have at least {MIN_SECRET_CHARS} characters")
    return value


def _setting(parse: Callable[[str], Any], default: Any = MISSING) -> Any:
    if default is MISSING:
        return field(metadata={"parse": parse})
    return field(default=default, metadata={"parse": parse})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process. Each field is the variable PARLEY_<NAME>."""

    # Where things are
    database_url: str = _setting(_url("postgresql+psycopg"))
    redis_url: str = _setting(_url("redis", "rediss", "unix"))
    secret_key: str = field(repr=False, metadata={"parse": _secret})
    public_url: str = _setting(_url("http", "https"), "http://127.0.0.1:8000")
    default_site: str = _setting(_text, "demo")
    guidelines_file: str = _setting(_text, str(ROOT / "config" / "guidelines.yaml"))
    models_dir: str = _setting(_text, str(ROOT / "var" / "models"))

    # Comments
    comment_max_chars: int = _setting(_whole(1, 100_000), 5_000)
    edit_window_seconds: int = _setting(_whole(0, 86_400), 300)
    reply_depth_max: int = _setting(_whole(1, 50), 8)
    comment_rate: str = _setting(_text, "1 per 3 seconds; 30 per hour")
    write_rate: str = _setting(_text, "120 per minute")
    page_cache_seconds: int = _setting(_whole(0, 60), 2)
    # Two at least: the guidelines in force may be looked up beside a transaction.
    database_pool: int = _setting(_whole(2, 100), 10)
    trusted_proxies: int = _setting(_whole(0, 5), 0)

    # Live updates: where readers' browsers reach the live process; empty for none.
    live_url: str = _setting(_empty_or(_url("http", "https")), "")
    live_listeners: int = _setting(_whole(1, 100_000), 5_000)
    live_listeners_per_address: int = _setting(_whole(1, 100_000), 100)

    # Scoring
    toxicity_scorer: str = _setting(_choice(*TOXICITY_SCORERS), "auto")
    # A second scorer whose scores are stored beside and decide nothing; empty for none.
    shadow_scorer: str = _setting(_choice("", *TOXICITY_SCORERS), "")
    scoring_threads: int = _setting(_whole(0, 256), 0)
    scoring_batch_size: int = _setting(_whole(1, 1024), 64)
    scoring_lease_seconds: int = _setting(_whole(5, 3_600), 60)
    scoring_attempts: int = _setting(_whole(1, 20), 3)
    # How long an author who was asked to think again is waited for before "post it" is taken.
    nudge_seconds: int = _setting(_whole(10, 86_400), 600)
    article_wait_seconds: int = _setting(_whole(0, 3_600), 30)
    sweep_seconds: int = _setting(_whole(1, 3_600), 10)
    # How often new events are sealed and handed to those who follow them.
    follow_seconds: int = _setting(_whole(1, 3_600), 2)
    fetch_allow_private: bool = _setting(_flag, False)
    webhook_allow_private: bool = _setting(_flag, False)

    # Moderating
    claim_seconds: int = _setting(_whole(10, 86_400), 300)
    undo_seconds: int = _setting(_whole(0, 3_600), 20)

    # E-mail digests: without a server they are not offered.
    smtp_url: str = field(default="", repr=False, metadata={"parse": mail_server_url})
    mail_from: str = _setting(sender_address, "")

    # Watching it
    log_level: str = _setting(_choice(*LOG_LEVELS), "info")
    metrics_dir: str = _setting(_optional, "")
    # Where OpenTelemetry's collector takes traces over HTTP; empty for none.
    otel_endpoint: str = _setting(_empty_or(_url("http", "https")), "")
    metrics_port: int = _setting(_whole(0, 65_535), 0)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read every PARLEY_* variable.

        Raises SettingsError that lists all missing, wrong and unknown names at once.
        """
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        problems = [
            f"{name} is not a setting of Parley"
            for name in sorted(environ)
            if name.startswith(PREFIX) and name not in known
        ]
        values: dict[str, Any] = {}
        for name, spec in known.items():
            if name not in environ:
                if spec.default is MISSING:
                    problems.append(f"{name} is missing")
                continue
            try:
                values[spec.name] = spec.metadata["parse"](environ[name])
            except ValueError as error:
                problems.append(f"{name} {error}")
        if values.get("smtp_url") and not values.get("mail_from"):
            problems.append("PARLEY_MAIL_FROM is missing: PARLEY_SMTP_URL needs it")
        if problems:
            raise SettingsError(problems)
        return cls(**values)
