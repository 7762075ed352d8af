"""Runs Python code for a code context; the protocol is docs/contexts.md. Needs the standard library only.

Two processes: the one that was started speaks the protocol and never runs foreign code; its child runs the code and has pipes for
stdin, stdout and stderr. So what the code, its threads, its extensions in C or its own children write is never taken for protocol,
nothing that was written is lost when the child dies, and a flood fills a pipe instead of memory.
"""

import os
import sys

PIECE = 32768
MAX_MESSAGE = 6 << 20
MAX_PLAIN = 1 << 20


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]


# The parent: pumps.


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


def binary(data):
    import base64

    return base64.b64encode(data).decode()


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
            for source in self.captures:
                if source.fd in ready:
                    self.capture(source)
            if self.messages in ready:
                messages_open = self.read_messages()
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


# The child: runs code.


class Kernel:
    def __init__(self, commands, messages):
        import builtins
        import signal
        import types

        self.commands, self.messages, self.pid = commands, messages, os.getpid()
        self.count, self.run, self.working, self.runner = 0, None, False, None
        sys.stdin = open(os.devnull)
        sys.stdout = open(1, "w", buffering=1, closefd=False, encoding="utf-8", errors="backslashreplace")
        sys.stderr = open(2, "w", buffering=1, closefd=False, encoding="utf-8", errors="backslashreplace")
        sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr
        sys.argv, sys.path[0] = [""], ""
        self.module = types.ModuleType("__main__")
        self.names = self.module.__dict__
        self.names["__builtins__"] = builtins
        sys.modules["__main__"] = self.module
        builtins.input = no_input
        builtins.display = self.names["display"] = self.display
        os.environ.setdefault("MPLBACKEND", "agg")
        sys.meta_path.insert(0, PyplotHook(self))
        signal.signal(signal.SIGINT, self.interrupted)

    def interrupted(self, *_):
        if self.working:
            raise KeyboardInterrupt

    def serve(self):
        import json

        self.send({"type": "ready", "language": "python", "version": sys.version.split()[0]})
        with open(self.commands, "rb") as lines:
            for line in lines:
                try:
                    command = json.loads(line)
                    code, run = command["code"], command["id"]
                except (ValueError, KeyError, TypeError, RecursionError):
                    continue
                if command.get("type") == "run" and isinstance(code, str) and isinstance(run, str):
                    self.execute(code, run)

    def send(self, message):
        import json

        if os.getpid() != self.pid:
            return  # what the code has forked has no say here
        data = json.dumps(message, separators=(",", ":")).encode()
        if len(data) > MAX_MESSAGE:
            note = f"A result of {len(data)} bytes is over the limit of {MAX_MESSAGE}."
            data = json.dumps({**message, "data": {"text/plain": note}}, separators=(",", ":")).encode()
        write_all(self.messages, data + b"\n")

    def execute(self, code, run):
        self.run = run
        self.count += 1
        self.send({"type": "start", "run": run, "execution_count": self.count})
        status = "ok"
        try:
            self.working = True
            try:
                self.evaluate(code)
                self.figures()
            finally:
                self.working = False
        except BaseException as e:
            status = "interrupted" if isinstance(e, KeyboardInterrupt) else "error"
            self.failed(e)
        if os.getpid() != self.pid:
            os._exit(0)  # a fork that the code made and let return
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                pass
        self.send({"type": "end", "run": run, "status": status})
        self.run = None

    def evaluate(self, code):
        import ast
        import linecache

        name = f"<cell {self.count}>"
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        tree = compile(code, name, "exec", flags | ast.PyCF_ONLY_AST)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
        if tree.body:
            self.awaited(compile(tree, name, "exec", flags))
        if last is None:
            return
        value = self.awaited(compile(last, name, "eval", flags))
        if value is not None and not code.rstrip().endswith(";"):
            self.names["_"] = value
            self.result(value, True)

    def awaited(self, code):
        import inspect

        value = eval(code, self.names)
        if not code.co_flags & inspect.CO_COROUTINE:
            return value
        if self.runner is None:
            import asyncio

            self.runner = asyncio.new_event_loop()
            asyncio.set_event_loop(self.runner)
        task = self.runner.create_task(value)
        try:
            return self.runner.run_until_complete(task)
        except BaseException:
            if not task.done():
                task.cancel()
            raise

    def failed(self, e):
        import traceback

        try:
            told = traceback.TracebackException.from_exception(e)
            hide(told)
            lines, value = list(told.format()), str(e)
        except BaseException as worse:
            lines, value = [f"{type(e).__name__}: its text cannot be made: {type(worse).__name__}\n"], ""
        value, lines = value[:MAX_PLAIN // 4], [line[:MAX_PLAIN // 16] for line in lines[-200:]]
        self.send({"type": "error", "run": self.run, "name": type(e).__name__, "value": value, "traceback": lines})

    def display(self, *values, raw=False):
        """Shows values richly; with raw=True each is a map from media type to content."""
        for value in values:
            if raw:
                self.send_result(value, False)
            else:
                self.result(value, False)

    def result(self, value, main):
        self.send_result(bundle(value), main)
        if is_figure(value) and "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close(value)  # once is enough

    def send_result(self, data, main):
        data = {str(kind): content(kind, value) for kind, value in data.items() if value is not None}
        self.send({"type": "result", "run": self.run, "main": main, "data": data})

    def figures(self):
        """Shows what matplotlib has drawn and nobody has shown."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None or not hasattr(pyplot, "get_fignums"):
            return
        for number in pyplot.get_fignums():
            self.send_result({"image/png": png(pyplot.figure(number)), "text/plain": f"<Figure {number}>"}, False)
        pyplot.close("all")


def hide(told, depth=20):
    """Takes the kernel's own frames out of a traceback and of those that led to it."""
    told.stack[:] = [frame for frame in told.stack if frame.filename != __file__]
    for other in (told.__cause__, told.__context__):
        if other is not None and depth:
            hide(other, depth - 1)


def no_input(prompt="", /):
    raise RuntimeError("input() has nobody to ask: a run has no stdin. Put the value into the code.")


def is_figure(value):
    figure = sys.modules.get("matplotlib.figure")
    return figure is not None and isinstance(value, getattr(figure, "Figure", ()))


def png(figure):
    import io

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return buffer.getvalue()


class PyplotHook:
    """Makes pyplot.show() show what was drawn, once pyplot is imported."""

    def __init__(self, kernel):
        self.kernel = kernel

    def find_spec(self, name, path=None, target=None):
        if name != "matplotlib.pyplot":
            return None
        import importlib.util

        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            module.show = lambda *_, **__: self.kernel.figures()

        spec.loader.exec_module = exec_module
        return spec


REPRESENTATIONS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "text/latex": "_repr_latex_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "application/pdf": "_repr_pdf_",
    "application/json": "_repr_json_",
    "application/javascript": "_repr_javascript_",
}


def bundle(value):
    """A value by media type, as the conventions of IPython have it; text/plain is always there."""
    data = {}
    if not isinstance(value, type):
        whole = called(value, "_repr_mimebundle_")
        if isinstance(whole, tuple):
            whole = whole[0]
        if isinstance(whole, dict):
            data.update(whole)
        for kind, method in REPRESENTATIONS.items():
            if kind not in data:
                one = called(value, method)
                if one is not None:
                    data[kind] = one[0] if isinstance(one, tuple) else one
        if "image/png" not in data and is_figure(value):
            data["image/png"] = png(value)
    if "text/plain" not in data:
        data["text/plain"] = plain(value)
    return data


def called(value, method):
    try:
        function = getattr(value, method, None)
        if not callable(function) or not callable(getattr(type(value), method, None)):
            return None
        return function()
    except Exception:
        return None


def plain(value):
    text = repr(value)
    return text if len(text) <= MAX_PLAIN else text[:MAX_PLAIN] + f"… ({len(text)} characters)"


def content(kind, value):
    if isinstance(value, (bytes, bytearray, memoryview)):
        return binary(bytes(value))
    if isinstance(value, str):
        return value
    import json

    return json.dumps(value, default=str)


if __name__ == "__main__":
    supervise()
