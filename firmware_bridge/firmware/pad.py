# The open pad: what it says and hears. Runs on MicroPython (ESP32, RP2040, unix) and on CPython.
#
# Nothing of a board is in this file: the board gives `send`, `show`, `beep` and the time, and calls
# `feed`, `press`, `rate` and `tick`. The protocol is described in docs/open-pad.md.

VERSION = "1"
REPEAT_MS = 250
REPEATS = 20
ALIVE_MS = 5000
ASK_MS = 60000
LONGEST = 120


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def encode(word, sequence, *arguments):
    body = "\t".join((word, str(sequence)) + arguments).encode()
    return b"!" + body + b"*%04X\n" % crc16(body)


def decode(line):
    """A line without its end -> [word, sequence, arguments...], or None."""
    start = line.rfind(b"!")
    star = line.rfind(b"*")
    if start < 0 or star < start:
        return None
    body = line[start + 1 : star]
    if line[star + 1 :].strip() != b"%04X" % crc16(body):
        return None
    try:
        words = body.decode().split("\t")
        return [words[0], int(words[1])] + words[2:]
    except (ValueError, IndexError):
        return None


class Pad:
    def __init__(self, send, show, beep, keys="call recall start pause wait"):
        self.send = send
        self.show = show
        self.beep = beep
        self.keys = keys
        self.reference = None
        self.sequence = 0
        self.buffer = b""
        self.pending = None  # [line, sequence, sends left, next send at]
        self.next_alive = 0
        self.ask_until = 0
        self.hello()

    def next(self):
        self.sequence = (self.sequence + 1) & 0xFF
        return self.sequence

    def hello(self):
        self.send(encode("hello", self.next(), VERSION, self.keys))

    def press(self, name, digits="", now=0):
        """A key went down. A second one before the first is acknowledged is not taken."""
        if self.pending:
            return False
        arguments = (name, digits) if digits else (name,)
        self.say("key", arguments, now)
        return True

    def rate(self, level, now=0):
        """A rating key, 1 worst to 5 best; only when somebody was asked."""
        if self.pending or self.reference is None:
            return False
        self.say("rate", (str(level), self.reference), now)
        self.reference = None
        self.show("谢谢", "")
        return True

    def say(self, word, arguments, now):
        sequence = self.next()
        line = encode(word, sequence, *arguments)
        self.pending = [line, sequence, REPEATS, now + REPEAT_MS]
        self.send(line)

    def tick(self, now):
        """Call at least every 50 ms with milliseconds that never go back."""
        if self.pending and now >= self.pending[3]:
            self.pending[2] -= 1
            self.pending[3] = now + REPEAT_MS
            if self.pending[2] < 0:
                self.pending = None
                self.show("未连接", "请检查")
                self.beep(False)
            else:
                self.send(self.pending[0])
        if self.reference is not None and now >= self.ask_until:
            self.reference = None
        if now >= self.next_alive:
            self.next_alive = now + ALIVE_MS
            self.send(encode("alive", self.next()))

    def feed(self, data, now=0):
        """Bytes from the host."""
        self.buffer += data
        while True:
            end = self.buffer.find(b"\n")
            if end < 0:
                break
            message = decode(self.buffer[:end])
            self.buffer = self.buffer[end + 1 :]
            if message:
                self.obey(message, now)
        if len(self.buffer) > LONGEST:
            self.buffer = self.buffer[-LONGEST:]

    def obey(self, message, now):
        word, sequence = message[0], message[1]
        if word == "ack":
            if self.pending and self.pending[1] == sequence:
                self.pending = None
        elif word == "who":
            self.hello()
        elif word == "show":
            if self.reference is None:
                self.show(message[2] if len(message) > 2 else "", message[3] if len(message) > 3 else "")
        elif word == "good":
            self.beep(True)
        elif word in ("bad", "beep"):
            self.beep(False)
        elif word == "ask" and len(message) > 2:
            if self.reference is None:
                self.beep(True)
            self.reference = message[2]
            self.ask_until = now + ASK_MS
            self.show("请评价", "1-5")
