"""What the local engine makes of a search: tokens it runs for each there is, and its speed beside plain generation,
beside encoding every prefix anew, and beside one problem at a time.

Held-out puzzles on the shipped models, one thread of torch. Processor time of the engine is taken, because the process
does nothing but compute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from tests.bench.figures import Figure, of_median, spread
from tests.bench.playing import Tree, new_engine, new_scorer, opened_policy, played, statements, trees_of
from tests.bench.reencoding import Reencoding
from tests.bench.scorer import BEAM, TOGETHER, Costs, TimedEngine, generate_rate
from workers.inference import sampling
from workers.inference.decoding import Decoder
from workers.inference.draws import Wanted
from workers.inference.model_folder import OpenedModel
from workers.inference.prompt import prompt_ids
from workers.search.runner import RunSpec
from workers.search.synchronous import Adapted

ROUNDS = 5
REUSE_GOAL, GENERATE_GOAL, REENCODE_GOAL, ENSEMBLE_GOAL, ENTROPY_GOAL = 1.05, 0.9, 3.0, 4.0, 1.05
DEPTH = 8
# Where repeats are dropped, a puzzle's three signs leave a fifth of the rows; plain generation has all of them.
FULL_BEAM = {**BEAM, "distinct": False}
TREES = 200
SMALL_BEAM = {"n": 8, "width": 4}
PLAYED = f"beam of {BEAM['n']}, width {BEAM['width']}, {TOGETHER} puzzles together"


def search() -> Iterator[Figure]:
    """prefix_reuse_beam and search_vs_generate, each round with an engine that has seen nothing."""
    questions, opened, scorer = statements()[:TOGETHER], opened_policy(), new_scorer()
    generate_rate(opened, questions, 0)
    prompts = sum(len(prompt_ids(opened.tokenizer, question)) for question in questions)
    reuse, padded = list[float](), list[float]()
    speeds: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(1, ROUNDS + 1):
        for distinct in (True, False):
            engine, costs = new_engine(), Costs()
            before = generate_rate(opened, questions, seed)
            beam = {**BEAM, "distinct": distinct}
            trees = played("beam", beam, questions, seed, TimedEngine(engine, costs), scorer)
            plain = (before + generate_rate(opened, questions, -seed)) / 2
            speeds[distinct].append(sum(tree.generated for tree in trees) / costs.engine_s / plain)
            computed = sum(tree.computed for tree in trees)
            reuse.append(computed / (prompts + sum(tree.needed for tree in trees)))
            padded.append(engine.padded / computed)
    note = f"{PLAYED}, repeats dropped and not; {spread(padded, 'of the tokens run')} more were padding"
    yield of_median("prefix_reuse_beam", reuse, "", "lower", REUSE_GOAL, note)
    fewer = f"where repeats are dropped, so that fewer rows are under way, {spread(speeds[True], 'of generate()')}"
    note = f"{PLAYED}, repeats kept, as many rows as generate() has; {fewer}"
    yield of_median("search_vs_generate", speeds[False], "of generate()", "higher", GENERATE_GOAL, note)


def reencoded() -> Iterator[Figure]:
    """search_vs_reencode, each round with an engine that has seen nothing."""
    questions, scorer = statements(DEPTH)[:TOGETHER], new_scorer()
    gains = []
    for seed in range(1, ROUNDS + 1):
        rates = []
        for engine in (new_engine(), Adapted(Reencoding(opened_policy()))):
            costs = Costs()
            trees = played(
                "beam", {**FULL_BEAM, "max_depth": DEPTH}, questions, seed, TimedEngine(engine, costs), scorer
            )
            rates.append(sum(len(tree.steps) for tree in trees) / costs.engine_s)
        gains.append(rates[0] / rates[1])
    note = f"{PLAYED}, repeats kept, at most {DEPTH} deep; the other engine encodes each row's prefix anew at each step"
    yield of_median("search_vs_reencode", gains, "times", "higher", REENCODE_GOAL, note)


def ensemble() -> Iterator[Figure]:
    """ensemble_gain."""
    questions = statements()[:TOGETHER]
    _rate(questions, 0, together=True)
    gains = [_rate(questions, seed, together=True) / _rate(questions, seed, together=False) for seed in range(1, 6)]
    note = f"chain of thought, one sample each of {TOGETHER} puzzles"
    yield of_median("ensemble_gain", gains, "times", "higher", ENSEMBLE_GOAL, note)


def entropy() -> Iterator[Figure]:
    """entropy_cost: seconds a drawn token with log-probabilities and entropies ÷ with neither.

    The engine has no way to leave them out, so what they take is measured beside it: `draw` against the same draws
    bare, on logits of the shapes that the turns had."""
    opened, questions, costs = opened_policy(), statements()[:TOGETHER], list[float]()
    for seed in range(ROUNDS + 1):
        spent, rows = _turns(opened, questions, seed)
        extra = _drawing(sampling.draw, opened, rows) - _drawing(_bare, opened, rows)
        costs.append(spent / (spent - extra))
    note = f"best of {BEAM['n']}, {TOGETHER} puzzles together, vocabulary of {opened.model.config.vocab_size}"
    yield of_median("entropy_cost", costs[1:], "times", "lower", ENTROPY_GOAL, note)


def trees() -> Iterator[Figure]:
    """same_tree_share; taken once."""
    scorer, alone_engine, together_engine = new_scorer(), new_engine(), new_engine()
    specs = [RunSpec(one, "", "", "beam", SMALL_BEAM, seed) for seed, one in enumerate(statements()[:TREES])]
    same = 0
    for start in range(0, TREES, TOGETHER):
        chunk = specs[start : start + TOGETHER]
        together = trees_of(chunk, together_engine, scorer)
        alone = [tree for spec in chunk for tree in trees_of([spec], alone_engine, scorer)]
        same += sum(_shape(one) == _shape(other) for one, other in zip(together, alone, strict=True))
    note = f"beam of {SMALL_BEAM['n']}, width {SMALL_BEAM['width']}; float32"
    yield Figure("same_tree_share", same / TREES, "of the trees", "higher", None, TREES, note)


def _shape(tree: Tree) -> list[tuple[int, str]]:
    return [(step.parent, step.text) for _, step in sorted(tree.steps.items())]


def _rate(questions: Sequence[str], seed: int, *, together: bool) -> float:
    """Tokens drawn a second of the engine's time, one sample a question."""
    engine, costs = new_engine(), Costs()
    timed = TimedEngine(engine, costs)
    calls = [questions] if together else [[question] for question in questions]
    drawn = sum(tree.generated for call in calls for tree in played("chain_of_thought", {}, call, seed, timed, None))
    return drawn / costs.engine_s


def _turns(opened: OpenedModel, questions: Sequence[str], seed: int) -> tuple[float, list[int]]:
    """Seconds that sixteen samples a question take, and how many tokens each turn drew."""
    decoder = Decoder(opened.model, frozenset({opened.tokenizer.eos_token_id}), 1 << 29, 256)
    prompts = [prompt_ids(opened.tokenizer, question) for question in questions for _ in range(BEAM["n"])]
    draws = [decoder.add(Wanted(ids, 1.0, (seed, place), 256)) for place, ids in enumerate(prompts)]
    spent, drawn = 0.0, [0]
    while decoder.busy:
        start = time.process_time()
        decoder.turn()
        spent += time.process_time() - start
        drawn.append(sum(len(one.ids) for one in draws))
    return spent, [after - before for before, after in pairwise(drawn) if after > before]


def _drawing(draw: Callable[..., Any], opened: OpenedModel, rows: Sequence[int]) -> float:
    """Seconds that drawing alone takes, a turn for each number of rows."""
    import torch

    logits = torch.randn((max(rows), opened.model.config.vocab_size))
    start = time.process_time()
    with torch.inference_mode():
        for count in rows:
            draw(logits[:count], [1.0] * count, [0.5] * count)
    return time.process_time() - start


def _bare(logits: Any, temperatures: Sequence[float], uniform: Sequence[float]) -> sampling.Drawn:
    """Draws at temperature 1 and says nothing of it."""
    import torch

    ids = sampling.inverse(logits.float().softmax(-1), torch.tensor(uniform, dtype=torch.float64)).tolist()
    return sampling.Drawn(ids, [0.0] * len(ids), [0.0] * len(ids), [[] for _ in ids])
