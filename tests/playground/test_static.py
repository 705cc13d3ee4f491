"""The page as files: nothing from elsewhere, no markup made of received text."""

from bot.playground.server import STATIC


def test_the_page_loads_nothing_from_elsewhere_and_never_writes_html() -> None:
    for path in STATIC.iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "//cdn" not in text
        assert "innerHTML" not in text
        assert "insertAdjacentHTML" not in text
