# Which pin is what. Change this file to your wiring; docs/open-pad.md has a drawing.
#
# Keys connect a pin to ground. The display is an SSD1306 of 128x32 on I2C. It has no Chinese: a
# board without a Chinese font shows the number, which is what the clerk looks for.

import sys

from machine import I2C, PWM, Pin

RP2040 = sys.platform == "rp2"

CALL_KEYS = {
    "call": 2 if RP2040 else 13,
    "recall": 3 if RP2040 else 14,
    "start": 4 if RP2040 else 27,
    "pause": 5 if RP2040 else 26,
    "wait": 6 if RP2040 else 25,
}
RATING_KEYS = {
    1: 7 if RP2040 else 33,
    2: 8 if RP2040 else 32,
    3: 9 if RP2040 else 4,
    4: 10 if RP2040 else 16,
    5: 11 if RP2040 else 17,
}
BUZZER = 15 if RP2040 else 23
SDA, SCL = (0, 1) if RP2040 else (21, 22)


def display():
    """Something with show(top, bottom); nothing happens when no display is wired."""
    try:
        import ssd1306

        screen = ssd1306.SSD1306_I2C(128, 32, I2C(0, sda=Pin(SDA), scl=Pin(SCL)))
    except (ImportError, OSError):
        return lambda top, bottom: None

    def show(top, bottom):
        screen.fill(0)
        screen.text("".join(c if ord(c) < 128 else "" for c in top), 0, 4)
        screen.text("".join(c if ord(c) < 128 else "" for c in bottom), 0, 20)
        screen.show()

    return show


class Buzzer:
    """Short and high for good, longer and low for bad; never blocks."""

    def __init__(self, millis):
        self.pwm = PWM(Pin(BUZZER), freq=2000, duty_u16=0)
        self.millis = millis
        self.off_at = 0

    def beep(self, good):
        self.pwm.freq(2400 if good else 900)
        self.pwm.duty_u16(32768)
        self.off_at = self.millis() + (80 if good else 300)

    def tick(self, now):
        if self.off_at and now >= self.off_at:
            self.pwm.duty_u16(0)
            self.off_at = 0


class Keys:
    """Keys to ground with pull-ups; a key counts when it is down in two looks, 20 ms apart."""

    def __init__(self, pins):
        self.pins = {name: Pin(number, Pin.IN, Pin.PULL_UP) for name, number in pins.items()}
        self.down = {name: 0 for name in pins}

    def pressed(self):
        names = []
        for name, pin in self.pins.items():
            looks = 0 if pin.value() else min(self.down[name] + 1, 3)
            if looks == 2:
                names.append(name)
            self.down[name] = looks
        return names
