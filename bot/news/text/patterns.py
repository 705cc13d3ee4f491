"""Patterns that are compiled when first asked for. Pure.

Compiling takes a hundred times as long as a search. All of them at once were a tenth of a start,
and most texts need few.
"""

import re
from collections.abc import Callable
from functools import lru_cache


def late(pattern: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """What gives the compiled pattern. Where every text needs it, `re.compile` it: this costs a
    call (40 ns) each time.
    """

    @lru_cache(maxsize=1)
    def compiled() -> re.Pattern[str]:
        return re.compile(pattern, flags)

    return compiled
