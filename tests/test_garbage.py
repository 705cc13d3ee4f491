"""How seldom the bot looks for garbage, and that it does. In a process of its own: it is Python's
own state.
"""

import subprocess
import sys

import pytest

_LOOKS = """
import gc
from bot.garbage import look_seldom

look_seldom()
looks = []
gc.callbacks.append(lambda phase, _: looks.append(phase))
for _ in range(20):  # bursts of what is held for a moment
    held = [[number] for number in range(9_000)]
    del held
print(looks)

class Node:
    pass

for _ in range(300_000):  # what only refers to itself
    node = Node()
    node.itself = node
print(sum(isinstance(each, Node) for each in gc.get_objects()))
"""


@pytest.mark.slow
def test_bursts_are_not_looked_through_and_garbage_does_not_pile_up() -> None:
    said = subprocess.run(
        [sys.executable, "-c", _LOOKS], capture_output=True, text=True, timeout=60, check=True
    )
    looks, left = said.stdout.splitlines()
    assert looks == "[]"
    assert int(left) <= 20_000
