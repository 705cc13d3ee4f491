"""Things that are named together with `and`, and what is called like a ready-made topic."""

import pytest

from handlers.routing.listed import named_apart
from tests.handlers.stage import ADA_ID, Stage

GOAL = "Arsenal beat Chelsea 3-0 in Premier League"


async def _queries(here: Stage) -> dict[str, str]:
    return {each.name: each.query for each in await here.storage.chats.topics(ADA_ID)}


async def _speaks(here: Stage, language: str) -> None:
    here.languages[ADA_ID] = language


@pytest.mark.parametrize(
    ("language", "words", "listed"),
    [
        ("en", "I want news on Ukraine and football", "Ukraine, football"),
        ("en", "Ukraine & Russia", "Ukraine, Russia"),
        ("en", "follow football and tennis", "football, tennis"),
        ("en", "/topic Ukraine and football", "Ukraine, football"),
        ("en", "/topic Peru & football", "Peru, football"),
        ("de", "folge Ukraine und Fußball", "Ukraine, Fußball"),
        ("de", "ich interessiere mich für Ukraine und Fußball", "Ukraine, Fußball"),
        ("es", "sigue Ucrania y fútbol", "Ucrania, fútbol"),
        ("es", "me interesan Ucrania y fútbol", "Ucrania, fútbol"),
        ("fr", "l'Ukraine et le foot", "Ukraine, foot"),
        ("fr", "je m'intéresse à l'Ukraine et le foot", "Ukraine, foot"),
        ("it", "Ucraina e calcio", "Ucraina, calcio"),
        ("it", "mi interessano calcio e Ucraina", "calcio, Ucraina"),
        ("pt", "Ucrânia e futebol", "Ucrânia, futebol"),
        ("ru", "хочу новости про Украину и футбол", "Украину, футбол"),
        ("ru", "меня интересует футбол и Украина", "футбол, Украина"),
        ("uk", "мене цікавить Україна та футбол", "Україна, футбол"),
        ("tr", "Ukrayna ve futbol", "Ukrayna, futbol"),
        ("ar", "أوكرانيا وكرة القدم", "أوكرانيا, كرة القدم"),
        ("he", "אוקראינה וכדורגל", "אוקראינה, כדורגל"),
        ("fa", "اوکراین و فوتبال", "اوکراین, فوتبال"),
        ("hi", "यूक्रेन और फ़ुटबॉल", "यूक्रेन, फ़ुटबॉल"),
        ("id", "saya tertarik pada Ukraina dan sepak bola", "Ukraina, sepak bola"),
        ("zh-hans", "关注乌克兰和足球", "乌克兰, 足球"),
    ],
)
async def test_two_things_of_which_no_story_has_both_can_each_be_followed(
    here: Stage, language: str, words: str, listed: str
) -> None:
    await _speaks(here, language)
    asked = await here.ask(words)
    first = asked.labels[0].replace("\u2068", "").replace("\u2069", "")
    assert first.endswith(listed)
    # What is said to be a topic is followed as it stands, until the two take its place.
    assert len(await _queries(here)) == words.startswith("/topic")
    await here.press(asked, asked.labels[0])
    assert len(await _queries(here)) == 2


async def test_each_of_two_is_followed_with_ready_made_words_where_there_are_some(
    here: Stage,
) -> None:
    asked = await here.ask("I want news on Ukraine and tennis")
    assert asked.text == "Nothing found on Ukraine tennis.\nDid you mean this?"
    assert asked.labels == ["Follow both: Ukraine, tennis", "Follow", "Test it"]
    await here.press(asked, asked.labels[0])
    assert asked.text == "Following Ukraine and tennis."
    assert asked.labels == ["Ukraine", "tennis", "All topics"]
    queries = await _queries(here)
    assert queries["tennis"] == "tennis"
    assert "kyiv" in queries["Ukraine"]
    await here.press_data(asked, "v1:each:99")
    assert await _queries(here) == queries


async def test_what_has_nothing_is_followed_all_the_same_and_says_so(here: Stage) -> None:
    followed = await here.ask("/topic Ukraine and football")
    assert "Nothing so far." in followed.text
    assert followed.text.endswith("Did you mean this?")
    assert followed.labels[0] == "Follow both: Ukraine, football"
    assert [*(await _queries(here)).values()] == ["ukraine football"]
    (name,) = await _queries(here)
    await here.press(await here.ask(f"/topic {name}: ukraine football -race"), "Replace words")
    await here.press(followed, followed.labels[0])
    assert len(await _queries(here)) == 3  # it was changed, and stays


async def test_three_with_a_comma_of_which_there_is_nothing_can_each_be_followed(
    here: Stage,
) -> None:
    asked = await here.ask("I'm interested in politics, sport and tech")
    assert asked.labels[0] == "Follow all: politics, sport, tech"
    await here.press(asked, asked.labels[0])
    assert [*await _queries(here)] == ["politics", "Sport", "Technology"]


async def test_words_that_a_story_has_together_are_a_search(here: Stage) -> None:
    await here.publish("Football goes on in Ukraine", "Choir sings", "Bridge opens")
    found = await here.ask("Ukraine and football")
    assert "Football goes on" in found.text
    assert found.labels == ["Follow", "Test it"]
    # Neither is well known, but there is news on each.
    assert (await here.ask("choir and bridge")).labels[0] == "Follow both: choir, bridge"
    assert (await here.ask("bridge and cabbage")).labels[-2:] == ["Follow", "Test it"]
    assert "Follow both: bridge, cabbage" not in here.messages()[-1].labels


@pytest.mark.parametrize(
    "words",
    [
        "law and order", "Trinidad and Tobago", "Bosnia & Herzegovina", "research and development",
        "Marks and Spencer", "Marks & Spencer", "Black and White", "health and safety",
        "war and peace", "AT&T", "R&D", "H&M", "S&P 500", "cats and cats",
        "Ukraine AND football", '"Ukraine and football"', "title:Ukraine and football",
        "(Ukraine and football)", "Ukraine and football -race", "Ukraine football",
        "Recht und Ordnung", "Bosnien und Herzegowina", "ley y orden", "Bosnia y Herzegovina",
        "loi et ordre", "recherche et développement", "legge e ordine", "bianco e nero",
        "lei e ordem", "pesquisa e desenvolvimento", "закон и порядок", "Босния и Герцеговина",
        "Тринидад и Тобаго", "закон і порядок", "Боснія і Герцеговина", "suç ve ceza",
        "Bosna ve Hersek", "القانون والنظام", "البوسنة والهرسك", "وزير الخارجية",
        "أخبار وزير", "חוק וסדר", "טרינידד וטובגו", "جنگ و صلح", "بوسنی و هرزگوین",
        "कानून और व्यवस्था", "त्रिनिदाद और टोबैगो", "hukum dan ketertiban", "战争与和平", "和平",
        "共和国", "特立尼达和多巴哥",
    ],
)  # fmt: skip
def test_what_is_one_thing_is_not_taken_apart(words: str) -> None:
    assert named_apart(words) == []


@pytest.mark.parametrize(
    "words", ["Trade and tariffs", "stop the war and the fighting", "who won and who lost"]
)
async def test_nothing_is_offered_by_itself_that_is_no_name(here: Stage, words: str) -> None:
    assert not any(label.startswith("Follow both") for label in (await here.ask(words)).labels)


@pytest.mark.parametrize("words", ["football", "follow football", "soccer"])
async def test_the_name_of_a_ready_made_topic_follows_that(here: Stage, words: str) -> None:
    shown = await here.ask(words)
    name = words.split()[-1]
    assert shown.labels == ["Follow", "Test it", f"Only the word {name}"]
    await here.press(shown, "Follow")
    assert "Following Football." in here.messages()[-1].text
    assert "It looks for" not in here.messages()[-1].text
    assert '"premier league"' in (await _queries(here))["Football"]
    await here.publish(GOAL)
    assert GOAL in (await here.ask("football")).text
    # It is there already.
    assert (await here.ask("/topic football")).text.startswith("Football\n44 words")
    assert len(await _queries(here)) == 1
    await here.ask("/topic soccer")
    assert (await _queries(here))["soccer"] == "soccer"


@pytest.mark.parametrize(
    ("language", "words", "name"),
    [
        ("de", "Fußball", "Fußball"), ("es", "fútbol", "Fútbol"), ("fr", "football", "Football"),
        ("it", "calcio", "Calcio"), ("pt", "futebol", "Futebol"), ("ru", "футбол", "Футбол"),
        ("ru", "подпишись на Украину", "Украина"), ("uk", "футбол", "Футбол"),
        ("tr", "futbol", "Futbol"), ("ar", "كرة القدم", "كرة القدم"), ("he", "כדורגל", "כדורגל"),
        ("fa", "فوتبال", "فوتبال"), ("hi", "फ़ुटबॉल", "फ़ुटबॉल"), ("id", "sepak bola", "Sepak bola"),
        ("zh-hans", "足球", "足球"),
    ],
)  # fmt: skip
async def test_it_is_followed_by_its_name_in_each_language(
    here: Stage, language: str, words: str, name: str
) -> None:
    await _speaks(here, language)
    shown = await here.ask(words)
    await here.press(shown, shown.labels[0])
    ((followed, query),) = (await _queries(here)).items()
    assert (followed, len(query) > 300) == (name, True)


async def test_a_search_by_its_name_finds_its_stories_where_no_story_has_the_word(
    here: Stage,
) -> None:
    await here.publish(GOAL)
    shown = await here.ask("football")
    assert GOAL in shown.text
    assert shown.labels == ["Follow", "Test it", "Only the word football"]
    await here.press(shown, "Only the word football")
    assert await _queries(here) == {"football": "football"}


@pytest.mark.parametrize("command", ["/latest", "/search"])
async def test_a_list_offers_it_too(here: Stage, command: str) -> None:
    await here.publish("Football is back")
    shown = await here.ask(f"{command} football")
    assert shown.labels == ["Follow", "Only the word football"]
    await here.press(shown, "Follow")
    assert [*await _queries(here)] == ["Football"]


@pytest.mark.parametrize("word", ["football", "soccer"])
async def test_a_topic_of_that_name_looks_for_the_word_and_offers_the_ready_made_words(
    here: Stage, word: str
) -> None:
    followed = await here.ask(f"/topic {word}")
    assert await _queries(here) == {word: word}
    ready = dict(followed.buttons)["Football, ready-made"]
    await here.press_data(followed, ready)
    assert '"premier league"' in (await _queries(here))["Football"]
    await here.ask("/topic Football: ball")
    await here.press(here.messages()[-1], "Replace words")
    await here.press_data(followed, ready)  # it was changed: nothing is done
    assert await _queries(here) == {"Football": "ball"}


async def test_who_follows_the_bare_word_keeps_it(here: Stage) -> None:
    await here.ask("/topic football: football")
    page = await here.ask("/topic football")
    assert page.text.startswith("football\nNo stories yet")
    assert (await here.ask("football")).labels == ["Options"]
    assert await _queries(here) == {"football": "football"}


@pytest.mark.parametrize(
    "words", ['/topic "football"', "/topic =football", "/topic football boots"]
)
async def test_words_in_quotes_or_beside_others_are_words(here: Stage, words: str) -> None:
    await here.ask(words)
    assert all(len(query) < 20 for query in (await _queries(here)).values())


async def test_a_test_by_its_name_is_of_its_words(here: Stage) -> None:
    await here.publish(GOAL)
    assert "Nothing so far." in (await here.ask("/topic test football")).text
    await here.press(await here.ask("football"), "Test it")
    shown = here.messages()[-1]
    assert shown.text.startswith("Test: Football\n1 story")
    assert shown.labels == ["Follow", "Only the word Football"]
    await here.press(shown, "Follow")
    assert [*await _queries(here)] == ["Football"]
