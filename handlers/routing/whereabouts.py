"""Where alerts are to come, as people say it behind a topic: `football here`, `ferry in Science`.
Pure.

A query may say `in` of anything, so only these count: words for here, and the names of threads that
are known.
"""

import re
from collections.abc import Mapping

from bot.news.text.words import fold

_HERE_LIST = """
    here|right here|in here|to here|over here
    in this thread|to this thread|into this thread|this thread|in this topic|to this topic
    in this group|to this group|in this chat|to this chat|in this channel|to this channel
    hier|hierher|hier rein|in diesem thread|in diesen thread|in diesem thema|in diese gruppe
    in dieser gruppe|in diesem chat|in diesen chat
    aquí|acá|en este hilo|a este hilo|en este tema|en este grupo|en este chat
    ici|dans ce fil|dans ce sujet|dans ce groupe|dans ce chat
    qui|in questa sezione|in questo gruppo|in questa chat
    aqui|neste tópico|neste grupo|neste chat
    здесь|тут|сюда|в этой ветке|в эту ветку|в этой теме|в эту тему|в этой группе|в эту группу
    в этом чате|в этот чат|сюди|у цій гілці|в цій гілці|у цю гілку|у цій групі|у цьому чаті
    burada|buraya|bu bölümde|bu bölüme|bu grupta|bu gruba|bu sohbette
    هنا|اینجا|כאן|פה|यहाँ|यहां|di sini|disini|ke sini
"""
_UNSPACED = ("在这里", "在这儿", "到这里", "这里", "在此", "在这个话题", "在本群")
_OF_OTHERS = {"fr": ("hier", "qui")}
"""Of those, what means something else to people who speak another language."""
_HERE = frozenset(fold(each.strip()) for each in _HERE_LIST.replace("\n", "|").split("|"))
_MOST_WORDS = max(len(each.split()) for each in _HERE)
_IN_LIST = """
    in into to inside im ins nach en a al dans à vers nel nella alla em no na para ao à в во у до к
    di ke في إلى در به
"""
_THREAD_LIST = """
    the thread topic thema hilo tema fil sujet sezione tópico ветке ветку теме тему гілці гілку
    den dem das el la le il o a called named
"""
_IN, _THREAD = (frozenset(map(fold, each.split())) for each in (_IN_LIST, _THREAD_LIST))
_JOINS = frozenset(("or", "and", "not", "|", ",", "-", "&"))
"""Behind one of these is a word to look for."""
_QUOTES = "\"'"
_ENDS = " .!"
_MOVES = re.compile(r"move\s+(?P<what>[^\s|,)&-].*)", re.IGNORECASE | re.DOTALL)
_NAMED = re.compile(r"[^:]+:\s+\S")


def without_here(words: str, language: str) -> str | None:
    """What stands before a word for here, as a chat that speaks this language means it; None where
    there is none, or nothing before it.
    """
    said = words.strip(_ENDS)
    for here in _UNSPACED:
        if said.endswith(here) and (what := said.removesuffix(here).strip()):
            return what
    parts = said.split()
    other = _OF_OTHERS.get(language.partition("-")[0], ())
    for count in range(min(_MOST_WORDS, len(parts) - 1), 0, -1):
        here = fold(" ".join(parts[-count:]))
        if here in _HERE and here not in other:
            return _before(parts[:-count])
    return None


def in_thread(words: str, names: Mapping[int, str], *, bare: bool = False) -> tuple[str, list[int]]:
    """What stands before the name of a thread, and the threads of that name; none where no thread
    is named. `bare`: also without `in` before the name.
    """
    parts = words.strip(_ENDS).split()
    for at in range(1, len(parts)):
        threads = _called(" ".join(parts[at:]), names)
        before = parts[:at]
        while len(before) > 1 and fold(before[-1]) in _THREAD:
            before.pop()
        is_said = len(before) > 1 and fold(before[-1]) in _IN
        if threads and (is_said or bare) and (what := _before(before[: -1 if is_said else None])):
            return what, threads
    return words, []


def _called(name: str, names: Mapping[int, str]) -> list[int]:
    wanted = fold(name.strip(_QUOTES))
    return [number for number, known in names.items() if wanted and fold(known) == wanted]


def _before(parts: list[str]) -> str | None:
    """The words before a place, unless the place is rather one more of them."""
    if not parts or fold(parts[-1]) in _JOINS:
        return None
    return " ".join(parts).rstrip(" ,")


def moved(words: str) -> str | None:
    """What is said behind `move`; None where that is a name or a part of a query."""
    found = _MOVES.fullmatch(words.strip())
    if found is None or _NAMED.match(words):
        return None
    return None if fold(found["what"].split()[0]) in _JOINS else found["what"]
