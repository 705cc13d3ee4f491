"""News in other languages: what a multilingual encoder says, in a process of its own."""
