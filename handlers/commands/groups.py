"""The groups of the catalogue in /sources: a list of them, and a page for each."""

from collections.abc import Sequence

from bot.delivery.render import bold
from bot.news.feed import Feed, Group, groups_of
from bot.news.telling import health
from bot.news.telling.health import State
from bot.news.text.plain import cut
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.commands.subscribe import group_kept, seen_by
from handlers.keyboard import Button, arranged, keyboard
from handlers.pages import page_of

_A_PAGE = 12
_NAME = 60
_LABEL = 30
_REST = "Others"


def in_trouble(feeds: Sequence[Feed]) -> int:
    """How many of these are in trouble."""
    return sum(health.state_of(f) in (State.FAILING, State.SUSPENDED) for f in feeds)


def troubles(feeds: Sequence[Feed]) -> str:
    """How many of these are in trouble, in words."""
    return f"{in_trouble(feeds) or 'none'} in trouble"


async def overview(call: Call, catalogue: list[Feed], wanted: int) -> None:
    """The groups, a page at a time, with a button for each."""
    groups = groups_of(catalogue)
    rest = tuple(feed for feed in catalogue if not feed.group)
    page = page_of(len(groups), _A_PAGE, wanted)
    shown = page.of(groups)
    count = f"{len(groups)} group{'s' if len(groups) > 1 else ''}"
    lines = [f"{bold('Sources')}: {len(catalogue)} in {count}, {troubles(catalogue)}{page.named()}"]
    lines += [_line(group) for group in shown]
    if rest and page.is_last:
        lines.append(_line(Group(_REST, rest)))
    buttons = await buttons_to(call, shown)
    if rest and page.is_last:
        buttons.append((_REST, pack("group", 0, 0)))
    await call.show(
        "\n".join(lines),
        keyboard(
            *arranged(buttons),
            page.turning("groups"),
            [("All sources", pack("sources", 0, 0))],
        ),
    )


async def turn(call: Call, press: Press) -> None:
    """Another page of the list, in place."""
    await overview(call, await seen_by(call), press.number(0) or 0)


def _line(group: Group) -> str:
    told = f", {troubles(group.feeds)}" if in_trouble(group.feeds) else ""
    return f"{bold(cut(group.name, _NAME))}: {len(group.feeds)}{told}"


async def buttons_to(call: Call, groups: Sequence[Group]) -> list[Button]:
    """A button to the page of each group."""
    keep = call.storage.stories.keep_search
    return [
        (
            cut(group.name, _LABEL),
            pack("group", await keep(call.chat.id, group.name, call.now()), 0),
        )
        for group in groups[:_A_PAGE]
    ]


async def of_press(call: Call, press: Press) -> Group | None:
    """The group that a button names; number 0 are the feeds in none. None for an old button."""
    number = press.number(0) or 0
    if number:
        return await group_kept(call, number)
    catalogue = await seen_by(call)
    return Group(_REST, tuple(feed for feed in catalogue if not feed.group))


async def buttons_of(call: Call, group: Group, number: int) -> list[Button]:
    """Under the page of a group: follow it, or end that; and back to the list."""
    followed = await call.storage.chats.subscriptions(call.chat.id)
    here = any(s.group == group.name and s.thread_id == call.thread_id for s in followed)
    buttons = []
    if number:
        label, action = ("Unfollow", "unsubscribe") if here else ("Follow", "subscribe")
        buttons.append((f"{label} this group", pack(f"{action}_group", number)))
    return [*buttons, ("Groups", pack("groups", 0))]
