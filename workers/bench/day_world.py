"""The people of a day and what they will write, made up around labelled texts: pure, by seed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from workers.bench.sample_run import LabelledComment

COMMENTS_PER_WRITER = 6
COMMENTS_PER_ARTICLE = 100
FEWEST_ARTICLES = 3
# A small part of the readers writes half of what is toxic, so that records come about.
HOTHEAD_SHARE = 0.08
HOTHEADS_WRITE = 0.5

HONEST_SHARE, BRIGADE_SHARE = 0.6, 0.25
REPORTS_PER_REPORTER = 10
FEWEST_REPORTERS = 3
HONEST_RIGHT = 0.9
SLOPPY_BY_CHANCE = 0.5
WAVE_SIZES = (1, 5)
BRIGADE_SIZES = (8, 20)
# Reports begin once there is something to report.
FIRST_REPORT = 0.08
BRIGADES_COME = (0.2, 0.9)
HONEST_GUIDELINES = ("civil", "civil", "civil", "hate")
SLOPPY_GUIDELINES = ("civil", "constructive", "on_topic", "spam")
BRIGADE_GUIDELINE = "civil"
REPORTS_PER_NOTICE = 60
NOTICE_CATEGORIES = ("hate", "threat", "defamation")


class Kind(StrEnum):
    """What kind of reporter somebody is."""

    HONEST = "honest"
    SLOPPY = "sloppy"
    BRIGADE = "brigade"


class Aim(StrEnum):
    """Which comments somebody reports."""

    TOXIC = "toxic"
    CIVIL = "civil"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Planned:
    """A comment to be posted at `at` (0–1 of the day) by `writer` under `article`."""

    index: int
    text: str
    toxic: bool
    set_name: str
    writer: str
    article: str
    at: float


@dataclass(frozen=True, slots=True)
class Wave:
    """Reports on one comment, one after the other; which comment is seen when the time comes."""

    at: float
    kind: Kind
    aim: Aim
    guideline: str
    reporters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """A notice of illegal content by somebody without an account."""

    at: float
    aim: Aim
    category: str


@dataclass(frozen=True, slots=True)
class World:
    """All that will happen from outside the newsroom, in the order of time."""

    seed: int
    articles: tuple[str, ...]
    comments: tuple[Planned, ...]
    waves: tuple[Wave, ...]
    notices: tuple[PlannedNotice, ...]

    @property
    def reports(self) -> int:
        """How many reports the waves hold."""
        return sum(len(wave.reporters) for wave in self.waves)


def make_world(texts: Sequence[LabelledComment], *, reports: int, seed: int) -> World:
    """A day with all of `texts` as comments, exactly `reports` reports, and some notices."""
    rng = random.Random(seed)  # noqa: S311 - an invented day, the same for the same seed
    articles = tuple(
        f"day-article-{n}" for n in range(max(FEWEST_ARTICLES, len(texts) // COMMENTS_PER_ARTICLE))
    )
    return World(
        seed=seed,
        articles=articles,
        comments=_comments(texts, articles, rng),
        waves=plan_waves(reports, rng),
        notices=_notices(reports, rng),
    )


def plan_waves(reports: int, rng: random.Random) -> tuple[Wave, ...]:
    """Exactly `reports` reports by time: brigades, then honest readers, the rest sloppy."""
    brigades = _brigades(round(reports * BRIGADE_SHARE), rng)
    left = reports - sum(len(wave.reporters) for wave in brigades)
    honest = _honest(min(left, round(reports * HONEST_SHARE)), rng)
    left -= sum(len(wave.reporters) for wave in honest)
    return tuple(sorted((*brigades, *honest, *_sloppy(left, rng)), key=lambda wave: wave.at))


def deal(sets: Sequence[Sequence[LabelledComment]], count: int) -> list[LabelledComment]:
    """`count` comments in equal parts from each set; a smaller one gives all it has.

    Raises ValueError where all together have fewer.
    """
    dealt: list[LabelledComment] = []
    for place, texts in enumerate(sorted(sets, key=len)):
        share = (count - len(dealt)) // (len(sets) - place)
        dealt += texts[:share]
    if len(dealt) < count:
        raise ValueError(f"the files have {sum(map(len, sets))} usable comments, not {count}")
    return dealt


def address_of(person: str) -> str:
    """The address somebody writes from, in a network kept for tests (RFC 2544).

    Every other brigade sits in one network; all others are spread.
    """
    digest = hashlib.sha256(person.encode()).digest()
    host = digest[2] % 254 + 1
    crowd, dash, number = person.rpartition("/")[0].partition("-")
    if crowd == Kind.BRIGADE and dash and int(number) % 2 == 0:
        return f"198.19.{int(number) % 256}.{host}"
    return f"198.18.{digest[1]}.{host}"


def errs(seed: int, who: str, index: int, rate: float) -> bool:
    """Whether this person misjudges this comment: by chance, and always the same way."""
    return random.Random(f"{seed}:{who}:{index}").random() < rate  # noqa: S311 - repeatable


def _comments(
    texts: Sequence[LabelledComment], articles: Sequence[str], rng: random.Random
) -> tuple[Planned, ...]:
    writers = [f"writer-{n}" for n in range(max(1, len(texts) // COMMENTS_PER_WRITER))]
    hotheads = writers[: max(1, round(len(writers) * HOTHEAD_SHARE))]
    mixed = list(texts)
    rng.shuffle(mixed)
    planned = []
    for index, comment in enumerate(mixed):
        among = hotheads if comment.toxic and rng.random() < HOTHEADS_WRITE else writers
        planned.append(
            Planned(
                index=index,
                text=comment.text,
                toxic=comment.toxic,
                set_name=comment.set_name,
                writer=rng.choice(among),
                article=rng.choice(articles),
                at=index / len(mixed),
            )
        )
    return tuple(planned)


def _brigades(budget: int, rng: random.Random) -> list[Wave]:
    low, high = BRIGADE_SIZES
    waves: list[Wave] = []
    while budget >= low:
        size = min(rng.randint(low, high), budget)
        name = f"{Kind.BRIGADE}-{len(waves)}"
        members = tuple(f"{name}/{n}" for n in range(size))
        at = rng.uniform(*BRIGADES_COME)
        waves.append(Wave(at, Kind.BRIGADE, Aim.CIVIL, BRIGADE_GUIDELINE, members))
        budget -= size
    return waves


def _honest(reports: int, rng: random.Random) -> list[Wave]:
    people = _people(Kind.HONEST, reports)
    waves: list[Wave] = []
    right = round(reports * HONEST_RIGHT)
    while right > 0:
        size = min(right, rng.randint(*WAVE_SIZES), len(people))
        waves.append(_wave(Kind.HONEST, Aim.TOXIC, HONEST_GUIDELINES, people, size, rng))
        right -= size
    for _ in range(reports - round(reports * HONEST_RIGHT)):
        waves.append(_wave(Kind.HONEST, Aim.CIVIL, HONEST_GUIDELINES, people, 1, rng))
    return waves


def _sloppy(reports: int, rng: random.Random) -> list[Wave]:
    people = _people(Kind.SLOPPY, reports)
    waves = []
    for _ in range(reports):
        aim = Aim.ANY if rng.random() < SLOPPY_BY_CHANCE else Aim.TOXIC
        waves.append(_wave(Kind.SLOPPY, aim, SLOPPY_GUIDELINES, people, 1, rng))
    return waves


def _wave(
    kind: Kind,
    aim: Aim,
    guidelines: Sequence[str],
    people: Sequence[str],
    size: int,
    rng: random.Random,
) -> Wave:
    reporters = tuple(rng.sample(people, size))
    return Wave(rng.uniform(FIRST_REPORT, 1), kind, aim, rng.choice(guidelines), reporters)


def _people(kind: Kind, reports: int) -> list[str]:
    count = max(FEWEST_REPORTERS, round(reports / REPORTS_PER_REPORTER))
    return [f"{kind}-{n}" for n in range(count)]


def _notices(reports: int, rng: random.Random) -> tuple[PlannedNotice, ...]:
    """Now and then one; every other is about a comment that is fine."""
    notices = [
        PlannedNotice(
            at=rng.uniform(FIRST_REPORT, 1),
            aim=Aim.CIVIL if number % 2 else Aim.TOXIC,
            category=rng.choice(NOTICE_CATEGORIES),
        )
        for number in range(max(1, reports // REPORTS_PER_NOTICE))
    ]
    return tuple(sorted(notices, key=lambda notice: notice.at))
