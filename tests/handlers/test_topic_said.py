"""What is said behind /topic that is no topic: `list`, `everything`, `add dogs`."""

import pytest

from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, Stage


async def _names(here: Stage, chat_id: int = ADA_ID) -> list[str]:
    return [each.name for each in await here.storage.chats.topics(chat_id)]


@pytest.mark.parametrize(
    "words",
    [
        "list", "help", "please", "list please", "my topics", "Liste", "meine Themen", "lista",
        "mis temas", "mes sujets", "elenco", "meus temas", "список", "мої теми", "konularım",
        "قائمة", "列表", "मेरे विषय", "רשימה", "فهرست", "topik saya",
    ],
)  # fmt: skip
async def test_the_list_is_shown(here: Stage, words: str) -> None:
    await here.ask("/topic ferry")
    shown = await here.ask(f"/topic {words}")
    assert shown.text.startswith("Topics\n1 topic.")
    assert await _names(here) == ["ferry"]


async def test_a_member_may_ask_for_the_list(here: Stage) -> None:
    await here.ask("/topic ferry", GROUP)
    assert (await here.ask("/topic list", GROUP, BEN_ID)).text.startswith("Topics\n1 topic")


@pytest.mark.parametrize(
    "words",
    ["everything", "all", "news", "alles", "todo", "tout", "tutto", "tudo", "всё", "усе", "hepsi",
     "الكل", "全部", "semua", "सब", "הכל", "همه"],
)  # fmt: skip
async def test_everything_is_what_subscribe_does(here: Stage, words: str) -> None:
    shown = await here.ask(f"/topic {words}")
    assert shown.text == "Did you mean this?"
    assert shown.labels == ["Follow everything", f"Only the word {words}"]
    assert await _names(here) == []
    await here.press(shown, "Follow everything")
    assert any(each.is_all for each in await here.storage.chats.subscriptions(ADA_ID))
    await here.press(shown, f"Only the word {words}")
    assert await _names(here) == [words]


@pytest.mark.parametrize("words", ["off", "stop", "ausschalten", "apagar", "выключить", "إيقاف"])
async def test_off_offers_a_pause(here: Stage, words: str) -> None:
    shown = await here.ask(f"/topic {words}")
    assert shown.labels == ["Pause", f"Only the word {words}"]
    await here.press(shown, "Pause")
    assert shown.text.startswith("Pause\n")


@pytest.mark.parametrize(
    "words",
    ["add dogs", "add topic dogs", "please add dogs", "follow dogs", "füge dogs hinzu",
     "añade dogs", "ajoute dogs", "aggiungi dogs", "adicione dogs", "добавь dogs", "додай dogs",
     "dogs ekle", "أضف dogs"],
)  # fmt: skip
async def test_the_thing_is_followed_and_not_the_verb(here: Stage, words: str) -> None:
    shown = await here.ask(f"/topic {words}")
    assert shown.text.startswith("Following dogs.")
    assert await _names(here) == ["dogs"]


async def test_what_is_added_may_have_a_name(here: Stage) -> None:
    await here.ask("/topic add Boats: ferry OR boat")
    ((name, query),) = [(each.name, each.query) for each in await here.storage.chats.topics(ADA_ID)]
    assert (name, query) == ("Boats", "ferry OR boat")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("edit dogs", "dogs\nNo stories yet"), ("pause dogs", "dogs: Mute\n"),
        ("delete dogs", "dogs removed."), ("bearbeite dogs", "dogs\nNo stories yet"),
        ("editar dogs", "dogs\nNo stories yet"), ("modifier dogs", "dogs\nNo stories yet"),
        ("редактировать dogs", "dogs\nNo stories yet"), ("dogs düzenle", "dogs\nNo stories yet"),
        ("lösche dogs", "dogs removed."), ("borra dogs", "dogs removed."),
        ("supprime dogs", "dogs removed."), ("rimuovi dogs", "dogs removed."),
        ("удали dogs", "dogs removed."), ("видали dogs", "dogs removed."),
        ("dogs sil", "dogs removed."), ("احذف dogs", "dogs removed."),
        ("pausa dogs", "dogs: Mute\n"), ("stop dogs", "dogs removed."),
        ("unfollow dogs", "dogs removed."), ("stopp dogs", "dogs removed."),
    ],
)  # fmt: skip
async def test_what_is_said_of_a_topic_is_done_with_it(here: Stage, words: str, says: str) -> None:
    await here.ask("/topic dogs")
    assert (await here.ask(f"/topic {words}")).text.startswith(says)


@pytest.mark.parametrize(
    "words", ["cancel dogs", "turn off dogs", "quita dogs", "取消dogs", "hide dogs"]
)
async def test_what_news_says_too_ends_no_topic(here: Stage, words: str) -> None:
    await here.ask("/topic dogs")
    await here.ask(f"/topic {words}")
    assert await _names(here) == ["dogs", words]


@pytest.mark.parametrize(
    "words",
    ["edit goats", "pause AI", "delete goats", "lösche Ziegen", "удали коз", "Edite Estrela",
     "gene edit", "ayuda", "помощь", "मदद", "ADD", "添加剂", "关注度", "添加剂安全", "删除键"],
)  # fmt: skip
async def test_where_no_topic_is_called_so_they_are_words_to_follow(
    here: Stage, words: str
) -> None:
    assert (await here.ask(f"/topic {words}")).text.startswith("Following ")
    assert await _names(here) == [words]


@pytest.mark.parametrize(
    "words",
    ["stop the war", "pause in fighting", "weekend box office", "everything everywhere",
     "list of victims", "help for refugees", "off the coast of Spain", "all quiet on the front",
     "add to cart", "edit the war", "delete the past", "Hilfe für Flüchtlinge",
     "ayuda a Ucrania", "aide humanitaire", "список жертв", "помощь беженцам", "مساعدة غزة",
     "修改宪法", '"list"', '"everything"', "Lists: list"],
)  # fmt: skip
async def test_what_may_be_news_is_followed_as_it_stands(here: Stage, words: str) -> None:
    assert (await here.ask(f"/topic {words}")).text.startswith("Following ")
    assert len(await _names(here)) == 1
