"""What is counted, for `/metrics`, `tocsin stats` and the benchmarks."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The counters of one process, on a registry of their own so that tests do not share them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.polls = self._counter("polls", "Feeds polled, by what came of it", "outcome")
        self.articles = self._counter("articles", "Pages of articles wanted, by outcome", "outcome")
        self.pushes = self._counter("pushes", "Calls of hubs with news, by outcome", "outcome")
        self.reports = self._counter("reports", "Reports stored")
        self.stories = self._counter("stories", "Stories opened")
        self.across = self._counter(
            "across", "Stories looked for in other languages, by what came of it", "outcome"
        )
        self.alerts = self._counter("alerts_enqueued", "Alerts written to the outbox")
        self.sends = self._counter("sends", "Messages handed to Telegram, by outcome", "outcome")
        self.edits = self._counter("edits", "Alerts edited, by outcome", "outcome")
        self.resends = self._counter("resends", "Messages sent again after an unknown outcome")
        self.handed_over = self._counter(
            "handed_over", "Messages of unknown outcome twice, told once more in a digest"
        )
        self.given_up = self._counter(
            "given_up", "Messages given up without knowing whether they arrived"
        )
        self.probes = self._counter(
            "probes", "Searches for a message whose answer was lost, by result", "result"
        )
        self.plain_resends = self._counter("plain_resends", "Messages resent as plain text")
        self.picture_refusals = self._counter(
            "picture_refusals", "Pictures that Telegram did not take; the words went alone"
        )
        self.updates = self._counter("updates", "Updates received from Telegram")
        self.posts = self._counter(
            "webhook_posts", "Updates that Telegram posted, by what came of it", "outcome"
        )
        self.unreadable_requests = self._counter(
            "unreadable_requests", "Requests to the web port that could not be read"
        )
        self.bad_updates = self._counter("bad_updates", "Updates that could not be handled")
        self.set_aside = self._counter(
            "set_aside", "What could not be done and stops nothing else, by queue", "queue"
        )
        self.loop_errors = self._counter("loop_errors", "Unexpected errors in a loop", "loop")
        self.members = Gauge("tocsin_members", "Processes of this database", registry=self.registry)
        self.slots = Gauge(
            "tocsin_slots", "Slots that this process has, by role", ["role"], registry=self.registry
        )
        self.latency = Histogram(
            "tocsin_alert_seconds",
            "From first sight in a feed to Telegram's answer",
            buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200),
            registry=self.registry,
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"tocsin_{name}", text, labels, registry=self.registry)
