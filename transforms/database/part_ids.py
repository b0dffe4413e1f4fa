"""The ids of the keys that each part of a report counts under.  Reports repeat their parts, so they are cached."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import ParamSpec

from vocabulary.keys import Key, Naming

P = ParamSpec("P")
_CACHED_CHARACTERS_MAX = 500  # in a proxy or a further key: longer ones would fill memory


class PartIds:
    """The ids of each part of a report, of which the last `cached_parts` of each kind are cached."""

    def __init__(self, naming: Naming, find_id: Callable[[Key], int], cached_parts: int) -> None:
        caches: list[Callable[[], None]] = []

        def cached(keys_of_part: Callable[P, Iterable[Key]]) -> Callable[P, tuple[int, ...]]:
            @lru_cache(cached_parts)
            def ids(*part: P.args, **_: P.kwargs) -> tuple[int, ...]:
                return tuple(map(find_id, keys_of_part(*part)))  # type: ignore[call-arg]  # nor has it others

            caches.append(ids.cache_clear)
            return ids  # type: ignore[return-value]  # a cached function takes the same arguments

        self.core = cached(naming.core)
        self.plugin = cached(naming.plugin)
        self._short_proxy = cached(naming.proxy)
        self.compute_resource = cached(naming.compute_resource)
        self.size = cached(naming.size)
        self._short_fact = cached(naming.fact)
        self.stands_for = naming.stands_for
        self.set_aside = cached(naming.set_aside)
        self._naming, self._find_id, self._caches = naming, find_id, caches

    def proxy(self, version: str | None, features: tuple[str, ...], core_series: str) -> tuple[int, ...]:
        if sum(map(len, features)) > _CACHED_CHARACTERS_MAX:
            return tuple(map(self._find_id, self._naming.proxy(version, features, core_series)))
        return self._short_proxy(version, features, core_series)

    def fact(self, key: str, value: str, type_: str) -> tuple[int, ...]:
        if len(value) > _CACHED_CHARACTERS_MAX:
            return tuple(map(self._find_id, self._naming.fact(key, value, type_)))
        return self._short_fact(key, value, type_)

    def forget(self) -> None:
        """Look everything up again from now on."""
        for clear in self._caches:
            clear()
