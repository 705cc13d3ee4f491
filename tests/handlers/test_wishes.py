"""What people ask of the bot in plain words is offered or shown, and a search stays one."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from handlers.routing.pleas import Plea, read_plea, said_of_alert
from handlers.routing.verbs import Deed
from handlers.routing.wishes import Spoken, read_wish
from tests.handlers.delivering import deliver
from tests.handlers.stage import ADA_ID, BEN_ID, BOT_ID, BOT_NAME, GROUP, Stage

FERRY = "Ferry to Lund Island resumes after the storm"
MEANT = "Did you mean this?"


@pytest.mark.parametrize(
    ("words", "deed", "thing"),
    [
        ("remove ferry", Deed.REMOVE, "ferry"),
        ("can you please remove the ferry topic?", Deed.REMOVE, "ferry"),
        ("entferne Fähre", Deed.REMOVE, "Fähre"),
        ("Fähre bitte entfernen", Deed.REMOVE, "Fähre"),
        ("удали паром", Deed.REMOVE, "паром"),
        ("видали пором", Deed.REMOVE, "пором"),
        ("elimina el ferry", Deed.REMOVE, "ferry"),
        ("supprime le ferry", Deed.REMOVE, "ferry"),
        ("rimuovi il traghetto", Deed.REMOVE, "traghetto"),
        ("remova a balsa", Deed.REMOVE, "balsa"),
        ("feribotu sil", Deed.REMOVE, "feribotu"),
        ("احذف العبارة", Deed.REMOVE, "العبارة"),
        ("删除渡轮", Deed.REMOVE, "渡轮"),
        ("Unfollow Football!", Deed.LEAVE, "Football"),
        ("unsubscribe from rugby", Deed.LEAVE, "rugby"),
        ("Fußball abbestellen", Deed.LEAVE, "Fußball"),
        ("отпишись от футбола", Deed.LEAVE, "футбола"),
        ("取消关注足球", Deed.LEAVE, "足球"),
        ("mute rugby for a week", Deed.MUTE, "rugby for a week"),
        ("schalte Fußball stumm", Deed.MUTE, "Fußball"),
        ("mets le rugby en sourdine", Deed.MUTE, "rugby"),
        ("futbolu sustur", Deed.MUTE, "futbolu"),
        ("静音足球", Deed.MUTE, "足球"),
        ("unmute rugby", Deed.UNMUTE, "rugby"),
        ("取消静音足球", Deed.UNMUTE, "足球"),
        ("follow Ukraine", Deed.FOLLOW, "Ukraine"),
        ("folge der Ukraine", Deed.FOLLOW, "Ukraine"),
        ("подпишись на Украину", Deed.FOLLOW, "Украину"),
        ("Ukrayna'yı takip et", Deed.FOLLOW, "Ukrayna"),
        ("تابع أوكرانيا", Deed.FOLLOW, "أوكرانيا"),
        ("关注乌克兰", Deed.FOLLOW, "乌克兰"),
        ("follow the money", Deed.FOLLOW, "the money"),
        ("stop sports", Deed.SPARE, "sports"),
        ("no more sports please", Deed.SPARE, "sports"),
        ("I don't want politics", Deed.SPARE, "politics"),
        ("keine Politik mehr", Deed.SPARE, "Politik"),
        ("без политики", Deed.SPARE, "политики"),
        ("spor istemiyorum", Deed.SPARE, "spor"),
        ("不要体育新闻", Deed.SPARE, "体育"),
        ("stop the messages please", Deed.SPARE, "everything"),
        ("删除所有主题", Deed.REMOVE, "主题"),
        ("mute rugby in this group", Deed.MUTE, "rugby"),
        ("silencia fútbol en este grupo", Deed.MUTE, "fútbol"),
        ("mute rugby here for a week", Deed.MUTE, "rugby for a week"),
        ("mute rugby near here", Deed.MUTE, "rugby near here"),
    ],
)
def test_a_verb_and_a_thing_are_a_wish(words: str, deed: Deed, thing: str) -> None:
    assert read_wish(words) == Spoken(deed, thing)


@pytest.mark.parametrize(
    "words",
    ["", "stop", "mute", "ferry", "stop and search", "x", "关注", "news on the ferry",
     "no news", "no news is good news", "no, ferry", "removed ferry", "remove a", "follow " * 13],
)  # fmt: skip
def test_other_words_are_no_wish(words: str) -> None:
    assert read_wish(words) is None


@pytest.mark.parametrize(
    ("words", "plea"),
    [
        ("too many messages", Plea.FEWER),
        ("you send too much!", Plea.FEWER),
        ("less", Plea.FEWER),
        ("only important news", Plea.FEWER),
        ("breaking news only", Plea.FEWER),
        ("zu viele Nachrichten", Plea.FEWER),
        ("nur wichtige Nachrichten", Plea.FEWER),
        ("слишком много", Plea.FEWER),
        ("забагато повідомлень", Plea.FEWER),
        ("demasiados mensajes", Plea.FEWER),
        ("trop de messages", Plea.FEWER),
        ("troppi messaggi", Plea.FEWER),
        ("muitas mensagens", Plea.FEWER),
        ("çok fazla mesaj", Plea.FEWER),
        ("الرسائل كثيرة", Plea.FEWER),
        ("消息太多了", Plea.FEWER),
        ("not at night", Plea.NIGHT),
        ("turn off notifications at night", Plea.NIGHT),
        ("bitte nachts nicht", Plea.NIGHT),
        ("не присылай ночью", Plea.NIGHT),
        ("pas la nuit", Plea.NIGHT),
        ("gece gönderme", Plea.NIGHT),
        ("晚上不要", Plea.NIGHT),
        ("undo that", Plea.UNDO),
        ("No, undo!", Plea.UNDO),
        ("bring it back", Plea.UNDO),
        ("rückgängig", Plea.UNDO),
        ("отмени", Plea.UNDO),
        ("撤销", Plea.UNDO),
        ("why did I get this?", Plea.WHY),
        ("warum?", Plea.WHY),
        ("почему?", Plea.WHY),
        ("为什么？", Plea.WHY),
        ("I only want three messages a day", Plea.FEWER),
        ("höchstens 3 Nachrichten am Tag", Plea.FEWER),
        ("günde sadece üç mesaj istiyorum", Plea.FEWER),
        ("what can you do?", Plea.HELP),
        ("что это?", Plea.HELP),
        ("你能做什么", Plea.HELP),
        ("what am I following", Plea.TOPICS),
        ("на что я подписан", Plea.TOPICS),
        ("which sources do you have?", Plea.SOURCES),
        ("don't disturb me while I sleep", Plea.NIGHT),
        ("mute at night", Plea.NIGHT),
        ("no messages between 10pm and 7am", Plea.NIGHT),
        ("no messages before 8", Plea.NIGHT),
        ("no alerts on weekends", Plea.WEEKDAYS),
        ("keine Nachrichten nach 22 Uhr", Plea.NIGHT),
        ("schick mir nachts nichts", Plea.NIGHT),
        ("no me molestes por la noche", Plea.NIGHT),
        ("menos mensajes por la noche", Plea.NIGHT),
        ("no quiero alertas los domingos", Plea.NIGHT),
        ("plus de notifications la nuit", Plea.NIGHT),
        ("ne m'envoie rien la nuit", Plea.NIGHT),
        ("meno messaggi di notte", Plea.NIGHT),
        ("não quero mensagens à noite", Plea.NIGHT),
        ("не пиши мне ночью", Plea.NIGHT),
        ("не надо сообщений после 22", Plea.NIGHT),
        ("لا شيء في الليل", Plea.NIGHT),
        ("不要在晚上发消息", Plea.NIGHT),
        ("less alerts pls", Plea.FEWER),
        ("weniger Alarme bitte", Plea.FEWER),
        ("moins de messages svp", Plea.FEWER),
        ("поменьше сообщений", Plea.FEWER),
        ("no máximo 5 por dia", Plea.FEWER),
        ("günde 5ten fazla gönderme", Plea.FEWER),
        ("you're sending way too many messages", Plea.FEWER),
        ("can you send fewer alerts please?", Plea.FEWER),
        ("please send me only the most important news", Plea.FEWER),
        ("solo lo importante", Plea.FEWER),
        ("nicht so viel", Plea.FEWER),
        ("без звука", Plea.SOUND),
        ("delete my account", Plea.FORGET),
        ("no news is good news", None),
        ("no sunday trading", None),
        ("no time to die", None),
        ("no weekend trains after 10pm", None),
        ("news of the day", None),
        ("what is this world", None),
        ("why we sleep", None),
        ("why no news?", None),
        ("night trains", None),
        ("silent night", None),
        ("no night trains", None),
        ("many dead", None),
        ("only fans", None),
        ("stop", None),
        ("news", None),
        ("the", None),
        ("", None),
    ],
)
def test_what_names_no_thing_is_a_plea(words: str, plea: Plea | None) -> None:
    assert read_plea(words) is plea


def test_no_common_word_asks_for_anything_but_why_and_less() -> None:
    common = Path(__file__).parents[1] / "news" / "query" / "common_words.txt"
    words = common.read_text("utf-8").split()
    assert len(words) > 1_000
    asking = {word for word in words if read_plea(word) or read_wish(word)}
    assert asking <= {"why", "porque", "perché", "menos", "weniger", "moins", "meno", "warum"}


@pytest.mark.parametrize(
    ("words", "plea"),
    [
        ("why?", Plea.WHY),
        ("¿por qué?", Plea.WHY),
        ("why this", Plea.WHY),
        ("لماذا؟", Plea.WHY),
        ("more", Plea.MORE),
        ("mehr davon", Plea.MORE),
        ("更多", Plea.MORE),
        ("less of this", Plea.LESS),
        ("not interested", Plea.LESS),
        ("mute this", Plea.LESS),
        ("not this source", Plea.LESS),
        ("interessiert mich nicht", Plea.LESS),
        ("неинтересно", Plea.LESS),
        ("ilgimi çekmiyor", Plea.LESS),
        ("不感兴趣", Plea.LESS),
        ("👎", Plea.LESS),
        ("too many", Plea.LESS),
        ("mute for a week", Plea.LESS),
        ("mute this for a week", Plea.LESS),
        ("don't send me this again", Plea.LESS),
        ("less like this please", Plea.LESS),
        ("I'm not interested in this", Plea.LESS),
        ("duplicate", Plea.LESS),
        ("this is old news", Plea.LESS),
        ("stummschalten", Plea.LESS),
        ("menos de esto", Plea.LESS),
        ("aburrido", Plea.LESS),
        ("silenciar", Plea.LESS),
        ("menos disso", Plea.LESS),
        ("não tenho interesse", Plea.LESS),
        ("moins de ça", Plea.LESS),
        ("plus de ça", Plea.MORE),
        ("ça ne m'intéresse pas", Plea.LESS),
        ("meno di questo", Plea.LESS),
        ("не присылай такое", Plea.LESS),
        ("не хочу такое видеть", Plea.LESS),
        ("غير مهتم", Plea.LESS),
        ("sustur", Plea.LESS),
        ("少发这种", Plea.LESS),
        ("不要这种", Plea.LESS),
        ("静音", Plea.LESS),
        ("more please", Plea.MORE),
        ("tell me more", Plea.MORE),
        ("more about this", Plea.MORE),
        ("mehr dazu", Plea.MORE),
        ("más como esto", Plea.MORE),
        ("更多这样的", Plea.MORE),
        ("mais disso", Plea.MORE),
        ("altro così", Plea.MORE),
        ("bunun gibi daha fazla", Plea.MORE),
        ("neden gönderdin", Plea.WHY),
        ("为什么发这个", Plea.WHY),
        ("thanks", None),
        ("wow ok", None),
        ("Lund Island", None),
        ("is this true?", None),
    ],
)
def test_a_reply_to_an_alert_says_what_is_wanted_of_it(words: str, plea: Plea | None) -> None:
    assert said_of_alert(words) is plea


@pytest.mark.parametrize(
    ("language", "words", "label"),
    [
        ("en", "remove ferry", "Unfollow ferry"),
        ("en", "please unfollow the ferries", "Unfollow ferry"),
        ("en", "no more ferry", "Unfollow ferry"),
        ("de", "entferne ferry", "„ferry“ nicht mehr folgen"),
        ("en", "mute ferry for a week", "/topic mute ferry for a week"),
        ("en", "mute ferry until friday", "/topic mute ferry until friday"),
        ("en", "unmute lottery", "/unmute lottery"),
        ("en", "stop hill radio", "/unsubscribe Hill Radio"),
        ("en", "mute Harbour Post", "/mute source:Harbour Post"),
        ("en", "follow Harbour Post", "/subscribe Harbour Post"),
        ("en", "unfolow ferry", "Unfollow ferry"),
        ("en", "mute ferry, thanks a lot", "/topic mute ferry"),
        ("en", "mute everything for 2 hours", "/mute everything for 2 hours"),
        ("en", "stop alerts until tomorrow", "/mute everything until tomorrow"),
        ("en", "silence for 2 hours", "/mute for 2 hours"),
        ("de", "stumm für 2 Stunden", "/mute für 2 Stunden"),
        ("en", "stop everything", "/stop"),
    ],
)
async def test_what_is_there_is_offered_alone_and_its_button_does_it(
    here: Stage, language: str, words: str, label: str
) -> None:
    for command in ("/topic ferry", "/subscribe Hill Radio", "/mute lottery 2d"):
        await here.ask(command)
    here.languages[ADA_ID] = language
    await here.storage.chats.set_language(ADA_ID, language)
    asked = await here.ask(words)
    assert asked.text in (MEANT, "Meintest du das?")
    assert len(asked.labels) == 1
    if language == "en":
        assert asked.labels == [label]
    before = len(here.messages())
    await here.press(asked, asked.labels[0])
    assert len(here.messages()) > before or asked.text not in (MEANT, "Meintest du das?")


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("unfollow ferry and rugby", ["Unfollow ferry", "Unfollow rugby"]),
        (
            "mute ferry and rugby for a week",
            ["/topic mute ferry for a week", "/topic mute rugby for a week"],
        ),
        ("unfollow everything", ["Pause", "Unfollow all"]),
        ("unsubscribe from all", ["Pause", "Unfollow all"]),
        ("how do I unsubscribe?", ["Pause", "Unfollow all"]),
        ("Unsubscribe me please!", ["Pause", "Unfollow all"]),
        ("как отписаться", ["Pause", "Unfollow all"]),
        ("怎么取消订阅", ["Pause", "Unfollow all"]),
        ("delete all my topics", ["Unfollow all", "All topics", "Pause"]),
        ("delete everything", ["Unfollow all", "Pause", "Delete everything"]),
        (
            "turn off notifications for rugby until monday",
            ["/topic mute rugby until monday"],
        ),
        ("no rugby for a week", ["/topic mute rugby for a week"]),
        ("leave me alone", ["/stop"]),
        ("turn off alerts", ["/stop"]),
        ("أوقف الإشعارات", ["/stop"]),
        ("关闭通知", ["/stop"]),
    ],
)
async def test_several_things_or_all_are_several_offers(
    here: Stage, words: str, labels: list[str]
) -> None:
    await here.ask("/topic ferry")
    await here.ask("/topic rugby")
    asked = await here.ask(words)
    assert (asked.text, asked.labels) == (MEANT, labels)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("no rugby at night", "Unfollow rugby"),
        ("no rugby on weekends", "Unfollow rugby"),
        ("no trains on sunday", "/mute trains"),
        ("no buses after 10pm", "/mute buses"),
        ("unfollow rugby and bananas", "Unfollow rugby"),
    ],
)
async def test_what_was_wanted_for_less_is_never_offered_alone(
    here: Stage, words: str, label: str
) -> None:
    await here.ask("/topic rugby")
    asked = await here.ask(words)
    assert asked.text.startswith(f"Nothing found on {words}.")
    assert asked.labels == [label, "Follow", "Test it"]


@pytest.mark.parametrize(
    ("language", "topic", "words"),
    [
        ("en", "rugby", "Could you please stop sending me news about rugby? Thank you a lot"),
        ("en", "rugby", "turn off rugby"),
        ("en", "rugby", "rugby off"),
        ("en", "rugby", "can u stop rugby alerts pls"),
        ("en", "rugby", "remove rugby from my list"),
        ("de", "Fußball", "Könntest du mir bitte keine Fußballnachrichten mehr schicken?"),
        ("es", "fútbol", "no me mandes más fútbol por favor"),
        ("es", "fútbol", "deja de enviarme fútbol"),
        ("fr", "rugby", "arrête le rugby"),
        ("it", "calcio", "non voglio più calcio"),
        ("it", "calcio", "smetti di mandarmi calcio"),
        ("pt-br", "futebol", "pare de me mandar futebol"),
        ("ru", "футбол", "не присылай мне футбол"),
        ("ru", "футбол", "больше не присылай футбол"),
        ("tr", "futbol", "artık futbol istemiyorum"),
        ("zh-hans", "足球", "别再发足球了"),
    ],
)
async def test_a_topic_is_unfollowed_as_people_ask_for_it(
    here: Stage, language: str, topic: str, words: str
) -> None:
    here.languages[ADA_ID] = language
    await here.ask(f"/topic {topic}")
    asked = await here.ask(words)
    assert len(asked.labels) == 1
    await here.press(asked, asked.labels[0])
    assert await here.storage.chats.topics(ADA_ID) == []


@pytest.mark.parametrize(
    ("language", "topic", "words", "length"),
    [
        ("en", "rugby", "Hi! Please mute the topic rugby for 3 days, I'm away then", 3),
        ("fr", "rugby", "mets le rugby en sourdine pendant une semaine", 7),
        ("zh-hans", "足球", "静音足球一周", 7),
        ("zh-hans", "足球", "屏蔽足球三天", 3),
    ],
)
async def test_a_topic_is_muted_as_people_ask_for_it(
    here: Stage, language: str, topic: str, words: str, length: int
) -> None:
    here.languages[ADA_ID] = language
    await here.ask(f"/topic {topic}")
    asked = await here.ask(words)
    assert len(asked.labels) == 1
    await here.press(asked, asked.labels[0])
    (muted,) = await here.storage.chats.topics(ADA_ID)
    assert round((muted.muted_until - here.clock[0]) / 86_400) == length


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "mute notifications for 2 hours"),
        ("en", "stop alerts for 2 hours"),
        ("en", "pause for 2 hours"),
        ("de", "stumm für 2 Stunden"),
        ("ru", "пауза на 2 часа"),
        ("zh-hans", "静音两小时"),
        ("zh-hans", "暂停两小时"),
    ],
)
async def test_all_is_muted_for_a_time_by_a_press(here: Stage, language: str, words: str) -> None:
    here.languages[ADA_ID] = language
    await here.ask("/topic ferry")
    asked = await here.ask(words)
    assert len(asked.labels) == 1
    await here.press(asked, asked.labels[0])
    chat = await here.storage.chats.get(ADA_ID)
    assert chat
    assert round((chat.habits.paused_until - here.clock[0]) / 3_600) == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Warsaw", "no war"),
        ("Artificial intelligence", "no art"),
        ("Carbon tax", "stop car"),
        ("Manchester United", "no man"),
        ("Ukraine", "no uk"),
        ("Usability", "don't send me us news"),
        ("calcio", "moins de ça"),
    ],
)
async def test_a_few_letters_of_a_name_are_not_its_topic(
    here: Stage, name: str, words: str
) -> None:
    await here.ask(f"/topic {name}")
    assert f"Unfollow {name}" not in (await here.ask(words)).labels


@pytest.mark.parametrize("words", ["no manchester", "no manch", "no manchester united"])
async def test_whole_words_or_four_letters_of_a_name_are_its_topic(here: Stage, words: str) -> None:
    await here.ask("/topic Manchester United")
    assert (await here.ask(words)).labels == ["Unfollow Manchester United"]


async def test_a_part_of_a_word_is_no_source(here: Stage) -> None:
    await here.ask("/subscribe Hill Radio")
    assert (await here.ask("no radio")).labels == ["/unsubscribe Hill Radio"]
    assert "/unsubscribe Hill Radio" not in (await here.ask("no rad")).labels


NEVER_MUTED = """
don't send me anything at night|I don't want to miss the election|no more alerts after 10pm
mute between 22 and 7|no alerts today|no alerts on weekends|no news on sundays|mute this for a week
don't send me this again|less like this please|unfollow both|stop messages|less alerts pls
keine Nachrichten nach 22 Uhr|keine Nachrichten am Wochenende|weniger Alarme bitte
no me envíes nada por la noche|no quiero ser madre|no quiero recibir más mensajes|menos de esto
plus de notifications la nuit|moins de messages svp|plus de 100 morts|moins de 20 ans
plus de ça|meno di questo|meno messaggi di notte|non voglio essere trovato
no máximo 5 por dia|menos disso|não quero mensagens à noite|sem som
не хочу воевать|не хочу получать сообщения ночью|не присылай больше сообщений
не присылай такое|не надо сообщений после 22|без звука|не хочу такое видеть
günde 5ten fazla gönderme|Ukrayna'da ne var ne yok?|لا أريد رسائل|أوقف كل شيء
不要发了|不要发消息|不想看新闻|少发这种|不要这种|不要在晚上发消息|不要
"""


@pytest.mark.parametrize("words", NEVER_MUTED.strip().replace("\n", "|").split("|"))
async def test_what_names_no_thing_is_never_muted(here: Stage, words: str) -> None:
    asked = await here.ask(words)
    assert not [each for each in asked.labels if each.startswith("/mute")]


HEADLINES = (Path(__file__).parent / "invented_headlines.txt").read_text("utf-8").splitlines()


def test_there_are_fifty_headlines_in_ten_languages() -> None:
    assert len(HEADLINES) >= 50
    assert len({line.split("\t")[0] for line in HEADLINES}) >= 10


@pytest.mark.parametrize("line", HEADLINES)
async def test_a_headline_is_looked_for_and_no_wish(here: Stage, line: str) -> None:
    _, headline = line.split("\t")
    for topic in ("Warsaw", "Portugal", "Night", "Nothing new"):
        await here.ask(f"/topic {topic}")
    asked = await here.ask(headline)
    assert asked.text.startswith("Nothing found on ")
    assert "Follow" in asked.labels
    assert not [each for each in asked.labels if each.startswith(("/", "Unfollow"))]


async def test_what_is_left_over_is_muted_without_what_alerts_are_called(here: Stage) -> None:
    assert "/mute russia" in (await here.ask("stop messages from russia")).labels


async def test_a_part_of_a_name_may_be_a_word_too(here: Stage) -> None:
    assert (await here.ask("mute harbour")).labels == ["/mute source:Harbour Post", "/mute harbour"]
    assert (await here.ask("follow harbour")).labels == [
        "/subscribe Harbour Post", "/topic harbour",
    ]  # fmt: skip


async def test_a_wish_is_done_by_its_button_alone(here: Stage) -> None:
    await here.ask("/topic ferry")
    asked = await here.ask("remove ferry")
    assert len(await here.storage.chats.topics(ADA_ID)) == 1
    await here.press(asked, "Unfollow ferry")
    assert await here.storage.chats.topics(ADA_ID) == []
    assert asked.labels == ["Undo", "All topics"]
    back = await here.ask("no, undo")
    assert back.text.startswith("ferry\n")
    assert len(await here.storage.chats.topics(ADA_ID)) == 1
    assert (await here.ask("undo")).text == "Too late to undo."


async def test_an_edit_undoes_nothing(here: Stage) -> None:
    await here.ask("/topic ferry")
    await here.ask("/topic remove ferry")
    number = await here.say("bridge")
    await here.say("undo", edits=number)
    assert here.messages()[-1].text == "Send it again to apply it."
    assert await here.storage.chats.topics(ADA_ID) == []


async def test_what_was_done_long_ago_is_not_undone(here: Stage) -> None:
    await here.ask("/topic ferry")
    await here.ask("/topic remove ferry")
    here.clock[0] += 61
    assert (await here.ask("bring it back")).text == "Too late to undo."
    assert await here.storage.chats.topics(ADA_ID) == []


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("mute swan", "/mute swan"),
        ("no deal", "/mute deal"),
        ("no more heroes", "/mute heroes"),
        ("basta plastica", "/mute plastica"),
    ],
)
async def test_what_may_be_a_search_can_be_followed_too(
    here: Stage, words: str, label: str
) -> None:
    asked = await here.ask(words)
    assert asked.text == f"Nothing found on {words}.\n{MEANT}"
    assert asked.labels == [label, "Follow", "Test it"]
    await here.press(asked, "Follow")
    here.alert(f"Following {words}.")


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("mute rugby", "/mute rugby"),
        ("no rugby", "/mute rugby"),
        ("no sports", "/mute sports"),
        ("unfollow cricket", "/mute cricket"),
        ("I don't want politics", "/mute politics"),
        ("don't send me sports", "/mute sports"),
        ("keine Politik mehr", "/mute Politik"),
        ("我不要足球", "/mute 足球"),
    ],
)
async def test_what_is_not_followed_is_looked_for_and_can_be_muted(
    here: Stage, words: str, label: str
) -> None:
    asked = await here.ask(words)
    assert asked.text == f"Nothing found on {words}.\n{MEANT}"
    assert asked.labels == [label, "Follow", "Test it"]


async def test_words_that_stories_have_are_a_search_with_the_wish_below(here: Stage) -> None:
    await here.publish("Mute swan nests in the harbour", "Follow the money, says the mayor")
    swan = await here.ask("mute swan")
    assert swan.text.startswith("Latest on mute swan")
    assert swan.labels == ["Follow", "Test it", "/mute swan"]
    money = await here.ask("follow the money")
    assert money.text.startswith("Latest on follow the money")
    assert money.labels == ["Follow", "Test it", "/topic the money"]
    await here.ask("/topic no sports: swan")
    assert "Mute swan" in (await here.ask("no sports")).text


@pytest.mark.parametrize("words", ["remove Assad", "stop and search", "unmute rugby"])
async def test_a_verb_before_what_is_not_there_is_a_search(here: Stage, words: str) -> None:
    asked = await here.ask(words)
    assert asked.text.startswith(f"Nothing found on {words}.")
    assert asked.labels == ["Follow", "Test it"]


@pytest.mark.parametrize("words", ["follow the ferry", "关注ferry", "ferry takip et", "add ferry"])
async def test_to_follow_a_thing_shows_it_with_the_button(here: Stage, words: str) -> None:
    await here.publish(FERRY)
    found = await here.ask(words)
    assert FERRY in found.text
    await here.press(found, "Follow")
    here.alert("Following")


async def test_who_wants_fewer_alerts_is_shown_what_there_is(here: Stage) -> None:
    fewer = await here.ask("too many messages")
    assert fewer.text == "Fewer alerts\nAt once · UTC 08:00"
    assert fewer.labels == [
        "When: At once", "Daily limit: none", "Quiet hours: off", "Topics", "Muted", "Pause",
    ]  # fmt: skip
    await here.press(fewer, "Daily limit: none")
    assert fewer.text.startswith("Daily limit\n")
    night = await here.ask("not at night")
    await here.press(night, "22:00–07:00")
    chat = await here.storage.chats.get(ADA_ID)
    assert chat is not None
    assert chat.habits.quiet == (22 * 60, 7 * 60)


async def test_in_a_group_only_what_is_said_to_the_bot_is_a_wish(here: Stage) -> None:
    await here.ask("/topic ferry", GROUP)
    for words in ("remove ferry", "too many messages", "why?"):
        await here.say(words, GROUP)
    assert len(here.messages(GROUP)) == 1
    asked = await here.ask(f"Hey @{BOT_NAME}, remove ferry", GROUP)
    assert asked.labels == ["Unfollow ferry"]
    only = "Only administrators can change that."
    assert await here.press(asked, "Unfollow ferry", user=BEN_ID) == only
    assert (await here.ask(f"@{BOT_NAME} remove ferry", GROUP, user=BEN_ID)).text == only
    here.clock[0] += 600
    assert len(await here.storage.chats.topics(GROUP)) == 1
    fewer = await here.ask(f"@{BOT_NAME} too many messages", GROUP, user=BEN_ID)
    assert fewer.labels == []
    await here.press(asked, "Unfollow ferry")
    assert await here.storage.chats.topics(GROUP) == []
    assert (await here.ask(f"@{BOT_NAME} undo", GROUP, user=BEN_ID)).text == only
    assert await here.storage.chats.topics(GROUP) == []


async def test_replies_in_words_to_an_alert_are_about_it(here: Stage) -> None:
    await here.ask("/topic ferry")
    await here.publish(FERRY)
    await deliver(here)
    alert = here.alert(FERRY)
    of_us = {"id": BOT_ID, "is_bot": True, "first_name": "Stage"}
    reply: dict[str, Any] = {
        "reply_to_message": {
            "message_id": alert.id, "date": 1, "text": alert.text, "from": of_us,
            "chat": {"id": ADA_ID, "type": "private", "first_name": "Somebody"},
        }
    }  # fmt: skip
    why = await here.ask("why this?", **reply)
    assert why.text.startswith("Why this alert\nTopic ferry")
    less = await here.ask("not interested", **reply)
    assert less.text == FERRY
    assert less.labels[2:] == [
        "More like this", "Less like this", "Mute this story", "Mute Harbour Post",
        "Unfollow ferry", "Close",
    ]  # fmt: skip
    before = len(here.messages())
    await here.press(less, "Why?")
    assert here.messages()[before].text == why.text
    for words in ("mute this", "don't send me this again", "不要这种"):
        assert (await here.ask(words, **reply)).labels == less.labels
    assert (await here.ask("more", **reply)).text.startswith("More like this\n")
    assert FERRY in (await here.ask("Lund Island", **reply)).text
    assert (await here.ask("thanks", **reply)).text == "You're welcome."
    assert (await here.ask("mute this")).text != FERRY
    await here.press(less, "Mute this story")
    assert less.labels == ["Options"]


async def test_questions_about_the_bot_are_answered_by_it(here: Stage) -> None:
    assert (await here.ask("hi, what can you do?")).text.startswith("What I can do here")
    assert (await here.ask("what am I following?")).text.startswith("Topics")
    assert (await here.ask("which sources do you have?")).text.startswith("Sources")


async def test_no_turns_what_follows_round_and_is_no_greeting(here: Stage) -> None:
    await here.publish("El deporte vuelve al puerto")
    assert "/mute deportes" in (await here.ask("no quiero deportes")).labels
    assert "/mute deportes" in (await here.ask(f"no @{BOT_NAME} deportes", GROUP)).labels


async def test_why_without_an_alert_says_how_to_ask(here: Stage) -> None:
    assert (await here.ask("why did I get this?")).text.startswith("Reply to an alert with /why")


async def test_the_name_of_a_channel_is_no_search(here: Stage) -> None:
    said = await here.ask("@evening_news")
    assert said.text.replace("\u2060", "") == (
        "I can't follow t.me. Send a site that has the same news.\n"
        "To manage a channel of yours, forward a post of it to me."
    )
    await here.press(said, "Channels")
    assert said.text.startswith("Your channels")


@pytest.mark.parametrize(
    "words", ["how do I add you to a group?", "I want to set up my channel", "manage my channel"]
)
async def test_how_the_bot_comes_to_other_chats_is_said(here: Stage, words: str) -> None:
    said = (await here.ask(words)).text
    assert said.startswith("Your channels")
    assert "make me its administrator" in said
    assert "To a group: add me as a member." in said


async def test_what_can_only_be_a_setting_or_a_command_is_offered_alone(here: Stage) -> None:
    for words in ("at most 3 a day", "stop"):
        said = await here.ask(f"@{BOT_NAME} {words}", GROUP)
        assert (said.text, len(said.labels)) == ("Did you mean this?", 1), words


async def test_a_word_for_here_is_left_out_of_what_is_to_be_followed(here: Stage) -> None:
    offered = await here.ask("follow rugby here")
    assert offered.text.startswith("Nothing found on rugby.")
    await here.press(offered, "Follow")
    (topic,) = await here.storage.chats.topics(ADA_ID)
    assert topic.query == "rugby"
    assert (await here.ask("post malone here")).text.startswith("Nothing found on post malone here")


async def test_a_topic_is_moved_in_words(here: Stage) -> None:
    thread = {"is_topic_message": True, "message_thread_id": 7}
    await here.ask("/topic ferry", GROUP)
    await here.ask("/topic move ferry here", GROUP, **thread)
    (topic,) = await here.storage.chats.topics(GROUP)
    assert topic.thread_id == 7
    asked = await here.ask("/topic move bridge here", GROUP, **thread)
    assert "Which topic do you want to move?" in asked.text
    assert len(await here.storage.chats.topics(GROUP)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "only weekdays", "only on weekdays please", "no news on weekends", "monday to friday only",
        "don't write on weekends", "nur werktags", "keine Nachrichten am Wochenende",
        "solo entre semana", "no me escribas los fines de semana", "seulement en semaine",
        "pas de news le week-end", "só dias úteis", "solo nei giorni feriali", "только по будням",
        "не пиши на выходных", "лише у будні", "sadece hafta içi", "hafta sonu mesaj gönderme",
        "hanya hari kerja", "只在工作日", "周末不要发",
    ],
)  # fmt: skip
async def test_who_wants_no_alerts_on_weekends_is_offered_a_digest_on_weekdays(
    here: Stage, words: str
) -> None:
    await here.say("/subscribe")
    asked = await here.ask(words)
    assert asked.text.startswith("Alerts can't skip days, but a digest can")
    assert asked.labels == ["Weekdays, 08:00", "/stop weekend"]
    await here.press(asked, "Weekdays, 08:00")
    chat = await here.storage.chats.get(ADA_ID)
    assert chat
    assert (chat.habits.days, chat.habits.digest) == ((0, 1, 2, 3, 4), (480,))


@pytest.mark.parametrize(
    "words",
    [
        "stop it for the weekend", "pause for the weekend", "mute for the weekend",
        "turn off for the weekend", "stop alerts this weekend", "Pause übers Wochenende",
        "páralo el fin de semana", "arrête pour le week-end", "pausa per il weekend",
        "pausar no fim de semana", "пауза на выходные", "останови на выходные", "hafta sonu durdur",
        "周末停一下", "暂停这个周末",
    ],
)  # fmt: skip
async def test_a_pause_for_the_weekend_ends_on_monday(here: Stage, words: str) -> None:
    await here.say("/topic ferry")
    asked = await here.ask(words)
    assert len(asked.labels) == 1
    await here.press(asked, asked.labels[0])
    chat = await here.storage.chats.get(ADA_ID)
    assert chat
    ends = datetime.fromtimestamp(chat.habits.paused_until, UTC)
    assert f"{ends:%a %H:%M}" == "Mon 00:00"


@pytest.mark.parametrize(
    "words",
    ["weekend", "weekend box office", "only football on weekends", "the weekend in pictures",
     "no school on weekends", "stop the war this weekend", "Wochenende in Berlin",
     "выходные в Москве", "周末票房", "weekdays", "working weekends"],
)  # fmt: skip
def test_news_of_a_weekend_asks_for_nothing(words: str) -> None:
    assert read_plea(words) is None
    wish = read_wish(words)
    assert wish is None or wish.deed is Deed.SPARE


async def test_the_words_for_a_weekend_are_never_muted(here: Stage) -> None:
    asked = await here.ask("/mute for the weekend")
    assert asked.text.startswith("Paused until")
    assert await here.storage.chats.mutes(ADA_ID, here.clock[0]) == []
    await here.ask("/mute lottery this weekend")
    (muted,) = await here.storage.chats.mutes(ADA_ID, here.clock[0])
    assert muted.shown == "lottery"
    assert f"{datetime.fromtimestamp(muted.until, UTC):%a %H:%M}" == "Mon 00:00"


@pytest.mark.parametrize(
    "words",
    [
        "how do I stop this?", "I want to leave", "clear all", "unsubscribe all",
        "wie stelle ich das ab?", "cómo paro esto", "comment arrêter ça ?", "voglio uscire",
        "quero sair", "как это остановить?", "хочу відписатися", "çıkmak istiyorum",
        "كيف أوقف هذا؟", "لغو اشتراک", "אני רוצה להפסיק", "सदस्यता रद्द करो", "saya mau berhenti",
        "我要退出",
    ],
)  # fmt: skip
async def test_who_wants_to_leave_is_offered_a_pause_and_to_unfollow_all(
    here: Stage, words: str
) -> None:
    await here.say("/topic ferry")
    asked = await here.ask(words)
    assert (asked.text, asked.labels) == (MEANT, ["Pause", "Unfollow all"])
    await here.press(asked, "Unfollow all")
    assert asked.text == "Following: 1 topic"
    assert asked.labels == ["Pause", "Unfollow all", "Keep it all"]
    assert len(await here.storage.chats.topics(ADA_ID)) == 1
    await here.press(asked, "Unfollow all")
    assert asked.text == "This chat no longer follows 1 topic."
    assert await here.storage.chats.topics(ADA_ID) == []


async def test_what_was_followed_since_is_asked_about_before_all_is_unfollowed(
    here: Stage,
) -> None:
    await here.say("/topic ferry")
    asked = await here.ask("/unsubscribe all")
    await here.ask("/topic bridge")
    await here.press(asked, "Unfollow all")
    assert asked.text == "Following: 2 topics"
    assert len(await here.storage.chats.topics(ADA_ID)) == 2
    await here.press(asked, "Unfollow all")
    assert await here.storage.chats.topics(ADA_ID) == []


@pytest.mark.parametrize(
    "words",
    ["please stop", "stop please", "Schluss", "ya basta", "ça suffit",
     "basta così", "já chega", "перестань", "досить", "yeter artık", "بس کن", "מספיק",
     "बंद करो", "रुको", "够了"],
)  # fmt: skip
async def test_who_has_enough_is_offered_to_stop(here: Stage, words: str) -> None:
    await here.say("/topic ferry")
    asked = await here.ask(words)
    assert (asked.text, asked.labels) == (MEANT, ["/stop"])


@pytest.mark.parametrize("words", ["enough", "quit", "assez", "genug", "cukup", "قف"])
async def test_what_may_be_a_name_too_can_be_followed_beside_that(here: Stage, words: str) -> None:
    assert (await here.ask(words)).labels == ["/stop", "Follow", "Test it"]


@pytest.mark.parametrize("words", ["Chega", "مرسي"])
async def test_a_party_and_a_person_are_looked_for(here: Stage, words: str) -> None:
    assert (await here.ask(words)).labels == ["Follow", "Test it"]


@pytest.mark.parametrize(
    "words",
    ["enough is enough film", "stop the war", "quit smoking", "I want to leave the EU",
     "how do i stop snoring", "genug Gas", "хватит ли газа", "cukup bulan", "leave campaign",
     "रुको ना दिल"],
)  # fmt: skip
def test_news_with_such_words_is_not_somebody_who_leaves(words: str) -> None:
    wish = read_wish(words)
    assert wish is None or wish.thing != "everything"


async def test_all_is_unfollowed_by_commands_after_asking(here: Stage) -> None:
    for command in ("/topic ferry", "/topic football", "/subscribe Hill Radio"):
        await here.ask(command)
    for words in ("/topic remove all", "/topic remove all topics"):
        asked = await here.ask(words)
        assert asked.text == "Following: 2 topics"
    await here.press(asked, "Keep it all")
    assert len(await here.storage.chats.topics(ADA_ID)) == 2
    asked = await here.ask("remove all topics")
    await here.press(asked, "Unfollow all")
    await here.press(asked, "Unfollow all")
    assert asked.text.splitlines() == [
        "This chat no longer follows 2 topics.", "It still follows 1 source."
    ]  # fmt: skip
    asked = await here.ask("/unsubscribe everything")
    assert asked.text == "Following: 1 source"
    await here.press(asked, "Unfollow all")
    assert await here.storage.chats.subscriptions(ADA_ID) == []
    assert (await here.ask("/unsubscribe all")).text.startswith("This chat follows nothing yet.")
    assert (await here.ask("/topic remove all")).text == "No topics are followed yet."


async def test_a_topic_that_is_called_all_is_removed_by_its_name(here: Stage) -> None:
    await here.ask("/topic All: ferry")
    assert (await here.ask("/topic remove all")).text == "All removed."


@pytest.mark.parametrize("command", ["/delete ferry", "/drop ferry", "/unfollow ferry"])
async def test_a_command_that_there_is_not_does_what_its_words_say(
    here: Stage, command: str
) -> None:
    await here.ask("/topic ferry")
    asked = await here.ask(command)
    await here.press(asked, asked.labels[0])
    assert await here.storage.chats.topics(ADA_ID) == []
    assert "/forget" in (await here.ask("/delete my account")).labels


async def test_members_of_a_group_unfollow_nothing(here: Stage) -> None:
    await here.ask("/topic ferry", GROUP)
    asked = await here.ask("/topic remove all", GROUP)
    assert await here.press(asked, "Unfollow all", BEN_ID) == "Only administrators can change that."
    assert len(await here.storage.chats.topics(GROUP)) == 1


@pytest.mark.parametrize(
    "words",
    ["not so many", "slow down", "I get too many messages from you", "nicht so viele",
     "zu viele Nachrichten von dir", "no tantas", "demasiados mensajes de ti", "pas tant",
     "trop de messages de toi", "non così tante", "nem tanto", "не так много", "не так часто",
     "не так багато", "bu kadar çok değil", "ليس بهذا القدر", "کمتر بفرست", "לא כל כך הרבה",
     "इतने ज़्यादा नहीं", "jangan terlalu sering", "不要这么多", "慢一点"],
)  # fmt: skip
def test_who_gets_too_much_wants_fewer_alerts(words: str) -> None:
    assert read_plea(words) is Plea.FEWER


@pytest.mark.parametrize(
    "words", ["slow down of the economy", "not so many wolves left", "too many from the sea",
              "too many messages from the dead", "не так много снега"]
)  # fmt: skip
def test_news_with_such_words_wants_none(words: str) -> None:
    assert read_plea(words) is None


@pytest.mark.parametrize(
    "words",
    ["why no alerts?", "where are my alerts", "nothing comes", "warum kommt nichts?",
     "no me llega nada", "je ne reçois rien", "non arriva niente", "não chega nada",
     "почему ничего не приходит?", "нічого не приходить", "bildirim gelmiyor", "لا يصلني شيء",
     "چیزی نمی‌آید", "למה אין התראות", "कुछ नहीं आ रहा", "tidak ada yang datang", "收不到提醒"],
)  # fmt: skip
async def test_who_gets_nothing_is_shown_how_it_goes(here: Stage, words: str) -> None:
    assert (await here.ask(words)).text.startswith("Alerts are on\n")


@pytest.mark.parametrize(
    "words",
    ["that's wrong", "wrong topic", "not so many", "falsches Thema", "tema equivocado",
     "mauvais sujet", "argomento sbagliato", "tema errado", "не та тема", "це не те",
     "yanlış konu", "هذا خطأ", "این اشتباه است", "זה לא נכון", "गलत विषय", "topik salah", "不对"],
)  # fmt: skip
def test_who_finds_an_alert_wrong_wants_less_of_it(words: str) -> None:
    assert said_of_alert(words) is Plea.LESS


@pytest.mark.parametrize(
    ("words", "plea"),
    [
        ("warum hast du mir das geschickt?", Plea.WHY), ("¿por qué me mandas esto?", Plea.WHY),
        ("pourquoi tu m'envoies ça ?", Plea.WHY), ("perché mi mandi questo?", Plea.WHY),
        ("por que você me mandou isso?", Plea.WHY), ("зачем ты мне это прислал?", Plea.WHY),
        ("навіщо ти мені це надіслав?", Plea.WHY), ("لماذا أرسلت لي هذا؟", Plea.WHY),
        ("למה שלחת לי את זה", Plea.WHY), ("为什么发这个给我", Plea.WHY),
        ("gece bildirim gelmesin", Plea.NIGHT), ("रात को सूचना मत भेजो", Plea.NIGHT),
        ("كيف يعمل هذا؟", Plea.HELP), ("यह कैसे काम करता है?", Plea.HELP),
        ("bu nasıl çalışıyor?", Plea.HELP), ("这个怎么用", Plea.HELP),
    ],
)  # fmt: skip
def test_what_english_can_ask_other_languages_can(words: str, plea: Plea) -> None:
    assert read_plea(words) is plea


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("क्रिकेट फ़ॉलो करो", Spoken(Deed.FOLLOW, "क्रिकेट")),
        ("क्रिकेट मत भेजो", Spoken(Deed.SPARE, "क्रिकेट")),
        ("क्रिकेट हटाओ", Spoken(Deed.REMOVE, "क्रिकेट")),
        ("daha az spor", Spoken(Deed.SPARE, "spor")),
    ],
)
def test_a_wish_in_hindi_and_turkish_is_one(words: str, wish: Spoken) -> None:
    assert read_wish(words) == wish
