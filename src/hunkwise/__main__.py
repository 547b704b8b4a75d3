"""Run the command line as `python -m hunkwise`."""

from hunkwise.cli import main

main()
