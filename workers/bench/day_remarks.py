"""How to read the page of a day: what was made up, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def remarks(asked: Mapping[str, Any]) -> str:
    """What was made up, and what follows from it."""
    return f"""\
The comments are real and labelled; people, reports and judgements are invented (seed
{asked["seed"]}). {asked["toxic"]} of the {asked["comments"]} comments are labelled toxic.
The day is pressed into {asked["minutes"]:g} minutes, so every window of an hour sees the whole
day, and a queue's clock of 30 minutes is never late.

* **Truth is the label.** Moderators and lead decide by it, each wrong on {asked["error_rate"]:.0%}
  of the comments; honest readers report by it nine times in ten, sloppy ones half the time at
  random; a brigade is 8 to 20 fresh accounts against one comment labelled not toxic. A label says
  nothing of links or telephone numbers: what waits for those is let through here.
* Nobody has a record when the day begins. Reporters earn it as moderators decide, so few reports
  count for more than a fresh voice: see *by known reporters*.
* Few readers send all reports within minutes, and always together. So honest crowds of five look
  organised as well (*others suspected*): they too are fresh, or report the same comments as each
  other. Suspicion keeps their reports from hiding anything; moderators here sweep them and then
  decide on the comment all the same.
* The oldest age grows while an item waits that none of the three may claim, having skipped or
  decided it before; the lead here takes such items only when the day is over.
* The rules also reject spam, alone and at once. A label of toxicity says nothing of that.
* **The articles have no text**, so relevance is unknown, nothing is ranked lower for being
  off topic, and no thread drifts. Under articles with a text most of these comments would be
  off topic, for they were written elsewhere (`decisions-sample.md`).
* A moderator looks at a comment for {asked["think_seconds"]:g} s on average. Now and then one
  skips, hands on, asks for a second opinion, or slips and takes it back. Most authors who were
  wronged appeal, and one in five of the others.
* Everything goes through the public HTTP API of a whole stack, as strangers use it; only this
  page's counts are read from the database. Rate limits are raised, the undo window is 2 s, and
  requests carry invented addresses behind one trusted proxy. The load ran on the same machine.
"""
