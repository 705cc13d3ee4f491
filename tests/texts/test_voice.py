"""What a machine can hold of docs/voice.md, over every text that a chat sees."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.news.why import Code
from tests.texts.messages import messages

ROOT = Path(__file__).parents[2]
_PAGE = (ROOT / "docs" / "voice.md").read_text("utf-8")
_WORDS = 20  # in a sentence, at most; the page asks for 12 where it can be
_LABEL = 24  # characters on a button

# Texts that no chat sees: what `tocsin …` prints keeps the words of its settings and tables.
COMMAND_LINE = ("bot/cli/", "bot/actions/feeds.py")
_ALSO = {"told"}  # of its fifth rule
# Words that may stand all the same, each with the texts that may have them.
_ALLOWED = {
    # It ends what a person does, not what comes.
    "stop": ("Stop managing",),
    # A person has to look for that very word on a site, or reads why what is there is none.
    "feed": (
        "Look on the site for a link called RSS, Atom or Feed.",
        "Look on its site for the new address of its feed. Add that.",
        "Look on its site for a shorter feed.",
        "It wants a password, which I cannot give. Look for another feed of it.",
        "It refuses me. Look on its site for another feed.",
        "it is a web page, not a feed",
        "it is not a feed",
        "it is JSON, but not a JSON Feed",
        "That feed was removed meanwhile.",  # said by `tocsin feeds move` only
    ),
}


def _texts() -> Iterator[tuple[str, str]]:
    """Where each text stands, and how it reads."""
    for code in Code:
        yield f"bot/news/why.py: {code.name}", code.words.msgid
    for each in messages():
        if not each.place.startswith(COMMAND_LINE):
            for form in filter(None, each.forms):
                yield each.place, form


def never_words(page: str) -> set[str]:
    """The words that the page forbids: the last column of its first table, and of its tenth rule
    those in brackets.
    """
    rows = re.findall(r"^\| (?!word|---)[^|]+\|[^|]+\|([^|]+)\|$", page, re.MULTILINE)
    workshop = re.search(r"words of the\s+workshop \(([^)]+)\)", page)
    assert workshop
    lists = [*rows, workshop[1]]
    return {" ".join(word.split()) for each in lists for word in each.split(",")}


def _said(form: str) -> str:
    """The text without what stands in braces, and without commands, whose names are older."""
    return re.sub(r"\{\w+\}|/[a-z]+", "…", form)


def test_the_page_names_the_words() -> None:
    words = never_words(_PAGE)
    assert {"feed", "ring", "gathered", "query", "queue", "do not disturb"} <= words


@pytest.mark.slow
def test_one_word_an_idea() -> None:
    known = "|".join(map(re.escape, sorted(never_words(_PAGE) | _ALSO)))
    never = re.compile(rf"(?<!\w)({known})s?(?!\w)", re.IGNORECASE)
    for place, form in _texts():
        for found in never.finditer(_said(form)):
            assert form in _ALLOWED.get(found[1].lower(), ()), (place, found[0], form)


@pytest.mark.slow
def test_what_may_stand_all_the_same_does() -> None:
    everywhere = {form for each in messages() for form in each.forms}
    everywhere |= {code.words.msgid for code in Code}
    for forms in _ALLOWED.values():
        assert set(forms) <= everywhere, set(forms) - everywhere


def test_no_text_shouts() -> None:
    for place, form in _texts():
        assert "!" not in form, (place, form)


def test_a_sentence_has_few_words() -> None:
    for place, form in _texts():
        for sentence in re.split(r"[.?:;](?:\s|$)|\n", form):
            assert len(sentence.split()) <= _WORDS, (place, sentence)


def _labels() -> Iterator[tuple[str, str]]:
    """What is written on buttons: the first of a pair whose second is made by `pack`."""
    for path in sorted((ROOT / "handlers").rglob("*.py")):
        place = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Tuple(
                    elts=[
                        ast.Call(args=[ast.Constant(value=str(label)), *_]),
                        ast.Call(func=ast.Name(id="pack")),
                    ]
                ):
                    yield f"{place}:{node.lineno}", label


def test_a_label_fits_on_its_button() -> None:
    labels = list(_labels())
    assert len(labels) > 10
    for place, label in labels:
        assert len(re.sub(r"\{\w+\}", "", label)) <= _LABEL, (place, label)
