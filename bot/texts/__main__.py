"""For those who translate: `python -m bot.texts update`, and `check [de ru …]`."""

import sys

from bot.texts.catalogues import is_complete
from bot.texts.languages import ENGLISH, NAMES
from bot.texts.translating import check, template

_USAGE = "Say python -m bot.texts update, or python -m bot.texts check de, with any of: {}\n"
_MOST_SHOWN = 200


def main(words: list[str]) -> int:
    """0: done; 1: the code or a catalogue has faults, what is not translated yet aside; 2: wrong
    use.
    """
    ours = [each for each in NAMES if each != ENGLISH]
    match words:
        case ["update"]:
            return _update()
        case ["check", *languages] if set(languages) <= set(ours):
            return max([_check(each) for each in languages or ours])
    sys.stderr.write(_USAGE.format(" ".join(ours)))
    return 2


def _update() -> int:
    try:
        changed = template.update()
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path in changed:
        sys.stdout.write(f"{path.name} is new\n")
    return 0


def _check(language: str) -> int:
    text = template.path_of(language).read_text("utf-8")
    found = [each for each in template.faults_of(language) if not each.startswith(check.MISSING)]
    for fault in found[:_MOST_SHOWN]:
        sys.stdout.write(f"{language}: {fault}\n")
    sys.stdout.write(f"{check.offers(language, text)}; {len(found)} faults\n")
    incomplete = is_complete(text) and check.missing(text)
    return 1 if found or incomplete else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
