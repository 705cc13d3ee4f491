"""`tocsin topics`, `tocsin stories` and `tocsin messages`: trying out what the bot would do."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Json, errors, output, print_json, run, with_storage
from bot.cli.lines import number_in, read_lines, text_in
from bot.data import shipped
from bot.loops import wall_clock
from bot.news.query import match
from bot.news.query.aliases import read_aliases
from bot.news.query.match import StoryText, text_of
from bot.news.query.parse import read_query
from bot.news.query.presets import read_presets
from bot.news.text import urls
from bot.news.text.headlines import has_markup, plain_headline, with_headline
from bot.news.text.plain import fold_title, plain_text, tidy, tidy_lines
from bot.news.text.summary import first_with_words
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.news.stories.clustering import Clusterer, Sighting
    from storage.storage import Storage

topics = typer.Typer(help="Topic queries.", no_args_is_help=True)
stories = typer.Typer(help="Stories.", no_args_is_help=True)
messages = typer.Typer(help="Messages.", no_args_is_help=True)

_DAY = 86_400.0


@topics.command("test")
def try_query(
    words: Annotated[str, typer.Argument(metavar="QUERY")],
    days: Annotated[float, typer.Option(min=0.01, help="How far to look back.")] = 7,
    file: Annotated[Path | None, typer.Option(help="Stories as JSON lines instead.")] = None,
    aliases: Annotated[bool, typer.Option("--aliases", help="With all other names.")] = False,
    json: Json = False,
) -> None:
    """Show which stories a query matches, and by which of its words. A line of a file is a JSON
    object: id, title, summary, source, lang, url.
    """

    async def work() -> None:
        wanted = read_query(words)
        if aliases:
            wanted = read_aliases(shipped.aliases_text()).expand(wanted)
        if file:
            hits = 0
            for _, line in read_lines(file, _warn):
                terms = match.match(wanted, _text(line))
                hits += _told(text_in(line, "id"), _told_by(line)[0], terms, json)
        else:
            hits = await with_storage(
                lambda _, storage: _stored(storage, wanted, days, json), makes=False
            )
        if not hits and not json:
            among = f"line of {file}" if file else f"story of the last {days:g} days"
            output.print(f"No {among} matches.", markup=False)

    run(work)


@topics.command()
def presets(json: Json = False) -> None:
    """List the ready-made topics."""

    async def work() -> None:
        for preset in read_presets(shipped.presets_text()):
            if json:
                print_json(
                    {
                        "key": preset.key,
                        "group": preset.group,
                        "name": preset.name,
                        "query": preset.words,
                    }
                )
            else:
                output.print(f"{preset.key:16}  {preset.group}: {preset.name}", markup=False)

    run(work)


async def _stored(storage: "Storage", wanted: match.Query, days: float, json: bool) -> int:
    hits = 0
    async for row_id, title, terms in _matches(storage, wanted, wall_clock() - days * _DAY):
        hits += _told(str(row_id), title, terms, json)
    return hits


async def _matches(
    storage: "Storage", wanted: match.Query, since: float
) -> AsyncIterator[tuple[int, str, frozenset[str] | None]]:
    keys = match.cover(wanted) or frozenset()
    before = None
    while rows := await storage.stories.with_keys(keys, before, 200, since):
        for row in rows:
            story = row.story
            text = text_of(story)
            yield story.id, story.title, match.match(wanted, text)
        before = rows[-1].sort_key


def _told(story_id: str, title: str, terms: frozenset[str] | None, json: bool) -> bool:
    """Prints a story that matches; whether it does."""
    if terms is None:
        return False
    if json:
        print_json({"id": story_id, "terms": sorted(terms)})
    else:
        output.print(f"{title}  ({', '.join(sorted(terms))})", markup=False)
    return True


def _told_by(line: dict[str, object], *, clean: bool = False) -> tuple[str, str]:
    """Headline and summary of a line, as its report would have them. They are plain text, in which
    a tag is one that they speak of, unless they close tags or have references, as HTML does.
    """
    title, summary = text_in(line, "title"), text_in(line, "summary")
    title = plain_headline(title) if has_markup(title) else tidy(title)
    summary = plain_text(summary) if has_markup(summary) else tidy_lines(summary)
    if clean or not title:
        summary = first_with_words([summary], title=title, source=text_in(line, "source"))
    return with_headline(title, summary)


def _warn(said: str) -> None:
    errors.print(said, markup=False, style="yellow")


def _text(line: dict[str, object]) -> StoryText:
    title, summary = _told_by(line)
    return StoryText(
        title,
        summary,
        text_in(line, "source"),
        text_in(line, "lang") or None,
        text_in(line, "link") or text_in(line, "url") or None,
    )


@stories.command()
def cluster(
    file: Path,
    why: Annotated[bool, typer.Option("--why", help="Say why, and what is related.")] = False,
    json: Json = True,
) -> None:
    """Put reports into stories in the order of the file; one JSON line a report. FILE has a JSON
    object a line: id, title, summary, ts (seconds since 1970), lang, source, url, and set: each set
    starts empty. A story is called by the id of the report that opened it.
    """

    from bot.news.stories.clustering import Clusterer

    async def work() -> None:
        known: Settings = load_settings()
        sets: dict[str, tuple[Clusterer, list[str]]] = {}
        for number, line in read_lines(file, _warn):
            opened = Clusterer(known.story_threshold), list[str]()
            clusterer, names = sets.setdefault(text_in(line, "set"), opened)
            placed = _place(line, text_in(line, "id") or f"line {number}", clusterer, names)
            shown = placed if why else {"cluster": placed["cluster"]}
            print_json({"id": line.get("id"), **shown})

    run(work)


def _place(
    line: dict[str, object], name: str, clusterer: "Clusterer", names: list[str]
) -> dict[str, object]:
    """The report's story by the name of the report that opened it, and why it is that one."""
    sighting = _sighting(line)
    verdict = clusterer.judge(sighting)
    story = verdict.story
    if story is None:
        story = len(names)
        names.append(name)
    clusterer.remember(sighting, story)
    placed: dict[str, object] = {"cluster": names[story], "reason": verdict.reason}
    placed["score"] = round(verdict.score, 3)
    if verdict.related is not None:
        placed["related"] = names[verdict.related]
    if verdict.original:
        placed["original"] = verdict.original
    return placed


def _sighting(line: dict[str, object]) -> "Sighting":
    from bot.news.stories.clustering import Sighting

    url = text_in(line, "url") or text_in(line, "link")
    source, (title, summary) = text_in(line, "source"), _told_by(line)
    return Sighting(
        urls.canonical(url) if url else None,
        fold_title(title, source),
        number_in(line, "ts"),
        title,
        summary,
        source,
        text_in(line, "lang") or None,
    )


@messages.command("render")
def render_(file: Path, json: Json = True) -> None:
    """Render each story of a file as the alert a chat would get; one JSON line each. FILE has a
    JSON object a line: id, title, summary, ts (seconds since 1970), source, url.
    """

    from bot.delivery import render
    from bot.delivery.verdict import markup_is_readable
    from bot.texts.locale import Locale

    async def work() -> None:
        known: Settings = load_settings()
        for _, line in read_lines(file, _warn):
            source, (title, summary) = text_in(line, "source"), _told_by(line, clean=True)
            link = urls.clean_link(text_in(line, "link") or text_in(line, "url"))
            at = number_in(line, "ts")
            item = render.StoryView(title, summary, link, source, at)
            text = render.alert(item, Locale("en", known.default_timezone, wall_clock())).html
            print_json(
                {"id": line.get("id"), "text": text, "entities_ok": markup_is_readable(text)}
            )

    run(work)
