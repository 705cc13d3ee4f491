"""The token never gets through to the log, whoever writes it and however."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st

from bot.logs import _hide_secrets, hide_keys, hide_token, set_up_logging

TOKEN = "123456789:AAExampleExampleExampleExample_-xyz"
URL = f"https://api.telegram.org/bot{TOKEN}/sendMessage"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, how = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**how)


class Stranger:
    """Something whose text holds the token."""

    def __repr__(self) -> str:
        return f"<Stranger {URL}>"


def _write_everything() -> None:
    log = structlog.get_logger("ours")
    log.debug(f"event {URL}", value=URL, name=TOKEN)
    log.info("nested", values=[URL, {"deep": (TOKEN, {"deeper": URL})}], mapping={URL: 1})
    log.warning("strangers", stranger=Stranger(), raw=URL.encode(), error=ValueError(URL))
    log.bind(bound=URL).error("bound")
    with structlog.contextvars.bound_contextvars(context=URL):
        log.info("in context")
    try:
        raise ValueError(URL) from KeyError(TOKEN)  # noqa: TRY301  (to have it caught)
    except ValueError:
        log.exception("failed", url=URL)
        logging.getLogger("theirs").exception("failed with %s", URL)
    theirs = logging.getLogger("theirs")
    theirs.debug("plain %s", URL)
    theirs.info(f"formatted {URL}")
    theirs.warning("arguments %s %r", TOKEN, Stranger())
    theirs.error("extra", extra={"token": URL})
    theirs.info("mapping %(url)s", {"url": URL})
    theirs.warning(Stranger())
    theirs.warning("stack", stack_info=True)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_token_never_gets_through(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("debug", form)
    _write_everything()
    written = capsys.readouterr()
    assert written.out == ""
    for part in (TOKEN, "AAExample"):
        assert part not in written.err
    for said in ("event", "nested", "strangers", "bound", "in context", "failed", "plain", "stack"):
        assert said in written.err
    assert "ValueError" in written.err


def test_json_is_one_document_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("debug", "json")
    _write_everything()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= 13
    for line in lines:
        found = json.loads(line)
        assert {"event", "level", "timestamp"} <= set(found)


def test_numbers_and_truths_stay_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("info", "json")
    structlog.get_logger("ours").info("said", number=3, share=0.5, true=True, nothing=None)
    found = json.loads(capsys.readouterr().err)
    assert (found["number"], found["share"], found["true"], found["nothing"]) == (
        3,
        0.5,
        True,
        None,
    )


def test_libraries_that_write_addresses_are_silent_below_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logging("debug", "text")
    for name in ("httpx", "telegram.ext", "aiohttp.access"):
        logging.getLogger(name).info("said %s", name)
        logging.getLogger(name).warning("warned %s", name)
    written = capsys.readouterr().err
    assert "said" not in written
    assert written.count("warned") == 3


def test_a_level_leaves_out_what_is_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("warning", "text")
    structlog.get_logger("ours").info("quiet")
    structlog.get_logger("ours").warning("loud")
    written = capsys.readouterr().err
    assert "quiet" not in written
    assert "loud" in written


@pytest.mark.parametrize(
    "text", [TOKEN, URL, f"x{URL}x", f'"{TOKEN}"', f"a={TOKEN}&b", f"/file/bot{TOKEN}/photo.jpg"]
)
def test_hide_token(text: str) -> None:
    assert "AAExample" not in hide_token(text)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_long_text_is_cut_wherever_it_comes_from(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging("info", form)
    written = []

    def size() -> int:
        written.append(capsys.readouterr().err)
        return len(written[-1])

    long = "X" * 60_000
    structlog.get_logger("ours").info("event", value=long)
    assert size() < 5_000
    structlog.get_logger("ours").info(long, values=[b"Y" * 60_000])
    assert size() < 10_000
    logging.getLogger("theirs").warning("plain %s", long)
    assert size() < 5_000
    try:
        raise ValueError(f"{long} the end")  # noqa: TRY301  (to have it caught)
    except ValueError:
        structlog.get_logger("ours").exception("failed")
        assert size() < 5_000
        logging.getLogger("theirs").exception("failed")
        assert size() < 5_000
    for part in written[-2:]:
        assert "Traceback" in part
        assert "the end" in part
        assert "characters left out" in part


@given(before=st.integers(0, 5_000), between=st.integers(0, 5_000), sign=st.sampled_from(" \"'<"))
@example(1_480, 2_000, " ")
@example(0, 2_460, " ")
def test_what_is_cut_shows_no_half_of_a_secret(before: int, between: int, sign: str) -> None:
    address = "https://ada:pass-S3CRET@news.example/S3CRETa9f8e7/rss?key=S3CRET"
    text = f"{'x' * before}{sign}{URL}{sign}{address}{sign}{'y' * between}"
    event = _hide_secrets(None, "info", {"text": text})
    for part in ("AAExample", "ample_-xyz", "S3CRET", "a9f8"):
        assert part not in event["text"]


def test_what_is_no_token_stays() -> None:
    for text in ("12:30:45", "feed 123:abc", "sha256:deadbeef", "2026-01-01 12:00"):
        assert hide_token(text) == text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://news.example/feed.xml", "https://news.example/feed.xml"),
        ("https://ada:pass@news.example/feed", "https://news.example/feed"),
        (
            "https://news.example/rss?token=S3CRET&lang=en",
            "https://news.example/rss?token=…&lang=…",
        ),
        ("https://news.example/rss?S3CRETKEY", "https://news.example/rss?…"),
        ("https://news.example/a9f8e7d6c5b4a3/feed", "https://news.example/…/feed"),
        (
            "https://news.example/u/123e4567-e89b-12d3-a456-426614174000.xml",
            "https://news.example/u/….xml",
        ),
        ("http://ada@[::1]:8080/x?k=v#S3CRET", "http://[::1]:8080/x?k=…"),
        ("http://news.example/x#S3CRET", "http://news.example/x"),
    ],
)
def test_an_address_is_shown_without_what_may_be_a_key(address: str, shown: str) -> None:
    assert hide_keys(f"before {address} after") == f"before {shown} after"
    assert hide_keys(f"'{address}'") == f"'{shown}'"


@pytest.mark.parametrize("form", ["text", "json"])
def test_keys_in_addresses_do_not_get_through(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging("info", form)
    address = "https://ada:S3CRET@news.example/a9f8e7d6c5b4a3/rss?key=S3CRET"
    structlog.get_logger("ours").info("a poll failed", feed=address, reason=f"no answer: {address}")
    logging.getLogger("theirs").warning("refused %s", address)
    try:
        raise ValueError(address)  # noqa: TRY301  (to have it caught)
    except ValueError:
        structlog.get_logger("ours").exception("failed", feeds=[address])
    written = capsys.readouterr().err
    assert "S3CRET" not in written
    assert "a9f8e7d6c5b4a3" not in written
    assert written.count("news.example") >= 4
