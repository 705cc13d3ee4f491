"""What a parser process may do to the machine, should a document take it over."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.feeds.reading.worker import ParserPool
from tests.feeds.test_parser_pool import BODY, pids

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

_UNSHARES = (
    "import ctypes, sys; unshare = ctypes.CDLL(None).unshare;"
    "sys.exit(not (unshare(0x40000000) == 0 or unshare(0x50000000) == 0))"
)


async def test_a_worker_writes_no_file_and_starts_no_process() -> None:
    async with ParserPool(size=1) as pool:
        await pool.parse(BODY)
        (pid,) = pids(pool)
        limits = Path(f"/proc/{pid}/limits").read_text("ascii")
        for name, most in (
            ("Max file size", 0), ("Max core file size", 0), ("Max open files", 64),
            ("Max processes", 0),
        ):  # fmt: skip
            found = re.search(rf"^{name} +(\d+) +(\d+)", limits, re.MULTILINE)
            assert found, name
            assert (int(found[1]), int(found[2])) == (most, most)
        # All that it reads is still read, with what is loaded for a page only.
        page = b"<html><body><article><p>" + b"The ferry sails again. " * 40 + b"</p></article>"
        assert await pool.lead(page, content_type="text/html", title="Ferry", source="Post")
        assert (await pool.judge(b"User-agent: *", url="https://news.example/")).allowed


async def test_a_worker_has_no_network_where_the_system_lets_it_leave() -> None:
    if subprocess.run([sys.executable, "-c", _UNSHARES], check=False).returncode:
        pytest.skip("this system lets no process leave its network")
    async with ParserPool(size=1) as pool:
        await pool.parse(BODY)
        (pid,) = pids(pool)
        assert os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net")
        routes = Path(f"/proc/{pid}/net/route").read_text("ascii").splitlines()
        assert routes[1:] == []
