"""Python's garbage collector, kept still while many objects are made that live on.

It passes over all objects again and again as they become more, so that work for a large office would take more than its
share of time; what the work leaves behind is freed without it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def uncollected(work: Callable[P, T]) -> Callable[P, T]:
    """Do this work without the collector, which goes on afterwards."""

    @wraps(work)
    def still(*args: P.args, **kwargs: P.kwargs) -> T:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            if was_on:
                gc.enable()

    return still
