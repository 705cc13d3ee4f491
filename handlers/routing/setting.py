"""Settings that people name in plain words with how they want them: `digest at eight`, `cap 5`,
`at most 5 a day`, `I live in Berlin`. Pure.

What is read here is only offered, once the rest can be read as that setting.
"""

import re
from collections.abc import Iterator

from bot.news.telling.spoken_limits import read_limit
from bot.news.telling.spoken_times import A_DAY, PLEASE
from bot.news.text.patterns import late
from bot.news.text.words import fold
from handlers.routing.regularly import times_wanted

_LONGEST = 100
_NAMED = {
    "digest": """
        digest|digests|daily digest|summary|zusammenfassung|resumen|résumé|resumo|riassunto
        riepilogo
        дайджест|дайджеста|сводка|özet|ringkasan|ملخص|تقييم|خلاصه|תקציר|सारांश|摘要|汇总
    """,
    "quiet": """
        quiet|quiet hours|silent hours|ruhezeit|ruhezeiten|ruhe|stille stunden|heures calmes
        horas de silencio|horas tranquilas|horas silenciosas|horas de silêncio|ore di silenzio
        ore silenziose|тихие часы|тихий час|тихі години|sessiz saatler|jam tenang|ساعات الهدوء
        ساعات هادئة|免打扰|安静时间|勿扰
    """,
    "cap": """
        cap|limit|daily limit|maximum|tageslimit|tägliches limit|limite|limite diario|límite
        límite diario|limite par jour|limite giornaliero|limite diário|лимит|ліміт|sınır
        günlük sınır
        batas|حد|حد يومي|上限|每日上限
    """,
    "timezone": """
        timezone|time zone|my timezone is|my time zone is|zeitzone|fuseau horaire|zona horaria
        fuso horário|fuso orario|часовой пояс|часовий пояс|saat dilimi|zona waktu|المنطقة الزمنية
        时区
    """,
    "language": """
        language|languages|sprache|sprachen|langue|langues|idioma|idiomas|lingua|lingue|язык|языки
        мова|мови|dil|diller|bahasa|اللغة|لغة|语言
    """,
    "search": "search|search for|find|suche|suche nach|cherche|busca|buscar|cerca|найди|ara|搜索",
    "top": "top",
    "topic": "topic",
}
LOOKING = ("search", "top", "topic")
"""Those that set nothing: they may look for anything, or follow it."""
_LEADING_LIST = """
    set change make switch put send give i want would like me my the a an daily to
    setze stelle ändere schick mir meine mein die eine ich will möchte
    mets règle change envoie moi mes le un une je veux
    pon cambia envíame mi mis el la un una quiero
    imposta cambia mandami il la un una voglio
    defina mude mande meu minha o a um uma quero
    поставь измени присылай мне мой мои хочу
"""
_JOINING_LIST = """
    to at on as is are for from between = auf um ist sind zu auf à est sur sont a es son en para su
    alle è sono às é são no na для на в с
"""
_LEADING, _JOINING = (frozenset(map(fold, some.split())) for some in (_LEADING_LIST, _JOINING_LIST))
_BY_NAME = {
    fold(name): command
    for command, names in _NAMED.items()
    for line in names.strip().splitlines()
    for name in line.strip().split("|")
}
_UNSPACED = tuple(name for name in _BY_NAME if "一" <= name[0] <= "鿿")
_MOST_NAME_WORDS = max(len(name.split()) for name in _BY_NAME)
_A_DAY = late(rf"(?:{A_DAY})", re.IGNORECASE)
_WANTING = late(
    r"^(?:(?:i|ich|yo|je|eu|io|я)\s+)?(?:(?:only|just|nur|solo|sólo|só|только)\s+)?"
    r"(?:want|will|möchte|quiero|veux|quero|voglio|хочу|send me|schick mir)\s+",
    re.IGNORECASE,
)
_LIVING = late(
    r"^(?:i live in|i'm in|i am in|we live in|i'm from|i am from|ich wohne in|ich lebe in"
    r"|ich bin in|j'habite à|j'habite|je vis à|je suis à|vivo en|estoy en|moro em|estou em|vivo a"
    r"|abito a|я живу в|живу в|я в|я живу [ув]|saya tinggal di|أسكن في|أعيش في|אני גר ב"
    r"|我住在|我在)|'?[dt][ae] yaşıyorum$",
    re.IGNORECASE,
)


def settings_named(words: str) -> Iterator[tuple[str, str]]:
    """The commands that may set what is said, each with the words behind it, likeliest first."""
    said = PLEASE().sub("", " ".join(words[:_LONGEST].split())).strip(" .!?。！？؟")
    if not said or len(words) > _LONGEST:
        return
    split = said.replace(":", " ").split()
    folded = [fold(word) for word in split]
    begin = 0
    while begin < len(folded) - 1 and folded[begin] in _LEADING and folded[begin] not in _BY_NAME:
        begin += 1
    for count in range(min(_MOST_NAME_WORDS, len(split) - begin - 1), 0, -1):
        if command := _BY_NAME.get(" ".join(folded[begin : begin + count])):
            rest = split[begin + count :]
            is_joined = folded[begin + count] in _JOINING and len(rest) > 1
            # What joins is the code of some language: `language to german`.
            if command != "language" or not is_joined:
                yield command, " ".join(rest)
            if is_joined:
                yield command, " ".join(rest[1:])
        command = _BY_NAME.get(" ".join(folded[-count:]))
        if command and command not in LOOKING:
            yield command, " ".join(split[begin:-count])
    for name in _UNSPACED:
        if name in said and (rest_of := said.replace(name, "").removesuffix("发").strip()):
            yield _BY_NAME[name], rest_of
    for time in times_wanted(said):
        yield "digest", time
    limit = _WANTING().sub("", said).replace("最多每天", "每天最多")
    if _A_DAY().search(limit) and read_limit(limit):
        yield "cap", limit
    if _LIVING().search(said):
        yield "timezone", said
