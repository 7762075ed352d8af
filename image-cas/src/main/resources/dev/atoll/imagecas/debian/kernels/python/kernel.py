"""Runs Python code for a code context; the protocol is docs/contexts.md. Needs the standard library only.

Two processes: the one that was started speaks the protocol and never runs foreign code; its child runs the code and has pipes for
stdin, stdout and stderr. So what the code, its threads, its extensions in C or its own children write is never taken for protocol,
nothing that was written is lost when the child dies, and a flood fills a pipe instead of memory.
"""

import os
import sys

# The first place to look at, whatever PYTHONPATH and PYTHONSAFEPATH say; the code's own process puts its directory there instead.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [HERE] + [place for place in sys.path if place != HERE]
writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
from atoll_code import Kernel  # noqa: E402
from atoll_wire import MAX_MESSAGE, binary, write_all  # noqa: E402

sys.dont_write_bytecode = writes_bytecode

PIECE = 32768


class Capture:
    """What the code writes to one of its output streams, in pieces of whole characters where it is text."""

    def __init__(self, name, fd):
        self.name, self.fd, self.open, self.rest = name, fd, True, b""
        os.set_blocking(fd, False)

    def take(self):
        """The next piece as it stands in a message; empty when there is none for now."""
        try:
            data = os.read(self.fd, PIECE)
        except BlockingIOError:
            return {}
        self.open = bool(data)
        data, self.rest = self.rest + data, b""
        try:
            return {"text": data.decode()} if data else {}
        except UnicodeDecodeError as e:
            if e.end == len(data) and e.reason == "unexpected end of data" and self.open:
                data, self.rest = data[: e.start], data[e.start:]
                return {"text": data.decode()} if data else {"text": ""}
        return {"base64": binary(data)}

    def last(self):
        data, self.rest = self.rest, b""
        return {"base64": binary(data)} if data else {}


class Pump:
    def __init__(self, commands, messages, out, err, out_fd):
        self.commands, self.messages, self.target = commands, messages, out_fd
        self.captures = [Capture("stdout", out), Capture("stderr", err)]
        self.pending, self.line, self.run = b"", b"", None
        os.set_blocking(commands, False)
        os.set_blocking(messages, False)

    def send(self, message):
        import json

        write_all(self.target, json.dumps(message, separators=(",", ":")).encode() + b"\n")

    def capture(self, source):
        piece = source.take()
        if piece and piece != {"text": ""}:
            self.send({"type": source.name, "run": self.run, **piece})
        return bool(piece)

    def drain(self):
        """Passes on all that was written before now; what goes on writing is cut off after a pipe full."""
        for source in self.captures:
            left = 64
            while source.open and left and self.capture(source):
                left -= 1

    def message(self, line):
        """A line of the child's, passed on as it is after what was written before it."""
        import json

        try:
            kind = json.loads(line)
        except ValueError:
            return
        if kind.get("type") == "start":
            # Not drained: the code may have written already, and that is the run's.
            self.run = kind.get("run")
        else:
            self.drain()
        if kind.get("type") == "end":
            for source in self.captures:
                piece = source.last()
                if piece:
                    self.send({"type": source.name, "run": self.run, **piece})
            self.run = None
        write_all(self.target, line + b"\n")

    def read_messages(self):
        try:
            data = os.read(self.messages, 1 << 20)
        except BlockingIOError:
            return True
        *lines, self.line = (self.line + data).split(b"\n")
        if len(self.line) > 2 * MAX_MESSAGE:
            self.line = b""
        for line in lines:
            self.message(line)
        return bool(data)

    def interrupt(self, *_):
        """An interrupt is for the run and whatever that has started; without one it is for nobody."""
        import signal

        if self.run is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.killpg(0, signal.SIGINT)
            signal.signal(signal.SIGINT, self.interrupt)

    def feed(self):
        try:
            self.pending = self.pending[os.write(self.commands, self.pending):]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self.pending = b""

    def loop(self, child, died):
        import select

        stdin_open = messages_open = True
        while True:
            poll = select.poll()
            poll.register(died, select.POLLIN)
            if messages_open:
                poll.register(self.messages, select.POLLIN)
            for source in self.captures:
                if source.open:
                    poll.register(source.fd, select.POLLIN)
            if self.pending:
                poll.register(self.commands, select.POLLOUT)
            elif stdin_open:
                poll.register(0, select.POLLIN)
            elif self.commands >= 0:
                os.close(self.commands)
                self.commands = -1
            ready = {fd for fd, _ in poll.poll()}
            if 0 in ready:
                self.pending = os.read(0, 65536)
                stdin_open = bool(self.pending)
            if self.pending:
                self.feed()
            if messages_open:
                # First, whether it was ready or not: a run's start is told before its code writes.
                messages_open = self.read_messages()
            for source in self.captures:
                if source.fd in ready:
                    self.capture(source)
            if died in ready:
                os.read(died, 512)
                done, status = os.waitpid(child, os.WNOHANG)
                if done:
                    self.read_messages()
                    self.drain()
                    return status


def supervise():
    import signal

    commands_in, commands_out = os.pipe()
    messages_in, messages_out = os.pipe()
    out_in, out_out = os.pipe()
    err_in, err_out = os.pipe()
    died_in, died_out = os.pipe()
    child = os.fork()
    if child == 0:
        for fd in (commands_out, messages_in, out_in, err_in, died_in, died_out):
            os.close(fd)
        null = os.open("/dev/null", os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(out_out, 1)
        os.dup2(err_out, 2)
        for fd in (null, out_out, err_out):
            os.close(fd)
        Kernel(commands_in, messages_out).serve()
        os._exit(0)
    for fd in (commands_in, messages_out, out_out, err_out):
        os.close(fd)
    os.set_blocking(died_out, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(died_out)
    os.set_blocking(died_in, False)
    if os.waitpid(child, os.WNOHANG)[0]:
        os._exit(1)
    pump = Pump(commands_out, messages_in, out_in, err_in, 1)
    signal.signal(signal.SIGINT, pump.interrupt)
    status = pump.loop(child, died_in)
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL) if os.WTERMSIG(status) not in (9, 19) else None
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1)


if __name__ == "__main__":
    supervise()
