"""Plays a simulated site through the rules, while its reporters earn their records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from service.domain.brigade import FEWEST_REPORTS, BurstFacts, suspect_brigade
from service.domain.reliability import Reliability, decayed, reliability, site_rate
from service.domain.report_weight import Reporter, weigh
from workers.bench.report_rules import Moment, Rule, Voice
from workers.bench.report_simulation import HOURS_PER_DAY, REVIEW_AFTER_HOURS, Report, Site

BURST_WINDOW_HOURS = 1.0
OVERLAP_HOURS = 7 * HOURS_PER_DAY
OVERLAP_COMMENTS = 2


@dataclass(frozen=True, slots=True)
class Tally:
    """What one rule did to the measured comments."""

    hidden: frozenset[int]
    hidden_violating: int
    violating: int
    attacked: int
    attacked_hidden: int

    @property
    def precision(self) -> float:
        """Share of the hidden that are violations; 1 where nothing is hidden."""
        return self.hidden_violating / len(self.hidden) if self.hidden else 1.0

    @property
    def recall(self) -> float:
        """Share of all violations that are hidden."""
        return self.hidden_violating / self.violating


@dataclass(slots=True)
class _Record:
    """A reporter's decided reports; sums as of day `day`."""

    upheld: float = 0.0
    adjudicated: float = 0.0
    right: int = 0
    count: int = 0
    day: int = 0

    def age_to(self, day: int) -> None:
        weight = decayed(day - self.day)
        self.upheld, self.adjudicated, self.day = (
            self.upheld * weight,
            self.adjudicated * weight,
            day,
        )

    def add(self, upheld: bool) -> None:
        self.upheld += upheld
        self.adjudicated += 1
        self.right += upheld
        self.count += 1


@dataclass(slots=True)
class _Case:
    """One reported comment so far."""

    reports: list[Report] = field(default_factory=list)
    cohort: set[int] = field(default_factory=set)
    hidden_by: set[str] = field(default_factory=set)


class _Replay:
    def __init__(self, site: Site, rules: Mapping[str, Rule]) -> None:
        self.site, self.rules = site, rules
        self.records: defaultdict[int, _Record] = defaultdict(_Record)
        self.known: dict[int, Reliability] = {}  # of this day
        self.recent: defaultdict[int, list[Report]] = defaultdict(list)
        self.cases: defaultdict[int, _Case] = defaultdict(_Case)
        self.total = _Record()
        self.day = 0
        self.rate = site_rate(0, 0)

    def report(self, report: Report) -> None:
        self._begin_day(int(report.at // HOURS_PER_DAY))
        case = self.cases[report.comment]
        case.reports.append(report)
        self.recent[report.reporter].append(report)
        self._look_for_brigade(case, report.at)
        if not self.site.measured(report.comment):
            return
        waiting = [name for name in self.rules if name not in case.hidden_by]
        moment = self._moment(report.comment, case)
        case.hidden_by.update(name for name in waiting if self.rules[name](moment))

    def review(self, comment: int) -> None:
        """A person looks. The reports of a suspected cohort are invalidated: nobody's record."""
        case = self.cases[comment]
        for report in case.reports:
            if report.reporter not in case.cohort:
                record = self.records[report.reporter]
                record.age_to(self.day)
                for each in (record, self.total):
                    each.add(bool(self.site.violating[comment]))
                self.known.pop(report.reporter, None)

    def _begin_day(self, day: int) -> None:
        if day != self.day:
            self.day = day
            self.known.clear()
            self.rate = site_rate(self.total.upheld, self.total.adjudicated)

    def _moment(self, comment: int, case: _Case) -> Moment:
        voices = [self._voice(report, case) for report in case.reports]
        base_rate = self.site.world.violating
        weight = weigh(
            [voice.reporter for voice in voices],
            p_model=float(self.site.p_model[comment]),
            base_rate=base_rate,
            site_rate=self.rate,
            brigade_suspected=bool(case.cohort),
        )
        return Moment(voices, weight, base_rate)

    def _voice(self, report: Report, case: _Case) -> Voice:
        record = self.records.get(report.reporter) or _Record()
        who = Reporter(self._reliability(report.reporter), report.reporter in case.cohort)
        return Voice(who, report.trust_level, record.right, record.count - record.right)

    def _reliability(self, reporter: int) -> Reliability:
        nobody = -1  # all without a record share one entry
        key = reporter if reporter in self.records else nobody
        if key not in self.known:
            record = self.records[key] if key != nobody else _Record(day=self.day)
            record.age_to(self.day)
            self.known[key] = reliability(
                upheld=record.upheld,
                adjudicated=record.adjudicated,
                count=record.count,
                site_rate=self.rate,
            )
        return self.known[key]

    def _look_for_brigade(self, case: _Case, now: float) -> None:
        """Suspicion, once raised, stays; the cohort is who reported within the window."""
        burst = [report for report in case.reports if report.at > now - BURST_WINDOW_HOURS]
        if len(burst) < FEWEST_REPORTS:
            return
        networks = [report.network for report in burst if report.network]
        facts = BurstFacts(
            reports=len(burst),
            usual=self.site.usual_per_hour * BURST_WINDOW_HOURS,
            fresh=sum(not self._reliability(r.reporter).known for r in burst) / len(burst),
            overlapping=self._overlapping(burst, now) / len(burst),
            same_network=max(map(networks.count, networks), default=0) / len(burst),
        )
        if suspect_brigade(facts).suspected:
            case.cohort.update(report.reporter for report in burst)

    def _overlapping(self, burst: list[Report], now: float) -> int:
        """How many share two or more other comments of the last week with others of the burst."""
        lists = [
            {r.comment for r in self.recent[report.reporter] if r.at > now - OVERLAP_HOURS}
            - {report.comment}
            for report in burst
        ]
        return sum(
            len(own & set().union(*lists[:place], *lists[place + 1 :])) >= OVERLAP_COMMENTS
            for place, own in enumerate(lists)
        )


def replay(site: Site, rules: Mapping[str, Rule]) -> dict[str, Tally]:
    """Every rule on the same site: it hides at the first report after which it says so.

    A person looks at each reported comment two days after it was posted, which no rule sees.
    """
    replay_ = _Replay(site, rules)
    reviews = sorted({report.comment for report in site.reports}, key=lambda c: site.posted[c])
    due = 0
    for report in site.reports:
        while site.posted[reviews[due]] + REVIEW_AFTER_HOURS < report.at:
            replay_.review(reviews[due])
            due += 1
        replay_.report(report)
    return {name: _tally(site, replay_.cases, name) for name in rules}


def _tally(site: Site, cases: Mapping[int, _Case], name: str) -> Tally:
    hidden = {c for c, case in cases.items() if name in case.hidden_by and site.measured(c)}
    attacked = {c for c in site.attacked if site.measured(c)}
    return Tally(
        hidden=frozenset(hidden),
        hidden_violating=sum(bool(site.violating[c]) for c in hidden),
        violating=int(site.violating[site.world.history :].sum()),
        attacked=len(attacked),
        attacked_hidden=len(hidden & attacked),
    )
