"""Conditions in CEL: three outcomes, checked types, clear faults, and no way to crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.adapters.rule_language import (
    MAX_EXPRESSION_LENGTH,
    CelLanguage,
    ExpressionError,
    Fault,
    list_names,
)
from service.domain.signals import SIGNALS, SignalType, Value
from tests.domain.policies import UNTIMED

pytestmark = pytest.mark.fast

LANGUAGE = CelLanguage()


def answer(source: str, **values: Value) -> bool | None:
    """What a condition gives; `scores__toxicity=0.5` binds scores.toxicity."""
    bound = LANGUAGE.bind({name.replace("__", "."): value for name, value in values.items()})
    return LANGUAGE.compile(source).run(bound)


def faults(source: str) -> tuple[Fault, ...]:
    with pytest.raises(ExpressionError) as refused:
        LANGUAGE.compile(source)
    return refused.value.faults


@pytest.mark.parametrize(("toxicity", "expected"), [(0.95, True), (0.5, False), (None, None)])
def test_a_condition_is_true_false_or_unknown(
    toxicity: float | None, expected: bool | None
) -> None:
    values = {} if toxicity is None else {"scores__toxicity": toxicity}
    assert answer("scores.toxicity > 0.9", **values) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("author.is_staff && scores.toxicity > 0.9", False),
        ("scores.toxicity > 0.9 && author.is_staff", False),
        ("!author.is_staff || scores.toxicity > 0.9", True),
        ("scores.toxicity > 0.9 || !author.is_staff", True),
        ("!author.is_staff && scores.toxicity > 0.9", None),
        ("author.is_staff || scores.toxicity > 0.9", None),
        ("!(scores.toxicity > 0.9)", None),
    ],
)
def test_a_missing_signal_matters_only_where_the_rest_leaves_it_open(
    source: str, expected: bool | None
) -> None:
    assert answer(source, author__is_staff=False) is expected


def test_lists_of_texts_can_be_searched() -> None:
    source = "content.link_hosts.exists(host, host.endsWith('.example'))"
    assert answer(source, content__link_hosts=("a.example", "b.test")) is True
    assert answer(source, content__link_hosts=()) is False


@pytest.mark.parametrize(
    "source",
    ["1 / author.strikes > 0", "article.section.matches('(')", "article.tags[3] == 'x'"],
)
def test_a_calculation_that_fails_is_unknown(source: str) -> None:
    values: dict[str, Value] = {
        "author__strikes": 0,
        "article__section": "x",
        "article__tags": ("a",),
    }
    assert answer(source, **values) is None


def test_a_program_names_the_signals_it_looks_at_once_and_in_order() -> None:
    source = """scores.threat > 0.5 || scores . toxicity > 0.5 // scores.insult
        || article.section == 'scores.obscene' || scores.threat > 0.9"""
    assert LANGUAGE.compile(source).signals == (
        "scores.threat",
        "scores.toxicity",
        "article.section",
    )


def test_lists_asked_for_by_name_are_found() -> None:
    assert list_names("'a' in content.matched_lists || \"b\" in content . matched_lists") == (
        "a",
        "b",
    )


@pytest.mark.parametrize(
    ("source", "message", "column"),
    [
        ("scores.toxity > 0.9", "did you mean scores.toxicity?", 7),
        ("scores.toxicity > 'a'", "no matching overload", 17),
        ("scores.toxicity > 1", "write numbers with a point", 17),
        ("author.strikes > 1.0", "write numbers with a point", 16),
        ("scores.toxicity >", "Syntax error", 18),
        ("scores.toxicity", "gives a double, not true or false", 1),
        ("1 < 2", "looks at no signal", 1),
        ("has(scores.toxicity)", "not needed", 1),
        ("article.mode == 'pre'", "only open, premoderated, closed", 18),
        ("frobnicate(scores.toxicity)", "no signal or function is called 'frobnicate'", 11),
        ("", "Syntax error", 1),
        ("author.is_staff && '\ud800' == ''", "surrogate", 1),
    ],
)
def test_a_faulty_condition_says_what_and_where(source: str, message: str, column: int) -> None:
    first = faults(source)[0]
    assert message in first.message
    assert (first.line, first.column) == (1, column)


def test_a_fault_on_a_later_line_has_that_line() -> None:
    assert (faults("author.is_staff &&\n  wit > 3")[0].line) == 2


def test_a_loop_inside_a_loop_is_refused() -> None:
    nested = "article.tags.exists(t, content.link_hosts.exists(h, h == t))"
    assert faults(nested)[0].message == "a loop inside a loop is not allowed"


def test_one_loop_after_another_is_fine() -> None:
    LANGUAGE.compile(
        "article.tags.exists(t, t == 'exists(') && content.link_hosts.all(h, h != ').exists(')"
    )


def test_an_endless_condition_is_refused_unread() -> None:
    source = " || ".join(["author.is_staff"] * MAX_EXPRESSION_LENGTH)
    assert "longer than" in faults(source)[0].message


def test_joined_conditions_are_false_only_where_each_one_is() -> None:
    joined = LANGUAGE.join(["author.is_staff // note", "scores.toxicity > 0.9"])
    calm = LANGUAGE.bind({"author.is_staff": False, "scores.toxicity": 0.1})
    unscored = LANGUAGE.bind({"author.is_staff": False})
    assert joined.run(calm) is False
    assert joined.run(unscored) is None


@pytest.mark.parametrize("signal", SIGNALS.values(), ids=str)
def test_every_signal_can_be_used_in_a_condition(signal: object) -> None:
    name = str(getattr(signal, "name", ""))
    literal = {
        SignalType.number: "1.0",
        SignalType.whole: "1",
        SignalType.flag: "true",
        SignalType.text: "''",
        SignalType.texts: "['']",
    }[SIGNALS[name].type]
    if SIGNALS[name].choices:
        literal = f"'{SIGNALS[name].choices[0]}'"
    assert LANGUAGE.compile(f"{name} == {literal}").signals == (name,)


NASTY = [
    "(" * 990 + "true" + ")" * 990,
    "!" * 1990 + "true",
    "[" * 995 + "]" * 995,
    "1" + "+1" * 900 + " > 1",
    "true?true:" * 190 + "true",
    "author" + ".a" * 900,
    "{1:" * 300 + "1" + "}" * 300,
    "1 in " * 300 + "[1]",
    "article.section.matches('((a{100}){100}){100}')",
    "article.section.matches('^(a+)+$')",
    "'''" + "a" * 100,
    "author.is_staff\x00",
    "\u202eauthor.is_staff",
    "b'\\xff' == b'\\377' && author.is_staff",
    "int('9' + '9' + article.section) > 0",
    "9223372036854775807 + author.strikes > 0",
    "timestamp(article.section) < timestamp('2026-01-01T00:00:00Z')",
    "article.tags.map(t, t + t + t + t).size() > 3",
]


@pytest.mark.parametrize("source", NASTY, ids=range(len(NASTY)))
def test_a_nasty_condition_is_refused_or_evaluated(source: str) -> None:
    _survives(source)


words = """&& || ! ( ) [ ] { } < >= == in ? : . + 0.5 3 -1 'a' " ' true null .exists( x, has( size(
 // r'\\' 1e999 0xF u \\ é 𝕏 \x00 .matches("""
pieces = st.sampled_from([*SIGNALS, *words.split(" ")])


@settings(UNTIMED, max_examples=150)
@given(st.one_of(st.text(max_size=80), st.lists(pieces, max_size=25).map(" ".join)))
def test_no_text_crashes_the_rule_language(source: str) -> None:
    _survives(source)


def _survives(source: str) -> None:
    try:
        program = LANGUAGE.compile(source)
    except ExpressionError as refused:
        assert refused.faults
        return
    values: dict[str, Value] = {
        "article.section": "a" * 5_000,
        "article.tags": ("b",) * 100,
        "author.strikes": 7,
        "author.is_staff": True,
    }
    for bound in (LANGUAGE.bind({}), LANGUAGE.bind(values)):
        assert program.run(bound) in (True, False, None)
