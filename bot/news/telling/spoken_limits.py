"""How many alerts a day, as people say it in languages of ours: `5`, `max 5 a day`, `no limit`.
Pure.
"""

import re

from bot.news.telling.hours import is_off, plainly
from bot.news.telling.spoken_numbers import SPELLED
from bot.news.telling.spoken_times import A_DAY, ALL, ONLY, PLEASE
from bot.news.text.patterns import late

_AT_MOST = (
    "at most|up to|no more than|not more than|maximum|max\\.?"
    "|höchstens|maximal|bis zu|nicht mehr als"
    "|au plus|au maximum|pas plus de|jusqu'à|como máximo|máximo|no más de|hasta"
    "|no máximo|não mais de|até|al massimo|massimo|non più di|fino a"
    "|не более|не больше|максимум|не більше|щонайбільше|до|en fazla|en çok|maksimum|maksimal"
    "|paling banyak|على الأكثر|بحد أقصى|حداکثر|לכל היותר|עד|अधिकतम|最多|至多|"
) + "|".join(sorted(ONLY))
_ALERTS = (
    "alerts?|stories|messages?|meldung(?:en)?|mitteilung(?:en)?|nachrichten|alertes?|actualités"
    "|alertas?|noticias?|notícias?|avvisi|notizie|уведомлени[йяе]|новост(?:ей|и|ь)|сповіщень|новин"
    "|bildirim|haber|pemberitahuan|berita|تنبيهات|أخبار|هشدار|خبر|התראות|ידיעות|अलर्ट|条|则"
)
_WITHOUT = (
    "no limits?|without (?:a )?limit|unlimited|limitless|kein limit|ohne limit|keine begrenzung"
    "|unbegrenzt|unbeschränkt|sans limite|pas de limite|illimité|sin límite|ilimitado|sem limite"
    "|senza limiti?|nessun limite|illimitato|без ограничений|без лимита|без обмежень|без ліміту"
    "|sınırsız|limitsiz|tanpa batas|بلا حدود|بدون حد|بدون محدودیت|نامحدود|ללא הגבלה|बिना सीमा"
    "|असीमित|不限|无限制?|没有限制"
)
_SPELLED = "|".join(sorted(SPELLED, key=len, reverse=True))
_NUMBER = (
    rf"(?:(?:{A_DAY})\s*)?(?:(?:{_AT_MOST})\s*)?(?P<number>\d+|{_SPELLED})(?:(?!\w)|(?=[条则]))"
    rf"(?:\s*(?:{_ALERTS}))?(?:\s*(?:{A_DAY}))?(?:\s*(?:{_AT_MOST}))?"
)
_LIMIT = late(_NUMBER, re.IGNORECASE)
_NO_LIMIT = late(_WITHOUT, re.IGNORECASE)
_NAMED = late(
    rf"(?:(?P<name>.+?)\s+)??(?P<limit>{_NUMBER}|{_WITHOUT}|\S+)", re.DOTALL | re.IGNORECASE
)
_PER_DAY = late(rf"\s*(?:{A_DAY})$", re.IGNORECASE)
_MOST_FIGURES = 5


def split_limit(text: str) -> tuple[str, str]:
    """What a text names first, and the limit that it says last, each as it was typed."""
    found = _NAMED().fullmatch(_PER_DAY().sub("", PLEASE().sub("", " ".join(text.split()))))
    return (found["name"] or "", found["limit"]) if found else ("", "")


def read_limit(text: str) -> int | None:
    """The number of a limit; 0 for none at all, and None for what says neither."""
    said = _PER_DAY().sub("", plainly(text))
    if said in ALL or is_off(said) or _NO_LIMIT().fullmatch(said):
        return 0
    found = _LIMIT().fullmatch(said)
    number = found["number"] if found else ""
    if number in SPELLED:
        return SPELLED[number]
    return int(number) if number and len(number) <= _MOST_FIGURES and int(number) else None
