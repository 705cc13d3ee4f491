"""The people behind groups and channels."""

from collections.abc import Collection

from bot.news.chat import Chat, Speaking
from storage.chats.chats import chat_of
from storage.database import Database
from storage.sql import as_list, listed

_MOST_A_CHAT = 5
_MOST_CHANNELS = 50
_MOST_AT_ONCE = 50


class Keepers:
    """Who let the bot into a chat or chose what it follows, or owns it where nobody else is known,
    and who speaks for which channel.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, chat_id: int, user_id: int, now: float) -> None:
        """Notes a person as the newest keeper of a chat; a few of each chat are remembered."""
        async with self._database.write() as transaction:
            # Who came while the clock was ahead is no newer than who comes now.
            await transaction.run(
                "UPDATE keepers SET at = ?2 - 1 WHERE chat_id = ?1 AND at > ?2", chat_id, now
            )
            await transaction.run(
                "INSERT INTO keepers (chat_id, user_id, at) SELECT id, ?, ? FROM chats WHERE id = ?"
                " ON CONFLICT (chat_id, user_id) DO UPDATE SET at = excluded.at",
                user_id,
                now,
                chat_id,
            )
            await transaction.run(
                "DELETE FROM keepers WHERE chat_id = ?1 AND user_id NOT IN (SELECT user_id"
                " FROM keepers WHERE chat_id = ?1 ORDER BY at DESC LIMIT ?2)",
                chat_id,
                _MOST_A_CHAT,
            )

    async def newest(self, chat_id: int) -> int | None:
        """Who kept a chat last; None where nobody is known to."""
        row = await self._database.row(
            "SELECT user_id FROM keepers WHERE chat_id = ? ORDER BY at DESC, user_id LIMIT 1",
            chat_id,
        )
        return row["user_id"] if row else None

    async def leave(self, chat_id: int, user_id: int) -> None:
        """Forgets that a person keeps a chat, and that they speak for it."""
        async with self._database.write() as transaction:
            for table in ("keepers", "speakers"):
                await transaction.run(
                    f"DELETE FROM {table} WHERE chat_id = ? AND user_id = ?", chat_id, user_id
                )

    async def channels_of(self, user_id: int) -> list[Chat]:
        """The channels that a person keeps, by their titles."""
        rows = await self._database.rows(
            "SELECT c.* FROM keepers k JOIN chats c ON c.id = k.chat_id"
            " WHERE k.user_id = ? AND c.kind = 'channel' ORDER BY c.title, c.id LIMIT ?",
            user_id,
            _MOST_CHANNELS,
        )
        return [chat_of(row) for row in rows]

    async def speak(self, user_id: int, chat_id: int, until: float) -> None:
        """Lets a person speak for a channel until then, and for no other."""
        async with self._database.write() as transaction:
            await transaction.run(
                "INSERT INTO speakers (user_id, chat_id, until)"
                " SELECT ?, id, ? FROM chats WHERE id = ? ON CONFLICT (user_id)"
                " DO UPDATE SET chat_id = excluded.chat_id, until = excluded.until",
                user_id,
                until,
                chat_id,
            )

    async def speaking(self, user_id: int) -> Speaking | None:
        """For whom a person speaks; also when the time for it is over."""
        row = await self._database.row(
            "SELECT c.*, s.until FROM speakers s JOIN chats c ON c.id = s.chat_id"
            " WHERE s.user_id = ?",
            user_id,
        )
        return Speaking(chat_of(row), row["until"]) if row else None

    async def fall_silent(self, user_id: int) -> None:
        """Ends that a person speaks for a channel."""
        async with self._database.write() as transaction:
            await transaction.run("DELETE FROM speakers WHERE user_id = ?", user_id)

    async def reachable(self, chat_id: int) -> list[Chat]:
        """The private chats of those who keep a chat and are served, the newest keeper's first."""
        rows = await self._database.rows(
            # A private chat has the id of its person.
            "SELECT p.* FROM keepers k JOIN chats p ON p.id = k.user_id"
            " WHERE k.chat_id = ? AND p.state = 'active' ORDER BY k.at DESC",
            chat_id,
        )
        return [chat_of(row) for row in rows]

    async def cut_off(self, since: float, but: Collection[int] = ()) -> list[Chat]:
        """Groups and channels in which the bot may not write, of which nobody was told and somebody
        can be; `but` those.
        """
        rows = await self._database.rows(
            "SELECT * FROM chats c WHERE state = 'blocked' AND changed_at > ?"
            " AND told_of_block = 0 AND kind <> 'private'"
            " AND EXISTS (SELECT 1 FROM keepers k JOIN chats p ON p.id = k.user_id"
            "  WHERE k.chat_id = c.id AND p.state = 'active')"
            f" AND id NOT IN {listed()}"
            " ORDER BY changed_at, id LIMIT ?",
            since,
            as_list(but),
            _MOST_AT_ONCE,
        )
        return [chat_of(row) for row in rows]

    async def note_told(self, chat_id: int) -> None:
        """Notes that somebody was told of that; once until the bot may write again."""
        async with self._database.write() as transaction:
            await transaction.run("UPDATE chats SET told_of_block = 1 WHERE id = ?", chat_id)
