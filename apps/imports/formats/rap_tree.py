"""Reads Monte Carlo trees of RAP on Blocksworld (llm-reasoners, as JSON); a file that contradicts itself is refused.

What is credited to every node of a trace comes from the file, iteration by iteration (Hao et al., "Reasoning with
Language Model is Planning with World Model", 2023, algorithm 1), and must sum up to the visits and the Q of the file's
own snapshots. A step holds its action and the state that the world model wrote for it, where the file has one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isclose
from typing import Any, BinaryIO, Literal

from apps.common.incoming import Rejected
from apps.common.json_stream import json_records
from apps.common.shape import Misshapen, a_record, describe, list_of, number, numbers, record, text, whole_number
from apps.imports.event_log import EventLog
from apps.imports.registry import import_format
from apps.imports.traces import Trace, TraceProblem
from workers.search.events import Maker
from workers.search.step import Answer

KEY = "rap_tree"
VERSION = 1
CHECKER = "goal-in-file"
ACTIONS = Maker("engine", "rap-actions")
SAME = 1e-9
FOLLOWED = ("tree", "trace_in_each_iter_node_ids", "tree_after_each_iter")
# Fields of a node that stand elsewhere than in the note.
TOLD = ("id", "parent_id", "depth", "action", "is_terminal", "cum_rewards", "visits", "children")


@import_format(
    KEY,
    label="RAP trees, Blocksworld",
    summary="Monte Carlo tree search with every visit and what it brought, from llm-reasoners.",
    version=VERSION,
)
class RapTree:
    """One run a tree; the file has no times, so its events stand at 0."""

    expects = "JSON objects with “tree”, “trace_in_each_iter_node_ids” and “tree_after_each_iter”"
    problem_set = "imported-rap-tree"

    def claims(self, first_bytes: bytes, name: str) -> bool:
        """A file that begins with an object and names the traces of a tree search; the snapshots stand far behind."""
        opening = first_bytes.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        return opening == b"{" and b'"trace_in_each_iter_node_ids"' in first_bytes and b'"tree"' in first_bytes

    def read(self, stream: BinaryIO) -> Iterator[Trace | Rejected]:
        """One trace an object, be it the whole file or a line."""
        for found in json_records(stream):
            if isinstance(found, Rejected):
                yield found
                continue
            line, value = found
            try:
                yield _Search(a_record(value, "")).trace(line)
            except Misshapen as wrong:
                yield Rejected(line, wrong.field, wrong.expected, wrong.found)


@dataclass(frozen=True, slots=True)
class _Node:
    """path: where it stands in the file, with the dot; credits: what each of its visits credited it with; logprob:
    summed log-probability of its action, nats; goal: whether its state is the goal, None where the file does not say;
    parts: names of what its reward is made of.
    """

    path: str
    key: int
    parent: int | None
    action: str
    terminal: bool
    fast_reward: float
    reward: float
    logprob: float | None
    goal: bool | None
    state: str | None
    credits: Sequence[float]
    parts: tuple[str, ...]
    besides: Mapping[str, Any]


def _nodes(tree: dict[str, Any]) -> dict[int, _Node]:
    """Every node by its id, a parent before its children. Raises Misshapen."""
    found: dict[int, _Node] = {}
    waiting: list[tuple[Any, str, int | None, int]] = [(tree, "tree", None, 0)]
    while waiting:
        value, path, parent, depth = waiting.pop()
        node = _node(a_record(value, path), f"{path}.", parent, depth)
        if node.key in found:
            raise Misshapen(f"{path}.id", "an id of its own", f"{node.key}, as of another node")
        found[node.key] = node
        children = enumerate(list_of(value, "children", node.path))
        waiting += [(child, f"{path}.children[{index}]", node.key, depth + 1) for index, child in children][::-1]
    return found


def _node(value: dict[str, Any], path: str, parent: int | None, depth: int) -> _Node:
    expected = {"parent_id": parent, "depth": depth, "visits": len(numbers(value, "cum_rewards", path))}
    for name, known in expected.items():
        if value.get(name) != known:
            raise Misshapen(path + name, f"{describe(known)}, as the tree has it", describe(value.get(name)))
    if not isinstance(value.get("is_terminal"), bool):
        raise Misshapen(f"{path}is_terminal", "true or false", describe(value.get("is_terminal")))
    details = {**_details(value, "fast_reward_details", path), **_details(value, "reward_details", path)}
    goal = details.get("goal_reached")
    if goal is not None and not (isinstance(goal, list) and goal and isinstance(goal[0], bool)):
        raise Misshapen(f"{path}reward_details.goal_reached", "a list that begins with true or false", describe(goal))
    return _Node(
        path=path,
        key=whole_number(value, "id", path),
        parent=parent,
        action="" if parent is None else text(value, "action", path),
        terminal=value["is_terminal"],
        fast_reward=number(value, "fast_reward", path),
        reward=number(value, "reward", path),
        logprob=None if "intuition" not in details else number(details, "intuition", f"{path}fast_reward_details."),
        goal=None if goal is None else goal[0],
        state=None
        if value.get("state") is None
        else text(record(value, "state", path), "blocks_state", f"{path}state."),
        credits=value["cum_rewards"],
        parts=tuple(details),
        besides={name: part for name, part in value.items() if name not in TOLD},
    )


def _details(value: Mapping[str, Any], name: str, path: str) -> dict[str, Any]:
    return {} if value.get(name) is None else record(value, name, path)


def _snapshot(value: Any, path: str) -> dict[int, dict[str, Any]]:
    """The nodes of a snapshot by id, each with its own path as "path"."""
    if not isinstance(value, list):
        raise Misshapen(path, "a list", describe(value))
    rows = [(f"{path}[{index}].", a_record(row, f"{path}[{index}]")) for index, row in enumerate(value)]
    return {whole_number(row, "id", inside): {**row, "path": inside} for inside, row in rows}


class _GoalInFile:
    """Stands for the answer checker: the file says of each state whether it is the goal, and no text does."""

    key, version = CHECKER, VERSION

    def classify(self, question: str, reference: str, texts: Sequence[str]) -> list[Answer | None]:
        return [None for _ in texts]


class _Search:
    """One tree while it is being read into events."""

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value
        self._nodes = _nodes(record(value, "tree"))
        self._root = next(iter(self._nodes.values()))
        self._traces = list_of(value, "trace_in_each_iter_node_ids")
        self._snapshots = list_of(value, "tree_after_each_iter")
        if not self._traces:
            raise Misshapen("trace_in_each_iter_node_ids", "at least one iteration", describe(self._traces))
        if len(self._snapshots) != len(self._traces):
            expected = f"one list an iteration, {len(self._traces)}"
            raise Misshapen("tree_after_each_iter", expected, describe(self._snapshots))
        parts = {part for node in self._nodes.values() for part in node.parts}
        self._rewards = Maker(
            "scorer", "rap-reward", "", "", json.dumps({"parts": sorted(parts)}, separators=(",", ":"))
        )
        self._log = EventLog(KEY, VERSION, 0.0, _GoalInFile(), (ACTIONS, self._rewards))
        self._number: dict[int, int] = {self._root.key: 0}
        self._visits: dict[int, int] = dict.fromkeys(self._nodes, 0)
        self._answered: set[int] = set()

    def trace(self, line: int) -> Trace:
        """The whole search. Raises Misshapen."""
        if self._root.state is None:
            raise Misshapen("tree.state", "the state at the start", "null")
        for index, (trace, snapshot) in enumerate(zip(self._traces, self._snapshots, strict=True)):
            self._iterate(trace, snapshot, f"trace_in_each_iter_node_ids[{index}]", f"tree_after_each_iter[{index}]")
        for node in self._nodes.values():
            found = f"{self._visits[node.key]} visits" if node.key in self._number else "no such node"
            if found != f"{len(node.credits)} visits":
                expected = f"node {node.key} as in the tree, with {len(node.credits)} visits"
                raise Misshapen(f"tree_after_each_iter[{len(self._traces) - 1}]", expected, found)
        outcome = self._choose()
        self._note()
        statement = f"Blocksworld. The goal is not in the file.\n\nAt the start {self._root.state}"
        return Trace(line, TraceProblem(statement, "", "", "llm-reasoners, RAP"), self._log.finish(outcome))

    def _iterate(self, trace: Any, snapshot: Any, path: str, after: str) -> None:
        """One iteration: steps are born below the nodes of its trace in their order, then the visit is told."""
        held = _snapshot(snapshot, after)
        new = [key for key in sorted(held) if key not in self._number]
        branch = self._branch(trace, path)
        for node in branch:
            if node.key not in self._number:
                raise Misshapen(path, f"nodes that {after} has", f"node {node.key}, which is not there")
            if not self._visits[node.key]:
                self._reach(node)
            for key in new:
                if key in self._nodes and self._nodes[key].parent == node.key:
                    self._bear(node, self._nodes[key])
        for key in new:
            if key not in self._number:
                raise Misshapen(after, "new nodes below those of the iteration's trace", f"node {key}")
        credited = []
        for node in branch:
            done = self._visits[node.key]
            if done == len(node.credits):
                raise Misshapen(f"{node.path}cum_rewards", "one number a visit", f"{done} for more visits")
            credited.append(float(node.credits[done]))
            self._visits[node.key] = done + 1
        self._log.visit(self._number[branch[-1].key], credited[0], credited)
        self._compare(held, after)

    def _branch(self, trace: Any, path: str) -> list[_Node]:
        """The nodes of a trace, each below the one before, the root first."""
        keys = trace if isinstance(trace, list) else []
        parents = [None, *keys]
        for index, key in enumerate(keys):
            node = self._nodes.get(key) if type(key) is int else None
            if node is None or node.parent != parents[index]:
                expected = "the root's id" if index == 0 else f"the id of a child of node {parents[index]}"
                raise Misshapen(f"{path}[{index}]", expected, describe(key))
        if not keys:
            raise Misshapen(path, "a list of node ids", describe(trace))
        return [self._nodes[key] for key in keys]

    def _bear(self, parent: _Node, node: _Node) -> None:
        said = f"{node.action}\n" if node.state is None else f"{node.action}\nState: {node.state}\n"
        born = self._log.step(self._number[parent.key], said, "imported", ACTIONS, node.terminal, node.logprob)
        self._number[node.key] = born
        self._log.score(born, self._rewards, node.fast_reward)

    def _reach(self, node: _Node) -> None:
        """A node's first visit: its state is written, so its reward is known, and whether it is the goal."""
        reached = self._number[node.key]
        if reached and node.reward != node.fast_reward:
            self._log.score(reached, self._rewards, node.reward)
        if reached and node.terminal:
            plan = []
            above: _Node | None = node
            while above is not None and above.parent is not None:
                plan.append(above.action)
                above = self._nodes[above.parent]
            said = "\n".join(reversed(plan))
            self._log.answer(reached, Answer(said, said, node.goal, CHECKER, VERSION))
            self._answered.add(reached)

    def _compare(self, held: Mapping[int, dict[str, Any]], after: str) -> None:
        """What was told so far must sum up to what the file's own snapshot says. Raises Misshapen."""
        for key in self._number:
            if key not in held:
                raise Misshapen(after, f"node {key}, which was there before", "none of this id")
            row, node, visits = held[key], self._nodes[key], self._visits[key]
            if row.get("visits") != visits:
                raise Misshapen(f"{row['path']}visits", f"{visits}, as in the traces", describe(row.get("visits")))
            mean = fsum(node.credits[:visits]) / visits if visits else None
            found = row.get("Q")
            if mean is None or found is None:
                same = mean is found
            else:
                same = isclose(number(row, "Q", row["path"]), mean, rel_tol=SAME)
            if not same:
                raise Misshapen(f"{row['path']}Q", f"{describe(mean)}, the mean of cum_rewards", describe(found))

    def _choose(self) -> Literal["answered", "no-answer"]:
        best = self._value.get("best_trace_node_ids")
        end = self._root if best is None else self._branch(best, "best_trace_node_ids")[-1]
        if end is self._root:
            return "no-answer"
        reward, visits, iterations = number(self._value, "cum_reward"), self._visits[end.key], len(self._traces)
        taken = self._number[end.key]
        best_of = f"The end of the best trace: cumulative reward {reward:.6g}"
        self._log.choose(taken, f"{best_of}, visited in {visits} of {iterations} iterations.")
        return "answered" if taken in self._answered else "no-answer"

    def _note(self) -> None:
        """What no other event holds, so that nothing of the file is lost but what follows from its traces."""
        besides = {name: part for name, part in self._value.items() if name not in FOLLOWED}
        by_number = sorted((number, key) for key, number in self._number.items())
        nodes = [{"number": number, "id": key, **self._nodes[key].besides} for number, key in by_number]
        self._log.note("What the file says besides.", {**besides, "nodes": nodes})
