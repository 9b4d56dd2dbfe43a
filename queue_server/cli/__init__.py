"""`yichuang`: every part of a hall, from one command line.

Parts are imported when their command runs: a box that is a board needs no web server.
"""

# In this order --help lists them.
# isort: off
from queue_server.cli.common import app as app
from queue_server.cli import hall as hall
from queue_server.cli import parts as parts
from queue_server.cli import data as data
from queue_server.cli import tools as tools
# isort: on


def main() -> None:
    """Entry point."""
    app()
