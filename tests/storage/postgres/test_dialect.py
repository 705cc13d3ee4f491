"""How a text of SQLite's is said to PostgreSQL."""

from typing import Any

import pytest

pytest.importorskip("asyncpg", reason="PostgreSQL needs asyncpg")

from bot.news.outbox import DeliveryState
from storage.postgres.dialect import bound, bound_many
from storage.sql import as_list, by, either, in_order_of, listed, tabled


@pytest.mark.parametrize(
    ("sql", "values", "text", "given"),
    [
        ("a = ? AND b = ?", (1, "x"), "a = $1::bigint AND b = $2::text", [1, "x"]),
        ("a = ?2 AND b = ?1", (1, 2.5), "a = $2::double precision AND b = $1::bigint", [1, 2.5]),
        (
            "a = '?1 INDEXED BY x' AND b = ?",
            (b"k",),
            "a = '?1 INDEXED BY x' AND b = $1::bytea",
            [b"k"],
        ),
        (
            "a = ?1 AND b = ?3 AND c = ?2",
            (1, None, 3),
            "a = $1::bigint AND b = $2::bigint AND c = NULL",
            [1, 3],
        ),
        ("state = ?", (DeliveryState.SENT,), "state = $1::text", ["sent"]),
        (f"id IN {listed()}", (as_list([1, 2]),), "id = ANY ($1)", [[1, 2]]),
        (
            f"id NOT IN {listed('?1')} AND a = ?2",
            (as_list([]), 5),
            "id <> ALL ($1) AND a = $2::bigint",
            [[], 5],
        ),
        (
            f"?1 IS NULL OR id IN {listed('?1')}",
            (as_list(["a"]),),
            "FALSE OR id = ANY ($1)",
            [["a"]],
        ),
        (f"?1 IS NULL OR id IN {listed('?1')}", (None,), "TRUE OR id = ANY (NULL)", []),
        (
            f"FROM deliveries d {by('deliveries_of_story')} JOIN r",
            (),
            "FROM deliveries d JOIN r",
            [],
        ),
        (
            "a CROSS JOIN chats c ON c.id = a.id CROSS JOIN b",
            (),
            "a JOIN chats c ON c.id = a.id CROSS JOIN b",
            [],
        ),
        ("CAST(value AS INTEGER) || char(10)", (), "as_integer(value) || chr(10)", []),
        (
            "GROUP BY +e.chat_id LIMIT -1 OFFSET ?",
            (3,),
            "GROUP BY e.chat_id LIMIT ALL OFFSET $1::bigint",
            [3],
        ),
        (
            "SET placing = ? WHERE name = 'placing'",
            (3,),
            """SET "placing" = $1::bigint WHERE name = 'placing'""",
            [3],
        ),
        (either("rowid", "place") + in_order_of("w"), (), "place ORDER BY w.nth", []),
        (
            f"SELECT id FROM {tabled('?1', 'id', 'title text', 'at real')} n WHERE x = ?2",
            (as_list([(1, "a", 2.5)]), 4),
            "SELECT id FROM (SELECT (value ->> 0)::bigint AS id, (value ->> 1)::text AS title,"
            " (value ->> 2)::double precision AS at, nth FROM jsonb_array_elements($1::text::jsonb)"
            " WITH ORDINALITY AS l (value, nth)) n WHERE x = $2::bigint",
            ['[[1, "a", 2.5]]', 4],
        ),
    ],
)
def test_a_statement_is_translated_with_the_types_of_its_values(
    sql: str, values: tuple[Any, ...], text: str, given: list[Any]
) -> None:
    assert bound(sql, values) == (text, given)


def test_of_many_rows_a_column_has_one_type_and_what_is_always_null_none() -> None:
    rows = [(1, None, None, 1), (2, None, "x", 2.5)]
    text, given = bound_many("SET a = ?, b = ?, c = ?, d = ?", rows)
    assert text == "SET a = $1::bigint, b = NULL, c = $2::text, d = $3::double precision"
    assert given == [[1, None, 1], [2, "x", 2.5]]
