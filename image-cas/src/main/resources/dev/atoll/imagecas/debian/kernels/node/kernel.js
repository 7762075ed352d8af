'use strict';
// Runs JavaScript for a code context; the protocol is docs/contexts.md. Needs Node.js only.
//
// Two processes, as in the kernel for Python: the one that was started speaks the protocol and never runs foreign code; its child runs
// the code, in Node's own REPL, and has pipes for its output. What it writes is never taken for protocol, and a flood fills a pipe.

const fs = require('node:fs');

const PIECE = 32768;
const MAX_MESSAGE = 6 << 20;
const MAX_PLAIN = 1 << 20;
const GRACE_MS = 50;

function writeAll(fd, data) {
  let at = 0;
  while (at < data.length) {
    try {
      at += fs.writeSync(fd, data, at);
    } catch (e) {
      if (e.code !== 'EAGAIN') throw e;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

function json(message) {
  // Half a surrogate pair has no UTF-8.
  return JSON.stringify(message).replace(/[\ud800-\udfff]/g, (c) => '\\u' + c.charCodeAt(0).toString(16));
}

// The parent: pumps.

function supervise() {
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['--no-warnings', __filename, 'child'], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, out, err, commands, messages] = child.stdio;
  let run = null;
  let started = 0;
  let interrupting = false;
  const rest = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const send = (message) => writeAll(1, Buffer.from(json(message) + '\n'));

  function captured(name, data, last) {
    data = Buffer.concat([rest[name], data]);
    for (let at = 0; at < data.length; at += PIECE) {
      const piece = data.subarray(at, at + PIECE);
      const whole = at + PIECE < data.length || last ? piece : piece.subarray(0, wholeCharacters(piece));
      rest[name] = piece.subarray(whole.length);
      if (at + PIECE < data.length) {
        const shorter = wholeCharacters(piece);
        at -= piece.length - shorter;
        tell(name, piece.subarray(0, shorter));
      } else if (whole.length) {
        tell(name, whole);
      }
    }
    if (data.length === 0) rest[name] = data;
  }

  function tell(name, data) {
    const text = data.toString('utf8');
    send(Buffer.from(text).equals(data) ? { type: name, run, text } : { type: name, run, base64: data.toString('base64') });
  }

  // A run's start is told before its code writes, but may be heard after that, in the same round of the event loop.
  const early = [];
  function wrote(name, data) {
    if (run !== null) {
      captured(name, data, false);
    } else {
      early.push([name, data]);
      setImmediate(settle);
    }
  }

  function settle() {
    for (const [name, data] of early.splice(0)) captured(name, data, false);
  }

  // Everything that the child wrote before the line that is about to be passed on.
  function drain() {
    settle();
    const buffer = Buffer.alloc(65536);
    for (const [name, stream] of [['stdout', out], ['stderr', err]]) {
      for (let left = 64; left > 0 && stream._handle; left--) {
        try {
          const n = fs.readSync(stream._handle.fd, buffer);
          if (n === 0) break;
          captured(name, Buffer.from(buffer.subarray(0, n)), false);
        } catch (e) {
          break;
        }
      }
    }
  }

  out.on('data', (data) => wrote('stdout', data));
  err.on('data', (data) => wrote('stderr', data));
  let line = [];
  let size = 0;
  messages.on('data', (data) => {
    let from = 0;
    for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, from)) {
      line.push(data.subarray(from, at));
      passOn(Buffer.concat(line));
      line = [];
      size = 0;
      from = at + 1;
    }
    size += data.length - from;
    line = size > 2 * MAX_MESSAGE ? [] : [...line, data.subarray(from)];
  });

  function passOn(whole) {
    const text = whole.toString('utf8');
    if (!text.startsWith('{"type":"start"')) {
      drain();
    } else {
      // Not drained: the code may have written already, and that is the run's.
      run = JSON.parse(text).run;
      started = Date.now();
    }
    if (text.startsWith('{"type":"end"')) {
      captured('stdout', Buffer.alloc(0), true);
      captured('stderr', Buffer.alloc(0), true);
      run = null;
    }
    writeAll(1, Buffer.concat([whole, Buffer.from('\n')]));
    if (run !== null) settle();
  }

  // An interrupt is for the run and whatever that has started; without one it is for nobody. Node has no handler for it for the moment
  // that it takes to begin with a piece of code, so an interrupt waits until that is over.
  process.on('SIGINT', () => {
    if (run === null || interrupting) return;
    const meant = run;
    interrupting = true;
    setTimeout(() => {
      if (run === meant) process.kill(0, 'SIGINT');
      setTimeout(() => (interrupting = false), 20);
    }, Math.max(0, started + GRACE_MS - Date.now()));
  });

  commands.on('error', () => {});
  process.stdin.pipe(commands);
  child.on('close', (code, signal) => ended(code, signal));
  child.on('exit', (code, signal) => {
    // What it started may hold the pipes for long.
    setTimeout(() => ended(code, signal), 50);
  });

  function ended(code, signal) {
    drain();
    captured('stdout', Buffer.alloc(0), true);
    captured('stderr', Buffer.alloc(0), true);
    if (signal) {
      process.removeAllListeners('SIGINT');
      process.kill(process.pid, signal);
      setTimeout(() => process.exit(1), 1000);
    } else {
      process.exit(code);
    }
  }
}

function wholeCharacters(data) {
  // Up to three bytes at the end may be the beginning of a character.
  for (let back = 1; back <= 3 && back <= data.length; back++) {
    const byte = data[data.length - back];
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? data.length - back : data.length;
    }
  }
  return data.length;
}

// The child: runs code.

function serve() {
  const repl = require('node:repl');
  const { PassThrough } = require('node:stream');
  const { Readable } = require('node:stream');
  const server = repl.start({
    prompt: '',
    input: new PassThrough(),
    output: new PassThrough().resume(),
    terminal: false,
    useGlobal: true,
    breakEvalOnSigint: true,
    // With a domain of its own the REPL would not tell us of errors, and could not tell those of the run from others.
    domain: { on() {}, add() {}, bind: (f) => f, removeAllListeners() {} },
  });
  let count = 0;
  let run = null;

  function send(message) {
    let data = json(message);
    if (data.length > MAX_MESSAGE) {
      const note = `A result of ${data.length} bytes is over the limit of ${MAX_MESSAGE}.`;
      data = json({ ...message, data: { 'text/plain': note } });
    }
    writeAll(4, Buffer.from(data + '\n'));
  }

  // What goes wrong behind the code's back is told on stderr, and the context lives on.
  const stray = (e) => process.stderr.write(`Uncaught ${plain(e)}\n`);
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', stray);
  process.on('unhandledRejection', stray);
  const interrupt = () => server.emit('SIGINT');
  process.on('SIGINT', interrupt);

  const show = async (value, main) => send({ type: 'result', run, main, data: await bundle(value) });
  const showing = [];
  const shown = async () => {
    while (showing.length) await showing.shift();
  };
  globalThis.display = (value, options) => {
    if (options && options.raw) send({ type: 'result', run, main: false, data: contents(value) });
    else showing.push(show(value, false));
  };

  const evaluate = (code, name) =>
    new Promise((resolve, reject) => {
      // While code runs that does not wait, Node watches for the signal itself, and takes the handler of others away.
      process.off('SIGINT', interrupt);
      try {
        server.eval(code + '\n', server.context, name, (e, value) => (e ? reject(e) : resolve(value)));
      } finally {
        process.on('SIGINT', interrupt);
      }
    });

  async function execute(code, id) {
    run = id;
    count += 1;
    send({ type: 'start', run, execution_count: count });
    let status = 'ok';
    try {
      const value = await evaluate(code, `<cell ${count}>`);
      await shown();
      if (value !== undefined && !code.trimEnd().endsWith(';')) {
        globalThis._ = value;
        await show(value, true);
      }
    } catch (e) {
      await shown();
      status = fail(e);
    }
    send({ type: 'end', run, status });
    run = null;
  }

  function fail(thrown) {
    const e = thrown instanceof repl.Recoverable ? thrown.err : thrown;
    const interrupted = e && (e.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED' || e.message === 'Script execution was interrupted by `SIGINT`');
    let name = 'Error';
    let value = '';
    let lines = [];
    try {
      const isError = e !== null && typeof e === 'object' && 'message' in e;
      name = interrupted ? 'Interrupted' : isError ? String(e.name || 'Error') : typeof e;
      value = isError ? String(e.message) : plain(e);
      const stack = isError && e.stack ? String(e.stack) : plain(e);
      lines = stack.split('\n').filter((line) => !/\(?(node:|.*\/kernels\/node\/kernel\.js|REPL\d|new Promise \(<anonymous>\))/.test(line) || !/^\s+at /.test(line));
    } catch (worse) {
      lines = ['the error cannot be shown'];
    }
    send({
      type: 'error',
      run,
      name: name.slice(0, 1000),
      value: value.slice(0, MAX_PLAIN / 4),
      traceback: lines.slice(0, 200).map((line) => line.slice(0, MAX_PLAIN / 16) + '\n'),
    });
    return interrupted ? 'interrupted' : 'error';
  }

  const util = require('node:util');
  function plain(value) {
    const text = util.inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 100000, breakLength: 100 });
    return text.length <= MAX_PLAIN ? text : text.slice(0, MAX_PLAIN) + `… (${text.length} characters)`;
  }

  const METHODS = {
    'text/html': '_repr_html_',
    'text/markdown': '_repr_markdown_',
    'text/latex': '_repr_latex_',
    'image/svg+xml': '_repr_svg_',
    'image/png': '_repr_png_',
    'image/jpeg': '_repr_jpeg_',
    'application/json': '_repr_json_',
  };

  function contents(map) {
    const data = {};
    for (const [kind, value] of Object.entries(Object(map))) {
      if (value === undefined || value === null) continue;
      data[kind] = value instanceof Uint8Array ? Buffer.from(value).toString('base64')
        : typeof value === 'string' ? value : JSON.stringify(value) ?? String(value);
    }
    return data;
  }

  async function bundle(value) {
    let data = {};
    if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
      for (const whole of [Symbol.for('Jupyter.display'), '_repr_mimebundle_']) {
        const made = await called(value, whole);
        if (made && typeof made === 'object') data = { ...data, ...contents(made) };
      }
      for (const [kind, method] of Object.entries(METHODS)) {
        const made = kind in data ? undefined : await called(value, method);
        if (made !== undefined) Object.assign(data, contents({ [kind]: made }));
      }
    }
    if (!('text/plain' in data)) data['text/plain'] = plain(value);
    return data;
  }

  async function called(value, method) {
    try {
      return typeof value[method] === 'function' ? await value[method]() : undefined;
    } catch (e) {
      return undefined;
    }
  }

  async function commands() {
    const { createInterface } = require('node:readline');
    const { Socket } = require('node:net');
    const lines = createInterface({ input: new Socket({ fd: 3, readable: true, writable: false }), crlfDelay: Infinity });
    send({ type: 'ready', language: 'node', version: process.version.slice(1) });
    for await (const line of lines) {
      let command;
      try {
        command = JSON.parse(line);
      } catch (e) {
        continue;
      }
      if (command && command.type === 'run' && typeof command.code === 'string' && typeof command.id === 'string') {
        await execute(command.code, command.id);
      }
    }
    process.exit(0);
  }
  process.argv = [process.execPath];
  commands();
}

if (process.argv[2] === 'child') serve();
else supervise();
