"""The open pad: our own protocol for a call-and-rating pad that anybody can build.

One message a line, readable in any serial terminal::

    !WORD SEQ ARGUMENT...*CRC

WORD is a lower-case word, SEQ a number 0-255, the parts are separated by one tab each, CRC is
CRC-16 (Modbus) of everything between ``!`` and ``*`` in four upper-case hex digits; the line ends
in LF, CR is ignored. At most 120 bytes. A line that is wrong is thrown away whole, and the next
one stands on its own.

    pad:   hello SEQ VERSION KEYS        after power-up, and when asked who
           key SEQ NAME [DIGITS]         repeated every 250 ms until acknowledged
           rate SEQ LEVEL REFERENCE      level 1 worst to 5 best; same
           alive SEQ                     every 5 s
    host:  ack SEQ                       to key and rate
           who SEQ                       say hello
           show SEQ TOP [BOTTOM]         text on the display
           good SEQ, bad SEQ             whether the last key worked
           beep SEQ
           ask SEQ REFERENCE             let somebody rate; keys of the rating light up
"""

from dataclasses import dataclass

from firmware_bridge.codecs.checksums import crc16
from firmware_bridge.codecs.stream import MORE, Noise, ProtocolError, Step

LONGEST = 120
FROM_PAD = ("hello", "key", "rate", "alive")
FROM_HOST = ("ack", "who", "show", "good", "bad", "beep", "ask")


@dataclass(frozen=True, slots=True)
class Message:
    """One line."""

    word: str
    sequence: int
    arguments: tuple[str, ...] = ()


def encode(message: Message) -> bytes:
    """The line of `message`.

    Raises:
        ProtocolError: too long, or an argument that cannot be sent.
    """
    for argument in message.arguments:
        if not argument or any(c in "*!\r\n\t" for c in argument):
            raise ProtocolError("argument cannot be sent")
    body = "\t".join((message.word, str(message.sequence), *message.arguments)).encode()
    line = b"!" + body + f"*{crc16(body):04X}\n".encode()
    if len(line) > LONGEST:
        raise ProtocolError("line too long")
    return line


def parse(buffer: bytes) -> Step[Message]:
    """First line of `buffer` (see `stream`)."""
    at = buffer.find(b"!")
    if at < 0:
        return Noise("noise"), len(buffer)
    if at:
        return Noise("noise"), at
    end = buffer.find(b"\n")
    again = buffer.find(b"!", 1)
    if again > 0 and (end < 0 or again < end):
        return Noise("half a line"), again
    if end < 0:
        return (Noise("too long"), 1) if len(buffer) > LONGEST else MORE
    line = buffer[1:end].rstrip(b"\r")
    body, star, check = line.rpartition(b"*")
    if not star or len(line) > LONGEST:
        return Noise("frame"), end + 1
    if check != f"{crc16(body):04X}".encode():
        return Noise("checksum"), end + 1
    return _message(body) or Noise("frame"), end + 1


def _message(body: bytes) -> Message | None:
    try:
        word, sequence, *arguments = body.decode().split("\t")
    except ValueError:
        return None
    if word not in FROM_PAD + FROM_HOST or not sequence.isascii() or not sequence.isdecimal():
        return None
    if len(sequence) > 3 or int(sequence) > 255 or not all(arguments):
        return None
    return Message(word, int(sequence), tuple(arguments))
