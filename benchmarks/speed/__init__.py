"""What Tocsin costs, beside others: one module a family of figures, each of which runs alone.

`python -m benchmarks.speed` (`make bench`) runs them all and writes docs/performance.md.
"""
