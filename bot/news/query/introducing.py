"""What people say before what they look for, such as `any news on`, and behind it, such as
`please`. It need not occur.
"""

from collections.abc import Iterator

from bot.errors import QueryError
from bot.news.query.lexemes import Lexeme, bare, is_comma, lexemes_of, plain_signs
from bot.news.query.typed import BEGINNING, elided
from bot.news.text.patterns import late
from bot.news.text.words import fold

_LONGEST = 9
_MOST_BEHIND = 4
_MOST_NEWS = 3
_WHERE = late(r"(?<=\w)['’][dt][ae]n?$")
_MOST_UNSPACED = 60  # characters
# What is not wanted by these: "I want to break free" is a song.
_WANTING = late(
    r"(?:please )?(?:i (?:want|need)|i would like|i'd like|can i (?:get|have)|give me|show me)"
    r"|(?:bitte )?(?:ich (?:will|mochte|brauche|hatte gern)|zeig mir|zeige mir)"
    r"|quiero|quisiera|muestrame|je (?:veux|voudrais)|montre moi|voglio|vorrei|mostrami|quero"
    r"|(?:я )?хочу|покажи(?: мне| мені)?|bana goster|اريد|ارني"
    r"|please|pls|bitte|por favor|per favore|пожалуйста|будь ласка|lutfen|من فضلك|tolong"
)
_NOT_WANTED = frozenset(("to", "you", "my", "it", "that", "this", "please", "be", "me", "more"))
_BEHIND = late(
    r"please|pls|bitte|por favor|per favore|per piacere|s'il (?:te|vous) plait"
    r"|пожалуйста|будь ласка|lutfen|من فضلك"
    r"|(?:son )?(?:haberleri|haberlerini|haberi)(?: (?:var mi|goster|istiyorum))?"
    r"|(?:hakkinda|ile ilgili)(?: (?:son )?(?:haber|haberler|haberleri|ne var))?"
    r"(?: (?:var mi|istiyorum))?"
    r"|istiyorum|(?:ile )?ilgileniyorum|(?:neler|ne) oluyor|ne var ne yok"
)
_NOW = late(
    r"(?:right |just )?now|today|lately|recently|at the moment|these days|this week|gerade|heute"
    r"|jetzt|en ce moment|aujourd'hui|hoy|ahora|oggi|adesso|hoje|agora|сейчас|сегодня"
    r"|зараз|сьогодні"
)
# What is called so is none of them: what somebody types who asks for news of a thing is small.
_NEWS_BEHIND = late(
    r"(?:the )?(?:latest |newest )?(?:news|headlines|updates?)|(?:the )?latest"
    r"|nachrichten|neuigkeiten|noticias|notizie|actualites|новости|новини"
)
_NEWS_BEFORE = late(r"(?:latest |newest )?news|latest")
_CALLED_NEWS_LIST = """
    latest newest headlines updates news
    fake false good bad great big old no breaking fox sky bbc abc cbs nbc cnn gb cbc itv euro global
    yahoo google apple hacker daily evening morning sunday al the my any more yellow junk world red
    ctv msnbc anchor anchors agency agencies conference conferences media outlet outlets corp
    organization organizations organisation presenter reader channel channels site website websites
    paper papers feed desert reporter of on about from for in is day days coverage article articles
"""
_CALLED_NEWS = frozenset(_CALLED_NEWS_LIST.split())
_UNSPACED = late(
    r"(?:请|帮我|(?P<of_me>我对)|我想看|我想知道|我要看|看看|看一下|查一下|搜一下|给我)*"
    r"(?:(?P<asked>有没有|有|关于|有关)(?:最新的?|今天的?)?)?"
    r"(?P<thing>\S+?)"
    r"(?:(?P<what_new>有什么|有啥|有哪些)?(?P<its>的|に関する|についての|の)?(?:最新|最近|今天)?(?:的)?"
    r"(?:新闻|新聞|消息|动态|资讯|ニュース)(?P<is_asked>吗|嗎|呢|么)?|(?P<what>发生了什么事?|怎么了|最近怎么样了?|怎么样了|近况如何)"
    r"|(?(of_me)感兴趣|(?!)))"
)
# Folded words, and ' where one is elided before the next: "notizie sull'Ucraina". The newspapers
# and broadcasters that are called so ("News of the World", "חדשות 12") are no introductions.
_INTRODUCING = late(
    r"(?:(?:please )?(?:(?:tell|show|send|give) me |i want |is there ))?"
    r"(?:(?:any|all|the|some|latest|newest|recent|breaking|more|only|just) )*"
    r"(?:news|updates?|stories|articles|headlines|alerts|information) "
    r"(?:about|on|regarding|concerning)"
    r"|(?:please )?tell me (?:more |everything )?about"
    r"|(?:please )?(?:tell me|let me know|notify me|alert me) (?:when|if) there(?: is)?"
    r"|(?:(?:can|could|would|will) you )?(?:please )?(?:tell me )?"
    r"(?:whats?(?: is| has)? )(?:happened|happening|going on|new) (?:in|with|on|at|about)"
    r"|(?:and )?what about|(?:can|could|would) you (?:please )?tell me (?:more )?about"
    r"|(?:(?:send|give|show|tell) me )?everything about|alles ueber|tout sur|tutto su"
    r"|все (?:про|о|об)"
    r"|subscribe me to|keep me (?:posted|updated|informed) (?:on|about)"
    r"|(?:(?:hi|hello|hey) )?(?:i'm|im|i am)(?: (?:only|just|very|really|mostly|mainly))*"
    r" interested in|i (?:want|would like|like) to (?:know|hear|read) (?:more )?about"
    r"|(?:show me )?(?:the )?(?:latest (?:news )?(?:on|about|from)|news from)"
    r"|was (?:gibt es|gibts?|ist|ist los) (?:neues|neu) (?:in|im|zu|zum|zur|mit|bei|ueber|aus)"
    r"|ich interessiere mich (?:fuer|fur)|mich interessier(?:t|en)"
    r"|je m'interesse (?:a|aux|au)"
    r"|me interesan?|(?:yo )?estoy interesad[oa] en"
    r"|mi interessa(?:no)?|(?:io )?sono interessat[oa] a"
    r"|tenho interesse (?:em|no|na)|me interesso por|estou interessad[oa] em"
    r"|(?:меня|мне) интересу(?:ет|ют)|мне интересн[оаы]|я интересуюсь"
    r"|мене цікав(?:ить|лять)|мені цікав[оаі]|я цікавлюся"
    r"|saya tertarik (?:pada|dengan|akan)"
    r"|was (?:ist los|passiert|ist passiert|geschieht) (?:gerade )?(?:in|im|mit|bei)"
    r"|(?:gibt es (?:etwas |was )?)?neues (?:in|im|zu|zum|zur|mit|bei|ueber|aus|von|vom)"
    r"|(?:gibt es |zeig mir |ich will |ich moechte |ich mochte )(?:(?:die|neue|aktuelle|alle) )?"
    r"(?:nachrichten|neuigkeiten|news) (?:ueber|zu|zum|zur|aus|von|vom)"
    r"|(?:que se passe t il|qu'est-ce qui se passe|quoi de neuf|quoi de nouveau)"
    r" (?:en|a|au|aux|dans|sur|avec|chez)"
    r"|che (?:succede|novita|novita ci sono) (?:in|a|con|su)|cosa succede (?:in|a|con)"
    r"|(?:che )?cosa c'e di nuovo (?:in|a|con|su)"
    r"|o que (?:acontece|esta acontecendo|ha de novo) (?:em|no|na|nos|nas|com|sobre)"
    r"|quais (?:sao )?as (?:novidades|noticias) (?:de|da|do|das|dos|sobre|em|na|no)"
    r"|что там (?:в|во|на|с|со|у)|что (?:нового|происходит|случилось|слышно) (?:в|во|на|с|со|о|про)"
    r"|(?:(?:есть|какие|покажи|хочу) (?:ли )?)?(?:(?:все|последние|свежие) )*новости"
    r"(?: (?:о|об|про|из|по))?"
    r"|(?:(?:є|які|покажи|хочу) )?(?:(?:усі|всі|останні|свіжі) )*новини(?: (?:про|з|із|о))?"
    r"|що (?:нового|відбувається|сталося) (?:в|у|на|з|про)"
    r"|que (?:esta pasando|sucede|novedades hay) (?:en|con|sobre|de)"
    r"|que (?:hay de nuevo|pasa|paso|ocurre) (?:en|con|sobre)"
    r"|(?:hay |quiero |dame )(?:alguna |algunas )?(?:noticia|noticias|novedades) (?:de|del|sobre)"
    r"|(?:هل )?(?:هناك |توجد )(?:اي )?(?:اخبار|جديد) (?:عن|في|حول)|ما الجديد (?:في|عن)"
    r"|ماذا يحدث في"
    r"|(?:(?:alle|die|neue|neueste|neuesten|aktuelle|aktuellen|letzte|letzten) )*"
    r"(?:nachrichten|neuigkeiten|meldungen|infos|news) (?:ueber|zu|zum|zur|aus)"
    r"|(?:(?:les|des|toutes|dernieres) )*(?:nouvelles|actualites|infos|informations|actus|news)"
    r" (?:sur|concernant|de|du|des|(?:de )?')"
    r"|(?:(?:las|todas|ultimas) )*(?:noticias|novedades) (?:sobre|de|del|acerca de)"
    r"|(?:(?:as|todas|ultimas) )*(?:noticias|novidades) (?:sobre|de|da|do|das|dos)"
    r"|(?:(?:le|tutte|ultime) )*(?:notizie|novita|news)"
    r" (?:su|sul|sullo|sulla|sui|sugli|sulle|di|del|dello|della|dei|degli|delle|dal|dalla|')"
    r"|(?:(?:najnowsze|ostatnie|wszystkie) )*(?:wiadomosci|newsy) (?:o|z|ze|na temat)"
    r"|(?:saya (?:mau|ingin) )?berita (?:terbaru |terkini )?(?:tentang|soal|mengenai|dari)"
    r"|(?:اخر )?(?:اخبار|الاخبار)(?: عن| حول| في)?"
    r"|(?:اخرين )?(?:اخبار|خبرهاي)(?: درباره| در مورد| از)?"
    r"|(?:אני רוצה )?(?:חדשות|ידיעות) (?:על|אודות)"
)


# "News today" asks for no story on today.
# What begins as if a word were left out before another.
_WHOLE = frozenset(("qu'est-ce", "c'e", "i'm", "m'interesse"))
_NO_SUBJECTS = frozenset(
    map(fold, ("اليوم", "امروز", "сегодня", "дня", "недели", "сьогодні", "дня"))
)


def without_introduction(lexemes: list[Lexeme]) -> list[Lexeme]:
    """The lexemes without what introduces the others, if it begins them and others follow, and
    without what is said for politeness at either end.
    """
    if len(lexemes) == 1:
        return [_without_asking(lexemes[0])]
    left = _without_wish(_without_behind(lexemes))
    spoken = list(_beginning(left))
    for count in range(len(spoken), 0, -1):
        if _INTRODUCING().fullmatch(" ".join(spoken[:count])):
            rest = _without_now(left[count - (spoken[count - 1] == "'") :])
            return rest if _says_something(rest) else lexemes
    return _without_news(left)


def is_introduced(typed: str) -> bool:
    """Whether a part of what was typed only asks for the rest."""
    try:
        lexemes = list(lexemes_of(typed))
    except QueryError:
        return False
    return without_introduction(lexemes) != lexemes


def without_introducing(typed: str) -> str:
    """What was typed without what only introduces it, as far as that can be read."""
    try:
        lexemes = list(lexemes_of(plain_signs(typed)))
    except QueryError:
        return typed
    rest = without_introduction(lexemes)
    if not rest or rest == lexemes:
        return typed
    return typed[rest[0].place : rest[-1].place + len(rest[-1].text)]


def _says_something(rest: list[Lexeme]) -> bool:
    return bool(rest) and rest[0].kind in BEGINNING and bare(rest[0]) not in _NO_SUBJECTS


def _said(lexeme: Lexeme) -> str:
    """A bare word as it is said, also one with an apostrophe in it, such as `s'il`."""
    is_plain = lexeme.kind == "word" and lexeme.text[0] not in "=*" and lexeme.text[-1] != "*"
    return bare(lexeme) or (fold(lexeme.text).replace("’", "'") if is_plain else "")


def _without_wish(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Without `please`, `I want` and the like before the others."""
    spoken = list(map(_said, lexemes[:_MOST_BEHIND]))
    for count in range(len(spoken), 0, -1):
        rest = lexemes[count:]
        if _WANTING().fullmatch(" ".join(spoken[:count])):
            is_meant = _says_something(rest) and bare(rest[0]) not in _NOT_WANTED
            return rest if is_meant else lexemes
    return lexemes


def _without_behind(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Without `please`, `haberleri` and the like behind the others."""
    spoken = list(map(_said, lexemes[-_MOST_BEHIND:]))
    for count in range(min(len(spoken), len(lexemes) - 1), 0, -1):
        if all(spoken[-count:]) and _BEHIND().fullmatch(" ".join(spoken[-count:])):
            rest = lexemes[: -count - 1] if is_comma(lexemes[-count - 1]) else lexemes[:-count]
            if not rest or rest[-1].kind not in ("word", "quoted", "close"):
                return lexemes
            return [*rest[:-1], _without_place(rest[-1])]
    return lexemes


def _without_place(lexeme: Lexeme) -> Lexeme:
    """A word without what says in Turkish where something is: `Ukrayna'da`."""
    return Lexeme(lexeme.kind, _WHERE().sub("", lexeme.text), lexeme.place)


def _without_now(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Without `right now` and the like behind what is asked about."""
    for count in range(min(_MOST_BEHIND, len(lexemes) - 1), 0, -1):
        spoken = list(map(_said, lexemes[-count:]))
        if all(spoken) and _NOW().fullmatch(" ".join(spoken)):
            return lexemes[:-count]
    return _without_news(lexemes)


def _without_news(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Without `news` beside a thing or two, where nothing is called so: `ukraine news`."""
    for count in range(min(_MOST_NEWS, len(lexemes) - 1), 0, -1):
        for said, rest in (
            (lexemes[-count:], lexemes[:-count]), (lexemes[:count], lexemes[count:]),
        ):  # fmt: skip
            pattern = _NEWS_BEHIND if said[-1] is lexemes[-1] else _NEWS_BEFORE
            spoken, named = list(map(_said, said)), [bare(each) for each in rest]
            if (
                len(rest) <= _MOST_NEWS
                and all(spoken)
                and all(named)
                and not any(map(str.isupper, said[-1].text))
                and pattern().fullmatch(" ".join(spoken))
                and _CALLED_NEWS.isdisjoint(named)
            ):
                return rest
    return lexemes


def _without_asking(lexeme: Lexeme) -> Lexeme:
    """What is written without spaces, as Chinese is, without what asks for it."""
    if lexeme.kind != "word" or len(lexeme.text) > _MOST_UNSPACED:
        return lexeme
    found = _UNSPACED().fullmatch(lexeme.text.strip("?？。!！"))
    if found is None or not any(
        found[name] for name in ("asked", "its", "is_asked", "what", "what_new", "of_me")
    ):
        return lexeme
    return Lexeme(lexeme.kind, found["thing"], lexeme.place + found.start("thing"))


def _beginning(lexemes: list[Lexeme]) -> Iterator[str]:
    """The folded words that a query begins with, as far as they are bare."""
    for lexeme in lexemes[:_LONGEST]:
        if (said := _said(lexeme)) in _WHOLE:
            yield said
            continue
        if lexeme.kind == "word" and elided(lexeme):
            yield "'"
            return
        if not (word := bare(lexeme)):
            return
        yield word
