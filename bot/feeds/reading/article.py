"""The lead of an article's page. Pure: bytes of HTML in, a few sentences out.

Runs in a parser process (`bot.feeds.reading.worker`). trafilatura is loaded with the first page,
since it takes a quarter of a second and thirty megabytes that an instance without full text has no
use for.
"""

from bot.feeds.discover import decoded
from bot.news.text.plain import cut, fold_title, tidy
from bot.news.text.summary import clean_summary

MOST_BYTES = 1024 * 1024
LONGEST_LEAD = 600
_PARAGRAPH = 60  # characters; what is shorter before the first is a byline, a date, a caption


def lead_of(body: bytes, *, content_type: str | None, title: str, source: str) -> str:
    """The first paragraphs of the article's text, plain; "" where none is found. Never raises for
    what is in the page.
    """
    import trafilatura

    page = decoded(body[:MOST_BYTES], content_type).replace("\x00", "")
    try:
        found = trafilatura.extract(
            page,
            fast=True,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            deduplicate=False,
        )
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return ""  # a page that its reader stumbles over is one without a lead
    paragraphs = [tidy(line) for line in (found or "").splitlines()]
    text = "\n".join(_news(paragraphs, fold_title(title, source)))
    return cut(clean_summary(text, title=title, source=source), LONGEST_LEAD)


def _news(paragraphs: list[str], headline: str) -> list[str]:
    """The paragraphs from the first that is one, without the headline, as far as they may fit."""
    taken: list[str] = []
    for text in paragraphs:
        if not text or (not taken and len(text) < _PARAGRAPH) or fold_title(text) == headline:
            continue
        taken.append(text)
        if sum(map(len, taken)) >= LONGEST_LEAD:
            break
    return taken
