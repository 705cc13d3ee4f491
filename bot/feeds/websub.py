"""WebSub on the wire: what a hub is asked, and whether what it sends is its own. Pure.

Source: WebSub, W3C Recommendation of 23 January 2018.
"""

import hashlib
import hmac
import re

from bot.news.polling.push import LEASE_WANTED_SECONDS, Push

LONGEST_CHALLENGE = 2000
_SIGNATURE = re.compile(r"\s*(sha1|sha256|sha384|sha512)\s*=\s*([0-9a-fA-F]{40,128})\s*")


def request_of(push: Push) -> dict[str, str]:
    """The form that asks a hub for a subscription, or for its end (section 5.1)."""
    form = {"hub.callback": push.callback, "hub.mode": push.mode, "hub.topic": push.topic}
    if push.mode == "subscribe":
        form["hub.secret"] = push.secret
        form["hub.lease_seconds"] = str(LEASE_WANTED_SECONDS)
    return form


def is_signed(body: bytes, signature: str | None, secret: str) -> bool:
    """True if `X-Hub-Signature` is that of the body under the secret (section 7.1)."""
    found = _SIGNATURE.fullmatch(signature or "")
    if not found:
        return False
    method, given = found.group(1), found.group(2).lower()
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    # In constant time: how long it takes must not tell how much of it was right.
    return hmac.compare_digest(expected, given)


def lease_of(text: str | None) -> float | None:
    """The seconds of `hub.lease_seconds`; None where it is missing or no number."""
    return float(text) if text and re.fullmatch(r"[0-9]{1,12}", text) else None
