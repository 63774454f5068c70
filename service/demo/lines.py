"""What the demo's readers say. All of them, and all they say, are invented."""

from __future__ import annotations

from service.demo.articles import ARTICLES
from service.demo.stage import STAFF, Line

BRIDGE, MARKET = (article.key for article in ARTICLES)
# The first three can be chosen on the demo page: each meets other states of one's own.
NORA, COLM, AOIFE, FERGAL = "Nora Byrne", "Colm Daly", "Aoife Ward", "Fergal Pike"
TOMAS, BRID, EOIN, SINEAD = "Tomás Keane", "Bríd Lacey", "Eoin Fahy", "Sinéad Roche"
PADRAIG, GRAINNE, HUGH = "Pádraig Nolan", "Gráinne Molloy", "Hugh Tarrant"

LINES = (
    Line(
        "ferry",
        NORA,
        "Will the foot ferry take wheelchairs and prams? My mother crosses to the health centre "
        "twice a week, and Mill Road has no bus after six.",
        BRIDGE,
    ),
    Line(
        "closure",
        TOMAS,
        "Eleven weeks closed is better than seven months of half a bridge. One lane at a time "
        "would have meant queues on both sides of the harbour every morning until August.",
        BRIDGE,
    ),
    Line(
        "fund",
        BRID,
        "Waiving rates helps whoever owes rates. A shop on Quay Street that loses half its "
        "customers for three months needs the fund the traders asked for.",
        BRIDGE,
    ),
    Line(
        "steel",
        EOIN,
        "I worked on the bridge at Killaveen. Once the steel has lost a third of its thickness, "
        "patching the deck would cost more than the new one within ten years.",
        BRIDGE,
    ),
    Line(
        "hours",
        AOIFE,
        "The last boat at ten is too early for people who work in the hotels on the east pier.",
        BRIDGE,
    ),
    Line(
        "cycle",
        SINEAD,
        "A cycle lane on the north side of the new deck is the best news in the article. My "
        "children will be able to ride to school.",
        BRIDGE,
    ),
    Line(
        "contract",
        HUGH,
        "Everybody knows how the contract for the bridge was won. The firm that makes the steel "
        "deck gave money to half of the council before the vote.",
        BRIDGE,
    ),
    Line(
        "school",
        GRAINNE,
        "The school bus already goes round by Mill Road. Has anybody counted how late the children "
        "are since August?",
        BRIDGE,
    ),
    Line(
        "insult",
        COLM,
        "Only a fool would vote for closing the bridge in winter. The councillors who did are "
        "clowns, every one of them.",
        BRIDGE,
    ),
    Line(
        "match",
        AOIFE,
        "The goalkeeper should have held that shot, and the striker who missed twice should have "
        "been sold in the summer.",
        BRIDGE,
    ),
    Line(
        "quote",
        AOIFE,
        'A man in the square shouted "you are all idiots" at the councillors. Is that what the '
        "debate over the bridge has come to?",
        BRIDGE,
    ),
    Line(
        "sneer",
        COLM,
        "Bríd would say that. She has owed half the street money for years and never opens before "
        "noon.",
        BRIDGE,
    ),
    Line(
        "abuse",
        FERGAL,
        "You are all worthless idiots. Shut up about your ferry, you stupid morons, nobody cares "
        "what you think.",
        BRIDGE,
    ),
    Line(
        "abuse-again",
        FERGAL,
        "Stupid, stupid people. The council is full of idiots and so is this town, you pathetic "
        "losers.",
        BRIDGE,
    ),
    Line(
        "watches",
        "Deals Daily",
        "Cheap watches: http://watches.example http://more.example http://best.example",
        BRIDGE,
    ),
    Line(
        "number",
        PADRAIG,
        "I have a van and drive round by Mill Road at seven each morning. Ring me on "
        "+353 1 555 0123 if you need a lift to the east side while the bridge is closed.",
        BRIDGE,
    ),
    Line(
        "ferry-yes",
        STAFF,
        "We asked the council: the ferry has a ramp, and takes wheelchairs, prams and bicycles.",
        BRIDGE,
        to="ferry",
    ),
    Line(
        "ferry-thanks",
        NORA,
        "Thank you for asking them! That settles it for us.",
        BRIDGE,
        to="ferry-yes",
    ),
    Line(
        "ferry-wind",
        EOIN,
        "Mind that the pier is closed in a strong easterly. Two days a month in winter, I would "
        "say.",
        BRIDGE,
        to="ferry",
    ),
    Line("closure-no", BRID, "Easy to say with no shop on the quay.", BRIDGE, to="closure"),
    Line(
        "closure-why",
        TOMAS,
        "Fair point. I would still sooner have the bridge whole again before the season starts.",
        BRIDGE,
        to="closure-no",
    ),
    Line(
        "closure-rude",
        FERGAL,
        "Tomás Keane is an idiot who has never done a day's work. Typical.",
        BRIDGE,
        to="closure",
    ),
    Line("school-late", TOMAS, "Twenty minutes, most days. Ours is marked late.", BRIDGE, "school"),
    Line("school-mine", PADRAIG, "Mine too, and it is dark when they leave.", BRIDGE, "school"),
    # A thread that leaves its article: from the roof of the rope works to a match.
    Line(
        "roof",
        GRAINNE,
        "A market under the roof of the rope works could trade in any weather, and the stalls on "
        "Castle Street lose one Saturday in four to the rain.",
        MARKET,
    ),
    Line(
        "roof-yes",
        SINEAD,
        "Seventy stalls under cover, and parking behind. I would shop there every Saturday.",
        MARKET,
        to="roof",
    ),
    Line(
        "drift-1",
        HUGH,
        "My Saturdays go to the under-twelves now. We lost the final on penalties.",
        MARKET,
        to="roof",
    ),
    Line(
        "drift-2",
        PADRAIG,
        "The referee that day had his eyes shut. Number seven was a mile offside before the goal.",
        MARKET,
        to="roof",
    ),
    Line(
        "drift-3",
        EOIN,
        "Their striker is leaving for the city club in summer, and the trainer goes with him.",
        MARKET,
        to="roof",
    ),
    Line(
        "drift-4",
        HUGH,
        "Without a proper goalkeeper it will be the same next season, whoever trains the team.",
        MARKET,
        to="roof",
    ),
    Line(
        "drift-5",
        TOMAS,
        "The best goalkeeper the county ever had was Mossie Dunne. He once saved three penalties.",
        MARKET,
        to="roof",
    ),
    Line(
        "drift-6",
        EOIN,
        "Dunne played the semi-final of 1987 with a broken finger, my father never stopped telling "
        "us.",
        MARKET,
        to="roof",
    ),
    Line(
        "address",
        HUGH,
        "If you want to tell Ita what you think of the move, she lives in the blue house behind "
        "the chemist, second floor.",
        MARKET,
    ),
    Line(
        "square",
        BRID,
        "Ten minutes on foot from the square is ten minutes too many for older customers. Could a "
        "bus go from the square to the rope works on market day?",
        MARKET,
    ),
    Line(
        "rent",
        COLM,
        "Eighteen euro a day for two years, and what will the rent for a stall be after that?",
        MARKET,
    ),
    Line(
        "parking",
        AOIFE,
        "The yard behind the rope works floods at every spring tide. Who wants to park there?",
        MARKET,
    ),
)
