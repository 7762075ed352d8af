"""What both processes of the kernel use to speak with each other and with the platform."""

import os

MAX_MESSAGE = 6 << 20


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]


def binary(data):
    import base64

    return base64.b64encode(data).decode()
