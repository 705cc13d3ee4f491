"""A program in the place of `bot.across.child`, without an encoder: what has the same first word is
the same news. A text can make it fail as a process may.
"""

import json
import re
import struct
import sys
import time
from typing import Any

SIZE = struct.Struct(">I")


def main() -> None:
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    known: dict[str, int] = {}
    sink.write(b"\x01")
    sink.flush()
    while size := source.read(SIZE.size):
        asked = json.loads(source.read(SIZE.unpack(size)[0]))
        answer = _answer(asked, known)
        sink.write(SIZE.pack(len(answer)) + answer)
        sink.flush()


def _answer(asked: dict[str, Any], known: dict[str, int]) -> bytes:
    words = re.findall(r"\w+", asked["text"])
    if "breaks" in words:
        sys.exit(1)
    if "hangs" in words:
        time.sleep(3600)
    if "babbles" in words:
        return b"[]"
    near = known.get(words[0]) if asked["since"] is not None else None
    known.setdefault(words[0], asked["id"])
    return json.dumps({"near": near}).encode()


if __name__ == "__main__":
    main()
