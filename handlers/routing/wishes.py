"""What people ask of the bot to do with a thing, in plain words, as they would ask a person:
`unfollow football`, `mute football for a week`. Pure.

Nothing here is done by itself: who reads a wish where news was looked for offers it beside the
search.
"""

import re
from collections.abc import Iterable
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from bot.news.text.words import fold

_MOST_WORDS = 12
_MOST_VERB_WORDS = 5
_SHORT = 2  # signs of Chinese
_BEHIND = "…"
"""Where the thing stands in a phrase that does not begin with its verb."""


class Deed(Enum):
    """What is to be done with a thing."""

    FOLLOW = "alerts on it"
    LEAVE = "no more alerts on it, which people say of nothing else"
    REMOVE = "no more alerts on it, if some come"
    SPARE = "it is not wanted, be it followed or not"
    MUTE = "no alerts on it for a while"
    UNMUTE = "alerts on it again"


class Spoken(Struct, frozen=True):
    """A wish: its deed, and the thing as it was named; whether it `is_plain`, said as nobody says
    it of news.
    """

    deed: Deed
    thing: str
    is_plain: bool = False


_PHRASES = {
    Deed.FOLLOW: """
        add|follow|start following|subscribe to|subscribe me to|alert me about|alert me on
        notify me about|notify me of|keep me posted on|keep me updated on|i want to follow
        füge … hinzu|… hinzufügen|folge|folgen|folge der|folge dem|abonniere|abonnieren
        … folgen|… abonnieren|… verfolgen
        añade|añadir|agrega|agregar|sigue|seguir|quiero seguir
        suscríbeme a|suscribirme a|suscribirse a
        ajoute|ajouter|suivre|je veux suivre|abonne-moi à|m'abonner à|s'abonner à
        aggiungi|aggiungere|segui|seguire|voglio seguire|iscrivimi a
        adicione|adicionar|siga|acompanhar|quero seguir|quero acompanhar
        добавь|добавить|подпишись на|подписаться на|подпиши меня на|подпиши на|следи за|следить за
        додай|додати|підпишись на|підписатися на|підпиши мене на|стеж за|стежити за
        … ekle|… takip et|… takip etmek istiyorum|… abone ol
        أضف|تابع|اشترك في|أريد متابعة|اريد متابعة
        添加|关注|我要关注|我想关注|请关注|订阅|追踪|關注
    """,
    Deed.LEAVE: """
        unfollow|unsubscribe|unsubscribe from|unsubscribe me from|stop following
        entfolge|… abbestellen|… entfolgen|… nicht mehr folgen|bestelle … ab
        deja de seguir|dejar de seguir
        ne plus suivre|arrête de suivre
        smetti di seguire|non seguire più
        deixar de seguir|pare de seguir
        отпишись от|отписаться от|отпиши меня от|отпиши от
        відпишись від|відписатися від|відпиши мене від
        … takip etme|… takibi bırak|… takipten çıkar|… takipten çık
        ألغ متابعة|إلغاء متابعة|لا تتابع
        取消关注|取消订阅|不再关注|退订|取消關注
    """,
    Deed.REMOVE: """
        remove|delete|drop
        entferne|entfernen|lösche|löschen|… entfernen|… löschen
        elimina|eliminar|quita|quitar|borra|borrar
        supprime|supprimer|retire|retirer|enlève|enlever
        rimuovi|rimuovere|eliminare|togli|cancella
        remova|remover|tira|tirar|apaga|apagar|exclui|excluir
        удали|удалить|убери|убрать
        видали|видалити|прибери|прибрати
        … sil|… kaldır|… çıkar
        احذف|أزل|إزالة
        删除|移除|刪除
    """,
    Deed.SPARE: """
        stop|no|no more|i don't want|i do not want|don't send me|do not send me|not interested in
        i'm not interested in|stop sending me|stop sending
        without|nothing about|nothing on|dont send me
        i dont want|less
        stopp|stoppe|kein|keine|keinen|keine weiteren|keine … mehr|kein … mehr|nichts über|nichts zu
        ich will kein|ich will keine|ich will keinen|ich möchte kein|ich möchte keine
        schick mir keine|schick mir kein|sende mir keine|weniger
        no quiero|ya no quiero|nada de|no más|no me mandes|no me envíes|no me interesa|sin|menos
        pas de|plus de|je ne veux pas de|je ne veux plus de|rien sur|moins de
        niente|non voglio|basta|meno
        não quero|chega de|sem|não me mande|não me envie
        без|не хочу|не надо|не нужно|не присылай|не присылать|ничего про|ничего о|хватит|меньше
        без|не треба|не надсилай|не хочу|менше
        … istemiyorum|… gönderme|… olmasın|… yok
        لا أريد|لا ترسل|لا ترسل لي|بدون|أوقف|اوقف
        不要|我不要|不想看|我不想看|别发|不看|不要发|少发
    """,
    Deed.MUTE: """
        mute|silence
        … stummschalten|… stumm schalten|… stumm|schalte … stumm
        silencia|silenciar
        mets … en sourdine|mettre … en sourdine|masquer|masque
        silenzia|silenziare
        silencie
        заглуши|заглушить
        заглушити|приглуши
        … sustur|… sessize al
        اكتم|كتم
        静音|屏蔽|靜音
    """,
    Deed.UNMUTE: """
        unmute
        … nicht mehr stumm|… wieder laut
        reactiva|reactivar
        réactive|réactiver
        riattiva|riattivare
        reativa|reativar
        верни|вернуть
        поверни|повернути
        … sesini aç|… sesi aç
        إلغاء كتم|الغاء كتم|ألغ كتم
        取消静音|取消屏蔽|取消靜音
    """,
}
_SAID_OF_NEWS_LIST = """
    no more|nothing about|nothing on|no más|nada de|pas de|plus de|chega de|не надо|не нужно
    не треба|keep me posted on
"""
_SAID_OF_NEWS = frozenset(
    fold(phrase.strip()) for phrase in _SAID_OF_NEWS_LIST.replace("\n", "|").split("|")
)
_AROUND_LIST = """
    please pls kindly thanks thank you can could would will i'd like to want you me
    bitte danke kannst könntest du mal por favor puedes s'il te vous plaît plait per favore piacere
    пожалуйста плиз будь ласка lütfen فضلك من رجاء رجاءً
"""
_BEFORE_LIST = """
    bütün tüm
    the my our any this that topic topics news alerts stories about on of from to for
    das die der den dem mein meine thema nachrichten über el la los las mi tema noticias sobre de
    le les l mon sujet actualités sur il lo gli tema notizie su o a os as notícias
    тему тема новости про о об о новини
    موضوع أخبار عن
"""
_AFTER_LIST = """
    topic topics anymore more news alerts stories stuff things messages notifications updates
    thema mehr nachrichten sachen noticias temas sujets новостей новости тему сообщений
    konusu konusunu haberleri haberlerini haberi
"""
_AROUND, _BEFORE, _AFTER = (
    frozenset(map(fold, some.split())) for some in (_AROUND_LIST, _BEFORE_LIST, _AFTER_LIST)
)
_EVERYTHING_LIST = """
    everything all alles alle tout tous toutes todo todos todas tudo tutto tutti всё все усе всі
    hepsi hepsini الكل 全部 所有
"""
EVERYTHING = frozenset(map(fold, _EVERYTHING_LIST.split()))
"""What stands for all that alerts come on."""
_OF_ALL = "everything"
_ALERTS_LIST = """
    alerts messages notifications updates nachrichten mitteilungen benachrichtigungen notificaciones
    mensajes alertas messaggi avvisi mensagens notificações сообщений сообщения уведомлений
    уведомления повідомлень сповіщень mesaj mesajlar bildirim
"""
_ALERTS = frozenset(map(fold, _ALERTS_LIST.split()))
_NO_THINGS_LIST = """
    and or nor but is are to if in at by with it them und oder y o e et ou ed и или і та або ve و او
"""
_NO_THINGS = frozenset(map(fold, _NO_THINGS_LIST.split()))
# Ukrayna'yı, which the search does not find; the names of others end so hardly ever.
_TURKISH_END = re.compile(r"(?<=\w)['’](?:[yn]?[ıiuü]|[yn]?[ae]|[dt][ae]n?)$")
_EDGES_OF_CHINESE = (
    ("请", "帮我", "我想", "能不能", "我的", "所有", "全部"),
    ("的新闻", "的消息", "新闻", "消息", "吧", "了"),
)


def _read(phrases: str) -> Iterable[tuple[str, str]]:
    """What stands before the thing and what behind it, folded."""
    for line in phrases.strip().splitlines():
        for phrase in line.strip().split("|"):
            before, _, behind = phrase.partition(_BEHIND)
            yield fold(before.strip()), fold(behind.strip())


_VERBS = {
    each: deed
    for deed, phrases in reversed(_PHRASES.items())
    for each in _read(phrases)
}  # fmt: skip
_UNSPACED = sorted(
    (before for before, _ in _VERBS if before and "一" <= before[0] <= "鿿"), key=len, reverse=True
)


def read_wish(words: str) -> Spoken | None:
    """The deed that plain words ask for and the thing it is to be done with: `mute football for a
    week`, `удали паром`, `futbolu takip et`, `关注乌克兰`. None where they name no thing.
    """
    said = _without_courtesy(words.strip().strip(".!?。！？؟").split())
    if not 0 < len(said) <= _MOST_WORDS:
        return None
    if "一" <= said[0][0] <= "鿿":
        return _unspaced(" ".join(said))
    folded = [fold(word).strip(",.;:!?") for word in said]
    for taken in range(min(_MOST_VERB_WORDS, len(said) - 1), 0, -1):
        for behind in range(taken + 1):
            before, end = taken - behind, len(said) - behind
            verb = (" ".join(folded[:before]), " ".join(folded[end:]))
            # "No, ferry": that says no.
            if (deed := _VERBS.get(verb)) and not (before and said[before - 1].endswith(",")):
                found = _wish(deed, said[before:end], folded[before:end])
                return found and replace(found, is_plain=_is_plain(deed, *verb))
    return None


def _is_plain(deed: Deed, before: str, behind: str) -> bool:
    """Whether a verb is one that people say to a bot: of several words, or to leave something."""
    said = f"{before} {behind}".strip()
    return deed is Deed.LEAVE or (" " in said and said not in _SAID_OF_NEWS)


def _wish(deed: Deed, thing: list[str], folded: list[str]) -> Spoken | None:
    begin, end = 0, len(thing)
    if deed is not Deed.FOLLOW:
        while end - begin > 1 and (folded[begin] in _BEFORE or folded[begin] in EVERYTHING):
            begin += 1
        while end - begin > 1 and folded[end - 1] in _AFTER | _AROUND:
            end -= 1
    if begin == end or folded[begin] in _NO_THINGS or len(folded[begin]) < 2:
        return None
    if deed is not Deed.FOLLOW and folded[begin] in _ALERTS:
        return Spoken(deed, _OF_ALL)
    if deed is Deed.SPARE and folded[begin] in _BEFORE | _AFTER:
        return None
    return Spoken(deed, _TURKISH_END.sub("", " ".join(thing[begin:end])).strip(",;:"))


def _unspaced(said: str) -> Spoken | None:
    begins, ends = _EDGES_OF_CHINESE
    for begin in begins:
        said = said.removeprefix(begin)
    for verb in _UNSPACED:
        if said.startswith(verb):
            thing = said[len(verb) :].strip()
            for begin in begins if _VERBS[verb, ""] is not Deed.FOLLOW else ():
                thing = thing.removeprefix(begin) or thing
            for end in ends if _VERBS[verb, ""] is not Deed.FOLLOW else ():
                thing = thing.removesuffix(end) or thing
            deed = _VERBS[verb, ""]
            is_plain = deed is Deed.LEAVE or len(verb) > _SHORT
            return Spoken(deed, thing, is_plain) if thing else None
    return None


def _without_courtesy(said: list[str]) -> list[str]:
    """The words without `please`, `can you` and their like at either end."""
    polite = [fold(word).strip(",.;:!?") in _AROUND for word in said]
    begin, end = 0, len(said)
    while begin < end and polite[begin]:
        begin += 1
    while begin < end and polite[end - 1]:
        end -= 1
    return said[begin:end]
