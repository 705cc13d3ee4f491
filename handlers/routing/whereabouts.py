"""Where alerts are to come, as people say it behind a topic: `football here`, `ferry in the thread
Science`. Pure.

A query may say `in` of anything, so only these count: words for here, and the name of a known
thread behind a word for one.
"""

import re
from collections.abc import Mapping

from bot.news.text.words import fold

_HERE_BY_LANGUAGE = {
    "en": """
        here|right here|in here|to here|over here
        in this thread|to this thread|into this thread|this thread|in this topic|to this topic
        in this group|to this group|in this chat|to this chat|in this channel|to this channel
        for this group|for this chat
    """,
    "de": """
        hier|hierher|hier rein|in diesem thread|in diesen thread|in diesem thema|in diese gruppe
        in dieser gruppe|in diesem chat|in diesen chat|in diesem kanal|in diesen kanal
        für diese gruppe|für diesen chat
    """,
    "nl": "hier|in deze groep|in deze chat",
    "es": """
        aquí|acá|en este hilo|a este hilo|en este tema|en este grupo|en este chat|en este canal
    """,
    "fr": """
        ici|dans ce fil|dans ce sujet|dans ce groupe|dans ce chat|dans ce canal
        dans cette discussion
    """,
    "it": "qui|in questa sezione|in questo gruppo|in questa chat|in questo canale",
    "pt": "aqui|neste tópico|neste grupo|neste chat|nesta conversa|neste canal",
    "ru": """
        здесь|тут|сюда|в этой ветке|в эту ветку|в этой теме|в эту тему|в этой группе|в эту группу
        в этом чате|в этот чат|в этом канале
    """,
    "uk": """
        тут|сюди|у цій гілці|в цій гілці|у цю гілку|у цій групі|в цій групі|у цьому чаті
        в цьому чаті|у цьому каналі
    """,
    "tr": """
        burada|buraya|buradan|bu bölümde|bu bölüme|bu grupta|bu gruba|bu sohbette|bu sohbete
        bu kanalda
    """,
    "ar": "هنا|في هذا القسم|في هذه المجموعة|في هذه المحادثة|في هذه الدردشة|في هذه القناة",
    "fa": "اینجا|در این تاپیک|در این گروه|در این چت|در این کانال",
    "he": "כאן|פה|בשרשור הזה|בקבוצה הזאת|בקבוצה הזו|בצ'אט הזה|בערוץ הזה",
    "hi": "यहाँ|यहां|इस थ्रेड में|इस समूह में|इस ग्रुप में|इस चैट में|इस चैनल में",
    "id": "sini|di sini|disini|ke sini|di utas ini|di grup ini|di obrolan ini|di saluran ini",
    "zh": "在这里|在这儿|到这里|这里|这儿|在此|在这个话题|在这个群|在本群",
}
_EVERYWHERE, _UNSPACED = "en", "zh"
_HERE = {
    language: frozenset(fold(each.strip()) for each in said.strip().replace("\n", "|").split("|"))
    for language, said in _HERE_BY_LANGUAGE.items()
}
_IN_ANY = frozenset().union(*_HERE.values())
HERE_WORDS = frozenset(each for each in _IN_ANY if " " not in each)
"""Single words for here, in all languages."""
_MOST_WORDS = max(len(each.split()) for each in _IN_ANY)
_IN_LIST = """
    in into to inside im ins nach zum en a al dans vers au nel nella alla em no na para ao в во у до
    к di ke في إلى در به
"""
_THREAD_LIST = """
    thread topic thema hilo tema fil sujet sezione tópico ветке ветку теме тему гілці гілку القسم
    تاپیک utas
"""
_ARTICLE_LIST = "the den dem das el la le il o called named"
_IN, _THREAD, _ARTICLES = (
    frozenset(map(fold, each.split())) for each in (_IN_LIST, _THREAD_LIST, _ARTICLE_LIST)
)
_LEANING_LIST = """
    or and not near around from by of at in to for about with out are was were
    oder und nicht von aus bei um ab nahe
    y e o ni no de desde cerca por et ou pas près par depuis da di vicino per perto
    и или не от около из рядом возле до і й та або від біля з із ve veya
    و أو من قرب یا از نزدیک או ליד या और से dan atau dari dekat
"""
_LEANING = frozenset(map(fold, _LEANING_LIST.split()))
"""Behind one of these is a word to look for: `fires near here`, `ferry OR here`."""
_LEANING_SIGNS = (*":;/|&-+=*<(", "从", "自", "离", "和", "或")
_QUOTES = "\"'"
_ENDS = " .!"
_MOVES = re.compile(r"move\s+(?P<what>[^\s|,)&-].*)", re.IGNORECASE | re.DOTALL)
_NAMED = re.compile(r"[^:]+:\s+\S")


def without_here(words: str, language: str = "") -> str | None:
    """What stands before a word for here, in English or as a chat that speaks this language says
    it; in any language where none is named. None where there is none, or where it is rather one
    more word to look for.
    """
    said, spoken = words.strip(_ENDS), language.partition("-")[0]
    parts = said.split()
    known = _HERE[_EVERYWHERE] | _HERE.get(spoken, frozenset()) if spoken else _IN_ANY
    if fold(said) in known:
        return None
    for count in range(min(_MOST_WORDS, len(parts) - 1), 0, -1):
        here = " ".join(parts[-count:])
        if fold(here) in known:
            is_name = any(len(each) > 1 and each.isupper() for each in parts[-count:])
            return None if is_name else _before(parts[:-count])
    unspaced = sorted(_HERE[_UNSPACED] & known, key=len, reverse=True)
    ends = (each for each in unspaced if said.endswith(each))
    return _before([said.removesuffix(here)]) if (here := next(ends, "")) else None


def in_thread(words: str, names: Mapping[int, str], *, bare: bool = False) -> tuple[str, list[int]]:
    """What stands before `in the thread` and the name of a known one, and the threads of that
    name; all the words and none where no thread is named so, or what is looked for has a name
    before it. `bare`: the name of the thread is enough.
    """
    if not names or _NAMED.match(words):
        return words, []
    parts, called = words.strip(_ENDS).split(), dict[str, list[int]]()
    for number, name in names.items():
        called.setdefault(fold(name), []).append(number)
    longest = max(len(name.split()) for name in called)
    for at in range(max(1, len(parts) - longest), len(parts)):
        threads = called.get(fold(" ".join(parts[at:]).strip(_QUOTES)), [])
        end, is_said = _place_begins(parts[:at])
        if threads and (is_said or bare) and (what := _before(parts[:end])):
            return what, threads
    return words, []


def begins_with_place(words: str) -> bool:
    """Whether words go on as what says where something is to come: `to the thread Sport`."""
    return bool(words) and fold(words.split()[0]) in _IN


def _place_begins(before: list[str]) -> tuple[int, bool]:
    """Where what stands before the name of a thread begins to say that it is one, and whether all
    of that is said: `in the thread`. One word is left at least.
    """
    end, said = len(before), set[str]()
    while end > 1 and (word := fold(before[end - 1])) in _THREAD | _ARTICLES:
        end, said = end - 1, said | {word}
    named, is_thread = end, not said.isdisjoint(_THREAD)
    # Behind `to` an `a` is an article where a thread is said, and else a name: vitamin a.
    while end > 1 and fold(before[end - 1]) in _IN and (is_thread or end == named):
        end -= 1
    return end, is_thread and end < named


def _before(parts: list[str]) -> str | None:
    """The words before a place, unless the place is rather one more of them."""
    what = " ".join(parts).rstrip(" ,")
    is_quoted = what.count('"') % 2 == 1
    if not what or is_quoted or what.endswith(_LEANING_SIGNS):
        return None
    return None if fold(what.split()[-1]) in _LEANING else what


def moved(words: str) -> str | None:
    """What is said behind `move`; None where that is a name or a part of a query."""
    found = _MOVES.fullmatch(words.strip())
    if found is None or _NAMED.match(words):
        return None
    return None if fold(found["what"].split()[0]) in ("or", "and", "not") else found["what"]
