"""By what an entry is known again, and what happens when its feed breaks that."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.polling.entry_keys import Trace, entry_keys_of
from bot.news.polling.identity import Judgement, KnownBy, Policy, judge, keys_to_recall
from bot.news.story import ParsedEntry
from bot.news.why import Code, Why, because

Document = list[ParsedEntry]
DAY = 86_400.0


def entry(
    id: str | None = None,
    link: str | None = None,
    title: str = "",
    published: float | None = None,
    summary: str = "",
) -> ParsedEntry:
    return ParsedEntry(id, link, title, summary, published)


def article(n: int, **other: object) -> ParsedEntry:
    """The n-th article of a feed that does everything right."""
    made = entry(
        f"tag:{n}", f"https://x.example/{n}", f"Headline number {n}", n * 60.0, f"Text {n}"
    )
    return replace(made, **other)


def articles(*numbers: int) -> Document:
    return [article(n) for n in numbers]


def _whys(*codes: Code) -> tuple[Why, ...]:
    return tuple(because(code) for code in codes)


class Reader:
    """Polls by hand: keeps policy and memory from one document to the next, as storage does."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()
        self.memory: dict[bytes, Trace] = {}
        self.last: Judgement | None = None

    def read(self, document: Document) -> list[str]:
        """The titles of the new entries."""
        marks = entry_keys_of(document)
        recalled = {k: self.memory[k] for k in keys_to_recall(marks) if k in self.memory}
        self.last = judge(self.policy, marks, recalled)
        self.policy = self.last.policy
        self.memory |= self.last.traces
        return [new.title for _, new in self.last.new]

    def rewritten(self) -> list[str]:
        """The headlines that the last document rewrote."""
        assert self.last
        return [rewrite.title for rewrite in self.last.rewritten]


def titles(*numbers: int) -> list[str]:
    return [f"Headline number {n}" for n in numbers]


# --- a feed that does everything right ---------------------------------------------------------


def test_an_entry_is_new_once_and_stays_known_when_it_comes_back() -> None:
    """hostile: truncates, then restores old items"""
    reader = Reader()
    assert reader.read(articles(3, 2, 1)) == titles(3, 2, 1)
    assert reader.read(articles(4, 3)) == titles(4)
    assert reader.read([]) == []
    assert reader.read(articles(5, 4, 3, 2, 1)) == titles(5)
    assert reader.policy == Policy()


@pytest.mark.hostile(80)
def test_an_edit_in_place_is_no_news_and_its_headline_is_noticed_once() -> None:
    reader = Reader()
    reader.read(articles(2, 1))
    edited = article(1, title="Headline one, rewritten", summary="More", published=500.0)
    assert reader.read([article(2), edited]) == []
    assert reader.rewritten() == ["Headline one, rewritten"]
    assert reader.read([article(2), edited]) == []
    assert reader.rewritten() == []
    assert reader.policy == Policy()


def test_a_rewrite_has_the_key_of_its_report_and_other_edits_are_none() -> None:
    reader = Reader()
    reader.read(articles(1))
    assert reader.last
    ((key, _),) = reader.last.new
    reader.read([article(1, summary="Only the text grew")])
    assert reader.rewritten() == []
    reader.read([article(1, title="Headline number one!")])
    assert reader.rewritten() == ["Headline number one!"]
    assert reader.last.rewritten[0].key == key


def test_capitals_and_points_are_no_rewriting() -> None:
    reader = Reader()
    reader.read(articles(1))
    reader.read([article(1, title="Headline Number 1.")])
    assert reader.rewritten() == []


def test_a_new_address_and_a_new_headline_at_once_are_an_edit_while_the_date_stays() -> None:
    reader = Reader()
    reader.read(articles(2, 1))
    moved = article(1, link="https://x.example/better", title="A better headline")
    assert reader.read([article(2), moved]) == []
    assert reader.rewritten() == ["A better headline"]


@pytest.mark.parametrize("text", ["\ud83d", "\x00", "é" * 1000, " ", "x" * 100_000])
@pytest.mark.hostile(80)
def test_any_text_can_be_an_id(text: str) -> None:
    reader = Reader()
    assert reader.read([entry(text, text, text)]) == [text]
    assert reader.read([entry(text, text, text)]) == []
    assert all(len(key) == 8 for key in reader.memory)


@pytest.mark.hostile(80)
def test_ids_that_differ_in_capitals_or_at_their_end_are_two() -> None:
    long = "x" * 100_000
    ids = ["Abc", "abc", long + "x", long + "y"]
    assert len(Reader().read([article(n, id=id) for n, id in enumerate(ids)])) == 4


# --- ids ---------------------------------------------------------------------------------------


def test_ids_that_change_at_every_poll_ring_nothing_twice_and_what_is_new_rings() -> None:
    """hostile: flips guid on every fetch"""
    reader = Reader()
    for poll in range(5):
        numbers = range(poll + 10, poll, -1)
        document = [article(n, id=f"{poll}-{n}") for n in numbers]
        assert reader.read(document) == titles(*(numbers if poll == 0 else [poll + 10]))
    assert reader.policy == Policy(KnownBy.LINK, _whys(Code.IDS_CHANGE))


def test_ids_that_change_are_noticed_in_a_feed_of_one_entry() -> None:
    reader = Reader()
    reader.read([article(1, id="a")])
    assert reader.read([article(1, id="b")]) == []
    assert reader.policy.known_by is KnownBy.LINK


def test_ids_that_changed_once_make_nothing_new_even_where_dates_changed_too() -> None:
    reader = Reader()
    reader.read(articles(5, 4, 3, 2, 1))
    assert reader.read([article(n, id=f"new-{n}", published=9e6) for n in (5, 4, 3, 2, 1)]) == []
    assert reader.policy.known_by is KnownBy.LINK


def test_ids_that_change_while_headlines_are_rewritten_are_known_by_link() -> None:
    reader = Reader()
    reader.read(articles(3, 2, 1))
    document = [article(n, id=f"new-{n}") for n in (3, 2, 1)]
    document[0] = replace(document[0], title="Rewritten")
    assert reader.read(document) == []
    assert reader.rewritten() == ["Rewritten"]


@pytest.mark.hostile(80)
def test_an_id_that_repeats_in_a_document_loses_no_entry_and_repeats_none() -> None:
    reader = Reader()
    assert reader.read([article(n, id="x") for n in (3, 2, 1)]) == titles(3, 2, 1)
    assert reader.policy == Policy(KnownBy.LINK, _whys(Code.IDS_REPEAT))
    assert reader.read([article(n, id="x") for n in (4, 3, 2)]) == titles(4)


def test_an_id_that_begins_to_repeat_makes_nothing_new_that_was_known() -> None:
    reader = Reader()
    reader.read(articles(3, 2, 1))
    assert reader.read([article(4, id="x"), article(3, id="x"), *articles(2, 1)]) == titles(4)
    assert reader.policy.known_by is KnownBy.LINK


def test_two_versions_under_one_id_and_link_are_one_entry() -> None:
    """RFC 4287, section 4.1.1"""
    reader = Reader()
    assert reader.read([article(1, title="Second version"), article(1)]) == ["Second version"]
    assert reader.policy == Policy()


@pytest.mark.parametrize("missing", [None, ""])
@pytest.mark.hostile(80)
def test_where_ids_are_missing_links_are_taken(missing: str | None) -> None:
    reader = Reader()
    reader.read([article(n, id=missing) for n in (2, 1)])
    assert reader.policy == Policy(KnownBy.LINK, _whys(Code.IDS_MISSING))
    assert reader.read([article(n, id=missing) for n in (3, 2, 1)]) == titles(3)


def test_one_entry_without_an_id_is_known_by_its_link_and_the_policy_stays() -> None:
    reader = Reader()
    document = [article(3), article(2), article(1, id=None)]
    reader.read(document)
    assert reader.read(document) == []
    assert reader.policy == Policy()


def test_one_id_for_ever_new_articles_silences_none_of_them() -> None:
    reader = Reader()
    reader.read([article(1, id="x")])
    assert reader.read([article(2, id="x")]) == titles(2)
    assert reader.policy == Policy(KnownBy.LINK, _whys(Code.IDS_REUSED))
    assert reader.read([article(3, id="x")]) == titles(3)
    assert reader.read([article(2, id="x")]) == []


def test_an_id_used_again_among_others_is_news_and_the_policy_stays() -> None:
    reader = Reader()
    reader.read(articles(4, 3, 2, 1))
    assert reader.read([article(9, id="tag:2"), *articles(4, 3, 1)]) == titles(9)
    assert reader.policy == Policy()
    assert reader.rewritten() == []


def test_ids_that_count_places_in_the_feed_are_found_out() -> None:
    reader = Reader()
    reader.read([article(n, id=str(place)) for place, n in enumerate((4, 3, 2, 1))])
    assert reader.read([article(n, id=str(p)) for p, n in enumerate((5, 4, 3, 2))]) == titles(5)
    assert reader.policy.known_by is KnownBy.LINK
    assert reader.rewritten() == []


# --- links -------------------------------------------------------------------------------------


def _session(n: int, poll: int) -> ParsedEntry:
    return article(n, id=None, link=f"https://x.example/{poll:08x}/{n}")


def test_links_that_carry_a_visit_are_known_without_it() -> None:
    reader = Reader()
    for poll in range(3):
        link = f"https://x.example/1;jsessionid=A{poll}?sid={poll}0123456789abcdef0123456789"
        assert reader.read([article(1, id=None, link=link)]) == titles(1)[poll:]
    assert reader.policy.known_by is KnownBy.LINK


def test_links_that_change_at_every_poll_are_given_up_for_title_and_date() -> None:
    reader = Reader()
    for poll in range(4):
        numbers = [poll + 3, poll + 2, poll + 1]
        expected = numbers if poll == 0 else [poll + 3]
        assert reader.read([_session(n, poll) for n in numbers]) == titles(*expected)
    assert reader.policy == Policy(KnownBy.MOMENT, _whys(Code.IDS_MISSING, Code.LINKS_CHANGE))


def test_ids_and_links_that_change_together_are_both_given_up() -> None:
    reader = Reader()
    reader.read([replace(_session(n, 0), id=f"0-{n}") for n in (3, 2, 1)])
    assert reader.read([replace(_session(n, 1), id=f"1-{n}") for n in (4, 3, 2)]) == titles(4)
    assert reader.policy == Policy(KnownBy.MOMENT, _whys(Code.IDS_CHANGE, Code.LINKS_CHANGE))


def test_ids_links_and_dates_that_change_leave_the_title() -> None:
    reader = Reader()

    def document(poll: int, *numbers: int) -> Document:
        return [replace(_session(n, poll), id=f"{poll}-{n}", published=1e6 + poll) for n in numbers]

    reader.read(document(0, 4, 3, 2, 1))
    assert reader.read(document(1, 4, 3, 2, 1)) == []
    assert reader.policy.known_by is KnownBy.TITLE
    assert reader.read(document(2, 5, 4, 3, 2)) == titles(5)


@pytest.mark.hostile(82)
def test_one_link_for_all_entries_identifies_none() -> None:
    reader = Reader()

    def document(*numbers: int) -> Document:
        return [article(n, id=None, link="https://x.example/news") for n in numbers]

    assert reader.read(document(3, 2, 1)) == titles(3, 2, 1)
    assert reader.policy.known_by is KnownBy.MOMENT
    assert reader.read(document(4, 3, 2)) == titles(4)


@pytest.mark.parametrize("front", ["https://x.example", "https://www.x.example/?utm_source=rss"])
def test_the_front_page_identifies_nothing(front: str) -> None:
    reader = Reader()
    assert reader.read([article(1, id=None, link=front)]) == titles(1)
    assert reader.read([article(2, id=None, link=front)]) == titles(2)


def test_places_in_one_page_are_different_links() -> None:
    reader = Reader()
    one, two = (article(n, id=None, link=f"https://x.example/log#v{n}") for n in (1, 2))
    reader.read([one])
    assert reader.read([two, one]) == titles(2)
    assert reader.policy.known_by is KnownBy.LINK


# --- series ------------------------------------------------------------------------------------


@pytest.mark.hostile(82)
def test_a_series_with_one_title_rings_each_issue_by_id_and_by_link() -> None:
    for id in ("tag:{}", ""):
        reader = Reader()
        for day in range(1, 5):
            issues = [
                article(n, id=id.format(n), title="Weather", published=n * DAY)
                for n in range(day, 0, -1)
            ]
            assert reader.read([*issues, article(99, id=id.format(99))])[:1] == ["Weather"]
        assert reader.policy.known_by is (KnownBy.ID if id else KnownBy.LINK)


def test_a_series_without_ids_and_links_rings_each_issue_by_date() -> None:
    reader = Reader()
    for day in range(1, 5):
        document = [entry(title="Weather", published=day * DAY, summary=f"Day {day}")]
        assert reader.read(document) == ["Weather"]
    assert reader.policy.known_by is KnownBy.MOMENT


def test_two_quizzes_with_the_same_text_every_day_both_ring_every_day() -> None:
    reader = Reader()
    for day in range(1, 5):
        document = [
            article(100 * quiz + day, title=f"Quiz {quiz}", summary="Play", published=day * DAY)
            for quiz in (1, 2)
        ]
        assert len(reader.read(document)) == 2
    assert reader.policy == Policy()


def test_notices_of_one_title_and_one_date_all_ring() -> None:
    reader = Reader()
    for batch in range(4):
        numbers = range(batch * 5, batch * 5 + 5)
        document = [article(n, title="Notice", published=DAY, summary=f"No {n}") for n in numbers]
        assert len(reader.read(document)) == 5
    assert reader.policy == Policy()


@pytest.mark.hostile(82)
def test_fifty_equal_titles_without_anything_else_are_told_apart_by_their_texts() -> None:
    document = [entry(title="Same", summary=f"Text {n}") for n in range(50)]
    reader = Reader()
    assert len(reader.read(document)) == 50
    assert reader.read(document) == []


@pytest.mark.hostile(80)
@pytest.mark.parametrize("published", [None, 60.0])
def test_an_entry_by_title_alone_rings_once_though_others_of_its_title_come_and_go(
    published: float | None,
) -> None:
    storm, calm = (
        entry(title="Weather", published=published, summary=text) for text in ("Storm", "Calm")
    )
    others = [entry(title=f"Notice {n}", published=published, summary="All day") for n in range(3)]
    reader = Reader()
    reader.read([storm, *others])
    assert reader.read([calm, storm, *others]) == ["Weather"]
    assert reader.read([calm, storm, *others]) == []
    assert reader.read([calm, *others]) == []
    later = Reader()
    later.read([calm, storm, *others])
    assert later.read([storm, *others]) == []
    assert later.read([replace(storm, summary="Fog"), *others]) == []  # as ever: a title is enough


def test_entries_without_titles_are_known_by_their_texts() -> None:
    reader = Reader()
    reader.read([entry(summary="The ferry is late")])
    assert reader.read([entry(summary="The ferry is late")]) == []
    assert len(reader.read([entry(summary="The ferry is back")])) == 1


# --- memory of databases that knew one key an entry -------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        lambda e: e,
        lambda e: replace(e, id=None),
        lambda e: replace(e, id="x"),
        lambda e: replace(e, id=None, link="https://x.example/news"),
        lambda e: replace(e, id=None, link=f"{e.link}?sid=0123456789abcdef0123456789abcdef"),
    ],
)
def test_what_a_former_version_saw_stays_seen(
    spoil: Callable[[ParsedEntry], ParsedEntry],
) -> None:
    document = [spoil(e) for e in articles(3, 2, 1)]
    reader = Reader()
    reader.memory = {marks.former: Trace(None, None, None) for marks in entry_keys_of(document)}
    assert reader.read(document) == []
    assert reader.rewritten() == []
    assert reader.read([spoil(article(4)), *document[:2]]) == titles(4)


def test_keys_of_a_former_version_are_computed_as_they_were() -> None:
    found = [entry_keys_of([e])[0].former.hex() for e in (article(1), article(1, id=None))]
    assert found == ["ff4061612eb25f43", "1d5b90467899eb41"]


# --- properties --------------------------------------------------------------------------------

_short = st.sampled_from(["", "a", "b", "A", "https://x.example/a", "https://x.example/b"])
_documents = st.lists(
    st.builds(
        entry,
        st.none() | _short,
        st.none() | _short,
        _short,
        st.sampled_from([None, 1.0, 2.0]),
        st.sampled_from(["", "s"]),
    ),
    max_size=8,
)
_polls = st.lists(_documents, min_size=1, max_size=6)


@given(_polls)
def test_what_was_just_read_is_never_new_and_the_policy_never_rises(polls: list[Document]) -> None:
    reader, rungs = Reader(), list(KnownBy)
    for document in polls:
        before = reader.policy
        reader.read(document)
        assert rungs.index(reader.policy.known_by) >= rungs.index(before.known_by)
        assert reader.read(document) == []
        assert reader.rewritten() == []


@given(_documents)
def test_each_entry_of_a_first_document_is_new_or_shares_a_key_with_one_that_is(
    document: Document,
) -> None:
    reader = Reader()
    reader.read(document)
    assert reader.last
    new = {key for key, _ in reader.last.new}
    assert len(new) == len(reader.last.new)
    for marks in entry_keys_of(document):
        assert new & set(marks.keys)


@given(_documents.flatmap(lambda d: st.tuples(st.just(d), st.permutations(d))))
def test_the_order_of_a_document_does_not_matter(documents: tuple[Document, Document]) -> None:
    straight, shuffled = ({m.entry: m for m in entry_keys_of(d)} for d in documents)
    assert straight == shuffled


_habits: st.SearchStrategy[Callable[[ParsedEntry, int], ParsedEntry]] = st.sampled_from(
    [
        lambda e, poll: e,
        lambda e, poll: replace(e, id=f"{poll}-{e.id}"),
        lambda e, poll: replace(e, id=""),
        lambda e, poll: replace(e, id="x"),
        lambda e, poll: replace(e, id="", link=f"https://x.example/{poll}/{e.title}"),
        lambda e, poll: replace(e, id=f"{poll}-{e.id}", link=f"https://x.example/{poll}/{e.id}"),
        lambda e, poll: replace(e, id=f"{poll}-{e.id}", published=1e6 * poll),
        lambda e, poll: replace(e, id=None, link=None),
        lambda e, poll: replace(e, id=None, published=None),
    ]
)


@given(_habits, st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_whatever_a_feed_does_to_its_ids_each_article_is_new_exactly_once(
    habit: Callable[[ParsedEntry, int], ParsedEntry], news: list[int]
) -> None:
    reader, told, newest = Reader(), [], 6
    for poll, more in enumerate([0, *news]):
        newest += more
        window = range(newest, newest - 6, -1)
        told += reader.read([habit(article(n), poll) for n in window])
    assert sorted(told) == sorted(titles(*range(1, newest + 1)))


def test_a_document_that_breaks_off_lowers_nothing() -> None:
    reader = Reader()
    reader.read(articles(3, 2, 1))
    document = entry_keys_of([entry(title="Only what came through")])
    judged = judge(reader.policy, document, {}, lowers=False)
    assert judged.policy == Policy()
    assert len(judged.new) == 1
    assert judge(reader.policy, document, {}).policy != Policy()


# --- a page on which entries follow one another --------------------------------------------------

PAGE = "https://status.example/"


def _notice(number: int, title: str) -> ParsedEntry:
    return ParsedEntry(f"notice-{number}", f"{PAGE}now", title, f"Text {number}.", 1e9 + number)


def test_a_new_id_with_a_new_title_under_a_link_that_was_seen_is_news_and_the_link_is_a_page() -> (
    None
):
    memory: dict[bytes, Trace] = {}
    on_pages = []
    for number, title in enumerate(("Login slow", "Login mended", "Customer data stolen")):
        judged = judge(Policy(), entry_keys_of([_notice(number, title)]), memory)
        assert [entry.title for _, entry in judged.new] == [title]
        assert judged.policy == Policy()
        on_pages.append(len(judged.on_pages))
        memory |= judged.traces
    # The second is found to be the page's; from the third on its link is remembered to be one.
    assert on_pages == [0, 0, 1]


def test_a_link_that_several_entries_of_a_document_share_stays_a_page_when_one_is_left() -> None:
    memory: dict[bytes, Trace] = {}
    both = [_notice(1, "Login slow"), _notice(2, "Mail is late")]
    judged = judge(Policy(), entry_keys_of(both), memory)
    assert len(judged.on_pages) == 2
    judged = judge(
        Policy(), entry_keys_of([_notice(3, "Customer data stolen")]), dict(judged.traces)
    )
    assert (len(judged.new), len(judged.on_pages)) == (1, 1)


def test_a_headline_rewritten_in_place_makes_no_page_of_its_link() -> None:
    before = judge(Policy(), entry_keys_of([_notice(1, "Login slow")]), {})
    rewritten = judge(Policy(), entry_keys_of([_notice(1, "Login is slow")]), before.traces)
    assert [each.title for each in rewritten.rewritten] == ["Login is slow"]
    assert (rewritten.new, rewritten.on_pages) == ((), frozenset())
    assert rewritten.traces.keys() <= before.traces.keys() | {
        key for m in entry_keys_of([_notice(1, "Login is slow")]) for key in m.keys
    }
