"""Forums: in which thread something is followed, how that is said, and that nothing is done to what
another thread follows.
"""

from typing import Any

import pytest

from bot.news.chat import Topic
from handlers.routing.whereabouts import in_thread, moved, without_here
from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, Shown, Stage

SCIENCE, NEWS = 7, 8
NAMES = {SCIENCE: "Science", NEWS: "News"}


def in_(thread: int) -> dict[str, Any]:
    """What makes a message one of a thread, as Telegram has it where the thread has a name."""
    there = {"message_thread_id": thread, "is_topic_message": True}
    return there | {"reply_to_message": _opened(thread)} if thread in NAMES else there


def _opened(thread: int, name: str = "") -> dict[str, Any]:
    return {
        "message_id": thread, "date": 0, "message_thread_id": thread, "is_topic_message": True,
        "chat": {"id": GROUP, "type": "supergroup", "title": "A chat"},
        "forum_topic_created": {"name": name or NAMES[thread], "icon_color": 7322096},
    }  # fmt: skip


async def _topics(here: Stage) -> list[Topic]:
    return await here.storage.chats.topics(GROUP)


async def _where(here: Stage) -> list[tuple[str, int]]:
    return [(each.name, each.thread_id) for each in await _topics(here)]


async def _press(here: Stage, shown: Shown, label: str, thread: int) -> str:
    return await here.press_data(shown, dict(shown.buttons)[label], **in_(thread))


async def _tells(here: Stage, what: dict[str, Any], thread: int) -> None:
    there = {"message_thread_id": thread, "is_topic_message": True}
    await here.send(what | there | {"from": {"id": BEN_ID, "is_bot": False, "first_name": "Ben"}},
                    GROUP)  # fmt: skip


# Names


async def test_a_thread_is_named_by_what_telegram_tells_of_it(here: Stage) -> None:
    await here.ask("/topic glaciers", GROUP, **in_(SCIENCE))
    assert await here.storage.threads.names(GROUP) == {SCIENCE: "Science"}
    await _tells(here, {"forum_topic_created": {"name": "Sport", "icon_color": 1}}, 9)
    await _tells(here, {"forum_topic_edited": {"name": "Physics <b>"}}, SCIENCE)
    # What opened a thread says how it was called then.
    await here.ask("/topic", GROUP, **in_(SCIENCE))
    await _tells(here, {"forum_topic_edited": {"icon_custom_emoji_id": "1"}}, SCIENCE)
    await _tells(here, {"forum_topic_edited": {"name": "x" * 200}}, 9)
    names = await here.storage.threads.names(GROUP)
    assert (names[SCIENCE], len(names[9])) == ("Physics <b>", 128)
    listed = await here.ask("/topic", GROUP)
    assert listed.labels[0] == "glaciers · in Physics <b>"
    page = await here.turned(listed, "glaciers · in Physics <b>")
    assert "Its alerts come to the thread Physics <b>." in page.text
    assert "Physics &lt;b&gt;" in page.html


async def test_a_button_shows_the_thread_beside_a_long_name(here: Stage) -> None:
    there = in_(31) | {"reply_to_message": _opened(31, "Everything about the sea")}
    await here.ask("/topic Ferries and boats of Lund Island: ferry", GROUP, **there)
    (label, *_) = (await here.ask("/topic", GROUP)).labels
    assert label == "Ferries and boats… · in Everything abou…"


async def test_names_of_threads_go_with_the_chat(here: Stage) -> None:
    await here.ask("/topic glaciers", GROUP, **in_(SCIENCE))
    asked = await here.ask("/forget", GROUP)
    await here.press(asked, "Delete everything")
    assert await here.storage.threads.names(GROUP) == {}
    await _tells(here, {"forum_topic_edited": {"name": "Physics"}}, SCIENCE)
    assert await here.storage.chats.get(GROUP) is None
    assert await here.storage.threads.names(GROUP) == {}


async def test_what_is_stored_names_threads(here: Stage) -> None:
    assert "What its threads are called" in (await here.ask("/privacy", GROUP)).text


async def test_a_list_says_what_comes_elsewhere_though_nothing_comes_here(here: Stage) -> None:
    await here.ask("/topic rugby", GROUP, **in_(30))
    assert (await here.ask("/topic", GROUP, **in_(31))).labels[0] == "rugby · elsewhere"
    await here.ask("/topic ferry", GROUP)
    await here.ask("/topic mute ferry 8h", GROUP)
    listed = await here.ask("/topic", GROUP, **in_(30))
    assert listed.labels[:2] == ["rugby · this thread", "ferry · main thread · muted"]


async def test_the_main_thread_of_a_forum_is_one_too(here: Stage) -> None:
    page = await here.ask("/topic ferry", GROUP)
    await here.press(page, "Options")
    assert "Thread" not in page.labels
    await here.ask("/topic glaciers", GROUP, **in_(SCIENCE))
    page = await here.turned(await here.ask("/topic", GROUP), "ferry · this thread")
    assert "Its alerts come to this thread." in page.text
    await here.press(page, "Thread")
    assert "send this in another thread: /topic ferry" in page.text


# What another thread follows


@pytest.mark.parametrize(
    ("command", "question", "does"),
    [
        ("/topic remove glaciers", "Which topic do you want to remove?", "glaciers removed."),
        ("/topic mute glaciers 2d", "Which topic do you want to mute?", "Muted until"),
        ("/topic unmute glaciers", "Which topic do you want to unmute?", "At once"),
        ("/topic rename glaciers: Weather", "Which topic do you want to rename?", "NEW NAME"),
        ("/cap glaciers 3", "Which topic is the limit for?", "At most this many"),
    ],
)
@pytest.mark.parametrize("thread", [0, NEWS])
async def test_what_another_thread_follows_is_asked_about(
    here: Stage, command: str, question: str, does: str, thread: int
) -> None:
    await here.ask("/topic glaciers", GROUP, **in_(SCIENCE))
    (before,) = await _topics(here)
    where = in_(thread) if thread else {}
    asked = await here.ask(command, GROUP, **where)
    assert asked.text == f"glaciers is a topic in the thread Science.\n{question}"
    assert asked.labels == ["glaciers · in Science", "All topics"]
    assert await _topics(here) == [before]
    await here.press_data(asked, asked.buttons[0][1], **where)
    assert does in asked.text


async def test_a_second_removal_does_not_take_the_one_of_another_thread(here: Stage) -> None:
    await here.ask("/topic glaciers", GROUP, **in_(SCIENCE))
    await here.press_data(
        asked := await here.ask("/topic glaciers", GROUP, **in_(NEWS)),
        dict(asked.buttons)["Follow here too"],
        **in_(NEWS),
    )
    for _ in range(2):
        await here.ask("/topic remove glaciers", GROUP, **in_(NEWS))
    assert await _where(here) == [("glaciers", SCIENCE)]


async def test_the_buttons_of_plain_words_name_the_thread(here: Stage) -> None:
    await here.ask("/topic glaciers", GROUP, **in_(SCIENCE))
    offered = await here.ask("@stage_bot unfollow glaciers", GROUP, **in_(NEWS))
    assert "Unfollow glaciers · in Science" in offered.labels


async def test_ready_made_topics_are_those_of_the_thread(here: Stage) -> None:
    page = await here.turned(await here.ask("/topic", GROUP, **in_(SCIENCE)), "Ready-made topics")
    await _press(here, page, "Health", SCIENCE)
    assert await _where(here) == [("Health", SCIENCE)]
    page = await here.ask("/topic", GROUP, **in_(NEWS))
    await _press(here, page, "Ready-made topics", NEWS)
    assert "Health" in page.labels
    await _press(here, page, "Health", NEWS)
    assert page.text.startswith("Health is a topic in the thread Science.")
    assert await _where(here) == [("Health", SCIENCE)]
    assert await _press(here, page, "Follow here too", NEWS) == "Followed here too."
    assert await _where(here) == [("Health", SCIENCE), ("Health", NEWS)]
    await here.press_data(page, "v1:presets:0", **in_(NEWS))
    await _press(here, page, "✓ Health", NEWS)
    assert await _where(here) == [("Health", SCIENCE)]


async def test_a_tick_of_another_thread_ends_nothing_and_says_so(here: Stage) -> None:
    page = await here.turned(await here.ask("/topic", GROUP, **in_(SCIENCE)), "Ready-made topics")
    await _press(here, page, "Health", SCIENCE)
    note = await here.press_data(page, "v1:preset:health:0:", **in_(NEWS))
    assert note == "This thread does not follow Health."
    assert await _where(here) == [("Health", SCIENCE)]
    for _ in range(2):
        note = await here.press_data(page, "v1:preset:health:0:", **in_(SCIENCE))
        assert note == "Unfollowed Health."


async def test_a_link_follows_in_the_thread_in_which_it_was_opened(here: Stage) -> None:
    for thread in (SCIENCE, NEWS):
        await here.ask("/start topic_health", **in_(thread))
    followed = await here.storage.chats.topics(ADA_ID)
    assert [(each.name, each.thread_id) for each in followed] == [
        ("Health", SCIENCE),
        ("Health", NEWS),
    ]


async def test_words_of_ones_own_stay_though_another_thread_has_the_ready_made_ones(
    here: Stage,
) -> None:
    await here.ask("/topic Health: doctors", GROUP, **in_(SCIENCE))
    page = await here.ask("/topic", GROUP, **in_(NEWS))
    await _press(here, page, "Ready-made topics", NEWS)
    await _press(here, page, "Health", NEWS)
    await _press(here, page, "Follow here too", NEWS)
    asked = await here.ask("/start topic_health", GROUP, **in_(30))
    assert asked.labels == ["Health · in Science", "Health · in News"]
    await _press(here, asked, "Health · in Science", 30)
    await _press(here, asked, "Follow here too", 30)
    mine, *ready = await _topics(here)
    assert (mine.query, [each.thread_id for each in ready]) == ("doctors", [NEWS, 30])
    assert "doctors" not in [each.query for each in ready]


async def test_of_several_elsewhere_the_one_to_move_is_asked_for(here: Stage) -> None:
    await here.ask("/topic Boats: ferry", GROUP, **in_(SCIENCE))
    asked = await here.ask("/topic Boats: tram", GROUP, **in_(NEWS))
    await _press(here, asked, "Follow here too", NEWS)
    for command in ("/topic Boats", "/topic move Boats here"):
        asked = await here.ask(command, GROUP, **in_(30))
        assert asked.text.startswith("2 topics fit Boats.\n")
        assert asked.labels[:2] == ["Boats · in Science", "Boats · in News"]
    asked = await here.ask("/topic Boats", GROUP, **in_(30))
    await _press(here, asked, "Boats · in News", 30)
    assert asked.text.startswith("Boats is a topic in the thread News.")
    await _press(here, asked, "Move here", 30)
    assert await _where(here) == [("Boats", SCIENCE), ("Boats", 30)]


# A place behind a topic


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("rugby here", "rugby"), ("ferry in this thread", "ferry"),
        ("ferry in this group", "ferry"), ("Boats: ferry here", "Boats"),
        ('"rare earth" here', '"rare earth"'),
    ],
)  # fmt: skip
async def test_a_word_for_here_is_no_word_to_look_for(here: Stage, said: str, name: str) -> None:
    answer = (await here.ask(f"/topic {said}", GROUP, **in_(NEWS))).text
    assert f"Following {name}." in answer
    assert ("It looks for: ferry" in answer) is (name == "Boats")
    assert await _where(here) == [(name, NEWS)]
    assert "here" not in (await _topics(here))[0].query.split()


async def test_a_word_for_here_is_one_of_the_language_of_the_chat(here: Stage) -> None:
    await here.ask("/topic", GROUP)
    for language, said, name in (("fr", "vote hier", "vote hier"), ("de", "Ernte hier", "Ernte")):
        await here.storage.chats.set_language(GROUP, language)
        await here.ask(f"/topic {said}", GROUP)
        assert (name, 0) in await _where(here)


@pytest.mark.parametrize(
    "query",
    [
        "fires in Spain", "made in China", "here", '"out of here"', "ferry OR here", "train -here",
        "rugby near here", "rugby / here", "Nokia HERE", "Radio ICI", "vote -in Science",
        "women in science", '"women in science"', '"women in the thread science"',
        "rescue OR war in Science", "war in the Science", "science in News", "ferry in Sport",
        "ferry OR in the thread Science",
    ],
)  # fmt: skip
async def test_what_a_query_says_of_places_stays(here: Stage, query: str) -> None:
    await here.ask("/topic", GROUP, **in_(NEWS))
    await here.ask("/topic glaciers", GROUP, **in_(SCIENCE))
    await here.ask(f"/topic {query}", GROUP, **in_(NEWS))
    assert (await _where(here))[1] == (query, NEWS)


@pytest.mark.parametrize(
    ("said", "name", "query"),
    [
        ("Song: here", "Song", "here"), ("aid: war in Science", "aid", "war science"),
        ("aid: war in the thread Science", "aid", "war thread science"),
    ],
)  # fmt: skip
async def test_what_stands_behind_a_name_is_looked_for(
    here: Stage, said: str, name: str, query: str
) -> None:
    await here.ask("/topic", GROUP, **in_(SCIENCE))
    await here.ask(f"/topic {said}", GROUP, **in_(NEWS))
    (topic,) = await _topics(here)
    assert (topic.name, topic.thread_id) == (name, NEWS)
    assert set(query.split()) <= set(topic.query.split())


async def test_a_known_thread_behind_a_topic_is_where_it_is_followed(here: Stage) -> None:
    await here.ask("/topic", GROUP, **in_(SCIENCE))
    said = await here.ask("/topic glaciers in the thread Science", GROUP)
    assert said.text.startswith("Following glaciers.\nIts alerts come to the thread Science.\n")
    page = await here.ask("/topic glaciers in thread science", GROUP)
    assert "Its alerts come to the thread Science." in page.text
    await here.ask("/topic", GROUP, **in_(NEWS))
    said = await here.ask("/topic glaciers to the thread News", GROUP)
    assert said.text == "Send this in that thread: /topic glaciers"
    assert await _where(here) == [("glaciers", SCIENCE)]
    await here.ask("/topic ferry in the thread Sport", GROUP)
    assert (await _where(here))[1] == ("ferry in the thread Sport", 0)


async def test_where_two_threads_have_the_name_it_is_said_how(here: Stage) -> None:
    await here.ask("/topic", GROUP, **in_(SCIENCE))
    await here.ask("/topic", GROUP, **in_(31) | {"reply_to_message": _opened(31, "Science")})
    said = await here.ask("/topic glaciers in the thread Science", GROUP)
    assert said.text == "Send this in that thread: /topic glaciers"
    assert await _topics(here) == []


async def test_a_topic_is_moved_and_never_followed_by_that_word(here: Stage) -> None:
    await here.ask("/topic glaciers", GROUP, **in_(SCIENCE))
    await here.ask("/topic", GROUP, **in_(NEWS))
    page = await here.ask("/topic move glaciers to News", GROUP)
    assert "Its alerts come to the thread News." in page.text
    assert await _where(here) == [("glaciers", NEWS)]
    await here.ask("/topic move glaciers Science", GROUP)
    assert await _where(here) == [("glaciers", SCIENCE)]
    page = await here.ask("/topic move glaciers to Sport", GROUP, **in_(SCIENCE))
    assert "To move it, send this in another thread: /topic glaciers" in page.text
    page = await here.ask("/topic move glaciers", GROUP, **in_(NEWS))
    assert "Move here" in page.labels
    for words in ("move ferry here", "move ferry to Science", "move here", "move in here"):
        asked = await here.ask(f"/topic {words}", GROUP)
        assert "Which topic do you want to move?" in asked.text
    await here.ask("/topic move glaciers to here", GROUP, **in_(NEWS))
    assert await _where(here) == [("glaciers", NEWS)]
    others = ["move OR relocate", "move fast and break things", "move glaciers change"]
    for words in ("Move on: career", *others):
        await here.ask(f"/topic {words}", GROUP)
    assert [each.name for each in (await _topics(here))[2:]] == others


async def test_a_topic_is_moved_by_its_whole_name_alone(here: Stage) -> None:
    await here.ask("/topic Fast food: burger", GROUP)
    await here.ask("/topic India", GROUP, **in_(SCIENCE))
    asked = await here.ask("/topic move fast here", GROUP, **in_(NEWS))
    assert asked.text == "No topic is called fast.\nWhich topic do you want to move?"
    await here.ask("/topic move in here", GROUP, **in_(NEWS))
    await here.ask("/topic move fast to Science", GROUP)
    assert await _where(here) == [("Fast food", 0), ("India", SCIENCE)]
    await _press(here, asked, asked.labels[0], NEWS)
    assert await _where(here) == [("Fast food", NEWS), ("India", SCIENCE)]


async def test_which_of_several_is_to_be_moved_is_asked_with_where_to(here: Stage) -> None:
    await here.ask("/topic", GROUP, **in_(NEWS))
    await here.ask("/topic Boats: ferry", GROUP, **in_(SCIENCE))
    await here.ask("/topic", GROUP, **in_(30))
    asked = await here.ask("/topic Boats: tram", GROUP, **in_(30))
    await _press(here, asked, "Follow here too", 30)
    asked = await here.ask("/topic move Boats to News", GROUP)
    await here.press(asked, "Boats · in Science")
    assert "Its alerts come to the thread News." in asked.text
    assert await _where(here) == [("Boats", NEWS), ("Boats", 30)]


@pytest.mark.parametrize(
    ("words", "language", "what"),
    [
        ("rugby hier", "de", "rugby"), ("rugby hier", "fr", None),
        ("les gens qui", "fr", None), ("calcio qui", "it", "calcio"), ("here", "en", None),
        ("rugby here.", "en", "rugby"), ("rugby, here", "en", "rugby"),
        ("rugby and here", "en", None), ("كرة القدم هنا", "ar", "كرة القدم"),
        ("क्रिकेट यहाँ", "hi", "क्रिकेट"), ("bola di sini", "id", "bola"),
        ("fútbol aquí", "es", "fútbol"), ("паром здесь", "ru", "паром"),
        ("Klima hier", "de", "Klima"),
        ("rugby ici", "fr", "rugby"), ("vapur burada", "tr", "vapur"),
        ("乌克兰 这里", "zh-Hans", "乌克兰"), ("乌克兰在这里", "zh-Hans", "乌克兰"),
        ("来自这里", "zh-Hans", None), ("rugby ici", "en", None), ("calcio qui", "fr", None),
        ("rugby from here", "en", None), ("пожар около здесь", "ru", None),
        ("rugby here", "ru", "rugby"), ("Song: here", "en", None),
        ("(a OR b) here", "en", "(a OR b)"),
        ('"live here', "en", None), ("rugby HERE", "en", None), ("right here", "en", None),
    ],
)  # fmt: skip
def test_here_is_read_as_the_chat_speaks(words: str, language: str, what: str | None) -> None:
    assert without_here(words, language) == what


def test_threads_are_read_by_their_whole_names() -> None:
    names = {1: "Middle East", 2: "Science", 3: "Made in China", 4: "China"}
    assert in_thread("oil in the thread Middle East", names) == ("oil", [1])
    assert in_thread("oil in East", names) == ("oil in East", [])
    assert in_thread("oil Science", names) == ("oil Science", [])
    assert in_thread("oil Science", names, bare=True) == ("oil", [2])
    assert in_thread("Öl im Thread science", names) == ("Öl", [2])
    assert in_thread("Öl in science", names) == ("Öl in science", [])
    assert in_thread("climat dans le fil Science", names) == ("climat", [2])
    assert in_thread('oil in the thread "Middle East"', names) == ("oil", [1])
    assert in_thread("climat à le fil Science", names) == ("climat", [2])
    assert in_thread("climat à Science", names, bare=True) == ("climat", [2])
    assert in_thread("vitamin a to Science", names, bare=True) == ("vitamin a", [2])
    assert in_thread("oil the thread Science", names) == ("oil the thread Science", [])
    assert in_thread("in Science", names) == ("in Science", [])
    assert in_thread("made in Spain", names) == ("made in Spain", [])


def test_a_name_and_a_query_are_no_move() -> None:
    assert moved("move glaciers to News") == "glaciers to News"
    assert moved("movement") is None
    assert moved("Move on: career") is None
    assert moved("move OR relocate") is None


# Sources, and what holds in all threads


async def test_a_source_of_other_threads_is_named_and_ended_there(here: Stage) -> None:
    for thread in (SCIENCE, NEWS):
        said = await here.ask("/subscribe Hill Radio", GROUP, **in_(thread))
        assert said.text == "This thread follows Hill Radio from now on."
    asked = await here.ask("/unsubscribe Hill Radio", GROUP)
    assert asked.text == (
        "This thread does not follow Hill Radio.\nWhich source do you want to unfollow?"
    )
    assert asked.labels == ["Hill Radio · in Science", "Hill Radio · in News"]
    await here.press(asked, "Hill Radio · in News")
    assert here.messages(GROUP)[-1].text == "Unfollowed Hill Radio · in News."
    followed = await here.storage.chats.subscriptions(GROUP)
    assert [each.thread_id for each in followed] == [SCIENCE]
    asked = await here.ask("/unsubscribe", GROUP)
    assert asked.labels == ["Hill Radio · in Science"]


@pytest.mark.slow
async def test_more_sources_than_there_are_buttons_are_counted(here: Stage) -> None:
    await here.add_sources(*(f"Source {n:02}" for n in range(61)))
    for n in range(61):
        await here.say(f"/subscribe Source {n:02}", GROUP, **in_(SCIENCE))
    asked = await here.ask("/unsubscribe", GROUP)
    assert asked.text == "Which source do you want to unfollow?\n… and 1 more"
    assert len(asked.labels) == 60


async def test_what_goes_on_is_counted_once(here: Stage) -> None:
    for thread in (SCIENCE, NEWS):
        await here.ask("/subscribe Hill Radio", GROUP, **in_(thread))
    await here.ask("/subscribe Harbour Post", GROUP)
    said = await here.ask("/unsubscribe Harbour Post", GROUP)
    assert said.text == ("This chat no longer follows Harbour Post. It still follows 1 source.")
    said = await here.ask("/unsubscribe Hill Radio", GROUP, **in_(NEWS))
    assert said.text.startswith("This thread no longer follows Hill Radio.")


async def test_all_of_another_thread_is_ended_there_too(here: Stage) -> None:
    await here.ask("/subscribe", GROUP, **in_(SCIENCE))
    await here.ask("/subscribe Hill Radio", GROUP)
    assert "every story, 1 source" in (await here.ask("/status", GROUP)).text
    said = await here.ask("/unsubscribe Hill Radio", GROUP)
    assert said.text.endswith(" It still follows every story.")
    asked = await here.ask("/unsubscribe", GROUP)
    assert asked.labels == ["every story · in Science"]
    await here.press(asked, "every story · in Science")
    assert await here.storage.chats.subscriptions(GROUP) == []


@pytest.mark.parametrize(
    "command", ["/stop", "/stop 2h", "/digest 8am", "/digest", "/quiet 22-7", "/cap 5",
                "/mute lottery 2d"],
)  # fmt: skip
async def test_what_holds_in_all_threads_says_so(here: Stage, command: str) -> None:
    assert "all threads" not in (await here.ask(command, GROUP)).text
    assert "This holds in all threads." in (await here.ask(command, GROUP, **in_(NEWS))).text
    assert "all threads" not in (await here.ask(command, ADA_ID)).text
