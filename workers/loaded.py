"""The engines and scorers this process holds in memory, loaded when first asked for; it drops none and shares none.

Only the process that plays runs may call it: with Celery that is the pool's child. The parent forks, and a model or a
CUDA context that it held would be copied or broken in the child.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import workers.verifiers.checkers  # noqa: F401 (fills the list in which the runner looks for a checker)
from workers.engines import ENGINES
from workers.scorers import SCORERS
from workers.search.errors import SearchError
from workers.search.parameters import parameters_as_json, read_parameters
from workers.search.protocols import Engine, Scorer
from workers.search.registry import Catalogue

logger = logging.getLogger(__name__)
T = TypeVar("T")

_engines: dict[tuple[str, str], Engine] = {}
_scorers: dict[tuple[str, str], Scorer] = {}


class CannotLoad(SearchError):
    """An engine or scorer is known but could not be brought into memory; says why."""


def engine(key: str, given: Mapping[str, Any] | None = None) -> Engine:
    """The engine of this key and these parameters. Raises UnknownKey, BadParameter, CannotLoad."""
    return _loaded(ENGINES, _engines, key, given or {})


def scorer(key: str, given: Mapping[str, Any] | None = None) -> Scorer:
    """The scorer of this key and these parameters. Raises UnknownKey, BadParameter, CannotLoad."""
    return _loaded(SCORERS, _scorers, key, given or {})


def held() -> tuple[str, ...]:
    """Keys of what this process holds."""
    return tuple(key for key, _ in (*_engines, *_scorers))


def _loaded(
    catalogue: Catalogue[Callable[[Any], T]], held: dict[tuple[str, str], T], key: str, given: Mapping[str, Any]
) -> T:
    entry = catalogue.get(key)
    params = read_parameters(entry.params, given)
    name = (key, json.dumps(parameters_as_json(params), sort_keys=True))
    if name not in held:
        logger.info("Loading %s %s.", catalogue.kind, key)
        try:
            held[name] = entry.make(params)
        # What libraries raise for a missing package, a missing or broken file, a wrong shape and a full memory.
        except (ImportError, OSError, ValueError, RuntimeError, MemoryError) as error:
            logger.exception("%s %s could not be loaded.", catalogue.kind, key)
            raise CannotLoad(
                f"The {catalogue.kind} {key!r} could not be loaded: {error or type(error).__name__}"
            ) from error
    return held[name]
