"""The roles of a process: one builder each, which says what it needs and returns its loops.

What must end with the process goes on its stack, which ends it in reverse order.
"""
