"""Canonical links come back from what is kept of them."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.news.text import urls
from storage.stories import links

_PARTS = st.text("abc/?=&#.:%é", max_size=20)
_LINKS = st.builds("https://{}.example/{}".format, st.sampled_from(["a", "www.a", "m.b"]), _PARTS)


@given(_LINKS, st.none() | _LINKS.map(urls.canonical) | st.text(min_size=1))
@example("https://www.a.example/n/", "https://a.example/n")
def test_a_canonical_link_is_what_it_was_whether_or_not_it_follows_from_the_link(
    link: str, canonical: str | None
) -> None:
    assert links.canonical_of(link, links.short(link, canonical)) == canonical
    assert (links.mark(canonical) is None) == (canonical is None)


@given(_LINKS.map(urls.canonical).filter(bool))
def test_the_marks_of_a_site_hold_those_of_its_links(canonical: str) -> None:
    origin = canonical[: canonical.index("/", len("https://")) + 1]
    first, last = links.marks_of_site(origin)
    assert first <= links.mark_of(canonical) <= last
    assert not first <= links.mark_of(f"https://other.{origin[8:]}n") <= last
