"""What is sent to the addresses of queues when they are used rightly."""

from __future__ import annotations

from collections.abc import Mapping

from tests.attacks.sent import Sent

BRANCHES = {"name": "By a program", "unit": "branch"}
REFUSED = {"state": "refused", "reason": "Gone."}

QUEUES: Mapping[str, Sent] = {
    "labels_api:queues": Sent(
        lambda world: {"name": "By a program", "unit": "branch", "guideline": world.things["guideline"]},
        {"guideline": "guideline"},
        also=(
            lambda world: {
                **QUEUES["labels_api:queues"].body(world),
                "access": "assigned",
                "members": [world.things["person"]],
            },
            lambda world: {
                **QUEUES["labels_api:queues"].body(world),
                "unit": "step",
                "filter": {"problems": "set-own"},
            },
        ),
    ),
    "labels_api:queue_state": Sent(lambda world: {"state": "paused", "reason": "A rest."}),
    "labels_api:queue_members": Sent(lambda world: {**REFUSED, "user": world.things["person"]}),
    "labelling:new_queue": Sent(
        lambda world: {"name": "By a form", "unit": "branch", "guideline": world.things["guideline"]},
        {"guideline": "guideline", "problems": "problem_set", "experiments": "experiment"},
    ),
    "labelling:queue_state": Sent(lambda world: {"state": "paused", "reason": "A rest."}),
    "labelling:queue_members": Sent(lambda world: {**REFUSED, "user": world.things["person"]}),
    "labelling:queue_settings": Sent(
        lambda world: {"hourly_rate": "30", "currency": "EUR", "guideline": world.things["guideline"]},
        {"guideline": "guideline"},
    ),
    "labelling:queue_rate": Sent(lambda world: {"user": world.things["person"], "hourly_rate": ""}),
    "labelling:make_gold": Sent(
        lambda world: {"kind": "gold", "run": world.things["run"], "number": 1},
        {"run": "run", "turn": "assignment", "remove": "gold"},
        also=(
            lambda world: {"kind": "gold", "lines": f"{world.things['run']} 1 bad It is wrong."},
            lambda world: {"kind": "gold", "remove": world.things["gold"]},
            lambda world: {"kind": "gold", "lines": f"{world.foreign['run']} 1 bad It is theirs."},
        ),
    ),
}
