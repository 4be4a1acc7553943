"""Writes a fork once: its experiment, its waiting run, and the rows it begins with; sent again with the same key it is
the same fork. It checks nothing of what is forked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction

from apps.common.errors import Refused
from apps.runs import dispatch
from apps.runs.launching import NAME_LENGTH, WHAT_IS_LAUNCHED, checked_key
from apps.runs.models import Experiment, Run, StepText
from apps.runs.news import tell_runs
from apps.runs.rows import storable

WHERE_IT_BEGINS = ("parent_run_id", "parent_step", "parent_seq")


def describe(run: Run, experiment: Experiment, fork: Run, name: str, key: str) -> None:
    """Say of a fork of `run`, not stored yet, whose it is, what it is called and by which key it is known again.

    Raises Refused for a name and a key that cannot be kept."""
    if name != storable(name):
        sentence = "Expected a name that can be stored; found U+0000 or half a surrogate pair in it."
        raise Refused(sentence, code="bad_name", fields={"name": sentence})
    if len(name.strip()) > NAME_LENGTH:
        sentence = f"Expected a name of at most {NAME_LENGTH} characters; found {len(name.strip()):,}."
        raise Refused(sentence, code="bad_name", fields={"name": sentence})
    experiment.team, experiment.kind, experiment.name = run.team, Experiment.Kind.FORK, name.strip()
    experiment.problem_set, experiment.launch_key = run.problem.problem_set, checked_key(key)
    fork.team, fork.experiment, fork.problem = run.team, experiment, run.problem
    fork.parent_run, fork.source = run, str(run.pk)


def store_once(fork: Run, fill: Callable[[Run], None], *, texts: Sequence[str], hint: bool) -> Run:
    """The fork, stored now or before with the same key. fill: writes the rows it begins with, in the transaction that
    writes the fork; texts: of the branch that it inherits, empty where it inherits a log.

    Raises Refused where something else was forked or launched with the key."""
    if (before := _forked_before(fork, texts)) is not None:
        return before
    try:
        with transaction.atomic():
            _store(fork, fill, hint)
    except IntegrityError:
        first = _forked_before(fork, texts)
        if first is None:
            raise
        return first
    fork.refresh_from_db()
    return fork


def _store(fork: Run, fill: Callable[[Run], None], hint: bool) -> None:
    experiment, parent = fork.experiment, fork.parent_run
    experiment.save()
    fork.experiment = experiment
    fork.save()
    if parent is not None:
        tell_runs(parent.experiment_id, [(parent.pk, parent.seq)])
    fill(fork)
    if hint:
        transaction.on_commit(dispatch.hint)


def _forked_before(fork: Run, texts: Sequence[str]) -> Run | None:
    """What was forked with the key before: whoever goes back, changes the form and sends it again means another."""
    wanted = fork.experiment
    if not wanted.launch_key:
        return None
    known = Run.objects.filter(experiment__team=wanted.team_id, experiment__launch_key=wanted.launch_key)
    before = known.select_related("experiment").order_by("pk").first()
    if before is None:
        return None
    changed = [name for name in WHAT_IS_LAUNCHED if getattr(before.experiment, name) != getattr(wanted, name)]
    changed += [name for name in WHERE_IT_BEGINS if getattr(before, name) != getattr(fork, name)]
    if texts and not StepText.objects.filter(run=before, number=len(texts), text=texts[-1]).exists():
        changed.append("text")
    if changed:
        raise Refused(
            f"Run {before.pk} was made with this key, and differs in {', '.join(changed)}. Fork again with another"
            " key.",
            code="key_taken",
            status=409,
        )
    return before
