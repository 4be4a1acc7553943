"""Writes traces into the rows of one import: problems found or added, runs by COPY, labels under foreign names.

It opens no transaction, and refuses nothing: what is not a trace never comes here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from apps.accounts.services import foreign_labeller
from apps.imports.models import ImportBatch
from apps.imports.traces import ImportFormat, Trace, TraceProblem
from apps.labels.services import ImportedLabel, add_imported_labels
from apps.problems.models import ProblemSet
from apps.problems.rows import problem_digest
from apps.problems.selectors import ids_by_digest
from apps.problems.services import add_problems
from apps.runs.bulk import BulkWriter
from apps.runs.rows import storable

# Events of the traces that are written together: some megabytes, so that memory does not grow with the file.
CHUNK_EVENTS = 10_000


class TraceStore:
    """Adds traces to one batch and counts what it wrote; to be used inside the batch's transaction."""

    def __init__(self, batch: ImportBatch, file_format: ImportFormat, label: str) -> None:
        self._batch = batch
        self._slug = file_format.problem_set
        self._set_name = f"Imported: {label}"
        self._labellers: dict[str, int] = {}
        self.problem_set: ProblemSet | None = None
        self.problem_ids: dict[str, int] = {}
        self.run_count = self.step_count = self.label_count = 0

    def add_all(self, traces: Iterable[Trace]) -> None:
        """Store every trace with its problem and labels."""
        with BulkWriter(self._batch.experiment) as writer:
            for chunk in _chunks(traces):
                encoded = writer.encode([self._source(trace) for trace in chunk], [trace.events for trace in chunk])
                writer.wait()
                self._know_problems(trace.problem for trace in chunk)
                writer.send(encoded, [self.problem_ids[_digest(trace.problem)] for trace in chunk])
                self.run_count += len(chunk)
                if any(trace.labels for trace in chunk):
                    writer.wait()
                    # A list, because a labeller is looked up on the way, and the connection is busy once the COPY runs.
                    labels = list(self._labels(chunk, encoded.run_ids))
                    self.label_count += add_imported_labels(self._batch.team, labels)
        self.step_count = writer.step_count

    def _source(self, trace: Trace) -> str:
        return f"{self._batch.file_name[:150]}, line {trace.line}"

    def _know_problems(self, problems: Iterable[TraceProblem]) -> None:
        """Find the ids of problems not met in this file yet; those that no import met before are added to the set."""
        new = {_digest(problem): problem for problem in problems}
        new = {digest: problem for digest, problem in new.items() if digest not in self.problem_ids}
        if not new:
            return
        self.problem_set = add_problems(
            team=self._batch.team,
            slug=self._slug,
            name=self._set_name,
            description="Problems that came with imported traces of this format.",
            rows=[
                {"statement": one.statement, "answer": one.answer, "checker": one.checker, "source": one.source}
                for one in new.values()
            ],
        )
        self.problem_ids |= ids_by_digest(self.problem_set, list(new))

    def _labels(self, chunk: Sequence[Trace], run_ids: Sequence[int]) -> Iterator[ImportedLabel]:
        for trace, run_id in zip(chunk, run_ids, strict=True):
            for label in trace.labels:
                labeller, at = self._labeller(label.labeller), label.at
                besides = (None, label.extra, label.flagged, label.chosen)
                yield ImportedLabel(run_id, label.number, labeller, label.verdict, at, *besides)

    def _labeller(self, name: str) -> int:
        if name not in self._labellers:
            self._labellers[name] = foreign_labeller(self._batch.team, storable(name)).pk
        return self._labellers[name]


def _digest(problem: TraceProblem) -> str:
    return problem_digest(problem.statement, problem.answer, problem.checker)


def _chunks(traces: Iterable[Trace]) -> Iterator[list[Trace]]:
    chunk: list[Trace] = []
    gathered = 0
    for trace in traces:
        chunk.append(trace)
        gathered += len(trace.events)
        if gathered >= CHUNK_EVENTS:
            yield chunk
            chunk, gathered = [], 0
    if chunk:
        yield chunk
