"""What waits: for scoring, for other people's servers, for the log's seals."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from service.doctor.database import reading
from service.domain.finding import Finding, graded, ok, problem, warning
from service.models import utc_now
from service.queries.checkup import troubled_webhooks
from service.queries.health import Gauges, gauges

# Waiting this long (seconds) is unusual, or wrong.
PATIENCE = {"scoring": (30, 300), "events": (30, 600), "webhooks": (300, 3_600)}
USUAL_PATIENCE = (120, 1_800)
ADVICE = {
    "scoring": "Look whether a scoring worker runs (below), and at its log; add workers where one "
    "cannot keep up.",
    "events": "Look whether beat and the general worker run; seals, webhooks and figures wait.",
    "webhooks": "Look whether a worker takes the queue `outbound`, and at the targets below.",
}
USUAL_ADVICE = "Look whether beat and the workers run, and at their logs."


def look_at_work(engine: Engine) -> Iterator[Finding]:
    """Queues, scoring workers and webhooks. Nothing where the database cannot tell."""
    try:
        with reading(engine) as session:
            now = gauges(session, utc_now())
            webhooks = troubled_webhooks(session)
    except SQLAlchemyError:
        return  # said already, with the database
    yield from _queues(now)
    yield _scorers(now)
    for key, webhook_id, disabled_at, reason, since, error in webhooks:
        name = f"webhook {webhook_id} of {key}"
        if disabled_at is not None:
            yield warning(
                "webhooks",
                f"{name} is disabled since {disabled_at:%Y-%m-%d %H:%M} ({reason})",
                "Mend its target, then enable it; what it missed can be sent again.",
            )
        else:
            yield warning(
                "webhooks",
                f"{name} fails since {since:%Y-%m-%d %H:%M} ({error})",
                "Look at its target: it is tried again, and disabled after a while.",
            )
    if not webhooks:
        yield ok("webhooks", f"{now.webhooks.get('working', 0)} set up, none in trouble")


def _queues(now: Gauges) -> Iterator[Finding]:
    for name, waiting in now.queues.items():
        warn, fail = PATIENCE.get(name, USUAL_PATIENCE)
        oldest = f", the oldest for {waiting.oldest:.0f} s" if waiting.depth else ""
        yield graded(
            f"queue {name}",
            waiting.oldest,
            warn=warn,
            fail=fail,
            says=f"{waiting.depth} waiting{oldest}",
            advice=ADVICE.get(name, USUAL_ADVICE),
        )


def _scorers(now: Gauges) -> Finding:
    ready = [one for one in now.scorers if one.ready]
    trouble = next((one.problem for one in now.scorers if one.problem), None)
    if not ready:
        return problem(
            "scoring",
            f"no worker can score ({trouble or 'none was heard of for a minute'})",
            "Comments are held until one can. Start a scoring worker and look at its log.",
        )
    models = {
        f"{model['name']} {model['version']}" for one in ready for model in one.models.values()
    }
    says = f"{len(ready)} of {len(now.scorers)} workers ready: {', '.join(sorted(models))}"
    if len(ready) < len(now.scorers):
        return warning("scoring", f"{says} ({trouble})", "Look at the log of the others.")
    return ok("scoring", says)
