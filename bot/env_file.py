"""What stands in the file of settings (`.env`), and what in it sets nothing."""

import logging
import re
from collections.abc import Collection
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.errors import SettingsError

if TYPE_CHECKING:
    from dotenv.parser import Binding

log = logging.getLogger(__name__)

_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,59}"


class Slips(Struct, frozen=True):
    """What stands in a file of settings and sets nothing: the numbers of lines that cannot be read,
    and names that no setting has, each with the one that may be meant, or "".
    """

    lines: tuple[int, ...]
    names: dict[str, str]


def slips_in(path: Path, known: Collection[str]) -> Slips:
    """What sets nothing in a file of settings, of which these names are known. What may be a secret
    that slipped into the place of a name is told by its line only. Raises SettingsError.
    """
    lines, names = [], {}
    for binding in _bindings(_text_of(path)):
        name = (binding.key or "").upper()
        if binding.error or (name and name not in known and not _is_name(binding)):
            lines.append(binding.original.line)
        elif name and name not in known:
            from difflib import get_close_matches

            names[name] = next(iter(get_close_matches(name, known, 1)), "")
    return Slips(tuple(lines), names)


def _is_name(binding: "Binding") -> bool:
    return binding.value is not None and bool(re.fullmatch(_NAME, binding.key or ""))


def _bindings(text: str) -> "list[Binding]":
    from dotenv.parser import parse_stream

    return list(parse_stream(StringIO(text)))


def _text_of(path: Path) -> str:
    if not path.exists() or path.is_dir():  # as where an environment of Python is called so
        return ""
    try:
        return path.read_text("utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None


def settings_in(path: Path) -> dict[str, str | None]:
    """What a file of settings sets, by names in capitals; nothing where there is none. Raises
    SettingsError.
    """
    text = _text_of(path)
    if not text:
        return {}
    from dotenv import dotenv_values  # most who run many processes have no such file

    for binding in _bindings(text):
        if binding.error:
            line = binding.original.line
            log.warning(f"{path}, line {line}, cannot be read and is left out: write NAME=value")
    # It says the same of each line, but not of which file.
    logging.getLogger("dotenv.main").setLevel(logging.ERROR)
    return {name.upper(): value for name, value in dotenv_values(stream=StringIO(text)).items()}
