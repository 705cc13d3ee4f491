"""What strangers may throw at Tocsin, by number: the one list that tests and documents speak of."""

GROUPS: dict[str, dict[int, str]] = {
    "Addresses": {
        1: "a file", 2: "gopher", 3: "ftp", 4: "a data URL", 5: "a jar URL", 6: "a script",
        7: "loopback", 8: "localhost, also with a dot", 9: "loopback as one number",
        10: "loopback in hexadecimal", 11: "loopback in octal", 12: "loopback, shortened",
        13: "zero", 14: "ideographic dots", 15: "circled digits", 16: "IPv6 loopback",
        17: "IPv4 mapped into IPv6", 18: "IPv4-compatible IPv6", 19: "loopback through NAT64",
        20: "loopback through 6to4", 21: "site-local and link-local",
        22: "the metadata of a cloud", 23: "the same by IPv6", 24: "carrier-grade NAT",
        25: "benchmarking, reserved, broadcast, multicast", 26: "a host before an @",
        27: "an @ after a hash", 28: "a backslash before an @", 29: "a port before an @",
        30: "ports of other services", 31: "a port that is none", 32: "no host, or one slash",
        33: "line breaks and NULs in the host", 34: "100,000 characters",
        35: "user name and password", 36: "letters of another script",
        37: "one public and one private address", 38: "a name that changes its mind",
        39: "our own address", 40: "a redirect to loopback", 41: "a redirect to a file",
        42: "redirects without end", 43: "from https down to http",
        44: "a redirect to another port",
    },
    "Answers of servers": {
        45: "a gzip bomb", 46: "gzip in gzip", 47: "brotli, zstd", 48: "gzip that breaks off",
        49: "gzip that is none", 50: "a body without end", 51: "a drip",
        52: "10 MB of headers, or 10,000", 53: "a wrong length", 54: "no HTTP at all",
        55: "empty", 56: "a page to log in", 57: "304 that nobody asked for",
        58: "Retry-After in the year 9999, or before now", 59: "410 Gone",
        60: "to be kept for a year",
    },
    "Documents": {
        61: "a path", 62: "entities that multiply", 63: "one long entity, often",
        64: "an entity that is a file or an address", 65: "a document type elsewhere",
        66: "100,000 attributes", 67: "200,000 nested tags of HTML", 68: "100,000 nested elements",
        69: "CDATA without end", 70: "NULs, control characters, random bytes",
        71: "wrong labels of encodings", 72: "half a surrogate pair",
        73: "JSON: deep, endless numbers, NaN, double keys", 74: "two documents in one",
    },
    "Texts": {
        75: "markup and references in a title", 76: "a title of 1 MB, none, only blanks",
        77: "overrides of direction, joiners, piled marks", 78: "commands, mentions, tags, times",
        79: "links that are none", 80: "ids: none, equal, endless, alike but for case",
        81: "dates: none, impossible, far off", 82: "equal titles, emoji, cuts at the limit",
    },
    "In the chat": {
        83: "forged and old buttons", 84: "a button of a deleted topic", 85: "odd queries",
        86: "a start link that is not ours", 87: "a stranger at the web hook",
        88: "a flood of commands", 89: "groups: strangers, and pressing without rights",
        90: "inline queries", 91: "commands edited, forwarded, in captions, by channels",
        92: "endless and multiplying OPML",
    },
}  # fmt: skip

NAMES: dict[int, str] = {
    number: name for group in GROUPS.values() for number, name in group.items()
}
