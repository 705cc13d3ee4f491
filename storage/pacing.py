"""A feed's rhythm and hints as the texts that its row holds; no SQL."""

import json

from bot.news.polling.poll_hints import NO_HINTS, PollHints
from bot.news.polling.rhythm import UNHEARD, Rhythm

_DIGITS = 4  # of counts: finer than they mean anything


def rhythm_text(rhythm: Rhythm) -> str:
    """The rhythm as JSON; empty where nothing was counted."""
    if rhythm.at is None:
        return ""
    counts = [[round(count, _DIGITS) for count in part] for part in (rhythm.hours, rhythm.days)]
    pulse = round(rhythm.pulse, _DIGITS)
    return json.dumps([rhythm.at, round(rhythm.span), pulse, *counts], separators=(",", ":"))


def rhythm_of(text: str) -> Rhythm:
    """The rhythm that a row holds."""
    if not text:
        return UNHEARD
    try:
        at, span, pulse, hours, days = json.loads(text)
        return Rhythm(at, span, pulse, tuple(hours), tuple(days))
    except (ValueError, TypeError):
        return UNHEARD  # it is learned anew; no feed must keep the others from being read


def hints_text(hints: PollHints) -> str:
    """The hints as JSON; empty where there are none."""
    if hints == NO_HINTS:
        return ""
    return json.dumps([hints.seconds, hints.hours, hints.days], separators=(",", ":"))


def hints_of(text: str) -> PollHints:
    """The hints that a row holds."""
    if not text:
        return NO_HINTS
    try:
        seconds, hours, days = json.loads(text)
        return PollHints(seconds, tuple(hours), tuple(days))
    except (ValueError, TypeError):
        return NO_HINTS
