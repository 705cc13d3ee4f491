"""Words that are never a thing which news could be on: what alerts are called, pronouns, times,
limits, and what stands between them. Pure.

Who says nothing else wants no words muted: `nothing at night`, `no more than 5 a day`, `不要发了`.
The words of all languages stand here, and only here; but those for here in `whereabouts`.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum

from bot.news.telling.spoken_numbers import HOURS, SPELLED
from bot.news.telling.spoken_times import DAYS
from bot.news.text.words import fold
from handlers.routing.whereabouts import HERE_WORDS


class Kind(Enum):
    """What a word speaks of that names no thing."""

    BESIDE = "nothing by itself"
    ALERTS = "what comes"
    ALL = "all of it"
    THIS = "what was said or shown before"
    HERE = "where it is said"
    PLACE = "a chat, or a part of one"
    NIGHT = "the night"
    TIME = "a day, or a part of one"
    EDGE = "before, after or between, of an hour or of anything"
    LIMIT = "how many"
    NUMBER = "a number, or an hour"
    SOUND = "what is heard"


_ALERTS_LIST = """
    alert alerts message messages notification notifications update updates news text texts ping
    pings push pushes stuff things spam story stories headlines
    nachricht nachrichten meldung meldungen mitteilung mitteilungen benachrichtigung
    benachrichtigungen alarm alarme neuigkeiten infos
    mensaje mensajes notificación notificaciones alerta alertas noticia noticias avisos
    alerte alertes actualités nouvelles messaggio messaggi avviso avvisi notifica notifiche notizia
    notizie mensagem mensagens notificação notificações notícia notícias
    сообщение сообщения сообщений уведомление уведомления уведомлений новость новости новостей
    повідомлення повідомлень сповіщення сповіщень новина новини новин
    mesaj mesajı mesajlar mesajları bildirim bildirimi bildirimler bildirimleri haber haberler
    رسالة رسائل الرسائل إشعار إشعارات الإشعارات تنبيه تنبيهات التنبيهات أخبار الأخبار
    消息 信息 通知 新闻 推送 提醒
"""
_ALL_LIST = """
    everything all anything nothing alles alle nichts todo todos todas nada tudo tout tous toutes
    rien tutto tutti tutte niente nulla всё все ничего усе всі нічого hepsi hepsini şey şeyi
    الكل كل شيء شيئا 全部 所有 任何
"""
_THIS_LIST = """
    this that these those it them they again anymore like such one ones both another there
    kind sort source quelle fuente fonte источник источника kaynak المصدر 来源
    das dies diese diesem diesen dieser dieses davon solche solches so es sie beide beides wieder
    esto eso esta este estos estas ese esa eso ello ambos así tipo cosas cosa
    ça ceci cela ce cette ces celui-ci celle-ci deux genre choses chose
    questo questa questi queste quello quella ciò entrambi genere così
    isto isso este esta esse essa disso deste desse desta neste nesta nesse nessa ambos assim
    это этот эта эту эти этого этом этой такое такого такие таких подобное подобного оба
    це цей ця цю ці цього цьому цій таке такого такі подібне
    bu bunu bunlar bunları şu şunu böyle bunun gibi ikisini
    هذا هذه ذلك تلك مثل مثله این آن همین זה זאת הזה הזאת אותו यह ये इस इसे यही ini itu
    这 这个 这种 这些 那个 那种 它 这样 这样的 这条 这类 此类 再
"""
_PLACE_LIST = """
    chat chats group groups thread threads channel channels conversation
    gruppe gruppen kanal kanäle unterhaltung grupo grupos canal canales canais hilo tópico conversa
    conversación groupe groupes canaux fil discussion gruppo gruppi canale canali sezione
    чат чате чата чаты чаті группа группе группу группы канал канале каналі ветка ветке ветку
    група групі групу гілка гілці гілку sohbet sohbeti sohbette grup grubu grupta kanalı kanalda
    bölüm bölümü bölümde دردشة الدردشة مجموعة المجموعة قناة القناة محادثة المحادثة القسم
    گروه کانال چت گفتگو تاپیک קבוצה הקבוצה בקבוצה ערוץ הערוץ בערוץ צ'אט הצ'אט בצ'אט שרשור השרשור
    בשרשור समूह ग्रुप चैनल चैट थ्रेड obrolan saluran utas 群 本群 群组 频道 聊天 对话 会话
"""
_NIGHT_LIST = """
    night nights nighttime overnight sleep sleeping asleep tonight nacht nachts nächte schlafe
    schlafen nuit nuits dors noche noches duermo anoche madrugada notte notti dormo noite noites
    durmo ночь ночью ночам ночи сплю ніч вночі уночі ночами ночі gece geceleri geceyarısı
    الليل ليلا ليلًا ليل 晚上 夜里 夜间 半夜 深夜 夜晚
"""
_TIME_LIST = """
    today tomorrow morning mornings evening evenings afternoon weekend weekends weekday weekdays
    monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays
    fridays saturdays sundays am pm o'clock noon midnight
    heute morgen morgens abends abend wochenende wochenenden wochenends uhr feierabend
    hoy mañana tarde mañanas tardes domingos finde fin fines semana medianoche
    aujourd'hui demain matin soir soirs week-end week-ends minuit heures
    oggi domani mattina sera mattino mezzanotte
    hoje amanhã manhã fim fins meia-noite
    сегодня завтра утром утра утро вечером вечера вечер выходные выходным выходных часов полуночи
    сьогодні завтра вранці ранку ввечері вечора вихідні вихідних годин
    saat bugün yarın sabah sabahları akşam akşamları sonu hafta
    اليوم غدا صباحا مساء الصباح المساء
    今天 明天 早上 上午 下午 周末 白天 点 点钟
"""
_EDGE_LIST = """
    before after between until till from since past vor nach ab zwischen bis von avant après entre
    jusqu'à dès antes después hasta desde depois até prima dopo tra fra dalle dalla
    до после с со от перед між після від önce sonra arası arasında قبل بعد بين حتى
    之前 之后 以后 以前 到
"""
_LIMIT_LIST = """
    max maximum limit less fewer many much often too day daily than most least only just
    höchstens maximal weniger viel viele oft mehr als täglich tag nur
    máximo como mucho menos muchos muchas día demasiado demasiados solo sólo
    moins maximum jour trop souvent plus que pas meno massimo al giorno troppi troppe troppo
    no máximo dia muitos muitas demais
    максимум больше меньше поменьше чем день много часто слишком реже більше менше ніж багато
    часто на en fazla günde çok az daha
    أقل أكثر يوميا كثيرا 最多 每天 太多 少 条 一天 超过
"""
_SOUND_LIST = """
    sound sounds ringing töne sonido sonidos suono suoni som звук звука звуков صوت 声音
"""
_BESIDE_LIST = """
    a an the my me i you your to of on in at for by about and or any more please pls when while
    during not don't dont no send sent get want need do be so now am are is will
    see receive read hear
    ein eine einen der die den dem mir mich ich bitte du und oder in im am an um zu für pro mehr
    wenn zwischen mit bekommen erhalten sehen lesen recevoir voir être dérangé ricevere
    vedere receber ver recibir
    el la los las un una mi me yo por para de del en y o a al favor más cuando mientras lo los
    le la les l un une des du de d mon mes me moi pour par pendant et ou à au aux plus quand svp en
    il lo la i gli le un una di del della mi per a e o in al più quando
    o a os as um uma de do da no na nos nas me por para e ou à às ao mais quando em
    видеть получать читать
    мне меня я мой мои в во на по за и или больше уже пожалуйста когда о об про
    мені мене я мої в у на по за і й та або більше вже когда коли ласка будь
    bana ben benim için ve veya artık lütfen her de da
    لي في من عن على و أو بعد رجاء فضلك أي در را से में को di ke
    我 给我 给 你 发 的 了 吧 在 请 看 和 也 吗 要
"""


def _folded(words: str) -> Iterable[str]:
    return map(fold, words.split())


_KINDS = {
    word: kind
    for kind, words in (
        (Kind.BESIDE, _BESIDE_LIST), (Kind.LIMIT, _LIMIT_LIST), (Kind.EDGE, _EDGE_LIST),
        (Kind.THIS, _THIS_LIST), (Kind.TIME, " ".join(DAYS)), (Kind.TIME, _TIME_LIST),
        (Kind.PLACE, _PLACE_LIST), (Kind.HERE, " ".join(HERE_WORDS)),
        (Kind.SOUND, _SOUND_LIST), (Kind.NIGHT, _NIGHT_LIST), (Kind.ALL, _ALL_LIST),
        (Kind.ALERTS, _ALERTS_LIST),
    )
    for word in _folded(words)
}  # fmt: skip
_NUMBERS = frozenset(fold(word) for word, number in (SPELLED | HOURS).items() if number > 1)
# An hour with what stands beside it, and a number with its ending: 10pm, 22h, 22:00, 5ten.
_NUMBER = re.compile(r"\d{1,4}(?:[^\W\d_]{1,4})?")
_IS_HAN = re.compile("[一-鿿]")
_HAN = re.compile(
    "|".join(sorted((w for w in _KINDS if _IS_HAN.match(w)), key=len, reverse=True))
    + "|[一二两三四五六七八九十]+|\\d+"
)


def bare_words(text: str) -> list[str]:
    """Its words, folded, without the signs at their edges and between them, but for `don't`."""
    plain = "".join(
        " " if unicodedata.category(c)[0] in "PSZ" and c != "'" else c for c in fold(text)
    )
    return [word for each in plain.split() if (word := each.strip("'"))]


def kinds_of(text: str) -> frozenset[Kind] | None:
    """What the words of a text speak of, if none of them is a thing; None where one is. One
    Chinese sign is none, whatever it says.
    """
    words = bare_words(text)
    if len(words) == 1 and len(words[0]) == 1 and _IS_HAN.match(words[0]):
        return frozenset((_KINDS.get(words[0], Kind.BESIDE),))
    found = {_kind(part) for word in words for part in _parts(word)}
    return None if None in found else frozenset(filter(None, found))


def _parts(word: str) -> list[str]:
    """A word, or the words that one without spaces between them is made of."""
    if not _IS_HAN.search(word):
        return [word]
    parts = _HAN.findall(word)
    return parts if "".join(parts) == word else [word]


def _kind(word: str) -> Kind | None:
    if kind := _KINDS.get(word):
        return kind
    is_number = (
        word in _NUMBERS or _NUMBER.fullmatch(word) or not word.strip("一二两三四五六七八九十")
    )
    return Kind.NUMBER if is_number else None
