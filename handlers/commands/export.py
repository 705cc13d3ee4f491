"""/export and /import: what a chat follows as files, and the way back."""

from hashlib import sha256

from bot.actions import export as lists
from bot.actions import restore
from bot.actions.adding import MOST_ADDED
from bot.actions.export import Bringer, Brought
from bot.actions.restore import RestorePlan
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
from handlers.commands.addfeed import TOO_MANY_TRIES
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import keyboard
from handlers.screens.setting_words import SETTINGS, now_is, value
from handlers.surface import Action, Command, HelpLine, Purpose, again

_KEPT = "/import"
_NAMED, _NAME = 5, 40


def how(locale: Locale) -> Html:
    """How a file is brought."""
    return lines(
        locale.t("Send a file here, then reply to it with /import"),
        locale.t("I read files from /export, and lists of sources (OPML)."),
    )


def how_this(locale: Locale) -> Html:
    """How a file that was sent without a word is taken."""
    return lines(
        locale.t("To restore this file, reply to it with /import"),
        locale.t("I read files from /export, and lists of sources (OPML)."),
    )


async def export(call: Call) -> None:
    """Sends the chat's sources as OPML, and all that it asked for as JSON."""
    storage, now, locale = call.storage, call.now(), call.locale
    to = await lists.recipient(storage, call.chat.id, operator=_alone_as_operator(call))
    sources, kept_back = await lists.sources_of(storage, to)
    saved = await lists.collect(storage, call.chat, to, now)
    listed = opml.write_opml([OpmlFeed(f.url, f.title, f.group) for f in sources])
    everything = write_saved(saved, now)
    count = [
        locale.n(
            "1 source, for any news reader.", "{n} sources, for any news reader.", len(sources)
        )
        if sources
        else locale.t("This chat follows no source by name.")
    ]
    if kept_back:
        count.append(
            locale.n(
                "1 is left out: its address may be private, and this chat did not add it.",
                "{n} are left out: their addresses may be private, and this chat did not add them.",
                kept_back,
            )
        )
    await _send(call, "sources.opml", listed, joined(" ", count))
    all_of_it = locale.t(
        "Everything this chat follows: {parts}. To restore it, reply with /import",
        parts=_parts(saved, locale),
    )
    await _send(call, "tocsin-chat.json", everything, all_of_it)


def _alone_as_operator(call: Call) -> bool:
    """Whether an operator speaks, and nobody else reads the answer."""
    return call.is_operator and call.here.kind == "private"


async def _send(call: Call, name: str, data: bytes, caption: Html) -> None:
    outcome = await call.services.sender.document(call.address, name, data, caption)
    if not isinstance(outcome, Sent):
        raise BadInput(say("Telegram did not take {file}. Try again in a while.", file=name))


def _parts(saved: Saved, locale: Locale) -> Html:
    whole = [each for each in saved.follows if each.url or each.source or each.group]
    every = len(whole) < len(saved.follows)
    counts = (
        say_n("1 topic", "{n} topics", len(saved.topics)),
        say_n("1 mute", "{n} mutes", len(saved.mutes)),
        say_n("1 source or group", "{n} sources and groups", len(whole)),
    )
    parts = [locale.t("every story")] if every else []
    parts += [locale.t(said) for said in counts if said.args["n"]]
    return locale.list([*parts, locale.t("settings")])


async def import_(call: Call) -> None:
    """Takes in a list of feeds, or shows what a file of /export would change."""
    document = call.document
    if document is None:
        await call.answer(how(call.locale))
        return
    if (document.file_size or 0) > MOST_BYTES:
        raise BadInput(say("That file is larger than 1 MB. Send a smaller one."))
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
        raise BadInput(say("There are no sources in that file. Send another."))
    bringer = _bringer(call, operator=call.is_operator)
    brought = await lists.bring(
        call.storage, call.chat.id, call.thread_id, feeds, bringer, call.now()
    )
    heading = call.locale.n("The list has 1 source", "The list has {n} sources", len(feeds))
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
            "1 is new. I check it, and say here if it answers.",
            "{n} are new. I check them, and say here which answer.",
            brought.new,
        ),
        say("Newly followed: {n}", n=brought.followed),
        say("Already followed: {n}", n=brought.there),
        say("Address not allowed: {n}", n=brought.refused),
        say(
            "Left out: {n}. A chat adds {most} at most, from the first {listed} of a list.",
            n=brought.beyond,
            most=MOST_ADDED,
            listed=lists.MOST_LISTED,
        ),
        say(
            "Not followed: {n}. A chat has room for {most}.",
            n=brought.full,
            most=MOST_FOLLOWED,
        ),
        say(
            "Left out: {n}. Only operators of this bot add sources here.",
            n=brought.closed,
        ),
    ]
    return lines(*(locale.t(each) for each in said if each.args["n"]))


async def _propose(call: Call, file_id: str, saved: Saved) -> None:
    storage, now, locale = call.storage, call.now(), call.locale
    planned = await restore.plan(storage, call.chat, call.thread_id, saved, now)
    if planned.is_empty:
        nothing = locale.t("That file would change nothing here.")
        await call.answer(lines(nothing, *_left_out(planned, locale)))
        return
    # The file is fetched again when the button is pressed: a button has no room for it, and what
    # is kept here would be lost by a restart. The chat's number keeps it from working elsewhere.
    kept = await storage.stories.keep_search(
        call.chat.id, _kept(call, file_id, operator=call.is_operator), now
    )
    bring = (locale.plain("Restore it"), pack("import", kept, 1))
    leave = (locale.plain("Leave it"), pack("import", kept, 0))
    await call.ask_anew(_shown(call, planned), keyboard([bring, leave]))


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
        await call.note(say("This message is old. Send /import again."))
        return
    if press.number(1) != 1:
        await call.show(call.locale.t("Nothing changed."))
        return
    storage, now = call.storage, call.now()
    data = await call.services.files.read(file_id, MOST_BYTES)
    saved = await aside(read_saved, data, lists.habits_of(call.chat))
    planned = await restore.plan(storage, call.chat, call.thread_id, saved, now)
    # Who presses answers for what this chat is told; for the catalogue only who proposed it too.
    bringer = _bringer(call, operator=proposed[kept] and call.is_operator)
    brought = await restore.restore(storage, call.chat, call.thread_id, planned, bringer, now)
    heading = bold(call.locale.t("Restored"))
    changes = _changes(call, planned, are_done=True)
    await call.show(lines(heading, *changes, _described(brought, call.locale)))


def _shown(call: Call, planned: RestorePlan) -> Html:
    locale = call.locale
    whose = locale.t("An operator who presses adds them for every chat.")
    return lines(
        bold(locale.t("This would change")),
        *_changes(call, planned),
        whose if planned.feeds and call.is_operator else "",
        locale.t("What is here now stays."),
    )


def _changes(call: Call, planned: RestorePlan, *, are_done: bool = False) -> list[Html]:
    """What a file changes, in lines. Where they `are_done`, what became of new sources is said
    after them.
    """
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
        said.append(locale.t("Every story is followed"))
    if sources := sum(each.feed_id is not None for each in planned.follows):
        said.append(locale.t("Sources to follow: {n}", n=sources))
    if (feeds := len(planned.feeds)) and not are_done:
        said.append(locale.t("New sources, which I check first: {n}", n=feeds))
    return [*said, *_left_out(planned, locale)]


def _left_out(planned: RestorePlan, locale: Locale) -> list[Html]:
    return [locale.t("Left out: {what}", what=each) for each in planned.left_out]


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
        help=HelpLine(
            Purpose.DATA, 10, say("Save as files"), say("save topics and sources as files")
        ),
        actions=(Action("export", again(export)),),
    ),
    Command(
        "import", import_,
        help=HelpLine(
            Purpose.DATA, 20, say("Restore a file"), say("restore them from such a file")
        ),
        actions=(Action("import", confirmed),),
    ),
)  # fmt: skip
