# The open pad on a board, over USB serial or (ESP32, Pico W) over MQTT.
#
# Copy pad.py, board.py and this file to the board with mpremote. For MQTT write a settings.py too:
#
#     WIFI = ("name", "password")
#     BROKER = "192.168.1.10"
#     USER, PASSWORD = "pad3", "..."
#     TOPIC = "hall/boai/pad/pad3"

import select
import sys
import time

import board
from pad import Pad


def millis():
    """Milliseconds that do not wrap for weeks."""
    global last, total
    now = time.ticks_ms()
    total += time.ticks_diff(now, last)
    last = now
    return total


last, total = time.ticks_ms(), 0


class Usb:
    """The board's own USB serial port."""

    def __init__(self):
        import micropython

        micropython.kbd_intr(-1)
        self.poll = select.poll()
        self.poll.register(sys.stdin, select.POLLIN)

    def send(self, line):
        sys.stdout.buffer.write(line)

    def read(self):
        data = b""
        while self.poll.poll(0):
            data += sys.stdin.buffer.read(1)
        return data


class Mqtt:
    """Lines as messages: TOPIC/up to the bridge, TOPIC/down from it."""

    def __init__(self, settings):
        import network
        from umqtt.robust import MQTTClient

        self.wlan = network.WLAN(network.STA_IF)
        self.wlan.active(True)
        self.wlan.connect(*settings.WIFI)
        while not self.wlan.isconnected():
            time.sleep_ms(100)
        self.topic = settings.TOPIC
        self.lines = []
        self.client = MQTTClient(
            self.topic.replace("/", "-"), settings.BROKER, user=settings.USER,
            password=settings.PASSWORD, keepalive=15,
        )
        self.client.set_callback(lambda topic, line: self.lines.append(line))
        self.client.connect()
        self.client.subscribe(self.topic + "/down")

    def send(self, line):
        self.client.publish(self.topic + "/up", line)

    def read(self):
        self.client.check_msg()
        data = b"".join(self.lines)
        self.lines = []
        return data


def main():
    try:
        import settings

        line = Mqtt(settings)
    except ImportError:
        line = Usb()
    buzzer = board.Buzzer(millis)
    pad = Pad(line.send, board.display(), buzzer.beep, " ".join(board.CALL_KEYS))
    call, rating = board.Keys(board.CALL_KEYS), board.Keys(board.RATING_KEYS)
    while True:
        now = millis()
        for name in call.pressed():
            pad.press(name, "", now)
        for level in rating.pressed():
            pad.rate(level, now)
        data = line.read()
        if data:
            pad.feed(data, now)
        pad.tick(now)
        buzzer.tick(now)
        time.sleep_ms(20)


main()
