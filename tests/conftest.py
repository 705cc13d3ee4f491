"""What holds for every test."""

from hypothesis import settings

# How long an example takes depends on what else the machine does; `benchmarks` measures time.
settings.register_profile("tocsin", deadline=None)
settings.load_profile("tocsin")
