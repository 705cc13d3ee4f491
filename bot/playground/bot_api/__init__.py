"""The Bot API as the real server speaks it: methods, updates, limits, refusals, faults."""
