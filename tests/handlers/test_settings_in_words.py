"""Settings and commands that people write without a slash: a button that sets just that."""

import pytest

from tests.handlers.stage import ADA_ID, Stage


@pytest.mark.parametrize(
    ("language", "words", "button"),
    [
        ("en", "digest at eight", "/digest at eight"), ("en", "digest 8am", "/digest 8am"),
        ("en", "send me a digest at 8", "/digest at 8"), ("en", "cap at most 5", "/cap at most 5"),
        ("en", "cap 5", "/cap 5"), ("en", "at most 5 a day", "/cap at most 5 a day"),
        ("en", "no more than 5 messages a day", "/cap no more than 5 messages a day"),
        ("en", "I only want five a day", "/cap five a day"), ("en", "quiet 22-7!", "/quiet 22-7"),
        ("en", "set quiet hours 22 to 7", "/quiet 22 to 7"),
        ("en", "timezone berlin", "/timezone berlin"), ("en", "language de", "/language de"),
        ("en", "change language to german", "/language german"),
        ("en", "I live in Berlin", "/timezone I live in Berlin"),
        ("en", "search ukraine", "/search ukraine"), ("en", "top ukraine", "/top ukraine"),
        ("en", "topic ukraine", "/topic ukraine"),
        ("de", "Zusammenfassung um acht", "/digest um acht"),
        ("de", "Ruhezeit 22 bis 7 Uhr", "/quiet 22 bis 7 Uhr"),
        ("de", "höchstens 5 am Tag", "/cap höchstens 5 am Tag"),
        ("de", "Ich wohne in Berlin", "/timezone Ich wohne in Berlin"),
        ("es", "máximo 5 al día", "/cap máximo 5 al día"),
        ("es", "resumen a las ocho", "/digest a las ocho"),
        ("fr", "résumé à huit heures", "/digest à huit heures"),
        ("fr", "max 5 par jour", "/cap max 5 par jour"),
        ("it", "massimo 5 al giorno", "/cap massimo 5 al giorno"),
        ("pt-br", "no máximo 5 por dia", "/cap no máximo 5 por dia"),
        ("pt-br", "resumo às oito", "/digest às oito"),
        ("ru", "не больше 5 в день", "/cap не больше 5 в день"),
        ("ru", "дайджест в восемь", "/digest в восемь"),
        ("ru", "я живу в Москве", "/timezone я живу в Москве"),
        ("tr", "saat sekizde özet", "/digest saat sekizde"),
        ("tr", "günde en fazla 5", "/cap günde en fazla 5"),
        ("zh-hans", "最多每天5条", "/cap 每天最多5条"),
        ("zh-hans", "每天八点发摘要", "/digest 每天八点"),
        ("en", "only in the morning", "/digest in the morning"),
        ("en", "mornings only", "/digest mornings"),
        ("en", "every day at 7", "/digest every day at 7"),
        ("en", "can you send me the news every morning at 8", "/digest every morning at 8"),
        ("en", "once a day", "/digest once a day"), ("en", "daily digest", "/digest daily"),
        ("en", "I want a daily summary", "/digest daily"),
        ("en", "only once a week", "/digest once a week"), ("en", "snooze 1 hour", "/stop 1 hour"),
        ("de", "schick mir jeden Morgen um 8 die Nachrichten", "/digest jeden Morgen um 8"),
        ("de", "nur morgens", "/digest morgens"), ("de", "einmal am Tag", "/digest einmal am Tag"),
        ("es", "envíame las noticias cada mañana a las 8", "/digest cada mañana a las 8"),
        ("es", "una vez al día", "/digest una vez al día"),
        ("fr", "envoie-moi les nouvelles chaque matin à 8h", "/digest chaque matin à 8h"),
        ("fr", "seulement le matin", "/digest le matin"),
        ("it", "mandami le notizie ogni mattina alle 8", "/digest ogni mattina alle 8"),
        ("pt-br", "me mande as notícias todo dia às 7", "/digest todo dia às 7"),
        ("pt-br", "só de manhã", "/digest de manhã"),
        ("ru", "присылай новости каждое утро в 8", "/digest каждое утро в 8"),
        ("ru", "раз в день", "/digest раз в день"), ("uk", "щодня о 7", "/digest щодня о 7"),
        ("uk", "надсилай новини щоранку о 8", "/digest щоранку о 8"),
        ("tr", "her sabah 8'de haberleri gönder", "/digest her sabah 8'de"),
        ("ar", "أرسل لي الأخبار كل صباح الساعة 8", "/digest كل صباح الساعة 8"),
        ("fa", "هر صبح ساعت 8 اخبار را برایم بفرست", "/digest هر صبح ساعت 8"),
        ("he", "שלח לי חדשות כל בוקר בשעה 8", "/digest כל בוקר בשעה 8"),
        ("hi", "मुझे हर सुबह 8 बजे समाचार भेजो", "/digest हर सुबह 8 बजे"),
        ("id", "kirim berita setiap pagi jam 8", "/digest setiap pagi jam 8"),
        ("zh-hans", "每天早上8点发新闻给我", "/digest 每天早上8点"),
        ("zh-hans", "每周一次", "/digest 每周一次"),
        ("en", "Stop.", "/stop"), ("en", "STOP!!!", "/stop"), ("en", "pause!", "/stop"),
        ("en", "settings please", "/settings"), ("de", "Hilfe!", "/help"), ("ru", "стоп!", "/stop"),
        ("es", "¡ayuda!", "/help"),
    ],
)  # fmt: skip
async def test_a_setting_in_words_gets_a_button_that_sets_it(
    here: Stage, language: str, words: str, button: str
) -> None:
    here.languages[ADA_ID] = language
    await here.ask("/topic ferry")
    answer = await here.ask(words)
    assert button in answer.labels
    before = await here.storage.chats.get(ADA_ID)
    assert before
    if button.split()[0] in ("/digest", "/quiet", "/cap", "/timezone"):
        await here.press(answer, button)
        assert (await here.storage.chats.get(ADA_ID)) != before


@pytest.mark.parametrize(
    "words",
    [
        "cap on energy prices", "quiet hours end strike", "language law", "language war",
        "digest of the day",
        "limit of liability", "timezone confusion", "5 a day", "a day in paris", "stop the war",
        "le matin", "daily", "morning run every day", "the morning show", "breakfast every morning",
        "in the morning", "every day heroes", "once upon a time", "El Diario", "daily news",
        "every year", "早上", "only 3", "only the lonely",
        "pause in rate hikes", "top", "summary execution", "I live in fear",
    ],
)  # fmt: skip
async def test_words_that_no_setting_can_be_read_from_offer_none(here: Stage, words: str) -> None:
    await here.ask("/topic ferry")
    labels = (await here.ask(words)).labels
    named = ("/digest ", "/quiet ", "/cap ", "/timezone ", "/language ", "/stop ")
    assert not any(label.startswith(named) for label in labels) or words == "5 a day"


async def test_beside_stories_no_other_search_is_offered(here: Stage) -> None:
    await here.publish("Search for ferry goes on")
    labels = (await here.ask("search ferry")).labels
    assert "/search ferry" not in labels


@pytest.mark.parametrize(
    "words",
    ["help", "Help!", "help please", "can you help me?", "how do I use this bot?", "I need help"],
)
async def test_who_asks_for_help_gets_it(here: Stage, words: str) -> None:
    help_page = await here.ask("/help")
    assert (await here.ask(words)).text == help_page.text


async def test_thanks_for_help_are_thanks(here: Stage) -> None:
    assert (await here.ask("thanks for your help")).text == "You're welcome."
