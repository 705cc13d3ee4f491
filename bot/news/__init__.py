"""What news is: stories, addresses, texts, queries, schedules. Pure: no clock, chance or I/O."""
