"""What a language says for a message: catalogues of gettext (`po/*.po`), which are read into memory
when they are first asked for, as Babel reads what CLDR knows. Pure, but for that.

Babel reads them too, and `make texts` has it do so; here it would take six times as long, while all
others wait.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources

from msgspec import Struct, field

from bot.texts.languages import ENGLISH, NAMES, PSEUDO, form_of, language_of
from bot.texts.said import Said

_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d)\])? )?"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t"}
_PLACE = re.compile(r"\{(\w+)\}")
_COMPLETE = "X-Complete: yes"
_FORMS = re.compile(r"Plural-Forms: nplurals=(\d)")
_HEAD = 4000  # characters, of which the first message of a catalogue has fewer


class PoEntry(Struct, frozen=True):
    """A message of a catalogue and its forms, of which those not translated are empty. A `fuzzy`
    one was translated for another sentence.
    """

    msgid: str
    many: str | None
    context: str
    forms: tuple[str, ...]
    fuzzy: bool


def read_po(text: str) -> Iterator[PoEntry]:
    """The messages of a catalogue; the first is its head, whose id is empty."""
    for block in text.split("\n\n"):
        parts: dict[str, str] = {}
        fuzzy, key = False, ""
        for line in block.splitlines():
            if line.startswith("#,"):
                fuzzy = "fuzzy" in line
            elif found := _LINE.fullmatch(line):
                name, number, quoted = found.groups()
                key = f"{name}{number or ''}" if name else key
                parts[key] = parts.get(key, "") + _ESCAPED.sub(_meant, quoted)
        if "msgid" in parts:
            forms = tuple(parts[each] for each in sorted(parts) if each.startswith("msgstr"))
            many, context = parts.get("msgid_plural"), parts.get("msgctxt", "")
            yield PoEntry(parts["msgid"], many, context, forms, fuzzy)


def _meant(escaped: re.Match[str]) -> str:
    return _MEANT.get(escaped[1], escaped[1])


def places(form: str) -> frozenset[str] | None:
    """The names in the braces of a sentence; None where its braces are broken."""
    rest = _PLACE.sub("", form)
    return None if "{" in rest or "}" in rest else frozenset(_PLACE.findall(form))


class Catalogue(Struct, frozen=True):
    """The sentences of a language, by context and message id."""

    language: str = ENGLISH
    sentences: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def sentence(self, said: Said) -> str | None:
        """The sentence for a message and its number; None where it is not translated."""
        forms = self.sentences.get((said.context, said.msgid))
        if forms is None or len(forms) == 1:
            return forms and forms[0]
        return forms[form_of(self.language, said.number)]


@lru_cache(maxsize=len(NAMES) + 1)
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language of ours. What is not translated, or could not be filled in, is
    left out of it.
    """
    text = text_of(language) if language != ENGLISH else ""
    # As its head says, and not CLDR, of which each language takes more memory than a catalogue.
    forms = _FORMS.search(text)
    count = int(forms[1]) if forms else 1
    sentences = {
        (each.context, each.msgid): each.forms for each in read_po(text) if _is_usable(each, count)
    }
    return Catalogue(language, sentences)


def forget() -> None:
    """Lets go of all catalogues. What is spoken is read again."""
    spoken.cache_clear()
    catalogue.cache_clear()


def _is_usable(entry: PoEntry, count: int) -> bool:
    if entry.fuzzy or not entry.msgid or not all(entry.forms):
        return False
    if len(entry.forms) != (1 if entry.many is None else count):
        return False
    if entry.context:  # names have no places
        return True
    known = places(entry.msgid + (entry.many or "")) or frozenset()
    return all((found := places(form)) is not None and found <= known for form in entry.forms)


@lru_cache(maxsize=512)
def spoken(tag: str) -> Catalogue:
    """The catalogue for the language of a chat; English where there is none or nothing in it."""
    language = language_of(tag) if tag != PSEUDO else None
    found = catalogue(language or ENGLISH)
    return found if found.sentences else catalogue(ENGLISH)


@lru_cache(maxsize=1)
def offered() -> tuple[str, ...]:
    """The languages of ours whose catalogues are complete, English first."""
    others = (each for each in NAMES if each != ENGLISH)
    return ENGLISH, *(each for each in others if is_complete(text_of(each, _HEAD)))


def is_complete(text: str) -> bool:
    """Whether a catalogue says of itself that nothing is missing."""
    return _COMPLETE in text.partition("\n\n")[0]


def first_language(told: str | None, default: str) -> str:
    """The language of a new chat, whose person speaks what Telegram told; the default where nothing
    was told or we do not speak it.
    """
    found = language_of(told) if told and default != PSEUDO else None
    return found if found in offered() else default


def text_of(language: str, characters: int = -1) -> str:
    """The file of a language of ours, or its beginning; empty where there is none."""
    file = resources.files("bot.texts").joinpath("po", f"{language}.po")
    if not file.is_file():
        return ""
    with file.open(encoding="utf-8") as opened:
        return opened.read(characters)
