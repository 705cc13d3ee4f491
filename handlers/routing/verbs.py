"""With which verbs people ask the bot to do something with a thing, in all its languages. Pure."""

import re
from collections.abc import Iterable
from enum import Enum

from bot.news.text.words import fold

_BEHIND = "…"
"""Where the thing stands in a phrase that does not begin with its verb."""


class Deed(Enum):
    """What is to be done with a thing."""

    FOLLOW = "alerts on it"
    LEAVE = "no more alerts on it, which people say of nothing else"
    REMOVE = "no more alerts on it, if some come"
    SPARE = "it is not wanted, be it followed or not"
    MUTE = "no alerts on it for a while"
    PAUSE = "no alerts at all for a while"
    UNMUTE = "alerts on it again"


_PHRASES = {
    Deed.FOLLOW: """
        add|add topic|new topic|add the topic|follow|start following|subscribe to|subscribe me to
        alert me about|alert me on|create an alert for|create a topic for|add … to my topics
        add … to my list|send … here|put … here|move … here|bring … here
        notify me about|notify me of|keep me posted on|keep me updated on|i want to follow
        füge … hinzu|… hinzufügen|folge|folge der|folge dem|abonniere|abonnieren
        … folgen|… abonnieren|… verfolgen
        añade|añadir|agrega|agregar|sigue|seguir|quiero seguir
        suscríbeme a|suscribirme a|suscribirse a
        ajoute|ajouter|suivre|je veux suivre|abonne-moi à|m'abonner à|s'abonner à
        aggiungi|aggiungere|segui|seguire|voglio seguire|iscrivimi a
        adicione|adicionar|siga|acompanhar|quero seguir|quero acompanhar
        добавь|добавить|подпишись на|подписаться на|подпиши меня на|подпиши на|следи за|следить за
        хочу следить за
        додай|додати|підпишись на|підписатися на|підпиши мене на|стеж за|стежити за
        … ekle|… takip et|… takip etmek istiyorum|… abone ol
        … फ़ॉलो करो|… फॉलो करो|… फ़ॉलो करें|… को फ़ॉलो करो|… को फॉलो करो
        أضف|تابع|اشترك في|أريد متابعة|اريد متابعة
        添加|关注|我要关注|我想关注|请关注|订阅|追踪|關注
    """,
    Deed.LEAVE: """
        unfollow|unsubscribe|unsubscribe from|unsubscribe me from|stop following|unsub from
        entfolge|… abbestellen|… entfolgen|… nicht mehr folgen|bestelle … ab
        deja de seguir|dejar de seguir
        désabonne-moi de|se désabonner de|me désabonner de|ne plus suivre|arrête de suivre
        smetti di seguire|non seguire più
        deixar de seguir|pare de seguir
        отпишись от|отписаться от|отпиши меня от|отпиши от
        відпишись від|відписатися від|відпиши мене від
        … takip etme|… takibi bırak|… takipten çıkar|… takipten çık
        ألغ متابعة|إلغاء متابعة|لا تتابع
        取消关注|取消订阅|不再关注|退订|取消關注
    """,
    Deed.REMOVE: """
        remove|delete|drop|turn off|cancel|block|hide|get rid of|… off|switch off|disable
        entferne|entfernen|lösche|löschen|… entfernen|… löschen
        elimina|eliminar|quita|quitar|borra|borrar
        supprime|supprimer|retire|retirer|enlève|enlever
        rimuovi|rimuovere|eliminare|togli|cancella
        remova|remover|tira|tirar|apaga|apagar|exclui|excluir
        удали|удалить|отключи|выключи|останови|убери|убрать
        видали|видалити|прибери|прибрати|вимкни
        … sil|… kaldır|… çıkar
        احذف|أزل|إزالة|… हटाओ|… हटा दो
        删除|移除|刪除|关闭|取消
    """,
    Deed.SPARE: """
        stop|no|no more|i don't want|i do not want|don't send me|do not send me|not interested in
        i'm not interested in|stop sending me|stop sending
        without|nothing about|nothing on|nothing from|dont send me
        i dont want|less|stop sending me news about|stop sending news about|stop telling me about
        i don't want to get|i don't want to see|i don't want to read|i don't want to hear about
        i don't want to receive|i dont want to get|i dont want to see|i don't need|send me less
        send less|send me fewer|fewer
        stopp|stoppe|kein|keine|keinen|keine weiteren|keine … mehr|kein … mehr|nichts über
        nichts zu|nichts von
        ich will kein|ich will keine|ich will keinen|ich möchte kein|ich möchte keine
        schick mir keine|schick mir kein|sende mir keine|weniger|schick mir keine … mehr
        sende mir keine … mehr|keine … mehr schicken|keine … mehr senden|kein … mehr schicken
        hör auf mit|schick mir … nicht
        no quiero|ya no quiero|nada de|no más|no me mandes|no me envíes|no me interesa|sin|menos
        deja de enviarme|deja de mandarme|deja de enviar|dejar de enviarme
        no quiero saber nada de|deja de mandar|no quiero recibir
        no quiero ver|ya no me interesa|envíame menos|mándame menos
        pas de|plus de|je ne veux pas de|je ne veux plus de|rien sur|moins de|ne m'envoie plus de
        ne m'envoie pas de|ne m'envoie pas|ne m'envoie|ne m'envoie plus|arrête|arrête de m'envoyer
        arrête de m'envoyer du|arrêter de m'envoyer
        je ne veux pas|je ne veux plus|je ne veux plus recevoir|je ne veux plus voir
        niente|non voglio|basta|meno|non voglio più|smetti di mandarmi|smettila di mandarmi
        non mandarmi|non mandarmi più|non voglio ricevere|non voglio vedere
        não quero|chega de|sem|não me mande|não me envie|pare de me mandar|pare de me enviar
        para de me mandar|pare de mandar|não quero receber|não quero ver|não mande|não envie|menos
        без|не хочу|не надо|не нужно|не присылай|не присылать|ничего про|ничего о|хватит|меньше
        больше не присылай|больше не надо|больше не хочу|больше не присылайте|больше не присылать
        не хочу получать|не хочу видеть
        не хочу читать|не хочу слышать о|не хочу слышать про|перестань присылать|не пиши|не шли
        без|не треба|не надсилай|не хочу|менше|більше не надсилай
        не хочу бачити|не хочу отримувати
        … istemiyorum|artık … istemiyorum|… gönderme|… göndermeyin
        … मत भेजो|… नहीं चाहिए|daha az
        … göndermeyi bırak|artık … gönderme|… olmasın
        لا أريد|لا ترسل|لا ترسل لي|بدون|أوقف|اوقف
        不要|我不要|不想看|我不想看|别发|不看|不要发|少发|别再发|不要再发
        不要再给我发|别再给我发|别给我发|不要给我发|不想再看|我不想再看
    """,
    Deed.MUTE: """
        mute|silence
        … stummschalten|… stumm schalten|… stumm|schalte … stumm
        stumm
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
    Deed.PAUSE: """
        pause|snooze|pausiere|pausa|pausar|mets en pause|пауза|приостанови|duraklat|暂停|停止
        pause it
        … pausieren|mach pause|mach eine pause|páralo|páralos|deténlo|detenlo|fais une pause
        mettre en pause|metti in pausa|fai una pausa|faça uma pausa|сделай паузу|поставь на паузу
        зроби паузу|постав на паузу|призупини|… duraklat|… durdur|jeda|hentikan
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
# "I don't want to miss it", "no quiero ser madre": what somebody does not want to do.
_DOING = (
    ("no quiero", "ya no quiero", r"\w+[aeiá]r(?:me|se|lo|la)?"),
    ("não quero", "não quero", r"\w+[aei]r"),
    ("non voglio", "non voglio più", r"\w+[aei]r(?:e|mi|si|lo|la)|essere|fare|dire"),
    ("je ne veux pas", "je ne veux plus", r"\w+(?:er|ir|re|oir)"),
    ("не хочу", "не надо", r"\w+(?:[аеиоуыяё]ть|ться|сти|чь|тися|ти)"),
    ("хватит", "нет", r"\w+(?:[аеиоуыяё]ть|ться|чь)"),
    ("не нужно", "не треба", r"\w+(?:[аеиоуыяё]ть|ться|сти|чь|тися|ти)"),
)
INFINITIVES = {
    fold(verb): re.compile(ending) for first, other, ending in _DOING for verb in (first, other)
}
"""Endings of what somebody does not want to do, by the verb before it."""


def _read(phrases: str) -> Iterable[tuple[str, str]]:
    """What stands before the thing and what behind it, folded."""
    for line in phrases.strip().splitlines():
        for phrase in line.strip().split("|"):
            before, _, behind = phrase.partition(_BEHIND)
            yield fold(before.strip()), fold(behind.strip())


VERBS = {
    each: deed
    for deed, phrases in reversed(_PHRASES.items())
    for each in _read(phrases)
}  # fmt: skip
"""What is asked for, by what stands before the thing and what behind it."""
UNSPACED = sorted(
    (before for before, _ in VERBS if before and "一" <= before[0] <= "鿿"), key=len, reverse=True
)
"""Those that are written together with the thing, longest first."""
LESS = frozenset(map(fold, (
    "less", "fewer", "send less", "send me less", "send me fewer", "weniger", "menos", "moins de",
    "daha az",
    "meno", "меньше", "менше", "少发", "envíame menos", "mándame menos", "plus de",
)))  # fmt: skip
"""Verbs that want less of a thing; the last of them is as often more of it."""
