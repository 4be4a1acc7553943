"""Cuts a draft into the pieces that become a chain of steps, with its cost shared out; it numbers nothing.

A token that spans the place where the splitter cuts moves the cut to the token's end.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from itertools import accumulate, pairwise

from workers.search.errors import EngineError
from workers.search.events import TokenTrace
from workers.search.protocols import Draft
from workers.search.record import record
from workers.search.splitting import split

# A token's length is stored in two bytes.
LONGEST_TOKEN = 65_535


@record
class Piece:
    """One step to come. trace is None where the engine gave no tokens; logprob: summed, entropy: mean, both in nats."""

    text: str
    terminal: bool
    generated: int
    computed: int
    trace: TokenTrace | None
    logprob: float | None
    entropy: float | None


@record
class Chain:
    """The pieces of one draft, at least one; `dropped` says whether there were more than there was room for."""

    pieces: list[Piece]
    dropped: bool


def cut(draft: Draft, splitter: str, room: int | None) -> Chain:
    """The chain of `draft`, of at most `room` pieces (None for any number).

    Pieces carry the draft's cost exactly: each its own tokens as generated, the last one also the end-of-text token and
    what dropped pieces had cost; computed beyond the tokens (the prompt) stands with the first. An empty draft is one
    empty piece. Raises EngineError where the draft contradicts itself.
    """
    _check(draft)
    texts = split(splitter, draft.text)
    if len(texts) < 2:
        tokens = _tokens(draft, 0, len(draft.trace.ids))
        return Chain([Piece(draft.text, draft.ended, draft.generated, draft.computed, *tokens)], False)
    spans = _spans(draft, texts)
    kept = spans if room is None else spans[:room]
    dropped = len(kept) < len(spans)
    generated = [after - before for _, (before, after) in kept]
    generated[-1] += draft.generated - sum(generated)
    computed = _computed(draft, [after - before for _, (before, after) in kept])
    last = len(kept) - 1
    ends_with = draft.ended and not dropped
    pieces = [
        Piece(text, ends_with and place == last, generated[place], computed[place], *_tokens(draft, *span))
        for place, (text, span) in enumerate(kept)
    ]
    return Chain(pieces, dropped)


def _check(draft: Draft) -> None:
    """Refuses a draft whose parts do not agree."""
    trace = draft.trace
    lengths, logprobs, entropies = trace.lengths, trace.logprobs, trace.entropies
    count = len(trace.ids)
    if not len(lengths) == len(logprobs) == len(entropies) == count:
        raise EngineError("A draft's token arrays are not of equal length.", retryable=False)
    if trace.alternatives is not None and len(trace.alternatives) != count:
        raise EngineError(f"A draft of {count} tokens has alternatives for {len(trace.alternatives)}.", retryable=False)
    if count and sum(lengths) != len(draft.text):
        raise EngineError(
            f"A draft's tokens cover {sum(lengths)} characters; its text has {len(draft.text)}.", retryable=False
        )
    if count and not 0 <= min(lengths) <= max(lengths) <= LONGEST_TOKEN:
        raise EngineError(f"Expected tokens of 0 to {LONGEST_TOKEN:,} characters each.", retryable=False)
    # A sum is finite only if all its parts are; where it is not, the parts may still be.
    if not math.isfinite(sum(logprobs) + sum(entropies)) and not _all_finite(trace):
        raise EngineError(
            "Expected finite log-probabilities and entropies; a draft has others. Try another dtype.", retryable=False
        )
    if draft.generated < count or draft.computed < 0:
        claim = f"{draft.generated} generated and {draft.computed} computed"
        raise EngineError(f"A draft of {count} tokens claims {claim}.", retryable=False)


def _all_finite(trace: TokenTrace) -> bool:
    """Whether every number of the trace is one; those of alternatives are looked at where they are stored."""
    return all(map(math.isfinite, trace.logprobs)) and all(map(math.isfinite, trace.entropies))


def _spans(draft: Draft, texts: list[str]) -> list[tuple[str, tuple[int, int]]]:
    """For each of `texts`, which the splitter cut, its text and its tokens, from (included) to (excluded).

    A cut that a token moved may leave white space alone behind it, which joins the piece before it as in the splitter.
    """
    if not draft.trace.ids:
        return [(text, (0, 0)) for text in texts]
    ends = list(accumulate(draft.trace.lengths))
    cuts: list[tuple[int, int]] = [(0, 0)]
    wanted = 0
    for text in texts[:-1]:
        wanted += len(text)
        place, token = cuts[-1]
        if wanted > place:
            after = bisect_left(ends, wanted, lo=token) + 1
            cuts.append((ends[after - 1], after))
    if len(cuts) > 1 and (cuts[-1][0] == len(draft.text) or draft.text[cuts[-1][0] :].isspace()):
        cuts.pop()
    cuts.append((len(draft.text), len(ends)))
    return [(draft.text[one:two], (before, after)) for (one, before), (two, after) in pairwise(cuts)]


def _computed(draft: Draft, tokens: list[int]) -> list[int]:
    """Shares of `draft.computed`: a piece's own tokens, the surplus with the first, a lack taken from the last ones."""
    surplus = draft.computed - sum(tokens)
    shares = list(tokens)
    if surplus >= 0:
        shares[0] += surplus
        return shares
    for place in range(len(shares) - 1, -1, -1):
        taken = min(shares[place], -surplus)
        shares[place] -= taken
        surplus += taken
    return shares


def _tokens(draft: Draft, before: int, after: int) -> tuple[TokenTrace | None, float | None, float | None]:
    """The trace of one piece, its summed log-probability and its mean entropy."""
    if before == after:
        return None, None, None
    own = trace = draft.trace
    if after - before < len(trace.ids):
        ids, lengths = trace.ids[before:after], trace.lengths[before:after]
        alternatives = None if trace.alternatives is None else trace.alternatives[before:after]
        own = TokenTrace(ids, lengths, trace.logprobs[before:after], trace.entropies[before:after], alternatives)
    return own, math.fsum(own.logprobs), math.fsum(own.entropies) / (after - before)
