"""Where each report goes: the operator's first, as if nobody else published; then those of guests.

Reports are numbered in the order in which they are placed. That order is kept with them: placed
again in it, they make the same windows.
"""

from dataclasses import dataclass, field

from msgspec import Struct

from bot.news.retention import JUMP
from bot.news.stories.cards import Card
from bot.news.stories.circles import Circles, Followers
from bot.news.stories.clustering import STORY_THRESHOLD, Clusterer, Placed, Sighting, Verdict
from bot.news.stories.doubt import doubtful


class ReportPlace(Struct, frozen=True):
    """The story of a report, and its number in the order of placing, 0 where no window holds it. A
    story that it opens `takes_in` those of guests that tell the same, of which some are `doubted`.
    A report may join in doubt, `doubtful`. The `card` is what it is filed by. Of a guest's report
    the stories are told `beside` it that other circles have of the same.
    """

    verdict: Verdict
    story: int
    number: int
    takes_in: tuple[int, ...] = ()
    doubted: tuple[int, ...] = ()
    doubtful: bool = False
    card: Card | None = None
    beside: tuple[int, ...] = ()


@dataclass
class Placer:
    """Places one report after another. `last` is the last number that was given."""

    threshold: float = STORY_THRESHOLD
    last: int = 0
    clusterer: Clusterer = field(init=False)
    circles: Circles = field(init=False)

    def __post_init__(self) -> None:
        self.clusterer = Clusterer(self.threshold)
        self.circles = Circles(self.clusterer)

    def next_number(self) -> int:
        """The next number in the order of placing."""
        self.last += 1
        return self.last

    def is_out_of_date(self, now: float) -> bool:
        """Whether it is better made anew for that time than led there: a clock that was ahead has
        let go of what belongs to it, or so many reports would leave that others had to wait.
        """
        window = self.clusterer.window
        jumped = any(abs(now - each.newest) > JUMP for each in (window, self.circles))
        return jumped or window.leaves_many(now - window.seconds)

    def wait(self, now: float) -> None:
        """Lets go of what is too old at that time, whoever published last."""
        self.clusterer.forget(now)
        self.circles.forget(now)

    def place(self, sighting: Sighting, report_id: int) -> ReportPlace:
        """Places a report of the operator's, and remembers where."""
        verdict = self.clusterer.judge(sighting)
        story = report_id if verdict.story is None else verdict.story
        taken = self.circles.told_before(sighting) if verdict.story is None else {}
        self.circles.take_in(taken, story)
        number = self.next_number()
        card = self.clusterer.remember(sighting, story, number)
        doubted = tuple(each for each, how in taken.items() if self._is_doubtful(how))
        doubtful = self._is_doubtful(verdict)
        return ReportPlace(verdict, story, number, tuple(taken), doubted, doubtful, card)

    def place_guest(self, sighting: Sighting, report_id: int, followers: Followers) -> ReportPlace:
        """Places a report of a guest that these chats follow, and remembers where."""
        verdict = self.circles.judge(sighting, followers)
        story = report_id if verdict.story is None else verdict.story
        opened = verdict.story is None or self.circles.is_opened(story, followers)
        beside = [each for each in self.circles.told_beside(sighting, followers) if each != story]
        number = self.next_number()
        card = self.clusterer.card(sighting)
        placed = Placed(sighting, story, number, guest=True, opened=opened, card=card)
        self.circles.remember(placed, followers)
        doubtful = self._is_doubtful(verdict)
        return ReportPlace(
            verdict, story, number, doubtful=doubtful, card=card, beside=tuple(beside)
        )

    def _is_doubtful(self, verdict: Verdict) -> bool:
        return doubtful(verdict, self.threshold)
