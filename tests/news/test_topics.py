"""The index of topics: faster than asking each of them, and never different."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.news.query import Query, Text, match
from bot.news.query_reader import parse_query
from bot.news.topics import TopicIndex, TopicMatch

QUERIES = [
    "apple", "apples", "=apple", "app*", '"red apple"', "apple -pear", "apple OR pear", "москва",
    "near(red apple, 3)", "title:pear", "source:wire", "lang:ru", "link:storm", "北京", "ישראל",
    "(apple OR plum) -title:red", "حكومة", "حكومة OR source:wire", "plum source:wi*",
]  # fmt: skip
WORDS = ["apple", "Apples", "red", "pear", "plum", "Москве", "北京", "בישראל", "الحكومة", "fig"]
_titles = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
_texts = st.builds(
    Text,
    _titles,
    _titles,
    st.sampled_from(["", "Harbour Wire"]),
    st.sampled_from([None, "en", "ru", "ar"]),
    st.sampled_from([None, "https://example.com/storm"]),
)
_topics = st.integers(0, 12)


class IndexBesideDictionary(RuleBasedStateMachine):
    """Whatever is added and removed, the index finds what asking every topic finds."""

    def __init__(self) -> None:
        super().__init__()
        self.index: TopicIndex[int] = TopicIndex()
        self.plain: dict[int, Query] = {}

    @rule(topic=_topics, query=st.sampled_from(QUERIES))
    def add(self, topic: int, query: str) -> None:
        self.index.add(topic, parse_query(query))
        self.plain[topic] = parse_query(query)

    @rule(topic=_topics)
    def discard(self, topic: int) -> None:
        self.index.discard(topic)
        self.plain.pop(topic, None)

    @rule(kept=st.sets(_topics))
    def keep_only(self, kept: set[int]) -> None:
        self.index.keep_only(kept)
        self.plain = {topic: query for topic, query in self.plain.items() if topic in kept}

    @rule(text=_texts)
    def ask(self, text: Text) -> None:
        expected = {
            TopicMatch(topic, terms)
            for topic, query in self.plain.items()
            if (terms := match(query, text)) is not None
        }
        found = self.index.match(text)
        assert len(found) == len(expected)
        assert set(found) == expected

    @invariant()
    def counts_what_is_there(self) -> None:
        assert len(self.index) == len(self.plain)
        assert all(topic in self.index for topic in self.plain)


TestIndexBesideDictionary = IndexBesideDictionary.TestCase


def test_equal_queries_of_many_chats_are_kept_once() -> None:
    index: TopicIndex[int] = TopicIndex()
    for topic in range(100):
        index.add(topic, parse_query("red  (apple)" if topic % 2 else "Red AND apple"))
    assert len(index) == 100
    assert len(index._topics) == 1
    assert len(index.match(Text("Red apples"))) == 100


@given(st.lists(st.tuples(_topics, st.sampled_from(QUERIES))))
def test_discarding_leaves_nothing_behind(added: list[tuple[int, str]]) -> None:
    index: TopicIndex[int] = TopicIndex()
    for topic, query in added:
        index.add(topic, parse_query(query))
    for topic, _ in added:
        index.discard(topic)
    assert len(index) == 0
    assert not index._topics
    assert not index._query_of
    assert not index._by_key


def test_following_something_else_replaces_what_a_topic_followed() -> None:
    index: TopicIndex[str] = TopicIndex()
    index.add("mine", parse_query("apple"))
    index.add("mine", parse_query("pear"))
    assert index.match(Text("Apple")) == []
    assert [found.topic for found in index.match(Text("Pear"))] == ["mine"]
