# The open pad on a PC: MicroPython's unix port, for tests and for trying it without a board.
#
#     micropython unix.py /dev/pts/7
#
# The serial line is the argument; keys are typed on standard input ("call", "function 6",
# "rate 5"), the display and the buzzer are written to standard output.

import select
import sys
import time

from pad import Pad


def main(path):
    line = open(path, "r+b", buffering=0) if sys.implementation.name == "cpython" else open(path, "r+b")

    def show(top, bottom):
        print("display %s|%s" % (top, bottom))

    def beep(good):
        print("beep %s" % ("good" if good else "bad"))

    pad = Pad(line.write, show, beep)
    poll = select.poll()
    poll.register(line, select.POLLIN)
    poll.register(sys.stdin, select.POLLIN)
    while True:
        for what in poll.poll(20):
            if what[1] & (select.POLLHUP | select.POLLERR):
                return
            now = time.ticks_ms()
            if what[0] is line or what[0] == line:
                pad.feed(line.read(1), now)
            else:
                words = sys.stdin.readline().split()
                if not words:
                    return
                if words[0] == "rate":
                    pad.rate(int(words[1]), now)
                else:
                    pad.press(words[0], words[1] if len(words) > 1 else "", now)
        pad.tick(time.ticks_ms())


main(sys.argv[1])
