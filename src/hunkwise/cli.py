"""The root of the command line; verbs come from plugins."""


def main() -> None:
    """Run the command line."""
    raise SystemExit(2)
