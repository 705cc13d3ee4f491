"""For how long alerts are paused: the choices, and when each ends. Pure."""

from bot.news.chat import Habits
from bot.news.telling.hours import MORNINGS, next_slot

HOUR, DAY, WEEK = 3600.0, 86_400.0, 604_800.0
_SECONDS = {"hour": HOUR, "day": DAY, "week": WEEK}
MORNING = "morning"
CHOICES = ("hour", MORNING, "day", "week")
"""How a button carries each; a pause without an end is /stop."""


def pause_until(choice: str, habits: Habits, now: float) -> float | None:
    """When a pause that is chosen now ends, in seconds since 1970: in the morning when the quiet
    hours do, or at 08:00. None for what is no choice.
    """
    if choice == MORNING:
        morning = (habits.quiet[1],) if habits.quiet else MORNINGS
        return next_slot(morning, habits.timezone, now)
    seconds = _SECONDS.get(choice)
    return None if seconds is None else now + seconds
