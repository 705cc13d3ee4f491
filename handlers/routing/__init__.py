"""From an update to the one handler that answers it: what was typed, sent or told."""
