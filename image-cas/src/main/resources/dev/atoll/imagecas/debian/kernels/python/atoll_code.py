"""The process that runs the code: one namespace for all runs, and what comes of each as messages to the other process."""

import os
import sys

from atoll_show import MAX_PLAIN, bundle, content, is_figure, png
from atoll_wire import MAX_MESSAGE, write_all

OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep


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
    told.stack[:] = [frame for frame in told.stack if not frame.filename.startswith(OWN)]
    for other in (told.__cause__, told.__context__):
        if other is not None and depth:
            hide(other, depth - 1)


def no_input(prompt="", /):
    raise RuntimeError("input() has nobody to ask: a run has no stdin. Put the value into the code.")


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
