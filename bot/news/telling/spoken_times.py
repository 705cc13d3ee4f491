"""Times, lengths of time, yes and no as people write them in languages of ours. Pure.

Units are those of CLDR in all forms; a word that is two units in two languages is left out.
"""

import re

_MINUTE = """
    dakika dk menit minuten minuti minuto minutos mnt мин минут минута минуты минуту хв
    хвилин хвилина хвилини хвилину דקה דקות دقائق دقيقة دقیقه मिनट 分钟
"""
_HOUR = """
    heure heures hora horas jam ora ore sa saat std stunde stunden год годин година години
    годину ч час часа часов שעה שעות ساعات ساعة ساعت घंटा घंटे 小时
"""
_DAY = """
    dia dias día días giorni giorno gün hari hr jour jours tag tage tagen tg день дн дней
    дня дні днів יום ימים أيام روز يوم يومًا दिन 天
"""
_WEEK = """
    hafta minggu semaine semaines semana semanas settimana settimane woche wochen нед
    недели недель неделя неделю тиж тиждень тижня тижні тижнів שבוע שבועות أسابيع أسبوع
    أسبوعًا هفته सप्ताह 周
"""
_MONTH = """
    ay bulan mes mese meses mesi mois monat monate monaten mês мес месяц месяца месяцев
    міс місяць місяця місяці місяців חודש חודשים أشهر شهر شهرًا ماه महीना महीने माह 个月
"""
UNITS = {
    word: seconds
    for words, seconds in (
        (_MINUTE, 60), (_HOUR, 3_600), (_DAY, 86_400), (_WEEK, 604_800), (_MONTH, 2_592_000),
    )
    for word in words.split()
}  # fmt: skip
"""Seconds of a unit, by what it is called."""
YES = (
    "да",
    "так",
    "sí",
    "si",
    "oui",
    "ja",
    "sim",
    "sì",
    "evet",
    "ya",
    "हाँ",
    "हां",
    "是",
    "نعم",
    "بله",
    "כן",
)
NO = ("нет", "ні", "non", "nein", "não", "hayır", "tidak", "नहीं", "否", "لا", "نه", "לא")
"""What somebody means who answers, beside English."""
_BEFORE = {"am": "sabah|सुबह|上午|早上", "pm": "akşam|शाम|下午|晚上"}
_BEHIND = {
    "am": "утра|ранку|morgens|du matin|de la mañana|da manhã|di mattina|del mattino|pagi"
    "|صباحًا|صباحا|صبح|בבוקר",
    "pm": "вечера|дня|вечора|abends|nachmittags|du soir|de l'après-midi|de la tarde|de la noche"
    "|da tarde|da noite|di sera|del pomeriggio|malam|sore|مساءً|مساء|عصر|בערב",
}
_CLOCK = re.compile(r"(?<=\d)\s*(?:uhr|часов|часа|час|годині|годин|बजे|点)(?!\w)")
_LED = {half: re.compile(rf"(?:{words})\s*(\d[\d:.]*)") for half, words in _BEFORE.items()}
_ENDED = {half: re.compile(rf"(?<=\d)\s*(?:{words})(?!\w)") for half, words in _BEHIND.items()}


def hours_as_in_english(typed: str) -> str:
    """Times of day as English has them: `8 утра` is `8am`, `晚上8点` is `8pm`. Takes small
    letters.
    """
    typed = _CLOCK.sub("", typed)
    for half, led in _LED.items():
        typed = _ENDED[half].sub(half, led.sub(rf"\1{half}", typed))
    return typed
