"""The bot as a process: killed, stopped, started twice, and talking too much."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import kills
from benchmarks.kills import Server
from bot.version import version_here
from tests.databases import empty_database
from tests.warm import Started

pytestmark = pytest.mark.slow


@contextmanager
def running_bot(folder: Path, **more: str) -> Iterator[tuple[Server, Started]]:
    """A playground and a bot, both processes of their own, after the feed's first poll."""
    with kills.server() as known:
        known.introduce(empty_database(folder / "bot.db", "sqlite"))
        (folder / "feeds.txt").write_text(known.feeds["harbour-courier"])
        bot = kills.start_warm_bot(kills.environment(known, folder, **more), folder)
        try:
            kills.wait_until(
                lambda: kills.rows(folder, "SELECT 1 FROM feeds WHERE settled"), 20, "a poll"
            )
            yield known, bot
        finally:
            bot.kill()
            bot.wait(10)


@pytest.mark.both_engines
def test_killed_at_random_moments_nothing_is_lost_and_only_what_was_under_way_repeats(
    engine: str, tmp_path: Path
) -> None:
    address = empty_database(tmp_path, engine) if engine == "postgres" else ""
    outcome = kills.measure(stories=30, chats=5, kills=3, seed=7, database=address)
    assert outcome.never == 0
    assert outcome.repeats_unexplained == 0
    assert outcome.once + outcome.twice == outcome.expected == 150


def _send_slowly(known: Server, folder: Path, **fault: object) -> None:
    """Subscribes, and waits until an alert is under way that meets a fault."""
    known.post("say", chat_id=5001, text="/subscribe")
    kills.wait_until(
        lambda: kills.rows(folder, "SELECT 1 FROM subscriptions"), 20, "a subscription"
    )
    known.post("faults", times=50, **fault)
    known.post("publish", feed="harbour-courier", title="Slow boat to the outer islands")
    kills.wait_until(
        lambda: kills.rows(folder, "SELECT 1 FROM deliveries WHERE state = 'sending'"),
        20,
        "a message under way",
    )


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_a_stop_in_the_middle_of_sending_ends_in_time_and_leaves_nothing_under_way(
    tmp_path: Path, sign: signal.Signals
) -> None:
    with running_bot(tmp_path) as (known, bot):
        _send_slowly(known, tmp_path, kind="delay", seconds=6)
        began = time.monotonic()
        bot.send_signal(sign)
        assert bot.wait(10) == 0
        assert time.monotonic() - began < 10
    assert kills.rows(tmp_path, "SELECT state FROM deliveries") == [("sent",)]


def test_sigterm_ends_the_bot_although_telegram_hangs(tmp_path: Path) -> None:
    with running_bot(tmp_path) as (known, bot):
        _send_slowly(known, tmp_path, kind="apply_then_hang", seconds=60)
        began = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0
        assert time.monotonic() - began < 10
    # It may have arrived: it goes back to the queue once, as an unknown outcome does.
    assert kills.rows(tmp_path, "SELECT state, resends FROM deliveries") == [("pending", 1)]


def test_sigterm_ends_the_bot_although_an_answer_waits_for_its_turn(tmp_path: Path) -> None:
    with running_bot(tmp_path) as (known, bot):
        known.post("faults", kind="too_many", retry_after=18)
        known.post("say", chat_id=5001, text="/help")
        kills.wait_until(
            lambda: kills.rows(tmp_path, "SELECT 1 FROM chats WHERE hold_until > 0"), 20, "a 429"
        )
        began = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0
        assert time.monotonic() - began < 10


def test_a_second_bot_on_the_same_database_refuses_and_names_the_first(tmp_path: Path) -> None:
    with running_bot(tmp_path) as (known, bot):
        second = subprocess.run(
            [sys.executable, "-m", "bot", "run"],
            env=kills.environment(known, tmp_path),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert second.returncode == 2
        assert f"is in use by process {bot.pid} on" in second.stderr
        assert second.stdout == ""
        assert "Traceback" not in second.stderr
        assert bot.poll() is None


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_token_never_reaches_the_log_even_at_debug_level(tmp_path: Path, form: str) -> None:
    with running_bot(tmp_path, LOG_LEVEL="debug", LOG_FORMAT=form) as (known, bot):
        for kind in ("server_error", "bad_gateway", "drop", "truncated", "too_many"):
            known.post("faults", kind=kind, method="*", times=1, retry_after=1)
        known.post("say", chat_id=5001, text="/subscribe")
        kills.wait_until(
            lambda: kills.rows(tmp_path, "SELECT 1 FROM subscriptions"), 30, "a subscription"
        )
        known.post("publish", feed="harbour-courier", title="Slow boat to the outer islands")
        kills.wait_until(
            lambda: kills.rows(tmp_path, "SELECT 1 FROM deliveries WHERE settled_at > 0"),
            30,
            "an outcome",
        )
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0
    log = (tmp_path / "bot.log").read_text()
    assert "running" in log
    assert version_here() in log
    assert known.token not in log
    assert known.token.partition(":")[2] not in log
    assert not re.search(r"bot\d+:[\w-]{10}", log)


def test_doctor_finds_all_well_beside_a_running_bot_and_does_not_disturb_it(
    tmp_path: Path,
) -> None:
    with running_bot(tmp_path) as (known, bot):
        found = subprocess.run(
            [sys.executable, "-m", "bot", "doctor", "--json"],
            env=kills.environment(known, tmp_path),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert found.returncode == 0, found.stdout
        answer = json.loads(found.stdout)
        details = {finding["check"]: finding["detail"] for finding in answer["findings"]}
        assert "the bot is running" in details["telegram"]
        assert details["feed The Harbour Courier"] == "6 entries"
        assert bot.poll() is None
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0
    assert "another program" not in (tmp_path / "bot.log").read_text()
