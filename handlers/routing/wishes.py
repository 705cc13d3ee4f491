"""What people ask of the bot to do with a thing, in plain words, as they would ask a person:
`unfollow football`, `mute football for a week`. Pure.

Nothing here is done by itself: who reads a wish where news was looked for offers it beside the
search.
"""

import re
from difflib import SequenceMatcher

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import BadInput
from bot.news.telling.durations import is_time, split_until
from bot.news.telling.spoken_times import AT_ONCE, NOW, PLEASE
from bot.news.text.words import fold
from handlers.routing.no_things import Kind, bare_words, kinds_of
from handlers.routing.verbs import INFINITIVES, LESS, UNSPACED, VERBS, Deed
from handlers.routing.whereabouts import without_here

LONGEST = 300
"""Characters in which something may be asked for; what is longer is no wish, and is not read."""
_MOST_WORDS = 12
_MOST_CLAUSES = 3
_SOMEWHERE = "UTC"
"""Whether words are a time is the same everywhere."""
_MOST_VERB_WORDS = 5


class Spoken(Struct, frozen=True):
    """A wish: its deed, and the thing as it was named; whether it `is_thing` that may be muted,
    and no word such as `both`, and the wish `is_whole`, and not for an hour or a day of the week.
    """

    deed: Deed
    thing: str
    is_thing: bool = True
    is_whole: bool = True


class Parted(Struct, frozen=True):
    """What was said, in parts: the verb, and the words that it is said of."""

    deed: Deed
    verb: str
    thing: str


_AROUND_LIST = """
    please pls plz kindly thanks thank thx you u can could would will i'd like to want me hi hey
    hello bot
    bitte danke kannst könntest du mir mal por favor puedes gracias s'il te vous plaît plait svp stp
    merci per favore piacere grazie obrigado obrigada
    пожалуйста плиз спасибо будь ласка lütfen فضلك من رجاء رجاءً
"""
_BEFORE_LIST = """
    bütün tüm
    the my our any this that topic topics news alerts messages notifications stories about on of
    from for
    das die der den dem mein meine thema nachrichten über el la los las mi tema noticias mensajes
    sobre de más mir von
    le les l mon sujet nouvelles infos actualités sur il lo gli tema notizie su o a os as notícias
    più mais me
    тему тема новости про о об мне больше мені більше новини
    موضوع أخبار عن artık bana
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
_NAMES_TOO = frozenset(map(fold, ("enough", "quit", "genug", "assez", "cukup", "قف")))
"""Words that end all alerts where they are said alone, and may be looked for."""
EVERYTHING = frozenset(map(fold, _EVERYTHING_LIST.split()))
"""What stands for all that alerts come on."""
OF_ALL = "everything"
_IT_LIST = """
    it this that them these those es das dies sie eso esto lo ça ceci cela questo quello isto isso
    это его їх це його bunu onu bunları هذا ذلك این آن זה את यह इसे ini itu 这 这个 它
"""
_IT = frozenset(map(fold, _IT_LIST.split()))
_NO_MORE = frozenset(
    word
    for phrase in (*_IT_LIST.split(), *NOW, *AT_ONCE - {"one by one", "einzeln"})
    for word in bare_words(phrase)
)
_OUT_LIST = """
    unsubscribe me|how do i unsubscribe|how to unsubscribe
    how can i unsubscribe|unfollow all of them
    i want to unsubscribe|how do i unfollow everything|unfollow them all
    wie kann ich mich abmelden|wie melde ich mich ab|melde mich ab|abmelden|darme de baja
    dame de baja|quiero darme de baja|cómo me doy de baja|cómo cancelo la suscripción
    comment se désabonner|comment me désabonner|désabonne-moi|désabonnez-moi|me désabonner
    как отписаться|отпиши меня|отпишите меня|як відписатися|відпиши мене|cancellami
    come mi cancello|come mi disiscrivo
    come cancellarsi|abonelikten çık|abonelikten nasıl çıkarım
    cancelar inscrição|como cancelar a inscrição|كيف ألغي الاشتراك|إلغاء الاشتراك
    怎么取消订阅|如何取消订阅|怎么退订
    how do i stop this|how do i stop these|how do i stop it|how can i stop this|how to stop this
    i want to stop this|i want to leave|i want out|how do i leave|how do i turn this off
    how do i turn it off|how do i cancel|how do i cancel this|clear all|unsubscribe all
    i don't want this anymore|i don't want these anymore|i quit
    wie stelle ich das ab|wie stoppe ich das|wie beende ich das|wie kann ich das abstellen
    ich will raus|ich will nicht mehr|ich möchte aufhören|ich will das nicht mehr|cómo paro esto
    cómo detengo esto|quiero salir|quiero irme|ya no quiero esto|cómo desactivo esto
    comment arrêter ça|comment arrêter|je veux arrêter|je veux partir|je n'en veux plus
    comment désactiver ça|come fermo tutto questo|come smetto|voglio smettere|voglio uscire
    come lo disattivo|non lo voglio più|como paro isso|como faço para parar|quero sair|quero parar
    não quero mais isso|como desativo isso|как это остановить|как это отключить|как это выключить
    хочу уйти|хочу отписаться|я хочу отписаться|больше не хочу|як це зупинити|як це вимкнути
    хочу піти|хочу відписатися|більше не хочу|bunu nasıl durdururum|nasıl durdururum
    nasıl kapatırım|çıkmak istiyorum|ayrılmak istiyorum|artık istemiyorum|كيف أوقف هذا
    كيف أوقف هذه الرسائل|أريد المغادرة|أريد الخروج|أريد إلغاء الاشتراك|لا أريد هذا بعد الآن
    چطور متوقفش کنم|چطور لغو اشتراک کنم|لغو اشتراک|می‌خواهم بروم|دیگر نمی‌خواهم|איך עוצרים את זה
    איך מפסיקים את זה|אני רוצה לצאת|אני רוצה להפסיק|איך מבטלים את המנוי|בטל את המנוי
    इसे कैसे बंद करूँ|यह कैसे बंद करें|मैं छोड़ना चाहता हूँ|मैं छोड़ना चाहती हूँ|सदस्यता रद्द करो
    सदस्यता रद्द करें|bagaimana cara menghentikan ini|bagaimana menghentikan ini|saya mau berhenti
    saya ingin berhenti|berhenti berlangganan|saya mau keluar|怎么停止|怎么关闭|怎么关掉|如何停止
    我要退出|我想退出|怎么停|全部取消|取消所有关注
"""
_SILENCE_LIST = """
    stop it|leave me alone|shut up|be quiet|go away|stop everything now|turn it off
    stop messaging me|stop texting me|lass mich in ruhe|hör auf|sei still|halt die klappe
    déjame en paz|cállate|laisse-moi tranquille|tais-toi|lasciami in pace|stai zitto
    me deixa em paz|cala a boca|оставь меня в покое|замолчи|отстань
    відчепись|замовкни|beni rahat bırak|اتركني|اسكت
    别烦我|闭嘴|别吵|关闭通知|不要发了|不要再发了|别发了|别再发了|不要再发消息了
    enough|that's enough|enough already|i've had enough|make it stop|quit|genug|es reicht|schluss
    schluss damit|schluss jetzt|hör bitte auf|ya basta|basta ya|ya es suficiente|ça suffit|assez
    basta così|smettila|já chega|pare com isso|хватит уже|прекрати|перестань|припини|досить
    yeter artık|kes şunu|كفى|كفاية|قف|توقف من فضلك|بس کن|کافی است|تمامش کن|מספיק|די כבר|תפסיק
    तुम बंद करो|बंद करो|बंद करें|रुको|बस करो|रोक दो|मत भेजो|cukup|sudah cukup|hentikan ini
    berhenti mengirim|够了|停下|停止发送
"""
_WHOLE = {
    " ".join(bare_words(phrase)): deed
    for deed, phrases in ((Deed.LEAVE, _OUT_LIST), (Deed.SPARE, _SILENCE_LIST))
    for phrase in phrases.replace("\n", "|").split("|")
    if phrase.strip()
}
"""Who says one of these wants no alerts at all, though no thing is named."""
_NO_THINGS_LIST = """
    and or nor but is are to if in at by with it them und oder y e et ou ed и или і та або ve و او
    des es è
"""
_NO_THINGS = frozenset(map(fold, _NO_THINGS_LIST.split()))
_NOTHING_FIRST = (_NO_THINGS - _BEFORE) | {"to"}
"""What no thing begins with, not even behind an article: `I don't want to miss it`."""
_SIGNS = ",.;:!?"
_CLAUSES = re.compile(r"[.!?;,]\s+")
_BEHIND_IT = re.compile(
    r"(?:,\s*|\s+)(?:thanks|thank you|thx|danke|gracias|merci|grazie|obrigad[oa]|спасибо|дякую"
    r"|teşekkürler|شكرا)(?:\s+\S+){0,3}[.!]*$",
    re.IGNORECASE,
)
_OF_MINE = re.compile(
    r"\s+(?:from|of|off|out of) (?:my|the) (?:topics?|list|alerts|feed|news|subscriptions)$"
    r"|\s+(?:aus|von) meine[nr] (?:themen|liste)$|\s+de mis? (?:temas|lista)$"
    r"|\s+de (?:mes sujets|ma liste)$|\s+из (?:моих тем|моего списка|тем|списка)$",
    re.IGNORECASE,
)
_GERMAN_NEWS = re.compile(r"(?<=\w{4})s?(?:nachrichten|meldungen|news)$", re.IGNORECASE)
# Ukrayna'yı, which the search does not find; the names of others end so hardly ever.
_TURKISH_END = re.compile(r"(?<=\w)['’](?:[yn]?[ıiuü]|[yn]?[ae]|[dt][ae]n?)$")
_EDGES_OF_CHINESE = (
    ("请", "帮我", "我想", "能不能", "我的", "所有", "全部"),
    ("的新闻", "的消息", "新闻", "消息", "吧", "了"),
)
_PAUSE_BEHIND = ("停一下", "暂停一下", "先停一下", "暂停", "停止", "停")
"""What Chinese says behind a time."""
_LIKELY = 0.85
_OF_NEWS_LIST = """
    news stories story headlines the more my any haber haberler noticias notizie notícias новости
    новостей новини новин 新闻 actualités nouvelles nothing everything all anything nada niente rien
    ничего alles alle nichts tout tous todo todos tudo tutto tutti всё все усе всі el la le las los
"""
STOPS = frozenset(map(fold, ("stop", "stopp", "stoppe", "أوقف", "اوقف", "arrête", "хватит")))
"""Verbs that are said to somebody, and of no news."""
_OF_NEWS = frozenset(map(fold, _OF_NEWS_LIST.split()))
_STOPPING = STOPS | frozenset(map(fold, (
    "turn off", "switch off", "off", "отключи", "выключи", "останови", "вимкни", "关闭",
)))  # fmt: skip
"""Verbs that are said of all alerts where only a time is named."""

_MISTYPED = ("unfollow", "unsubscribe")


def read_wish(words: str) -> Spoken | None:
    """The deed that plain words ask for and the thing it is to be done with: `mute football for a
    week`, `удали паром`, `futbolu takip et`, `关注乌克兰`. None where they name no thing.
    """
    if len(words) > LONGEST:
        return None
    whole = bare_words(PLEASE().sub("", words.strip(" .!?")))
    if deed := _WHOLE.get(" ".join(whole)):
        return Spoken(deed, OF_ALL, is_whole=len(whole) > 1 or whole[0] not in _NAMES_TOO)
    found = parted(words)
    return _wish(found) if found else None


def parted(words: str) -> Parted | None:
    """The verb and what it is said of, without what is only polite. Of several clauses the first
    that says so much.
    """
    if len(words) > LONGEST:
        return None
    whole = _BEHIND_IT.sub("", words.strip()).strip(".!?。！？؟ ")
    if found := _parted(whole):
        return replace(found, thing=_first_clause(found.thing))
    clauses = [each for each in _CLAUSES.split(words) if each.strip()][:_MOST_CLAUSES]
    told = (_told(each) for each in clauses if len(clauses) > 1)
    return next(filter(None, told), None)


def is_of_everything(words: str) -> bool:
    """Whether all that is followed is meant: `all`, `everything`, `all my topics`."""
    bare = bare_words(words)
    return not EVERYTHING.isdisjoint(bare) and set(bare) <= EVERYTHING | _BEFORE | _AFTER


def says_no_more(words: str) -> bool:
    """Whether it names nothing that could be stopped, but says *now* or *please*, or means all that
    comes: behind `/stop` it adds nothing.
    """
    of_all = (Kind.ALERTS, Kind.ALL, Kind.HERE)
    return all(
        word in _AROUND or word in _NO_MORE or not (kinds_of(word) or {None}).isdisjoint(of_all)
        for word in bare_words(PLEASE().sub("", words.strip()))
    )


def is_to_somebody(said: Parted) -> bool:
    """Whether a verb is said to somebody who is to do it, and does not only answer no."""
    is_told = " " in said.verb or said.verb in STOPS or _is_han(said.verb)
    return said.deed is not Deed.SPARE or is_told


def _first_clause(thing: str) -> str:
    """The thing without what is said behind it: another sentence, or after the time a reason."""
    if not (end := _CLAUSES.search(thing)):
        return thing
    first = thing[: end.start()]
    return first if end[0][0] in ".!?" or without_time(first) != first else thing


def _told(clause: str) -> Parted | None:
    """A clause that says to do something, as people say it to somebody: `no` and the like before a
    comma only answer.
    """
    found = _parted(clause.strip(".!?。！？؟, "))
    is_told = found and (" " in found.verb or found.deed in (Deed.LEAVE, Deed.MUTE))
    return found if is_told and found and found.deed is not Deed.FOLLOW else None


def _parted(said_of: str) -> Parted | None:
    said = _without_courtesy(said_of.split())
    if not 0 < len(said) <= _MOST_WORDS:
        return None
    if "一" <= said[0][0] <= "鿿":
        return _unspaced(" ".join(said))
    folded = [fold(word).strip(_SIGNS) for word in said]
    folded[0] = _spelled(folded[0])
    return _by_verb(said, folded) or _with_time_behind(said)


def _by_verb(said: list[str], folded: list[str]) -> Parted | None:
    for taken in range(min(_MOST_VERB_WORDS, len(said) - 1), 0, -1):
        for behind in range(taken + 1):
            before, end = taken - behind, len(said) - behind
            verb = (" ".join(folded[:before]), " ".join(folded[end:]))
            # "No, ferry": that says no.
            if (deed := VERBS.get(verb)) and not (before and said[before - 1].endswith(",")):
                thing = " ".join(said[before:end])
                return Parted(deed, " ".join(filter(None, verb)), thing)
    return None


def _with_time_behind(said: list[str]) -> Parted | None:
    """What ends with its time, and not with its verb: `mets le foot en sourdine pour 2 jours`."""
    try:
        first, _ = split_until(" ".join(said), _SOMEWHERE, 0.0)
    except BadInput:
        return None
    words = first.split()
    if not words or len(words) == len(said):
        return None
    found = _by_verb(words, [fold(word).strip(_SIGNS) for word in words])
    if found is None or found.deed is not Deed.MUTE:
        return None
    return replace(found, thing=" ".join([found.thing, *said[len(words) :]]))


def _spelled(verb: str) -> str:
    """A verb without a slip, of those that would seem to say the opposite with one."""
    near = (
        each
        for each in _MISTYPED
        if not verb.startswith(each)
        and verb.startswith("un")
        and SequenceMatcher(None, verb, each, autojunk=False).ratio() > _LIKELY
    )
    return next(near, verb)


def _wish(found: Parted) -> Spoken | None:
    deed, thing = found.deed, _OF_MINE.sub("", found.thing)
    first = fold(thing.split()[0]).strip(_SIGNS) if thing.split() else "to"
    if (deed is Deed.PAUSE or found.verb in _STOPPING) and (pause := _pause(thing)):
        return pause
    if first in _NOTHING_FIRST:
        return None
    if deed is Deed.FOLLOW:
        bare = _TURKISH_END.sub("", thing).strip(_SIGNS)
        return Spoken(deed, bare) if len(bare) > 1 else None
    if (doing := INFINITIVES.get(found.verb)) and doing.fullmatch(first):
        return None
    if of_all := _of_all(found, thing):
        return of_all
    thing = _without_place(thing)
    named_by_none = kinds_of(without_time(thing)) is not None or kinds_of(thing) is not None
    if deed is Deed.PAUSE or (named_by_none and deed in (Deed.SPARE, Deed.MUTE)):
        return None
    bare = _bare_thing(thing)
    begins = fold(bare.split()[0]) if bare.split() else ""
    if begins in _NO_THINGS or (len(begins) < 2 and not _is_han(begins)):
        return None
    if deed is Deed.SPARE and begins[0].isdecimal():
        return None  # "plus de 100 morts" counts them
    is_thing = not named_by_none and kinds_of(without_time(bare)) is None
    if not is_thing and deed in (Deed.SPARE, Deed.MUTE):
        return None
    if without_time(bare) == bare and (plain := _unqualified(bare)) != bare:
        return Spoken(deed, plain, is_thing, is_whole=False)
    return Spoken(deed, bare, is_thing or deed is Deed.UNMUTE)


def _pause(thing: str) -> Spoken | None:
    """A pause of all alerts where only a time is named, or `it` with a time: what one alert is
    about is not stopped for a time.
    """
    what = without_time(thing)
    if is_time(thing, _SOMEWHERE, 0.0):
        return Spoken(Deed.PAUSE, thing)
    is_it = what != thing and _IT.issuperset(bare_words(what))
    return Spoken(Deed.PAUSE, thing[len(what) :].strip()) if is_it else None


def _without_place(thing: str) -> str:
    """The thing without `here` and the like behind it: what is asked for in a chat is for it."""
    what = without_time(thing)
    before = without_here(what)
    return before + thing[len(what) :] if before else thing


def _bare_thing(thing: str) -> str:
    """The thing without `the topic`, `news about` and the like around it."""
    said = thing.split()
    folded = [fold(word).strip(_SIGNS) for word in said]
    begin, end = 0, len(said)
    while end - begin > 1 and (folded[begin] in _BEFORE or folded[begin] in EVERYTHING):
        begin += 1
    while end - begin > 1 and folded[end - 1] in _AFTER | _AROUND:
        end -= 1
    bare = _TURKISH_END.sub("", " ".join(said[begin:end])).strip(_SIGNS)
    return _GERMAN_NEWS.sub("", bare)


def _unqualified(bare: str) -> str:
    """The thing without when it is not wanted: `football at night`, `trains this weekend`."""
    words = bare.split()
    end = len(words)
    while end > 1 and kinds_of(words[end - 1]) is not None:
        end -= 1
    kinds = kinds_of(" ".join(words[end:])) or frozenset()
    is_when = kinds & {Kind.TIME, Kind.NIGHT} or {Kind.EDGE, Kind.NUMBER} <= kinds
    return " ".join(words[:end]) if is_when else bare


def is_of_all(wish: Spoken) -> bool:
    """Whether it is about all that comes to a chat."""
    return wish.thing.split()[:1] == [OF_ALL] or is_time(wish.thing, _SOMEWHERE, 0.0)


def _of_all(found: Parted, thing: str) -> Spoken | None:
    """What is said of all alerts, perhaps for a time: `stop the messages`, `mute all for 2h`; so is
    what is said of the chat: `mute this chat for a week`.
    """
    deed = found.deed
    if deed is Deed.UNMUTE or found.verb in LESS:
        return None
    if deed in (Deed.MUTE, Deed.PAUSE) and is_time(thing, _SOMEWHERE, 0.0):
        return Spoken(deed, thing)
    what = without_time(thing)
    kinds = kinds_of(what)
    if kinds and deed in (Deed.MUTE, Deed.PAUSE) and kinds & {Kind.HERE, Kind.PLACE}:
        kinds = kinds - {Kind.HERE, Kind.PLACE, Kind.THIS} | {Kind.ALL}
    if not what or kinds is None or not kinds & {Kind.ALERTS, Kind.ALL}:
        return None
    if kinds - {Kind.ALERTS, Kind.ALL, Kind.BESIDE}:
        return None
    if deed in (Deed.LEAVE, Deed.REMOVE) and Kind.ALL not in kinds:
        return Spoken(Deed.SPARE, OF_ALL)
    if (time := thing[len(what) :].strip()) and deed in (Deed.SPARE, Deed.MUTE, Deed.PAUSE):
        return Spoken(Deed.MUTE, f"{OF_ALL} {time}")
    if deed is Deed.SPARE and not _is_ours(found.verb, what):
        return None
    return Spoken(Deed.SPARE if deed is Deed.PAUSE else deed, OF_ALL)


def without_time(thing: str) -> str:
    """What stands before the time at the end of it; all where there is none."""
    try:
        what, _ = split_until(thing, _SOMEWHERE, 0.0)
    except BadInput:
        return thing
    return what


def _is_ours(verb: str, what: str) -> bool:
    """Whether it is said of alerts, and not of news: `no news` is no wish, `stop news` is."""
    is_said_to_somebody = " " in verb and verb != "pas de"
    return verb in STOPS or is_said_to_somebody or not _OF_NEWS.issuperset(bare_words(what))


def _is_han(text: str) -> bool:
    return "一" <= text[:1] <= "鿿"


def _unspaced(said: str) -> Parted | None:
    begins, ends = _EDGES_OF_CHINESE
    for begin in begins:
        said = said.removeprefix(begin)
    for end in _PAUSE_BEHIND:
        if said.endswith(end) and is_time(time := said.removesuffix(end), _SOMEWHERE, 0.0):
            return Parted(Deed.PAUSE, end, time)
    for verb in UNSPACED:
        if said.startswith(verb):
            thing, deed = said[len(verb) :].strip(), VERBS[verb, ""]
            if deed is not Deed.FOLLOW and kinds_of(thing) is None:
                for begin in begins:
                    thing = thing.removeprefix(begin) or thing
                for end in ends:
                    thing = thing.removesuffix(end) or thing
            return Parted(deed, verb, thing) if thing else None
    return None


def _without_courtesy(said: list[str]) -> list[str]:
    """The words without `please`, `can you` and their like at either end."""
    polite = [fold(word).strip(_SIGNS) in _AROUND for word in said]
    begin, end = 0, len(said)
    while begin < end and polite[begin]:
        begin += 1
    while begin < end and polite[end - 1]:
        end -= 1
    return said[begin:end]
