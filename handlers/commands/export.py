"""/export and /import: what a chat follows as files, and the way back."""

from hashlib import sha256

from bot.actions import export as lists
from bot.actions import restore
from bot.actions.adding import MOST_ADDED
from bot.actions.export import Bringer, Brought
from bot.actions.restore import Plan
from bot.aside import aside
from bot.delivery.outcome import Sent
from bot.errors import BadInput
from bot.feeds import opml
from bot.feeds.opml import OpmlFeed
from bot.news.chat import MOST_FOLLOWED, Habits
from bot.news.telling.saved import MOST_BYTES, Saved, read_saved, write_saved
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import say, say_n
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.commands.addfeed import TOO_MANY_TRIES
from handlers.keyboard import keyboard
from handlers.setting_words import SETTINGS, now_is, value
from handlers.surface import Action, Command, HelpLine, Purpose

_KEPT = "/import"
_NAMED, _NAME = 5, 40


def how(locale: Locale) -> Html:
    """How a file is brought."""
    return locale.t(
        "To bring back what this chat followed, or to add the sources of a list: reply /import to"
        " a file that /export gave, or to an OPML file."
    )


async def export(call: Call) -> None:
    """Sends the chat's sources as OPML, and all that it asked for as JSON."""
    storage, now, locale = call.storage, call.now(), call.locale
    to = await lists.recipient(storage, call.chat.id, operator=_alone_as_operator(call))
    sources, kept_back = await lists.sources_of(storage, to)
    saved = await lists.collect(storage, call.chat, to, now)
    listed = opml.write_opml([OpmlFeed(f.url, f.title, f.group) for f in sources])
    everything = write_saved(saved, now)
    count = [locale.n("1 source, for any reader.", "{n} sources, for any reader.", len(sources))]
    if kept_back:
        count.append(
            locale.n(
                "Without 1 whose address may be private; this chat did not add it.",
                "Without {n} whose address may be private; this chat did not add them.",
                kept_back,
            )
        )
    await _send(call, "sources.opml", listed, joined(" ", count))
    all_of_it = locale.t(
        "Everything that this chat asked for: {parts}. Reply /import to bring it back.",
        parts=_parts(saved, locale),
    )
    await _send(call, "tocsin-chat.json", everything, all_of_it)


def _alone_as_operator(call: Call) -> bool:
    """Whether an operator speaks, and nobody else reads the answer."""
    return call.is_operator and call.here.kind == "private"


async def _send(call: Call, name: str, data: bytes, caption: Html) -> None:
    outcome = await call.services.sender.document(call.address, name, data, caption)
    if not isinstance(outcome, Sent):
        raise BadInput(say("Telegram did not take {file}; try again in a while.", file=name))


def _parts(saved: Saved, locale: Locale) -> Html:
    return locale.list(
        [
            locale.n("1 topic", "{n} topics", len(saved.topics)),
            locale.n("1 mute", "{n} mutes", len(saved.mutes)),
            locale.t("{n} followed whole", n=len(saved.follows)),
            locale.t("settings"),
        ]
    )


async def import_(call: Call) -> None:
    """Takes in a list of feeds, or shows what a file of /export would change."""
    document = call.document
    if document is None:
        await call.answer(how(call.locale))
        return
    if (document.file_size or 0) > MOST_BYTES:
        raise BadInput(say("That file is larger than 1 MB."))
    if not _may_bring(call):
        raise BadInput(TOO_MANY_TRIES)
    data = await call.services.files.read(document.file_id, MOST_BYTES)
    if _is_json(data):
        await _propose(
            call, document.file_id, await aside(read_saved, data, lists.habits_of(call.chat))
        )
        return
    feeds = await aside(opml.read_feed_list, data)
    if not feeds:
        raise BadInput(say("That file names no feeds."))
    bringer = _bringer(call, operator=call.is_operator)
    brought = await lists.bring(
        call.storage, call.chat.id, call.thread_id, feeds, bringer, call.now()
    )
    heading = call.locale.n("The list names 1 feed", "The list names {n} feeds", len(feeds))
    await call.answer(lines(bold(heading), _described(brought, call.locale)))


def _may_bring(call: Call) -> bool:
    return call.services.limits.may_search_feeds(call.chat.id)


def _is_json(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _bringer(call: Call, *, operator: bool) -> Bringer:
    return Bringer(call.services.adding, call.services.access.user_feeds or operator, operator)


def _described(brought: Brought, locale: Locale) -> Html:
    """What became of the feeds of a list, in lines."""
    said = [
        say_n(
            "1 new source: asked in turn; I say here which of them answer.",
            "{n} new sources: asked in turn; I say here which of them answer.",
            brought.new,
        ),
        say("Followed from now on: {n} that were there.", n=brought.followed),
        say("Followed already: {n}.", n=brought.there),
        say("Address not allowed: {n}.", n=brought.refused),
        say(
            "Left out: {n}, since a chat adds at most {most} feeds, of the first {listed} of a"
            " list.",
            n=brought.beyond,
            most=MOST_ADDED,
            listed=lists.MOST_LISTED,
        ),
        say(
            "Not followed: {n}, since a chat follows at most {most} sources and groups.",
            n=brought.full,
            most=MOST_FOLLOWED,
        ),
        say(
            "Left out: {n}, since only the operators of this bot add sources here.",
            n=brought.closed,
        ),
    ]
    return lines(*(locale.t(each) for each in said if each.args["n"]))


async def _propose(call: Call, file_id: str, saved: Saved) -> None:
    storage, now, locale = call.storage, call.now(), call.locale
    planned = await restore.plan(storage, call.chat, call.thread_id, saved, now)
    if planned.is_empty:
        nothing = locale.t("That file says what is so already; nothing would change.")
        await call.answer(lines(nothing, *_left_out(planned, locale)))
        return
    # The file is fetched again when the button is pressed: a button has no room for it, and what
    # is kept here would be lost by a restart. The chat's number keeps it from working elsewhere.
    kept = await storage.stories.keep_search(
        call.chat.id, _kept(call, file_id, operator=call.is_operator), now
    )
    bring = (locale.plain("Bring it back"), pack("import", kept, 1))
    leave = (locale.plain("Leave it"), pack("import", kept, 0))
    await call.answer(_shown(call, planned), keyboard([bring, leave]))


def _kept(call: Call, file_id: str, *, operator: bool) -> str:
    """What is kept for the buttons: the file, and a mark of the chat, which does not name it, and
    of whether an operator proposed the file.
    """
    mark = sha256(f"{call.chat.id} {file_id} {operator}".encode()).hexdigest()[:16]
    return f"{_KEPT} {mark} {file_id}"


async def confirmed(call: Call, press: Press) -> None:
    """The buttons under what would change."""
    kept = await call.storage.stories.search_words(call.chat.id, press.number(0) or 0)
    file_id = (kept or "").rpartition(" ")[2]
    proposed = {_kept(call, file_id, operator=known): known for known in (False, True)}
    if kept not in proposed:
        await call.note(say("This message is old; send /import again."))
        return
    if press.number(1) != 1:
        await call.show(call.locale.t("Nothing was changed."))
        return
    storage, now = call.storage, call.now()
    data = await call.services.files.read(file_id, MOST_BYTES)
    saved = await aside(read_saved, data, lists.habits_of(call.chat))
    planned = await restore.plan(storage, call.chat, call.thread_id, saved, now)
    # Who presses answers for what this chat is told; for the catalogue only who proposed it too.
    bringer = _bringer(call, operator=proposed[kept] and call.is_operator)
    brought = await restore.restore(storage, call.chat, call.thread_id, planned, bringer, now)
    heading = bold(call.locale.t("Brought back"))
    await call.show(lines(heading, *_changes(call, planned), _described(brought, call.locale)))


def _shown(call: Call, planned: Plan) -> Html:
    locale = call.locale
    whose = locale.t("They become sources for everybody if an operator presses.")
    return lines(
        bold(locale.t("What this would change")),
        *_changes(call, planned),
        whose if planned.feeds and call.is_operator else "",
        locale.t("Nothing that is here is taken away."),
    )


def _changes(call: Call, planned: Plan) -> list[Html]:
    locale, new, changed = call.locale, planned.new_topics, planned.changed_topics
    said = _settings(lists.habits_of(call.chat), planned.habits, locale) if planned.habits else []
    if new:
        names = _named([topic.name for topic in new], locale)
        said.append(locale.t("New topics: {n} ({names})", n=len(new), names=names))
    if changed:
        names = _named([topic.name for topic in changed], locale)
        said.append(locale.t("Changed topics: {n} ({names})", n=len(changed), names=names))
    if mutes := planned.mutes:
        names = _named([mute.shown for mute in mutes], locale)
        said.append(locale.t("Muted: {n} ({names})", n=len(mutes), names=names))
    if groups := [each.group for each in planned.follows if each.group]:
        names = _named(groups, locale)
        said.append(locale.t("Groups to follow: {n} ({names})", n=len(groups), names=names))
    if any(each.is_all for each in planned.follows):
        said.append(locale.t("Every story of all sources is followed."))
    if sources := sum(each.feed_id is not None for each in planned.follows):
        said.append(locale.t("Sources to follow: {n}", n=sources))
    if feeds := len(planned.feeds):
        said.append(locale.t("Sources that are new here, and are asked first: {n}", n=feeds))
    return [*said, *_left_out(planned, locale)]


def _left_out(planned: Plan, locale: Locale) -> list[Html]:
    return [locale.t("Not brought back: {what}", what=each) for each in planned.left_out]


def _named(names: list[str], locale: Locale) -> Html:
    """Some of the names, and how many more there are."""
    shown, more = locale.list(cut(name, _NAME) for name in names[:_NAMED]), len(names) - _NAMED
    return locale.t("{names} and {n} more", names=shown, n=more) if more > 0 else shown


def _settings(before: Habits, after: Habits, locale: Locale) -> list[Html]:
    """The settings that differ, each with what it is to be."""
    said = [
        locale.t(now_is(after, name, locale))
        for name in SETTINGS
        if value(before, name, locale) != value(after, name, locale)
    ]
    if before.languages != after.languages:
        names = locale.list(map(locale.name_of, after.languages)) or locale.t("all")
        said.append(locale.t("Languages of news: {languages}", languages=names))
    return said


COMMANDS = (
    Command(
        "export", export,
        help=HelpLine(Purpose.DATA, 10, say("Take your data"), say("get what you follow as files")),
    ),
    Command(
        "import", import_,
        help=HelpLine(Purpose.DATA, 20, say("Bring a file"), say("bring such a file back")),
        actions=(Action("import", confirmed),),
    ),
)  # fmt: skip
