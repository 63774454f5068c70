"""Labelled files: good ones are read, bad ones are refused by file and line."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from workers.evaluation.kinds import Kind, kind_of
from workers.evaluation.labelled import BadFile, find_files, read_labelled
from workers.evaluation.rows import parse_label, text_rows

pytestmark = pytest.mark.fast


def _write(path: Any, text: str) -> Any:
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_and_json_lines_plain_and_gzipped_give_the_same_rows(tmp_path: Path) -> None:
    csv_text = 'text,toxic\n"hello, you",0\nidiot,1\n'
    json_text = '{"text": "hello, you", "toxic": "0"}\n\n{"text": "idiot", "toxic": "1"}\n'
    paths = [_write(tmp_path / "a.csv", csv_text), _write(tmp_path / "a.jsonl", json_text)]
    for path in list(paths):
        packed = tmp_path / f"{path.name}.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        paths.append(packed)
    for path in paths:
        file = read_labelled(path)
        assert file.name == "a"
        assert [dict(row.fields) for row in file.rows] == [
            {"text": "hello, you", "toxic": "0"},
            {"text": "idiot", "toxic": "1"},
        ]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbftext,toxic\nhello,0\n")
    assert read_labelled(path).columns == ("text", "toxic")


def test_a_cut_gzip_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(b"text,toxic\n" + b"hello,0\n" * 500)[:60])
    with pytest.raises(BadFile, match=r"cut\.csv\.gz: broken gzip"):
        read_labelled(path)


def test_a_file_that_only_claims_to_be_gzip_is_refused_by_name(tmp_path: Path) -> None:
    path = _write(tmp_path / "plain.csv.gz", "text,toxic\n")
    with pytest.raises(BadFile, match="broken gzip"):
        read_labelled(path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "text,toxic\nhello,0\nidiot\n", r"a\.csv, line 3: .*2 fields"),
        ("a.csv", "text,toxic\nhello,0,9\n", r"a\.csv, line 2: .*2 fields"),
        ("a.jsonl", '{"text": "a"}\n{"text": \n', r"a\.jsonl, line 2: not JSON"),
        ("a.jsonl", "[1, 2]\n", r"a\.jsonl, line 1: a JSON object"),
        ("a.csv", "text,toxic\n", r"a\.csv: no rows"),
    ],
)
def test_a_broken_row_is_named_by_file_and_line(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(BadFile, match=message):
        read_labelled(_write(tmp_path / name, text))


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(b"text,toxic\nSe\xe1n,0\n")
    with pytest.raises(BadFile, match="not UTF-8"):
        read_labelled(path)


def test_a_folder_gives_its_labelled_files_in_order_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.csv", "a.jsonl.gz", "README.md"):
        _write(tmp_path / name, "")
    assert [path.name for path in find_files([tmp_path])] == ["a.jsonl.gz", "b.csv"]


@pytest.mark.parametrize("name", ["missing.csv", "notes.txt"])
def test_a_path_that_is_no_labelled_file_is_an_error(tmp_path: Path, name: str) -> None:
    _write(tmp_path / "notes.txt", "hello")
    with pytest.raises(BadFile, match=name):
        find_files([tmp_path / name])


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (0, False), ("1", True), ("0.0", False), (1.0, True), (True, True), ("False", False),
        ("0.5", True), ("0.25", False), ("", None), (None, None), ("2", None), (-1, None),
        ("toxic", None), (float("nan"), None), ("nan", None),
    ],
)  # fmt: skip
def test_a_label_is_zero_one_or_a_share_of_raters(value: Any, label: Any) -> None:
    assert parse_label(value) is label


def test_unusable_rows_are_counted_with_their_first_line_and_the_rest_is_used(
    tmp_path: Path,
) -> None:
    rows = ["hello,0", "idiot,1", ",1", "odd,2", "odd,maybe", "hello,0", "fine,0"]
    file = read_labelled(_write(tmp_path / "a.csv", "text,toxic\n" + "\n".join(rows) + "\n"))
    found = text_rows(file)
    assert found.texts == ("hello", "idiot", "fine")
    assert found.warnings == (
        "1 rows without text left out (first: line 4)",
        "2 rows whose label is not 0, 1, true, false or a share left out (first: line 5)",
        "1 repeated rows left out (first: line 7)",
    )


def test_the_same_text_with_two_labels_is_kept_twice(tmp_path: Path) -> None:
    file = read_labelled(_write(tmp_path / "a.csv", "text,toxic\nhmm,0\nhmm,1\n"))
    assert text_rows(file).toxic.tolist() == [False, True]


def test_a_file_without_one_usable_label_is_refused(tmp_path: Path) -> None:
    file = read_labelled(_write(tmp_path / "a.csv", "text,toxic\nhello,bad\n"))
    with pytest.raises(BadFile, match=r"a\.csv: no usable row .*label"):
        text_rows(file)


def test_the_limit_draws_the_same_rows_for_the_same_seed(tmp_path: Path) -> None:
    body = "".join(f"text {i},{i % 2}\n" for i in range(50))
    file = read_labelled(_write(tmp_path / "a.csv", "text,toxic\n" + body))
    first, again, other = (text_rows(file, limit=10, seed=seed).texts for seed in (1, 1, 2))
    assert len(first) == 10
    assert first == again
    assert first != other


def test_sub_labels_are_known_only_where_the_column_is_filled(tmp_path: Path) -> None:
    rows = "text,toxic,identity_hate\na,1,1.0\nb,1,\nc,0,0.25\n"
    found = text_rows(read_labelled(_write(tmp_path / "a.csv", rows)))
    known, value = found.sub_labels["identity_attack"]
    assert known.tolist() == [True, False, True]
    assert value.tolist() == [True, False, False]


def test_a_column_that_parts_the_set_makes_slices_of_a_useful_size(tmp_path: Path) -> None:
    lines = [f"t{i},{i % 2},{'news' if i < 40 else 'wiki'}" for i in range(80)] + ["x,0,rare"]
    file = read_labelled(_write(tmp_path / "a.csv", "text,toxic,source\n" + "\n".join(lines)))
    assert sorted(text_rows(file).slices) == ["source=news", "source=wiki"]


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        (["text", "toxic", "action", "guideline"], Kind.TOXICITY),
        (["text", "toxic", "functionality"], Kind.FUNCTIONS),
        (["text", "toxic", "template"], Kind.IDENTITY),
        (["comment_text", "label_on_topic", "article_text"], Kind.OFF_TOPIC),
        (["comment_text", "label_on_topic", "profile_comments"], Kind.OFF_TOPIC),
        (["comments", "variant", "article_id", "drift_start"], Kind.THREADS),
        (["article_id", "title", "text", "n_comments"], Kind.ARTICLES),
        (["text", "canonical_form_1"], None),
    ],
)
def test_the_columns_tell_what_a_file_can_measure(columns: list[str], kind: str) -> None:
    assert kind_of(columns) is kind


def test_json_numbers_and_words_are_labels_too(tmp_path: Path) -> None:
    lines = [{"text": "a", "toxic": 1}, {"text": "b", "toxic": False}, {"text": 7, "toxic": 1}]
    path = _write(tmp_path / "a.jsonl", "\n".join(json.dumps(line) for line in lines))
    found = text_rows(read_labelled(path))
    assert found.texts == ("a", "b")
    assert found.toxic.tolist() == [True, False]
