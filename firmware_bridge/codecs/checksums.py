"""The checksums of hall devices, each with the place it is used."""

from functools import reduce


def xor8(data: bytes) -> int:
    """All bytes exclusive-ored: card readers, A0 90 strips, AM03127 signs."""
    return reduce(lambda a, b: a ^ b, data, 0)


def sum8(data: bytes) -> int:
    """All bytes added, modulo 256: FF 68 pads."""
    return sum(data) & 0xFF


def crc16(data: bytes, start: int = 0xFFFF) -> int:
    """CRC-16, polynomial A001 reflected, sent low byte first.

    Start FFFF is Modbus (``123456789`` gives 4B37), start 0 is Onbon (gives BB3D).
    """
    crc = start
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def _entry(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


_TABLE = tuple(_entry(value) for value in range(256))
