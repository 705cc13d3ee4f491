"""What a person typed, read as it is meant: the door through which all words come. Pure.

Phones write quotes, dashes and signs in many forms, and what is copied out of our own texts brings
along what shows nothing. All that is folded here, once, for commands and plain text alike.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import takewhile

from msgspec import Struct

from bot.news.query.function_words import function_words_of
from bot.news.query.gershayim import with_gershayim
from bot.news.query.introducing import is_introduced
from bot.news.text.plain import tidy
from bot.news.text.words import fold
from handlers.routing.pleas import read_plea
from handlers.routing.verbs import Deed
from handlers.routing.wishes import LONGEST, read_wish

_LONGEST = 8_000  # characters; a message has 4,096
_LONGEST_WORDS = 2_000
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SIGNS = {
    **_FULL_WIDTH,
    **dict.fromkeys(map(ord, "“”„‟«»「」『』〝〞"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛ʼ′"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-"),
}
# It is wide enough to do without the space that an ASCII colon has behind it; not in 22：00.
_WIDE_COLON = re.compile(r"：(?=[^\s/／\d])")
# Within a link every sign stands for itself.
_LINK = re.compile(r"(https?://[^\s“”„«»「」『』\"]+)", re.IGNORECASE)
_COMMAND = re.compile(
    r"/(?P<name>\w{1,64})(?:@(?P<whom>\w{1,64}))?(?![\w/<>@])"
    r"(?:[.,:;!?]+(?=\s|$))?\s*(?P<words>.*)",
    re.DOTALL,
)
_ADDRESS = re.compile(
    r"https?://\S+|(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE
)
_NAME = re.compile(r"@[A-Za-z]\w{3,31}", re.ASCII)
_ODD_SIGNS = re.compile(r'[()"|,;:!?]+')
_CLOSE, _MOST_EDITS, _MOST_NEAR = 0.6, 2, 3
_MOST_GREETING_WORDS = 6
_FEWER = (4, 2)
_GREETING_WORDS = """
    hi hello hey hiya yo there bot dear good morning afternoon evening night day how are you doing
    thanks thank thx ty a lot for your help very much so bye goodbye ok okay cool great nice yes no
    please sorry
    hallo guten tag morgen danke schön bitte tschüss bonjour salut bonsoir merci beaucoup
    hola buenos buenas días tardes noches gracias muchas adiós olá oi bom dia boa obrigado obrigada
    ciao buongiorno grazie hej tack hei kiitos dzień dobry cześć dziękuję ahoj děkuji szia köszönöm
    merhaba selam teşekkürler sağol bună mulțumesc terima kasih xin chào
    привет здравствуйте здравствуй добрый доброе день утро вечер спасибо большое пока
    привіт вітаю дякую здраво хвала γεια σας ευχαριστώ
    سلام مرحبا مرحباً أهلا أهلاً السلام عليكم وعليكم صباح الخير مساء شكرا شكراً جزيلا متشکرم ممنون
    שלום תודה רבה नमस्ते नमस्कार धन्यवाद शुक्रिया হ্যালো নমস্কার ধন্যবাদ வணக்கம் நன்றி
    你好 您好 嗨 早上好 晚上好 谢谢 謝謝 谢谢你 多谢 再见 こんにちは おはよう こんばんは
    おはようございます ありがとう ありがとうございます 안녕 안녕하세요 감사합니다 고마워요
    thankyou moin servus grüezi hallöchen coucou saludos buonanotte buonasera günaydın merhabalar
    selamlar namaste सुप्रभात makasih درود 早安 午安 晚安 大家好 感谢 非常感谢 十分感谢
    สวัสดี สวัสดีครับ สวัสดีค่ะ ขอบคุณ ขอบคุณครับ ขอบคุณค่ะ გამარჯობა բարև
"""
_GREETING_PHRASES = """
    hello again|hi again|you're welcome|cheers mate|vielen dank|vielen lieben dank|guten abend
    gute nacht|herzlichen dank|selamat pagi|selamat siang|selamat sore|selamat malam|buona notte
    buona sera|mille grazie|grazie mille|iyi akşamlar|iyi geceler|iyi günler|çok teşekkürler
    teşekkür ederim
    çok teşekkür ederim|صبح بخیر|شب بخیر|خیلی ممنون|בוקר טוב|ערב טוב|לילה טוב|доброго ранку
    доброго вечора|спокойной ночи|большое вам спасибо|дуже дякую|щиро дякую|शुभ रात्रि|शुभ प्रभात
    बहुत धन्यवाद|बहुत बहुत धन्यवाद|आपका धन्यवाद|merci bien|muito obrigado|muito obrigada
"""
_THANKS_WORDS = """
    thanks thank thx ty thankyou cheers danke dank merci gracias obrigado obrigada grazie tack
    kiitos
    dziękuję děkuji köszönöm teşekkürler teşekkür sağol mulțumesc kasih makasih спасибо дякую
    ευχαριστώ
    شكرا شكراً متشکرم ممنون תודה धन्यवाद शुक्रिया 谢谢 謝謝 谢谢你 多谢 感谢 非常感谢 十分感谢
    ありがとう ありがとうございます 감사합니다 고마워요 ขอบคุณ ขอบคุณครับ ขอบคุณค่ะ
"""
_AS_PICTURE = "\ufe0f"
"""Stands behind a sign that is shown as a picture, such as a heart."""
_GREETINGS = frozenset(map(fold, _GREETING_WORDS.split()))
_THANKS = frozenset(map(fold, _THANKS_WORDS.split()))
_GREETING_WHOLE = frozenset(
    fold(each.strip()).replace("'", " ")
    for each in _GREETING_PHRASES.strip().replace("\n", "|").split("|")
)
_HELP = "help"
_ASKING_FOR_HELP_WORDS = """
    help me us please pls can could you i need want some how do to does use this the bot it
    work with
"""
_ASKING_FOR_HELP = frozenset(_ASKING_FOR_HELP_WORDS.split())
_USING = frozenset(("use", "work"))
_TURNING = frozenset(("no", "yes", "nice"))
_MOST_ASKING_WORDS = 8
_NEWS_WORDS = """
    news headlines latest neues neuigkeiten nachrichten schlagzeilen nouvelles actualités actus actu
    infos noticias novedades notícias novidades notizie novità новости новостей нового новенького
    новини новин haber haberler haberleri berita kabar أخبار الأخبار اخبار الاخبار خبر خبرها חדשות
    समाचार खबर ख़बर खबरें ख़बरें ニュース 뉴스 소식
    新闻 最新新闻 今日新闻 最新消息 今天的新闻 有新闻吗 有什么新闻 今天有什么新闻 最近有什么新闻
    昨天的新闻 有什么新消息 发生了什么 今天发生了什么 最新ニュース 今日のニュース
"""
_NEW_WORDS = """
    new happening happened going los passiert neuf nouveau passe nuevo pasa pasando novo acontecendo
    nuovo succede succedendo происходит случилось відбувається сталося yeni oluyor baru terbaru
    terjadi جديد الجديد يحدث تازه جدید חדש חדשה קורה नया नई
"""
_ASKING_WORDS = """
    what s whats is are was the any there me show give tell today now on up please anything of can
    you could
    yesterday gestern ayer ontem ieri вчера вчерашние вчора dün dünkü bugünkü kemarin
    أمس دیروز אתמול
    es gibt gibt's ist denn heute die mir zeig zeige bitte gerade jetzt neueste neuesten aktuelle
    aktuellen etwas irgendwelche
    quoi de quelles sont les des du jour aujourd hui que se t il y a qu est ce qui moi montre donne
    dernières quelque chose
    qué hay las últimas hoy de en pasó alguna algunas dime dame muéstrame puedes por favor está
    o há as hoje quais são tem alguma mostre mostra
    cosa c è di le ultime oggi che ci sono sta dammi mostrami
    что какие какая есть ли покажи расскажи последние свежие за сегодня мне дай там у вас
    що які є чи останні свіжі сьогодні мені
    ne neler var mı mi en son bugün bugünün bana göster
    apa ada hari ini yang sedang tampilkan
    ما ماذا هي آخر اليوم هل هناك من أعطني شو ايش چه چی هست شده است از آخرین امروز
    מה יש האחרונות היום לי תראה איזה
    क्या है हो रहा आज की के का ताज़ा ताजा कोई मुझे दिखाओ बताओ 오늘 오늘의 최신 새로운
"""
_NAMES_TOO = frozenset(("is", "up", "as", "mi", "ada", "apa", "esta", "sono", "var", "ist", "o"))
"""They ask in one language and name something in another."""
_NEWS, _NEW, _ASKING = (
    frozenset(map(fold, some.split())) for some in (_NEWS_WORDS, _NEW_WORDS, _ASKING_WORDS)
)


class Typed(Struct, frozen=True):
    """A command and the words behind it, meant for the bot called `whom` if that is said; without
    a name it is plain text.
    """

    words: str
    name: str = ""
    whom: str = ""


def read_typed(text: str) -> Typed:
    """What a message says, on one line and at most 2,000 characters of it. What /topic has on
    several lines is a list.
    """
    found = _COMMAND.fullmatch(as_meant(text))
    if found is None:
        return Typed(as_meant(text)[:_LONGEST_WORDS])
    name = found["name"].lower()
    if name == "topic":
        found = _COMMAND.fullmatch(as_meant(_listed(text))) or found
    words = found["words"].strip()[:_LONGEST_WORDS]
    return Typed(words, name, (found["whom"] or "").lower())


def _listed(text: str) -> str:
    """The lines of a text with semicolons between them, but for those that go on."""
    found = [line.strip() for line in text[:_LONGEST].splitlines() if line.strip()]
    return "".join(line + (" " if line[-1] in ":;,，、،" else "; ") for line in found).rstrip("; ")


def as_meant(text: str) -> str:
    """The text with plain quotes, dashes and signs but in its links, without what shows nothing."""
    parts = _LINK.split(text.replace("：//", "://"))
    parts[::2] = [
        with_gershayim(_WIDE_COLON.sub(": ", part).translate(_SIGNS)) for part in parts[::2]
    ]
    return tidy("".join(parts), _LONGEST)


def without_mention(words: str, username: str) -> str | None:
    """The words without the bot's name and a greeting beside it; the name stands without its @.
    None where they have it not.
    """
    mention = re.compile(rf"@{re.escape(username)}(?!\w)", re.IGNORECASE)
    if not username or not mention.search(words):
        return None
    parts = [" ".join(part.split()) for part in mention.split(words)]
    said = [part for part in parts if part and not is_greeting(part)]
    return " ".join(said if any(map(_bare, said)) else filter(None, parts)).lstrip(",:;.- ")


def without_greeting(words: str) -> str:
    """The words without a greeting before what asks for something: `hi, any news on the ferry?`"""
    if len(words) > LONGEST or read_wish(words) or read_plea(words):
        return words
    said = words.split()
    greeting = list(takewhile(is_greeting, said[:_MOST_GREETING_WORDS]))
    for count in range(min(len(greeting), len(said) - 1), 0, -1):
        rest = " ".join(said[count:])
        if asks_for_news(rest) or is_introduced(rest) or read_wish(rest) or read_plea(rest):
            return rest
    return words


def is_greeting(words: str) -> bool:
    """Whether it is no more than that: `no` turns what follows round."""
    bare = _bare(words)
    return bool(bare) and is_small_talk(words) and _TURNING.isdisjoint(bare)


def channel_named(words: str) -> bool:
    """Whether it is the name of a channel or the like, as Telegram writes them: @evening_news."""
    return _NAME.fullmatch(words) is not None


def is_small_talk(words: str) -> bool:
    """Whether it is a greeting, thanks, or no word at all: nothing that news could be on."""
    bare = _bare(words)
    if asks_for_help(words):
        return False
    is_greeted = len(bare) <= _MOST_GREETING_WORDS and all(word in _GREETINGS for word in bare)
    return is_greeted or " ".join(bare) in _GREETING_WHOLE


def is_thanks(words: str) -> bool:
    """Whether small talk is thanks, and neither yes nor no."""
    bare = _bare(words)
    return not _THANKS.isdisjoint(bare) and _TURNING.isdisjoint(bare)


def asks_for_help(words: str) -> bool:
    """Whether it asks how the bot is used: `help`, `can you help me?`, `how do I use this bot?`"""
    bare = _bare(words)
    uses = not _USING.isdisjoint(bare) and "bot" in bare and "how" in bare
    return (_HELP in bare or uses) and _ASKING_FOR_HELP.issuperset(bare)


def asks_for_news(words: str) -> bool:
    """Whether it asks for what is new, of whatever kind: "any news?", "what's going on today?"."""
    bare = _bare(words)
    asks = (
        0 < len(bare) <= _MOST_ASKING_WORDS
        and any(word in _NEWS or (word in _NEW and not _ASKING.isdisjoint(bare)) for word in bare)
        and all(word in _ASKING or word in _NEWS or word in _NEW for word in bare)
    )
    return asks and not _names_something(words, bare)


def _names_something(words: str, bare: list[str]) -> bool:
    """Whether a few words that may ask for news name something instead: IS news, O Novo, #news."""
    if words.startswith("#"):
        return True
    if len(bare) > 3 or words.isupper():
        return False
    named = any(len(word) > 1 and word.isupper() for word in words.split())
    asked = words.rstrip().endswith(("?", "\u061f"))
    return named or (len(bare) == 2 and not asked and not _NAMES_TOO.isdisjoint(bare))


def _bare(words: str) -> list[str]:
    """The words, folded and without signs."""
    said = fold(words).replace(_AS_PICTURE, "")
    return "".join(" " if unicodedata.category(c)[0] in "PS" else c for c in said).split()


def address_in(words: str) -> str | None:
    """The link or the bare domain that the words are; None where they are anything else."""
    bare = words.strip("<>\"'").rstrip(".,;!")
    return bare if _ADDRESS.fullmatch(bare) else None


def address_meant(words: str) -> str | None:
    """The address that the words are, or that they say to follow: `add harbour.example`."""
    wish = read_wish(words)
    return address_in(wish.thing if wish and wish.deed is Deed.FOLLOW else words)


def headline_of(text: str) -> str:
    """The first line of a post that has words beside links, on one line; "" where none has."""
    for line in text[:_LONGEST].splitlines():
        bare = as_meant(_LINK.sub(" ", line)).strip()
        if any(map(str.isalpha, bare)) and not _ADDRESS.fullmatch(bare):
            return bare
    return ""


def link_in(text: str) -> str | None:
    """The first link in a text."""
    found = _LINK.search(text[:_LONGEST])
    return found[0].rstrip(".,;!?)") if found else None


def narrowed(headline: str, language: str) -> list[str]:
    """What to look for of a headline: all its words that say something, or else four of them, or
    two: those with a capital letter first, then the longest. In the order of the headline.
    """
    # In small letters and without signs: a headline is no query, and NOT in it means nothing.
    bare = [word.strip("-=*&/") for word in loosely(headline).split()]
    names = {word.lower() for word in bare if word[:1].isupper()}
    words = [word.lower() for word in bare if word]
    common = function_words_of([fold(word) for word in words], language)
    telling = [word for word in words if fold(word) not in common] or words
    ranked = sorted(telling, key=lambda word: (word in names, len(word)), reverse=True)
    fewer = [[word for word in telling if word in ranked[:most]] for most in _FEWER]
    return list(dict.fromkeys(" ".join(each) for each in [telling, *fewer]))


def loosely(words: str) -> str:
    """The words without brackets, quotes and the like, and without signs that stand alone: for
    what was never meant as a query.
    """
    bare = _ODD_SIGNS.sub(" ", words).split()
    return " ".join(word for word in bare if any(map(str.isalnum, word)))


_OUR_WORDS = {
    "pause": "stop", "snooze": "stop", "resume": "start", "follow": "topic",
    "unfollow": "unsubscribe", "limit": "cap", "find": "search", "news": "latest",
    "when": "digest", "clock": "timezone",
}  # fmt: skip
_THEIR_WORDS = {
    "help": "menu commands hilfe menü befehle aide помощь меню допомога ayuda menú ajuda aiuto"
    " مساعدة المساعدة راهنما עזרה मदद 帮助 菜单 yardım menü bantuan",
    "settings": "options einstellungen réglages paramètres настройки налаштування ajustes"
    " configuración configurações impostazioni الإعدادات تنظیمات הגדרות सेटिंग्स 设置 ayarlar"
    " pengaturan",
    "topic": "topics themen sujets темы теми temas temi المواضيع נושאים 主题 konular"
    " konuları topik",
    "sources": "quellen источники джерела fuentes fontes fonti المصادر מקורות 来源 kaynaklar"
    " sumber",
    "stop": "stopp aufhören arrête стоп хватит стій para basta parar quit exit cancel schluss توقف"
    " עצור 停 停止 dur yeter",
    "unsubscribe": "abmelden abbestellen отписаться відписатися 取消订阅 退订",
    "language": "translate übersetzen sprache langue idioma lingua язык мова dil bahasa 翻译 语言",
}
_OUR_WORDS |= {word: name for name, some in _THEIR_WORDS.items() for word in some.split()}
"""Commands that are called otherwise than texts and buttons call what they do, or than people do in
their language.
"""


def called(name: str) -> str:
    """The command that does what texts and buttons call so; the name itself where they do not."""
    return _OUR_WORDS.get(name, name)


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """The names that a mistyped one may have meant, likeliest first: the one that does what texts
    call so, else those that it begins, else those one or two edits away.
    """
    known = sorted(names)
    if called(name) != name and called(name) in known:
        return [called(name)]
    begun = [each for each in known if len(name) > 1 and each.startswith(name)]
    if begun:
        return begun[:_MOST_NEAR]
    near = []
    for each in known:
        same = SequenceMatcher(None, name, each, autojunk=False)
        edits = sum(
            max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in same.get_opcodes() if tag != "equal"
        )
        if edits <= _MOST_EDITS and same.ratio() > _CLOSE:
            near.append((edits, -same.ratio(), each))
    return [each for _, _, each in sorted(near)[:1]]
