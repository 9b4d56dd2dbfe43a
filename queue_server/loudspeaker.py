"""Network loudspeakers for the voice: the display cannot see devices, so the roof joins them."""

from contextlib import closing
from pathlib import Path

from config.hall import Device, Hall
from display.voice.player import Player, PlayerError
from firmware_bridge.drivers.speaker import Speakers
from firmware_bridge.links.link import LinkError
from firmware_bridge.links.open import host_port


class NetworkPlayer:
    """Speakers that listen on a group: ``driver = "rtp"``, ``link = "udp:GROUP:PORT"``."""

    def __init__(self, device: Device) -> None:
        self._group, self._port = host_port(device.link.partition(":")[2])
        self._interface = str(device.options.get("interface", ""))

    def fault(self) -> str:
        """Nobody answers on a multicast group; only sending can fail."""
        return ""

    async def play(self, sound: Path, seconds: float) -> None:  # noqa: ARG002 - has its own time
        try:
            with closing(Speakers(self._group, self._port, self._interface)) as speakers:
                await speakers.play(sound)
        except LinkError as error:
            raise PlayerError(str(error)) from None


def network_player(hall: Hall, voice: str) -> Player | None:
    """The player of a voice whose device is on the network; None for a card of this machine."""
    spec = next((v for v in hall.voices if v.id == voice), None)
    device = next((d for d in hall.devices if spec is not None and d.id == spec.device), None)
    if device is None or device.driver != "rtp":
        return None
    return NetworkPlayer(device)
