"""The wheel: refused in one line where it is missing, and measured as it is where it is there."""

import importlib.util
import json
from pathlib import Path

import pytest

from bot.across.neighbours import Neighbours
from bot.across.wheel import NAME, WEIGHTS, check_weights, check_wheel
from bot.errors import SettingsError
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.telling.elsewhere import Opening
from bot.news.telling.languages import spoken_in

THERE = importlib.util.find_spec(NAME) is not None
needs_wheel = pytest.mark.skipif(not THERE, reason=f"{NAME} is not installed: make semantic")
PAIRS = Path(__file__).parents[2] / "benchmarks" / "stories_reader" / "across_languages.jsonl"
NOW = 1_800_000_000.0


def test_a_wheel_that_is_missing_is_said_in_one_line() -> None:
    with pytest.raises(SettingsError) as refused:
        check_wheel("no_such_wheel")
    assert str(refused.value) == (
        "SEMANTIC=on needs no_such_wheel, which is not installed; run `make semantic`, or set"
        " SEMANTIC=off"
    )


def test_other_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / WEIGHTS
    with pytest.raises(SettingsError, match="cannot be read"):
        check_weights(path)
    path.write_bytes(b"other numbers")
    with pytest.raises(SettingsError, match="other weights than SEMANTIC=on needs"):
        check_weights(path)


@needs_wheel
@pytest.mark.slow
def test_the_wheel_that_is_locked_has_the_weights_that_were_measured() -> None:
    check_wheel()


@needs_wheel
@pytest.mark.slow
async def test_the_encoder_finds_news_in_eight_languages_and_no_look_alike() -> None:
    stop = Stop()

    async def known() -> list[Opening]:
        return []

    across = Neighbours(
        known=known,
        now=lambda: NOW,
        wakeup=stop.wakeup(),
        metrics=Metrics(),
        window=3600.0,
        deadline=60.0,
    )
    pairs = [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines()]
    pairs = [pair for pair in pairs if pair["half"] == "say"]
    found = {"same": 0, "other": 0}
    try:
        await across.step()
        for number, pair in enumerate(pairs):
            # All stand in one window: each report is compared with all that came before it.
            across.ask(_opening(1000 + number, pair["alert"]))
            across.ask(_opening(2000 + number, pair["report"]))
            for _ in range(2):
                await across.step()
            near = await across.found(0)
            found[pair["kind"]] += near.get(2000 + number) is not None
            # Each event stands there twice, by the same words.
            same = {1000 + number - number % 2, 1001 + number - number % 2}
            assert near.get(2000 + number, 1000 + number) in same
    finally:
        await across.end()
    assert found["same"] >= 10
    assert found["other"] == 0


def _opening(number: int, told: dict[str, str]) -> Opening:
    text = f"{told['title']}. {told['summary']}"
    return Opening(number, NOW, text, spoken_in(text, told["lang"]))
