"""The template of all messages, and catalogues that follow it: what `make texts` does.

Babel merges and writes; what it would write anew each time (a date, a version) is left out.
"""

import io
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.texts.catalogues import places
from bot.texts.catalogues import read_po as read_entries
from bot.texts.languages import ENGLISH, NAMES
from bot.texts.translating import check
from bot.texts.translating.extract import Translatable, messages
from bot.texts.translating.places import PLACES

PO = Path(__file__).parents[1] / "po"
TEMPLATE = PO / "tocsin.pot"
_WIDTH = 100
_BUTTON = "May stand on a button: at most 24 characters beside what is in braces."
_HEAD = """# Messages of Tocsin. Made by "make texts" from the code: change it there.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def notes() -> dict[str, dict[str, object]]:
    """The notes for translators, by message."""
    return tomllib.loads((PO / "notes.toml").read_text("utf-8"))


def kept(noted: dict[str, object]) -> list[str]:
    """The words of a message that stay as they are, out of its notes."""
    words = noted.get("keep", [])
    return [str(word) for word in words] if isinstance(words, list) else []


def template() -> str:
    """The template as it should be now."""
    catalog = read_po(io.StringIO(_HEAD))
    noted = notes()
    for message in messages():
        ids = (message.msgid, message.many) if message.many else message.msgid
        catalog.add(
            ids,
            locations=[(place, 0) for place in message.places],
            auto_comments=_comments(message, noted.get(message.msgid, {})),
            context=message.context or None,
        )
    return _written(catalog, _HEAD)


def _comments(message: Translatable, noted: dict[str, object]) -> list[str]:
    said = [_BUTTON] if message.short else []
    said += [f"The name of a {message.context}."] if message.context else []
    if "note" in noted:
        said.append(str(noted["note"]))
    if keep := kept(noted):
        said.append(f"Keep as it is: {', '.join(keep)}")
    named = places(message.msgid + (message.many or "")) if not message.context else frozenset()
    return said + [f"{{{name}}}: {PLACES[name]}" for name in sorted(named or ())]


def updated(text: str, new: str) -> str:
    """A catalogue that follows the template: what was translated stays; what was translated for a
    sentence that changed is fuzzy, and not used.
    """
    head = text.partition("\n\n")[0] + "\n"
    catalog = read_po(io.StringIO(text))
    catalog.update(read_po(io.StringIO(new)), no_fuzzy_matching=False, update_header_comment=False)
    catalog.obsolete.clear()
    for message in catalog:
        # What Babel writes of an earlier message it reads as a comment of a person.
        message.user_comments = [said for said in message.user_comments if said[:1] != "|"]
    return _written(catalog, head)


def _written(catalog: Catalog, head: str) -> str:
    written = io.BytesIO()
    write_po(
        written,
        catalog,
        width=_WIDTH,
        omit_header=True,
        include_lineno=False,
        include_previous=True,
    )
    return f"{head}\n{written.getvalue().decode()}"


def faults_of(language: str) -> Iterator[str]:
    """The faults of a catalogue against the template as it is on disk: no code is read."""
    new = TEMPLATE.read_text("utf-8")
    blocks = [block for block in new.split("\n\n") if f"#. {_BUTTON}" in block]
    shorts = {each.msgid for block in blocks for each in read_entries(block)}
    keep = {message: kept(noted) for message, noted in notes().items()}
    yield from check.faults(language, path_of(language).read_text("utf-8"), new, shorts, keep)


def path_of(language: str) -> Path:
    """Where the catalogue of a language is."""
    return PO / f"{language}.po"


def update() -> list[Path]:
    """Writes the template and lets all catalogues follow it; the files that changed."""
    new = template()
    wanted = {TEMPLATE: new}
    for language in NAMES:
        path = path_of(language)
        if language != ENGLISH and path.exists():
            wanted[path] = updated(path.read_text("utf-8"), new)
    changed = [
        path
        for path, text in wanted.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    for path in changed:
        path.write_text(wanted[path], "utf-8")
    return changed
