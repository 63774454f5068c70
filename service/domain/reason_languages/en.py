"""Statements of reasons in English."""

from __future__ import annotations

from service.domain.automation import AutomatedDecision as Auto
from service.domain.automation import DecisionSource as Source
from service.domain.measure import Measure as M
from service.domain.reason_texts import ReasonTexts

ENGLISH = ReasonTexts(
    measures={
        M.REJECT: "Your comment was not published.",
        M.REMOVE: "Your comment was removed; nobody else can read it any more.",
        M.HIDE: "Your comment was hidden until a person has decided about it.",
        M.DEMOTE: "Your comment is public and is shown below other comments.",
        M.LOCK: "Your comment is public, and nobody can reply in its thread any more.",
        M.LABEL: "Your comment is public and carries a remark by the newsroom.",
        M.WARN: "You are warned. Please confirm that you have read this before you comment again.",
        M.PREMODERATE: "From now on a moderator reads each of your comments before it is public.",
        M.SUSPEND: "Your account is suspended: you can read, and you cannot comment.",
        M.BAN: "Your account is closed for commenting.",
    },
    until="This holds until {date}.",
    no_end="This has no end date.",
    everywhere="It applies in every country where this site can be read.",
    contractual="It goes against clause {clause} of the community guidelines, “{title}”: {text} "
    "You accepted these guidelines when you took part.",
    illegal="Besides, we believe that it is against the law. The legal ground is: {law}.",
    circumstances={
        Source.RULE: "An automated check of the text brought it up; no report or notice by "
        "another person played a part.",
        Source.REPORT: "Reports by readers brought it up. We never say who reported.",
        Source.NOTICE: "A notice that the content may be illegal brought it up.",
        Source.APPEAL: "A complaint about an earlier decision brought it up.",
        Source.QA: "A routine second look at earlier decisions brought it up.",
        Source.LADDER: "Repeated breaches of the guidelines led to it, as the guidelines provide.",
        Source.MODERATOR: "A moderator came upon it on the newsroom's own initiative; no report "
        "or notice by another person played a part.",
    },
    rules="These rules applied to the text: {rules}.",
    found_by_machine="Automated means were used to find it.",
    found_by_people="No automated means were used to find it.",
    decided={
        Auto.FULLY: "The decision was taken by automated means, without a person.",
        Auto.PARTIALLY: "A person confirmed what automated means had done before.",
        Auto.NOT: "A person took the decision.",
    },
    redress="You can appeal against this decision until {date}, free of charge, here on the site. "
    "A person who did not take it will look at it again. You can also go to court.",
    redress_undated="You can appeal against this decision within six months, free of charge, here "
    "on the site. A person who did not take it will look at it again. You can also go to court.",
)
