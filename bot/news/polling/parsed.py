"""What a document said of a feed, beside its entries. A process that reads documents loads this and
nothing of what is kept of feeds.
"""

from dataclasses import dataclass, field

from bot.news.polling.poll_hints import NO_HINTS, PollHints
from bot.news.story import ParsedEntry


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document as read. `kind` is `rss`, `atom`, `rdf` or `json`; `moved_to` is where it
    says that it is to be read from now on; `hub` is the WebSub hub it names and `own_url` the
    address under which that hub knows it. One that `breaks_off` is without the entry in which it
    does. Where entries were read `apart`, none changed how another is read. `seconds` is what
    reading it cost the processor.
    """

    kind: str
    title: str
    language: str | None
    entries: tuple[ParsedEntry, ...]
    moved_to: str | None = None
    hints: PollHints = NO_HINTS
    hub: str | None = None
    own_url: str | None = None
    breaks_off: bool = False
    apart: bool = field(default=False, compare=False)
    seconds: float = field(default=0.0, compare=False)
