"""When people want their news, said without a word for the digest that does so: `only in the
morning`, `send me the news every day at 7`. Pure.

The words around the time must speak of alerts or of nothing: `morning run every day` names a thing.
"""

import re
from collections.abc import Iterator

from bot.errors import BadInput
from bot.news.telling.days import split_days
from bot.news.telling.hours import plainly, read_slots, read_time
from bot.news.telling.spoken_times import (
    EVENING,
    EVERY,
    EVERY_DAY,
    EVERY_HOUR,
    EVERY_SOME_HOURS,
    MORNING,
    ONCE_A_DAY,
    ONCE_A_WEEK,
    ONLY,
    PLEASE,
    TWICE_A_DAY,
)
from bot.news.text.patterns import late
from bot.news.text.words import fold

_WANTING_LIST = """
    send give want would like prefer get receive deliver write message notify tell alert
    schick schicke schickst sende gib möchte will hätte gern gerne bekommen
    envíame mándame enviarme mandarme quiero quisiera recibir dame manda envía
    envoie envoie-moi envoyer m'envoyer donne donne-moi veux voudrais recevoir
    mandami inviami mandarmi inviarmi voglio vorrei ricevere dammi
    envie mande mandar enviar quero queria receber
    присылай присылайте присылать отправляй отправляйте шли хочу получать пиши
    надсилай надсилайте надсилати хочу отримувати пиши
    gönder gönderin gönderir yolla istiyorum almak
    أرسل ارسل أريد اريد بفرست بفرستید می‌خواهم שלח תשלח לשלוח רוצה לקבל भेजो भेजें भेजिए चाहिए चाहता
    kirim kirimkan kirimi mau ingin
"""
_DIGEST_LIST = """
    digest summary roundup overview zusammenfassung übersicht überblick resumen résumé riepilogo
    riassunto resumo сводка сводку дайджест özet özeti ملخص ملخصا موجز چکیده خلاصه תקציר सार सारांश
    rangkuman ringkasan
"""
_NEWS_LIST = """
    news alerts alert messages message notifications updates stories headlines nachrichten
    neuigkeiten
    mitteilungen meldungen noticias mensajes alertas nouvelles actualités infos alertes notizie
    avvisi
    messaggi notícias mensagens новости новостей уведомления сообщения новини сповіщення haber
    haberler
    haberleri bildirim أخبار الأخبار تنبيهات التنبيهات اخبار خبرها هشدارها חדשות התראות את החדשות
    खबरें
    ख़बरें खबर समाचार अलर्ट berita notifikasi pemberitahuan
"""
_BESIDE_LIST = """
    can could you please pls me my the a an all just i i'd to it them be in
    kannst könntest du mir bitte die das der eine ich meine
    puedes me las los la el un una yo mis por favor
    peux peux-tu tu moi les le l' un une je d' svp
    puoi mi le gli il un una i
    pode você as os um uma o a eu
    можешь ты мне мои я эти пожалуйста ти мені мої можеш будь ласка bana bir misin lütfen
    لي لى من فضلك را برایم برای من לי אני בבקשה मुझे मेरी saya aku tolong
"""
_WANTING, _DIGESTS, _NEWS, _BESIDE = (
    frozenset(map(fold, some.split()))
    for some in (_WANTING_LIST, _DIGEST_LIST, _NEWS_LIST, _BESIDE_LIST)
)
_ONLY = frozenset(map(fold, ONLY))
_AROUND = _WANTING | _DIGESTS | _NEWS | _BESIDE | _ONLY
_TELLING = _WANTING | _DIGESTS | _ONLY
_IN_CHINESE = late(r"请|把|帮我|给我|我想要?|我要|只要?|在|发送?|推送|新闻|消息|摘要|一下|吧")
_HAN = late("[一-鿿]")
_OF_SEVERAL = frozenset(("every hour", "twice a day", "twice daily"))
_BARE = MORNING | EVENING | {"mornings", "evenings", "hourly"}
"""What may be the name of a paper or the beginning of anything, where nothing asks for it."""
_REGULAR = _BARE | TWICE_A_DAY | EVERY_HOUR | ONCE_A_DAY | _OF_SEVERAL
_LEAST_HAN = 3
_MOST_WORDS = 14


def times_wanted(words: str) -> Iterator[str]:
    """The times at which news is wanted again and again, as a digest is set; likeliest first."""
    plain = PLEASE().sub("", " ".join(words.split()).strip(" .!?,。！？؟"))
    if _HAN().search(plain):
        bare = _IN_CHINESE().sub("", plain)
        if (bare != plain or len(bare) >= _LEAST_HAN) and _is_regular(bare):
            yield bare
        return
    said = plain.split()
    if len(said) > _MOST_WORDS:
        return
    around = [fold(word).strip(",.:;") for word in said]
    for begin in range(_leading(around) + 1):
        for end in range(len(said), len(said) - _leading(around[::-1]) - 1, -1):
            taken = {*around[:begin], *around[end:]}
            time = " ".join(said[begin:end])
            is_meant = not taken.isdisjoint(_TELLING) or _names_each(time)
            is_hour = not taken.isdisjoint(_ONLY) and read_time(time) is not None
            if is_hour or (is_meant and _is_regular(time)):
                yield time
                return


def _leading(words: list[str]) -> int:
    """How many words from the beginning only speak of alerts."""
    return next((n for n, word in enumerate(words) if word not in _AROUND), len(words))


def _names_each(time: str) -> bool:
    """Whether it says that it is for each day or hour, and is no single word."""
    typed = plainly(time)
    is_each = EVERY().search(typed) or EVERY_DAY().search(typed) or ONCE_A_WEEK().search(typed)
    return " " in typed and (bool(is_each) or typed in _REGULAR - _BARE)


def _is_regular(time: str) -> bool:
    """Whether it says hours that come again, and can be read as those of a digest."""
    typed = plainly(time)
    days, rest = split_days(typed)
    is_each = bool(EVERY_DAY().search(typed) or EVERY_SOME_HOURS().fullmatch(typed))
    is_daypart = any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", typed) for each in _REGULAR)
    is_weekly = bool(days) and bool(EVERY().search(typed) or ONCE_A_WEEK().search(typed))
    if not (is_each or is_daypart or is_weekly):
        return False
    try:
        return bool(read_slots(rest)) if rest or not days else True
    except BadInput:
        return False
