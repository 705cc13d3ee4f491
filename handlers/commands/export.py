"""/export and /import: what a chat follows as files, and the way back."""

from hashlib import sha256

from bot.actions import export as lists
from bot.actions import restore
from bot.actions.adding import MOST_ADDED
from bot.actions.export import Bringer, Brought
from bot.actions.restore import Plan
from bot.aside import aside
from bot.delivery.outcome import Sent
from bot.delivery.render import bold, code, escape
from bot.errors import BadInput
from bot.feeds import opml
from bot.feeds.opml import OpmlFeed
from bot.news.chat import MOST_FOLLOWED, Habits
from bot.news.telling import hours
from bot.news.telling.saved import MOST_BYTES, Saved, counted, named, read_saved, write_saved
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import keyboard
from handlers.surface import Action, Command, Line, Who

HOW = (
    "To bring back what this chat followed, or to add the sources of a list: reply /import to a "
    "file that /export gave, or to an OPML file."
)
_KEPT = "/import"
_OLD = "This message is old; send /import again."


async def export(call: Call) -> None:
    """Sends the chat's sources as OPML, and all that it asked for as JSON."""
    storage, now = call.storage, call.now()
    to = await lists.recipient(storage, call.chat.id, operator=_alone_as_operator(call))
    sources, kept_back = await lists.sources_of(storage, to)
    saved = await lists.collect(storage, call.chat, to, now)
    listed = opml.write_opml([OpmlFeed(f.url, f.title, f.group) for f in sources])
    everything = write_saved(saved, now)
    count = f"{counted(len(sources), 'source')}, for any reader."
    if kept_back:
        them = "it" if kept_back == 1 else "them"
        count += f" Without {kept_back} whose address may be private; this chat did not add {them}."
    await _send(call, "sources.opml", listed, count)
    await _send(
        call,
        "tocsin-chat.json",
        everything,
        f"Everything that this chat asked for: {_parts(saved)}. Reply /import to bring it back.",
    )


def _alone_as_operator(call: Call) -> bool:
    """Whether an operator speaks, and nobody else reads the answer."""
    return call.is_operator and call.here.kind == "private"


async def _send(call: Call, name: str, data: bytes, caption: str) -> None:
    outcome = await call.services.sender.document(call.address, name, data, escape(caption))
    if not isinstance(outcome, Sent):
        raise BadInput(f"Telegram did not take {name}; try again in a while.")


def _parts(saved: Saved) -> str:
    counts = (
        counted(len(saved.topics), "topic"),
        counted(len(saved.mutes), "mute"),
        f"{len(saved.follows)} followed whole",
    )
    return ", ".join((*counts, "settings"))


async def import_(call: Call) -> None:
    """Takes in a list of feeds, or shows what a file of /export would change."""
    document = call.document
    if document is None:
        await call.answer(HOW)
        return
    if (document.file_size or 0) > MOST_BYTES:
        raise BadInput("That file is larger than 1 MB.")
    if not _may_bring(call):
        raise BadInput("That was the fifth try within a minute; wait a little.")
    data = await call.services.files.read(document.file_id, MOST_BYTES)
    if _is_json(data):
        await _propose(
            call, document.file_id, await aside(read_saved, data, lists.habits_of(call.chat))
        )
        return
    feeds = await aside(opml.read_feed_list, data)
    if not feeds:
        raise BadInput("That file names no feeds.")
    bringer = _bringer(call, operator=call.is_operator)
    brought = await lists.bring(
        call.storage, call.chat.id, call.thread_id, feeds, bringer, call.now()
    )
    heading = bold(f"The list names {counted(len(feeds), 'feed')}")
    await call.answer(f"{heading}\n{_described(brought)}")


def _may_bring(call: Call) -> bool:
    return call.limits.may_search_feeds(call.chat.id)


def _is_json(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _bringer(call: Call, *, operator: bool) -> Bringer:
    return Bringer(call.services.adding, call.access.user_feeds or operator, operator)


def _described(brought: Brought) -> str:
    """What became of the feeds of a list, in lines."""
    lines = [
        f"{counted(brought.new, 'new source')}: asked in turn; I say here which of them answer."
        if brought.new
        else "",
        f"Followed from now on: {brought.followed} that were there." if brought.followed else "",
        f"Followed already: {brought.there}." if brought.there else "",
        f"Address not allowed: {brought.refused}." if brought.refused else "",
        f"Left out: {brought.beyond}, since a chat adds at most {MOST_ADDED} feeds, of"
        f" the first {lists.MOST_LISTED} of a list."
        if brought.beyond
        else "",
        f"Not followed: {brought.full}, since a chat follows at most {MOST_FOLLOWED} sources and"
        " groups."
        if brought.full
        else "",
        f"Left out: {brought.closed}, since only the operators of this bot add sources here."
        if brought.closed
        else "",
    ]
    return "\n".join(filter(None, lines))


async def _propose(call: Call, file_id: str, saved: Saved) -> None:
    storage, now = call.storage, call.now()
    planned = await restore.plan(storage, call.chat, call.thread_id, saved, now)
    if planned.is_empty:
        left = "".join(f"\nNot brought back: {escape(each)}" for each in planned.left_out)
        await call.answer(f"That file says what is so already; nothing would change.{left}")
        return
    # The file is fetched again when the button is pressed: a button has no room for it, and what
    # is kept here would be lost by a restart. The chat's number keeps it from working elsewhere.
    kept = await storage.stories.keep_search(
        call.chat.id, _kept(call, file_id, operator=call.is_operator), now
    )
    await call.answer(
        _shown(call, planned),
        keyboard(
            [("Bring it back", pack("import", kept, 1)), ("Leave it", pack("import", kept, 0))]
        ),
    )


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
        await call.note(_OLD)
        return
    if press.number(1) != 1:
        await call.show("Nothing was changed.")
        await call.note()
        return
    storage, now = call.storage, call.now()
    data = await call.services.files.read(file_id, MOST_BYTES)
    saved = await aside(read_saved, data, lists.habits_of(call.chat))
    planned = await restore.plan(storage, call.chat, call.thread_id, saved, now)
    # Who presses answers for what this chat is told; for the catalogue only who proposed it too.
    bringer = _bringer(call, operator=proposed[kept] and call.is_operator)
    brought = await restore.restore(storage, call.chat, call.thread_id, planned, bringer, now)
    told = _described(brought)
    await call.show(f"{bold('Brought back')}\n{_changes(call, planned)}" + f"\n{told}" * bool(told))
    await call.note()


def _shown(call: Call, planned: Plan) -> str:
    whose = (
        "They become sources for everybody if an operator presses.\n"
        if planned.feeds and call.is_operator
        else ""
    )
    return (
        f"{bold('What this would change')}\n{_changes(call, planned)}\n{whose}"
        "Nothing that is here is taken away."
    )


def _changes(call: Call, planned: Plan) -> str:
    lines = _settings(lists.habits_of(call.chat), planned.habits) if planned.habits else []
    for what, topics in (
        ("New topics", planned.new_topics),
        ("Changed topics", planned.changed_topics),
    ):
        if topics:
            lines.append(f"{what}: {len(topics)} ({escape(named([t.name for t in topics]))})")
    if planned.mutes:
        shown = escape(named([mute.shown for mute in planned.mutes]))
        lines.append(f"Muted: {len(planned.mutes)} ({shown})")
    groups = [each.group for each in planned.follows if each.group]
    if groups:
        lines.append(f"Groups to follow: {len(groups)} ({escape(named(groups))})")
    if any(each.is_all for each in planned.follows):
        lines.append("Every story of all sources is followed.")
    if sources := sum(each.feed_id is not None for each in planned.follows):
        lines.append(f"Sources to follow: {sources}")
    if planned.feeds:
        lines.append(f"Sources that are new here, and are asked first: {len(planned.feeds)}")
    lines += [f"Not brought back: {escape(each)}" for each in planned.left_out]
    return "\n".join(lines)


def _settings(before: Habits, after: Habits) -> list[str]:
    """The settings that differ, each with what it is to be."""
    quiet = "-".join(hours.shown_minute(minute) for minute in after.quiet) if after.quiet else "off"
    values = {
        "timezone": ("Time zone", after.timezone),
        "digest": ("Digest", hours.shown_slots(after.digest) or "off"),
        "quiet": ("Quiet hours", quiet),
        "breaking": ("Breaking news in quiet hours", _on(after.breaking)),
        "cap": ("Alerts a day", str(after.cap or "all")),
        "buttons": ("Button under alerts", _on(after.buttons)),
        "updates": ("Updates", _on(after.updates)),
        "pictures": ("Pictures", _on(after.pictures)),
        "previews": ("Link previews", _on(after.previews)),
        "silent": ("Sound", _on(not after.silent)),
    }
    return [
        f"{label}: {code(value)}"
        for name, (label, value) in values.items()
        if getattr(before, name) != getattr(after, name)
    ]


def _on(wanted: bool) -> str:
    return "on" if wanted else "off"


COMMANDS = (
    Command(
        name="export",
        handler=export,
        who=Who.CHANGERS,
        menu=Line(220, "What this chat follows, as files"),
        help=Line(150, "what this chat follows, as files; /import brings them back"),
    ),
    Command(
        name="import",
        handler=import_,
        who=Who.CHANGERS,
        menu=Line(230, "Bring such a file back"),
        actions=(Action("import", confirmed, Who.CHANGERS),),
    ),
)
