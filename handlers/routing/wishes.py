"""What people ask of the bot in plain words, as they would ask a person: `unfollow football`,
`mute football for a week`, `too many messages`, `why did I get this?`. Pure.

Nothing here is done by itself: who reads a wish where news was looked for offers it beside the
search.
"""

import unicodedata
from collections.abc import Iterable
from enum import Enum

from msgspec import Struct

from bot.news.text.words import fold

_MOST_WORDS = 12
_MOST_VERB_WORDS = 5
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


class Plea(Enum):
    """What somebody asks for that names no thing."""

    FEWER = "fewer alerts"
    NIGHT = "none at night"
    WHY = "why an alert came"
    MORE = "more like it"
    LESS = "less like it"
    UNDO = "what was done last, undone"


class Spoken(Struct, frozen=True):
    """A wish: its deed, and the thing as it was named."""

    deed: Deed
    thing: str


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
_AROUND_LIST = """
    please pls kindly thanks thank you can could would will i'd like to want you me
    bitte danke kannst könntest du mal por favor puedes s'il te vous plaît plait per favore piacere
    пожалуйста плиз будь ласка lütfen فضلك من رجاء رجاءً
"""
_BEFORE_LIST = """
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
_NO_THINGS_LIST = """
    and or nor but to if in at by with it them und oder y o e et ou ed и или і та або ve و او
"""
_NO_THINGS = frozenset(map(fold, _NO_THINGS_LIST.split()))
_EDGES_OF_CHINESE = (
    ("请", "帮我", "我想", "能不能"),
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

_WHY = """
    why wherefore|warum wieso weshalb|pourquoi
    por qué porqué|perché|porque|почему зачем отчего
    чому навіщо|neden niye niçin|لماذا ليش لما|چرا|למה|क्यों|mengapa kenapa
"""
_OF_ALERT = """
    this that it the is was are am i me you get got getting did do does send sent show showing here
    alert message story news one come came see seeing for to of
    das diese dieser dieses dies bekomme habe ich mir kommt kam hier nachricht meldung die der es
    ça ce cela cette je reçois reçu ai j'ai message
    esto este esta eso me llega llegó recibo recibí mensaje lo
    questo questa mi arriva arrivato ricevo
    isto isso recebi recebo veio
    это этот эта мне я получил получаю пришло прислал такое такого этого об этом
    це цей мені я отримав надіслав таке такого цього
    bu bunu bana geldi bundan bunun aldım
    هذا هذه وصلني لي من ذلك
"""
_BESIDE_LESS = """
    interested interesting source want like more interessiert interessant quelle mich davon mehr
    darüber intéressé intéressant intéresse interesa interesante fuente interessa interessante
    fonte интересно интересует источник надо хочу больше цікаво джерело daha ilginç ilgimi kaynak
    يهمني مهتم مصدر المصدر أريد
"""
_LESS = """
    less fewer not stop mute boring irrelevant wrong unsubscribe
    unfollow don't dont enough spam hide no
    uninteresting
    weniger nicht nein kein stopp stumm uninteressant langweilig genug
    moins pas non assez menos no basta meno non não chega
    меньше не нет стоп хватит неинтересно менше ні досить нецікаво
    az değil hayır dur yeter ilgilenmiyorum istemiyorum çekmiyor أقل لا ليس توقف كفى
"""
_BESIDE_MORE = """
    like another davon di daha اكثر
"""
_MORE = """
    more similar mehr ähnliches plus encore más ancora
    più mais ещё еще больше подробнее ще більше fazla
    المزيد أكثر lagi
"""
_WHOLE = {
    Plea.WHY: "为什么|为什么发给我|为什么给我发这个|为何|why am i getting this",
    Plea.MORE: "更多|再来|再来一些",
    Plea.LESS: "不感兴趣|没兴趣|少一点|别发了|不要了|少发这个|不想看|👎",
    Plea.FEWER: """
        消息太多|消息太多了|太多消息|太多了|通知太多|通知太多了|太多通知|信息太多|信息太多了|新闻太多|新闻太多了
        少发一点|少发点|少一点|只要重要新闻|只要重要的新闻|只看重要新闻|只发重要新闻|只要大新闻
        less is enough|stop spamming|stop spamming me|you talk too much|spam
    """,
    Plea.NIGHT: """
        晚上不要|晚上不要发|晚上别发|晚上别吵|夜里不要发|夜间勿扰|半夜别发|晚上不要打扰
        do not disturb
        don't disturb|don't wake me|nicht stören|не беспокоить
        ne pas déranger|no molestar|rahatsız etme
    """,
    Plea.UNDO: """
        undo|undo that|undo this|undo it|undo please|no, undo
        no undo|please undo|bring it back|bring that back
        put it back|give it back|go back|take it back|i didn't mean that
        that was a mistake|oops|my mistake
        rückgängig|mach das rückgängig|rückgängig machen|mach es rückgängig|zurück|hol es zurück
        deshacer|deshaz|deshazlo|deshacer eso|annuler|annule
        annule ça|annulla|annulla tutto|desfazer|desfaça
        отмени|отменить|верни|верни назад|верни обратно|назад|отмена|скасуй|скасувати|поверни|назад
        geri al|geri getir
        تراجع|ألغ ذلك|أعده|撤销|撤回|恢复|取消上一步|取消操作|restore it|urungkan|वापस लाओ
        ביטול|בטל|واگرد|برگردان
    """,
}
_BESIDE_MUCH = """
    too so lot lots zu souvent autant tanti tante столько реже занадто daha جدا terlalu lebih बहुत
    خیلی יותר
"""
_MUCH = """
    many much less fewer often muitas muitos muchos muchas tantos tantas
    viele viel weniger oft trop moins demasiado demasiados demasiadas
    menos troppi troppe troppo meno demais слишком много
    меньше часто забагато багато менше fazla az çok sık
    كثيرة كثير كثيرا أقل banyak sedikit ज़्यादा ज्यादा कम زیاد کمتر מדי פחות
"""
_ONLY = """
    only just nur seulement uniquement solo sólo solamente
    soltanto apenas só только лише тільки sadece
    yalnızca فقط hanya सिर्फ केवल רק
"""
_MAJOR = """
    important major big breaking wichtige wichtigste wichtigen
    große wesentliche importantes importants
    importante importanti grandes важные важное главные
    главное важливі найважливіше önemli büyük المهمة
    الهامة المهم penting ज़रूरी जरूरी مهم חשובות חשוב
"""
_NIGHT = """
    night nights nacht nachts nuit noche noches notte noite ночью ночам вночі ночами gece geceleri
    الليل ليلا ليلاً malam रात شب בלילה
"""
_NOT = """
    not no don't dont nothing quiet off stop nicht nichts keine kein ruhe leise
    pas rien no nada sin silencio non niente não не ничего без тихо тише нічого без
    istemiyorum yok gönderme sessiz olmasın لا بدون jangan tidak मत नहीं نه לא
"""
_MESSAGES = """
    messages message alerts alert notifications notification news stories things stuff pings texts
    you are is it's its that's thats that this it there there's
    i get am getting send sending me a of the way
    please at to in by for make be want only turn disturb during them off stop so and
    nachrichten nachricht meldungen mitteilungen benachrichtigungen
    infos du schickst sendest mir ich
    bekomme das ist sind es bitte in der am die bei will möchte
    messages alertes notifications actualités nouvelles
    infos tu envoies c'est la les de des y a il m' me
    mensajes alertas notificaciones noticias son es envías mandas por la de las favor en el
    messaggi avvisi notifiche notizie sono di la le per mi mandi
    mensagens alertas notificações notícias são à a o de por me
    сообщений сообщения уведомлений уведомления новостей новости это мне ты вы присылай присылайте
    пожалуйста по и шли
    повідомлень повідомлення сповіщень новин новини це мені надсилай будь ласка
    mesaj mesajlar bildirim bildirimler haber haberler bu bana geliyor gönderiyorsun lütfen
    الرسائل رسائل الإشعارات إشعارات التنبيهات تنبيهات الأخبار اخبار أخبار في هذا لي ترسل
    pesan notifikasi berita ini संदेश सूचनाएं खबरें खबर
    में यह پیام پیامها خبر است הודעות התראות חדשות זה
"""


def _set(*lists: str) -> frozenset[str]:
    return frozenset(
        word for some in lists for each in some.replace("|", " ").split() for word in _bare(each)
    )


def _bare(text: str) -> list[str]:
    """Its words, folded, without the signs at their edges and between them, but for `don't`."""
    plain = "".join(
        " " if unicodedata.category(c)[0] in "PSZ" and c != "'" else c for c in fold(text)
    )
    return [word for each in plain.split() if (word := each.strip("'"))]


class _Bag(Struct, frozen=True):
    """Words of a plea: all must be among some, and some of each of the `telling` must be there."""

    plea: Plea
    among: frozenset[str]
    telling: tuple[frozenset[str], ...]

    def fits(self, bare: list[str]) -> bool:
        said = set(bare)
        return said <= self.among and all(not said.isdisjoint(each) for each in self.telling)


_OF_ALL = (
    _Bag(Plea.NIGHT, _set(_NIGHT, _NOT, _MESSAGES), (_set(_NIGHT), _set(_NOT))),
    _Bag(Plea.FEWER, _set(_MUCH, _BESIDE_MUCH, _MESSAGES), (_set(_MUCH),)),
    _Bag(Plea.FEWER, _set(_ONLY, _MAJOR, _MESSAGES), (_set(_ONLY), _set(_MAJOR))),
)
_WHY_BAG = _Bag(Plea.WHY, _set(_WHY, _OF_ALERT), (_set(_WHY),))
_OF_ONE = (
    _WHY_BAG,
    _Bag(Plea.MORE, _set(_MORE, _BESIDE_MORE, _OF_ALERT), (_set(_MORE),)),
    _Bag(Plea.LESS, _set(_LESS, _BESIDE_LESS, _OF_ALERT), (_set(_LESS),)),
)
_EXACTLY = {
    plea: frozenset(
        " ".join(_bare(each)) or each
        for line in phrases.strip().splitlines()
        for each in line.strip().split("|")
    )
    for plea, phrases in _WHOLE.items()
}


def read_plea(words: str) -> Plea | None:
    """What is asked for, if no thing is named: `too many messages`, `not at night`, `undo that`."""
    return _plea(words, (Plea.FEWER, Plea.NIGHT, Plea.UNDO, Plea.WHY), (*_OF_ALL, _WHY_BAG))


def said_of_alert(words: str) -> Plea | None:
    """What is asked for in a reply to an alert: `why?`, `more`, `not interested`."""
    exact = (Plea.WHY, Plea.MORE, Plea.LESS, Plea.FEWER)
    found = _plea(words, exact, (*_OF_ONE, *_OF_ALL[1:]))
    return Plea.LESS if found is Plea.FEWER else found


def _plea(words: str, exact: tuple[Plea, ...], bags: tuple[_Bag, ...]) -> Plea | None:
    bare = _bare(words)
    if len(bare) > _MOST_WORDS:
        return None
    whole = " ".join(bare) or words.strip()
    for plea in exact:
        if whole in _EXACTLY.get(plea, ()):
            return plea
    return next((bag.plea for bag in bags if bare and bag.fits(bare)), None)


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
            if deed := _VERBS.get(verb):
                return _wish(deed, said[before:end], folded[before:end])
    return None


def _wish(deed: Deed, thing: list[str], folded: list[str]) -> Spoken | None:
    begin, end = 0, len(thing)
    if deed is not Deed.FOLLOW:
        while end - begin > 1 and (folded[begin] in _BEFORE or folded[begin] in EVERYTHING):
            begin += 1
        while end - begin > 1 and folded[end - 1] in _AFTER | _AROUND:
            end -= 1
    if begin == end or folded[begin] in _NO_THINGS or len(folded[begin]) < 2:
        return None
    return Spoken(deed, " ".join(thing[begin:end]).strip(",;:"))


def _unspaced(said: str) -> Spoken | None:
    begins, ends = _EDGES_OF_CHINESE
    for begin in begins:
        said = said.removeprefix(begin)
    for verb in _UNSPACED:
        if said.startswith(verb):
            thing = said[len(verb) :].strip()
            for end in ends if _VERBS[verb, ""] is not Deed.FOLLOW else ():
                thing = thing.removesuffix(end) or thing
            return Spoken(_VERBS[verb, ""], thing) if thing else None
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
