"""The token-classifier scorer runs each token of a tree once, and scores as if it had run every branch whole."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from workers.inference.model_folder import OpenedModel, open_model
from workers.scorers.token_prm import TinyPrmParams, TokenPrm
from workers.search.protocols import BranchText

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.torch, pytest.mark.slow_models]

QUESTION = "8?2?6?9?8?6=43"
PROMPT = 14  # tokens of the question and the line end after it
STEPS = ("8-2=6\n", "6*6=36\n", "36+9=45\n", "45-8=37\n", "37+6=43\n", "Answer: -*+-+\n")
OTHER = ("8+2=10\n", "10+6=16\n", "16-9=7\n", "7*8=56\n")


def opened(dtype: str) -> OpenedModel:
    return open_model(TinyPrmParams().folder, "AutoModelForTokenClassification", "cpu", dtype, 1)


@pytest.fixture(scope="module")
def model() -> OpenedModel:
    return opened("float32")


def scorer_of(model: OpenedModel, memory: int = 64 << 20, rows: int = 64) -> TokenPrm:
    """A scorer that has seen nothing yet."""
    return TokenPrm("tiny-prm", model, rows, memory)


def branch(*steps: str, question: str = QUESTION) -> BranchText:
    return BranchText(question, steps)


def tree() -> list[BranchText]:
    """Ragged branches, leaves before and after what leads to them, two questions."""
    branches = [branch(*STEPS[:length], *OTHER[length:]) for length in range(5)]
    branches += [branch(*STEPS[:length]) for length in (6, 1, 3)]
    return [*branches, branch("7-4=3\n", question="7?4?7?8=80"), branch(), branch(*OTHER[:2])]


def token_count(model: OpenedModel, branches: Sequence[BranchText]) -> int:
    """Tokens of the tree that these branches make, up to the last wanted one."""
    seen: set[tuple[int, ...]] = set()
    for one in branches:
        texts = [one.question + "\n", *one.steps] if one.steps else []
        ids: tuple[int, ...] = ()
        for text in texts:
            for token in model.tokenizer(text, add_special_tokens=False).input_ids:
                ids = (*ids, token)
                seen.add(ids)
    return len(seen)


def whole(model: OpenedModel, one: BranchText) -> list[float]:
    """The scores of a plain forward pass over the branch."""
    ids = model.tokenizer(one.question + "\n" + "".join(one.steps), add_special_tokens=False).input_ids
    line = model.tokenizer("\n", add_special_tokens=False).input_ids[0]
    ends = [place for place, token in enumerate(ids) if token == line][1:]
    with torch.inference_mode():
        logits = model.model(torch.tensor([ids])).logits[0, ends]
    return logits.float().softmax(-1)[:, model.model.config.label2id["good"]].tolist()


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("bfloat16", 0.02)])
def test_scores_are_those_of_whole_branches(dtype: str, tolerance: float) -> None:
    model = opened(dtype)
    scorer = scorer_of(model)
    for _ in range(2):  # the second time everything is known
        for one, scored in zip(tree(), scorer.score(tree()), strict=True):
            assert scored.values == pytest.approx(whole(model, one) if one.steps else [], abs=tolerance)


def test_each_token_of_a_tree_is_run_once(model: OpenedModel) -> None:
    branches = tree()
    together = scorer_of(model).score(branches)
    scorer = scorer_of(model)
    apart = [scorer.score([one])[0] for one in branches]
    expected = token_count(model, branches)
    assert sum(scored.tokens for scored in together) == sum(scored.tokens for scored in apart) == expected
    assert sum(scored.tokens for scored in scorer.score(branches)) == 0


def test_a_branch_costs_only_what_it_adds(model: OpenedModel) -> None:
    scorer = scorer_of(model)
    costs = [scorer.score([branch(*STEPS[:length])])[0].tokens for length in range(7)]
    assert costs == [0, PROMPT + 6, 6, 6, 6, 6, 8]


def test_where_memory_is_short_tokens_are_run_again_and_counted(model: OpenedModel) -> None:
    branches = tree()
    token_bytes = 4 * 2 * 128 * 4  # layers, keys and values, width, float32
    scorer = scorer_of(model, memory=2 * 60 * token_bytes)
    rounds = [scorer.score(branches) for _ in range(2)]
    for one, *scored in zip(branches, *rounds, strict=True):
        for each in scored:
            assert each.values == pytest.approx(whole(model, one) if one.steps else [], abs=1e-5)
    computed = sum(scored.tokens for every in rounds for scored in every)
    counts = scorer.counts
    assert counts.tokens <= 60
    assert counts.evicted > 0
    assert computed >= token_count(model, branches) + counts.again > token_count(model, branches)


def test_rows_beyond_a_batch_wait_for_the_next(model: OpenedModel) -> None:
    branches = tree()
    two = scorer_of(model, rows=2).score(branches)
    many = scorer_of(model).score(branches)
    assert [scored.values for scored in two] == [pytest.approx(scored.values, abs=1e-5) for scored in many]
    assert sum(scored.tokens for scored in two) == sum(scored.tokens for scored in many)
