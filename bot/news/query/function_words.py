"""Articles, prepositions and conjunctions: words of a query that no headline must have.

Who writes `war in ukraine` means two words, and who writes `ferry or boat` either. Written by hand;
words that are other words too in the same language (`us`, `who`, `may`, `it`, `off`, `out`) and
those that turn the sense round (`without`, `ohne`, `sans`) are left out.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from bot.news.text.words import fold

_WORDS = {
    "en": """
        a an the of in on at to for from by with into onto upon about above across after against
        along among amid amidst around as before behind below beneath beside between beyond during
        inside over per since than through throughout toward towards under until via within and or
        but nor because although though while whereas if
    """,
    "de": """
        der die das den dem des ein eine einer eines einem einen in im an am auf aus bei beim bis
        durch für gegen hinter mit nach seit über um unter von vom vor während wegen zu zum zur
        zwischen und oder aber denn sondern weil dass als wie wenn ob
    """,
    "fr": """
        le la les l un une des du de d au aux à en dans par pour sur sous avec chez contre depuis
        dès devant entre vers selon pendant après avant et ou mais donc ni car que si comme
    """,
    "es": """
        el la los las un una unos unas de del al a en con por para sobre entre hasta desde hacia
        según tras ante bajo contra durante y e o u pero sino ni que si como porque
    """,
    "it": """
        il lo la i gli le l un uno una di del dello della dei degli delle d a al allo alla ai agli
        alle da dal dallo dalla dai dagli dalle in nel nello nella nei negli nelle su sul sullo
        sulla sui sugli sulle con per tra fra contro verso durante dopo e ed o ma che se come
    """,
    "pt": """
        o a os as um uma uns umas de do da dos das em no na nos nas por pelo pela pelos pelas para
        com sobre sob entre até desde contra após durante ao à aos às e ou mas nem que se como
    """,
    "nl": """
        de het een van in op aan bij met voor door over naar om uit tegen tussen onder na sinds
        tot en of maar want dat als dan omdat
    """,
    "sv": "en ett den det de i på av för från med till vid om mot under över efter mellan och eller"
    " men att som",
    "da": "en et den det de i på af for fra med til ved om mod under over efter mellem og eller men"
    " at som",
    "no": "en et ei den det de i på av for fra med til ved om mot under over etter mellom og eller"
    " men at som",
    "pl": "w we z ze na do od po za o u przy dla przez pod nad przed między i oraz lub albo czy ale"
    " a że",
    "id": "di ke dari pada dalam untuk dengan oleh tentang antara dan atau tetapi yang",
    "tr": "ve veya ile için bir ya da ama hakkında",
    "ru": "в во на с со к ко о об обо от до из за по у при для через над под перед между про и или"
    " но а что как",
    "uk": "в у на з із зі до від о об по за при для через над під перед між про і й та або чи але"
    " що як",
    "ar": "في من على الى عن مع بين حول ضد و او ثم لكن ان",
    "he": "של על את עם אל בין ליד נגד ו או אבל כי",
    "fa": "در از به با برای بر تا بین درباره و یا اما که",
}
# What means something else in another language is no sign of its own: "die hard", "con man".
_AMBIGUOUS_LIST = """
    die den pour car con sin per par come van met tot want dan men till mit als am bis bajo tras
    over under at on as do no na os di ale da ama za um an in avant verso sobre
"""
_AMBIGUOUS = frozenset(_AMBIGUOUS_LIST.split())
# What a query in another language names: AI, the UN, Los Angeles, El Al.
_NAMES_LIST = "ai un la los las el al il ma et lo mas ed ad"
_NAMES = frozenset(_NAMES_LIST.split())
_NO_SIGNS = _AMBIGUOUS | _NAMES
# Of two words with one of these between them either is meant, as they are typed. Those of the
# second list mean something else in another language: "matou o presidente", "prix or argent".
_EITHER_LIST = "oder ou eller lub albo czy atau veya или либо або чи أو או یا 或 或者"
_EITHER = frozenset(_EITHER_LIST.split())
_EITHER_OF_OWN = {"es": "o u", "it": "o", "tr": "ya", "ar": "او", "hi": "या"}
# What joins the last two of a list, as it is typed.
_LAST_JOINED = {
    "de": "und", "fr": "et", "es": "y e", "it": "e ed", "pt": "e", "nl": "en", "sv": "och",
    "da": "og", "no": "og", "pl": "i oraz", "id": "dan", "tr": "ve", "ru": "и", "uk": "і й та",
    "ar": "و", "he": "ו", "fa": "و", "zh": "和 与 與 及",
}  # fmt: skip
# Arabic and Hebrew write it together with the word. In these it is the word's own letter.
_OWN_LETTER_LIST = """
    وزير وزيرة وزراء وزارة واشنطن وفاة وقف وكالة وكالات وباء وسط ولي ولاية ولايات وحدة وطن وطني
    وطنية ورشة وصول وفد وثائق وثيقة وضع وقود وسائل وساطة وسيط وعد وعود ورق وجه وقت واقع والد
    والدة ولادة واتساب ويكيبيديا وهران وحش وحيد وزن ورد وردة وادي واحد واحدة وليد وائل
    ועד ועדה ועדת ועידה ועידת ותיקן וירוס וידאו ויזה ווטסאפ ונצואלה וטו וינה ורשה ולנסיה ויטמין וילה
    וייטנאם וושינגטון ויקיפדיה ותק ורוד
"""
_OWN_LETTER = frozenset(map(fold, _OWN_LETTER_LIST.split()))
# English, as people write it among words of their own, and Hindi, of which no list is above.
_JOINING = frozenset(("and", fold("और")))
# English ones that are other words elsewhere: gold in French, a duck in the north.
_ENGLISH_OR, _HAVE_AN_OR = "or", frozenset(["fr"])
_HAVE_AN_AND = frozenset(["da", "no", "sv"])


@lru_cache(maxsize=1)
def _by_language() -> dict[str, frozenset[str]]:
    return {code: frozenset(map(fold, text.split())) for code, text in _WORDS.items()}


def base_of(language: str) -> str:
    """A language without its region."""
    return language.split("-")[0].lower()


def spoken_in(words: Sequence[str], language: str = "") -> str:
    """The language that a query with these folded words is written in, by its function words.

    That is the one of which it has most; of as many its writer's own, then English. Another
    one needs a word that means nothing else elsewhere and is no name. "" where no word speaks for
    any.
    """
    own = base_of(language)
    counts: Counter[str] = Counter()
    for code, known in _by_language().items():
        signs = [word for word in words if word in known and not _is_own_or(word, own)]
        if code in (own, "en") or not _NO_SIGNS.issuperset(signs):
            counts[code] = len(signs)
    if not counts or not (most := max(counts.values())):
        return ""
    best = [code for code, count in counts.items() if count == most]
    return next((code for code in (own, "en") if code in best), best[0])


def function_words_of(words: Sequence[str], language: str = "") -> frozenset[str]:
    """The function words of the language that a query with these folded words is written in, for a
    writer of that language; none where no word speaks for any.
    """
    return words_of(spoken_in(words, language))


def small_words(spoken: str) -> frozenset[str]:
    """Folded words that a query in this language need not have: its own, and what joins two."""
    known = words_of(spoken)
    return known if spoken in _HAVE_AN_AND else known | _JOINING


def either_words(spoken: str, language: str) -> frozenset[str]:
    """Words that mean OR, in small letters, in a query in this language of a writer of that one."""
    own = base_of(language)
    found = set(_EITHER)
    if spoken in ("", own):
        found.update(_EITHER_OF_OWN.get(own, "").split())
    if spoken == "en" or _HAVE_AN_OR.isdisjoint((own, spoken)):
        found.add(_ENGLISH_OR)
    return frozenset(found)


def joining_words(spoken: str, language: str) -> frozenset[str]:
    """Words that join the last two of a list, in small letters, in a query in this language of a
    writer of that one.
    """
    known = {spoken, base_of(language)}
    english = () if known & _HAVE_AN_AND else ("and",)
    own = (word for code in known for word in _LAST_JOINED.get(code, "").split())
    return frozenset((*english, "और", *own))


def is_joined(folded: str) -> bool:
    """Whether a word of Arabic or Hebrew begins with what joins it to the one before."""
    return folded[:1] in ("و", "ו") and len(folded) > 3 and folded not in _OWN_LETTER


def _is_own_or(word: str, own: str) -> bool:
    return word == _ENGLISH_OR and own in _HAVE_AN_OR


def may_name(folded: str) -> bool:
    """Whether a function word, with a capital letter, is a part of a name: El Al, La Paz."""
    return folded in _NAMES


def words_of(language: str) -> frozenset[str]:
    """The function words of a language, folded; none where they are not known."""
    return _by_language().get(language, frozenset())


@lru_cache(maxsize=1)
def own_words() -> dict[str, str]:
    """Folded function words that one language alone has and that mean nothing else elsewhere, of
    two letters at least, with that language.
    """
    counts = Counter(word for known in _by_language().values() for word in known)
    return {
        word: code
        for code, known in _by_language().items()
        for word in known
        if counts[word] == 1 and len(word) > 1 and word not in _AMBIGUOUS
    }
