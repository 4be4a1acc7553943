"""The characters each token wrote."""

import pytest

from workers.inference.text_pieces import TextPieces


class Bytes:
    """A tokenizer whose tokens are bytes, so that a letter may take several of them."""

    def decode(self, ids, **options):
        return bytes(ids).decode("utf-8", errors="replace")


class LeadingSpace:
    """A tokenizer that drops the space before the first word, as sentencepiece does."""

    words = (" the", " cat", " sat", "\n")

    def decode(self, ids, **options):
        return "".join(self.words[token] for token in ids).removeprefix(" ")


@pytest.mark.parametrize("text", ["", "abc", "é", "a→b", "日本 12", "½ + ½ = 1\n"])
def test_pieces_of_letters_spread_over_bytes_join_to_the_text(text):
    found, lengths = TextPieces(Bytes()).lengths(list(text.encode()))
    assert found == text
    assert sum(lengths) == len(text)
    assert len(lengths) == len(text.encode())


def test_the_last_byte_of_a_letter_owns_it():
    assert TextPieces(Bytes()).lengths(list("a→b".encode()))[1] == (1, 0, 0, 1, 1)


def test_a_text_that_ends_inside_a_letter_is_kept_whole():
    found, lengths = TextPieces(Bytes()).lengths(list("a→".encode())[:-1])
    assert sum(lengths) == len(found)


def test_a_dropped_leading_space_costs_no_character_elsewhere():
    assert TextPieces(LeadingSpace()).lengths([0, 1, 2, 3]) == ("the cat sat\n", (3, 4, 4, 1))


@pytest.mark.parametrize("byte", [0x80, 0xE2], ids=["no letter at all", "letters that never end"])
def test_the_work_grows_with_the_text_and_not_with_its_square(byte):
    class Counting(Bytes):
        decoded = 0

        def decode(self, ids, **options):
            self.decoded += len(ids)
            return super().decode(ids, **options)

    tokenizer = Counting()
    found, lengths = TextPieces(tokenizer).lengths([*b"a", *[byte] * 5000])
    assert sum(lengths) == len(found)
    assert tokenizer.decoded < 20 * 5000


def test_letters_after_broken_bytes_are_cut_as_ever():
    ids = [0x80] * 8 + list("a→b".encode())
    found, lengths = TextPieces(Bytes()).lengths(ids)
    assert lengths[-5:] == (1, 0, 0, 1, 1)
    assert sum(lengths) == len(found)


def test_a_token_by_itself_is_told_as_it_stands_inside_a_text():
    pieces = TextPieces(LeadingSpace())
    assert [pieces.own(token) for token in range(4)] == ["the", "cat", "sat", "\n"]
    assert [pieces.inside(token) for token in range(4)] == [" the", " cat", " sat", "\n"]
    assert TextPieces(Bytes()).inside("→".encode()[0]) == "\N{REPLACEMENT CHARACTER}"
