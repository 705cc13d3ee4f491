"""Ready-made topics: reading their file, and what the shipped ones bring and leave out."""

from functools import cache
from pathlib import Path

import pytest

from bot.data.shipped import presets_text
from bot.errors import BadInput
from bot.news.query.match import StoryText, match
from bot.news.query.parse import parse_query
from bot.news.query.presets import MAX_KEY, Preset, read_presets

TABLE = Path(__file__).parent / "preset_headlines.txt"
HEADLINES = [line for line in TABLE.read_text("utf-8").splitlines() if line and line[0] != "#"]


@cache
def _shipped() -> dict[str, Preset]:
    return {preset.key: preset for preset in read_presets(presets_text())}


def test_a_file_is_read() -> None:
    text = (
        "# x\n[Sea]\nfish = Fish and ships\n  cod OR\n  herring\n\n  -cake\nrain = Rain\n  rain\n"
    )
    assert read_presets(text) == (
        Preset("fish", "Sea", "Fish and ships", parse_query("cod OR herring -cake")),
        Preset("rain", "Sea", "Rain", parse_query("rain")),
    )
    (named,) = read_presets("[Sea]\nfish = Fish; trout ; cod\n  cod\n")
    assert (named.name, named.also) == ("Fish", ("trout", "cod"))
    assert read_presets("") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fish = Fish\n  cod", "Line 1 must come after a group"),
        ("[Sea]\n  cod", "Line 2 is set in, but no topic stands above it"),
        ("[Sea]\nfish\n  cod", "Line 2 must be a short key"),
        ("[Sea]\nFish = Fish\n  cod", "Line 2 must be a short key"),
        (f"[Sea]\n{'x' * 17} = Fish\n  cod", "Line 2 must be a short key"),
        ("[Sea]\na = A\n  cod\na = B\n  cod", "Line 4: the key 'a' is taken"),
        ("[Sea]\na = A\n", "topic of line 2 cannot be read: There are no words"),
        ("[Sea]\na = A\n  cod OR", "topic of line 2 cannot be read"),
        ("[Sea]\na = A\n[Land]\n  cod", "topic of line 2 cannot be read"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(text: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_presets(text + "\n[Land]\nb = B\n  b" if "topic of" in says else text)
    assert "Line" in str(refused.value) or "line" in str(refused.value)


@pytest.mark.slow
def test_there_are_enough_and_they_print_as_they_are_read() -> None:
    assert len(_shipped()) >= 40
    assert len({preset.name for preset in _shipped().values()}) == len(_shipped())
    for preset in _shipped().values():
        assert len(preset.key) <= MAX_KEY
        assert parse_query(str(preset.query)) == preset.query


@pytest.mark.parametrize("line", HEADLINES, ids=lambda line: str(line).partition(" ")[0])
def test_a_shipped_topic_brings_its_news_and_leaves_what_looks_like_it(line: str) -> None:
    key, *headlines = line.split(" | ")
    for headline in headlines:
        language, _, title = headline.removeprefix("not ").partition(": ")
        found = match(_shipped()[key].query, StoryText(title, language=language))
        assert (found is None) == headline.startswith("not "), (headline, found)


def test_every_shipped_topic_is_tried() -> None:
    assert [line.partition(" | ")[0] for line in HEADLINES] == list(_shipped())
    assert all(line.count(" | ") >= 3 and " | not " in line for line in HEADLINES)
