"""Messages as Telegram reads them: asked of TDLib, which the Bot API server itself uses."""

import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.delivery import render
from bot.delivery.render import StoryView, item_title
from bot.news.outbox import Also
from bot.news.text.headlines import with_headline
from bot.news.text.plain import first_sentences
from bot.news.text.urls import clean_link
from bot.texts.html import MAX_MESSAGE, Html, escape, neutral
from bot.texts.locale import Locale
from tests.reading import seen

tdjson = pytest.importorskip(
    "tdjson", reason="tdjson is not installed; nothing else can judge Telegram HTML"
)

NOW = 1_800_000_000.0
JOINER = "\u2060"
# TDLib takes these combining marks out of every text.
TAKEN_OUT = re.compile("[\u0333\u033f\u030a]")
# Nothing turns into a link of its own inside these.
CLOSED = {"textEntityTypeTextUrl", "textEntityTypeCode", "textEntityTypeDateTime"}


def ask(kind: str, **fields: Any) -> dict[str, Any]:
    request = json.dumps({"@type": kind, **fields}).encode()
    answer: dict[str, Any] = json.loads(tdjson.td_execute(request))
    assert answer["@type"] != "error", (answer, fields)
    return answer


ask("setLogVerbosityLevel", new_verbosity_level=0)


class Parsed:
    """A message as Telegram took it: its text, our entities and those it found by itself."""

    def __init__(self, html: str) -> None:
        assert len(html.encode()) <= 32_768
        answer = ask("parseTextEntities", text=html, parse_mode={"@type": "textParseModeHTML"})
        self.text: str = answer["text"]
        self.ours = [self._named(entity) for entity in answer["entities"]]
        found = ask("getTextEntities", text=self.text)["entities"]
        self.live = [
            self._named(entity)
            for entity in found
            if not any(
                ours["type"]["@type"] in CLOSED
                and ours["offset"] <= entity["offset"]
                and entity["offset"] + entity["length"] <= ours["offset"] + ours["length"]
                for ours in answer["entities"]
            )
        ]
        assert 1 <= len(self.text) <= MAX_MESSAGE

    def _named(self, entity: dict[str, Any]) -> tuple[str, str]:
        raw = self.text.encode("utf-16-le")
        start, end = entity["offset"], entity["offset"] + entity["length"]
        kind = str(entity["type"]["@type"]).removeprefix("textEntityType")
        return kind, raw[2 * start : 2 * end].decode("utf-16-le")

    def of_kind(self, kind: str) -> list[str]:
        return [plain(text) for name, text in self.ours if name == kind]


def plain(text: str) -> str:
    return TAKEN_OUT.sub("", text.replace(JOINER, ""))


HOSTILE = [
    "<script>alert(1)</script>", "<b>", "</a>", "&lt;", "]]>", "&amp;amp;", "&#xD800;", "\ud83d",
    "\u202e", "\u2066", "\u2068", "\u200d", "\u200b", "\u2060", "e" + "\u0301" * 30, "\x00", "\n",
    "/stop", "@admin", "@gif", "#x", "#news", "$AAPL", "$A", "12:30", "1:02:03", "README.md",
    "foo.py", "1.1.1.1", "t.me/x", "http://a.com", "https://a.com/b?c=d", "tg://user?id=1",
    "ton://x", "tonsite://a.ton", "www.a.com", "a@b.com", "пример.рф", "例え.jp",
    "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "localhost", "a.b.c.d.com", "ftp://x.org",
    "mailto:x@y.org", "Ａ.com", "a。com", "a．com", "ａ@ｂ.com", "＠admin", "＃x", "／stop",
    "😀", "🇺🇸", "👩\u200d🚀", "'", '"', "&", "<", ">", " ", "a", "_", ".", ":", "/", "@", "#", "$",
    "1", "123", "com", "\U00018d80", "٣:٣٠", "१.१.१.१", "x" * 300, "😀" * 300, "3.5 %", "U.S.",
]  # fmt: skip
_pieces = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), max_size=10)
_text = st.builds(str.join, st.sampled_from(["", "", " "]), _pieces)
_links = st.one_of(
    st.none(),
    st.just("https://example.com/a?b=c&d='e"),
    _text.map(lambda text: clean_link(f"https://example.com/{text}")),
    st.just("https://example.com/?" + "&" * 1900),
    st.sampled_from(["javascript:alert(1)", "tg://user?id=1", "/relative"]),
)
_times = st.one_of(
    st.sampled_from([NOW, NOW - 3600, NOW - 86_400, NOW - 1e9, 0.0, -1e18, 1e18, 4e9]),
    st.floats(0, 5e9),
)
_items = st.builds(
    StoryView, _text, _text, _links, _text, _times, st.lists(_text, max_size=2).map(tuple)
)
_zones = st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"])


def here(zone: str = "UTC") -> Locale:
    return Locale("en", zone, NOW)


def hostile(text: str) -> StoryView:
    return StoryView(text, text, None, text, NOW, (text,))


@given(_items, _zones)
@example(hostile("https://example.com"), "UTC")
@example(hostile("#\U00018d80 \U00018d80.com a.\U00018d80\U00018d80"), "UTC")
@example(hostile("@a@a" * 200), "UTC")
@example(hostile("'" * 2000), "UTC")
@example(hostile("😀" * 5000), "UTC")
@example(StoryView("", "", None, "", NOW), "UTC")
@pytest.mark.hostile(75, 76, 77, 78, 79, 82)
def test_any_alert_is_taken_as_it_was_meant(item: StoryView, zone: str) -> None:
    message = render.alert(item, here(zone))
    parsed = Parsed(message.html)
    title = plain(item_title(item, here()))
    linked = bool(item.link and item.link.startswith("https://"))
    assert plain(parsed.text.split("\n")[0]).strip() == title.strip()
    assert parsed.of_kind("Bold") == ([title] if title else [])
    assert parsed.of_kind("TextUrl") == ([title] if linked else [])
    assert len(parsed.of_kind("DateTime")) == 1
    kinds = {kind for kind, _ in parsed.ours}
    assert kinds <= {"Bold", "TextUrl", "Italic", "DateTime"}
    assert parsed.live == []
    _, told = with_headline(item.title, item.summary)
    summary = first_sentences(told.replace("\ud83d", ""), 2, 400)
    assert plain(summary) in plain(parsed.text)
    assert len(message.plain) <= MAX_MESSAGE
    assert message.plain.encode()


_others = st.lists(
    st.builds(Also, _text, _text, _links, st.none() | _text, st.booleans()), max_size=12
).map(tuple)


@given(_items, _others, _zones)
@example(hostile("@a@a" * 200), (), "UTC")
@example(hostile("'" * 2000), (Also("'" * 2000, "@a" * 200, None),) * 12, "UTC")
@example(
    hostile("'" * 20),
    tuple(Also("@b" * 99, f"{i}" + "@a" * 200, None, "'", doubtful=True) for i in range(9)),
    "UTC",
)
@example(StoryView("x" * 300, "y " * 900, "https://e.com/?" + "&" * 1900, "z", NOW), (), "UTC")
def test_any_caption_fits_under_a_picture(
    item: StoryView, others: tuple[Also, ...], zone: str
) -> None:
    item = replace(item, also=others)
    parsed = Parsed(render.caption(item, here(zone)))
    assert len(parsed.text) <= render.MAX_CAPTION
    assert plain(parsed.text.split("\n")[0]).strip() == plain(item_title(item, here())).strip()
    assert parsed.live == []


@given(_text, st.lists(_items, max_size=3), _zones)
@example("@a" * 999, [hostile("@a@a" * 200)] * 5, "UTC")
@example("", [StoryView("'" * 300, "'" * 300, "https://e.com/?" + "&" * 1900, "s", NOW)] * 5, "UTC")
def test_any_page_of_stories_is_taken_and_nothing_in_it_is_live(
    heading: str, items: list[StoryView], zone: str
) -> None:
    page = render.listing(heading or "Latest", items, here(zone), Html("Nothing yet."))
    parsed = Parsed(page)
    assert parsed.live == []
    assert {kind for kind, _ in parsed.ours} <= {"Bold", "TextUrl", "Italic", "DateTime"}


@given(st.lists(_items, min_size=1, max_size=3), _zones)
@example([hostile("@a@a" * 200)] * 50, "UTC")
@example([StoryView("'" * 300, "", "https://e.com/?" + "&" * 1900, "s", NOW)] * 50, "UTC")
@example([StoryView("4111 1111 1111 1111", "", "https://e.com/", "", 1e18)], "America/St_Johns")
def test_any_list_of_headlines_is_taken_and_nothing_in_it_is_live(
    items: list[StoryView], zone: str
) -> None:
    parsed = Parsed(render.headlines(items, here(zone)))
    assert parsed.live == []
    assert parsed.text.startswith("• ")


@given(_text)
def test_no_text_is_live_once_it_is_neutral(text: str) -> None:
    safe = neutral(text.replace("\ud83d", ""))
    assert safe.replace(JOINER, "") == text.replace("\ud83d", "").replace(JOINER, "")
    if safe.strip():
        found = ask("getTextEntities", text=safe)["entities"]
        assert [entity["type"]["@type"] for entity in found] == []


@pytest.mark.parametrize(
    "text",
    [
        "Prices rose 3.5 % on Friday, the mayor said. Then they fell.",
        "A 9.5M loan of 1,000.50 crowns… “Really?” No!",
        "Москва. 3,5 процента. 北京。",
        "5 / 7 and C# and 100 $ and 50-50",
    ],
)
def test_ordinary_prose_is_left_as_it_is(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Read README.md", "Read README|.md"),
        ("at 12:30", "at 12|:30"),
        ("the U.S. said", "the U.S. said"),
        ("ask @mayor", "ask @|mayor"),
        ("call 4111 1111 1111 1111", "call 4111| 111|1 11|11 1|111"),
    ],
)
def test_what_would_be_live_is_parted_by_what_shows_nothing(text: str, safe: str) -> None:
    assert neutral(text) == safe.replace("|", JOINER)


@pytest.mark.hostile(76)
def test_a_story_without_letters_gets_a_name() -> None:
    for title in ("", "   ", "\u200b\u2060", "\n"):
        assert render.alert(StoryView(title, "", None, "", NOW), here()).plain == "Untitled"


@pytest.mark.hostile(79)
def test_only_web_links_are_made() -> None:
    for link in ("javascript:alert(1)", "tg://user?id=1", "/a", ""):
        parsed = Parsed(render.alert(StoryView("Rain", "", link, "", NOW), here()).html)
        assert parsed.of_kind("TextUrl") == []


def test_an_empty_page_says_so() -> None:
    parsed = Parsed(render.listing("Latest", [], here(), escape("Nothing <yet>.")))
    assert parsed.text == "Latest\n\nNothing <yet>."


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (NOW, "08:00"),
        (NOW - 86_400, "14 Jan 08:00"),
        (NOW - 400 * 86_400, "11 Dec 2025"),
        (-5.0, "1 Jan 1970"),
    ],
)
def test_a_time_is_shown_as_short_as_is_clear(at: float, shown: str) -> None:
    (clock,) = Parsed(f"at {here().clock(at)}").of_kind("DateTime")
    assert clock == shown


def test_a_report_in_another_language_has_a_line_of_its_own_above_the_others() -> None:
    other = Also("Hafenblatt", "Fähre fährt <b>wieder</b>", "https://blatt.example/1")
    third = Also("Coast Wire", "Boats are back", "https://coast.example/1")
    shown = StoryView(
        "Ferry resumes", "", None, "Harbour Post", NOW, also=(third,), elsewhere=other
    )
    parsed = Parsed(render.alert(shown, here()).html)
    assert parsed.text.replace("\u2068", "").replace("\u2069", "").splitlines()[2:] == [
        "In another language: Fähre fährt <b>wieder</b> (Hafenblatt)",
        "Also: Boats are back (Coast Wire)",
    ]
    assert len(parsed.of_kind("TextUrl")) == 2


def test_a_line_about_another_language_goes_where_there_is_no_room() -> None:
    other = Also("Hafenblatt", "Fähre " * 60, "https://blatt.example/1")
    topics = tuple(f"Ships of the northern harbour, no. {n}" for n in range(3))
    shown = StoryView(
        "Ferry " * 60, "It sails. " * 90, None, "Harbour Post", NOW, topics, elsewhere=other
    )
    for at_most, html in (
        (1024, render.caption(shown, here())),
        (4096, render.alert(shown, here()).html),
    ):
        assert len(Parsed(html).text) <= at_most


def test_nothing_is_listed_twice_under_an_alert() -> None:
    shown = StoryView(
        "Ferry resumes", "", "https://post.example/1?utm_source=x", "Harbour Post", NOW,
        also=(
            Also("Hill Radio", "Ferry resumes", "https://post.example/1"),  # the page itself
            Also("Harbour Post", "Ferry resumes!", "https://post.example/2"),
            Also("Coast Wire", "Boats are back", "https://coast.example/1"),
            Also("Coast Wire", "BREAKING: Boats are back", "https://coast.example/2"),
            Also("Town Crier", "Ferry resumes", None),
        ),
    )  # fmt: skip
    text = Parsed(render.alert(shown, here()).html).text
    lines = text.replace("\u2068", "").replace("\u2069", "").splitlines()[2:]
    assert lines == [
        "Also: Coast Wire, Town Crier",
        "Boats are back (Coast Wire)",
        "Ferry resumes (Town Crier)",
    ]


def test_a_report_by_the_same_outlet_is_listed_and_not_named_as_another() -> None:
    also = (Also("Harbour Post", "First boat sails", "https://post.example/2"),)
    shown = StoryView("Ferry resumes", "", "https://post.example/1", "Harbour Post", NOW, also=also)
    text = Parsed(render.alert(shown, here()).html).text
    assert seen(text).splitlines()[2] == "Also: First boat sails (Harbour Post)"


def test_one_other_outlet_is_named_once() -> None:
    also = (Also("Hill Radio", "First boat sails", "https://hill.example/2"),)
    shown = StoryView("Ferry resumes", "", "https://post.example/1", "Harbour Post", NOW, also=also)
    text = seen(Parsed(render.alert(shown, here()).html).text)
    assert text.splitlines()[2:] == ["Also: First boat sails (Hill Radio)"]


def test_what_has_neither_title_nor_words_goes_by_its_address() -> None:
    item = StoryView(" ", "", "https://www.quay.example/@ada/2", "Ada", NOW)
    assert render.item_title(item, here()) == "quay.example/@ada/2"
    assert ">quay.example/@ada/2</a>" in render.headline(item, here())


def test_what_has_no_title_goes_by_its_first_words_which_stand_there_once() -> None:
    item = StoryView("", "Low tide at nine. The boat waits at the pier.", None, "Ada", NOW)
    assert render.item_title(item, here()) == "Low tide at nine."
    text = seen(Parsed(render.alert(item, here()).html).text)
    assert text.splitlines() == ["Low tide at nine.", "The boat waits at the pier.", "Ada · 08:00"]
    listed = seen(Parsed(render.headlines([item], here())).text)
    assert listed == "• Low tide at nine.\nAda · 08:00"
    assert "Low tide at nine." in render.update(item, here()).plain


@pytest.mark.parametrize(
    ("source", "original", "other", "is_listed"),
    [
        ("Hill Radio", "Coast Wire", Also("Coast Wire", "Boats are back", "https://c.e/1"), False),
        ("Coast Wire", None, Also("Hill Radio", "Boats are back", None, "Coast Wire"), True),
        ("Coast Wire", None, Also("COAST WIRE", "Boats are back - Coast Wire", None), False),
        ("Coast Wire", None, Also("Hill Radio", "Boats are back", None), True),
        ("Hill Radio", "Coast Wire", Also("Crier", "Boats are back", None, "Coast Wire"), True),
        ("Hill Radio", "Coast Wire", Also("Coast Wire", "First boat sails", None), True),
    ],
)  # fmt: skip
def test_the_report_itself_is_not_listed_under_another_name(
    source: str, original: str | None, other: Also, is_listed: bool
) -> None:
    link = "https://h.example/1"
    item = StoryView("Boats are back", "", link, source, NOW, original=original, also=(other,))
    assert ("Also:" in render.alert(item, here()).html) is is_listed


def _doubt(source: str, title: str, link: str | None = None) -> Also:
    return Also(source, title, link, doubtful=True)


def test_what_joined_in_doubt_stands_under_a_line_of_its_own_with_its_whole_headline() -> None:
    long = "Boats are back and " + "so many things besides " * 7 + "end"
    shown = StoryView(
        "Ferry resumes", "It left at noon.", None, "Harbour Post", NOW,
        also=(
            Also("Coast Wire", "First boat sails", "https://coast.example/1"),
            _doubt("Town Crier", long, "https://crier.example/2"),
            replace(_doubt("Hill Radio", "Pier closed"), original="Coast Wire"),
        ),
    )  # fmt: skip
    message = render.alert(shown, here())
    parsed = Parsed(message.html)
    assert seen(parsed.text).splitlines() == [
        "Ferry resumes",
        "It left at noon.",
        "Harbour Post · 08:00",
        f"Perhaps also: {long} (Town Crier)",
        "Perhaps also: Pier closed (Hill Radio, from Coast Wire)",
        "Also: First boat sails (Coast Wire)",
    ]
    assert parsed.of_kind("TextUrl") == [long, "First boat sails"]
    (quoted,) = parsed.of_kind("ExpandableBlockQuote")
    assert seen(quoted) == "Also: First boat sails (Coast Wire)"
    assert "Perhaps also: Pier closed" in seen(message.plain)
    assert "Perhaps also: Pier closed" in seen(Parsed(render.caption(shown, here())).text)


def test_three_in_doubt_have_a_line_and_what_says_the_same_has_none() -> None:
    also = (
        _doubt("Town Crier", "FERRY resumes!"),
        *(_doubt("Hill Radio", f"Pier {n} closed") for n in range(4)),
        _doubt("Town Crier", "Pier 0 closed"),
    )
    item = StoryView("Ferry resumes", "", None, "Harbour Post", NOW, also=also)
    text = seen(Parsed(render.alert(item, here()).html).text).splitlines()[2:]
    assert text == [
        *(f"Perhaps also: Pier {n} closed (Hill Radio)" for n in range(3)),
        "Also: Town Crier, Hill Radio",
        "FERRY resumes! (Town Crier)",
        "Pier 3 closed (Hill Radio)",
        "Pier 0 closed (Town Crier)",
    ]


def test_what_is_in_doubt_goes_before_the_summary_under_a_picture() -> None:
    also = tuple(_doubt(f"Radio {n}", f"Pier {n} " + "closed " * 40) for n in range(3))
    item = StoryView("Ferry resumes " * 12, "It left at noon. " * 30, None, "Post", NOW, also=also)
    text = Parsed(render.caption(item, here())).text
    assert text.count("Perhaps also:") == 2
    assert len(text) <= render.MAX_CAPTION


def test_a_page_is_passed_over_only_where_it_says_the_same() -> None:
    link = "https://example.org/2026/1234"
    dam = Also("Harbour Post", "Dam breaks above Ostwick", f"{link}?utm_source=x", doubtful=True)
    again = Also("Hill Radio", "Dam breaks above Ostwick", link, doubtful=True)
    same = Also("Coast Wire", "Quiet day at the zoo", link)
    longer = Also("Town Crier", "A quiet day at the zoo [pdf]", link)
    others = (same, longer, dam, again)
    item = StoryView("Quiet day at the zoo", "", link, "Links", NOW, also=others)
    assert render.others_of(item) == (dam,)
    assert render.doubts_of(item) == (dam,)
