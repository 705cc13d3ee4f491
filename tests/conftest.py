"""What holds for every test."""

import structlog
from hypothesis import HealthCheck, settings

# How long an example takes depends on what else the machine does; `benchmarks` measures time.
settings.register_profile("tocsin", deadline=None)
# For `make quick`: enough to see a slip of the pen. `make test` looks closer.
settings.register_profile(
    "quick",
    deadline=None,
    max_examples=15,
    # Among so few there may be many that do not fit.
    suppress_health_check=[HealthCheck.filter_too_much],
)
settings.load_profile("tocsin")

# What is logged of an error, without colours: to paint one takes longer than most tests.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(),
    ]
)
