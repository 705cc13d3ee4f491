"""What a parser's process says of a document is understood as it was meant."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.reading.answers import feed_of, said_of
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.poll_hints import PollHints
from bot.news.story import ParsedEntry

MAYBE = st.none() | st.text()
ENTRIES = st.builds(
    ParsedEntry, MAYBE, MAYBE, st.text(), st.text(), st.none() | st.integers().map(float), MAYBE,
    MAYBE, st.none() | st.builds(ParsedEntry, MAYBE, MAYBE, st.text(), st.text(), st.none()),
)  # fmt: skip
FEEDS = st.builds(
    ParsedFeed, st.text(), st.text(), MAYBE, st.lists(ENTRIES).map(tuple), MAYBE,
    st.builds(PollHints, st.none() | st.just(60.0), st.just((1, 2)), st.just((6,))),
    MAYBE, MAYBE, st.booleans(), st.booleans(), st.just(0.5),
)  # fmt: skip


@given(FEEDS)
def test_every_field_comes_back(feed: ParsedFeed) -> None:
    found = feed_of(json.loads(json.dumps(said_of(feed))))
    assert repr(found) == repr(feed)  # some fields do not count when feeds are compared


def test_the_former_reading_is_an_entrys_last_field() -> None:
    assert ParsedEntry.__struct_fields__[-1] == "formerly"
