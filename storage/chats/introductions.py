"""What the bot has said of itself on Telegram, so that it is said again only where it changed."""

from storage.database import Database


class Introductions:
    """Hashes of what was said, by bot, by what it is, and by language."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def said(self, bot_id: int) -> dict[tuple[str, str], str]:
        """The hash of each text or menu that this bot has sent, by what it is and its language."""
        rows = await self._database.rows(
            "SELECT what, language, hash FROM introductions WHERE bot_id = ?", bot_id
        )
        return {(row["what"], row["language"]): row["hash"] for row in rows}

    async def note(self, bot_id: int, what: str, language: str, hash_: str) -> None:
        """Keeps that Telegram took it."""
        async with self._database.write() as transaction:
            await transaction.run(
                "INSERT INTO introductions (bot_id, what, language, hash) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (bot_id, what, language) DO UPDATE SET hash = excluded.hash",
                bot_id,
                what,
                language,
                hash_,
            )
