"""The cache of all processes, which also counts; it keeps nothing that could not be lost."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property


class CountingCache(RedisCache):
    """Django's cache in Redis or Valkey, over connections that the whole process shares.

    Django makes a cache for every request that an ASGI server answers, and with it connections of its own: a handshake
    a request, which took longer than what it was for.
    """

    _clients: ClassVar[dict[str, RedisCacheClient]] = {}
    _counters: ClassVar[dict[int, Any]] = {}

    # What Django's class keeps of its settings.
    _class: type[RedisCacheClient]
    _servers: list[str]
    _options: dict[str, Any]

    @cached_property
    def _cache(self) -> RedisCacheClient:
        # Of two threads that come first both use the client of one; the other's has not connected yet.
        client = self._class(self._servers, **self._options)
        return self._clients.setdefault(repr((self._servers, self._options)), client)

    @cached_property
    def _counter(self) -> Any:
        """Django makes a client for every call, which takes as long as the call."""
        own = self._cache
        return self._counters.setdefault(id(own), own.get_client(write=True))

    def count(self, key: str, keep_s: int) -> int:
        """Add one to a number, 0 where there is none, and return it; kept keep_s seconds from the first.

        One round trip, and another for the first of a number. Raises redis.exceptions.RedisError where the server
        cannot be reached.
        """
        made: str = self.make_and_validate_key(key)
        client = self._counter
        count = int(client.incr(made))
        if count == 1:
            client.expire(made, keep_s)
        return count
