"""Counts what goes into a snapshot while it is written; the page of a snapshot is made of these numbers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from apps.datasets.records import FrozenLabeller, FrozenProblem, FrozenRun, FrozenStep

SCORES_IN_VIEW = {True: "yes", False: "no", None: "unknown"}


class Sheet:
    """The counts of one snapshot; feed it every record once, a run before its steps."""

    def __init__(self) -> None:
        self.problem_count = 0
        self.run_count = 0
        self.step_count = 0
        self.label_count = 0
        self.verdicts: Counter[str] = Counter()
        self._kept = 0
        self._settled = 0
        self._disputed = 0
        self._scores_in_view: Counter[str] = Counter()
        self._labels: Counter[int] = Counter()
        self._labellers: dict[int, FrozenLabeller] = {}
        self._problem_sets: dict[int, str] = {}
        self._sources: dict[tuple[int, str], dict[str, Any]] = {}
        self._source: dict[str, Any] = {}

    def add_problem(self, problem: FrozenProblem) -> None:
        """Count a problem."""
        self.problem_count += 1
        self._problem_sets[problem.id] = problem.problem_set

    def add_labeller(self, labeller: FrozenLabeller) -> None:
        """Remember a labeller's name."""
        self._labellers[labeller.id] = labeller

    def add_run(self, run: FrozenRun) -> None:
        """Count a run; the steps that follow are its steps."""
        self.run_count += 1
        problem_set = self._problem_sets[run.problem]
        self._source = self._sources.setdefault(
            (run.experiment, problem_set),
            {
                "experiment": run.experiment,
                "name": run.experiment_name,
                "kind": run.kind,
                "strategy": run.strategy,
                "engine": run.engine,
                "scorer": run.scorer,
                "problem_set": problem_set,
                "runs": 0,
                "steps": 0,
            },
        )
        self._source["runs"] += 1

    def add_step(self, step: FrozenStep) -> None:
        """Count a step with its labels."""
        self._kept += 1
        self.label_count += len(step.labels)
        for label in step.labels:
            self._labels[label.labeller] += 1
            self._scores_in_view[SCORES_IN_VIEW[label.scores_in_view]] += 1
        if step.verdict is not None:
            self.step_count += 1
            self.verdicts[step.verdict] += 1
            self._source["steps"] += 1
            self._settled += step.adjudication is not None
        elif step.labels:
            self._disputed += 1

    def as_json(self) -> dict[str, Any]:
        """What the page says besides the counts: labellers by number of labels, sources by number of steps."""
        people = [
            {"name": self._labellers[id].name, "foreign": self._labellers[id].foreign, "labels": count}
            for id, count in self._labels.most_common()
        ]
        return {
            "kept_steps": self._kept,
            "settled": self._settled,
            "disputed": self._disputed,
            "scores_in_view": dict(self._scores_in_view),
            "labellers": people,
            "sources": sorted(self._sources.values(), key=lambda source: -source["steps"]),
        }
