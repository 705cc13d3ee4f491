"""How much of an answer may be anything but its body, and where it ends.

Servers send policies of 20 kB, hundreds of cookies and signed addresses that no rule of aiohttp's
own expects. Its bounds are for a line and for the number of lines, 32 MB together if each is as
wide as one header may need; so the head as a whole has a bound of its own here, which holds while
it comes in. What frames the chunks of a body, and what stands behind it, aiohttp bounds by nothing.
"""

from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

MOST_HEAD = 256 * 1024  # bytes of all lines together, those of interim answers (1xx) included
_BODY_A_FRAME = 4  # so many times what frames its chunks must be body: some 20 bytes a chunk
_LONGEST_LINE = 64 * 1024
_LONGEST_FIELD = _LONGEST_LINE + 256  # with its name
_MOST_LINES = 502  # 500 fields: aiohttp's parser in Python counts the first and last line too
_READ_BYTES = 64 * 1024  # of a body, before whoever reads it has taken some
_END = b"\r\n\r\n"
_BODILESS = (204, 304)


class AnswerReader(ResponseHandler):
    """Reads the answers of one connection by aiohttp's parser. Counts what comes in, and gives up
    an answer whose head is longer than `MOST_HEAD`, or of which more than that, and more than its
    body accounts for, is no body.

    What comes after an answer's end is not read, and no other answer is on that connection: some
    servers end an answer that has no body like one that has, or count a body too short.
    """

    _received = 0  # bytes of this answer on the wire
    _seam = b""  # the last of a head that is not all here
    _head_is_read = False
    _is_bodiless = False
    _body: StreamReader = EMPTY_PAYLOAD

    def expect(self) -> None:
        """Another answer is to come on this connection."""
        self._received, self._seam = 0, b""
        self._head_is_read, self._is_bodiless, self._body = False, False, EMPTY_PAYLOAD
        self.set_response_params(
            read_until_eof=True,
            auto_decompress=False,
            read_bufsize=_READ_BYTES,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_FIELD,
            max_headers=_MOST_LINES,
        )

    def data_received(self, data: bytes) -> None:
        """As the transport calls it; and aiohttp, with nothing, once its parser is to go on."""
        if not data:
            self._parse(data)
            return
        # Judged before this is counted: what came earlier is read by now.
        if self._head_is_read and self._has_too_little_body():
            self._give_up("too little of it is its body")
            return
        self._received += len(data)
        if not self._head_is_read:
            data = self._read_head(data)
        if data and self._is_bodiless:
            self._end_here()
        elif data:
            self._parse(data)

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """As the parser calls it for each head that it has read."""
        message, body = data
        self._head_is_read = not 100 <= message.code < 200
        self._is_bodiless = message.code in _BODILESS
        self._body = body
        lines = message.raw_headers
        # Where no more has come in than that, nothing is added up.
        if self._received > MOST_HEAD and sum(len(a) + len(b) + 4 for a, b in lines) > MOST_HEAD:
            self._give_up("the head is too long")
            return
        if self._is_bodiless and _announces_body(message):
            self.force_close()  # it may come yet, before another answer
        super().feed_data(data, size)

    def _parse(self, data: bytes) -> None:
        super().data_received(data)
        error = self.exception()
        # aiohttp tells only who waits for a head, and whoever reads the body would wait for ever.
        if error is not None and not self._body.is_eof() and self._body.exception() is None:
            self._body.set_exception(error)

    def _read_head(self, data: bytes) -> bytes:
        """Reads as far as the head goes, and gives what is left of this. Not in one piece: aiohttp
        would lose the head where what follows is no HTTP.
        """
        start = 0
        while not self._head_is_read and (end := self._end_of_head(data, start)):
            self._parse(data[start:end])
            if self.exception() is not None:
                return b""
            start, self._seam = end, b""
        if self._head_is_read:
            return data[start:]
        self._seam = (self._seam + data[start:][-3:])[-3:]
        self._parse(data[start:])
        if not self._head_is_read and self._received > MOST_HEAD:
            self._give_up("the head is too long")
        return b""

    def _end_of_head(self, data: bytes, start: int) -> int:
        """Where the next empty line ends; 0 where it is not here yet."""
        if self._seam and (found := (self._seam + data[start : start + 3]).find(_END)) >= 0:
            return start + found + len(_END) - len(self._seam)
        found = data.find(_END, start)
        return found + len(_END) if found >= 0 else 0

    def _has_too_little_body(self) -> bool:
        body = self._body.total_bytes
        return self._received - body > MOST_HEAD + body // _BODY_A_FRAME

    def _end_here(self) -> None:
        """Reads no more of this connection."""
        self.force_close()
        if self.transport is not None:
            self.transport.close()

    def _give_up(self, reason: str) -> None:
        error = HttpProcessingError(code=400, message=reason)
        self.set_exception(error)
        self._body.set_exception(error)
        self._payload = None  # or aiohttp says of it that it ended early
        self._end_here()


def _announces_body(message: RawResponseMessage) -> bool:
    return message.chunked or message.headers.get("Content-Length", "0") != "0"
