"""`parley webhooks`: what the operator sees on the terminal, from adding one to its log."""

from __future__ import annotations

import threading

import pytest
from click.testing import CliRunner, Result

from service.usecases.context import Context
from service.usecases.deliver_webhooks import deliver_webhooks
from service.webhooks_cli import webhooks
from tests.conftest import SECRET
from tests.makers import Makers
from tests.usecases.hooks import trying
from tests.webhook_receiver import running_receiver, verifies


def run(*arguments: str) -> Result:
    return CliRunner().invoke(webhooks, arguments)


def ok(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def installation(
    shared: Context, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Context:
    """The tests' database, named to commands by the environment; it may send to this machine."""
    Makers(shared).site()
    given = {
        "PARLEY_DATABASE_URL": database_url,
        "PARLEY_REDIS_URL": redis_url,
        "PARLEY_SECRET_KEY": SECRET,
        "PARLEY_WEBHOOK_ALLOW_PRIVATE": "true",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return trying(shared)


def test_a_webhook_s_life_on_the_terminal(installation: Context) -> None:
    with running_receiver() as receiver:
        webhook, secret = ok("add", receiver.url(), "--type=comment.held").split()
        assert ok("list").split("\t")[:4] == [webhook, "enabled", "0", receiver.url()]
        done = threading.Event()
        worker = threading.Thread(target=_work, args=(installation, done))
        worker.start()
        try:
            tried = ok("test", webhook).rstrip("\n").split("\t")
        finally:
            done.set()
            worker.join()
        assert tried[2:6] == ["webhook.test", "delivered", "1", "200"]
        assert verifies(receiver.received[0], secret)
        assert ok("replay", webhook, tried[0]) == f"{tried[0]} waits to be sent.\n"
        assert ok("deliveries", webhook, "--state=waiting").split("\t")[0] == tried[0]
        assert ok("enable", webhook, "--replay") == f"{webhook} is enabled.\n"
        assert ok("remove", webhook) == f"{webhook} is removed.\n"
        assert ok("list") == ""


def test_what_is_refused_is_said_in_a_line(
    installation: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PARLEY_WEBHOOK_ALLOW_PRIVATE")
    refused = run("add", "https://127.0.0.1/hook")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: url: Cannot be a target")


def _work(ctx: Context, done: threading.Event) -> None:
    while not done.wait(0.05):
        deliver_webhooks(ctx)
