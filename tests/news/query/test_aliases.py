"""Other names: reading the table, what is offered and added, and what the shipped table holds."""

import re
import tracemalloc
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.data.shipped import aliases_text
from bot.errors import BadInput, QueryError
from bot.news.query.aliases import Aliases, name_term, read_aliases, shown
from bot.news.query.match import Query, StoryText, match
from bot.news.query.parse import MAX_QUERY, parse_query

TABLE = """
# invented
Northland; North Land; Nordland; =nord; ?NL | related: Harbourtown; snow
fish; herring; cod; herr*; 魚
harbour; harbor; port of call
"""
SMALL = read_aliases(TABLE)
COMMON = (Path(__file__).parent / "common_words.txt").read_text("utf-8").splitlines()


@cache
def _shipped() -> Aliases:
    return read_aliases(aliases_text())


def expanded(query: str, aliases: Aliases = SMALL) -> str:
    return str(aliases.expand(parse_query(query)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cod", "cod OR fish OR herring OR herr* OR 魚"),
        ("fishes", "fishes OR herring OR cod OR herr* OR 魚"),
        ("nl", 'nl OR northland OR "north land" OR nordland OR =nord'),
        ("north land", "north land OR northland OR nordland OR =nord"),
        ('"north land" ice', '("north land" OR northland OR nordland OR =nord) ice'),
        ("north land ice", "(north land OR northland OR nordland OR =nord) ice"),
        ("north ice land", "north ice land"),
        ("ice OR harbor", 'ice OR harbor OR harbour OR "port of call"'),
        ("title:harbor", 'title:harbor OR title:harbour OR title:"port of call"'),
        ("ice -harbor", "ice -harbor"),
        ("harbour -harbor", '(harbour OR "port of call") -harbor'),
        ("fish -cod", "(fish OR herring OR herr* OR 魚) -cod"),
        ("=harbor", "=harbor"),
        ("harb*", "harb*"),
        ("source:harbor ice", "source:harbor ice"),
        ("near(harbor ice, 5)", "near(harbor ice, 5)"),
    ],
)  # fmt: skip
def test_a_query_is_expanded(query: str, expected: str) -> None:
    assert expanded(query) == expected
    assert expanded(expected) == expected


def test_an_offer_names_the_word_and_what_is_missing() -> None:
    (offer,) = SMALL.offers(parse_query("nordland OR northland"))
    assert offer.word == "nordland"
    assert offer.names == ("North Land", "=nord")
    assert offer.related == ("Harbourtown", "snow")


def test_chosen_names_are_included_and_the_rest_is_offered_again() -> None:
    query = SMALL.include(parse_query("nordland snow"), "nordland", ["North Land"])
    assert str(query) == '(nordland OR "north land") snow'
    assert SMALL.offers(query)[0].names == ("Northland", "=nord")
    assert str(SMALL.include(query, "nordland", ["Harbourtown"])) == (
        '(nordland OR "north land" OR harbourtown) snow'
    )
    assert SMALL.include(query, "mountain", ["hill"]) == query


def test_a_query_never_grows_beyond_what_can_be_read() -> None:
    others = ", ".join(f"w{number:08}" for number in range(302))
    query = parse_query(f"harbor, nordland, {others}")
    grown = SMALL.expand(query)
    assert len(str(query)) < len(str(grown)) <= MAX_QUERY
    assert parse_query(str(grown)) == grown
    assert SMALL.expand(grown) == grown
    assert SMALL.offers(grown)
    full = parse_query(", ".join(f"w{number:03}" for number in range(398)) + ", cod, nordland")
    assert SMALL.expand(full) == full


def test_a_name_is_shown_without_its_signs() -> None:
    assert [shown(name) for name in ("=nord", "herr*", "North Land")] == [
        "nord", "herr", "North Land",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("alone", "Line 1 needs two names"),
        ("\n# x\na; b; ; c", "Line 3 has an empty name"),
        ("ab; cd | also: x", "Line 1: after the | there must be 'related:'"),
        ("ab; cd | related:", "Line 1 has an empty name"),
        ('ab; "cd"', "cannot be a name"),
        ("ab; (cd)", "cannot be a name"),
        ("ab; ...", "cannot be a name"),
        ("ab; " + "x" * 61, "cannot be a name"),
        ("ab; c*", "two letters or more"),
        ("ab; cd\nef; CD", "Line 2: 'CD' is a name on line 1 already"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(table: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_aliases(table)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


WORDS = ["north", "land", "northland", "nordland", "nord", "nl", "fish", "cod", "harbor", "ice"]
TERMS = st.sampled_from([*WORDS, '"north land"', "herr*", "=cod", "title:cod", "魚"])


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(parts, min_size=1, max_size=3)
    return (
        some.map(" ".join)
        | some.map(lambda found: f"({' OR '.join(found)})")
        | parts.map(lambda found: f"-({found})")
    )


def _read(text: str) -> Query | None:
    try:
        return parse_query(text)
    except QueryError:
        return None


QUERIES = st.recursive(TERMS, _joined, max_leaves=8).map(_read).filter(lambda q: q is not None)


@given(QUERIES)
@settings(deadline=None)
def test_an_expanded_query_prints_and_expands_to_itself(query: Query) -> None:
    grown = SMALL.expand(query)
    assert parse_query(str(grown)) == grown
    assert SMALL.expand(grown) == grown


@given(QUERIES, st.lists(st.sampled_from([*WORDS, "herring", "of", "魚"]), max_size=8))
@settings(deadline=None)
def test_an_expanded_query_matches_whatever_the_query_matches(
    query: Query, said: list[str]
) -> None:
    text = StoryText(" ".join(said))
    if "-" not in str(query) and match(query, text) is not None:
        assert match(SMALL.expand(query), text) is not None


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("usa", {"United States", "America", "США", "الولايات المتحدة", "ארצות הברית"}),
        ("U.S.", {"United States", "US military"}),
        ("gaza", {"Gaza Strip", "غزة", "עזה", "加沙"}),
        ("ai", {"artificial intelligence", "人工智能"}),
        ("ukraine", {"Ukrainian", "Украина", "україн*"}),
        ("fed", {"Federal Reserve", "FOMC"}),
        ("tariffs", {"import duty", "Zölle", "关税"}),
        ("артиллерия", set()),
        ("kiev", {"Kyiv", "Київ"}),
        ("turkey", {"Türkiye", "Turkish", "تركيا"}),
        ("mergers", {"takeover", "buyout"}),
    ],
)
def test_the_shipped_table_offers(query: str, offered: set[str]) -> None:
    names = {name for offer in _shipped().offers(parse_query(query)) for name in offer.names}
    assert offered <= names


def test_related_words_come_apart_from_names() -> None:
    (offer,) = _shipped().offers(parse_query("ukraine"))
    assert "Kyiv" in offer.related
    assert "Kyiv" not in offer.names


@pytest.mark.parametrize("name", ["US", "U.S.", "AI", "UN", "WHO", "ICE", "Polish", "Georgia"])
def test_what_also_means_something_else_is_understood_but_never_added(name: str) -> None:
    assert _shipped().offers(parse_query(name))
    added = {name_term(known).words for group in _shipped().groups for known in group.names}
    assert name_term(name).words not in added


@pytest.mark.slow
@pytest.mark.parametrize("line", COMMON, ids=lambda line: str(line)[:2])
def test_no_shipped_name_finds_a_common_word(line: str) -> None:
    language, *common = line.split()
    texts = [(word, StoryText(word, language=language)) for word in common]
    found = [
        (word, name)
        for group in _shipped().groups
        for name in group.names
        if len((term := name_term(name)).words) == 1
        for word, text in texts
        if text.places(term)
    ]
    assert found == []


def test_no_shipped_name_mixes_scripts_in_a_word() -> None:
    for group in _shipped().groups:
        for word in re.findall(r"[^\W\d]+", " ".join((*group.names, *group.related))):
            scripts = {unicodedata.name(char).split()[0] for char in word}
            assert len(scripts & {"LATIN", "CYRILLIC", "ARABIC", "HEBREW"}) <= 1, word


def test_the_shipped_table_knows_several_hundred_matters() -> None:
    assert len(_shipped().groups) >= 450
    names = [name for group in _shipped().groups for name in group.names]
    assert all(len(str(name_term(name))) <= 70 for name in names)


@pytest.mark.slow
def test_the_shipped_table_takes_little_room() -> None:
    text = aliases_text()
    tracemalloc.start()
    try:
        kept = read_aliases(text)
        room, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept.groups
    assert room < 5_000_000  # three times the room of its words


def test_who_comes_first_has_a_name_whichever_form_it_has() -> None:
    stem_first = read_aliases("ferries; boats\nferri; pier")
    assert [offer.names for offer in stem_first.offers(parse_query("ferry"))] == [("boats",)]
    word_first = read_aliases("ferri; pier\nferries; boats")
    assert [offer.names for offer in word_first.offers(parse_query("ferry"))] == [("pier",)]
