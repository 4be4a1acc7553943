"""Texts to words, and queries to what a step must have."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from apps.trees.words import MOST_LETTERS, MOST_WORDS, as_tsquery, as_tsvector, is_exact, read_terms, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"So $\frac{1}{2}$ of x", {"so", r"\frac", "1", "2", "of", "x"}),
        ("x^2+3.14=y_1", {"x", "^", "2", "+", "3.14", "=", "y", "_", "1"}),
        ("{1,2,3}, done.", {"1", "2", "3", "done"}),
        ("Éole ﬁne x²", {"eole", "fine", "x", "2"}),
        ("求x的值 かな", {"求", "x", "的", "值", "か", "な"}),
        ("a ≤ b ∑", {"a", "≤", "b", "∑"}),
        ("don't\t\n", {"don", "t"}),
        ("", set()),
    ],
)
def test_a_text_is_cut_into_words_commands_whole_numbers_and_signs(text: str, words: set[str]) -> None:
    assert words_of(text) == words


def test_a_long_word_counts_by_its_beginning_and_a_long_text_by_its_first_words() -> None:
    assert words_of("a" * 5000) == {"a" * MOST_LETTERS}
    assert len(words_of(" ".join(map(str, range(MOST_WORDS + 500))))) == MOST_WORDS


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("two words", ["two", "words"]),
        ('"two words" three', ["two words", "three"]),
        ('"open end', ["open end"]),
        ('"" x x', ["x"]),
        (r"\frac{1}{2}", [r"\frac{1}{2}"]),
        ("   ", []),
    ],
)
def test_a_query_is_terms_and_quotation_marks_keep_spaces(query: str, terms: list[str]) -> None:
    assert read_terms(query) == terms


@pytest.mark.parametrize(
    ("text", "term", "is_found"),
    [
        (r"Take $\frac{1}{2}$", r"\frac{1}{2}", True),
        (r"Take $\frac{1}{2}$", "frac", True),
        ("Fractions are fine", "fract", True),
        ("Fractions are fine", "ractions", False),
        ("Fractions are fine", "fr", False),
        ("the number 123", "12", False),
        ("the number 12.", "12", True),
        ("Café", "cafe", True),
        ("cafe", "CAFÉ", True),
        ("it's x\\y", "it's", True),
        ("a-b", "a-c", False),
    ],
)
def test_the_database_finds_by_words_what_a_reader_means(db: None, text: str, term: str, is_found: bool) -> None:
    assert found_in_the_database(text, term) is is_found


@given(text=st.text(max_size=60).filter(lambda text: '"' not in text))
def test_whatever_stands_between_spaces_has_no_word_that_the_whole_has_not(text: str) -> None:
    for part in text.split():
        assert words_of(part) <= words_of(text)


def test_one_word_is_exact_and_an_expression_has_to_be_looked_for_in_the_text() -> None:
    assert is_exact("word")
    assert is_exact("12")
    assert is_exact("+")
    assert is_exact(r"\frac")
    assert not is_exact("1/2")
    assert not is_exact("two words")
    assert not is_exact("a" * (MOST_LETTERS + 1))


def found_in_the_database(text: str, term: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [as_tsvector(words_of(text)), as_tsquery([term])])
        return bool(cursor.fetchone()[0])
