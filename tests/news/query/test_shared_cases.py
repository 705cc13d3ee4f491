"""The query language against cases that others wrote; they are not part of this repository."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import QueryError
from bot.news.query.match import StoryText, match
from bot.news.query.parse import parse_query

DATA = Path(__file__).parents[3] / "../shared/data"
CASES = DATA / "topics/cases_dev.jsonl"
SEED = DATA / "seed"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not on this machine")


def lines(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def text_of(story: dict[str, Any]) -> StoryText:
    link = story.get("link") or story.get("url")
    return StoryText(story["title"], story["summary"], story["source"], story["lang"], link)


def verdict(query: str, story: dict[str, Any]) -> str:
    try:
        found = match(parse_query(query), text_of(story))
    except QueryError:
        return "error"
    return "no" if found is None else "yes"


@needs_data
def test_there_are_cases() -> None:
    assert len(lines(CASES)) >= 50


@needs_data
@pytest.mark.parametrize("case", lines(CASES), ids=lambda case: f"{case['id']}-{case['group']}")
def test_a_case_of_the_query_language(case: dict[str, Any]) -> None:
    found = verdict(case["query"], case["story"])
    assert case["match"] in (found, "any")


@needs_data
def test_the_seed_topics_bring_what_they_should() -> None:
    topics = json.loads((SEED / "topics.json").read_text("utf-8"))
    stories = lines(SEED / "stories.jsonl")
    found = {
        query: sorted(story["id"] for story in stories if verdict(query, story) == "yes")
        for query in topics
    }
    assert found == {query: sorted(ids) for query, ids in topics.items()}
