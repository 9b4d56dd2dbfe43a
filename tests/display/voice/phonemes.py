"""Says how the speech library in the wheel reads each line of standard input: its phonemes.

A process of its own: the library keeps global state, and the tests' process should not have it.

    python -m tests.display.voice.phonemes sit/cmn
"""

import ctypes
import sys
from pathlib import Path

import espeakng_loader

RETRIEVAL, UTF8 = 1, 1


def main() -> None:
    path = Path(espeakng_loader.get_library_path()).with_name("libespeak-ng.so.1")
    library = ctypes.CDLL(str(path))
    library.espeak_Initialize(RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0)
    library.espeak_SetVoiceByName(sys.argv[1].encode())
    read = library.espeak_TextToPhonemes
    read.restype = ctypes.c_char_p
    read.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    for line in sys.stdin:
        rest = ctypes.c_char_p(line.strip().encode())
        said = []
        while rest.value:
            said.append((read(ctypes.byref(rest), UTF8, 0) or b"").decode())
        sys.stdout.write(" ".join(said) + "\n")


if __name__ == "__main__":
    main()
