"""Catalogues of languages: what holds for each, how they are read, and how they follow the code."""

import gettext
import io
import re

import pytest
from babel.messages.pofile import read_po as read_by_babel

from bot.texts.catalogues import (
    Catalogue,
    first_language,
    is_complete,
    offered,
    places,
    read_po,
    spoken,
    text_of,
)
from bot.texts.languages import ENGLISH, NAMES, PSEUDO, form_of, language_of, plural_forms
from bot.texts.locale import Locale, led
from bot.texts.said import named, say, say_many, say_n
from bot.texts.translating import check, template
from bot.texts.translating.extract import Translatable, add, calls, messages
from bot.texts.translating.places import PLACES
from tests.delivery.test_render import Parsed

OURS = [each for each in NAMES if each != ENGLISH]
NOW = 1_800_000_000.0
_COUNTS = re.compile(
    r"\{(n|most|count|days)\} "
    r"(sources|stories|topics|alerts|words|languages|things|characters|groups|days|parts)"
)
_NOT_ITS_MARKS = {
    "fr": r"[ \u00a0][:;?»]|«[ \u00a0]|'",  # a narrow space that does not break: \u202f
    "it": "’",
    "de": "[\"']",
    "es": "[\"']",
    "pt": "[\"']",
}
HEAD = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"X-Complete: no\\n"\n'


@pytest.mark.slow
def test_the_template_and_the_catalogues_are_current() -> None:
    """Where this fails: make texts."""
    new = template.template()
    assert template.TEMPLATE.read_text("utf-8") == new
    for language in OURS:
        text = template.path_of(language).read_text("utf-8")
        assert template.updated(text, new) == text, language


@pytest.mark.slow
@pytest.mark.parametrize("language", OURS)
def test_a_catalogue_has_no_faults_and_a_complete_one_misses_nothing(language: str) -> None:
    found = list(template.faults_of(language))
    if not is_complete(text_of(language)):
        found = [each for each in found if not each.startswith(check.MISSING)]
    assert not found


@pytest.mark.parametrize("language", list(_NOT_ITS_MARKS))
def test_a_language_has_its_own_marks(language: str) -> None:
    entries = [each for each in read_po(text_of(language)) if each.msgid]
    forms = [form for each in entries for form in each.forms]
    assert [form for form in forms if re.search(_NOT_ITS_MARKS[language], form)] == []


@pytest.mark.parametrize("language", OURS)
def test_the_head_asks_for_the_forms_that_cldr_has(language: str) -> None:
    head = next(read_po(text_of(language))).forms[0]
    rule = dict(line.split(": ", 1) for line in head.splitlines())["Plural-Forms"]
    count, expression = (part.split("=", 1)[1] for part in rule.rstrip(";").split(";"))
    chosen = gettext.c2py(expression)
    assert int(count) == len(plural_forms(language))
    for number in range(1_200):
        assert chosen(number) == form_of(language, number), number


@pytest.mark.slow
@pytest.mark.parametrize("language", OURS)
def test_a_catalogue_is_read_as_babel_reads_it(language: str) -> None:
    text = text_of(language)
    ours = {(each.context, each.msgid): each.forms for each in read_po(text) if each.msgid}
    theirs = {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0]): (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        for message in read_by_babel(io.StringIO(text))
        if message.id
    }
    assert ours == theirs


def test_quotes_and_lines_and_pieces_are_read() -> None:
    text = HEAD + '\n#, fuzzy\nmsgid ""\n"a \\"b\\" "\n"c\\n"\nmsgstr "d\\\\"\n'
    entry = list(read_po(text))[1]
    assert (entry.msgid, entry.forms, entry.fuzzy) == ('a "b" c\n', ("d\\",), True)


def test_a_number_chooses_among_all_forms() -> None:
    forms = ("{n} источник", "{n} источника", "{n} источников")
    russian = Catalogue("ru", {("", "1 source"): forms})
    for number, wanted in ((1, 0), (2, 1), (5, 2), (11, 2), (21, 0), (104, 1), (1_000_000, 2)):
        assert russian.sentence(say_n("1 source", "{n} sources", number)) == forms[wanted], number
    assert russian.sentence(say("1 source")) == "{n} источник"
    assert russian.sentence(say("no source")) is None
    assert [form_of("ar", n) for n in (0, 1, 2, 3, 11, 100)] == [0, 1, 2, 3, 4, 5]
    assert form_of("es", 1_000_000) == 1


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Hi {name}."\nmsgstr "Na."\n', "without {name}"),
        ('msgid "Hi {name}."\nmsgstr "Na {name} {who}."\n', "has {who}"),
        ('msgid "Hi {name}."\nmsgstr "Na {name."\n', "a brace"),
        ('msgid "See /help."\nmsgstr "Siehe unten."\n', "the command /help is missing"),
        ('msgid "Wait 30 min"\nmsgstr "Warten"\n', "the number 30"),
        ('msgid "Go."\nmsgstr "Los"\n', "must end as '.'"),
        ('msgid "← Back"\nmsgstr "→ Zurück"\n', "arrows must be ←"),
        ('msgid "• One"\nmsgstr "Eins"\n', "signs must be •"),
        ('msgid "Mute"\nmsgstr "Benachrichtigungen stummschalten"\n', "but a button has 24"),
        ('msgid "Go"\nmsgstr " Los"\n', "a space too many"),
        ('#, fuzzy\nmsgid "Go"\nmsgstr "Los"\n', "fuzzy"),
        ('msgid "Go"\nmsgstr ""\n', "not translated"),
        (
            'msgid "1 day"\nmsgid_plural "{n} days"\nmsgstr[0] "ein Tag"\nmsgstr[1] "Tage"\n',
            "form 1, without {n}",
        ),
        ('msgid "1 day"\nmsgid_plural "{n} days"\nmsgstr[0] "ein Tag"\n', "1 forms, but"),
    ],
)
def test_a_fault_is_named(entry: str, fault: str) -> None:
    text = f"{HEAD}\n{entry}"
    found = list(check.faults("de", text, text, {"Mute"}, {}))
    assert len(found) == 1, found
    assert fault in found[0]


def test_hours_from_right_to_left_keep_their_order() -> None:
    entry = f'{HEAD}\nmsgid "Send 22:00-07:00."\nmsgstr "أرسل 22:00-07:00."\n'
    assert list(check.faults("ar", entry, entry, set(), {})) == [
        "a span of digits must stand between U+2066 and U+2069: 'Send 22:00-07:00.'"
    ]
    assert list(check.faults("de", entry, entry, set(), {})) == []
    apart = entry.replace("أرسل 22:00-07:00", "أرسل \u206622:00-07:00\u2069")
    assert list(check.faults("ar", apart, apart, set(), {})) == []


def test_a_form_for_many_numbers_needs_the_number_and_one_for_a_single_number_does_not() -> None:
    entry = 'msgid "1 day"\nmsgid_plural "{n} days"\n'
    russian = f'{HEAD}\n{entry}msgstr[0] "день"\nmsgstr[1] "{{n}} дня"\nmsgstr[2] "{{n}} дней"\n'
    assert list(check.faults("ru", russian, russian, set(), {})) == ["form 0, without {n}: '1 day'"]
    german = f'{HEAD}\n{entry}msgstr[0] "ein Tag"\nmsgstr[1] "{{n}} Tage"\n'
    assert list(check.faults("de", german, german, set(), {})) == []


def test_the_form_for_one_needs_only_what_the_sentence_for_one_has() -> None:
    entry = 'msgid "Only {name}"\nmsgid_plural "{n} from {place}, such as {name}"\n'
    german = f'{HEAD}\n{entry}msgstr[0] "Nur {{name}}"\nmsgstr[1] "{{n}} in {{place}}: {{name}}"\n'
    assert list(check.faults("de", german, german, set(), {})) == []
    french = german.replace("Nur", "Que")
    assert list(check.faults("fr", french, french, set(), {})) == [
        "form 0, without {n}, {place}: 'Only {name}'"
    ]


def test_a_dual_says_two_without_a_digit() -> None:
    arabic = f'{HEAD}\nmsgid "Mute for 2 days"\nmsgstr "كتم يومين"\n'
    assert list(check.faults("ar", arabic, arabic, set(), {})) == []
    assert list(check.faults("fa", arabic, arabic, set(), {})) == [
        "the number 2 is missing: 'Mute for 2 days'"
    ]


def test_a_sentence_is_said_with_a_number_or_without_but_not_both() -> None:
    """A language whose every form has the number could not say it without: "1 hour" on a button."""
    counting = Translatable("1 hour", "{n} hours", "", ("here.py",), False)
    found: dict[tuple[str, str], Translatable] = {}
    add(found, counting)
    add(found, counting)
    with pytest.raises(ValueError, match="'1 hour' has no plural, elsewhere the plural"):
        add(found, Translatable("1 hour", None, "", ("there.py",), True))


def test_a_catalogue_follows_the_code() -> None:
    """What changed a little keeps its translation to be mended, and is not used."""
    old = (
        f'{HEAD}\nmsgid "Press to follow this."\nmsgstr "Drücken."\n\nmsgid "Gone"\nmsgstr "Weg"\n'
    )
    new = f'{HEAD}\nmsgid "Press to follow this one."\nmsgstr ""\n\nmsgid "New"\nmsgstr ""\n'
    first, *rest = [each for each in read_po(template.updated(old, new)) if each.msgid]
    assert (first.msgid, first.forms, first.fuzzy) == (
        "Press to follow this one.", ("Drücken.",), True,
    )  # fmt: skip
    assert [(each.msgid, each.forms) for each in rest] == [("New", ("",))]


@pytest.mark.slow
def test_every_place_is_explained_and_every_note_has_its_message() -> None:
    found = messages()
    sentences = [each.msgid + (each.many or "") for each in found if not each.context]
    assert {name for each in sentences for name in places(each) or ()} == set(PLACES)
    assert set(template.notes()) <= {form for each in found for form in (each.msgid, each.many)}
    for message, noted in template.notes().items():
        for word in template.kept(noted):
            assert word in message


@pytest.mark.slow
def test_what_counts_is_said_with_a_number() -> None:
    """A noun behind a number has forms in other languages: `{n} sources` is no plain message."""
    for call in calls():
        if len(call.forms) == 1 and call.forms[0] and not call.place.startswith("bot/cli/"):
            assert not _COUNTS.search(call.forms[0]), call


def test_a_person_is_spoken_to_in_their_language_where_it_is_ours() -> None:
    assert first_language("en-GB", "en") == "en"
    assert first_language("ja", "en") == "en"
    assert first_language(None, PSEUDO) == first_language("en", PSEUDO) == PSEUDO
    assert {first_language(each, "en") for each in NAMES} == set(offered())
    assert language_of("pt-br") == "pt"
    assert language_of("zh-hans") == language_of("zh_TW") == "zh-Hans"
    assert spoken("xx-nowhere").language == ENGLISH


def test_names_out_of_files_may_have_braces() -> None:
    assert Locale("en", "UTC", NOW).plain(named("topic", "A {b} & c")) == "A {b} & c"
    assert str(say_many("{n} a day", 1)) == "1 a day"


def test_what_is_written_from_right_to_left_has_its_marks() -> None:
    assert led("تمت متابعة {name}.") == "تمت متابعة {name}."
    assert led("{source} · {time}") == "\u200f{source} · {time}"
    shown = led("أرسل /help لعرض المزيد")
    assert shown == "أرسل \u200e/help لعرض المزيد"
    assert Parsed(shown).live == [("BotCommand", "/help")]


def test_the_glossary_has_a_word_in_each_language() -> None:
    path = template.PO.parent / "glossary.tsv"
    head, *rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    assert set(head[2:]) == set(OURS)
    assert all(len(row) == len(head) and all([row[0], *row[2:]]) for row in rows)
