"""From new entries of a document to the reports that are stored. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence

from bot.news.polling.parsed import ParsedFeed
from bot.news.story import NewReport, ParsedEntry
from bot.news.text import urls
from bot.news.text.headlines import with_headline


def new_reports(
    parsed: ParsedFeed,
    new: Sequence[tuple[bytes, ParsedEntry]],
    ringing: Collection[ParsedEntry],
    on_pages: Collection[ParsedEntry] = (),
) -> tuple[NewReport, ...]:
    """Reports of the new entries, given with their keys, the newest first; those that do not ring
    are quiet. Stored in reverse, alerts come in the order of events. Here an entry without a
    headline gets one, so that it has it wherever it is shown. The links of those `on_pages` are no
    entry's own.
    """
    links = _links_of_one_entry(parsed)
    return tuple(
        _report(
            entry,
            key,
            parsed.language,
            entry not in ringing,
            frozenset() if entry in on_pages else links,
        )
        for key, entry in reversed(new)
    )


def _links_of_one_entry(parsed: ParsedFeed) -> frozenset[str]:
    """The canonical links that stand for one entry. One that several entries share is an address
    of the outlet, such as a status page; taken for a story's it would silence all but the first.
    """
    found = Counter(urls.canonical(entry.link) for entry in parsed.entries if entry.link)
    return frozenset(link for link, count in found.items() if link and count == 1)


def _report(
    entry: ParsedEntry, key: bytes, language: str | None, quiet: bool, links: frozenset[str]
) -> NewReport:
    link = urls.clean_link(entry.link) if entry.link else None
    canonical = urls.canonical(entry.link) if entry.link else None
    title, summary = with_headline(entry.title, entry.summary)
    return NewReport(
        key=key,
        link=link,
        canonical=canonical if link and canonical in links else None,
        title=title,
        summary=summary,
        language=language,
        image=entry.image,
        published_at=entry.published,
        quiet=quiet,
        original=entry.original,
    )
