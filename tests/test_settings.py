"""The settings: each documented, each checked, none that gives a secret away."""

import re
from dataclasses import FrozenInstanceError, asdict
from pathlib import Path
from typing import Any

import pytest

from bot.env_file import Slips
from bot.errors import SettingsError
from bot.settings import Secret, Settings, load_settings, slips_in

TOKEN = "123456789:AAExampleExampleExampleExample_-xyz"
DEFAULTS = {
    "TELEGRAM_TOKEN": "",
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "DATABASE_URL": "sqlite:///tocsin.db",
    "FEEDS_FILE": "",
    "ADMIN_IDS": "",
    "ACCESS": "open",
    "ALLOW_USER_FEEDS": "true",
    "ALLOWED_PRIVATE_HOSTS": "",
    "POLL_MIN_SECONDS": "60",
    "POLL_MAX_SECONDS": "3600",
    "CONTACT": "",
    "SEND_PER_SECOND": "28",
    "SEND_PER_CHAT_SECONDS": "1",
    "SEND_PER_GROUP_PER_MINUTE": "18",
    "UNKNOWN_OUTCOME": "resend",
    "STORY_THRESHOLD": "0.86",
    "SEMANTIC": "off",
    "RETENTION_DAYS": "90",
    "WEB_LISTEN": "",
    "WEB_PASSWORD": "",
    "WEBHOOK_URL": "",
    "WEBHOOK_SECRET": "",
    "WEBSUB_URL": "",
    "ROLES": "chat,poll,desk,send",
    "LOG_LEVEL": "info",
    "LOG_FORMAT": "text",
    "DEFAULT_LANGUAGE": "en",
    "DEFAULT_TIMEZONE": "UTC",
}
EXAMPLE = Path(__file__).parents[1] / ".env.example"


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in DEFAULTS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)


def test_every_setting_is_a_field_with_its_default() -> None:
    known = load_settings()
    assert {name.upper(): written(getattr(known, name)) for name in vars(known)} == (DEFAULTS)


def test_every_setting_is_in_the_example_file_with_its_default_and_a_meaning() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    found = dict(re.findall(r"^#([A-Z_]+)=(.*)$", "\n".join(lines), re.MULTILINE))
    assert found == DEFAULTS
    assert any(line.startswith("# ") for line in lines[2:])


def test_the_example_file_with_all_its_lines_in_use_is_accepted(tmp_path: Path) -> None:
    text = re.sub(r"^#(?=[A-Z_]+=)", "", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    (tmp_path / "all.env").write_text(text, "utf-8")
    assert load_settings(tmp_path / "all.env") == load_settings(None)


BAD = [
    ("TELEGRAM_API_URL", "api.telegram.org", "http"),
    ("TELEGRAM_API_URL", "http://[", "http"),
    ("TELEGRAM_API_URL", "http://127.0.0.1:99999", "port from 0 to 65535"),
    ("DATABASE_URL", "mysql://localhost", "sqlite"),
    ("DATABASE_URL", "sqlite:///:memory:", "a file, since"),
    ("DATABASE_URL", "sqlite:///", "sqlite"),
    ("ADMIN_IDS", "me", "integer"),
    ("ADMIN_IDS", "1,me", "integer"),
    ("ACCESS", "closed", "open"),
    ("ALLOW_USER_FEEDS", "perhaps", "boolean"),
    ("ALLOWED_PRIVATE_HOSTS", "10.0.0.0/99", "CIDR"),
    ("ALLOWED_PRIVATE_HOSTS", "feeds.lan:8080", "no port"),
    ("ALLOWED_PRIVATE_HOSTS", "10.0.0.1:8080", "no port"),
    ("ALLOWED_PRIVATE_HOSTS", "[fd00::1]:8080", "no port"),
    ("ALLOWED_PRIVATE_HOSTS", "feeds.lan 10.0.0.1", "commas between them"),
    ("ALLOWED_PRIVATE_HOSTS", "http://feeds.lan", "host names"),
    ("POLL_MIN_SECONDS", "0", "1"),
    ("POLL_MIN_SECONDS", "soon", "number"),
    ("POLL_MIN_SECONDS", "nan", "86400"),
    ("POLL_MIN_SECONDS", "7200", "POLL_MAX_SECONDS"),
    ("POLL_MAX_SECONDS", "inf", "604800"),
    ("SEND_PER_SECOND", "-1", "0"),
    ("SEND_PER_SECOND", "100001", "100000"),
    ("SEND_PER_GROUP_PER_MINUTE", "100001", "100000"),
    ("SEND_PER_CHAT_SECONDS", "-1", "0"),
    ("SEND_PER_GROUP_PER_MINUTE", "1.5", "integer"),
    ("UNKNOWN_OUTCOME", "maybe", "resend"),
    ("STORY_THRESHOLD", "1.1", "1"),
    ("RETENTION_DAYS", "0", "1"),
    ("WEB_LISTEN", "8080", "host:port"),
    ("WEB_LISTEN", "localhost:99999", "host:port"),
    ("WEB_LISTEN", "localhost:²", "host:port"),
    ("WEB_LISTEN", "0.0.0.0:80", "WEB_PASSWORD"),
    ("WEBHOOK_URL", "example.com", "http"),
    ("WEBHOOK_URL", "https://example.com:99999/hook", "port"),
    ("WEBHOOK_URL", "https://example.com/hook?for=us", "path of plain letters"),
    ("WEBHOOK_URL", "https://example.com/{hook}", "path of plain letters"),
    ("WEBHOOK_URL", "https://example.com/metrics", "another path"),
    ("WEBHOOK_URL", "https://example.com/websub/hook", "another path"),
    ("WEBHOOK_URL", "https://example.com/hook", "WEB_LISTEN"),
    ("WEBSUB_URL", "ftp://example.com", "http"),
    ("WEBSUB_URL", "https://example.com:99999", "port from 0 to 65535"),
    ("WEBSUB_URL", "https://example.com:port", "port from 0 to 65535"),
    ("ROLES", "chat,cook", "poll"),
    ("ROLES", ",", "poll"),
    ("LOG_LEVEL", "loud", "debug"),
    ("LOG_FORMAT", "xml", "json"),
    ("CONTACT", "ada (harbour)", "address"),
    ("DEFAULT_LANGUAGE", "english", "code"),
    ("DEFAULT_LANGUAGE", "xx", "a language that there is"),
    ("DEFAULT_TIMEZONE", "Mars/Base", "IANA"),
    ("DEFAULT_TIMEZONE", "../etc/passwd", "IANA"),
    ("DEFAULT_TIMEZONE", "Europe", "IANA"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), BAD)
def test_a_bad_value_gives_one_line_that_names_it_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    line = str(refused.value)
    assert "\n" not in line
    assert name in line
    assert allowed in line
    if name != "DATABASE_URL":  # it may hold a password
        assert value.rpartition(",")[2] in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", "hunter2"),
        ("TELEGRAM_TOKEN", f"{TOKEN} hunter2"),
        ("DATABASE_URL", "mysql://ada:hunter2@localhost/news"),
        ("WEBHOOK_SECRET", "hunter2 and others"),
        ("WEBHOOK_SECRET", "hunter2" * 40),
        ("WEBHOOK_URL", "https://ada:hunter2@example.com/hook"),
        ("WEBHOOK_URL", "ftp://ada:hunter2@example.com"),
        ("TELEGRAM_API_URL", "ada:hunter2@example.com"),
    ],
)
def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert name in str(refused.value)


def test_printed_settings_hide_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("WEB_PASSWORD", "hunter2")
    monkeypatch.setenv("WEBHOOK_SECRET", "hunter3")
    known = load_settings()
    shown = f"{known} {known!r} {asdict(known)}"
    assert TOKEN not in shown
    assert "hunter" not in shown
    assert known.token == TOKEN


def _by_post(**other: str) -> Settings:
    """The settings of a bot with a webhook."""
    named = {"web_listen": "127.0.0.1:8080", "webhook_secret": "hush-7", **other}
    return load_settings(None, {name: value for name, value in named.items() if value})


def test_a_webhook_needs_an_address_to_listen_at_and_a_secret() -> None:
    url = "https://news.example.org/hook"
    assert _by_post(webhook_url=url).webhook_url == url
    with pytest.raises(SettingsError, match="needs WEB_LISTEN"):
        _by_post(webhook_url=url, web_listen="")
    with pytest.raises(SettingsError, match=r"needs WEBHOOK_SECRET.*1 to 256 of the characters"):
        _by_post(webhook_url=url, webhook_secret="")


@pytest.mark.parametrize("port", [443, 80, 88, 8443])
def test_a_webhook_is_where_telegram_posts_to(port: int) -> None:
    assert _by_post(webhook_url=f"https://news.example.org:{port}/hook")
    for url in (f"http://news.example.org:{port}/hook", "https://news.example.org:8080/hook"):
        with pytest.raises(SettingsError, match="https:// only, at port 443, 80, 88 or 8443"):
            _by_post(webhook_url=url)
        # One's own Bot API server posts anywhere.
        assert _by_post(webhook_url=url, telegram_api_url="http://bot-api:8081").webhook_url == url


def test_a_webhook_without_a_path_has_one() -> None:
    for url in ("https://news.example.org", "https://news.example.org/"):
        assert _by_post(webhook_url=url).webhook_url == "https://news.example.org/telegram"


def test_settings_are_frozen() -> None:
    known = load_settings()
    with pytest.raises(FrozenInstanceError):
        known.access = "invite"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        known.telegram_token = Secret(TOKEN)  # type: ignore[misc]


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("ACCESS=invite\nADMIN_IDS= 1, 2,\nRETENTION_DAYS=7\n", "utf-8")
    monkeypatch.setenv("RETENTION_DAYS", "8")
    known = load_settings()
    assert (known.access, known.admin_ids, known.retention_days) == ("invite", (1, 2), 8)


def test_an_empty_value_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in DEFAULTS:
        monkeypatch.setenv(name, "")
    assert load_settings() == Settings()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"ACCESS=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_LISTEN", "127.0.0.1:0"),
        ("WEB_LISTEN", "[::1]:8080"),
        ("WEB_LISTEN", "localhost:8080"),
        ("ALLOWED_PRIVATE_HOSTS", "10.0.0.0/8, feeds.lan,192.168.1.1"),
        ("ALLOWED_PRIVATE_HOSTS", "fd00::/8, [fd00::1], ::1, häfen.example, my_host"),
        ("LOG_LEVEL", "DEBUG"),
        ("ACCESS", " Invite "),
        ("POLL_MIN_SECONDS", "1"),
        ("SEND_PER_SECOND", "0"),
        ("SEND_PER_SECOND", "100000"),
        ("SEND_PER_GROUP_PER_MINUTE", "100000"),
        ("SEND_PER_CHAT_SECONDS", "0"),
        ("SEND_PER_GROUP_PER_MINUTE", "0"),
        ("DEFAULT_LANGUAGE", "pt-BR"),
        ("DEFAULT_LANGUAGE", "iw"),
        ("DEFAULT_LANGUAGE", "sv"),
        ("DATABASE_URL", "sqlite:////tmp/a.db"),
        ("DATABASE_URL", "postgresql://localhost/news"),
    ],
)
def test_good_values_are_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    load_settings()


def test_what_sets_nothing_in_a_file_is_told_and_no_secret_with_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# A comment\n\nTELEGRAM_TOKN=1\nexport retention_days=9\nHOUSE_COLOUR='red'\n"
        f'TELEGRAM_TOKEN "x\n{TOKEN}\nhunter2\nACCESS\nRETENTION_DAY=9\n',
        "utf-8",
    )
    found = slips_in(tmp_path / ".env")
    assert found.names == {
        "TELEGRAM_TOKN": "TELEGRAM_TOKEN", "HOUSE_COLOUR": "", "RETENTION_DAY": "RETENTION_DAYS",
    }  # fmt: skip
    assert found.lines == (6, 7, 8)
    assert slips_in(tmp_path / "none.env") == Slips((), {})
    assert slips_in(EXAMPLE) == Slips((), {})


def test_a_line_that_cannot_be_read_is_warned_of_with_the_name_of_its_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ".env").write_text('ACCESS=invite\nTELEGRAM_TOKEN "hunter2\n', "utf-8")
    assert load_settings().access == "invite"
    assert caplog.messages == [".env, line 2, cannot be read and is left out: write NAME=value"]


def test_a_folder_of_that_name_is_no_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert load_settings() == load_settings(None)
    assert slips_in() == Slips((), {})
