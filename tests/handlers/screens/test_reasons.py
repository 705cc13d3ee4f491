"""Reasons in words: whatever they are made of, Telegram can read them."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot.delivery.verdict import markup_is_readable
from bot.news.history import Follow, Heard, SentMessage, ToldStory, Wish
from bot.news.outbox import DeliveryKind
from bot.news.query.near_miss import Miss
from bot.news.telling.explaining import Explanation, InQueue, Muted, Reason
from bot.news.why import Code, because, quoted
from bot.texts.html import lines, shown, visible
from bot.texts.locale import Locale
from handlers.commands.why import explained
from handlers.commands.whynot import link_in
from handlers.screens.reasons import heading, sentence
from tests.news.telling.test_explaining import DELIVERED, SEEN, UNDELIVERED
from tests.reading import seen

_LONG = "<b>&Ferry</b> @admin https://a.example #tag " * 200
_HEARD = Heard(1, _LONG, _LONG, "https://h.example/1", 1.0, "copy", _LONG)
_FOLLOW = Follow(_LONG, 1.0, _LONG)
_WISH = Wish(_LONG, _LONG, _LONG, False, 1.0)
_LOCALE = Locale("en", "UTC", 1_800_000_000.0)


def _longest(reason: Reason) -> Reason:
    """The same reason, made of the worst that feeds and people write."""
    worst = {
        "reason": quoted(_LONG), "error": quoted(_LONG), "by": quoted(_LONG), "source": _LONG,
        "follow": _FOLLOW,
        "wishes": (_WISH,) * 20, "sources": (_LONG,) * 20,
        "nearest": (_FOLLOW, Miss((_LONG,) * 9, (_LONG,) * 9, (_LONG,) * 9)),
    }  # fmt: skip
    fields: dict[str, Any] = {
        name: worst.get(name, getattr(reason, name)) for name in type(reason).__match_args__
    }
    if fields.get("joined"):
        fields["by"] = _HEARD
    kind: Any = type(reason)
    made: Reason = kind(**fields)
    return made


REASONS = [reason for _, reason in DELIVERED] + [reason for *_, reason in UNDELIVERED]


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_is_one_short_readable_text(reason: Reason) -> None:
    assert visible(sentence(reason, _LOCALE)) < 300
    for each in (reason, _longest(reason)):
        found = Explanation(each, SEEN, _HEARD)
        text = lines(heading(found, _LOCALE), sentence(each, _LOCALE))
        assert visible(text) < 4096
        assert markup_is_readable(text) is not False
        assert "None" not in text


@pytest.mark.parametrize(
    ("attempts", "said"),
    [(1, "I tried once: no answer"), (2, "I tried 2 times, the last: no answer")],
)
def test_attempts_are_counted(attempts: int, said: str) -> None:
    waits = InQueue(0, None, asked=False, attempts=attempts, error=quoted("no answer"))
    assert said in shown(sentence(waits, _LOCALE))


def test_a_language_is_called_by_its_name() -> None:
    kept = Muted(because(Code.OTHER_LANGUAGE, "de"), 1.0)
    said = shown(sentence(kept, _LOCALE))
    assert "It is in German, which is not chosen here." in seen(said)


def test_one_topic_more_is_called_so() -> None:
    told = ToldStory(_HEARD, (), (_WISH,) * 7, None, 1, 1.0)
    message = SentMessage(DeliveryKind.ALERT, 1.0, (told,))
    assert "and 1 more topic" in shown(explained(message, _LOCALE))


@pytest.mark.parametrize("kind", DeliveryKind)
def test_why_stays_within_a_message_and_names_what_is_gone(kind: DeliveryKind) -> None:
    wishes = (_WISH, replace(_WISH, topic=None), replace(_WISH, topic=None, subscribed=True)) * 9
    told = ToldStory(_HEARD, (_HEARD,) * 99, wishes, _HEARD, 3, 1.0)
    bare = ToldStory(None, (), (), None, 1, 1.0)
    for stories in ((told,) * 50, (bare,), (bare, told)):
        text = explained(SentMessage(kind, 1.0, stories), _LOCALE)
        assert visible(text) < 4096
        assert markup_is_readable(text) is not False
        assert "None" not in text


@pytest.mark.parametrize(
    ("words", "link"),
    [
        ("https://h.example/1", "https://h.example/1"),
        ("<https://h.example/1>, why?", "https://h.example/1"),
        ("see https://h.example/1.", "https://h.example/1"),
        ("(https://h.example/a_(b))", "https://h.example/a_(b))"),
        ("(https://h.example/a)", "https://h.example/a"),
        ("HTTPS://H.example/A?b=c&d", "HTTPS://H.example/A?b=c&d"),
        ("h.example/a/b", "https://h.example/a/b"),
        ("h.example", "https://h.example"),
        ("two words", "two words"),
        ("ferry", "ferry"),
        ("…", ""),
    ],
)
def test_the_link_in_what_a_person_wrote(words: str, link: str) -> None:
    assert link_in(words) == link
