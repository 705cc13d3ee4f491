"""How far our parser agrees with the reference over a folder of feed documents.

    python -m benchmarks.feeds_agreement [FOLDER]

FOLDER holds `docs/` and `expected.jsonl`. Titles are compared by letters and digits, addresses
after decoding, times to the second. Prints each disagreement; the rates follow twice, with every
document and with every entry of the same weight. What `EXPLAINED` names is counted apart: there a
person who looks at the document reads what we read.
"""

import json
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.feeds.reading.parse import parse_document
from bot.news.polling.parsed import ParsedFeed
from bot.news.story import ParsedEntry
from bot.news.why import NotAFeed

DEFAULT = Path("../shared/data/feeds/dev")
SLOW_SECONDS = 5.0
# Document and field: why the reference is not what the document says.
EXPLAINED = {
    ("2bcd9438_gb2312.xml", "entry title"): "no label; read as Windows-1252, is GB 2312",
    ("5fd085d6_euckr.xml", "entry title"): "no label; read as Windows-1252, is EUC-KR",
    ("fb9233d1_windows-1252-incorrect-prolog.xml", "title"): "a wrong label; is UTF-8",
    ("47116ebb_kc0011.rss", "published"): "2020/1/10 read as the first of the month of the reading",
    ("b072c629_pxlnv.json", "entry title"): "references of HTML left in a title",
}
EntryKeys = dict[str, list[bool]]
FIELDS = ("ok", "kind", "title", "entries", "id", "link", "entry title", "published")


def main(folder: Path) -> int:
    """Compares and prints; 0 also where the data is absent, which it says."""
    expected = folder / "expected.jsonl"
    if not expected.is_file():
        print(f"skipped: there is no {expected}")
        return 0
    marks: list[tuple[str, EntryKeys]] = []
    trouble: Counter[str] = Counter()
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
            trouble["exceptions"] += 1
            print(f"{wanted['file']}: EXCEPTION {error!r}")
        took = time.perf_counter() - began
        worst = max(worst, (took, wanted["file"]))
        trouble["slow"] += took > SLOW_SECONDS
        marks.append((wanted["file"], compare(wanted, found)))
    report(marks)
    print(f"exceptions {trouble['exceptions']}, over {SLOW_SECONDS:g} s {trouble['slow']}")
    print(f"slowest {worst[0]:.2f} s: {worst[1]}")
    return 0


def compare(wanted: dict[str, Any], found: ParsedFeed | None) -> EntryKeys:
    """Marks per field of one document; a field with nothing to compare has no marks."""
    marks: EntryKeys = defaultdict(list)

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


def report(marks: list[tuple[str, EntryKeys]]) -> None:
    """Agreement per field: by document, by entry, and by entry without what is explained."""
    print(f"{'':12} {'documents':>10} {'entries':>9} {'explained':>10}   of how many")
    for field in FIELDS:
        found = [(name, one[field]) for name, one in marks if one.get(field)]
        if not found:
            continue
        documents = sum(sum(one) / len(one) for _, one in found) / len(found)
        every = [mark for _, one in found for mark in one]
        rest = [mark for name, one in found if (name, field) not in EXPLAINED for mark in one]
        print(
            f"{field:12} {documents:10.3%} {sum(every) / len(every):9.3%} "
            f"{sum(rest) / len(rest):10.3%}   {len(found)}, {len(every)}"
        )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT))
