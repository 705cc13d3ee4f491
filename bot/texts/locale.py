"""How a reader is spoken to: their language, their zone, and what time it is. Pure.

`t` and `n` make Html: arguments of type `str` are escaped and set apart from the direction of what
stands beside them, here and nowhere else; Html goes in as it is. `plain` and `plain_n` make plain
text, for buttons, notes and the like, in which nothing is markup. Where the reader's language is
written from right to left, arguments and commands are set apart everywhere.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import babel
from babel.lists import format_list
from babel.numbers import format_decimal
from msgspec import Struct

from bot.texts.catalogues import spoken
from bot.texts.html import Html, html_of, isolated, joined, set_apart, shown
from bot.texts.languages import ENGLISH, PSEUDO, cldr, is_from_right
from bot.texts.said import Arg, Said, say, say_n

_IN_ENGLISH = {"MMMd": "d MMM", "yMMMd": "d MMM yyyy"}
# CLDR's lists without a word between are made for units: some join them without a sign, and Babel
# does not read all.
_COMMAS = {"ar": "، ", "fa": "، ", "zh-Hans": "、"}
_LATEST = 2**31 - 1  # Telegram knows times from 1 to this
_PLACE = re.compile(r"\{\w+\}")
_MAQAF, _NO_HEBREW = "\u05be", re.compile("[^\u05d0-\u05ea]*[^\\W\u05d0-\u05ea]")
_COMMAND = re.compile(r"(?<![\w/])/(?=[a-z])")
_LEFT, _RIGHT = "\u200e", "\u200f"  # marks, which show nothing and have a direction
_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")


class Locale(Struct, frozen=True):
    """A reader: language as a tag of BCP 47, zone of the IANA database, seconds since 1970."""

    language: str
    timezone: str
    now: float

    def t(self, message: str | Said, **args: Arg) -> Html:
        """A message as Html; its id, or one that was said before."""
        said = message if isinstance(message, Said) else say(message, **args)
        template = html.escape(self._translated(said), quote=False)
        return Html(template.format_map({name: self._html(v) for name, v in said.args.items()}))

    def n(self, one: str, many: str, n: int, **args: Arg) -> Html:
        """The message for a number, as Html."""
        return self.t(say_n(one, many, n, **args))

    def plain(self, message: str | Said, **args: Arg) -> str:
        """A message as plain text."""
        said = message if isinstance(message, Said) else say(message, **args)
        template = self._translated(said)
        return template.format_map({name: self._plain(v) for name, v in said.args.items()})

    def plain_n(self, one: str, many: str, n: int, **args: Arg) -> str:
        """The message for a number, as plain text."""
        return self.plain(say_n(one, many, n, **args))

    @property
    def spoken(self) -> str:
        """The language that texts are in: the reader's where there are texts in it, or English."""
        return spoken(self.language).language

    @property
    def _spoken(self) -> babel.Locale:
        return cldr(self.spoken)

    @property
    def _from_right(self) -> bool:
        return is_from_right(self.spoken)

    def number(self, number: float) -> str:
        """A number with its thousands apart, and one decimal where it is no whole number."""
        pattern = "#,##0.0" if isinstance(number, float) else None
        return str(format_decimal(number, pattern, locale=self._spoken))

    def name_of(self, language: str) -> str:
        """What the reader calls a language, given its code."""
        return str(self._spoken.languages.get(language, language))

    def language_called(self, name: str) -> str | None:
        """The code of the language that the reader calls so, or English does, in any capitals."""
        wanted = name.casefold()
        named = (*self._spoken.languages.items(), *cldr(ENGLISH).languages.items())
        return next((code for code, known in named if known.casefold() == wanted), None)

    def weekday(self, day: int, *, short: bool = False) -> str:
        """A day of the week, Monday being 0."""
        names = self._spoken.days["format"]["abbreviated" if short else "wide"]
        return str(names[day])

    def list(self, items: Iterable[str]) -> Html:
        """What stands side by side, one after the other; what is no Html is set apart."""
        parts = [item if isinstance(item, Html) else isolated(item) for item in items]
        return joined(_COMMAS.get(self.spoken, ", "), parts)

    def all_of(self, items: Iterable[str]) -> Html:
        """What belongs together: German and English; what is no Html is set apart."""
        parts = [item if isinstance(item, Html) else isolated(item) for item in items]
        if self.spoken == "he" and len(parts) > 1 and _NO_HEBREW.match(shown(parts[-1])):
            parts[-1] = joined("", [_MAQAF, parts[-1]])  # "and" is a letter, joined to its word
        return Html(format_list(parts, style="standard", locale=self._spoken))

    def clock(self, at: float) -> Html:
        """A time that clients show in the reader's own zone; others see this one's."""
        unix = int(min(max(at, 1), _LATEST))
        zone = ZoneInfo(self.timezone)
        then, today = datetime.fromtimestamp(unix, zone), datetime.fromtimestamp(self.now, zone)
        if then.date() == today.date():
            shown, form = f"{then:%H:%M}", "t"
        elif abs(today.date() - then.date()) < timedelta(days=300):
            shown, form = f"{self._dated(then, self._pattern('MMMd'))} {then:%H:%M}", "dt"
        else:
            shown, form = self._dated(then, self._pattern("yMMMd")), "d"
        return Html(f'<tg-time unix="{unix}" format="{form}">{html.escape(shown)}</tg-time>')

    def end(self, at: float) -> str:
        """A time that something ends at, as plain text: the time of day, or the day."""
        zone = ZoneInfo(self.timezone)
        then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(self.now, zone)
        return f"{then:%H:%M}" if then.date() == today.date() else self.date(at)

    def date(self, at: float) -> str:
        """A day, as plain text: 4 Sep 2026."""
        then = datetime.fromtimestamp(at, ZoneInfo(self.timezone))
        return self._dated(then, self._pattern("yMMMd"))

    def _pattern(self, skeleton: str) -> str:
        """How CLDR has the language put a date together; English, as most of the world does."""
        if self.spoken == ENGLISH:
            return _IN_ENGLISH[skeleton]
        return str(self._spoken.datetime_skeletons[skeleton])

    def begun(self, text: str) -> str:
        """A text as it begins a sentence or a button: with a capital, where the script has some."""
        first = "İ" if self.spoken == "tr" and text.startswith("i") else text[:1].upper()
        return first + text[1:]

    def _dated(self, then: datetime, pattern: str) -> str:
        from babel.dates import format_datetime  # looks for the zone of this machine: 8 ms

        return str(format_datetime(then, pattern, locale=self._spoken))

    def _translated(self, said: Said) -> str:
        if self.language == PSEUDO:
            return f"⟦{said.form}⟧"
        sentence = spoken(self.language).sentence(said)
        if sentence is None:
            return said.form
        sentence = self.begun(sentence) if said.begins else sentence
        return led(sentence) if self._from_right else sentence

    def _html(self, value: Arg) -> Html:
        if isinstance(value, Said):
            return self.t(value)
        if isinstance(value, int | float):
            return html_of(self.number(value))
        if not isinstance(value, Html):
            return isolated(value)
        # An isolate ends with its line; markup of several lines says for itself where each goes.
        turns = self._from_right or _TO_LEFT.search(value)
        return isolated(value) if turns and "\n" not in value else value

    def _plain(self, value: Arg) -> str:
        if isinstance(value, Said):
            return self.plain(value)
        if isinstance(value, int | float):
            return self.number(value)
        return set_apart(value) if self._from_right else value


def led(sentence: str) -> str:
    """A sentence that is written from right to left, with marks: before it where nothing else says
    so, and before commands, whose stroke would go to their other end.
    """
    sentence = _COMMAND.sub(f"{_LEFT}/", sentence)
    directions = map(unicodedata.bidirectional, _PLACE.sub("", sentence))
    first = next((each for each in directions if each in ("L", "R", "AL")), "")
    return sentence if first in ("R", "AL") else _RIGHT + sentence
