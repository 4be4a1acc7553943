"""What is sent to an address when it is used rightly; everything hostile is made from that by changing one thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.attacks.queue_bodies import QUEUES
from tests.attacks.routes import Route
from tests.attacks.sent import Sent
from tests.attacks.world import MISSING, SENT_BEFORE, World, file_of


def label_again(world: World) -> dict[str, Any]:
    """A label that was given before, delivered once more."""
    return {"verdict": "good", "client_uuid": str(SENT_BEFORE), "scores_in_view": False, "reason": "own"}


def nothing(world: World) -> dict[str, Any]:
    """The body of an address that reads none."""
    return {}


# Where one word means another thing than elsewhere: (address by name, its argument) → the world's word.
RENAMED: Mapping[tuple[str, str], str] = {
    ("trees:beside", "other"): "run",
    ("datasets:snapshot", "number"): "snapshot",
    ("discussions:about", "kind"): "discussed_kind",
    ("discussions:about", "key"): "discussed",
    # Read of a step, written of a run: both kinds are asked for things of the other team.
    ("discussions_api:threads", "kind"): "written_kind",
    ("discussions_api:threads", "key"): "run",
    ("datasets:export", "number"): "snapshot",
    ("datasets:export_file", "number"): "snapshot",
    ("labelling:guideline_version", "number"): "version",
    ("labelling:read_guideline", "number"): "version",
    ("labelling:record", "run"): "record",
    # Whoever has an open turn at a run, as the owner has at theirs, settles nothing in it.
    ("labelling:settle", "run"): "record",
    ("trees_api:run_event", "seq"): "event",
    ("trees_api:run_overlay", "key"): "overlay",
}

# Every address that takes a body, by its name. An address that is missing here fails its tests and says so.
SENT: Mapping[str, Sent] = {
    "accounts:sign_out": Sent(nothing),
    "runs:new": Sent(
        lambda world: {"strategy": "chain_of_thought", "engine": "scripted", "problems": world.things["problem_set"]},
        {"problems": "problem_set"},
    ),
    "runs_api:experiments": Sent(
        lambda world: {"strategy": "chain_of_thought", "engine": "scripted", "problems": world.things["problem_set"]},
        {"problems": "problem_set"},
        # With a key that the other team has launched by; two keys are the same in one team only.
        also=(lambda world: {**SENT["runs_api:experiments"].body(world), "key": "once"},),
    ),
    "runs:pause": Sent(nothing),
    "runs:resume": Sent(nothing),
    "runs:cancel": Sent(nothing),
    "runs_api:pause": Sent(nothing),
    "runs_api:resume": Sent(nothing),
    "runs_api:cancel": Sent(nothing),
    "runs:fork": Sent(
        lambda world: {"kind": "branch", "strategy": "best_of_n", "engine": "scripted", "scorer": "scripted"},
        also=(
            lambda world: {**SENT["runs:fork"].body(world), "step": "1", "text": "another"},
            # With a key that the other team has launched by, as above.
            lambda world: {**SENT["runs:fork"].body(world), "key": "once"},
        ),
    ),
    "runs_api:forks": Sent(
        lambda world: {"step": 1, "engine": "scripted", "scorer": "scripted", "strategy": "best_of_n"}
    ),
    "labels_api:step_labels": Sent(
        lambda world: {"verdict": "good", "client_uuid": str(UUID(int=8)), "scores_in_view": False},
        also=(
            lambda world: {
                **SENT["labels_api:step_labels"].body(world),
                "client_uuid": str(SENT_BEFORE),
                "reason": "own",
            },
        ),
    ),
    "labels_api:next_turn": Sent(
        lambda world: {"besides": [world.things["assignment"]]}, {"besides": "assignment"}, also=(nothing,)
    ),
    "labels_api:turn_labels": Sent(lambda world: {"number": 1, "verdict": "good", "client_uuid": str(UUID(int=10))}),
    "labels_api:turn_state": Sent(
        lambda world: {"state": "skipped", "reason": "Not mine.", "client_uuid": str(UUID(int=11))}
    ),
    "labels_api:turn_lease": Sent(nothing),
    "labels_api:turn_own_steps": Sent(
        lambda world: {"parent": 1, "text": "Rather so.", "client_uuid": str(UUID(int=12))}
    ),
    "labels_api:turn_critique": Sent(lambda world: {"verdict": "good", "client_uuid": str(UUID(int=13))}),
    **QUEUES,
    "labels_api:adjudications": Sent(lambda world: {"verdict": "bad", "reason": "It skips a case.", "expected": 0}),
    "labelling:settle": Sent(
        lambda world: {"verdict": "bad", "rule": "decision", "reason": "A case.", "expected": "0"}
    ),
    "labelling:settle_by_rule": Sent(
        lambda world: {"rule": "majority", "least": "1", "of": "1", "reason": "As agreed.", "expected": "0"},
    ),
    "labelling:new_guideline": Sent(lambda world: {"name": "Another", "text": "Judge *well*.", "must_read": "on"}),
    "labelling:new_version": Sent(
        lambda world: {"text": "Judge *better*.", "summary": "A word", "since": str(world.things["version"])}
    ),
    "labelling:preview_guideline": Sent(lambda world: {"text": "What it would look like: $x^2$."}),
    "labelling:read_guideline": Sent(lambda world: {"queue": world.things["queue"]}, {"queue": "queue"}),
    "labels_api:labels": Sent(
        lambda world: {"run": world.things["run"], "number": 1, "verdict": "good", "client_uuid": str(UUID(int=18))},
        {"run": "run"},
        # By a foreign name of the other team, and one that was given there before.
        also=(
            lambda world: {**SENT["labels_api:labels"].body(world), "labeller": world.foreign["word"]},
            lambda world: {**SENT["labels_api:labels"].body(world), "client_uuid": str(SENT_BEFORE), "number": 2},
        ),
    ),
    "labels_api:withdraw": Sent(
        lambda world: {
            "labeller": world.things["labeller"],
            "runs": [world.things["run"]],
            "reason": "A wrong file",
            "client_uuid": str(UUID(int=19)),
        },
        {"labeller": "labeller"},
        also=(
            lambda world: {"client_uuids": [str(SENT_BEFORE)], "reason": "x", "client_uuid": str(UUID(int=19))},
            lambda world: {**SENT["labels_api:withdraw"].body(world), "runs": [world.foreign["run"]]},
        ),
    ),
    "labels_api:prelabels": Sent(
        lambda world: {
            "run": world.things["run"],
            "number": 1,
            "verdict": "good",
            "maker": {"kind": "judge", "key": "elsewhere"},
        },
        {"run": "run"},
    ),
    "discussions:preview": Sent(lambda world: {"text": "What it would look like, @owner"}),
    "discussions:seen": Sent(nothing),
    "discussions_api:threads": Sent(
        lambda world: {"text": "About this, @owner and @viewer", "client_uuid": str(UUID(int=9))}
    ),
    "discussions_api:replies": Sent(lambda world: {"text": "As it is, @viewer", "client_uuid": str(UUID(int=9))}),
    "discussions_api:edit": Sent(lambda world: {"text": "Put otherwise, @viewer"}),
    "discussions_api:delete": Sent(nothing),
    "discussions_api:seen": Sent(nothing),
    "discussions_api:resolve": Sent(lambda world: {"resolved": True}),
    "imports:imports": Sent(
        lambda world: {
            "uploads": SimpleUploadedFile("traces.jsonl", file_of(world.foreign["word"])),
            "format": "prm800k",
            "keep": "good",
        }
    ),
    # Too long a name: a snapshot is frozen in a transaction of its own, which cannot begin inside that of a test.
    "datasets:freeze": Sent(lambda world: {"name": "x" * 300}),
    "datasets:export": Sent(lambda world: {"format": "stepwise"}),
    "problems:import": Sent(
        lambda world: {
            "upload": SimpleUploadedFile("problems.csv", b"statement,answer\nWhat is it?,that\n"),
            "problem_set": world.things["problem_set"],
            "keep": "good",
        },
        ids={"problem_set": "problem_set"},
    ),
    "problems:describe": Sent(lambda world: {"name": "Another name", "description": "What it is."}),
    "problems:delete": Sent(nothing),
    "people:role": Sent(lambda world: {"role": "reviewer"}),
    "people:remove": Sent(nothing),
    "people:invitations": Sent(lambda world: {"email": world.foreign["address_of_a_member"], "role": "viewer"}),
    "people:invite_again": Sent(nothing),
    "people:withdraw": Sent(nothing),
    "people:tokens": Sent(lambda world: {"name": "a program", "scopes": ["look"], "days": 7}),
    "people:withdraw_token": Sent(nothing),
}


# Names in a query that hold an id: address → name → the world's word for the thing.
ASKED: Mapping[str, Mapping[str, str]] = {
    "runs:new": {"from": "experiment", "problems": "problem_set"},
    "problems:import": {"set": "problem_set"},
    "problems:sets": {"q": "word"},
    "search:search": {"q": "word"},
    "runs:experiments": {"text": "word"},
    "runs_api:experiments": {"text": "word"},
    "people:people": {"q": "word"},
    "discussions_api:people": {"text": "word"},
    "discussions:about": {"comment": "comment"},
    "labels_api:labels": {"queue": "queue", "run": "run", "labeller": "labeller"},
    "labelling:settling": {"queue": "queue", "experiment": "experiment"},
    "labelling:settled": {"queue": "queue", "experiment": "experiment"},
    "labelling:settle": {"queue": "queue", "experiment": "experiment"},
    "labelling:guideline_words": {"queue": "queue"},
    "labelling:new_queue": {"experiments": "experiment", "problems": "problem_set", "guideline": "guideline"},
    "labelling:quality": {"queue": "queue"},
    "labelling:cost": {"queue": "queue"},
    "labelling:record": {"labeller": "labeller"},
}

# Addresses that answer as if they refused, and why that is how they work: name → status → reason.
_NO_PASSWORD = "who has no password has nothing to confirm themself by"
_NO_FACTOR = "who has no second factor has none to switch off and no codes"
_AUTHOR = "the comment was written by the owner, and only who wrote one, or may settle, changes it"
_OWN_TURN = "a turn is its labeller's alone, here the owner's"
USUAL: Mapping[str, Mapping[int, str]] = {
    "labelling:assignment": {404: _OWN_TURN},
    "labelling:labeller": {
        403: "a person's labels are for themself and for who assigns, and the world's are the owner's"
    },
    "labels_api:withdraw": {403: "others' labels are taken back by who may settle, and these are the owner's"},
    "labels_api:turn": {404: _OWN_TURN},
    "labels_api:turn_labels": {404: _OWN_TURN},
    "labels_api:turn_state": {404: _OWN_TURN},
    "labels_api:turn_lease": {404: _OWN_TURN},
    "labels_api:turn_own_steps": {404: _OWN_TURN},
    "labels_api:turn_alternatives": {404: _OWN_TURN},
    "labels_api:turn_critiques": {404: _OWN_TURN},
    "labels_api:turn_critique": {404: _OWN_TURN},
    "discussions_api:edit": {403: _AUTHOR},
    "discussions_api:delete": {403: _AUTHOR},
    "accounts:home": {403: "who belongs to no team is told so"},
    "account_reauthenticate": {403: _NO_PASSWORD},
    "mfa_reauthenticate": {403: _NO_PASSWORD},
    "mfa_deactivate_totp": {404: _NO_FACTOR},
    "mfa_view_recovery_codes": {404: _NO_FACTOR},
    "mfa_generate_recovery_codes": {404: _NO_FACTOR, 403: _NO_FACTOR},
}


def word_for(route: Route, argument: str) -> str:
    """The world's word for what an argument of the address names."""
    return RENAMED.get((route.name, argument), argument)


def values(
    route: Route, world: World, *, foreign: frozenset[str] = frozenset(), missing: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The arguments of the address: our team's things, but for those that are to be foreign or missing.

    Raises KeyError, which says what to do, for an argument that the world has no example of.
    """
    found: dict[str, Any] = {}
    for argument, kind in route.arguments.items():
        word = word_for(route, argument)
        if argument in missing:
            found[argument] = MISSING[kind]
        elif word not in world.things:
            raise KeyError(
                f"{route.pattern}: no example of {argument!r}. Put one into tests/attacks/world.py "
                "(one_of_everything), or its word into RENAMED of tests/attacks/examples.py."
            )
        else:
            found[argument] = (world.foreign if argument in foreign else world.things)[word]
    return found
