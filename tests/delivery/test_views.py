"""What a delivery looks like does not depend on what was drawn before it, or on when in a day."""

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import render
from bot.delivery.render import StoryView
from bot.delivery.views import view_of
from bot.news.outbox import Delivery, DeliveryKind
from bot.texts.locale import Locale

NOW = 1_800_000_000.0
ZONES = sorted(available_timezones())

deliveries = st.builds(
    Delivery,
    id=st.integers(1, 9),
    chat_id=st.integers(1, 9),
    chat_kind=st.just("private"),
    thread_id=st.just(0),
    topics=st.sampled_from([(), ("ferries",), ("ferries", "cranes")]),
    topics_of_chat=st.integers(0, 2),
    title=st.sampled_from(["Ferry late", "Crane falls silent"]),
    summary=st.sampled_from(["", "It is said to come tonight."]),
    link=st.sampled_from([None, "https://pier.example/1"]),
    source=st.sampled_from(["Pier Post", "Hill Radio"]),
    timezone=st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"]),
    at=st.floats(NOW - 90_000, NOW),
    seen_at=st.just(NOW),
    attempts=st.just(1),
    language=st.sampled_from(["en", "de", "ar"]),
    kind=st.sampled_from([DeliveryKind.ALERT, DeliveryKind.UPDATE]),
    image=st.sampled_from([None, "https://pier.example/1.png"]),
    pictures=st.booleans(),
)


@given(deliveries, st.floats(NOW - 90_000, NOW + 90_000))
def test_a_story_reads_the_same_whoever_was_told_it_before(delivery: Delivery, now: float) -> None:
    locale = Locale(delivery.language, delivery.timezone, now)
    topics = delivery.topics if delivery.topics_of_chat > 1 else ()
    item = StoryView(
        delivery.title, delivery.summary, delivery.link, delivery.source, delivery.at, topics
    )
    shown = view_of(delivery, now).message
    if delivery.kind is DeliveryKind.UPDATE:
        assert shown == render.update(item, locale)
        return
    assert (shown.html, shown.plain) == (
        render.alert(item, locale).html,
        render.alert(item, locale).plain,
    )
    pictured = delivery.image and delivery.pictures
    assert shown.caption == (render.caption(item, locale) if pictured else "")


_milliseconds = st.integers(int(NOW) * 1000, int(NOW + 5 * 366 * 86_400) * 1000)


@given(st.sampled_from(ZONES), _milliseconds.map(lambda ms: ms / 1000))
def test_days_begin_with_a_minute_in_every_zone(zone: str, now: float) -> None:
    first = datetime.fromtimestamp(now // 60 * 60, ZoneInfo(zone))
    assert first.date() == datetime.fromtimestamp(now, ZoneInfo(zone)).date()
