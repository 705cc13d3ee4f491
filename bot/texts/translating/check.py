"""What is wrong with a catalogue, as far as a machine can say: one line a fault. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from bot.texts.catalogues import PoEntry, is_complete, places, read_po
from bot.texts.languages import is_from_right, plural_forms
from bot.texts.translating.extract import LABEL, PLACE

MISSING = "not translated"
_COMMAND = re.compile(r"(?<![\w/])/[a-z]+")
_NUMBER = re.compile(r"\d+")
_ENDS = {".": ".。।…", ":": ":：", "?": "?？؟;"}
_OTHER_WAY = {"←": "→", "→": "←"}
_SIGNS = "✓✕•…·"
_OPENED, _CLOSED = "\u2066\u2067\u2068\u202a\u202b\u202d\u202e", "\u2069\u202c"
_SET_APART = re.compile("[\u2066\u2068][^\u2069]*\u2069")
_SPAN = re.compile(r"\d-\d")


def faults(
    language: str, text: str, template: str, shorts: set[str], kept: dict[str, list[str]]
) -> Iterator[str]:
    """The faults of a catalogue (its file) against the template. `shorts` are the messages that may
    stand on buttons, `kept` the words of messages that stay as they are.
    """
    found = {(each.context, each.msgid): each for each in read_po(text) if each.msgid}
    wanted = [each for each in read_po(template) if each.msgid]
    for each in wanted:
        entry = found.pop((each.context, each.msgid), None)
        for fault in _of(language, entry, each, each.msgid in shorts, kept.get(each.msgid, [])):
            yield f"{fault}: {each.msgid!r}"
    yield from (f"not in the template, run make texts: {msgid!r}" for _, msgid in found)


def missing(text: str) -> int:
    """How many messages are not translated, or only for another sentence."""
    return sum(not _is_done(each) for each in read_po(text) if each.msgid)


def _is_done(entry: PoEntry) -> bool:
    return all(entry.forms) and not entry.fuzzy


def _of(
    language: str, entry: PoEntry | None, wanted: PoEntry, short: bool, kept: list[str]
) -> Iterator[str]:
    if entry is None or entry.many != wanted.many:
        yield "not in the catalogue, run make texts"
        return
    if entry.fuzzy:
        yield "fuzzy: read it again, mend it, and remove the line with fuzzy"
        return
    if not any(entry.forms):
        yield MISSING
        return
    names = list(plural_forms(language))
    if entry.many and len(entry.forms) != len(names):
        yield f"{len(entry.forms)} forms, but the language has {len(names)}: {', '.join(names)}"
        return
    for number, form in enumerate(entry.forms):
        which = f"form {number}, " if len(entry.forms) > 1 else ""
        if not form:
            yield f"{which}{MISSING}"
            continue
        english = wanted.many or wanted.msgid
        counted = plural_forms(language)[names[number]] if entry.many else []
        for fault in _of_form(language, form, english, wanted, counted, short, kept):
            yield f"{which}{fault}"


def _of_form(
    language: str, form: str, english: str, wanted: PoEntry, counted: list[int], short: bool,
    kept: list[str],
) -> Iterator[str]:  # fmt: skip
    if not wanted.context:
        yield from _of_places(form, english, wanted, counted)
    yield from _of_words(form, english, kept, _spelt_out(language))
    yield from _of_marks(language, form, english)
    if (short or wanted.context in ("topic", "group of topics")) and width(form) > LABEL:
        yield f"{width(form)} characters, but a button has {LABEL}"


def _of_places(form: str, english: str, wanted: PoEntry, counted: list[int]) -> Iterator[str]:
    """A form for one number alone may leave the number out, and that for the number one what only
    the English plural has.
    """
    there, known = places(form), places(english) or frozenset()
    needed = (places(wanted.msgid) or frozenset()) if counted == [1] else known
    if there is None:
        yield "a brace { or } is open"
        return
    may_miss = {"n"} if wanted.many and len(counted) == 1 else set()
    if lost := needed - there - may_miss:
        yield f"without {', '.join(sorted(f'{{{each}}}' for each in lost))}"
    if more := there - known:
        yield f"has {', '.join(sorted(f'{{{each}}}' for each in more))}, which nobody fills in"


def _spelt_out(language: str) -> set[str]:
    """The numbers that need no digits: one, and two where a dual says it."""
    return {"1", "2"} if "two" in plural_forms(language) else {"1"}


def _of_words(form: str, english: str, kept: list[str], spelt_out: set[str]) -> Iterator[str]:
    for what, pattern in (("command", _COMMAND), ("number", _NUMBER)):
        ours, theirs = (Counter(pattern.findall(PLACE.sub("", each))) for each in (english, form))
        for lost in (ours - theirs).keys() - spelt_out:
            yield f"the {what} {lost} is missing"
        for more in (theirs - ours).keys() if what == "command" else ():
            yield f"the {what} {more} is new"
    for word in kept:
        if word not in form:
            yield f"{word} must stay as it is"


def _of_marks(language: str, form: str, english: str) -> Iterator[str]:
    last = english[-1]
    if last in _ENDS and form[-1] not in _ENDS[last]:
        yield f"must end as {last!r} does"
    if last not in _ENDS and form[-1] in ".。।":
        yield "must not end with a full stop"
    if form != form.strip() or "  " in form:
        yield "has a space too many"
    if "!" in form or "！" in form or "¡" in form:
        yield "shouts"
    if re.search(r"<\w|&\w+;", form):
        yield "has markup"
    turned = is_from_right(language)
    arrows = "".join(_OTHER_WAY[each] if turned else each for each in english if each in _OTHER_WAY)
    if arrows != "".join(each for each in form if each in _OTHER_WAY):
        yield f"arrows must be {arrows or 'none'}"
    signs = [each for each in english if each in _SIGNS]
    if [each for each in form if each in _SIGNS] != signs:
        yield f"signs must be {' '.join(signs) or 'none'}"
    if sum(map(form.count, _OPENED)) != sum(map(form.count, _CLOSED)):
        yield "an isolate is open"
    # Behind Arabic letters the two ends of 22:00-07:00 change places.
    if turned and _SPAN.search(_SET_APART.sub("", form)):
        yield "a span of digits must stand between U+2066 and U+2069"


def width(form: str) -> int:
    """How wide a text is without what stands in braces: wide characters count as two, marks on
    others and what shows nothing as none.
    """
    shown = PLACE.sub("", form)
    return sum(
        0 if unicodedata.category(each) in ("Mn", "Me", "Cf")
        else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in shown
    )  # fmt: skip


def offers(language: str, text: str) -> str:
    """What is said of a catalogue at the end of a check."""
    count = missing(text)
    if count:
        return f"{language}: {count} to translate"
    return f"{language}: nothing to translate" + (
        "" if is_complete(text) else '; set "X-Complete: yes" in its head to offer it'
    )
