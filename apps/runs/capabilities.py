"""Whether a strategy, an engine and a scorer fit together and can read what they are given; it loads none of them.

The form, the launch and the forks all ask here, so that what is refused is refused everywhere in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from apps.common.errors import Refused
from workers.engines import ENGINES
from workers.scorers import SCORERS
from workers.search.protocols import MOST_ALTERNATIVES
from workers.search.registry import CAPABILITIES, Entry
from workers.search.strategies import STRATEGIES


def check_plug_ins(strategy: str, engine: str, scorer: str) -> None:
    """Raises UnknownKey for a key that nobody registered, and Refused, naming the field at fault, where the engine and
    the scorer do not give what the strategy needs. scorer: "" for none."""
    entry = STRATEGIES.get(strategy)
    chosen = _chosen(engine, scorer)
    check_scorer(strategy, scorer)
    given = frozenset[str]().union(*(other.gives for _, other in chosen))
    if missing := [CAPABILITIES[need] for need in sorted(entry.needs - given)]:
        names = " and ".join(f"{kind} {other.key!r}" for kind, other in chosen)
        sentence = f"Strategy {strategy!r} needs {'; '.join(missing)}: {names} cannot give it. Choose others."
        raise Refused(sentence, code="not_capable", fields={"engine": sentence})


def check_scorer(strategy: str, scorer: str) -> None:
    """Raises UnknownKey for the strategy, and Refused where it needs a scorer and there is none."""
    if STRATEGIES.get(strategy).needs_scorer and not scorer:
        sentence = f"Strategy {strategy!r} needs a scorer. Known: {', '.join(SCORERS.keys())}."
        raise Refused(sentence, code="no_scorer", fields={"scorer": sentence})


def check_alternatives(engine: str, alternatives: int) -> None:
    """Raises UnknownKey for the engine, and Refused for a number out of range or an engine that cannot tell any."""
    sentence = ""
    if not 0 <= alternatives <= MOST_ALTERNATIVES:
        sentence = f"Expected 0 to {MOST_ALTERNATIVES} alternatives; found {alternatives}."
    elif alternatives and "alternatives" not in ENGINES.get(engine).gives:
        able = ", ".join(entry.key for entry in ENGINES if "alternatives" in entry.gives)
        needed = CAPABILITIES["alternatives"]
        sentence = f"Engine {engine!r} cannot give {needed}. Ask for 0, or choose an engine that can: {able}."
    if sentence:
        raise Refused(sentence, code="bad_alternatives", fields={"alternatives": sentence})


def check_texts(engine: str, scorer: str, texts: Iterable[tuple[str, str]], *, otherwise: str) -> None:
    """Raises Refused where the engine or the scorer cannot read one of (what it is, its text), naming the first that
    it cannot and how many there are. otherwise: what one may do but choose another engine or scorer.

    What only a loaded model could tell is told when a run begins."""
    asked = [(kind, entry, entry.refusal) for kind, entry in _chosen(engine, scorer) if entry.refusal is not None]
    if not asked:
        return
    pairs = list(texts)
    for kind, entry, refusal in asked:
        unread = [(what, why) for what, text in pairs if (why := refusal(text)) is not None]
        if unread:
            what, why = unread[0]
            sentence = (
                f"{kind.capitalize()} {entry.key!r} cannot read {len(unread):,} of {len(pairs):,} texts. The first is"
                f" {what}: {why} Choose another {kind}, or {otherwise}."
            )
            raise Refused(sentence, code="cannot_read", fields={kind: sentence})


def _chosen(engine: str, scorer: str) -> list[tuple[str, Entry[Any]]]:
    chosen: list[tuple[str, Entry[Any]]] = [("engine", ENGINES.get(engine))]
    if scorer:
        chosen.append(("scorer", SCORERS.get(scorer)))
    return chosen
