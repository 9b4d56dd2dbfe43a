"""Number pads, Zigbee buttons, Modbus boxes and old signs, each against its emulator."""

import pytest

from config.hall import Device
from config.wire.bus import LocalBus
from config.wire.devices import Health
from config.wire.topics import Topic
from firmware_bridge.drivers import keys, modbus, oldsigns
from firmware_bridge.drivers.keys import Typing
from firmware_bridge.emulators.boxes import KeypadEmulator, ModbusEmulator, ZigbeeEmulator
from firmware_bridge.emulators.oldsigns import AmEmulator, StripEmulator
from firmware_bridge.links.bus import BusLink
from firmware_bridge.links.link import LinkError
from firmware_bridge.words import Light, Line, Pressed, Show, Shown, Sign
from tests.firmware_bridge.bench import bench
from tests.helpers import wait_until

CALL = Show(Sign((Line("请A012到3号窗口", flash=True),), 7, "A012", "3"))
AM = Device(id="s", driver="am03127")


async def test_a_number_pad() -> None:
    pad = KeypadEmulator()
    async with bench(keys.drive, Device(id="k", driver="keypad"), pad.run) as (desk, ear, _):
        await pad.press("enter")
        await pad.press("0", "2", "5", "enter")
        await pad.press("plus", "6", "dot")
        await wait_until(lambda: len(ear.said) == 4)
    assert ear.said == [
        Pressed("call"),
        Pressed("call", "025"),
        Pressed("recall"),
        Pressed("function", "6"),
    ]
    assert desk.health is Health.OK


def test_digits_are_forgotten_after_a_while() -> None:
    typing = Typing()
    assert typing.down("7", 10.0) is None
    assert typing.down("enter", 16.0) == Pressed("call")
    assert typing.down("7", 17.0) is None
    assert typing.down("enter", 18.0) == Pressed("call", "7")
    for key in "123456789":
        typing.down(key, 20.0)
    assert typing.down("enter", 20.0) == Pressed("call", "456789")


async def test_a_zigbee_button() -> None:
    button = ZigbeeEmulator()
    device = Device(id="z", driver="zigbee")
    async with bench(keys.drive_zigbee, device, button.run) as (desk, ear, _):
        for action in ("single", "double", "hold", "press_4"):
            await button.press(action)
        await wait_until(lambda: len(ear.said) == 4)
        assert ear.said == [Pressed(k) for k in ("call", "recall", "pause", "press_4")]
        button.battery = 9
        await button.press()
        await wait_until(lambda: desk.health is Health.DEGRADED)
        await button.available(online=False)
        await wait_until(lambda: desk.health is Health.OFFLINE)


async def test_a_device_on_the_broker_and_its_old_news() -> None:
    switchboard = LocalBus()
    button, bridge = switchboard.attach("button"), switchboard.attach("bridge")
    topic = Topic("zigbee2mqtt/b3", dict[str, str], retained=True)
    state = Topic("zigbee2mqtt/b3/availability", dict[str, str], retained=True)
    await button.publish(topic, {"action": "single"})
    await button.publish(state, {"state": "online"})
    link = BusLink(bridge, (topic.path, state.path))
    await link.open()
    await button.publish(topic, {"action": "double"})
    assert [await link.read(), await link.read()] == [b'{"state":"online"}', b'{"action":"double"}']
    await link.close()
    with pytest.raises(LinkError):
        await link.read()


async def test_a_modbus_box_and_its_lamp() -> None:
    box = ModbusEmulator(2)
    options = {"input.1": "call", "input.3": "recall"}
    device = Device(id="m", driver="modbus", address=2, options=options)
    async with bench(modbus.drive, device, box.run) as (desk, ear, _):
        await box.press("1")
        await box.press("3")
        await box.press("5")
        desk.order(Light(on=True))
        await wait_until(lambda: box.switched == [(0, True)])
    assert ear.said == [Pressed("call"), Pressed("recall")]


async def test_an_input_that_bounces_for_one_poll_is_no_press() -> None:
    box = ModbusEmulator()
    async with bench(modbus.drive, Device(id="m", driver="modbus"), box.run) as (_, ear, _):
        await box.press("1", polls=1)
        await box.press("1", polls=4)
    assert ear.said == [Pressed("call")]


async def test_a_spoilt_answer_is_counted_and_a_silent_box_given_up() -> None:
    box = ModbusEmulator()
    box.faults.add("spoilt")
    async with bench(modbus.drive, Device(id="m", driver="modbus"), box.run) as (desk, _, driving):
        await wait_until(lambda: desk.counters["checksum"])
        await wait_until(lambda: desk.health is Health.OK)
        box.faults.add("silent")
        with pytest.raises(LinkError, match="no Modbus box answers"):
            await driving
        assert desk.health is Health.OFFLINE


async def test_a_strip_of_the_a0_90_kind() -> None:
    strip = StripEmulator(3)
    options = {"colour": "green"}
    device = Device(id="s", driver="a090", address=3, options=options)
    async with bench(oldsigns.drive, device, strip.run) as (desk, ear, _):
        desk.order(CALL)
        await wait_until(lambda: ear.said)
    assert ear.said == [Shown(7)]
    assert strip.text == "请A012到3号窗口"
    assert set(strip.colours) == {1}


async def test_a_mute_strip_is_unknown_and_never_shown() -> None:
    strip = StripEmulator()
    strip.faults.add("silent")
    async with bench(oldsigns.drive, Device(id="s", driver="a090"), strip.run) as (desk, ear, _):
        desk.order(CALL)
        await wait_until(lambda: desk.counters["no answer"])
        assert desk.health is Health.UNKNOWN
    assert ear.said == []
    assert strip.text


async def test_a_latin_sign_shows_what_it_can() -> None:
    sign = AmEmulator()
    async with bench(oldsigns.drive_am, AM, sign.run) as (
        desk,
        ear,
        _,
    ):
        desk.order(CALL)
        await wait_until(lambda: ear.said)
        assert sign.text == "A012 -> 3"
