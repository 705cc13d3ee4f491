"""What the rest of Tocsin may ask of a database, in the words of `bot.news`.

Each method is one transaction, or one consistent read. A database that is locked for longer than
it is waited for, full or damaged raises StorageError; nothing of the transaction has happened
then. `storage.sqlite` implements these; a PostgreSQL side would stand beside it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.errors import TocsinError
from bot.news.chat import (
    Audience,
    Chat,
    ChatState,
    Habits,
    Mute,
    Subscription,
    Topic,
    TopicOptions,
)
from bot.news.feed import Concerned, Feed, NewFeed, PollRecord, ToldTrouble
from bot.news.history import Inquiry, SentMessage
from bot.news.outbox import (
    Alert,
    Delivery,
    Due,
    EditRecord,
    Gathered,
    Placement,
    Ripe,
    Settlement,
    Telling,
    Unsure,
)
from bot.news.polling.entry_keys import Trace
from bot.news.retention import Tended
from bot.news.stories.clustering import Placed
from bot.news.story import Report, Story
from storage.aside import Aside
from storage.candidates import Candidates
from storage.hubs import Pushes
from storage.keepers import Keepers
from storage.quotas import Quotas
from storage.schedules import Schedules


class StorageError(TocsinError):
    """The database did not do what was asked; the transaction was rolled back."""


class RowRefusedError(StorageError):
    """What was to be stored cannot be: it would be refused again."""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story with its place in time: stories with a lower `sort_key` are older."""

    story: Story
    sort_key: int


@dataclass(frozen=True, slots=True)
class ChatStatus:
    """How a chat is served. `held` waits for a digest, the next at `held_until`, or for more
    sources. `delays` are seconds from first sight to sent, of the last alerts.
    """

    pending: int
    held: int
    held_until: float | None
    sent: int
    last_sent_at: float | None
    delays: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts over the whole database; `delays` as in ChatStatus, newest thousand. `rows` are those
    of each table, `bytes` the sizes of its files, `set_aside` what could not be done, by queue.
    """

    feeds: int
    failing_feeds: int
    reports: int
    stories: int
    chats: dict[str, int]
    topics: int
    subscriptions: int
    deliveries: dict[str, int]
    delays: tuple[float, ...]
    rows: dict[str, int]
    bytes: dict[str, int]
    set_aside: dict[str, int]


@dataclass(frozen=True, slots=True)
class Census:
    """How many feeds there are, and how many of them fail at the moment or are suspended."""

    feeds: int
    failing: int


def is_down(error: BaseException) -> bool:
    """Whether the database itself failed, and not what it was given: that will pass, or stop
    everything. All else is the fault of one thing, which is set aside.
    """
    return isinstance(error, StorageError) and not isinstance(error, RowRefusedError)


class Feeds(Protocol):
    """The catalogue."""

    async def add(self, feeds: Sequence[NewFeed], now: float) -> list[Feed]:
        """Adds those that are not there yet and returns these only. An address that a feed had
        before it moved is there.
        """

    async def bring(self, chat_id: int, thread_id: int, feed: NewFeed, now: float) -> Feed | None:
        """Adds a feed of a chat's people, which the chat follows and keeps from now on, beside
        others that brought it; None if it has it already, or the operator does.
        """

    async def hurry(self, feed_id: int, now: float) -> None:
        """Lets a feed that fails be tried at once."""

    async def adopt(self, groups: Mapping[str, str]) -> int:
        """Makes feeds, by their addresses, those of the operator, and puts them into groups; one
        with "" stays in its own. Returns how many are in another group now.
        """

    async def read_articles(self, feed_id: int, wanted: bool) -> None:
        """Says whether the pages of a feed's articles are read where it gives headlines only."""

    async def at(self, url: str) -> Feed | None:
        """The feed that has this address, or had it before it moved."""

    async def remove(self, feed_id: int) -> None:
        """Takes a feed out; its stories stay."""

    async def move(self, feed_id: int, url: str, now: float) -> Feed | None:
        """Gives a feed another address, where it is polled at once, and keeps what is remembered
        of it. If another feed has that address, the two become one. Returns the feed that has it.
        """

    async def credit(self, feed_id: int, chat_id: int, now: float) -> None:
        """Notes that people of a chat wrote the address of a feed, which is a guest then."""

    async def uncredit(self, feed_id: int, chat_id: int) -> None:
        """Takes that note back: the chat follows it no longer, and the last one ends the feed."""

    async def tend_guests(self, now: float) -> int:
        """Deletes guests that no chat keeps; returns how many."""

    async def concerned(self, feed_id: int) -> Concerned:
        """The chats to which a feed is more than one of the catalogue."""

    async def adders(self, feed_ids: Sequence[int]) -> dict[int, frozenset[int]]:
        """The chats whose people added these feeds, by feed; without those nobody added so."""

    async def failing(self, failures: int, waiting_since: float) -> list[Feed]:
        """Feeds that are suspended, failed so many times in a row, or have brought nothing since
        then because their hosts ask us to wait.
        """

    async def told(self) -> list[ToldTrouble]:
        """Chats that were told of a feed's trouble, and not yet that it is over."""

    async def tell(self, chat_id: int, feed_ids: Sequence[int], now: float) -> None:
        """Notes that a chat was told that these feeds are in trouble."""

    async def untell(self, chat_id: int, feed_ids: Sequence[int]) -> None:
        """Takes that note back: the chat was told that it is over."""

    async def added_by(self, chat_id: int) -> frozenset[int]:
        """The ids of the feeds that only chats brought of which this one wrote the address."""

    async def seen_by(self, chat_id: int) -> list[Feed]:
        """The feeds that a chat sees, in the order of their titles: the operator's, and those of
        which its people wrote the address.
        """

    async def seen(self, feed_id: int, chat_id: int) -> Feed | None:
        """One feed, if that chat sees it."""

    async def get(self, feed_id: int) -> Feed | None:
        """One feed, if it is in the catalogue."""

    async def all(self) -> list[Feed]:
        """The catalogue in the order of its titles: thousands of rows, a tenth of a second."""

    async def census(self, chat_id: int) -> Census:
        """How many a chat sees: the operator's, counted in an index, and those that it brought."""

    async def some(
        self, chat_id: int, feed_ids: Collection[int], groups: Collection[str] = ()
    ) -> list[Feed]:
        """Of these feeds and those of these groups what a chat sees, by their titles."""

    async def of_hosts(self, hosts: Collection[str], seen_by: int | None = None) -> list[Feed]:
        """The feeds whose requests are counted for these hosts, by their titles; where a chat is
        named, those that it sees.
        """

    async def due(
        self, now: float, limit: int, busy: Collection[str] = (), but: Collection[int] = ()
    ) -> list[Feed]:
        """The operator's feeds whose time has come, the longest overdue first, but not of hosts in
        `busy` nor those in `but`.
        """

    async def due_guests(
        self,
        now: float,
        limit: int,
        busy: Collection[str] = (),
        but: Collection[int] = (),
        without: Collection[int] = (),
        served: Mapping[int, int] | None = None,
    ) -> list[Feed]:
        """As `due`, those that only chats brought, each with the chat that did: in turn by chat,
        the one first whose number in `served` is lowest, and none of the chats in `without`.
        """

    async def begin(self, now: float, seconds: float) -> None:
        """Counts feeds for the hosts of this version, spreads those that are overdue over the next
        `seconds`, so that a start after a while does not fetch them all at once, and brings forward
        what a clock that was ahead put off.
        """

    async def bring_forward(self, now: float) -> None:
        """Brings forward what was put off for longer than anything is: the clock was ahead."""

    async def put_off(self, feed_id: int, until: float, reason: str, now: float) -> None:
        """Leaves a feed alone until then, whose end of a poll cannot be stored, and sets that on
        record.
        """

    async def next_poll_at(self, after: float | None = None) -> float | None:
        """When the next feed is due, of those due after a time where given; None without such."""

    async def recall(self, feed_id: int, keys: Collection[bytes]) -> dict[bytes, Trace]:
        """What is remembered of a feed's entries under these keys."""

    async def record(self, polls: Sequence[PollRecord], now: float) -> int:
        """Stores what polls found, new reports and the feeds' states; returns how many reports."""


class Stories(Protocol):
    """Reports and the stories they tell."""

    def seen_by(self, chat_id: int) -> "Stories":
        """The same, as a chat sees it: with the stories of those guests whose address it wrote.
        Without a chat there are the operator's only.
        """

    async def unplaced(self, limit: int) -> list[Report]:
        """Reports that the desk has not placed yet, oldest first, those of guests behind others."""

    async def set_aside(self, report_id: int, reason: str, now: float) -> None:
        """Keeps a report that cannot be placed from being tried again and again, on record."""

    async def try_again(self) -> int:
        """Lets reports that were set aside fewer than five times be tried once more; returns how
        many.
        """

    async def window(self, since: float, after: int, limit: int) -> list[Placed]:
        """Placed reports seen since then, in the order of their placing after a number."""

    async def placings(self, since: float) -> tuple[int, int]:
        """Of the numbers in the order of placing, the one before the first report seen since then,
        and the last that was ever given.
        """

    async def told_title(self, story_id: int, feed_id: int) -> str | None:
        """The headline under which a feed told a story last, if it did."""

    async def place(self, placements: Sequence[Placement], now: float) -> int:
        """Stores stories, matches and outbox rows; returns how many alerts were enqueued.

        A chat that was told of a story in a thread is not told again; the alerts it has are due
        to be edited when a report joins their story.
        """

    async def newest(self, before: int | None, limit: int) -> list[StoryRow]:
        """Stories in falling order of sort_key, below `before` where given."""

    async def with_keys(
        self, keys: Collection[str], before: int | None, limit: int, since: float
    ) -> list[StoryRow]:
        """As `newest`, of those that have one of the keys at least and came out after `since`."""

    async def began(self) -> float | None:
        """When the oldest report that is stored was first seen; None where there is none."""

    async def count_with_keys(self, keys: Collection[str] | None, since: float) -> int:
        """How many stories came out after `since`; those that have one of the keys, where given.
        All of them, whoever reads: that says how common a word is.
        """

    async def story(self, story_id: int) -> Story | None:
        """One story, if it is still stored."""

    async def newer_than(
        self, after: int, limit: int, keys: Collection[str] | None
    ) -> list[StoryRow]:
        """Stories in rising order of sort_key above `after`, with one of the keys where given."""

    async def keep_search(self, chat_id: int, words: str, now: float) -> int:
        """Keeps what a chat searched for under a number that fits into a button; of one chat only
        the newest few hundred.
        """

    async def search_words(self, chat_id: int, search_id: int) -> str | None:
        """What that chat keeps under a number; None also for what another chat keeps."""


class Alerts(Protocol):
    """Alerts that were sent, as the people who have them may change them."""

    async def get(self, delivery_id: int) -> Alert | None:
        """The alert, if its delivery is still on record."""

    async def mute_story(self, chat_id: int, story_id: int, muted: bool, now: float) -> None:
        """Keeps what follows of a story from ringing in a chat, or lets it ring again."""

    async def take_out(self, alert: Alert, report_id: int, now: float, user_id: int = 0) -> bool:
        """Takes a report out of the story of an alert; it comes as an alert of its own, silently.

        True once enough people who keep chats did so (`user_id`, 0 for nobody known) and the report
        is to be placed apart for all.
        """


class Chats(Protocol):
    """Chats, their subscriptions and topics."""

    async def get(self, chat_id: int) -> Chat | None:
        """The chat, if it is known."""

    async def meet(self, chat: Chat) -> Chat:
        """Stores a chat if it is new, renews its kind and title if not; returns it as stored. A new
        one that was refused waits, shut out as before.
        """

    async def set_state(
        self, chat_id: int, state: ChatState, reason: str | None, now: float
    ) -> None:
        """Serves the chat or not; what is pending for a chat not served is dead."""

    async def subscriptions(self, chat_id: int) -> list[Subscription]:
        """What the chat follows whole."""

    async def subscribe(self, subscription: Subscription, now: float) -> bool:
        """Follows a feed, a group or all; False if the chat did already, follows as many as it
        may, or does not see the feed.
        """

    async def unsubscribe(self, subscription: Subscription) -> bool:
        """Ends a subscription; False if there was none."""

    async def threads(self, chat_id: int) -> frozenset[int]:
        """The threads to which something was ever told, or for which something is followed."""

    async def topics(self, chat_id: int) -> list[Topic]:
        """The chat's topics in the order they were followed."""

    async def put_topic(self, topic: Topic, name_key: str, now: float) -> Topic:
        """Follows a topic; one of the same name in the chat is replaced."""

    async def remove_topic(self, topic_id: int) -> None:
        """Ends a topic."""

    async def set_options(self, topic_id: int, options: TopicOptions) -> None:
        """Changes how a topic tells."""

    async def set_habits(self, chat_id: int, habits: Habits) -> None:
        """Changes when and how a chat is told, its time zone included."""

    async def mute(self, mute: Mute, now: float) -> None:
        """Mutes a word or a source in a chat; one muted already gets another end."""

    async def unmute(self, mute_id: int) -> None:
        """Lets a word or a source ring again."""

    async def mutes(self, chat_id: int, now: float) -> list[Mute]:
        """What a chat has muted now."""

    async def told(self, chat_id: int, since: float) -> dict[int | None, int]:
        """How many alerts a chat was or will be told one by one since then: under None, and of
        each topic by its id.
        """

    async def mute_topic(self, topic_id: int, until: float) -> None:
        """Keeps a topic silent until then."""

    async def forget(self, chat_id: int) -> bool:
        """Deletes the chat and everything that belongs to it; of one that was shut out a mark
        stays, and True is returned.
        """

    async def refuse(self, chat_id: int) -> None:
        """Remembers that a chat that is not known is refused."""

    async def pardon(self, chat_id: int) -> bool:
        """Forgets that; False if it was not so."""

    async def forget_blocked(self, before: float) -> int:
        """Deletes chats that have been blocked since before then, and all that belongs to them;
        returns how many.
        """

    async def migrate(self, old: int, new: int, now: float) -> None:
        """Moves everything of a group to the id it has as a supergroup."""

    async def audience_version(self) -> int:
        """A number that changes whenever what chats asked for changes."""

    async def audience(self, since: int | None = None) -> Audience:
        """What all chats in service asked for; of those only that changed after version `since`,
        where so much is remembered.
        """

    async def status(self, chat_id: int) -> ChatStatus:
        """How the chat is served."""


class Digests(Protocol):
    """What waits to be told: for more sources, or for the hour of a digest."""

    async def ripe(self, story_ids: Collection[int] | None, now: float) -> list[Ripe]:
        """Deliveries of these stories, or of all, that are to be decided anew."""

    async def replan(self, plans: Sequence[tuple[int, Telling]], now: float) -> None:
        """Tells deliveries that waited or were held in another way than was decided before."""

    async def hold_until(self, chat_id: int, due_at: float, reasons: Collection[str]) -> None:
        """Gives what is held for a chat for these reasons another hour: its habits changed."""

    async def enqueue_due(self, now: float) -> int:
        """Puts a digest into the outbox for each chat and thread whose hour has come; returns how
        many. What is held goes into one digest at most.
        """

    async def fold(self, now: float, older_than: float, at_least: int) -> int:
        """Holds for a digest now what chats were to be told one by one and could not be for so
        many seconds, where that is so much at least; returns how many deliveries.
        """

    async def give_up_waiting(self, created_before: float, now: float) -> None:
        """Ends what waited for more sources for so long that none will come."""

    async def next_at(self) -> float | None:
        """When the next digest is due."""

    async def gathered(self, chat_id: int, digest_id: int) -> tuple[Gathered, ...]:
        """The stories of a digest of this chat."""


class Outbox(Protocol):
    """What is to be sent."""

    async def recover(self, resend: bool, now: float) -> Unsure:
        """Settles what an ended process left in `sending`, as `settle` does with what is of
        unknown outcome. Only for a process that knows itself to be alone.
        """

    async def reclaim(self, resend: bool, now: float, busy: Collection[int]) -> Unsure:
        """As `recover`, of claims whose lease has run out, but for chats in `busy`: whoever had
        them is not coming back.
        """

    async def due(
        self, now: float, busy: Collection[int], limit: int, *, private_first: bool = False
    ) -> list[Due]:
        """The oldest delivery of each chat that may be told now, oldest first; digests only where
        there is no alert.

        A chat with a delivery under way, or in `busy`, is left out: its order is kept.
        """

    async def next_due_at(self, now: float) -> float | None:
        """When something that is kept back becomes due; None if nothing is."""

    async def claim(self, delivery_ids: Sequence[int], now: float, lease: float) -> list[Delivery]:
        """Takes these for sending, for at most `lease` seconds, as far as they are pending."""

    async def due_edits(self, now: float, busy: Collection[int], limit: int) -> list[Delivery]:
        """Sent alerts whose story has changed, that may be edited now; one a chat."""

    async def record_edits(self, edits: Sequence[EditRecord]) -> None:
        """Stores what became of edits. An alert whose story has changed again is due anew."""

    async def settle(self, settlements: Iterable[Settlement], resend: bool) -> Unsure:
        """Stores what became of claimed deliveries.

        If `resend`, an alert of unknown outcome goes back to pending once and is held for a digest
        then; a digest is tried again for a day, ever more rarely. If not, both end as unknown. A
        digest that has begun is always tried again: to edit it twice is to edit it once.
        """


class Records(Protocol):
    """Why a chat was told of something, or was not."""

    async def told_by(self, chat_id: int, message_id: int) -> SentMessage | None:
        """What a message of ours told a chat, if that is still on record."""

    async def of_link(self, chat_id: int, canonical: str, link: str) -> Inquiry | None:
        """What became of a link in a chat; None for a chat that is not known. `canonical` is the
        link as `bot.news.text.urls` folds it, `link` as it is shown.
        """

    async def feeds_of_host(self, chat_id: int, origin: str) -> list[Feed]:
        """The feeds that a chat sees whose reports have links that begin so, a canonical
        `https://host/`.
        """


class Storage(Protocol):
    """One database."""

    @property
    def feeds(self) -> Feeds:
        """The catalogue."""

    @property
    def candidates(self) -> Candidates:
        """Feeds that a list brought."""

    @property
    def pushes(self) -> Pushes:
        """Subscriptions at hubs."""

    @property
    def quotas(self) -> Quotas:
        """Guests that brought too much."""

    @property
    def stories(self) -> Stories:
        """Reports and stories."""

    @property
    def chats(self) -> Chats:
        """Chats and their wishes."""

    @property
    def keepers(self) -> Keepers:
        """The people behind groups and channels."""

    @property
    def alerts(self) -> Alerts:
        """What was sent, for those who have it."""

    @property
    def digests(self) -> Digests:
        """What waits to be told."""

    @property
    def outbox(self) -> Outbox:
        """What is to be sent."""

    @property
    def aside(self) -> Aside:
        """What could not be done."""

    @property
    def schedules(self) -> Schedules:
        """The pace of sending."""

    @property
    def records(self) -> Records:
        """What was told and why."""

    async def stats(self) -> Stats:
        """Counts over everything."""

    async def prune(self, stories_before: float, records_before: float) -> int:
        """Deletes stories older than the one time and settled deliveries older than the other, all
        of them; returns how many stories went. What is still to be told keeps its story.
        """

    async def tidy(self, now: float) -> None:
        """Ends what nobody asks for any more and what one chat or feed has too much of, and gives
        back the room of the journal. Nothing that waits, and no record that a story was told.
        """

    async def prune_some(
        self, stories_before: float, records_before: float, most: Mapping[str, int]
    ) -> dict[str, int]:
        """The same, of each table so many rows at most as are named; returns how many of each."""

    async def sizes(self, now: float) -> dict[str, tuple[int, int]]:
        """How many rows the tables that are pruned have, and how many of them the last day brought,
        where that matters.
        """

    async def tended(self, now: float) -> Tended:
        """When was looked last whether something is to be pruned; where never yet, when the newest
        of what is stored was.
        """

    async def keep_tended(self, looked: Tended) -> None:
        """Remembers that."""

    async def is_worked_on(self, now: float) -> bool:
        """Whether a bot works on this database, in this process or another."""

    async def renew_lease(self, now: float) -> None:
        """Says that this process still works on the database. Raises AlreadyRunning if another one
        says so meanwhile.
        """

    async def close(self) -> None:
        """Ends all connections."""
