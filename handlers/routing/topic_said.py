"""What people write behind /topic that is no topic: `list`, `everything`, `add dogs`. Pure.

Only what is said alone, or before a name, is read so; in quotes it is a topic: `/topic "list"`.
"""

from enum import Enum

from bot.news.telling.spoken_times import PLEASE
from bot.news.text.words import fold
from handlers.routing.listed import bare, is_name
from handlers.routing.typed import asks_for_news
from handlers.routing.verbs import Deed
from handlers.routing.wishes import EVERYTHING, STOPS, parted

_LIST_WORDS = """
    list|help|show|show all|topics|my topics|all topics|list topics|list all|show topics|show list
    add|edit
    liste|hilfe|zeige|zeigen|themen|meine themen|alle themen
    lista|ayuda|mostrar|temas|mis temas|todos los temas
    aide|sujets|mes sujets|afficher|tous les sujets
    elenco|aiuto|mostra|temi|i miei temi|argomenti
    ajuda|tópicos|meus temas|meus tópicos
    список|помощь|покажи|темы|мои темы|все темы
    допомога|теми|мої теми|усі теми
    yardım|konular|konularım|göster
    قائمة|القائمة|مساعدة|المواضيع|مواضيعي
    列表|清单|帮助|主题|我的主题|话题
    सूची|मदद|सहायता|विषय|मेरे विषय
    רשימה|עזרה|נושאים|הנושאים שלי
    فهرست|لیست|کمک|راهنما|موضوع‌ها
    daftar|bantuan|topik|topik saya|tampilkan
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
# Of what is not followed these are asked about; others, such as "stop the war", may be news.
_ASKED_WORDS = """
    delete|pause|lösche|löschen|borra|borrar|supprime|supprimer|apague|удали|удалить|видали|видалити
    sil|احذف|删除|pausiere|mettre en pause
"""
_QUERY_SIGNS = frozenset('":()=*|,')


def _read(words: str) -> frozenset[str]:
    return frozenset(fold(each.strip()) for each in words.replace("\n", "|").split("|") if each)


_LIST, _OFF = _read(_LIST_WORDS), _read(_OFF_WORDS)
_ALL = EVERYTHING | _read(_EVERYTHING_WORDS)
_ADDING, _FOLLOWING = _read(_ADDING_WORDS), _read(_FOLLOWING_WORDS)
_EDITING, _ASKED = _read(_EDITING_WORDS), _read(_ASKED_WORDS)


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


def said_of(words: str, language: str) -> tuple[SaidOf, str, bool] | None:
    """What is to be done, and with which topic, by its name; and whether that is meant though no
    topic is called so. `stop the war` may be news, `delete goats` hardly.
    """
    found = parted(words)
    if found and found.deed is Deed.FOLLOW and fold(found.verb) in _ADDING:
        return SaidOf.ADD, found.thing, True
    if not _QUERY_SIGNS.isdisjoint(words):
        return None
    first, _, rest = words.partition(" ")
    last = words.rpartition(" ")
    for verb, thing in ((first, rest), (last[2], last[0])):
        if fold(verb) in _EDITING and thing:
            return SaidOf.EDIT, thing.strip(), is_name(thing.strip(), language)
    if found is None:
        return None
    verb, thing = fold(found.verb), found.thing
    if found.deed is Deed.FOLLOW:
        is_meant = verb in _FOLLOWING and is_name(thing, language)
        return (SaidOf.ADD, thing, True) if is_meant else None
    if found.deed is Deed.SPARE and verb in STOPS:
        return SaidOf.REMOVE, thing, False
    said = _DEEDS.get(found.deed)
    return (said, thing, verb in _ASKED and is_name(thing, language)) if said else None
