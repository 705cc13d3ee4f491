"""Somebody who types commands of `tocsin` in a folder."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests import warm

_CODE = Path(__file__).parents[2]


class Shell:
    """Runs `tocsin` in a folder, with nothing in its environment but what is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = {"DATABASE_URL": f"sqlite:///{folder}/news.db"}

    def run(self, *words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in a process that has its modules."""
        return self._run(None, words, settings)

    def run_as(self, user: int, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """The same as another user, by root only."""
        return self._run(user, words, {})

    def _run(
        self, user: int | None, words: Sequence[str | Path], settings: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return warm.run(
            *("bot", *map(str, words)),
            env=self._environment(settings),
            folder=self.folder,
            user=user,
        )

    def run_cold(self, *words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs a command as people do, all modules to be found and loaded."""
        return self.python(["-m", "bot"], words, **settings)

    def python(
        self, program: list[str], words: Sequence[str | Path], **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs a program in Python."""
        return subprocess.run(
            [sys.executable, "-B", *program, *map(str, words)],
            cwd=self.folder,
            env=self._environment(settings),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        known = {"COLUMNS": "200", "LANG": "C.UTF-8", "PYTHONPATH": str(_CODE)}
        return known | self.settings | settings

    def done(self, *words: str | Path, **settings: str) -> str:
        """What a command says that must end well."""
        ended = self.run(*words, **settings)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def json(self, *words: str | Path) -> Any:
        """The same for programs."""
        return json.loads(self.done(*words, "--json"))

    def refused(self, code: int, *words: str | Path, **settings: str) -> str:
        """The one line on stderr of a command that must end with `code`."""
        return one_line(self.run(*words, **settings), code)


def one_line(ended: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line that a command said which ended with `code`."""
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    return ended.stderr.strip()
