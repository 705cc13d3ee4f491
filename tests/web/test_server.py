"""Health and metrics over real HTTP."""

import aiohttp
import pytest

from bot.errors import SettingsError
from bot.metrics import Metrics
from bot.web.server import serve
from storage.errors import StorageError


async def _get(url: str, password: str | None = None) -> tuple[int, str]:
    headers = {}
    if password is not None:
        headers["Authorization"] = aiohttp.encode_basic_auth("any", password, "utf-8")
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.text()


async def _well() -> None:
    return None


async def _ill() -> None:
    raise StorageError("The database cannot be used now: disk full.")


async def test_a_well_bot_says_so_and_shows_its_counters() -> None:
    metrics = Metrics()
    metrics.reports.inc(3)
    async with serve("127.0.0.1:0", None, metrics, _well) as url:
        assert await _get(f"{url}/healthz") == (200, "ok\n")
        assert await _get(f"{url}/readyz") == (200, "ready\n")
        status, text = await _get(f"{url}/metrics")
        assert status == 200
        assert "tocsin_reports_total 3.0" in text


async def test_a_database_that_does_not_answer_makes_it_unready_but_alive() -> None:
    async with serve("127.0.0.1:0", None, Metrics(), _ill) as url:
        assert await _get(f"{url}/healthz") == (200, "ok\n")
        assert await _get(f"{url}/readyz") == (503, "The database cannot be used now: disk full.\n")


async def test_the_counters_ask_for_the_password_where_there_is_one() -> None:
    async with serve("127.0.0.1:0", "open sesame", Metrics(), _well) as url:
        assert (await _get(f"{url}/metrics"))[0] == 401
        for wrong in ("", "open", "öffne"):
            assert (await _get(f"{url}/metrics", wrong))[0] == 401
        assert (await _get(f"{url}/metrics", "open sesame"))[0] == 200


async def test_an_address_in_use_is_a_bad_setting() -> None:
    async with serve("127.0.0.1:0", None, Metrics(), _well) as url:
        taken = url.removeprefix("http://")
        with pytest.raises(SettingsError, match=f"WEB_LISTEN={taken} cannot be used"):
            async with serve(taken, None, Metrics(), _well):
                pass
