"""How much of an answer may stand before its body.

Servers send policies of 20 kB, hundreds of cookies and signed addresses that no rule of aiohttp's
own expects. Its bounds are for a line and for the number of lines, 32 MB together if each is as
wide as one header may need; so the head as a whole has a bound of its own here, which holds while
it comes in.
"""

from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import StreamReader

MOST_HEAD = 256 * 1024  # bytes of all lines together, those of interim answers (1xx) included
_LONGEST_LINE = 64 * 1024
_LONGEST_FIELD = _LONGEST_LINE + 256  # with its name
_MOST_LINES = 502  # 500 fields: aiohttp's parser in Python counts the first and last line too
_READ_BYTES = 64 * 1024  # of a body, before whoever reads it has taken some


class AnswerReader(ResponseHandler):
    """Reads the answers of one connection by aiohttp's parser, and gives up one whose head is
    longer than `MOST_HEAD`. Counts what comes in until the head of the answer is read.
    """

    _head_bytes = 0
    _head_is_read = False

    def expect(self) -> None:
        """Another answer is to come on this connection."""
        self._head_bytes, self._head_is_read = 0, False
        self.set_response_params(
            read_until_eof=True,
            auto_decompress=False,
            read_bufsize=_READ_BYTES,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_FIELD,
            max_headers=_MOST_LINES,
        )

    def data_received(self, data: bytes) -> None:
        """As the transport calls it."""
        if not self._head_is_read:
            self._head_bytes += len(data)
        super().data_received(data)
        if not self._head_is_read and self._head_bytes > MOST_HEAD:
            self._give_up()

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """As the parser calls it for each head that it has read."""
        message = data[0]
        self._head_is_read = not 100 <= message.code < 200
        lines = message.raw_headers
        # Where no more has come in than that, nothing is added up.
        if self._head_bytes > MOST_HEAD and sum(len(a) + len(b) + 4 for a, b in lines) > MOST_HEAD:
            self._give_up()
        else:
            super().feed_data(data, size)

    def _give_up(self) -> None:
        error = HttpProcessingError(code=400, message="the head is too long")
        self.set_exception(error)
        if self.transport is not None:
            self.transport.close()
