"""Ready-made topics that a chat may follow with one tap.

They come from a file that anybody may edit; `bot/data/presets.txt` explains its format and
`bot.data.shipped` reads it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.errors import BadInput, QueryError
from bot.news.query.match import Query
from bot.news.query.parse import parse_query
from bot.news.text.words import fold
from bot.texts.said import Said, named

MAX_KEY = 16
_GROUP = re.compile(r"\[(?P<name>[^\[\]]{1,40})\]")
_HEAD = re.compile(
    r"(?P<popular>\*\s*)?(?P<key>[a-z0-9-]+)\s*=\s*(?P<name>[^\s;][^;]{0,59})(?P<also>(?:;[^;]{1,60})*)"
)


@dataclass(frozen=True)
class Preset:
    """A ready-made topic. `key` is short and never changes: buttons and links carry it. A `popular`
    one is offered first. People call it what stands in `also`, too.
    """

    key: str
    group: str
    name: str
    query: Query
    popular: bool = False
    also: tuple[str, ...] = ()

    @cached_property
    def words(self) -> str:
        """Its query as a topic has it that follows it; every screen of topics asks for all of
        them.
        """
        return str(self.query)

    @cached_property
    def folded_names(self) -> frozenset[str]:
        """Its names in English, as they are compared."""
        return frozenset(map(fold, (self.name, *self.also)))

    @property
    def called(self) -> Said:
        """Its name, for a reader."""
        return named("topic", self.name)


def group_called(group: str) -> Said:
    """The name of a group, for a reader."""
    return named("group of topics", group)


def read_presets(text: str) -> tuple[Preset, ...]:
    """Reads the file. Raises BadInput with the number of a line that cannot be used."""
    presets: dict[str, Preset] = {}
    for number, group, head, body in _blocks(text):
        found = _HEAD.fullmatch(head)
        if found is None or len(found["key"]) > MAX_KEY:
            raise BadInput(f"Line {number} must be a short key, =, and the name of the topic.")
        if found["key"] in presets:
            raise BadInput(f"Line {number}: the key {found['key']!r} is taken already.")
        name, query = found["name"].strip(), _query(body, number)
        popular = found["popular"] is not None
        also = tuple(each.strip() for each in found["also"].split(";") if each.strip())
        presets[found["key"]] = Preset(found["key"], group, name, query, popular, also)
    return tuple(presets.values())


def groups_of(presets: Iterable[Preset]) -> list[str]:
    """The names of their groups, in order."""
    return list(dict.fromkeys(preset.group for preset in presets))


def _query(body: str, number: int) -> Query:
    try:
        return parse_query(body)
    except QueryError as error:
        raise BadInput(f"The topic of line {number} cannot be read: {error}") from None


def _blocks(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Number of the first line, group, first line and query of each topic."""
    group, head, place, body = "", "", 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            if not head:
                raise BadInput(f"Line {number} is set in, but no topic stands above it.")
            body.append(line.strip())
            continue
        if head:
            yield place, group, head, " ".join(body)
        head, place, body = "", number, []
        if named := _GROUP.fullmatch(line.strip()):
            group = named["name"]
        elif not group:
            raise BadInput(f"Line {number} must come after a group, such as [World].")
        else:
            head = line.strip()
    if head:
        yield place, group, head, " ".join(body)
