"""Every decoder of the bridge with good bytes of its own, for tests that go over all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from firmware_bridge.codecs import (
    bx,
    bx_areas,
    callpad,
    cardapdu,
    cardtext,
    colorlight,
    escpos_read,
    escpos_status,
    keypad,
    modbus,
    oldsigns,
    openpad,
    rtp,
    sdt,
    vpcd,
    watchdog,
    zigbee,
)
from firmware_bridge.codecs.stream import Stream

PERSON = cardtext.Card(
    cardtext.Layout.RESIDENT,
    "测试·甲",
    "999999199003070012",
    sex="女",
    nation="维吾尔",
    born="19900307",
    address="某省某市某路1号",
    issuer="某市公安局",
    valid_from="20200101",
    valid_until="长期",
)
CARD = sdt.encode_answer(
    sdt.Answer(sdt.OK, b"\x01\x00\x04\x00" + cardtext.encode(PERSON) + sdt.MARK * 204 + b"1234")
)
AREA = bx_areas.Area(1, 0, 16, 128, 16, "请A012到3号窗口".encode("gb2312"))
AREAS = bx.Packet(bx.AREAS, bx_areas.encode(bx_areas.Change((0,), (AREA,))))


@dataclass(frozen=True)
class Line:
    """A decoder of a line: how to make one, and frames it understands."""

    parse: Callable[[bytes], Any]
    good: tuple[bytes, ...]
    hunts: bool = True
    """Finds a frame behind rubbish."""

    def stream(self) -> Stream[Any]:
        return Stream(self.parse)


LINES: dict[str, Line] = {
    "sdt answer": Line(sdt.parse, (sdt.encode_answer(sdt.Answer(sdt.FOUND, bytes(4))), CARD)),
    "sdt request": Line(sdt.parse_request, (sdt.encode(sdt.FIND), sdt.encode(sdt.rf_frame(80)))),
    "call pad": Line(
        callpad.parse,
        (callpad.encode(callpad.Frame(1, 1, b"\x06\x0f")), callpad.show(3, number="A025")),
    ),
    "onbon": Line(bx.parse, (bx.encode(AREAS), bx.encode(bx.Packet(bx.PING, target=0xA55A)))),
    "escpos status": Line(escpos_status.parse, (b"\x12", b"\x10\x00\x03\x00", b"_EPSON\0"), False),
    "escpos": Line(escpos_read.parse, (b"\x1b@\x1c&", b"\x1dVB\x00"), False),
    "a0 90": Line(
        oldsigns.parse_strip,
        (oldsigns.encode_strip(oldsigns.Strip(1, 0xA5, oldsigns.strip_text([("号A", 1)]))),),
    ),
    "am03127": Line(oldsigns.parse_am, (oldsigns.am_page(1, "A001 -> 3"),)),
    "alpha": Line(oldsigns.parse_alpha, (oldsigns.encode_alpha(oldsigns.alpha_text("A001")),)),
    "modbus": Line(
        modbus.parse,
        (modbus.encode(modbus.Bits(1, 2, b"\x20")), modbus.encode(modbus.Refused(1, 2, 2))),
    ),
    "modbus request": Line(modbus.parse_request, (modbus.encode(modbus.read_inputs(1)),)),
    "keypad": Line(keypad.parse, (keypad.encode(keypad.Event(1, 2, 1, 79, 1)),), False),
    "vpcd": Line(vpcd.parse, (vpcd.encode(vpcd.Message(cardapdu.GET_UID)),), False),
    "open pad": Line(
        openpad.parse,
        (openpad.encode(openpad.Message("key", 7, ("call", "12"))),
         openpad.encode(openpad.Message("show", 8, ("A 012", "等候 3")))),
    ),
}  # fmt: skip

WHOLE: dict[str, tuple[Callable[[bytes], Any], tuple[bytes, ...]]] = {
    "card text": (cardtext.decode, (cardtext.encode(PERSON),)),
    "card answer": (lambda data: sdt.card(sdt.Answer(sdt.OK, data)), (CARD[10:-1],)),
    "module number": (lambda data: sdt.module_number(sdt.Answer(sdt.OK, data)), (bytes(16),)),
    "apdu": (cardapdu.decode, (cardapdu.encode(cardapdu.select_application()),)),
    "apdu answer": (cardapdu.response, (b"\x08\x0212\x90\x00",)),
    "card record": (lambda data: cardapdu.field(cardapdu.EF06, data), (b"\x08\x0212",)),
    "bx areas": (bx_areas.decode, (AREAS.parameters,)),
    "bx status": (
        lambda data: bx.status(bx.Packet(bx.STATUS, data)),
        (bytes((1, 15)) + bytes(15) + b"\x01\x00",),
    ),
    "colorlight": (
        colorlight.decode,
        tuple(colorlight.picture([[(255, 0, 0), (0, 255, 0)]])),
    ),
    "strip text": (oldsigns.strip_characters, (oldsigns.strip_text([("号A", 1)]),)),
    "strip answer": (oldsigns.strip_answer, (b"\xa0\x90\x01\xa5\xaa",)),
    "mono strip": (oldsigns.decode_mono, (oldsigns.encode_mono(1, "3号窗口"),)),
    "am03127 answer": (oldsigns.am_answer, (b"ACK", b"NACK")),
    "escpos whole": (escpos_read.read, (b"\x1b@\x1c&\xc7\xeb\n\x1dVB\x00",)),
    "real time status": (escpos_status.real_time, (b"\x12",)),
    "zigbee": (zigbee.decode, (b'{"action":"single","battery":97}', b"online")),
    "rtp": (rtp.decode, tuple(rtp.packets(bytes(320), 1, 0, 7))),
    "watchdog": (watchdog.decode, (b"\x80\x04\x57\x05", b"V")),
    "pad words": (
        lambda data: callpad.said(callpad.Frame(1, data[0] if data else 0, data[1:])),
        (b"\x01\x0c", b"\x11\x03"),
    ),
}
