"""What handlers work with, wired once by `bot.app`."""

import telegram
from msgspec import Struct, field

from bot.actions.adding import Adding
from bot.actions.languages import begun_with
from bot.actions.volumes import Volumes
from bot.delivery.files import Files
from bot.delivery.send import Sender
from bot.delivery.windows import TimeWindow
from bot.feeds.finder import Finder
from bot.loops import Bell, Now, Outage
from bot.metrics import Metrics
from bot.news.chat import Chat, ChatState, FirstStep, Habits
from bot.news.telling.languages import own_language
from bot.news.text.plain import tidy
from bot.texts.catalogues import first_language
from bot.texts.locale import Locale
from handlers.answers import Answers
from handlers.floods import Floods
from handlers.shipped import Shipped
from storage.errors import database_outage
from storage.storage import Storage

_MOST_SEARCHES = 5
_MOST_KNOWN = 10_000
_RIGHTS_SECONDS = 60.0
_REFUSED_SECONDS = 600.0
_GREETED_SECONDS = 60.0
_GREETED_AGAIN_SECONDS = 3600.0
_FAILED_SECONDS = 60.0
_OWNER_SECONDS = 3600.0


class Access(Struct, frozen=True, kw_only=True):
    """Who may use the bot, who operates it, and whether chats bring feeds of their own."""

    is_open: bool
    operators: tuple[int, ...]
    user_feeds: bool

    def operates(self, user: telegram.User | None) -> bool:
        """Whether this is one of the people in ADMIN_IDS."""
        return user is not None and user.id in self.operators


class RateLimits:
    """What each chat and person did a moment ago, so that nobody asks for too much of it."""

    def __init__(self, *, sender: Sender, now: Now) -> None:
        self.floods = Floods(sender, now)
        self._now = now
        self._searches: dict[int, TimeWindow] = {}
        self._rights: dict[tuple[int, int], tuple[float, bool]] = {}
        self._refused: dict[tuple[int, int], float] = {}
        self._greeted: dict[int, float] = {}
        self._greetings: dict[tuple[int, bool], float] = {}
        self._failed: dict[int, float] = {}
        self._owners: dict[int, tuple[float, int]] = {}

    def may_search_feeds(self, chat_id: int) -> bool:
        """Counts a search for feeds; False for more than a few a minute in one chat, since each
        makes this machine ask strangers' servers.
        """
        now = self._now()
        if len(self._searches) > _MOST_KNOWN:
            self._searches.clear()
        window = self._searches.setdefault(chat_id, TimeWindow(_MOST_SEARCHES, 60.0))
        if window.ready_at(now) > now:
            return False
        window.take(now)
        return True

    def may_refuse(self, chat_id: int, user_id: int) -> bool:
        """Whether somebody is refused something in a group aloud: once in ten minutes, since all
        others read it too. Counts it.
        """
        now = self._now()
        if self._refused.get((chat_id, user_id), 0.0) > now:
            return False
        if len(self._refused) > _MOST_KNOWN:
            self._refused.clear()
        self._refused[chat_id, user_id] = now + _REFUSED_SECONDS
        return True

    def may_say_failed(self, chat_id: int) -> bool:
        """Whether a chat is told that something failed: once a minute, however much does. Counts
        it.
        """
        now = self._now()
        if self._failed.get(chat_id, 0.0) > now:
            return False
        if len(self._failed) > _MOST_KNOWN:
            self._failed.clear()
        self._failed[chat_id] = now + _FAILED_SECONDS
        return True

    def may_greet(self, chat_id: int, *, back: bool) -> bool:
        """Whether a group is greeted that the bot comes, or comes back, to: once an hour of each,
        however often it is taken out and added. Counts it.
        """
        now = self._now()
        if self._greetings.get((chat_id, back), 0.0) > now:
            return False
        if len(self._greetings) > _MOST_KNOWN:
            self._greetings.clear()
        self._greetings[chat_id, back] = now + _GREETED_AGAIN_SECONDS
        return True

    def remember_greeting(self, chat_id: int) -> None:
        """Keeps for a minute that a group was greeted."""
        if len(self._greeted) > _MOST_KNOWN:
            self._greeted.clear()
        self._greeted[chat_id] = self._now() + _GREETED_SECONDS

    def was_greeted(self, chat_id: int) -> bool:
        """Whether a group was greeted within the last minute; says so once, as Telegram writes
        /start once.
        """
        return self._greeted.pop(chat_id, 0.0) > self._now()

    def remember_rights(self, chat_id: int, user_id: int, admin: bool) -> None:
        """Keeps for a minute whether a user administers a chat."""
        if len(self._rights) > _MOST_KNOWN:
            self._rights.clear()
        self._rights[chat_id, user_id] = (self._now() + _RIGHTS_SECONDS, admin)

    def known_rights(self, chat_id: int, user_id: int) -> bool | None:
        """Whether a user administers a chat, if that was asked within the last minute."""
        until, admin = self._rights.get((chat_id, user_id), (0.0, False))
        return admin if until > self._now() else None

    def remember_owner(self, chat_id: int, owner: int) -> None:
        """Keeps for an hour whose a group or channel is; 0 where that is not known."""
        if len(self._owners) > _MOST_KNOWN:
            self._owners.clear()
        self._owners[chat_id] = (self._now() + _OWNER_SECONDS, owner)

    def known_owner(self, chat_id: int) -> int | None:
        """The same, if it was asked within the last hour."""
        until, owner = self._owners.get(chat_id, (0.0, 0))
        return owner if until > self._now() else None


def called(chat: telegram.Chat) -> str:
    """What its people call a chat, on one line and without what turns text round; may be empty."""
    return tidy(chat.effective_name or "")


class Services(Struct, frozen=True, kw_only=True):
    """The parts that handlers use. `language` and `timezone` are those of new chats; `database`
    says that it is away.
    """

    storage: Storage
    sender: Sender
    now: Now
    metrics: Metrics
    access: Access
    limits: RateLimits
    language: str
    timezone: str
    retention_days: float
    outbox: Bell
    shipped: Shipped
    finder: Finder
    adding: Adding
    files: Files
    database: Outage = field(default_factory=database_outage)
    answers: Answers = field(default_factory=Answers)
    volumes: Volumes = field(default_factory=Volumes)

    def locale(self, user: telegram.User | None = None) -> Locale:
        """How somebody is spoken to of whose chat nothing was read yet: in the language of their
        Telegram, where it is one of ours.
        """
        return Locale(self._language_of(user), self.timezone, self.now())

    def _language_of(self, user: telegram.User | None) -> str:
        return first_language(user.language_code if user else None, self.language)

    async def chat_of(self, chat: telegram.Chat, user: telegram.User | None) -> Chat:
        """The chat as stored; a new one is stored, waiting to be let in if access says so. A
        private one begins with the languages of its person, and with its first minute.
        """
        is_new = chat.type == "private" and await self.storage.chats.get(chat.id) is None
        invited = self.access.is_open or self.access.operates(user)
        return await self.storage.chats.meet(
            Chat(
                id=chat.id,
                kind=chat.type,
                title=called(chat),
                state=ChatState.ACTIVE if invited else ChatState.WAITING,
                reason=None,
                language=self._language_of(user),
                timezone=self.timezone,
                hold_until=0.0,
                since=self.now(),
                habits=await self._first_habits(user) if is_new else Habits(),
                first_step=FirstStep.LANGUAGES if is_new else FirstStep.THROUGH,
            )
        )

    async def _first_habits(self, user: telegram.User | None) -> Habits:
        own = own_language(user.language_code if user else None, self.language)
        return Habits(languages=await begun_with(self.storage.stories, own, self.now()))
