"""The command line: `tocsin`, and the same as `python -m bot`."""
