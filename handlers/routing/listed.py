"""Topics as a person lists them who was asked what to follow: `football, Ukraine, ferries`. Pure.

What is followed here is not asked about again, so it must be a name by itself: no sentence, no
headline, nothing that is said to the bot. Where that is in doubt it is none.
"""

import re

from bot.news.query.function_words import base_of, words_of
from bot.news.telling.spoken_times import PLEASE
from bot.news.text.words import fold
from handlers.routing.pleas import read_plea
from handlers.routing.typed import is_greeting, is_small_talk
from handlers.routing.verbs import Deed
from handlers.routing.wishes import read_wish

_BETWEEN = re.compile(
    r"\s*[,;、，،&+\n]\s*|\s+(?:and|und|et|y|e|и|і|та|ve|dan|و|או|और)\s+|(?<=\S)[和与](?=\S)|\s+و"
)
ENDS = " .,!?。！？؟¿¡…"
"""What people end a sentence with, and begin one with in Spanish."""
_MOST_WORDS = 2
_SHORT = 4
_MOST_SIGNS = 8  # of what is written without spaces
_UNSPACED = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_BUT_LIST = """
    but just only aber nur pero mais ma mas но а але ama fakat لكن ولكن
"""
_NOT_LIST = """
    no not without except excluding minus never none kein keine keinen nicht ohne außer sin excepto
    salvo menos tampoco pas sans sauf aucun aucune non niente nessun senza tranne não sem exceto не
    без кроме нет ні крім hariç لا بدون ليس إلا bukan tanpa kecuali ללא לא בלי नहीं बिना
"""
_NOT_UNSPACED = ("不要", "不看", "不想", "没有", "除了", "别")
# Besides what joins words: what people speak with, of themselves and to others.
_NO_NAMES_LIST = """
    i you he she we they me him them my your his her its our their it is am are was were be been
    has have had do does did can could will would should may must might what which who whom whose
    when where why how this that these those there here
    like love hate want need prefer enjoy follow mute stop send show tell give get read please
    more less fewer too also again everything nothing all any some
    ich du er sie wir ihr mich mir mein meine dein ist sind war waren hat haben wird werden kann
    will möchte mag liebe was wer wie wo warum sagt sagen sagte meldet melden warnt fordert fordern
    gewinnt verliert stirbt alles nichts mehr weniger
    je tu il elle nous vous ils mon ma mes est sont a ont veux aime quoi qui comment pourquoi dit
    disent annonce annoncent meurt gagne plus moins tout rien
    yo tú él nosotros ellos mi mis es son está están ha han quiero gusta qué quién cómo dice dicen
    anuncia anuncian muere gana más todo nada
    eu ele ela nós eles meu minha é são está tem têm quero gosto quê quem diz dizem anuncia morre
    ganha mais tudo
    io lui lei noi loro mio mia è sono ha hanno voglio piace cosa chi dice dicono annuncia muore
    vince più tutto
    я ты он она мы вы они мне мой моя это есть был была хочу люблю нравится что кто как где почему
    говорит говорят сообщает сообщают сообщил сообщили заявил заявили сказал сказали больше меньше
    всё все
    ти він вона ми ви вони мені мій моя це є хочу люблю що хто як де чому каже кажуть повідомляє
    заявив заявили більше менше
    ben sen biz siz onlar bana benim bu istiyorum seviyorum ne kim nasıl neden söyledi dedi açıkladı
    أنا أنت هو هي نحن هم أريد أحب ما ماذا من كيف لماذا قال قالت يقول أعلن
"""
# What headlines are told with, beside another word; alone they may be a topic.
_TELLING_LIST = """
    say says said tell tells told agree agrees agreed warn warns warned report reports reported
    claim claims claimed announce announces announced reject rejects rejected sign signs signed
    confirm confirms confirmed deny denies denied vow vows vowed urge urges urged call calls called
    hit hits kill kills killed die dies died win wins won lose loses lost beat beats resign resigns
    resigned attack attacks attacked strike strikes launch launches launched reach reaches reached
    begin begins began end ends ended fall falls fell rise rises rose collapse collapses collapsed
"""
_BUT, _NOT = (frozenset(map(fold, some.split())) for some in (_BUT_LIST, _NOT_LIST))
_NO_NAMES, _TELLING = (
    frozenset(map(fold, some.split())) for some in (_NO_NAMES_LIST, _TELLING_LIST)
)


def bare(words: str) -> str:
    """The words, folded, without what people end a sentence with."""
    return fold(words).strip(ENDS)


def parts_of(words: str) -> list[str]:
    """What is listed, one by one, without a greeting and courtesy at either end. Who says to follow
    it says no more than who names it.
    """
    wish = read_wish(words)
    said = wish.thing if wish and wish.deed is Deed.FOLLOW else words
    split = _BETWEEN.split(PLEASE().sub("", said.strip(ENDS)))
    parts = [part for each in split if (part := each.strip(ENDS))]
    while parts and is_greeting(parts[0]):
        del parts[0]
    while parts and is_greeting(parts[-1]):
        del parts[-1]
    return parts


def left_out(part: str) -> str:
    """What is named to be left out, `but no politics`, `aber keine Politik`; "" for nothing."""
    if part.startswith(_NOT_UNSPACED):
        return part
    said = part.split()
    while said and fold(said[0]) in _BUT:
        del said[0]
    rest = list(said)
    while rest and fold(rest[0]) in _NOT:
        del rest[0]
    if rest and len(rest) < len(said):
        return " ".join(rest)
    wish = read_wish(" ".join(said))
    return wish.thing if wish and wish.deed is not Deed.FOLLOW else ""


def is_name(part: str, language: str) -> bool:
    """Whether it names something by itself for a reader of this language (BCP 47), so that it can
    be followed as it stands: a word or two of which none is said to the bot, turns the sense, or
    makes a sentence.
    """
    if _is_said_to_us(part):
        return False
    if _UNSPACED.search(part):
        return len(part) <= _MOST_SIGNS
    words = part.split()
    # EU and AI are small words elsewhere.
    said = {fold(word).strip(".,:!?'\"") for word in words if not _is_short_name(word)}
    small = words_of("en") | words_of(base_of(language)) | _NO_NAMES
    is_told = len(words) > 1 and not _TELLING.isdisjoint(said)
    return len(words) <= _MOST_WORDS and small.isdisjoint(said) and not is_told


def _is_short_name(word: str) -> bool:
    return word.isupper() and 1 < len(word) <= _SHORT


def _is_said_to_us(part: str) -> bool:
    """Whether it asks for something, leaves something out, or is a greeting or thanks."""
    return bool(read_wish(part) or read_plea(part) or left_out(part) or is_small_talk(part))
