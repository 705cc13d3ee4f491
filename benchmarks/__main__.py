"""`make bench-rest`: most measurements but those of speed, one after the other; each also runs by
itself. Those that need PostgreSQL, an hour, or chosen arguments run by name only.
"""

from benchmarks import (
    answers,
    cold_poll,
    corpus,
    delivery,
    feeds_agreement,
    fuzz,
    hostile,
    kills,
    penalties,
    polling,
    shares,
    soak,
    stories_readers,
    throughput,
    topics_quality,
    topics_scale,
    year,
)


def main() -> None:
    """Runs them all; what needs a folder that is not there says so."""
    for name, run in (
        ("feeds agreement", lambda: feeds_agreement.main(feeds_agreement.DEFAULT)),
        ("hostile input", lambda: hostile.main([])),
        ("documents changed at random", lambda: fuzz.main(["--runs", "20000"])),
        ("the main job on documents from the wild", corpus.main),
        ("topics, as given and with other names", topics_quality.main),
        ("two thousand feeds for two days", lambda: polling.main(["--days", "2"])),
        ("a cold poll beside other readers", lambda: cold_poll.main([])),
        ("what strangers' load does to everybody else", shares.main),
        ("joins as readers judge them", lambda: stories_readers.main([])),
        ("kills", kills.main),
        ("topics at scale", topics_scale.main),
        ("delivery", lambda: delivery.main([])),
        ("penalties", lambda: penalties.main([])),
        ("what is asked of a database after years", lambda: year.main([])),
        ("answers with a million stories", lambda: answers.main([])),
        ("two months in minutes", lambda: soak.main(["--days", "60"])),
        ("throughput", lambda: throughput.main([])),
    ):
        print(f"\n== {name}", flush=True)
        run()


if __name__ == "__main__":
    main()
