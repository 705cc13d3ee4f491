"""An upgrade that reads better: nothing rings again or looks corrected because of it."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from bot.news.polling.entry_keys import Trace, entry_keys_of, former_entry_keys_of
from bot.news.polling.identity import Judgement, KnownBy, Policy, judge
from bot.news.polling.rereading import all_keys, in_todays_words
from bot.news.story import ParsedEntry

HOUR = 3600.0


def entry(n: int, then: Mapping[str, object] | None = None, **now: object) -> ParsedEntry:
    """An article, and what an earlier version read otherwise of it."""
    made = ParsedEntry(
        f"tag:{n}", f"https://q.example/{n}", f"Tide table <{n}>", f"Text {n}", n * HOUR
    )
    made = replace(made, **now)
    return replace(made, formerly=replace(made, **then)) if then else made


def former_memory(policy: Policy, entries: list[ParsedEntry]) -> dict[bytes, Trace]:
    """What an earlier version remembered of a document."""
    traces = judge(policy, former_entry_keys_of(entries), {}).traces
    return {key: replace(trace, reading=0) for key, trace in traces.items()}


def reread(policy: Policy, entries: list[ParsedEntry], memory: dict[bytes, Trace]) -> Judgement:
    document, formerly = entry_keys_of(entries), former_entry_keys_of(entries)
    stored = {key: memory[key] for key in all_keys(document, formerly) if key in memory}
    return judge(policy, document, in_todays_words(stored, document, formerly))


FEEDS: dict[KnownBy, dict[str, object]] = {
    KnownBy.ID: {},
    KnownBy.LINK: {"id": None},
    KnownBy.MOMENT: {"id": None, "link": None},
    KnownBy.TITLE: {"id": None, "link": None, "published": None},
}
READ_OTHERWISE: dict[str, dict[str, object]] = {
    "title": {"title": "Tide table<br>"},
    "summary": {"summary": "A caption"},
    "all": {"title": "Tide", "summary": "", "published": 8 * HOUR},
}


@pytest.mark.parametrize("known_by", KnownBy)
@pytest.mark.parametrize("read", READ_OTHERWISE)
def test_what_is_read_better_is_neither_new_nor_corrected(known_by: KnownBy, read: str) -> None:
    policy = Policy(known_by)
    fixed = FEEDS[known_by]
    entries = [
        entry(n, {**READ_OTHERWISE[read], "title": f"{READ_OTHERWISE[read].get('title', n)} {n}",
                  **fixed}, **fixed)
        for n in range(1, 5)
    ]  # fmt: skip
    memory = former_memory(policy, entries)
    judged = reread(policy, entries, memory)
    assert (judged.new, judged.rewritten, judged.policy) == ((), (), policy)
    again = reread(policy, entries, memory | dict(judged.traces))
    assert (again.new, again.rewritten) == ((), ())


def test_an_invented_link_that_is_gone_makes_nothing_new() -> None:
    entries = [
        entry(n, {"link": f"https://q.example/{n}9", "id": None}, link=None, id=None)
        for n in range(1, 4)
    ]
    policy = Policy(KnownBy.LINK)
    judged = reread(policy, entries, former_memory(policy, entries))
    assert (judged.new, judged.rewritten) == ((), ())


def test_a_link_that_was_not_found_before_makes_nothing_new() -> None:
    entries = [entry(n, {"link": None, "id": None}, id=None) for n in range(1, 4)]
    policy = Policy(KnownBy.LINK)
    judged = reread(policy, entries, former_memory(policy, entries))
    assert (judged.new, judged.rewritten) == ((), ())


def test_an_entry_without_title_is_known_though_its_summary_reads_otherwise() -> None:
    nothing = {"id": None, "link": None, "published": None, "title": ""}
    entries = [entry(n, {**nothing, "summary": f"A caption {n}"}, **nothing) for n in range(1, 4)]
    policy = Policy(KnownBy.TITLE)
    assert not reread(policy, entries, former_memory(policy, entries)).new


def test_what_the_feed_changed_or_brought_meanwhile_is_seen() -> None:
    before = [entry(n, {"title": f"Tide table {n}"}) for n in range(1, 4)]
    memory = former_memory(Policy(), before)
    corrected = entry(2, {"title": "Tide table 2 withdrawn"}, title="Tide table <2> withdrawn")
    judged = reread(Policy(), [entry(9), before[0], corrected, before[2]], memory)
    assert [new.id for _, new in judged.new] == ["tag:9"]
    assert [each.title for each in judged.rewritten] == ["Tide table <2> withdrawn"]


def test_what_was_stored_by_this_reading_is_not_translated_again() -> None:
    """Two titles that only differ in what an earlier version dropped are two."""
    policy = Policy(KnownBy.TITLE)
    nothing = {"id": None, "link": None, "published": None}
    plain = entry(1, None, title="The dialog", **nothing)
    tagged = entry(2, {"title": "The dialog", **nothing}, title="The <b> dialog", **nothing)
    memory = dict(reread(policy, [plain], {}).traces)
    assert reread(policy, [tagged], memory).new


def test_a_counter_neither_rewrites_nor_makes_new() -> None:
    for known_by, fixed in FEEDS.items():
        policy = Policy(known_by)
        memory = former_memory(policy, [entry(1, None, title="Ferry (3 comments)", **fixed)])
        for count in (4, 12):
            judged = reread(
                policy, [entry(1, None, title=f"Ferry ({count} comments)", **fixed)], memory
            )
            if count > 4:  # the version before took the counter for a part of the headline
                assert (judged.new, judged.rewritten) == ((), ()), known_by
            memory |= dict(judged.traces)
