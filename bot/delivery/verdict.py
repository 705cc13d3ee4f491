"""Whether Telegram would read a message's markup: asked of TDLib, where it is installed.

`tdjson` carries the function that the Bot API server itself calls. It is a test dependency of
some 50 MB, so an installation need not have it; then there is no verdict.
"""

import importlib
import json
from functools import lru_cache
from typing import Any


def markup_is_readable(html: str) -> bool | None:
    """True if Telegram takes the HTML, False if not, None without TDLib."""
    library = _tdlib()
    if library is None:
        return None
    request = {
        "@type": "parseTextEntities",
        "text": html,
        "parse_mode": {"@type": "textParseModeHTML"},
    }
    return bool(_ask(library, request)["@type"] != "error")


@lru_cache(maxsize=1)
def _tdlib() -> Any:
    try:
        library = importlib.import_module("tdjson")
    except ImportError:
        return None
    _ask(library, {"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})
    return library


def _ask(library: Any, request: dict[str, Any]) -> dict[str, Any]:
    answer = json.loads(library.td_execute(json.dumps(request).encode()))
    assert isinstance(answer, dict)
    return answer
