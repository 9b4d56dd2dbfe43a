"""The Raspberry Pi 5's panel library itself; conftest.py leaves this out where it is not."""

import pytest

from config.hall import Device
from firmware_bridge.links.link import LinkError
from firmware_bridge.links.panel import open_hub75

PANEL = Device(id="h", driver="hub75", options={"width": 128, "height": 32})


def test_a_wiring_that_nobody_knows() -> None:
    with pytest.raises(LinkError, match="no wiring"):
        open_hub75("Teapot", PANEL)
