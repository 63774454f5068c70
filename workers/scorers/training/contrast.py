"""Invented sentences that pair the same words with and without an attack.

They teach that naming a group is not an attack, that praise, denial, reporting and counter-speech
are not either, and that an attack stays one without a swear word. All sentences are our own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from workers.scorers.training.corpus import Example

SOURCE = "contrast"
PEOPLE = (
    "gay men", "lesbians", "bisexual people", "trans women", "queer people", "straight couples",
    "Muslims", "Jews", "Christians", "Catholics", "Hindus", "Sikhs", "Buddhists", "atheists",
    "Black people", "white people", "Asians", "Latinos", "Africans", "Arabs", "Mexicans",
    "Chinese people", "Indians", "Europeans", "Americans", "Canadians", "immigrants", "refugees",
    "women", "men", "young people", "old people", "elderly people", "teenagers", "millennials",
    "disabled people", "deaf people", "blind people", "wheelchair users", "autistic people",
    "homosexuals", "heterosexuals", "Protestants", "evangelicals", "Hispanics", "Jewish families",
    "Muslim families", "trans people", "nonbinary people", "people with dementia",
)  # fmt: skip
KINDS = (
    "gay", "lesbian", "bisexual", "transgender", "trans", "queer", "straight", "homosexual",
    "heterosexual", "Muslim", "Jewish", "Christian", "Catholic", "Hindu", "Sikh", "Buddhist",
    "atheist", "Black", "white", "Asian", "Latino", "Latina", "African", "African American",
    "Arab", "Mexican", "Hispanic", "Chinese", "Japanese", "Indian", "European", "American",
    "Canadian", "Middle Eastern", "immigrant", "female", "male", "young", "younger", "old",
    "older", "elderly", "teenage", "middle aged", "deaf", "blind", "paralysed", "disabled",
    "autistic", "Protestant", "lgbt", "nonbinary",
)  # fmt: skip
PERSONS = (
    "neighbour", "teacher", "nurse", "cousin", "driver", "author", "voter", "candidate", "baker",
    "colleague", "reader", "mechanic", "student", "mayor", "farmer", "singer", "judge", "plumber",
)  # fmt: skip
NAMES = (
    "Tomas", "Ingrid", "Amal", "Yusuf", "Greta", "Lena", "Omar", "Priya", "Kofi", "Mei", "Pablo",
    "Ruth", "Sven", "Nadia", "Hugo", "Clara", "Ivan", "Zara", "Felix", "Marta",
)  # fmt: skip
WARM = (
    "kind", "generous", "clever", "patient", "brave", "honest", "funny", "gifted", "thoughtful",
    "lovely", "cheerful", "dependable", "gentle", "splendid", "inspiring", "great", "excellent",
    "neat", "amazing", "charming",
)  # fmt: skip
PLAIN = (
    "tall", "busy", "tired", "quiet", "local", "retired", "new", "careful", "serious", "hungry",
)  # fmt: skip
HARSH = (
    "stupid", "disgusting", "filthy", "worthless", "vile", "pathetic", "idiotic", "revolting",
    "moronic", "nasty", "repugnant", "awful", "horrid", "foul", "dumb", "rotten", "loathsome",
    "despicable", "hideous", "evil", "terrible", "shameful", "hateful", "gross", "dreadful",
)  # fmt: skip
CIVIL = (
    "My {kind} {person} is {warm}.",
    "{name} is a {warm} {kind} {person}.",
    "I am {kind} and proud of it.",
    "We are {kind}, and we read this paper every day.",
    "It is {warm} to be {kind} in this town.",
    "Being {kind} never stopped {name} from becoming a {person}.",
    "As a {kind} {person} I would like to add something to the article.",
    "The {kind} {person} spoke last and made the best point.",
    "{people} deserve the same rights as everybody else.",
    "There is nothing wrong with {people}.",
    "I really like {people} and enjoy their company.",
    "Most {people} I know work hard and mind their own business.",
    "No group should be treated the way {people} were in that report.",
    "Whoever says that {people} are {harsh} is wrong and should apologise.",
    '"{people} are {harsh}" is exactly the kind of sentence we must not accept.',
    "You cannot claim that {people} are {harsh} and then call yourself fair.",
    "Saying {people} do not belong here is racist, plain and simple.",
    "He was fined for writing that {people} are {harsh}.",
    "I would never say that {people} are {harsh}.",
    "{people} are not {harsh}, whatever that columnist thinks.",
    "I hate it when {people} are shouted at on the bus.",
    "I hate {thing}, and so does every {kind} {person} I know.",
    "{name} is {kind}.",
    "{name} is a {plain} {kind} {person}.",
    "{name} is {warm}.",
    "You are a {warm} {person}.",
    "You are a {plain} {person}.",
    "How many {people} live in this district?",
    "The survey asked {people} about their rent.",
    "This {thing} is {harsh}, fix it.",
    "The {thing} was {harsh} but the staff were {warm}.",
    "That damn {thing} kept me awake again.",
    "I could kill for a good cup of coffee after that {thing}.",
    "Bloody hell, what a {warm} idea!",
)  # fmt: skip
ATTACKS = (
    "{name} is a {harsh} {kind} {person}.",
    "{name} is a {harsh} {kind}.",
    "You are a {harsh} {kind} {person}.",
    "You are a {harsh} {person}.",
    "{name} is {harsh}.",
    "You {harsh} {kind} {person}, go away.",
    "All {people} are {harsh}.",
    "{people} are {harsh} and everybody knows it.",
    "I hate {people}.",
    "I can't stand {people}, they make me sick.",
    "{people} should not be allowed to vote.",
    "{people} do not belong in this country, throw them out.",
    "We would be better off without {people}.",
    "{people} are vermin.",
    "{people} are a disease on this city.",
    "Somebody should teach {people} a lesson they will not survive.",
    "Get rid of {people} before they ruin everything.",
    "If I meet {people} in my street I will hurt them.",
    "Nobody wants a {harsh} {kind} {person} like you here.",
    "Typical {kind} {person}, {harsh} and lazy.",
    "I am not prejudiced, but {people} are simply {harsh}.",
    "{people} are less than human.",
    "Being {kind} is {harsh}.",
    "It is {harsh} to be {kind}.",
    "Hating {people} is the only sane position.",
    "Why do {people} have to be so {harsh}?",
    "{people} are not {warm}, they are {harsh}.",
)  # fmt: skip
THREATS = (
    "I know where you live, {name}, and I am coming for you.",
    "You will be found dead in a ditch, {person}.",
    "Say that again and I will break your legs.",
    "Watch your back tonight, you {harsh} {person}.",
    "I will burn your house down, {name}.",
    "{people} should be shot on sight.",
    "Someone ought to put a bullet in that {person}.",
)  # fmt: skip
THINGS = ("traffic", "weather", "ticket machine", "website", "heating", "bus timetable", "film")
AN_VOWELS = "aeiouAEIOU"
NEUTRAL_TARGETS = {"obscene": 0.0, "severe_toxicity": 0.0, "sexual_explicit": 0.0}


def contrast_examples(count: int, seed: int) -> Iterator[Example]:
    """`count` invented examples, half of them attacks; the same seed gives the same ones."""
    chooser = random.Random(seed)  # noqa: S311 - sampling, no secret
    for number in range(count):
        if number % 2 == 0:
            yield _example(chooser, chooser.choice(CIVIL), toxic=0.0, threat=0.0)
        elif chooser.random() < 0.12:
            yield _example(chooser, chooser.choice(THREATS), toxic=1.0, threat=1.0)
        else:
            yield _example(chooser, chooser.choice(ATTACKS), toxic=1.0, threat=0.0)


def _example(chooser: random.Random, pattern: str, *, toxic: float, threat: float) -> Example:
    words = {
        "kind": chooser.choice(KINDS),
        "people": chooser.choice(PEOPLE),
        "person": chooser.choice(PERSONS),
        "name": chooser.choice(NAMES),
        "warm": chooser.choice(WARM),
        "plain": chooser.choice(PLAIN),
        "harsh": chooser.choice(HARSH),
        "thing": chooser.choice(THINGS),
    }
    text = _with_articles(pattern.format(**words))
    names_group = "{people}" in pattern or "{kind}" in pattern
    targets = {"shared": toxic, "wiki": toxic, "news": toxic, "threat": threat}
    targets["identity_attack"] = toxic if names_group else 0.0
    if toxic == 0.0:
        targets |= {**NEUTRAL_TARGETS, "insult": 0.0}
    return Example(text, SOURCE, targets)


def _with_articles(text: str) -> str:
    """Turn `a` into `an` where a vowel follows, and begin with a capital."""
    words = text.split(" ")
    for position in range(len(words) - 1):
        if words[position] in ("a", "A") and words[position + 1][:1] in AN_VOWELS:
            words[position] += "n"
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]
