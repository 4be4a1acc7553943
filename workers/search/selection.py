"""Picks one terminal step among many and says why; it asks no scorer and reads no answer's text.

Candidates come in order of birth. Votes count answer classes: an answer that could not be parsed has no class and so no
vote. Ties go to the class, or the step, seen first, so that a pick never depends on the order of a dictionary of texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workers.search.step import Step

LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Picked:
    """The step picked and a sentence of why with its numbers."""

    step: Step
    why: str


def first(candidates: Sequence[Step]) -> Picked | None:
    """The first that ended; None where none did."""
    ended = _ended(candidates)
    if not ended:
        return None
    return Picked(ended[0], f"First of {len(ended)} finished branches, of {len(candidates)} drawn.")


def majority(candidates: Sequence[Step]) -> Picked | None:
    """The first step of the class with most votes (arXiv 2203.11171, section 2); None without votes."""
    return _vote(candidates, [1.0] * len(candidates), "votes")


def weighted_majority(candidates: Sequence[Step], weights: Sequence[float]) -> Picked | None:
    """The heaviest step of the class with most weight (arXiv 2408.03314, section 5.1); None without votes.

    Raises ValueError where there is not one weight a candidate.
    """
    return _vote(candidates, weights, "weight")


def decided(candidates: Sequence[Step], left: int) -> str:
    """Why the majority among `candidates` stands whatever the `left` branches to come will say; "" while it may fall.

    The leading class must be ahead by more than all votes to come, because a tie goes to the class seen first.
    """
    votes = Counter(key for step in candidates if (key := _class_of(step)) is not None)
    leaders = votes.most_common(2)
    if not leaders:
        return ""
    winner, most = leaders[0]
    second = leaders[1][1] if len(leaders) > 1 else 0
    if most <= second + left:
        return ""
    return f"Class {_shown(winner)} has {most} votes, the next {second}: the {left} to come cannot overtake it."


def best_score(candidates: Sequence[Step], scores: Sequence[float], said: str = "score") -> Picked | None:
    """The ended step of the highest score, an answer in it or not; None where none ended.

    Raises ValueError where there is not one score a candidate.
    """
    ranked = sorted(
        ((score, step) for step, score in zip(candidates, scores, strict=True) if _may_win(step)),
        key=lambda pair: -pair[0],
    )
    if not ranked:
        return None
    next_best = f"; the next has {ranked[1][0]:.4f}" if len(ranked) > 1 else ""
    why = f"Highest {said} of {len(ranked)} finished branches: {ranked[0][0]:.4f}{next_best}."
    return Picked(ranked[0][1], why)


def _class_of(step: Step) -> str | None:
    """What a step votes for; None where it has no vote."""
    return step.answer.class_key if _may_win(step) and step.answer is not None else None


def _may_win(step: Step) -> bool:
    return step.terminal and not step.pruned


def _ended(candidates: Sequence[Step]) -> list[Step]:
    return [step for step in candidates if _may_win(step)]


def _vote(candidates: Sequence[Step], weights: Sequence[float], unit: str) -> Picked | None:
    """The class with most weight, by its heaviest step. Dictionaries keep the order of first sight, and max takes the
    first of equals."""
    votes: dict[str, float] = {}
    heads: dict[str, tuple[float, Step]] = {}
    voters = 0
    for step, weight in zip(candidates, weights, strict=True):
        key = _class_of(step)
        if key is None:
            continue
        voters += 1
        votes[key] = votes.get(key, 0.0) + weight
        if key not in heads or weight > heads[key][0]:
            heads[key] = (weight, step)
    if not votes:
        return None
    winner = max(votes, key=lambda key: votes[key])
    others = sorted((votes[key] for key in votes if key != winner), reverse=True)
    runner_up = f"; the next class has {others[0]:g}" if others else ""
    share = f"{votes[winner]:g} of {sum(votes.values()):g} {unit}"
    why = (
        f"Class {_shown(winner)} has {share} in {len(votes)} classes{runner_up}; "
        f"{voters} of {len(candidates)} branches had a vote."
    )
    return Picked(heads[winner][1], why)


def _shown(key: str) -> str:
    """A class key short enough for a sentence: some checkers take a whole text for a class."""
    return repr(key if len(key) <= LONGEST_SHOWN else key[: LONGEST_SHOWN - 1] + "…")
