"""A server that cannot start says why in one line, and harms nothing."""

import socket
import subprocess
import sys
from pathlib import Path

from queue_server.store.log import SqliteLog


def serve(data: Path, *, http: str = "127.0.0.1:0") -> subprocess.CompletedProcess[str]:
    """`yichuang serve` of a hall that is expected not to start."""
    arguments = ["serve", "demo", "--data", str(data), "--http", http, "--mqtt", "none"]
    return subprocess.run(
        [sys.executable, "-m", "queue_server.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_taken_port_is_told_in_a_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        failed = serve(tmp_path, http=f"127.0.0.1:{other.getsockname()[1]}")
    assert failed.returncode == 1
    assert "in use" in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_a_second_server_is_told_in_a_line(tmp_path: Path) -> None:
    """F23."""
    first = SqliteLog(tmp_path, "demo")
    failed = serve(tmp_path)
    first.close()
    assert failed.returncode == 1
    assert "another server" in failed.stderr
    assert failed.stderr.count("\n") == 1
