"""A voice on the network: what it says comes out of the multicast group."""

import asyncio
import socket
import struct
import wave
from pathlib import Path

import msgspec

from config.hall import Device, Voice
from queue_server.loudspeaker import NetworkPlayer, network_player
from tests.helpers import free_port
from tests.queue_server.town import town

GROUP = "239.77.77.77"


def speaker(port: int) -> Device:
    return Device(
        id="ceiling",
        driver="rtp",
        link=f"udp:{GROUP}:{port}",
        options={"interface": "127.0.0.1"},
    )


async def test_what_is_played_is_heard_on_the_group(tmp_path: Path) -> None:
    port = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.bind(("", port))
        joined = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton("127.0.0.1"))
        ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
        ear.setblocking(False)
        sound = tmp_path / "beep.wav"
        with wave.open(str(sound), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(struct.pack("<h", 9000) * 800)
        await NetworkPlayer(speaker(port)).play(sound, 0.1)
        async with asyncio.timeout(5):
            packet = await asyncio.get_running_loop().sock_recv(ear, 2048)
    assert len(packet) == 172
    assert packet[0] == 0x80


def test_only_network_voices_have_a_network_player() -> None:
    hall = msgspec.structs.replace(
        town(),
        voices=(Voice(id="v1", area="east", device="ceiling"), Voice(id="v2", area="east")),
        devices=(speaker(5004),),
    )
    assert isinstance(network_player(hall, "v1"), NetworkPlayer)
    assert network_player(hall, "v2") is None
    assert network_player(hall, "nobody") is None
