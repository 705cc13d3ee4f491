"""What is pressed under what many read: only what stands there, and in a channel only by whom."""

import pytest

from handlers.screens.callback_data import pack
from handlers.surface import known
from tests.handlers.delivering import deliver, drawn
from tests.handlers.stage import ADA_ID, BEN_ID, CHANNEL, GROUP, Shown, Stage

pytestmark = pytest.mark.slow

FERRY = "Ferry to Lund Island resumes after storm"
ONLY = "Only administrators can change that."
OLD = "This menu is old. Send /help for a new one."
UNDER_NEWS = {
    "alert", "alert_close", "why", "more", "less", "mute_story", "mute_source", "leave",
    "take_out", "digest",
}  # fmt: skip
FORGED = [
    *(pack(name, 1, 1) for name in sorted(known().actions)),
    "v1:help", "v1:topics", "v1:channels", "v1:do:help", "v1:help_do:latest", "v1:latest:0",
    "v1:top:week", f"v1@{CHANNEL}:help",
]  # fmt: skip


async def _alert(here: Stage, chat_id: int) -> Shown:
    await here.publish(FERRY)
    await deliver(here)
    return here.alert(FERRY, chat_id)


async def _digest(here: Stage, chat_id: int) -> Shown:
    """A digest of several pages."""
    await here.ask("/subscribe", chat_id)
    await here.ask("/digest 08:00", chat_id)
    await here.publish(
        *(f"Ferry {n} to Lund Island resumes, with {n * n} seats" for n in range(60))
    )
    here.clock[0] += 86_400
    await here.storage.digests.enqueue_due(here.clock[0])
    await deliver(here)
    return here.messages(chat_id)[-1]


async def _presses_in_vain(
    here: Stage, shown: Shown, data: list[str], user: int = BEN_ID, notes: tuple[str, ...] = (OLD,)
) -> None:
    """Each of these changes nothing, posts nothing, and is answered by one of these notes."""
    before = [(each.id, each.html, each.buttons) for each in here.messages(shown.chat_id)]
    for each in data:
        assert await here.press_data(shown, each, user) in notes, each
        now = [(m.id, m.html, m.buttons) for m in here.messages(shown.chat_id)]
        assert now == before, each


def test_what_stands_under_news_is_this() -> None:
    assert {each.name for each in known().actions.values() if each.under_news} == UNDER_NEWS


@pytest.mark.parametrize("chat_id", [GROUP, CHANNEL])
async def test_forged_presses_change_no_alert_and_post_nothing(here: Stage, chat_id: int) -> None:
    here.wire.administrators.add((CHANNEL, ADA_ID))
    await here.ask("/topic ferry", chat_id)
    alert = await _alert(here, chat_id)
    no_digest = "This digest is too old to turn its pages."
    await _presses_in_vain(here, alert, FORGED, notes=(OLD, ONLY, no_digest))
    others = [each for each in FORGED if each.split(":")[1] not in UNDER_NEWS]
    await _presses_in_vain(here, alert, others, ADA_ID)


@pytest.mark.parametrize("chat_id", [GROUP, CHANNEL])
async def test_forged_presses_change_no_alert_that_is_off_the_record(
    here: Stage, chat_id: int
) -> None:
    await here.ask("/topic ferry", chat_id)
    await here.publish(FERRY)
    (claimed,) = await here.storage.outbox.claim([1], here.clock[0], 60.0)
    number = here.wire.new_id()
    alert = here.wire.shown[chat_id, number] = drawn(claimed, number, here.clock[0])
    await _presses_in_vain(here, alert, FORGED, notes=(OLD, ONLY))
    if chat_id == GROUP:
        await here.press(alert, "Options")
        assert "Close" in alert.labels


async def test_each_option_of_an_alert_in_a_group_is_still_taken(here: Stage) -> None:
    await here.ask("/topic ferry", GROUP)
    alert = await _alert(here, GROUP)
    for label in ("Why?", "More like this", "Less like this", "Mute Harbour Post", "Close",
                  "Mute this story", "Unmute this story", "Unfollow ferry"):  # fmt: skip
        if "Close" not in alert.labels:
            await here.press(alert, "Options")
        assert await here.press(alert, label, BEN_ID) == ONLY
        assert await here.press(alert, label) not in (OLD, ONLY), label
    assert alert.labels == ["Options"]
    assert await here.storage.chats.topics(GROUP) == []


@pytest.mark.parametrize("chat_id", [GROUP, CHANNEL])
async def test_who_reads_a_digest_turns_its_pages_and_no_other_message(
    here: Stage, chat_id: int
) -> None:
    menu = await here.ask("/topic ferry", chat_id)
    alert = await _alert(here, chat_id)
    digest = await _digest(here, chat_id)
    first = digest.text
    turn = dict(digest.buttons)["More →"]
    await here.press(digest, "More →", BEN_ID)
    assert digest.text != first
    await here.press(digest, "← Back", BEN_ID)
    assert digest.text == first
    await _presses_in_vain(here, alert, [turn])
    others = [each for each in FORGED if not each.startswith("v1:digest")]
    await _presses_in_vain(here, digest, others)
    if chat_id == CHANNEL:
        await _presses_in_vain(here, menu, [turn], notes=(ONLY,))


async def test_a_reader_of_a_channel_presses_its_menus_in_vain(here: Stage) -> None:
    here.wire.administrators.add((CHANNEL, ADA_ID))
    for asked in ("/topic ferry", "/latest", "/topic", "/help", "/settings"):
        menu = await here.ask(asked, CHANNEL)
        only = (ONLY, "Only the operators of this bot can do that.")
        await _presses_in_vain(here, menu, FORGED, notes=only)
        for label in menu.labels:
            assert await here.press(menu, label, BEN_ID) == ONLY, label
    menu = await here.ask("/topic ferry OR boat", CHANNEL)
    await here.press(menu, "All topics")
    assert menu.text.startswith("Topics")


async def test_members_of_a_group_still_press_its_menus(here: Stage) -> None:
    menu = await here.ask("/topic", GROUP)
    await here.press(menu, "Newest stories", BEN_ID)
    assert here.messages(GROUP)[-1].text.startswith("Latest stories")
