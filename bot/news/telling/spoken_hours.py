"""Times of day as people say them in languages of ours, written as in English. Pure.

`half past seven`, `halb acht` and `полвосьмого` are 7:30, `晚上8点` is 8:00pm. What can be meant in
two ways stays as it is, and is refused by what reads it: `seven ten`, `12 in the morning`.
"""

import re
from collections.abc import Iterable, Mapping
from functools import partial

from bot.news.telling.spoken_numbers import HOURS, HOURS_BEGUN
from bot.news.telling.spoken_times import EVENING, MORNING
from bot.news.text.patterns import late


def _any(words: Iterable[str]) -> str:
    """A pattern of what is any of them, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_NOON = late(
    r"(?<!\w)(?<!\d\s)(?:12(?::00)?\s+)?"
    r"(?:noon|midday|mittags?|midi|mediodía|meio-dia|mezzogiorno|полдень)(?!\w)"
)
_MIDNIGHT = late(
    r"(?<!\w)(?<!\d\s)(?:12(?::00)?\s+)?"
    r"(?:midnight|mitternachts?|minuit|medianoche|meia-noite|mezzanotte|полночь)(?!\w)"
)
_JOINING = late(
    r"(?:(?<!\w)(?:from|between|at|and|to|until|till|von|zwischen|ab|um|bis|und|de|du|des|entre|à|et"
    r"|jusqu'à|desde|las|la|a|y|e|hasta|das|dos|às|as|até|dalle|dalla|dall'|alle|ore|tra|le|fino"
    r"|в|во|с|со|до|и|о|об|з|із|від|і|та|по|saat|ve|dari|jam|pukul|sampai|hingga|dan|الساعة|من|إلى"
    r"|حتى|و|از|تا|ساعت|בשעה|שעה|עד|ו"
    r"|it is|it's|es ist|il est|son|es|são|sono|сейчас|зараз|şu an|sekarang|الآن)\s+)+(?=\d)"
)
_BETWEEN = late(r"(?<=\d)(?:到|至|和)(?:次日|第二天)?")
_AFTER = late(r"(?<=\d)\s*(?:तक|से|kadar|itibaren)(?!\w)")
_TURKISH_ENDING = late(r"(?<=\d)'(?:[dt][ae]n?|y?[aeıiuü])(?!\w)")
_JOINED = late(r"(?<!\w)(?:(?:从|在|现在是?)(?=[\d早上下中晚夜凌])|[במל]-?(?=\d))")
_UNIT = (
    r"(?:(?:o'clock|uhr|heures?|horas?|hs|часов|часа|час|години|годині|годин|बजे)(?!\w)"
    r"|h(?![^\W\d])|点钟?)"
)
_CLOCK = late(
    rf"(?<![\d:.])(?P<hour>\d{{1,2}})(?P<past>[:.h]\d\d)?\s*{_UNIT}"
    rf"(?:\s*(?P<minutes>\d\d)(?![\d:.]|\s*(?:{_UNIT}|[ap]\.?m))分?)?"
)

# Hours that are spelled.
_HOUR_ALONE = 4  # who says less than that alone may mean how many: `two`
_SEVERAL_WORDS = late(rf"(?<!\w)(?:{_any(word for word in HOURS if ' ' in word)})(?!\w)")
_FRENCH = late(r"(?<!\w)dix[ -](?P<more>sept|huit|neuf)(?!\w)")
_CHINESE = late(
    r"(?:(?P<tens>[二两]?十)(?P<ones>[一二三四五六七八九])?|[一二两三四五六七八九])(?=点)"
)
_BEGUN = late(rf"(?P<part>пол[ -]?|половин[ае] |четверть )(?P<word>{_any(HOURS_BEGUN)})(?!\w)")
_WORDS = _any(word for word in HOURS if " " not in word)
# Turkish ten, Persian nine, Spanish eleven, German and Russian one o'clock: words of other things
# where nothing beside them speaks of a clock.
_ALL_WORDS = HOURS | {"on": 10, "نه": 9, "once": 11, "ein": 1, "час": 1}
_GUARDED = (
    r"(?:(?<=saat )|(?<=sabah )|(?<=akşam )|(?<=gece ))on|(?<=ساعت )نه|(?<=las )once|ein(?= uhr)"
    r"|(?<=в )час"
)
_SPELLED = late(rf"(?<![\w-])(?P<joined>[במל]?)(?P<word>{_WORDS}|{_GUARDED})(?![\w-])")
# As likely an hour and its minutes: `seven ten`, `las ocho y diez`, `ten to seven`.
_OF_TWO_MEANINGS = late(
    rf"(?<!\w)(?:{_WORDS}|\d+)\s+(?:{_UNIT}\s+)?(?:(?:y|e|et|و)\s+)?(?:{_WORDS})(?!\w)"
    rf"|(?<!from )(?<!\w)(?:five|ten) to (?:{_WORDS})(?!\w)"
)

# Minutes that are said with an hour: by what stands before it, and behind it.
_WITH_MINUTES = (
    (
        30,
        "half past|साढ़े",
        "thirty|dreissig|et demie?|trente|y media|treinta|e meia|e trinta|e mezz[ao]|e trenta"
        "|тридцать|с половиной|тридцять|buçuk(?:ta|tan)?|والنصف|ونصف|و نیم|וחצי|半",
    ),
    (-30, "halb|пол[ -]?|половин[ае]|пів на|setengah", None),
    (
        15,
        "(?:a )?quarter past|viertel nach|सवा",
        "fifteen|fünfzehn|et quart|quinze|y cuarto|e quinze|e (?:un|1) quarto"
        "|والربع|وربع|و ربع|ורבע|一刻",
    ),
    (
        -15,
        "(?:a )?quarter to|viertel vor|quinze para as|без четверти|за чверть|पौने",
        "moins le quart|menos cuarto|meno (?:un|1) quarto|إلا ربع",
    ),
    (-45, "четверть|чверть на", None),
)
_HOUR = r"(?P<hour>\d{1,2})(?::00)?(?![\d:])"
_MINUTES = [
    (minutes, late(rf"(?<!\w)(?:{words})\s*{_HOUR}")) for minutes, words, _ in _WITH_MINUTES
] + [
    (minutes, late(rf"(?<![\d:]){_HOUR}\s*(?:{words})(?:(?!\w)|(?<=[半刻]))"))
    for minutes, _, words in _WITH_MINUTES
    if words
]

# The hours that are meant by those of twelve, in each part of the day; others are meant in none.
_MORNING = {hour: hour for hour in range(1, 12)}
_EARLY = {12: 0, **{hour: hour for hour in range(7)}}
_NOONISH = {10: 10, 11: 11, 12: 12, 13: 13, 14: 14, 1: 13, 2: 14, 3: 15}
_AFTERNOON = {12: 12} | {hour % 12: hour for hour in range(13, 22)} | {h: h for h in range(13, 22)}
_EVENING = {hour - 12: hour for hour in range(13, 24)} | {hour: hour for hour in range(13, 24)}
_NIGHT = (
    {12: 0, 0: 0}
    | {h: h for h in range(1, 5)}
    | {h - 12: h for h in range(18, 24)}
    | {hour: hour for hour in range(18, 24)}
)
_DAYPARTS = (
    (
        _MORNING,
        "morning mornings утра ранку früh vormittags pagi_hari صباحا בבוקר du_matin de_la_mañana"
        " da_manhã del_mattino in_the_morning am_morgen",
    ),
    (_EARLY, "de_la_madrugada de_madrugada da_madrugada"),
    (_NOONISH, "mittags siang siang_hari ظهرا ظهرًا בצהריים"),
    (
        _AFTERNOON,
        "nachmittags дня sore sore_hari in_the_afternoon am_nachmittag de_l'après-midi de_la_tarde"
        " por_la_tarde da_tarde del_pomeriggio di_pomeriggio بعد_الظهر بعد_از_ظهر אחר_הצהריים",
    ),
    (
        _EVENING,
        "evening evenings вечера вечора مساء בערב du_soir di_sera in_the_evening am_abend",
    ),
    (
        _NIGHT,
        "nachts ночи ночью ночі malam malam_hari ليلا ليلًا شب בלילה at_night in_der_nacht"
        " de_la_noche por_la_noche de_noche da_noite à_noite di_notte",
    ),
)
_LEADING = (
    (_MORNING, "sabah her_sabah सुबह हर_सुबह 上午 早上 早"),
    (_EARLY, "凌晨 半夜"),
    (_NOONISH, "öğlen दोपहर 中午"),
    (_AFTERNOON, "öğleden_sonra 下午"),
    (_EVENING, "akşam her_akşam शाम हर_शाम"),
    (_NIGHT, "gece रात 晚上 晚 夜里 夜间"),
)
"""Parts of the day that always stand before the hour."""


def _by_word(
    parts: Iterable[tuple[Mapping[int, int], str]],
) -> dict[str, Mapping[int, int]]:
    return {word.replace("_", " "): hours for hours, words in parts for word in words.split()}


_LED_BY = _by_word(_LEADING)
_PART_OF_DAY = (
    dict.fromkeys(MORNING, _MORNING) | dict.fromkeys(EVENING, _EVENING) | _by_word(_DAYPARTS)
)
_TIME = r"(?P<hour>\d{1,2})(?P<past>[:.h]\d\d)?(?:\s*(?P<half>[ap])\.?m\.?)?(?![\d:.])"
_AT = r"(?:(?:at|um|gegen|a las|a la|las|à|às|alle|в|о|saat|jam|pukul|الساعة|ساعت|בשעה)\s+)?"
_LED = late(rf"(?<![^\W\d])(?P<part>{_any(_LED_BY)})\s*{_AT}{_TIME}")
_BEFORE = late(rf"(?<!\w)(?P<part>{_any(_PART_OF_DAY)}),?\s+{_AT}{_TIME}")
_BEGINS = late(rf"(?:[^\W\d]+ )?(?:{_any(_PART_OF_DAY)}),?\s+{_AT}\d")
_ENDED = late(rf"(?<![\d:.]){_TIME}\s*(?P<part>{_any(_PART_OF_DAY)})(?!\w)")


def hours_as_in_english(typed: str) -> str:
    """Times of day as English has them: `8 утра` is `8:00am`, `晚上8点` is `8:00pm`, `с 22 до 7` is
    `22 7`. Takes small letters.
    """
    typed = _with_minutes(_CLOCK().sub(_at_the_hour, _in_figures(typed)))
    typed = _JOINED().sub("", _AFTER().sub("", _TURKISH_ENDING().sub("", typed)))
    typed = _in_halves(_BETWEEN().sub(" ", typed))
    typed = _MIDNIGHT().sub("00:00", _NOON().sub("12:00", typed))
    return _JOINING().sub("", typed.strip())


def _in_figures(typed: str) -> str:
    """Hours in figures that were spelled; as it was where they can be meant in two ways."""
    if HOURS.get(typed, _HOUR_ALONE) < _HOUR_ALONE:
        return typed
    typed = _FRENCH().sub(lambda found: str(10 + HOURS[found["more"]]), typed)
    typed = _CHINESE().sub(_of_chinese, typed)
    typed = _BEGUN().sub(lambda found: f"{found['part']}{HOURS_BEGUN[found['word']]}", typed)
    typed = _SEVERAL_WORDS().sub(lambda found: str(HOURS[found[0]]), typed)
    if _OF_TWO_MEANINGS().search(typed):
        return typed
    return _SPELLED().sub(lambda found: str(_ALL_WORDS[found["word"]]), typed)


def _of_chinese(found: re.Match[str]) -> str:
    if not found["tens"]:
        return str(HOURS[found[0]])
    tens = 20 if found["tens"][0] in "二两" else 10
    return str(tens + HOURS.get(found["ones"], 0))


def _at_the_hour(found: re.Match[str]) -> str:
    minutes = f":{found['minutes']}" if found["minutes"] else ":00"
    return found["hour"] + (found["past"] or minutes)


def _with_minutes(typed: str) -> str:
    for minutes, said in _MINUTES:
        typed = said().sub(partial(_moved, minutes), typed)
    return typed


def _moved(minutes: int, found: re.Match[str]) -> str:
    """A time on a clock of twelve hours, or of 24 where the hour is of that."""
    hour = int(found["hour"])
    if minutes < 0:
        hour = (hour - 1) % 24 or 12
    return f"{hour}:{minutes % 60:02}"


def _in_halves(typed: str) -> str:
    """Times with the half of the day that its part says. A part that stands first leads all."""
    typed = _LED().sub(lambda found: f" {_in_half(found, _LED_BY)}", typed)
    if _BEGINS().match(typed):
        typed = _BEFORE().sub(lambda found: _in_half(found, _PART_OF_DAY), typed)
    return _ENDED().sub(lambda found: _in_half(found, _PART_OF_DAY), typed)


def _in_half(found: re.Match[str], parts: Mapping[str, Mapping[int, int]]) -> str:
    hours, hour = parts[found["part"]], int(found["hour"])
    meant = hours.get(hour, -1)
    if found["half"]:  # `every evening at 8pm`
        meant = hour % 12 + (12 if found["half"] == "p" else 0)
    if meant not in hours.values():
        return found[0]
    return f"{meant % 12 or 12}{found['past'] or ''}{'pm' if meant >= 12 else 'am'}"
