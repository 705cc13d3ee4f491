from benchmarks.profiles import (
    ProfiledPath,
    chosen,
    notes,
    page,
    sections,
    stacks,
    table,
    titles,
)

_TEXT = """\
process 10:"";process 11:"python -m bot run";run (bot/app.py:1);parse (bot/x/parse.py:9) 3
process 10:"";process 11:"python -m bot run";process 12:"python";read (x.py:1) 1
process 10:"";process 20:"python -m bot run";run (bot/app.py:1) 4
process 10:"";measure (benchmarks/cold_poll.py:9);run (bot/app.py:1) 8
"""


def test_each_bot_is_counted_by_itself_with_its_children() -> None:
    found = chosen(ProfiledPath((), bots=("first", "second")), stacks(_TEXT))
    assert {title: sum(n for _, n in some) for title, some in found.items()} == {
        "first": 4,
        "second": 4,
    }


def test_only_what_is_within_a_function_is_counted() -> None:
    found = chosen(ProfiledPath((), title="A poll", within="measure"), stacks(_TEXT))
    assert [count for some in found.values() for _, count in some] == [8]


def test_own_time_comes_first_and_recursion_counts_once() -> None:
    shown = table([(("f (a.py:1)", "g (a.py:2)", "f (a.py:1)"), 3), (("f (a.py:1)",), 1)])
    assert "| `f (a.py:1)` | 100.0% | 100.0% |" in shown
    assert "g (a.py" not in shown


def test_waiting_does_not_count() -> None:
    waits = [
        (("f (a.py:1)", "EpollSelector.select (selectors.py:451)"), 9),
        (("_worker (t.py:1)",), 9),
    ]
    shown = table([*waits, (("f (a.py:1)",), 1)])
    assert shown.startswith("1 samples")
    assert "select" not in shown


def test_sections_of_the_page_are_found_again() -> None:
    known = {"A poll": "| a |\n\nwords", "A start": "| b |"}
    assert {title: text.strip() for title, text in sections(page(known)).items()} == known


def test_what_was_done_is_written_of_each_section() -> None:
    assert set(notes()) == set(titles())
