"""How seldom a process of the bot looks for what only refers to itself: Python's own measure is for
programs that hold little. Everything else is given back at once, as always.
"""

import gc

# A burst makes thousands of objects and lets them go again within a few turns of the loop: 256
# requests in flight are thirty thousand. By the default of 700 they are looked through again and
# again, a fifth of what a message cost then. So many are some megabytes at most.
_YOUNG, _OLDER, _OLDEST = 10_000, 5, 5


def look_seldom() -> None:
    """Looks for garbage seldom from now on, and never among what is there already: what was
    imported stays for ever, and to look through it holds the loop 40 ms.
    """
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDEST)
