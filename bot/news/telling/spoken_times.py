"""Times, lengths of time, yes and no as people write them in languages of ours. Pure.

Units are those of CLDR in all forms; a word that is two units in two languages is left out.
"""

import re

from bot.news.telling.spoken_numbers import COUNTS
from bot.news.text.patterns import late

_MINUTE = """
    dakika dk menit minuten minuti minuto minutos mnt мин минут минута минуты минуту хв
    хвилин хвилина хвилини хвилину דקה דקות دقائق دقيقة دقیقه मिनट 分钟
"""
_HOUR = """
    heure heures hora horas jam ora ore sa saat std stunde stunden год годин година години
    годину ч час часа часов שעה שעות ساعات ساعة ساعت घंटा घंटे 小时
    个小时 钟头 个钟头
"""
_DAY = """
    dia dias día días giorni giorno gün hari hr jour jours tag tage tagen tg день дн дней
    дня дні днів יום ימים أيام روز يوم يومًا दिन 天
"""
_WEEK = """
    hafta minggu semaine semaines semana semanas settimana settimane woche wochen нед
    недели недель неделя неделю тиж тиждень тижня тижні тижнів שבוע שבועות أسابيع أسبوع
    أسبوعًا اسبوع هفته सप्ताह 周 星期 个星期 礼拜 个礼拜
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
ONES = {
    "دقيقة": 60, "ساعة": 3_600, "يوم": 86_400, "أسبوع": 604_800, "اسبوع": 604_800,
    "شهر": 2_592_000, "לשעה": 3_600, "ליום": 86_400, "לשבוע": 604_800, "לחודש": 2_592_000,
}  # fmt: skip
"""Seconds of words that say one of a unit without a number, and are other words as well."""
_PAIRS = {
    "يومين": 86_400, "ساعتين": 3_600, "أسبوعين": 604_800, "شهرين": 2_592_000, "יומיים": 86_400,
    "שעתיים": 3_600, "שבועיים": 604_800, "חודשיים": 2_592_000,
}  # fmt: skip
PAIRS = {word: 2 * seconds for word, seconds in _PAIRS.items()}
"""Seconds of words that say two of a unit."""
_HALF_AN_HOUR_WORDS = (
    "half an hour",
    "eine halbe stunde",
    "halbe stunde",
    "une demi-heure",
    "media hora",
    "meia hora",
    "mezz'ora",
    "полчаса",
    "півгодини",
    "yarım saat",
    "setengah jam",
    "نصف ساعة",
    "نیم ساعت",
    "חצי שעה",
    "आधा घंटा",
    "半小时",
    "半个小时",
)
HALF_AN_HOUR = "|".join(_HALF_AN_HOUR_WORDS)
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
UNTIL_JOINED = "直到|到"
"""What stands before an end, or behind it, or is joined to it."""
_TOMORROW_WORDS = """
    tomorrow morgen demain mañana amanhã domani завтра yarın yarına besok غدًا غدا الغد فردا
    מחר कल 明天
"""
TOMORROW = frozenset(_TOMORROW_WORDS.split())
_TODAY_WORDS = """
    today|heute|aujourd'hui|hoy|hoje|oggi|сегодня|за сегодня|сьогодні|за сьогодні|bugün|hari ini
    |اليوم|امروز|היום|आज|今天|今日
"""
TODAY = frozenset(each.strip() for each in _TODAY_WORDS.split("|"))
FOR_TODAY = frozenset((
    "for today", "for the rest of the day", "für heute", "pour aujourd'hui", "por hoy", "por hoje",
    "para hoy", "para hoje", "per oggi", "на сегодня", "на сьогодні", "bugünlük", "bugün için",
    "untuk hari ini", "لليوم", "لهذا اليوم", "برای امروز", "להיום", "आज के लिए",
))  # fmt: skip
"""Until the day ends."""
_YESTERDAY_WORDS = """
    yesterday gestern hier ayer ontem ieri вчера вчора dün kemarin أمس امس دیروز אתמול 昨天 昨日
"""
YESTERDAY = frozenset(_YESTERDAY_WORDS.split())
_THIS_WEEK_WORDS = """
    this week|the week|of the week|for the week|past week|last week|the last week|diese woche
    |dieser woche|der woche|die woche|letzte woche|cette semaine|la semaine|de la semaine
    |esta semana|la semana|de la semana|da semana|essa semana|nesta semana|questa settimana
    |della settimana|la settimana|за неделю|этой недели|на этой неделе|эту неделю|эта неделя
    |за эту неделю|за тиждень|цього тижня|цей тиждень|за цей тиждень|bu hafta|bu haftanın|haftanın
    |minggu ini|seminggu|هذا الأسبوع|الأسبوع|این هفته|هفته اخیر|השבוע|इस सप्ताह|इस हफ्ते|इस हफ़्ते
    |本周|这周|一周|这一周|这个星期|最近一周
"""
THIS_WEEK = frozenset(each.strip() for each in _THIS_WEEK_WORDS.split("|"))
_SINCE_WORDS = """
    since from seit ab depuis desde dal dalla da с со з від sejak dari منذ از מאז से 自 从
"""
SINCE = frozenset(_SINCE_WORDS.split())
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
    воскресеньям неділя неділю неділі pazar pazara minggu الأحد یکشنبه रविवार ראשון 星期日 星期天
    周日
"""
DAYS = {
    word.replace("\u200c", ""): number
    for number, words in enumerate(_DAYS.strip().split("\n\n"))
    for word in words.split()
}
"""Days of the week by what they are called, Monday being 0."""
# Not in languages of countries that rest on other days.
WEEKDAYS_SAID = late(
    r"(?<!\w)(?:werktags|wochentags|unter der woche|en semaine|entre semana|dias úteis"
    r"|(?:nei )?giorni feriali|(?:по |в )?будн(?:ям|и|ие дни)|по рабочим дням"
    r"|(?:у |по )?будн(?:і|ях)|hafta içi|hari kerja)(?!\w)|工作日"
)
WEEKENDS_SAID = late(
    r"(?<!\w)(?:am wochenende|wochenende|wochenends|le week-end|week-ends?"
    r"|(?:los )?fines? de semana|(?:nos |no )?(?:fim|fins) de semana|(?:nel |nei )?weekend"
    r"|(?:(?:по |в )?выходн(?:ым|ые)|на выходных)"
    r"|(?:у |в |на )?вихідн(?:і|их)|hafta sonu|akhir pekan)(?!\w)|周末"
)
_BEFORE_WEEKEND = """
    for over during on at the this all whole coming next für über übers fürs am das dieses diesem
    dem ganze nächste nächstes por para durante en el este próximo todo pour pendant durant le ce
    tout no neste nesse pelo o esse per nel il questo prossimo на в во эти все ближайшие у ці всі
    bu untuk selama
"""
_WEEKEND_WORDS = (
    "weekend|week-end|week end|saturday and sunday|sat and sun|sat-sun|wochenende"
    "|samstag und sonntag|fin de semana|finde|sábado y domingo|samedi et dimanche|fim de semana"
    "|final de semana|sábado e domingo|fine settimana|sabato e domenica|выходные"
    "|субботу и воскресенье|вихідні|суботу і неділю|hafta sonu|cumartesi pazar|akhir pekan"
)
THE_WEEKEND = late(
    rf"(?:(?:{'|'.join(_BEFORE_WEEKEND.split())})\s+){{0,3}}(?:{_WEEKEND_WORDS})"
    r"(?:\s+(?:için|boyunca|ini|lang))?|(?:这个|這個|本|整个)?[周週]末"
)
"""What somebody calls the next weekend, and what stands before it; not each of them."""
TO_THE_WEEKEND = frozenset(("выходных", "вихідних", "hafta sonuna"))
"""What it is called where something lasts until then."""
ONCE_A_WEEK = late(
    r"(?<!\w)(?:once (?:a|per) week|einmal (?:pro|die|in der) woche|wöchentlich"
    r"|una vez (?:a la|por) semana|semanalmente|une fois par semaine|una volta (?:a|alla) settimana"
    r"|uma vez por semana|(?:один )?раз в неделю|(?:один )?раз на тиждень|haftada bir(?: kez)?"
    r"|seminggu sekali)(?!\w)|每周一次|一周一次"
)
CHINESE_DAY = late("每?(?P<day>(?:星期|周)[一二三四五六日天])")
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
    ausschalten deaktivieren désactiver desactivar desativar disattiva отключить отключи matikan
"""
NO = frozenset(_NO_WORDS.split())
"""What somebody means who answers, or says it as our buttons do, beside English."""
_ALL_WORDS = """
    all alle tous toutes todas todos tutti tutte все усі всі hepsi semua الكل همه הכול הכל सभी
    全部
"""
ALL = frozenset(_ALL_WORDS.split())
AT_ONCE = frozenset((
    "at once", "immediately", "instantly", "right away", "one by one", "sofort", "einzeln",
    "immédiatement", "tout de suite", "al momento", "enseguida", "inmediatamente", "de inmediato",
    "subito", "immediatamente", "na hora", "imediatamente", "сразу", "сразу же", "немедленно",
    "одразу", "негайно", "hemen", "anında", "langsung", "segera", "فورًا", "فورا", "على الفور",
    "فوری", "بلافاصله", "מיד", "तुरंत", "立即", "马上", "立刻",
))  # fmt: skip
NOW = frozenset((
    "now", "right now", "jetzt", "jetzt sofort", "maintenant", "ahora", "ahora mismo", "ya mismo",
    "agora", "agora mesmo", "adesso", "ora", "сейчас", "прямо сейчас", "зараз", "şimdi", "şu an",
    "sekarang", "الآن", "الان", "اکنون", "همین حالا", "עכשיו", "अभी", "现在", "現在",
))  # fmt: skip
"""What somebody says who wants it this moment, and not always so."""
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
TWICE_A_DAY = frozenset((
    "zweimal täglich", "zweimal am tag", "deux fois par jour", "dos veces al día",
    "duas vezes por dia", "due volte al giorno", "два раза в день", "дважды в день",
    "двічі на день", "günde iki kez", "dua kali sehari", "مرتين في اليوم", "دو بار در روز",
    "פעמיים ביום", "दिन में दो बार", "每天两次",
))  # fmt: skip
ONCE_A_DAY = frozenset((
    "once a day", "once per day", "once daily", "einmal am tag", "einmal täglich", "einmal pro tag",
    "una vez al día", "una vez por día", "une fois par jour", "una volta al giorno",
    "uma vez por dia", "uma vez ao dia", "раз в день", "один раз в день", "раз в сутки",
    "раз на день", "один раз на день", "günde bir kez", "günde bir", "مرة في اليوم", "مرة يوميا",
    "روزی یک بار", "یک بار در روز", "פעם ביום", "פעם אחת ביום", "दिन में एक बार", "sekali sehari",
    "每天一次", "一天一次",
))  # fmt: skip
EVERY_HOUR = frozenset((
    "stündlich", "jede stunde", "toutes les heures", "chaque heure", "cada hora", "a cada hora",
    "ogni ora", "каждый час", "ежечасно", "щогодини", "кожну годину", "her saat", "saat başı",
    "setiap jam", "tiap jam", "كل ساعة", "هر ساعت", "כל שעה", "हर घंटे", "每小时", "每个小时",
))  # fmt: skip
EVERY = late(
    r"(?<!\w)(?:every|each|jeden|jede[nmrs]?|cada|chaque|tous les|ogni|tod[oa]s?(?: os| as)?"
    r"|кажд\w+|кож\w+|щопонеділка|her|setiap|tiap|كل|هر|כל|हर)(?!\w)|每"
)
_EVERY = (  # in Italian "alle" is "at"
    "every|each|alle(?=.*st)|toutes les|a cada|cada|ogni|каждые|кожні|her|setiap|tiap|كل|هر|כל|हर"
    "|每隔?"
)
_COUNTS = "|".join(sorted(COUNTS, key=len, reverse=True))
_HOURS = "|".join(("h", "hrs", "hours", "saatte", *_HOUR.split()))
EVERY_SOME_HOURS = late(
    rf"(?:(?:{_EVERY})\s*|(?=.* bir$))(?P<number>\d\d?|{_COUNTS})\s*个?(?:{_HOURS})(?: bir| में)?"
    r"|(?:كل|כל) (?P<pair>ساعتين|שעתיים)"
)
"""The `number` of hours between digests; a `pair` is two of them."""
_NIGHT_WORDS = """
    night|nights|at night|by night|overnight|every night|nachts|nacht|in der nacht|die nacht
    |jede nacht|la nuit|nuit|de nuit|les nuits|toutes les nuits|de noche|por la noche|la noche|noche
    |por las noches|noches|todas las noches|à noite|de noite|noite|toda noite|todas as noites
    |di notte|la notte|notte|ogni notte|ночью|ночь|по ночам|каждую ночь|вночі|уночі|ніч|щоночі|gece
    |geceleri|her gece|malam|malam hari|di malam hari|setiap malam|ليلا|ليلًا|الليل|في الليل|كل ليلة
    |شب|شب ها|شبها|هر شب|לילה|בלילה|כל לילה|रात|रात को|रात में|हर रात|夜间|夜里|晚上|夜晚|每晚
"""
NIGHT = frozenset(word.strip() for word in _NIGHT_WORDS.split("|"))
"""What somebody calls the usual quiet hours."""
ONLY = frozenset((
    "only", "just", "nur", "seulement", "только", "лише", "тільки", "solo", "sólo", "solamente",
    "apenas", "só", "soltanto", "sadece", "yalnızca", "hanya", "فقط", "רק", "केवल",
    "सिर्फ", "सिर्फ़", "只",
))  # fmt: skip
_PLEASE_WORDS = (
    "please|pls|bitte|s'il te plaît|s'il vous plaît|svp|por favor|per favore|per piacere"
    "|пожалуйста|будь ласка|lütfen|tolong|من فضلك|لو سمحت|لطفا|لطفًا|בבקשה|कृपया"
)
# From the first of several commas: from each of them it would look at all that follow.
PLEASE = late(
    rf"^(?:(?:{_PLEASE_WORDS}),?\s+|请)|(?<![\s,])[\s,]+(?:{_PLEASE_WORDS})$", re.IGNORECASE
)
"""What is only polite."""
_DAILY = (
    "every day|each day|daily|täglich|jeden tag|chaque jour|tous les jours|cada día"
    "|todos los días|cada dia|todos os dias|todo dia|diario|diaria"
    "|quotidien|quotidienne|ogni giorno|tutti i giorni|каждый день|ежедневно"
    "|щодня|кожен день|кожного дня|her gün|setiap hari|tiap hari|كل يوم|يوميًا|هر روز|כל יום"
    "|हर दिन|रोज़|रोज"
)
EVERY_DAY = late(rf"(?:每天|(?:{_DAILY})(?!\w)),?\s*|(?<!\s)\s+(?:{_DAILY})$")
"""What a list of hours need not say: they come every day."""
A_DAY = (
    "(?:a|per|each|every|am|pro|par|al|por|ao|al|в|на) (?:day|tag|jour|día|dia|giorno|день|добу)"
    "|/day|/tag|/jour|daily|täglich|ежедневно|щодня|günde|sehari|per hari|في اليوم|يوميًا|در روز"
    "|ביום|प्रति दिन|每天"
)
"""What a number need not say: it is of a day."""
