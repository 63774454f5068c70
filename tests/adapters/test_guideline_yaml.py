"""Guideline files that are no such thing: every sequence of bytes is read or refused, safely."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.adapters.guideline_file import GuidelineFileError
from service.domain.rule import Mode
from tests.adapters.guideline_files import VALID, load, problems, spoilt
from tests.domain.policies import UNTIMED

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"- 1\n- 2\n", "mapping"),
        (b"just text", "mapping"),
        (b"a: [1, 2", "not YAML"),
        (b"a: 1\na: 2\n", "'a' is written twice"),
        (b"a: &x [1]\nb: *x\n", "anchors and aliases"),
        (b"a: !!python/object:os.system {}\n", "tags"),
        (b"a: 1\n---\nb: 2\n", "more than one document"),
        (b"[" * 50, "nested more than"),
        (b"a: " + b"[" * 100_000, "nested more than"),
        (b"? [a]\n: 1\n", "a key must be text"),
        (b"\xff\xfea\x00", "not UTF-8"),
        ("a: ü\n".encode("latin-1"), "not UTF-8"),
        (b"a: \x00\n", "not YAML"),
        (b"# " + b"x" * 1_000_001, "larger than"),
        (b"rules: 3\nqueues: []\nmetadata: x\n", "rules: Not a valid list"),
        (b"rules:\nqueues:\n", "rules: Field may not be null"),
    ],
)
def test_what_is_no_guideline_file_is_refused(content: bytes, message: str) -> None:
    assert any(message in problem for problem in problems(content))


def test_a_bomb_of_aliases_is_refused_before_it_is_built() -> None:
    layers = [b"a0: &a0 [x]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]".encode() for n in range(1, 20)]
    assert "anchors and aliases" in problems(b"\n".join(layers))[0]


def test_words_that_older_yaml_took_for_truth_stay_words() -> None:
    assert load(spoilt("mode: enforce", "mode: off")).rules[0].mode is Mode.off


def test_a_byte_order_mark_is_no_fault() -> None:
    assert load(b"\xef\xbb\xbf" + VALID.encode()).site == "test"


@settings(UNTIMED, max_examples=100)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
        st.tuples(st.integers(0, len(VALID)), st.integers(1, 40), st.text(max_size=8)).map(
            lambda cut: (VALID[: cut[0]] + cut[2] + VALID[cut[0] + cut[1] :]).encode(
                "utf-8", "replace"
            )
        ),
    )
)
def test_any_bytes_are_a_policy_or_a_list_of_problems(content: bytes) -> None:
    try:
        load(content)
    except GuidelineFileError as refused:
        assert refused.problems
