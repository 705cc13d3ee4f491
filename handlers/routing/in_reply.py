"""What is said to the bot in a reply to a message of its own in a group, where people talk to each
other: `stop this`, `mute this for a week`, `why did I get this?`. Pure.

What may as well be said to the others is theirs: `no way`, `why would they?`, `stop the war`.
"""

from bot.news.text.words import fold
from handlers.routing.no_things import Kind, bare_words, kinds_of
from handlers.routing.pleas import Plea, read_plea, said_of_alert
from handlers.routing.setting import LOOKING, settings_named
from handlers.routing.verbs import VERBS, Deed
from handlers.routing.wishes import STOPS, is_to_somebody, parted, read_wish, without_time

_SENT_WORDS = """
    this alert message get got getting sent send show shown come came
    dies diese dieser nachricht meldung mitteilung bekomme kommt kam
    ce cette message alerte reçois reçu esto este esta mensaje alerta llega llegó recibo
    recibí questo questa messaggio avviso arriva arrivato ricevo isto isso mensagem recebi recebo
    это этот эта получил получила получаю пришло прислал сообщение це цей отримав отримала надіслав
    bu bunu geldi aldım gönderdin هذا هذه وصلني این זה यह ini 这 这个 发
"""
_LESS_WORDS = """
    less fewer weniger moins menos meno меньше поменьше менше az daha أقل کمتر פחות कम kurang 少
    interested interessiert intéressé interesa interessa interesse интересно интересует цікаво
    ilgilenmiyorum مهتم 不感兴趣 没兴趣
"""
_MESSAGES_WORDS = """
    message messages alert alerts notification notifications news nachrichten mitteilungen meldungen
    mensajes alertas notificaciones noticias messages alertes actualités messaggi avvisi notizie
    mensagens notícias сообщений уведомлений новостей сповіщень повідомлень новин mesaj bildirim
    haber رسائل تنبيهات أخبار הודעות התראות חדשות پیام هشدار خبر संदेश अलर्ट pesan pemberitahuan
    berita 消息 通知 提醒 新闻
"""
_WHYS_WORDS = """
    why warum wieso weshalb pourquoi porque perché почему чому отчего neden niye niçin لماذا ليش چرا
    למה क्यों mengapa kenapa 为什么 为何
"""
_OF_NEWS = (Deed.LEAVE, Deed.MUTE, Deed.UNMUTE)
_OF_OURS = (*_OF_NEWS, Deed.FOLLOW, Deed.REMOVE, Deed.PAUSE)
_SETTING = (Plea.FEWER, Plea.NIGHT, Plea.SOUND)
_ASKING = (*_SETTING, Plea.TOPICS, Plea.SOURCES)


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


_SENT, _LESS, _MESSAGES = map(_folded, (_SENT_WORDS, _LESS_WORDS, _MESSAGES_WORDS))
_WHYS = _folded(_WHYS_WORDS) | {"por que"}


def is_told(words: str, *, of_news: bool) -> bool:
    """Whether a reply to a message of ours tells the bot to do something; `of_news` is one to an
    alert or a digest, in which people rather speak of what it says.
    """
    if of_news and _is_of_alert(words):
        return True
    if sets(words) or _is_plea(words, _SETTING if of_news else _ASKING):
        return True
    wish = read_wish(words)
    return wish is not None and wish.deed in (_OF_NEWS if of_news else _OF_OURS)


def sets(words: str) -> bool:
    """Whether a setting is named with how it is wanted."""
    return any(name not in LOOKING for name, _ in settings_named(words))


def _is_plea(words: str, pleas: tuple[Plea, ...]) -> bool:
    plea = read_plea(words)
    return plea is not None and plea in pleas and (plea is not Plea.FEWER or _has(words, _MESSAGES))


def _is_of_alert(words: str) -> bool:
    match said_of_alert(words):
        case Plea.WHY:
            return " ".join(bare_words(words)) in _WHYS or _has(words, _SENT)
        case Plea.MORE:
            return _points(words)
        case Plea.LESS:
            return _ends_it(words) or _has(words, _LESS)
    return False


def _ends_it(words: str) -> bool:
    """Whether an alert, or more of its kind, is to be stopped or muted: not with a bare `no`."""
    said = parted(words)
    if said is None:
        bare = " ".join(bare_words(words))
        deed = VERBS.get((bare, ""))
        return bare in STOPS | {"стоп"} or deed in (Deed.MUTE, Deed.LEAVE, Deed.PAUSE)
    return is_to_somebody(said) and (said.deed in (Deed.MUTE, Deed.PAUSE) or _points(said.thing))


def _points(words: str) -> bool:
    """Whether it speaks of this, and of nothing that has a name."""
    kinds = kinds_of(without_time(words)) or frozenset()
    return Kind.THIS in kinds or Kind.ALERTS in kinds


def _has(words: str, some: frozenset[str]) -> bool:
    return not some.isdisjoint(bare_words(words))
