"""`tocsin feeds add` and `move`, in processes of their own, against a real, small web site."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from tests.cli.shell import Shell

pytestmark = pytest.mark.slow


_PIER = (
    b"<rss version='2.0'><channel><title>Pier Post</title>"
    b"<item><title>Ferry to run hourly</title></item></channel></rss>"
)
_FRONT = b"".join(
    b"<link rel=alternate type=application/rss+xml href=/%s>" % name for name in (b"a", b"b")
)


class _Site(BaseHTTPRequestHandler):
    """A site: /one declares one feed, /two declares two, all else is no feed."""

    pages: ClassVar[dict[str, bytes]] = {
        "/one": _FRONT.replace(b"/b", b"/a"),
        "/two": _FRONT,
        "/a": _PIER,
        "/b": _PIER.replace(b"Ferry", b"Crane"),
        "/none": b"<p>nothing",
    }

    def do_GET(self) -> None:
        body = self.pages.get(self.path, b"")
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    made.settings["ALLOWED_PRIVATE_HOSTS"] = "127.0.0.1"
    return made


@pytest.fixture
def pier() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_feed_of_a_site_is_added_by_the_address_of_the_site(shell: Shell, pier: str) -> None:
    assert shell.json("feeds", "add", f"{pier}/one") == {"url": f"{pier}/a", "added": True}
    assert shell.json("feeds", "add", f"{pier}/a") == {"url": f"{pier}/a", "added": False}
    ended = shell.run("feeds", "add", f"{pier}/two", "--json")
    assert ended.returncode == 1
    assert json.loads(ended.stdout) == {
        "url": f"{pier}/two",
        "added": False,
        "found": [
            {"url": f"{pier}/a", "title": "Pier Post", "newest": "Ferry to run hourly"},
            {"url": f"{pier}/b", "title": "Pier Post", "newest": "Crane to run hourly"},
        ],
    }
    assert f"{pier}/b  Pier Post" in shell.run("feeds", "add", f"{pier}/two").stdout
    assert "I found no source there" in shell.refused(1, "feeds", "add", f"{pier}/none")
    assert "404 Not Found" in shell.refused(1, "feeds", "add", f"{pier}/nowhere")
    assert [feed["url"] for feed in shell.json("feeds", "list")] == [f"{pier}/a"]


def test_a_feed_that_does_not_answer_now_is_added_all_the_same(shell: Shell) -> None:
    url = "http://127.0.0.1:9/feed"
    ended = shell.run("feeds", "add", url, "--json")
    assert json.loads(ended.stdout) == {"url": url, "added": True}
    assert "Not read yet: no connection" in ended.stderr


def test_a_feed_is_moved_by_hand_and_joined_with_one_that_is_there(shell: Shell, pier: str) -> None:
    shell.done("feeds", "add", f"{pier}/a")
    moved = shell.json("feeds", "move", f"{pier}/a", f"{pier}/b")
    assert moved == {"url": f"{pier}/b", "moved": True, "joined": False}
    shell.done("feeds", "add", "--as-is", f"{pier}/c")
    assert shell.json("feeds", "move", f"{pier}/c", f"{pier}/b")["joined"] is True
    assert [feed["url"] for feed in shell.json("feeds", "list")] == [f"{pier}/b"]
    assert "not allowed" in shell.refused(1, "feeds", "move", "#1", "http://10.0.0.1/")
    assert "`feeds list` shows them" in shell.refused(2, "feeds", "move", "nothing", f"{pier}/d")


def test_a_former_address_of_a_feed_is_called_so(shell: Shell, pier: str) -> None:
    shell.done("feeds", "add", f"{pier}/b")
    shell.done("feeds", "move", "#1", f"{pier}/a")
    assert shell.json("feeds", "add", f"{pier}/b") == {
        "url": f"{pier}/a", "added": False, "former": f"{pier}/b",
    }  # fmt: skip
    said = shell.done("feeds", "add", f"{pier}/b").strip()
    assert said == (
        f"Known already: {pier}/b is a former address of {pier}/a, #1."
        f" To poll it there again: tocsin feeds move '#1' {pier}/b"
    )
    assert shell.done("feeds", "add", "--as-is", f"{pier}/a/") == f"Known already: {pier}/a\n"
    shell.done("feeds", "move", "#1", f"{pier}/b")
    assert [feed["url"] for feed in shell.json("feeds", "list")] == [f"{pier}/b"]


def test_who_removes_a_feed_is_told_that_the_file_of_feeds_names_it(
    shell: Shell, pier: str
) -> None:
    (shell.folder / "feeds.txt").write_text(f"{pier}/a/\n")
    for letter in "ab":
        shell.done("feeds", "add", f"{pier}/{letter}")
    said = [
        shell.run("feeds", "remove", f"{pier}/{each}", FEEDS_FILE="feeds.txt").stderr
        for each in "ab"
    ]
    assert said[0].startswith("FEEDS_FILE=feeds.txt names it: the next start adds it again")
    assert said[1] == ""


def test_a_part_of_a_name_removes_nothing(shell: Shell) -> None:
    shell.done("feeds", "add", "--as-is", "http://127.0.0.1:9/big")
    said = shell.refused(2, "feeds", "remove", "ig")
    assert said.endswith("name one by its number, as '#1': #1 (http://127.0.0.1:9/big).")
    assert shell.json("feeds", "remove", "#1")["removed"] is True


def test_addresses_are_listed_whole(shell: Shell, pier: str) -> None:
    url = f"{pier}/" + "harbour/" * 40
    shell.done("feeds", "add", "--as-is", url)
    assert url in shell.run("feeds", "list").stdout


def test_the_starter_catalogue_is_imported_by_groups_and_exported_as_folders(shell: Shell) -> None:
    done = shell.run("feeds", "import", "--starter", "--group", "TURKEY", "--json")
    assert json.loads(done.stdout) == {"found": 5, "added": 5, "grouped": 0, "refused": {}}
    assert "unverified" in done.stderr
    assert '<outline text="Turkey" title="Turkey">' in shell.run("feeds", "export").stdout
    assert "There are: World (English);" in shell.refused(
        2, "feeds", "import", "--starter", "--group", "Atlantis"
    )
    assert "Name a file, or" in shell.refused(2, "feeds", "import")


def test_articles_of_a_feed_are_read_when_an_operator_says_so(shell: Shell) -> None:
    url = "http://127.0.0.1:9/feed"
    shell.done("feeds", "add", "--as-is", url)
    assert shell.json("feeds", "fulltext", url, "on") == {"url": url, "full_text": True}
    assert shell.json("feeds", "list")[0]["full_text"] is True
    assert "No feed fits 'nothing'" in shell.refused(2, "feeds", "fulltext", "nothing", "off")
    assert shell.run("feeds", "fulltext", url, "perhaps").returncode == 2


def test_a_command_that_makes_a_database_says_where(
    shell: Shell, pier: str, tmp_path: Path
) -> None:
    other = f"sqlite:///{tmp_path}/elsewhere.db"
    said = shell.run("feeds", "add", f"{pier}/a", DATABASE_URL=other).stderr
    assert "elsewhere.db was made." in " ".join(said.split())
    assert "was made" not in shell.run("feeds", "add", f"{pier}/b", DATABASE_URL=other).stderr
