"""The short form of `./parley bench chaos`."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.bench.chaos import chaos
from workers.bench.running_stack import running_stack

COMMENTS = 250
# One reader posts everything, faster than anybody types; the flood rule is another test's matter.
RATE = {"PARLEY_COMMENT_RATE": "1000 per second", "PARLEY_SCORING_LEASE_SECONDS": "10"}


@pytest.mark.chaos
def test_every_accepted_comment_is_decided_once_whatever_is_killed(scratch: Path) -> None:
    with running_stack(scratch / "chaos", RATE) as stack:
        ledger, verdict = chaos(stack, comments=COMMENTS, seed=11)
    assert verdict.accepted == COMMENTS, ledger
    assert ledger.kills, "nothing was killed, so nothing was tested"
    assert verdict.holds, (ledger, verdict)
