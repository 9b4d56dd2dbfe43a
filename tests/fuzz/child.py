"""One decoder handed to libFuzzer, with the codecs instrumented; run by `tests.fuzz.decoders`."""

import importlib
import sys
from functools import partial

if __name__ == "__main__":
    # Not by a plain import: atheris is no dependency, and must be there before the codecs are.
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["firmware_bridge.codecs"]):
        promise = importlib.import_module("tests.fuzz.promise")
    atheris.Setup([sys.argv[0], *sys.argv[2:]], partial(promise.check, sys.argv[1]))
    atheris.Fuzz()
