"""Times, lengths of time, yes and no as people write them in languages of ours. Pure.

Units are those of CLDR in all forms; a word that is two units in two languages is left out.
"""

import re

from bot.news.text.patterns import late

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
_PAIRS = {
    "يومين": 86_400, "ساعتين": 3_600, "أسبوعين": 604_800, "شهرين": 2_592_000, "יומיים": 86_400,
    "שעתיים": 3_600, "שבועיים": 604_800, "חודשיים": 2_592_000,
}  # fmt: skip
PAIRS = {word: 2.0 * seconds for word, seconds in _PAIRS.items()}
"""Seconds of words that say two of a unit."""
FOR = """
    for the next|for|für|pendant|pour|durant|durante|por|per|на|в течение|протягом|selama|untuk
    |لمدة|مدة|برای|به مدت|למשך
"""
FOR_BEHIND = "lang|lamanya|için|boyunca|süreyle|के लिए|तक"
"""What stands before a length of time, or behind it."""
UNTIL = """
    until|till|til|bis zum|bis|jusqu'à|jusqu'au|hasta el|hasta las|hasta|fino a
    |fino al|fino alle|até o|até a|até às|até|до|sampai|hingga|حتى|إلى|تا|עד|直到|到
"""
UNTIL_BEHIND = "kadar|तक"
"""What stands before an end, or behind it."""
_TOMORROW_WORDS = """
    tomorrow morgen demain mañana amanhã domani завтра yarın yarına besok غدًا غدا الغد فردا
    מחר कल 明天
"""
TOMORROW = frozenset(_TOMORROW_WORDS.split())
IN_THE_MORNING = "morning|früh|matin|por la mañana|de manhã|mattina|утром|утра|вранці|ранку|pagi"
TONIGHT = frozenset((
    "tonight", "heute abend", "ce soir", "esta noche", "hoje à noite", "stasera",
    "сегодня вечером", "сьогодні ввечері", "bu akşam", "malam ini", "الليلة", "امشب", "הערב",
    "आज रात", "今晚",
))  # fmt: skip
FOREVER = frozenset((
    "forever", "for ever", "always", "für immer", "immer", "pour toujours", "toujours",
    "para siempre", "siempre", "para sempre", "sempre", "per sempre", "навсегда", "назавжди",
    "sonsuza dek", "selamanya", "للأبد", "دائمًا", "برای همیشه", "همیشه", "לתמיד", "हमेशा", "永远",
))  # fmt: skip
_DAYS = """
    montag montags lundi lundis lunes segunda segunda-feira lunedì понедельник понедельника
    понедельникам понеділок понеділка pazartesi pazartesiye senin الاثنين الإثنين دوشنبه सोमवार שני
    星期一 周一

    dienstag dienstags mardi mardis martes terça terça-feira martedì вторник вторника вторникам
    вівторок вівторка salı salıya selasa الثلاثاء سه‌شنبه मंगलवार שלישי 星期二 周二

    mittwoch mittwochs mercredi mercredis miércoles quarta quarta-feira mercoledì среда среду среды
    средам середа середу середи çarşamba çarşambaya rabu الأربعاء چهارشنبه बुधवार רביעי 星期三 周三

    donnerstag donnerstags jeudi jeudis jueves quinta quinta-feira giovedì четверг четверга
    четвергам четвер perşembe perşembeye kamis الخميس پنجشنبه गुरुवार חמישי 星期四 周四

    freitag freitags vendredi vendredis viernes sexta sexta-feira venerdì пятница пятницу пятницы
    пятницам п'ятниця п'ятницю п'ятниці cuma cumaya jumat الجمعة جمعه शुक्रवार שישי 星期五 周五

    samstag samstags sonnabend samedi samedis sábado sábados sabato суббота субботу субботы
    субботам субота суботу суботи cumartesi cumartesiye sabtu السبت شنبه शनिवार שבת 星期六 周六

    sonntag sonntags dimanche dimanches domingo domingos domenica воскресенье воскресенья
    воскресеньям неділя неділю неділі pazar pazara minggu الأحد یکشنبه रविवार ראשון 星期日 周日
"""
DAYS = {
    word.replace("\u200c", ""): number
    for number, words in enumerate(_DAYS.strip().split("\n\n"))
    for word in words.split()
}
"""Days of the week by what they are called, Monday being 0."""
_YES_WORDS = """
    да так sí si oui ja sim sì evet ya हाँ हां 是 نعم بله כן an ein activado activé ativado attivo
    вкл включить увімк aktif açık تشغيل روشن פועל चालू 开
"""
YES = frozenset(_YES_WORDS.split())
_NO_WORDS = """
    нет ні non nein não hayır tidak नहीं 否 لا نه לא aus keine kein keins nie désactivé aucun
    aucune jamais ninguno ninguna nunca desactivado apagado desligado desativado nenhum spento
    disattivato nessuno mai выкл выключить выключено никогда вимк вимкнути вимкнено ніколи немає
    kapalı kapat yok nonaktif mati إيقاف بدون خاموش כבוי אין बंद 关 关闭 無 无 stop
"""
NO = frozenset(_NO_WORDS.split())
"""What somebody means who answers, or says it as our buttons do, beside English."""
_ALL_WORDS = """
    all alle tous toutes todas todos tutti tutte все усі всі hepsi semua الكل همه הכול הכל सभी
    全部
"""
ALL = frozenset(_ALL_WORDS.split())
AT_ONCE = frozenset((
    "at once", "now", "sofort", "immédiatement", "al momento", "enseguida", "subito", "na hora",
    "сразу", "одразу", "hemen", "langsung", "فورًا", "فوری", "מיד", "तुरंत", "立即",
))  # fmt: skip
MORNING = frozenset((
    "every morning", "each morning", "in the morning", "morgens", "jeden morgen", "le matin",
    "chaque matin", "tous les matins", "por la mañana", "cada mañana", "todas las mañanas",
    "de manhã", "toda manhã", "todas as manhãs", "la mattina", "ogni mattina", "di mattina",
    "утром", "по утрам", "каждое утро", "вранці", "зранку", "щоранку", "щодня вранці", "sabah",
    "sabahları", "her sabah", "pagi", "setiap pagi", "tiap pagi", "صباحًا", "كل صباح", "صبح",
    "صبح‌ها", "هر صبح", "هر روز صبح", "בבוקר", "כל בוקר", "सुबह", "हर सुबह", "早上", "每天早上",
))  # fmt: skip
EVENING = frozenset((
    "every evening", "each evening", "in the evening", "abends", "jeden abend", "le soir",
    "chaque soir", "tous les soirs", "por la tarde", "cada tarde", "todas las tardes", "à noite",
    "toda noite", "la sera", "ogni sera", "di sera", "вечером", "по вечерам", "каждый вечер",
    "увечері", "ввечері", "щовечора", "akşam", "akşamları", "her akşam", "malam", "setiap malam",
    "مساءً", "كل مساء", "عصر", "هر شب", "בערב", "כל ערב", "शाम", "हर शाम", "晚上", "每天晚上",
))  # fmt: skip
_DAILY = (
    "every day|each day|daily|täglich|jeden tag|chaque jour|tous les jours|cada día"
    "|todos los días|cada dia|todos os dias|ogni giorno|tutti i giorni|каждый день|ежедневно"
    "|щодня|кожен день|кожного дня|her gün|setiap hari|tiap hari|كل يوم|يوميًا|هر روز|כל יום"
    "|हर दिन|रोज़|रोज|每天"
)
_PER_DAY = (
    "(?:a|per|each|every|am|pro|par|al|por|ao|al|в|на) (?:day|tag|jour|día|dia|giorno|день|добу)"
    "|/day|/tag|/jour|daily|sehari|per hari|في اليوم|يوميًا|در روز|ביום|प्रति दिन|每天"
)
EVERY_DAY = late(rf"(?:{_DAILY})(?!\w),?\s*|\s+(?:{_DAILY})$")
"""What a list of hours need not say: they come every day."""
PER_DAY = late(rf"\s*(?:{_PER_DAY})$", re.IGNORECASE)
"""What a number need not say: it is of a day."""
