"""Forks: a new run that goes on from the middle of another; nothing of the other one changes, and nothing is played.

Two kinds. A continuation holds another run's events up to the end of a move, and the same strategy goes on from there
with another seed or engine. A branch holds the steps down to one step, and any strategy goes on from that one. Either
stands on rows of its own, so that its parent can be deleted.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from apps.accounts.models import User
from apps.common.errors import Refused
from apps.runs.capabilities import check_texts
from apps.runs.fork_rows import append, branch_steps, copy_log, whole_moves_until
from apps.runs.fork_storing import describe, store_once
from apps.runs.launching import check_experiment, limits_of, run_seed
from apps.runs.models import Experiment, Run
from apps.runs.rows import storable
from apps.runs.states import RunStatus
from workers.engines import ENGINES
from workers.search.events import Maker, RunContinued
from workers.search.inherited import Inherited, InheritedStep
from workers.search.parameters import parameters_as_json, read_parameters
from workers.search.strategies import STRATEGIES

TEXT_LIMIT = 100_000
MAKER_KEY_LIMIT = 100


def branch_run(
    run: Run,
    number: int,
    *,
    text: str | None = None,
    strategy: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    engine: str | None = None,
    scorer: str | None = None,
    budget: Mapping[str, Any] | None = None,
    alternatives: int | None = None,
    seed: int = 0,
    created_by: User | None = None,
    name: str = "",
    key: str = "",
    hint: bool = True,
) -> Run:
    """A waiting run that begins with the branch down to step `number` of `run`, 0 being the question.

    text: stands in the place of the step's own, character for character. What is not given is as the run was played:
    its strategy with the parameters that are given changed, engine, scorer ("" for none), budget and alternatives;
    another strategy begins with its own defaults. key: the same branch with the same key is one fork, however often it
    is called. On commit the workers are told, unless `hint` is False because the caller plays it.

    Raises UnknownKey and BadParameter of the core, and Refused: no such step, a step whose text has ended and is not
    replaced, a strategy or engine that must be named because the run was imported, a missing scorer, a bad text or
    seed, a key that something else was forked with."""
    inherited = _inherited(run, number, text, created_by)
    experiment = _branching(run, strategy, parameters or {}, engine, scorer, budget, alternatives, seed)
    experiment.created_by = created_by
    _check_texts(run, experiment, inherited)
    fork = Run(parent_step=number, seed=run_seed(seed, run.problem))
    where = f"step {number}" if number else "its question"
    edited = ", edited" if any(step.origin == "edited" for step in inherited.steps) else ""
    describe(run, experiment, fork, name or f"Run {run.pk} from {where}{edited}", key)
    events = inherited.as_events(seq=1, at=_now())
    texts = [step.text for step in inherited.steps]
    return store_once(fork, lambda stored: append(stored.pk, events, after=0), texts=texts, hint=hint)


def continue_run(
    run: Run,
    seq: int,
    *,
    seed: int | None = None,
    engine: str | None = None,
    created_by: User | None = None,
    name: str = "",
    key: str = "",
    hint: bool = True,
) -> Run:
    """A waiting run that holds what happened in `run` up to the last whole move at or before `seq`, and goes on from
    there by the same strategy, scorer and budget, with another seed or engine; what is not given stays as it was. key:
    as of a branch.

    Raises UnknownKey, and Refused: an imported run, a strategy that has changed since, a seq that the run has not come
    to, nothing that would come out differently, a bad seed, a key that something else was forked with."""
    experiment = _continuing(run, engine, seed)
    experiment.created_by = created_by
    _check_texts(run, experiment, Inherited(()))
    fork = Run(seed=run.seed if seed is None else run_seed(seed, run.problem))
    fork.parent_seq = _whole_move(run, seq)
    if run.status == RunStatus.FINISHED and (fork.seed, experiment.engine) == (run.seed, run.experiment.engine):
        raise Refused(
            f"Run {run.pk} has finished: with the same seed and engine it would come out as it is. Give another one.",
            code="nothing_new",
        )
    describe(run, experiment, fork, name or f"Run {run.pk} continued from event {fork.parent_seq}", key)

    def fill(stored: Run, seq: int = fork.parent_seq) -> None:
        copy_log(run.pk, stored.pk, seq)
        append(stored.pk, [_continued(stored, seq)], after=seq)

    return store_once(fork, fill, texts=(), hint=hint)


def check_continuation(run: Run, seq: int | None = None) -> None:
    """Raises Refused where the run cannot be continued at all, or, with a seq, not from there."""
    _continuing(run, None, None)
    if seq is not None:
        _whole_move(run, seq)


def _inherited(run: Run, number: int, text: str | None, by: User | None) -> Inherited:
    steps = branch_steps(run.pk, number) if number > 0 else []
    if number and not steps:
        known = f"1 to {run.step_count}" if run.step_count else "none"
        raise Refused(f"Run {run.pk} has no step {number}; its steps: {known}.", code="unknown_step", status=404)
    if text is not None:
        if not steps:
            raise Refused("The question cannot be edited; give the number of a step with the text.", code="bad_text")
        steps[-1] = _edited(steps[-1], text, by)
    if steps and steps[-1].terminal:
        raise Refused(
            f"The text of step {number} has ended, so nothing can follow it. Give another text for it, or take the step"
            " before it.",
            code="step_ended",
        )
    return Inherited(tuple(steps))


def _edited(step: InheritedStep, text: str, by: User | None) -> InheritedStep:
    """The step with another text; the very same text changes nothing."""
    if text != storable(text):
        raise Refused("Expected a text that can be stored; found the character U+0000 in it.", code="bad_text")
    if not text.strip() or len(text) > TEXT_LIMIT:
        found = f"{len(text):,} characters" if text.strip() else "an empty one"
        raise Refused(f"Expected a text of 1 to {TEXT_LIMIT:,} characters; found {found}.", code="bad_text")
    if text == step.text:
        return step
    who = "command line" if by is None else by.name or f"member {by.pk}"
    return InheritedStep(text, Maker("person", who[:MAKER_KEY_LIMIT]), origin="edited")


def _check_texts(run: Run, experiment: Experiment, inherited: Inherited) -> None:
    """Raises Refused where the engine or the scorer cannot read the question or a step of the branch."""
    steps = ((f"step {depth} of the branch", step.text) for depth, step in enumerate(inherited.steps, start=1))
    check_texts(
        experiment.engine,
        experiment.scorer,
        [("the question", run.problem.statement), *steps],
        otherwise="edit the step",
    )


def _was_played(experiment: Experiment) -> bool:
    return experiment.kind != Experiment.Kind.IMPORTED


def _played_by(run: Run, key: str, kind: str, known: tuple[str, ...]) -> str:
    """The key the run was played with. Raises Refused for an imported run, which has none."""
    if _was_played(run.experiment):
        return key
    raise Refused(
        f"Run {run.pk} was imported, so no {kind} of ours has played it: name one. Known: {', '.join(known)}.",
        code=f"no_{kind}",
    )


def _branching(
    run: Run,
    strategy: str | None,
    parameters: Mapping[str, Any],
    engine: str | None,
    scorer: str | None,
    budget: Mapping[str, Any] | None,
    alternatives: int | None,
    seed: int,
) -> Experiment:
    """The experiment of a branch: what is given, and for the rest what the run was played with."""
    parent = run.experiment
    entry = STRATEGIES.get(strategy or _played_by(run, parent.strategy, "strategy", STRATEGIES.keys()))
    before = parent.parameters if _was_played(parent) and entry.key == parent.strategy else {}
    experiment = Experiment(
        strategy=entry.key,
        strategy_version=entry.version,
        parameters=parameters_as_json(read_parameters(entry.params, {**before, **parameters})),
        engine=engine or _played_by(run, parent.engine, "engine", ENGINES.keys()),
        scorer=parent.scorer if scorer is None else scorer,
        budget=parent.budget if budget is None else limits_of(budget),
        alternatives=parent.alternatives if alternatives is None else alternatives,
        seed=seed,
    )
    check_experiment(experiment)
    return experiment


def _continuing(run: Run, engine: str | None, seed: int | None) -> Experiment:
    """The experiment of a continuation: the run's own, with another engine or seed if they are given."""
    parent = run.experiment
    if not _was_played(parent):
        raise Refused(
            f"Run {run.pk} was imported: what its strategy would have asked for next is not known, so it cannot be"
            " continued. Branch from one of its steps instead.",
            code="imported",
        )
    entry = STRATEGIES.get(parent.strategy)
    if entry.version != parent.strategy_version:
        raise Refused(
            f"Run {run.pk} was played by version {parent.strategy_version} of strategy {entry.key!r}, which is now at"
            f" version {entry.version} and would ask for something else. Branch from one of its steps instead.",
            code="strategy_changed",
        )
    experiment = Experiment(
        strategy=parent.strategy,
        strategy_version=parent.strategy_version,
        parameters=parent.parameters,
        engine=engine or parent.engine,
        scorer=parent.scorer,
        budget=parent.budget,
        alternatives=parent.alternatives,
        seed=parent.seed if seed is None else seed,
    )
    check_experiment(experiment)
    return experiment


def _whole_move(run: Run, seq: int) -> int:
    """The seq of the last event of the last whole move at or before `seq`."""
    if not 1 <= seq <= run.seq:
        reached = f"1 to {run.seq}" if run.seq else "none yet"
        raise Refused(f"Run {run.pk} has no event {seq}; its events: {reached}.", code="unknown_seq", status=404)
    last, first = whole_moves_until(run.pk, seq)
    if last is None:
        whole = "it has none" if first is None else f"its first one ends with event {first}"
        raise Refused(
            f"Run {run.pk} has no whole move of its strategy up to event {seq}: {whole}. Give a later event, or branch"
            " from a step.",
            code="no_whole_move",
        )
    return last


def _continued(fork: Run, seq: int) -> RunContinued:
    # Splitter and makers are the engine's to say, and it is not loaded here: "" stands for whatever it will be, and
    # every step and score to come names its own maker.
    return RunContinued(seq + 1, _now(), fork.seed, splitter="", makers=(), source=fork.source, source_seq=seq)


def _now() -> float:
    """Seconds since 1970, to the microsecond, which is what is stored."""
    return round(time.time(), 6)
