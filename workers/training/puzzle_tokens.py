"""The shipped models' tokenizer and the token ids of whole batches of puzzles; refuses nothing, unknown characters
become <unk>.

Every number from 0 to 200 is one token, so that all puzzles of one size have the same length and a batch needs no
padding.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.search.checkers.puzzle import HIGHEST, OPERATORS
from workers.training.puzzle_problems import Puzzles

Ids = NDArray[np.int64]
_WORDS = ("<pad>", "<unk>", "</s>", "\n", *OPERATORS, "=", "?", " ", "Answer:")
PAD, UNKNOWN, END, LINE = range(4)
FIRST_SIGN = 4
EQUALS, ASK, SPACE, ANSWER = range(FIRST_SIGN + len(OPERATORS), len(_WORDS))
FIRST_NUMBER = len(_WORDS)
VOCABULARY = FIRST_NUMBER + HIGHEST + 1
# The longest number up to 200 is taken first; 437 becomes 43 and 7, so every text of digits comes back unchanged.
_PIECES = r"Answer:|\n|200|1[0-9][0-9]|[1-9][0-9]|."


def question_length(size: int) -> int:
    """Tokens of the question of a puzzle with `size` signs, its line end included."""
    return 2 * size + 4


def question_ids(puzzles: Puzzles) -> Ids:
    """(rows, question_length): the token ids of each question, 8?2?6=60 and a line end."""
    rows, size = puzzles.signs.shape
    ids = np.full((rows, question_length(size)), ASK, dtype=np.int64)
    ids[:, 0 : 2 * size + 1 : 2] = puzzles.numbers + FIRST_NUMBER
    ids[:, 2 * size + 1] = EQUALS
    ids[:, 2 * size + 2] = puzzles.target + FIRST_NUMBER
    ids[:, 2 * size + 3] = LINE
    return ids


def solution_ids(numbers: Ids, signs: Ids, values: Ids) -> Ids:
    """(rows, 7 * size + 3): one line a sign, the answer line and </s>; values may hold false arithmetic as long as it
    is 0 to 200."""
    rows, size = signs.shape
    lines = np.empty((rows, size, 6), dtype=np.int64)
    lines[:, :, 0] = values[:, :-1] + FIRST_NUMBER
    lines[:, :, 1] = signs + FIRST_SIGN
    lines[:, :, 2] = numbers[:, 1:] + FIRST_NUMBER
    lines[:, :, 3] = EQUALS
    lines[:, :, 4] = values[:, 1:] + FIRST_NUMBER
    lines[:, :, 5] = LINE
    head = np.tile(np.array([ANSWER, SPACE]), (rows, 1))
    tail = np.full((rows, 1), END, dtype=np.int64)
    return np.concatenate([lines.reshape(rows, 6 * size), head, signs + FIRST_SIGN, tail], axis=1)


def write_tokenizer(folder: Path) -> None:
    """Writes tokenizer.json, tokenizer_config.json and special_tokens_map.json, which AutoTokenizer reads."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: place for place, word in enumerate([*_WORDS, *map(str, range(HIGHEST + 1))])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(_PIECES), behavior="isolated")
    tokenizer.decoder = decoders.Fuse()
    ready = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        unk_token="<unk>",
        eos_token="</s>",
        clean_up_tokenization_spaces=False,
        model_max_length=160,
    )
    ready.save_pretrained(folder)
