"""What the demo paper reports: a small town of our own, its bridge and its market."""

from __future__ import annotations

from dataclasses import dataclass

BRIDGE = """\
The harbour bridge in Port Carrick will close to all traffic on the second Monday in January, and \
it is not expected to open again before the end of March, the county council said on Thursday.

Engineers found last summer that the steel under the road deck had lost up to a third of its \
thickness to salt. A weight limit of three and a half tonnes has kept lorries and buses off the \
bridge since August, and school buses have been going round by Mill Road, which adds about twenty \
minutes to the journey from the east side.

The council looked at closing one lane at a time. That would have kept the bridge half open for \
seven months and cost two million euro more, its roads engineer, Maeve Tierney, told the monthly \
meeting. Councillors voted eighteen to five for the shorter, full closure.

A foot ferry will run every fifteen minutes between the fish market and the east pier, from six in \
the morning until ten at night. It will carry bicycles and be free of charge. Ambulances will be \
stationed on both sides of the harbour for as long as the works last.

Shopkeepers on Quay Street say they fear for the winter. "Half of my customers come over that \
bridge," said Denis Ahern, who has run the hardware shop since 1994. The council has offered to \
waive commercial rates for the three months, but the traders' association has asked for a fund \
that would pay part of the losses.

The new deck will be wider by a metre and a half, which leaves room for a cycle lane on the north \
side. Residents can see the plans in the library until the fifteenth of December and send their \
comments to the council.
"""
MARKET = """\
The Saturday market in Port Carrick will move from Castle Street to the old rope works in April, \
if councillors agree on Tuesday. Castle Street is too narrow for the forty-one stalls that trade \
there today, and fire engines could not get through on a busy morning, the fire officer has said.

The rope works has stood empty since 2011. The council bought it last year and has mended the \
roof. There is room for seventy stalls under cover, for a kitchen, and for parking on the yard \
behind it. Rent for a stall would stay at eighteen euro a day for the first two years.

Not every stallholder is glad. Castle Street has passers-by, and the rope works is ten minutes on \
foot from the square. "People will come for bread and cheese in the rain if they can stand in the \
dry," said Ita Cullinane, who sells both. The fishmonger beside her was less sure.

The traders on Castle Street are divided too. Two cafés say that Saturday is the day that pays \
their rent; the chemist would be glad to see delivery vans get through again.
"""


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article of the demo paper. `path` is its page on this installation."""

    key: str
    path: str
    title: str
    body: str
    section: str
    tags: tuple[str, ...]


ARTICLES = (
    DemoArticle(
        key="harbour-bridge",
        path="/demo",
        title="Harbour bridge to close for eleven weeks while its deck is replaced",
        body=BRIDGE,
        section="local",
        tags=("roads", "council"),
    ),
    DemoArticle(
        key="saturday-market",
        path="/demo/saturday-market",
        title="Saturday market may move to the old rope works",
        body=MARKET,
        section="business",
        tags=("market", "council"),
    ),
)
