"""What is kept of a document that was shown, and what it stands for."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.polling import shown
from bot.news.polling.entry_keys import entry_keys_of, entry_reads
from bot.news.polling.identity import Beside, KnownBy, Policy, judge, keys_to_recall
from bot.news.polling.shown import ShownEntry, shown_entry
from bot.news.story import ParsedEntry

CONTEXT = b"c" * 16


def article(n: int) -> ParsedEntry:
    """An article that shares nothing with others; every fifth has no date, every seventh no id."""
    return ParsedEntry(
        f"tag:{n}" if n % 7 else None,
        f"https://quay.example/{n}",
        f"Tide number {n}",
        f"Low at {n}",
        n * 60.0 if n % 5 else None,
    )


def kept(entries: list[ParsedEntry]) -> list[ShownEntry]:
    return [shown_entry(b"%08d" % n, keys) for n, keys in enumerate(entry_keys_of(entries))]


def test_what_is_kept_is_read_again_in_its_order() -> None:
    articles = [article(n) for n in (9, 7, 5, 3)]
    entries = kept(articles)
    found = shown.read(shown.stored(CONTEXT, entries))
    assert (found.context, list(found.entries.values())) == (CONTEXT, entries)
    assert list(found.entries) == [b"%08d" % n for n in range(4)]
    assert shown.dates_of(entries) == [each.published for each in articles]
    assert shown.reads_of(entries) == [entry_reads(each) for each in articles]
    assert shown.beside(entries) == Beside(4, 3, 4)


def test_nothing_holds_of_another_version_or_a_damaged_row() -> None:
    stored = shown.stored(CONTEXT, kept([article(1), article(2)]))
    for damaged in (b"\x00" + stored[1:], stored[:-1], stored[:10], b""):
        assert shown.read(damaged).entries == {}
    assert len(stored) <= 2 * 40 + 20


def test_entries_that_share_an_id_a_page_or_a_headline_are_not_apart() -> None:
    one = article(1)
    assert shown.are_apart(kept([one, article(2), article(3)]))
    for other in (
        replace(article(2), id=one.id),
        replace(article(2), link="https://www.quay.example/1/#later"),
        replace(article(2), title="Tide number 1!"),
        replace(article(2), title=""),
    ):
        nameless = replace(article(3), title="", summary="Low at 2")
        assert not shown.are_apart(kept([one, other, nameless]))


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=12, unique=True),
    st.lists(st.integers(1, 40), max_size=6, unique=True),
    st.lists(st.integers(1, 30), max_size=3, unique=True),
    st.sampled_from(KnownBy),
)
def test_what_was_shown_before_bears_on_the_others_as_if_it_were_judged(
    before: list[int], fresh: list[int], edited: list[int], known_by: KnownBy
) -> None:
    first = entry_keys_of([article(n) for n in before])
    at_last = judge(Policy(known_by), first, {})
    policy, memory = at_last.policy, dict(at_last.traces)
    at_first = {keys.entry: shown_entry(b"%08d" % n, keys) for n, keys in enumerate(first)}
    entries = [article(n) for n in dict.fromkeys([*fresh, *before])]
    entries = [
        replace(entry, title=f"{entry.title}, rewritten") if n in edited else entry
        for entry in entries
        for n in [int(entry.summary.split()[-1])]
    ]
    whole = entry_keys_of(entries)
    known = [at_first[entry] for entry in entries if entry in at_first]
    part = entry_keys_of([entry for entry in entries if entry not in at_first])
    recalled = {k: memory[k] for k in keys_to_recall(whole) if k in memory}
    expected = judge(policy, whole, recalled)
    of_part = {k: memory[k] for k in keys_to_recall(part) if k in memory}
    found = judge(policy, part, of_part, beside=shown.beside(known))
    assert found.policy == expected.policy
    if found.policy != policy:
        return  # the whole is read then
    assert found.new == expected.new
    assert found.rewritten == expected.rewritten
    of_new = [each for each in expected.document if each[1] not in at_first]
    assert list(found.document) == of_new
    changed = {k: t for k, t in expected.traces.items() if memory.get(k) != t}
    assert {k: t for k, t in found.traces.items() if memory.get(k) != t} == changed
