# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the wire share: a relay that breaks things, a proxy, servers from Debian."""
import asyncio
import base64
import contextlib
import shutil
import socket
import struct
import subprocess
import threading

from agent_support import Skip, until

NOTHING = 65536  # bytes that are read at a time


class Service:
    """A server of asyncio in a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(
            asyncio.start_server(self.serve_quietly, "127.0.0.1", 0, backlog=128))
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_arguments):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=20)

    async def serve_quietly(self, reader, writer):
        with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
            await self.serve(reader, writer)
        writer.close()

    async def serve(self, reader, writer):
        raise NotImplementedError


async def read_message(reader):
    """Head and body of a request, or of an answer that says how long it is."""
    head = await reader.readuntil(b"\r\n\r\n")
    fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:-2])
    return head, await reader.readexactly(int(fields.get("content-length", "0"))), fields


def reset(writer):
    """Ends a connection with RST."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                               struct.pack("ii", 1, 0))
    writer.transport.abort()
    raise EOFError


class Relay(Service):
    """Hands requests on to a receiver, and spoils a part of them on the way there or back."""

    def __init__(self, target, chance, part, trap):
        super().__init__()
        self.target, self.chance, self.part, self.trap = target, chance, part, trap
        self.done = {}
        self.before = [self.reset, self.cut_request, self.unavailable, self.too_many, self.redirect]
        self.after = [self.reset, self.reset_in_head, self.close_in_head, self.truncate,
                      self.trickle, self.stall, self.nonsense, self.broken]

    async def serve(self, reader, writer):
        upstream = None
        while True:
            fault = None
            if self.chance.random() < self.part:
                fault = self.chance.choice(self.before + self.after)
                self.done[fault.__name__] = self.done.get(fault.__name__, 0) + 1
            if fault == self.cut_request:
                await reader.read(300)
                reset(writer)
            head, body, _fields = await read_message(reader)
            if fault in self.before:
                await fault(writer, b"")
                continue
            if upstream is None:
                upstream = await asyncio.open_connection("127.0.0.1", self.target)
            upstream[1].write(head + body)
            answer = b"".join((await read_message(upstream[0]))[:2])
            await (fault or self.hand_on)(writer, answer)

    async def hand_on(self, writer, answer):
        writer.write(answer)
        await writer.drain()

    async def reset(self, writer, _answer):
        reset(writer)

    async def cut_request(self, writer, _answer):
        reset(writer)

    async def reset_in_head(self, writer, answer):
        await self.hand_on(writer, answer[:12])
        reset(writer)

    async def close_in_head(self, writer, answer):
        await self.hand_on(writer, answer[:self.chance.randrange(1, 30)])
        raise EOFError

    async def truncate(self, writer, answer):
        await self.hand_on(writer, answer[:-1])
        raise EOFError

    async def trickle(self, writer, answer):
        for byte in answer:
            await self.hand_on(writer, bytes([byte]))
            await asyncio.sleep(0.001)

    async def stall(self, writer, answer):
        await asyncio.sleep(self.chance.random())
        await self.hand_on(writer, answer)

    async def nonsense(self, writer, _answer):
        await self.hand_on(writer, b"220 mail.example.test ESMTP\r\n")
        raise EOFError

    async def status(self, writer, text, header=""):
        await self.hand_on(writer, f"HTTP/1.1 {text}\r\n{header}Content-Length: 0\r\n\r\n".encode())

    async def broken(self, writer, _answer):
        await self.status(writer, "500 Internal Server Error")

    async def unavailable(self, writer, _answer):
        await self.status(writer, "503 Service Unavailable")

    async def too_many(self, writer, _answer):
        await self.status(writer, "429 Too Many Requests", "Retry-After: 1\r\n")

    async def redirect(self, writer, _answer):
        status = self.chance.choice(("301 Moved", "302 Found", "307 Temporary", "308 Permanent"))
        await self.status(writer, status, f"Location: {self.trap}\r\n")


class Proxy(Service):
    """Forwards everything to one port, whatever name is asked for; with a password on demand."""

    def __init__(self, target, password=None):
        super().__init__()
        self.target, self.requests = target, []
        self.wanted = password and "basic " + base64.b64encode(password.encode()).decode().lower()

    async def serve(self, reader, writer):
        head, body, fields = await read_message(reader)
        self.requests.append(head.decode().split("\r\n", 1)[0])
        if self.wanted and fields.get("proxy-authorization") != self.wanted:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: "
                         b"Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        upstream = await asyncio.open_connection("127.0.0.1", self.target)
        if head.startswith(b"CONNECT "):
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            upstream[1].write(head + body)
        await asyncio.gather(self.pump(reader, upstream[1]), self.pump(upstream[0], writer))

    async def pump(self, reader, writer):
        while data := await reader.read(NOTHING):
            writer.write(data)
            await writer.drain()
        writer.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def is_open(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def server(port, *command, **options):
    """A server as a child, once it listens."""
    program = shutil.which(command[0], path="/usr/sbin:/usr/bin:/sbin:/bin")
    if program is None:
        raise Skip(f"{command[0]} is not installed")
    process = subprocess.Popen([program, *command[1:]], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.PIPE, **options)
    try:
        until(lambda: is_open(port) or process.poll() is not None, f"{command[0]} at port {port}")
        if process.poll() is not None:
            raise AssertionError(f"{command[0]} ended with {process.returncode}")
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def nginx(folder, target):
    """nginx in front of a receiver: (port, context)."""
    port = free_port()
    folder.mkdir()
    (folder / "nginx.conf").write_text(f"""
      daemon off; master_process off; worker_processes 1; user root;
      pid {folder}/pid; error_log {folder}/errors;
      events {{ worker_connections 512; }}
      http {{
        access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
        fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
        upstream receiver {{ server 127.0.0.1:{target}; keepalive 32; }}
        server {{
          listen 127.0.0.1:{port};
          location / {{ proxy_pass http://receiver; proxy_http_version 1.1;
                        proxy_set_header Connection ""; proxy_next_upstream off; }}
        }}
      }}""", encoding="ascii")
    return port, server(port, "nginx", "-p", str(folder), "-e", f"{folder}/errors", "-c",
                        f"{folder}/nginx.conf")


def haproxy(folder, target):
    """haproxy in front of a receiver: (port, context)."""
    port = free_port()
    folder.mkdir()
    (folder / "haproxy.cfg").write_text(f"""
global
  maxconn 512
defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s
  retries 0
frontend hooks
  bind 127.0.0.1:{port}
  default_backend receiver
backend receiver
  server receiver 127.0.0.1:{target}
""", encoding="ascii")
    return port, server(port, "haproxy", "-db", "-f", str(folder / "haproxy.cfg"))
