"""What people write behind /topic that is no topic: `list`, `everything`, `add dogs`. Pure.

Only what is said alone, or before a name, is read so; in quotes it is a topic: `/topic "list"`.
"""

from enum import Enum

from bot.news.telling.spoken_times import PLEASE
from bot.news.text.words import fold, is_unspaced
from handlers.routing.listed import bare
from handlers.routing.typed import asks_for_news
from handlers.routing.verbs import Deed
from handlers.routing.wishes import EVERYTHING, STOPS, parted

# No words that news is on: `ayuda` and `مساعدة` are aid.
_LIST_WORDS = """
    list|help|topics|my topics|all topics|list topics|list all|show topics|show list|show all
    liste|themen|meine themen|alle themen|lista|temas|mis temas|todos los temas
    sujets|mes sujets|tous les sujets|elenco|temi|i miei temi|argomenti|tópicos|meus temas
    meus tópicos|список|темы|мои темы|все темы|теми|мої теми|усі теми|konular|konularım
    قائمة|القائمة|المواضيع|مواضيعي|列表|清单|主题|我的主题|话题|सूची|विषय|मेरे विषय
    רשימה|נושאים|הנושאים שלי|فهرست|لیست|موضوع‌ها|topik|topik saya
"""
_EVERYTHING_WORDS = "semua|semuanya|सब|सब कुछ|הכל|הכול|همه|همه چیز"
_OFF_WORDS = """
    off|stop|turn off|ausschalten|stopp|apagar|desactivar|arrêter|désactiver|spegni|disattiva
    desligar|desativar|выкл|выключить|стоп|вимкнути|kapat|kapalı|durdur|إيقاف|关闭|停止|बंद|כבוי|خاموش
    matikan
"""
_ADDING_WORDS = """
    add|add topic|new topic|add the topic|füge hinzu|hinzufügen|añade|añadir|agrega|agregar|ajoute
    ajouter|aggiungi|aggiungere|adicione|adicionar|добавь|добавить|додай|додати|ekle|أضف|添加
"""
_FOLLOWING_WORDS = """
    follow|subscribe to|folge|abonniere|suivre|подпишись на|підпишись на|takip et|关注
"""
_EDITING_WORDS = """
    edit|bearbeite|bearbeiten|edita|editar|modifie|modifier|edite|редактировать|редактируй|редагувати
    редагуй|düzenle|编辑|ערוך|ویرایش
"""
# Others that end something are said in news as well: `cancel culture`.
_DELETING_WORDS = """
    delete|lösche|löschen|entferne|entfernen|borra|borrar|supprime|supprimer|apague|apagar|elimina
    rimuovi|rimuovere|remova|remover|удали|удалить|видали|видалити|sil|احذف|删除
"""
_LONG = 5
"""So many words say more than to follow a thing."""
_QUERY_SIGNS = frozenset('":()=*|,')


def _read(words: str) -> frozenset[str]:
    return frozenset(fold(each.strip()) for each in words.replace("\n", "|").split("|") if each)


_LIST, _OFF = _read(_LIST_WORDS), _read(_OFF_WORDS)
_ALL = EVERYTHING | _read(_EVERYTHING_WORDS)
_ADDING, _FOLLOWING = _read(_ADDING_WORDS), _read(_FOLLOWING_WORDS)
_EDITING, _DELETING = _read(_EDITING_WORDS), _read(_DELETING_WORDS)


class SaidOf(Enum):
    """What is said instead of a topic."""

    LIST = "the topics"
    EVERYTHING = "every story"
    OFF = "no alerts"
    ADD = "the thing is to be followed"
    EDIT = "the page of the topic"
    PAUSE = "no alerts about the topic for a while"
    REMOVE = "no more alerts about the topic"
    UNMUTE = "alerts about the topic again"


_DEEDS = {
    Deed.REMOVE: SaidOf.REMOVE,
    Deed.LEAVE: SaidOf.REMOVE,
    Deed.PAUSE: SaidOf.PAUSE,
    Deed.MUTE: SaidOf.PAUSE,
    Deed.UNMUTE: SaidOf.UNMUTE,
}


def said_alone(words: str) -> SaidOf | None:
    """What is said alone, of no topic."""
    said = bare(PLEASE().sub("", f" {words}").strip())
    if said in _LIST or not said:
        return SaidOf.LIST
    if said in _ALL or asks_for_news(words):
        return SaidOf.EVERYTHING
    return SaidOf.OFF if said in _OFF else None


def said_of(words: str) -> tuple[SaidOf, str] | None:
    """What is to be done, and with which topic, by its name. Where no topic is called so, they are
    words to follow: `edit wars`. What is written without spaces begins with no verb: 添加剂.
    """
    found = parted(words)
    verb = fold(found.verb) if found else ""
    if found and is_unspaced(words[0]) and not words.removeprefix(found.verb).startswith(" "):
        return None
    if found and found.deed is Deed.FOLLOW and verb in _ADDING:
        return SaidOf.ADD, found.thing
    if not _QUERY_SIGNS.isdisjoint(words):
        return None
    first, _, rest = words.partition(" ")
    last = words.rpartition(" ")
    for each, thing in ((first, rest), (last[2], last[0])):
        if fold(each) in _EDITING and thing:
            return SaidOf.EDIT, thing.strip()
    if found is None:
        return None
    if found.deed is Deed.FOLLOW:
        return (
            (SaidOf.ADD, found.thing) if verb in _FOLLOWING and len(words.split()) < _LONG else None
        )
    if found.deed is Deed.REMOVE and verb not in _DELETING:
        return None
    if found.deed is Deed.SPARE and verb in STOPS:
        return SaidOf.REMOVE, found.thing
    said = _DEEDS.get(found.deed)
    return (said, found.thing) if said else None
