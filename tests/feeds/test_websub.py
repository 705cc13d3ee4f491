"""WebSub on the wire."""

import hashlib
import hmac

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.fetching.fetch import Failed, Fetcher
from bot.feeds.fetching.guard import NOT_ALLOWED, Guard
from bot.feeds.websub import is_signed, lease_of


@given(st.binary(max_size=200), st.text(max_size=20), st.sampled_from([1, 256, 384, 512]))
def test_a_signature_holds_for_its_body_and_secret_only(body: bytes, key: str, size: int) -> None:
    made = hmac.new(key.encode(), body, getattr(hashlib, f"sha{size}")).hexdigest()
    assert is_signed(body, f"sha{size}={made}", key)
    assert is_signed(body, f"sha{size}={made.upper()}", key)
    assert not is_signed(body + b"x", f"sha{size}={made}", key)
    assert not is_signed(body, f"sha{size}={made}", key + "x")
    assert not is_signed(body, f"sha{size}={made[:-1]}", key)


@given(st.none() | st.text(max_size=200))
def test_no_words_pass_for_a_signature(text: str | None) -> None:
    assert not is_signed(b"body", text, "secret")


@pytest.mark.parametrize("text", [None, "", "-1", "1e9", "soon", "9" * 13])
def test_a_lease_that_is_no_number_is_none(text: str | None) -> None:
    assert lease_of(text) is None


async def test_a_form_follows_where_a_hub_moved_it_and_no_further_than_is_allowed() -> None:
    seen = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.path, dict(await request.post())))
        places = {"/feed": "/hub", "/trap": "http://169.254.169.254/"}
        place = places.get(request.path)
        return web.Response(status=307 if place else 202, headers={"Location": place or ""})

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    async with (
        TestServer(app, host="127.0.0.1") as server,
        Fetcher(Guard(["127.0.0.1"]), deadline=60) as fetcher,
    ):
        url = str(server.make_url("/feed"))
        assert await fetcher.post(url, {"hub.mode": "subscribe"}) == 202
        assert seen == [(path, {"hub.mode": "subscribe"}) for path in ("/feed", "/hub")]
        trapped = await fetcher.post(url.replace("/feed", "/trap"), {})
    assert trapped == Failed(NOT_ALLOWED)
