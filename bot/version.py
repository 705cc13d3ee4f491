"""Which version of Tocsin this is."""


def version_here() -> str:
    """The version that is installed, as pyproject.toml names it; `unknown` where none is."""
    from importlib.metadata import PackageNotFoundError, version  # 20 ms, which --help needs not

    try:
        return version("tocsin")
    except PackageNotFoundError:
        return "unknown"
