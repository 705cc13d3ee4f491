"""/status, /privacy and /forget: how a chat is served, and what is kept of it."""

from statistics import median

from bot.delivery import render
from bot.delivery.render import bold, escape
from bot.news.chat import ChatState
from bot.news.story import Story
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import keyboard
from handlers.surface import Action, Command, Line, Where, Who


async def status(call: Call) -> None:
    """Sources, last story, queue and delays, as this chat sees them."""
    storage, now, zone = call.storage, call.now(), call.chat.timezone
    census = await storage.feeds.census(call.chat.id)
    newest = await call.stories.newest(None, 1)
    served = await storage.chats.status(call.chat.id)
    follows = await storage.chats.subscriptions(call.chat.id)
    topics = await storage.chats.topics(call.chat.id)
    lines = [bold("How this chat is served")]
    lines.append(
        {ChatState.ACTIVE: "Alerts are on."}.get(call.chat.state, "Paused; /start goes on.")
    )
    groups = len({s.group for s in follows if s.group})
    sources = len(follows) - sum(1 for s in follows if s.group)
    followed = f"{sources} sources" + (f", {groups} groups" if groups else "")
    if any(s.is_all for s in follows):
        followed = "every story"
    lines.append(f"Follows {followed} and {len(topics)} topics.")
    lines.append(f"Sources: {census.feeds}, of which {census.failing} fail at the moment.")
    if newest:
        at = render.clock(newest[0].story.at, zone, now)
        lines.append(f"Last story: {escape(render.item_title(_item(newest[0].story)))}, {at}")
    lines.append(f"Alerts sent: {served.sent}; waiting: {served.pending}.")
    if served.held:
        until = (
            f", the next at {render.clock(served.held_until, zone, now)}"
            if served.held_until
            else ""
        )
        lines.append(f"Gathered for later: {served.held}{until}.")
    if served.delays:
        lines.append(
            escape(f"From the feed to this chat: {_seconds(median(served.delays))} in the middle")
            + escape(f", {_seconds(max(served.delays))} at most, of the last {len(served.delays)}.")
        )
    await call.answer("\n".join(lines))


def _item(story: Story) -> render.Item:
    return render.Item(story.title, "", story.link, "", 0.0)


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 120 else f"{value / 60:.0f} min"


async def privacy(call: Call) -> None:
    """What is stored, for how long, and how to delete it."""
    days = f"{call.services.retention_days:g}"
    await call.answer(
        f"{bold('What this bot stores')}\n"
        "Of this chat: its id, kind and title, what it follows, its language and time zone, and "
        "which alerts it was sent and when, which sources it added and which of their troubles "
        "it was told of. So that buttons work: what it searched for last with /latest, names of "
        "groups, addresses offered by /addfeed, and what Telegram calls a file sent with /import.\n"
        "Of people: the Telegram id of who let the bot into a group or channel or chose what it "
        "follows, to tell them when it may not write there, for which channel a person speaks, and "
        "who pressed Not the same, for as long as the story is kept. "
        "Nothing else: messages are not stored, and in groups the bot sees commands only.\n"
        f"Stories from public feeds are kept for {days} days. What belongs to a chat that blocks "
        "the bot, or waits to be let in, is deleted after 90 days, of one that said /stop after "
        "400.\n"
        "Nothing is given to anybody. This is a self-hosted instance of Tocsin; whoever runs it "
        "can read its database.\n\n"
        "/forget deletes everything about this chat. Of one that an operator shut out a hash of "
        "its id stays, so that it stays shut out."
    )


async def forget(call: Call) -> None:
    """Asks before it deletes."""
    await call.answer(
        f"{bold('Delete everything about this chat?')}\n"
        "What it follows and the record of its alerts go at once and for good.",
        keyboard([("Delete", pack("forget", "yes")), ("Keep", pack("forget", "no"))]),
    )


async def forget_pressed(call: Call, press: Press) -> None:
    """Deletes, or not."""
    if "yes" not in press.arguments:
        said = "Nothing was deleted."
    elif await call.storage.chats.forget(call.chat.id):
        said = "Everything about this chat is deleted, but for a mark that an operator refused it."
    else:
        said = "Everything about this chat is deleted. /start begins anew."
    await call.show(said)
    await call.note()


COMMANDS = (
    Command(
        name="status",
        handler=status,
        for_members=True,
        menu=Line(70, "How this chat is served"),
        help=Line(170, "how this chat is served"),
    ),
    Command(
        name="privacy",
        handler=privacy,
        where=Where.HERE,
        for_members=True,
        uninvited=True,
        menu=Line(90, "What is stored"),
        help=Line(190, "what is stored; /forget deletes it"),
    ),
    Command(
        name="forget",
        handler=forget,
        who=Who.CHANGERS,
        uninvited=True,
        menu=Line(250, "Delete everything about this chat"),
        actions=(Action("forget", forget_pressed, Who.CHANGERS),),
    ),
)
