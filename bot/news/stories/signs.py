"""What a report is found by before its text is asked: its link, and its headline."""

from typing import Generic, TypeVar

_Report = TypeVar("_Report")


class Signs(Generic[_Report]):
    """Reports by the hashes of their links and of their long headlines, in the order of adding."""

    def __init__(self) -> None:
        # Most stand alone: a list around each would take twice the memory.
        self._links: dict[int, _Report | list[_Report]] = {}
        self._titles: dict[int, _Report | list[_Report]] = {}

    def __len__(self) -> int:
        return len(self._links) + len(self._titles)

    def linked(self, link: int) -> list[_Report]:
        """The reports with a link."""
        return _all(self._links, link)

    def titled(self, title: int) -> list[_Report]:
        """The reports with a headline."""
        return _all(self._titles, title)

    def add(self, report: _Report, link: int, title: int) -> None:
        """Takes in a report with its link and its title; 0 is none."""
        if link:
            _add(self._links, link, report)
        if title:
            _add(self._titles, title, report)

    def drop(self, report: _Report, link: int, title: int) -> None:
        """Lets it go again."""
        if link:
            _drop(self._links, link, report)
        if title:
            _drop(self._titles, title, report)


def _add(known: dict[int, _Report | list[_Report]], key: int, report: _Report) -> None:
    found = known.setdefault(key, report)
    if found is report:
        return
    if isinstance(found, list):
        found.append(report)
    else:
        known[key] = [found, report]


def _drop(known: dict[int, _Report | list[_Report]], key: int, report: _Report) -> None:
    found = known[key]
    if not isinstance(found, list):
        del known[key]
        return
    found.remove(report)
    if len(found) == 1:
        known[key] = found[0]


def _all(known: dict[int, _Report | list[_Report]], key: int) -> list[_Report]:
    found = known.get(key)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]
