"""Feeds told from the form of an address."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.platforms import feeds_of, without_feeds

_TUBE = "https://www.youtube.com/feeds/videos.xml"


@pytest.mark.parametrize(
    ("url", "feeds"),
    [
        ("https://www.youtube.com/channel/UCabcdefghij_-", f"{_TUBE}?channel_id=UCabcdefghij_-"),
        ("https://m.youtube.com/playlist?list=PLx1", f"{_TUBE}?playlist_id=PLx1"),
        ("https://www.youtube.com/watch?v=1&list=PLx&y=2", f"{_TUBE}?playlist_id=PLx"),
        ("https://www.reddit.com/r/harbours/top/?t=day", "https://www.reddit.com/r/harbours/.rss"),
        ("https://old.reddit.com/u/ada_1", "https://www.reddit.com/user/ada_1/.rss"),
        ("https://github.com/ada", "https://github.com/ada.atom"),
        ("https://github.com/ada/bell/releases", "https://github.com/ada/bell/releases.atom"),
        ("https://github.com/ada/bell/commits/main", "https://github.com/ada/bell/commits/main.atom"),
        ("https://github.com/ada/bell.git", "https://github.com/ada/bell/releases.atom"),
        ("https://towns.example/@ada", "https://towns.example/@ada.rss"),
        ("https://towns.example/users/ada/", "https://towns.example/users/ada.rss"),
    ],
)  # fmt: skip
def test_a_platform_is_known_by_its_form(url: str, feeds: str) -> None:
    assert feeds_of(url)[0] == feeds


def test_a_project_has_releases_and_commits() -> None:
    project = "https://github.com/ada/bell"
    assert feeds_of(project) == [f"{project}/releases.atom", f"{project}/commits.atom"]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/@ada", "https://www.youtube.com/watch?v=1", "https://github.com/",
        "https://github.com/topics/bells", "https://github.com/ada/bell/issues",
        "https://t.me/s/harbour", "https://t.me/harbour", "https://www.reddit.com/",
        "https://towns.example/@ada/1234", "https://towns.example/", "nonsense", "http://[", "",
        "https://github.com.evil.example/ada/bell", "ftp://towns.example/@ada",
    ],
)  # fmt: skip
def test_what_is_no_such_form_is_left_to_its_page(url: str) -> None:
    assert feeds_of(url) == []


@given(
    st.text(max_size=60)
    | st.builds(
        "https://{}/{}".format,
        st.sampled_from(["github.com", "reddit.com", "youtube.com", "x.example"]),
        st.text(max_size=40),
    )
)
def test_any_text_is_taken_and_feeds_stay_on_the_host(url: str) -> None:
    for feed in feeds_of(url):
        mine = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
        assert (urlsplit(feed).hostname or "").removeprefix("www.") == mine.removeprefix("old.")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://t.me/tides", "t.me"),
        ("https://www.instagram.com/tides/", "instagram.com"),
        ("https://m.facebook.com/tides", "facebook.com"),
        ("https://X.com/tides", "x.com"),
        ("https://www.threads.net/@tides", "threads.net"),
        ("https://news.t.me.example/", None),
        ("https://www.reddit.com/r/tides", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_platforms_that_offer_no_feeds_are_known_by_their_host(url: str, host: str | None) -> None:
    assert without_feeds(url) == host
    assert host is None or feeds_of(url) == []
