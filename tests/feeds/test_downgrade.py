"""A redirect from https down to http, over real TLS with a certificate made for the test."""

import asyncio
import json
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.feeds.site import feed, site

OPENSSL = shutil.which("openssl") or ""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not OPENSSL, reason="openssl makes the certificate"),
]


def certificate(folder: Path) -> tuple[Path, Path]:
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip
    return key, cert


@pytest.mark.hostile(43)
async def test_a_redirect_down_to_http_is_followed_and_the_feed_read(tmp_path: Path) -> None:
    key, cert = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    async with site() as plain:
        plain.pages["/feed"] = feed("Pier Post", "Tide turns")

        async def down(request: web.Request) -> web.Response:
            return web.Response(status=301, headers={"Location": f"{plain.url}/feed"})

        app = web.Application()
        app.router.add_get("/feed", down)
        server = TestServer(app, host="127.0.0.1", scheme="https")
        await server.start_server(ssl=context)
        url = f"https://127.0.0.1:{server.port}/feed"
        known = {"ALLOWED_PRIVATE_HOSTS": "127.0.0.1", "PATH": os.environ["PATH"]}
        told = await _checked(url, tmp_path, known | {"SSL_CERT_FILE": str(cert)})
        stranger = await _checked(url, tmp_path, known)
        await server.close()
    assert told["ok"], told
    assert told["title"] == "Pier Post"
    assert stranger["error"] == "the site's certificate is not valid"


async def _checked(url: str, folder: Path, environment: dict[str, str]) -> dict[str, object]:
    code = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "feeds", "check", "--json", url),
        cwd=folder,
        env=environment | {"PYTHONPATH": str(code)},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    found: dict[str, object] = json.loads(out)
    return found
