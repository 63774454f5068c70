"""The demo's conversation in the order in which it happens: every state somebody can meet.

What a line becomes: `STATES` says it, and tests/test_demo.py holds it to that.
"""

from __future__ import annotations

from service.demo.deeds import Appeals, Deed, Edits, GivesNotice, Likes, Reports, Says, Withdraws
from service.demo.desk import (
    Answers,
    Claims,
    Decides,
    Escalates,
    Notes,
    Samples,
    Sanctions,
)
from service.demo.lines import (
    AOIFE,
    BRID,
    COLM,
    EOIN,
    FERGAL,
    GRAINNE,
    HUGH,
    LINES,
    NORA,
    PADRAIG,
    SINEAD,
    TOMAS,
)
from service.domain.action import ModeratorAction
from service.domain.appeal import AppealOutcome
from service.domain.identity import Role
from service.domain.notice import NoticeCategory
from service.domain.sanction import SanctionKind

MAIRE, CATHAL, ORLA = "Máire Quirke", "Cathal Breen", "Orla Devane"
# Name → address and role. The first is who the link at the start signs in; domains that end in
# `.example` belong to nobody.
MODERATORS = {
    MAIRE: ("maire.quirke@courier.example", Role.ADMIN),
    CATHAL: ("cathal.breen@courier.example", Role.MODERATOR),
    ORLA: ("orla.devane@courier.example", Role.LEAD),
}

# Line → what became of it: its status, and what readers see with it.
STATES = {
    "ferry": ("published", "featured"),
    "ferry-thanks": ("published", "edited"),
    "match": ("published", "demoted"),
    "contract": ("published", "labelled"),
    "school": ("published", "locked"),
    "roof": ("published", "drifted"),
    "fund": ("published", ""),
    "cycle": ("published", ""),
    "quote": ("published", ""),
    "abuse": ("rejected", ""),
    "abuse-again": ("held", ""),
    "insult": ("held", ""),
    "closure-rude": ("held", ""),
    "number": ("held", ""),
    "watches": ("rejected", ""),
    "sneer": ("removed", ""),
    "address": ("hidden", ""),
    "parking": ("withdrawn", ""),
}

_LABEL = "The council says that the tender was public; its papers are in the library."
_A = ModeratorAction

CONVERSATION: tuple[Deed, ...] = (
    *(Says(line) for line in LINES),
    # --- readers among themselves
    Likes("ferry", (TOMAS, BRID, SINEAD, GRAINNE, EOIN)),
    Likes("ferry-yes", (NORA, GRAINNE)),
    Likes("steel", (TOMAS, SINEAD)),
    Likes("fund", (NORA, GRAINNE, PADRAIG)),
    Likes("roof", (BRID, AOIFE)),
    Edits("ferry-thanks", "Thank you for asking them! That settles it for my mother and me."),
    Withdraws("parking"),
    # --- reports: one waits, one was right, one was not
    Reports("cycle", HUGH, "constructive", "Always the bicycles."),
    Reports("sneer", NORA, "civil", "He says of her shop what has nothing to do with the bridge."),
    Reports("sneer", TOMAS, "civil"),
    Reports("fund", HUGH, "constructive", "The same as every year."),
    GivesNotice(
        "contract",
        NoticeCategory.DEFAMATION,
        "Denis Ahern",
        "denis.ahern@shop.example",
        "It says that our supplier paid councillors. That is untrue, and the tender's papers show "
        "it.",
    ),
    # --- the desk
    Decides("sneer", CATHAL, _A.REMOVE, "civil", "About a person, and not about the bridge."),
    Decides("fund", CATHAL, _A.APPROVE),
    Decides("abuse", CATHAL, _A.REJECT, "civil"),
    Decides("quote", CATHAL, _A.REMOVE, "civil"),
    Decides("address", CATHAL, _A.HIDE, "privacy", "Where somebody lives."),
    Decides("number", CATHAL, _A.REQUEST_EDIT, "privacy", "Please leave the number out."),
    Decides("ferry", ORLA, _A.FEATURE),
    Decides("contract", ORLA, _A.LABEL, "defamation", label=_LABEL),
    Decides("school", ORLA, _A.LOCK, "constructive", "Answered; the council counts from Monday."),
    Samples("fund", CATHAL, _A.APPROVE),
    Escalates("insult", CATHAL, "lead"),
    Sanctions(FERGAL, ORLA, SanctionKind.SUSPEND, "civil", "Twice within an hour.", days=7),
    Sanctions(FERGAL, ORLA, SanctionKind.BAN, "civil", "He has done this under other names."),
    # --- appeals, once the decisions are final: one waits, one was granted
    Appeals(
        "sneer",
        "I was talking about opening hours, which matter for the fund.",
        of=CATHAL,
        action=_A.REMOVE.value,
    ),
    Appeals("quote", "These are not my words. I quote them.", of=CATHAL, action=_A.REMOVE.value),
    Answers("quote", ORLA, AppealOutcome.OVERTURN, "It is a quotation, and it deplores it."),
    Claims("closure-rude", CATHAL),
    # The last: where this has happened, the conversation is complete.
    Notes(FERGAL, ORLA, "Writes late in the evening; answers when he is written to."),
)
# Whom the demo page offers to be, and what each of them meets.
CHOICES = {
    NORA: "featured, edited, reported somebody",
    COLM: "warned, removed, appealed",
    AOIFE: "won an appeal, ranked lower",
    FERGAL: "suspended",
}
