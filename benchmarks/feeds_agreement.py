"""How far our parser agrees with the reference over a folder of feed documents.

    python -m benchmarks.feeds_agreement [FOLDER]

FOLDER holds `docs/` and `expected.jsonl`. Titles are compared by letters and digits, addresses
after decoding, times to the second; every document weighs the same. Prints each disagreement.
"""

import json
import sys
import time
import unicodedata
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.errors import NotAFeed
from bot.feeds.parse import parse_document
from bot.news.story import ParsedEntry, ParsedFeed

DEFAULT = Path("../shared/data/feeds/dev")
SLOW_SECONDS = 5.0
FIELDS = ("ok", "kind", "title", "entries", "id", "link", "entry title", "published")


def main(folder: Path) -> int:
    """Compares and prints; 0 also where the data is absent, which it says."""
    expected = folder / "expected.jsonl"
    if not expected.is_file():
        print(f"skipped: there is no {expected}")
        return 0
    scores: dict[str, list[float]] = defaultdict(list)
    worst = (0.0, "")
    for line in expected.read_text(encoding="utf-8").splitlines():
        wanted = json.loads(line)
        began = time.perf_counter()
        try:
            found = parse_document((folder / "docs" / wanted["file"]).read_bytes())
        except NotAFeed as error:
            found = None
            if wanted["ok"]:
                print(f"{wanted['file']}: refused: {error}")
        except Exception as error:
            found = None
            scores["exceptions"].append(1)
            print(f"{wanted['file']}: EXCEPTION {error!r}")
        took = time.perf_counter() - began
        worst = max(worst, (took, wanted["file"]))
        scores["timeouts"].extend([1.0] if took > SLOW_SECONDS else [])
        for name, marks in compare(wanted, found).items():
            scores[name].append(sum(marks) / len(marks))
    report(scores, worst)
    return 0


def compare(wanted: dict[str, Any], found: ParsedFeed | None) -> dict[str, list[bool]]:
    """Marks per field of one document; a field with nothing to compare has no marks."""
    marks: dict[str, list[bool]] = defaultdict(list)

    def mark(name: str, ours: object, theirs: object, *, agrees: bool) -> None:
        marks[name].append(agrees)
        if not agrees:
            print(f"{wanted['file']}: {name}: ours {ours!r}, reference {theirs!r}")

    if wanted["ok"] is None:
        return marks
    mark("ok", found is not None, wanted["ok"], agrees=(found is not None) == wanted["ok"])
    if found is None or not wanted["ok"]:
        return marks
    mark("kind", found.kind, wanted["kind"], agrees=found.kind == wanted["kind"])
    if letters(wanted["title"] or ""):
        same = letters(found.title) == letters(wanted["title"])
        mark("title", found.title, wanted["title"], agrees=same)
    ours, theirs = found.entries, wanted["entries"]
    mark("entries", len(ours), len(theirs), agrees=len(ours) == len(theirs))
    for mine, other in zip(ours, theirs, strict=False):
        compare_entry(mine, other, mark)
    return marks


def compare_entry(ours: ParsedEntry, theirs: dict[str, Any], mark: Any) -> None:
    """Marks of one entry, by the rules of the data's README."""
    if theirs["id"]:
        mark("id", ours.id, theirs["id"], agrees=ours.id == theirs["id"].strip())
    links = {address(link) for link in [theirs["link"], *theirs["link_any"]] if absolute(link)}
    if absolute(theirs["link"]):
        mark("link", ours.link, theirs["link_any"], agrees=address(ours.link) in links)
    if letters(theirs["title"] or ""):
        same = letters(ours.title) == letters(theirs["title"])
        mark("entry title", ours.title, theirs["title"], agrees=same)
    if theirs["published"]:
        stamp = datetime.fromtimestamp(ours.published or 0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        mark("published", stamp, theirs["published"], agrees=stamp == theirs["published"])


def letters(text: str) -> str:
    """Letters and digits only, in one case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def absolute(link: str | None) -> bool:
    """Whether a reference link is one that is compared."""
    return bool(link) and str(link).startswith(("http://", "https://"))


def address(link: str | None) -> str:
    """An address in decoded form, with an empty path as /."""
    decoded = unquote((link or "").strip())
    return decoded if urlsplit(decoded).path else decoded + "/"


def report(scores: dict[str, list[float]], worst: tuple[float, str]) -> None:
    """Agreement per field, and over all fields alike."""
    rates = {name: sum(scores[name]) / len(scores[name]) for name in FIELDS if scores[name]}
    for name, rate in rates.items():
        print(f"{name:12} {rate:8.3%}  of {len(scores[name])} documents")
    print(f"{'mean':12} {sum(rates.values()) / len(rates):8.3%}")
    print(
        f"exceptions {len(scores['exceptions'])}, over {SLOW_SECONDS:g} s {len(scores['timeouts'])}"
    )
    print(f"slowest {worst[0]:.2f} s: {worst[1]}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT))
