"""Rows of packed keys: what goes in comes out, whatever it is and however many."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.entry_keys import KEY_BYTES, TEXT_BYTES, Trace, dated
from storage.polling import packing
from storage.polling.packing import FIRST, NEVER, RECORD_BYTES, ROW_BYTES, Span

TODAY = 20_000
_texts = st.binary(min_size=TEXT_BYTES, max_size=TEXT_BYTES)
_said = st.one_of(
    st.tuples(_texts, _texts), st.just((b"", b"")), st.just((None, None))
)  # as it reads, a page, as before titles were remembered
_dates = st.none() | st.integers(0, (1 << 32) - 1).map(float)
_traces = st.builds(
    lambda said, *more: Trace(*said, *more), _said, _dates, st.booleans(), st.integers(0, 15)
)
_keys = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)
_shown = st.dictionaries(_keys, _traces, min_size=1, max_size=80)


@given(_shown, _keys)
def test_what_is_noted_is_known_as_it_was(shown: dict[bytes, Trace], other: bytes) -> None:
    packed = packing.noted(b"", shown, TODAY)
    assert len(packed) == RECORD_BYTES * len(shown)
    assert {key: packing.known(packed, key) for key in shown} == shown
    assert other in shown or packing.known(packed, other) is None


@given(_shown, _shown)
def test_what_reads_otherwise_takes_the_place_of_what_was_noted(
    before: dict[bytes, Trace], after: dict[bytes, Trace]
) -> None:
    packed = packing.noted(packing.noted(b"", before, TODAY), after, TODAY)
    everything = before | after
    assert {key: packing.known(packed, key) for key in everything} == everything
    assert len(packed) == RECORD_BYTES * len(everything)


@given(_shown)
def test_what_is_shown_again_is_written_every_other_day(shown: dict[bytes, Trace]) -> None:
    packed = packing.noted(b"", shown, TODAY)
    for day in (TODAY - 9, TODAY, TODAY + 1):
        assert packing.noted(packed, shown, day) is packed
    renewed = packing.noted(packed, shown, TODAY + 2)
    assert packing.days(renewed) == [TODAY + 2] * len(shown)
    assert {key: packing.known(renewed, key) for key in shown} == shown


@given(_shown)
def test_a_row_is_parted_by_where_its_keys_are(shown: dict[bytes, Trace]) -> None:
    packed = packing.noted(b"", shown, TODAY)
    parts = packing.parted(FIRST, packed)
    begins = [begins for begins, _ in parts]
    assert begins[0] == FIRST
    assert begins == sorted(set(begins))
    assert all(0 < len(part) <= ROW_BYTES for _, part in parts)
    for key, trace in shown.items():
        (holds,) = [n for n, (_, part) in enumerate(parts) if packing.known(part, key)]
        assert packing.known(parts[holds][1], key) == trace
        assert holds == sum(at <= packing.place_of(key) for at in begins) - 1


@given(st.lists(st.tuples(_keys, st.booleans(), st.integers(0, 9)), unique_by=lambda e: e[0]))
def test_own_and_spare_keys_go_by_days_of_their_own(each: list[tuple[bytes, bool, int]]) -> None:
    packed = b"".join(
        packing.record_of(key, Trace(b"ttl", b"sum", None, spare), day) for key, spare, day in each
    )
    kept = packing.kept(packed, 3, 6)
    left = [key for key, spare, day in each if day >= (6 if spare else 3)]
    assert [kept[at : at + KEY_BYTES] for at in range(0, len(kept), RECORD_BYTES)] == left
    if each:
        own = [day for _, spare, day in each if not spare]
        spares = [day for _, spare, day in each if spare]
        newest = max(own + spares)
        span = Span(newest, min(own, default=NEVER), min(spares, default=NEVER))
        assert packing.span(packed) == span


@given(st.floats(-1e12, 1e12))
def test_a_date_is_kept_as_traces_have_it(published: float) -> None:
    key = bytes(KEY_BYTES)
    record = packing.record_of(key, Trace(b"ttl", b"sum", published), TODAY)
    found = packing.known(record, key)
    assert found
    assert found.published == dated(published)


def test_a_key_is_not_found_across_two_records() -> None:
    one = packing.record_of(b"12345678", Trace(b"abc", b"def", None), TODAY)
    other = packing.record_of(b"ABCDEFGH", Trace(b"abc", b"def", None), TODAY)
    for at in range(1, RECORD_BYTES):
        assert packing.known(one + other, (one + other)[at : at + KEY_BYTES]) is None
