"""What people say before what they look for, such as `any news on`. It need not occur."""

from collections.abc import Iterator

from bot.news.query.lexemes import Lexeme, bare
from bot.news.query.typed import BEGINNING, elided
from bot.news.text.patterns import late

_LONGEST = 9
# Folded words, and ' where one is elided before the next: "notizie sull'Ucraina". The newspapers
# and broadcasters that are called so ("News of the World", "חדשות 12") are no introductions.
_INTRODUCING = late(
    r"(?:(?:please )?(?:(?:tell|show|send|give) me |i want |is there ))?"
    r"(?:(?:any|all|the|some|latest|newest|recent|breaking|more) )*"
    r"(?:news|updates?|stories|articles|headlines|alerts|information) "
    r"(?:about|on|regarding|concerning)"
    r"|(?:please )?tell me (?:more |everything )?about"
    r"|(?:what (?:is |has )?)(?:happened|happening|going on|new) (?:in|with|on|at|about)"
    r"|(?:show me )?(?:the )?(?:latest (?:news )?(?:on|about|from)|news from)"
    r"|was (?:gibt es|gibts) neues (?:in|im|zu|zum|zur|mit|bei|ueber|aus)"
    r"|was (?:ist los|passiert) (?:in|im|mit|bei)"
    r"|(?:gibt es |zeig mir )(?:nachrichten|neuigkeiten|news) (?:ueber|zu|zum|zur|aus)"
    r"|что (?:нового|происходит|случилось|слышно) (?:в|во|на|с|со|о|про)"
    r"|(?:есть |какие |покажи |хочу )(?:ли )?новости (?:о|об|про|из)"
    r"|що (?:нового|відбувається|сталося) (?:в|у|на|з|про)"
    r"|que (?:hay de nuevo|pasa|paso|ocurre) (?:en|con|sobre)"
    r"|(?:hay |quiero |dame )(?:alguna |algunas )?(?:noticia|noticias|novedades) (?:de|del|sobre)"
    r"|(?:هل )?(?:هناك |توجد )(?:اي )?(?:اخبار|جديد) (?:عن|في|حول)|ما الجديد (?:في|عن)"
    r"|ماذا يحدث في"
    r"|(?:(?:alle|die|neue|neueste|neuesten|aktuelle|aktuellen|letzte|letzten) )*"
    r"(?:nachrichten|neuigkeiten|meldungen|infos|news) (?:ueber|zu|zum|zur|aus)"
    r"|(?:(?:les|des|toutes|dernieres) )*(?:nouvelles|actualites|infos|informations|actus|news)"
    r" (?:sur|concernant|de|du|des|(?:de )?')"
    r"|(?:(?:las|todas|ultimas) )*(?:noticias|novedades) (?:sobre|de|del)"
    r"|(?:(?:as|todas|ultimas) )*(?:noticias|novidades) (?:sobre|de|da|do|das|dos)"
    r"|(?:(?:le|tutte|ultime) )*(?:notizie|novita|news)"
    r" (?:su|sul|sullo|sulla|sui|sugli|sulle|di|del|dello|della|dei|degli|delle|dal|dalla|')"
    r"|(?:(?:все|последние|свежие) )*новости (?:о|об|про|из)"
    r"|(?:(?:усі|всі|останні|свіжі) )*новини (?:про|з|із)"
    r"|(?:(?:najnowsze|ostatnie|wszystkie) )*(?:wiadomosci|newsy) (?:o|z|ze|na temat)"
    r"|berita (?:terbaru |terkini )?(?:tentang|soal|mengenai|dari)"
    r"|(?:اخر )?(?:اخبار|الاخبار)(?: عن| حول| في)?"
    r"|(?:اخرين )?(?:اخبار|خبرهاي)(?: درباره| در مورد| از)?"
    r"|(?:חדשות|ידיעות) (?:על|אודות)"
)


# "News today" asks for no story on today.
_NO_SUBJECTS = frozenset(("اليوم", "امروز"))


def without_introduction(lexemes: list[Lexeme]) -> list[Lexeme]:
    """The lexemes without what introduces the others, if it begins them and others follow."""
    spoken = list(_beginning(lexemes))
    for count in range(len(spoken), 0, -1):
        if _INTRODUCING().fullmatch(" ".join(spoken[:count])):
            rest = lexemes[count - (spoken[count - 1] == "'") :]
            says = rest and rest[0].kind in BEGINNING and bare(rest[0]) not in _NO_SUBJECTS
            return rest if says else lexemes
    return lexemes


def _beginning(lexemes: list[Lexeme]) -> Iterator[str]:
    """The folded words that a query begins with, as far as they are bare."""
    for lexeme in lexemes[:_LONGEST]:
        if lexeme.kind == "word" and elided(lexeme):
            yield "'"
            return
        if not (word := bare(lexeme)):
            return
        yield word
