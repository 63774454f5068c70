"""How an article's body is cut into passages."""

from service.domain.passage import MAX_CHARACTERS, MAX_PASSAGES, MAX_WORDS, split_passages

SENTENCE = "The harbour board met on Tuesday to weigh the new ferry timetable. "


def test_a_body_without_words_has_no_passages() -> None:
    assert split_passages("") == []
    assert split_passages(" \n\n\t … -- \n") == []


def test_a_short_body_is_one_passage() -> None:
    assert split_passages("Rain fell.\n\nThe match went on.") == ["Rain fell. The match went on."]


def test_short_paragraphs_are_merged_into_passages_of_a_useful_size() -> None:
    body = "\n\n".join([SENTENCE * 2] * 20)
    sizes = [len(passage.split()) for passage in split_passages(body)]
    assert len(sizes) > 1
    assert all(60 <= size <= MAX_WORDS for size in sizes[:-1])


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    passages = split_passages(SENTENCE * 40)
    assert len(passages) > 2
    assert all(passage.endswith("timetable.") for passage in passages)


def test_every_word_is_kept_in_reading_order() -> None:
    body = "\n\n".join(f"Paragraph {number}. {SENTENCE * 3}" for number in range(30))
    assert " ".join(split_passages(body)).split() == body.split()


def test_a_wrapped_line_does_not_end_a_paragraph() -> None:
    wrapped = "The council agreed to buy\nthe old mill and\nto open it in spring."
    assert split_passages(wrapped) == [wrapped.replace("\n", " ")]


def test_a_single_word_of_five_thousand_letters_is_cut_to_the_bound() -> None:
    passages = split_passages("x" * 5000)
    assert passages
    assert all(len(passage) <= MAX_CHARACTERS for passage in passages)


def test_text_without_spaces_is_cut_to_the_bound() -> None:
    passages = split_passages("市議会は火曜日に新しい渡し船の時刻表を話し合った。" * 200)
    assert len(passages) > 1
    assert all(len(passage) <= MAX_CHARACTERS for passage in passages)


def test_a_very_long_article_keeps_a_bounded_number_of_passages_from_start_to_end() -> None:
    body = "\n\n".join(f"Update {number}. {SENTENCE * 8}" for number in range(300))
    passages = split_passages(body)
    assert len(passages) == MAX_PASSAGES
    assert passages[0].startswith("Update 0.")
    assert "Update 299." in passages[-1]


def test_a_short_tail_joins_the_passage_before_it() -> None:
    body = SENTENCE * 7 + "\n\nMore soon."
    assert len(split_passages(body)) == 1
