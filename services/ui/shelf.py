"""Finished work that is expensive to make, kept for everybody under what it was made from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """At most ``size`` finished things, the least recently used thrown away first.

    Two who ask for the same thing at once get the same one, made once; things are made one at a time.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._making = Lock()
        self._order = Lock()

    def find(self, key: Hashable) -> T | None:
        with self._order:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def find_or_make(self, key: Hashable, make: Callable[[], T]) -> T:
        """What stands under the key, made when it is not there; nothing is kept when making it fails."""
        with self._making:
            found = self.find(key)
            if found is None:
                found = make()
                with self._order:
                    self._things[key] = found
                    while len(self._things) > self._size:
                        self._things.popitem(last=False)
            return found
