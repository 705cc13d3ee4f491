"""The programs that send, before the server that takes everything, as `make bench` runs them."""

from benchmarks.speed.senders import measure
from benchmarks.speed.sending import answering


async def test_messages_go_out_over_our_transport_and_over_bare_aiohttp() -> None:
    with answering() as url:
        for way in ("tocsin", "limit"):
            rate, cpu = await measure(way, url, in_flight=4, seconds=0.1)
            assert rate > 0
            assert cpu > 0
