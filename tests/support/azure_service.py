"""A service of Application Insights that answers by a script, for test_azure_transport.py.

A script is answers with ';' between them, the last one repeated:
  200            a status, with the body that belongs to it
  206:0=400,2=503,3=sampled   errors of items; 206:empty, 206:html, 206:none (no errors), 206:RAW{...} (that body)
  503&ra=5       a Retry-After; ra=date+6: a date; ra=gone: a date that has passed
  307>URL        a Location: self, other (another port), host (another host), rel, or a text; 307&ttl=600: max-age
  close          the connection is closed without an answer; truncate: 200, half of a body, closed
  hang           no answer;  delay=2:200 a late one
"""
import gzip
import json
import re
import socket
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Seen:
    def __init__(self, at, port, path, headers, items, answer):
        self.at, self.port, self.path, self.headers, self.items, self.answer = at, port, path, headers, items, answer

    def __repr__(self):
        return "%.2f s :%s %s <- %s" % (self.at, self.port, " ".join(self.items), self.answer)


class Service:
    """On two ports, with one script for both; what came is in `seen`."""

    def __init__(self, script):
        self.answers = script.split(";")
        self.next, self.lock, self.seen, self.over = 0, threading.Lock(), [], threading.Event()
        self.tokens = 0
        self.began = time.monotonic()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path.endswith("/oauth2/v2.0/token"):
                    return service.give_token(self)
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                service.handle(self, json.loads(body))

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_):
                pass

        self.servers = [Server(("127.0.0.1", 0), Handler) for _ in range(2)]
        self.ports = [s.server_address[1] for s in self.servers]
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self.over.set()
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def give_token(self, request):
        """As Entra: canary-1, canary-2, ..."""
        self.tokens += 1
        body = json.dumps({"token_type": "Bearer", "expires_in": 3599, "access_token": "canary-%d" % self.tokens}).encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def take(self):
        with self.lock:
            answer = self.answers[min(self.next, len(self.answers) - 1)]
            self.next += 1
            return answer

    def handle(self, request, items):
        answer = self.take()
        names = [name_of(item) for item in items]
        with self.lock:
            port = "self" if request.server.server_address[1] == self.ports[0] else "other"
            self.seen.append(Seen(time.monotonic() - self.began, port, request.path, dict(request.headers), names, answer))
        late = re.match(r"delay=([\d.]+):(.*)", answer)
        if late:
            self.over.wait(float(late.group(1)))
            answer = late.group(2)
        if answer in ("close", "hang", "truncate"):
            if answer == "hang":
                self.over.wait(60)
            if answer == "truncate":
                request.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"itemsReceived":')
            request.wfile.flush()
            request.close_connection = True
            request.connection.shutdown(socket.SHUT_RDWR)
            return
        self.reply(request, answer, len(items))

    def reply(self, request, answer, count):
        status, rest = int(answer[:3]), answer[3:]
        headers = {"Content-Type": "application/json"}
        target = re.search(r">([^&]*)", rest)
        if target:
            headers["Location"] = self.location(target.group(1))
        for key, value in re.findall(r"&(\w+)=([^&]*)", rest):
            if key == "ra":
                headers["Retry-After"] = retry_after(value)
            if key == "ttl":
                headers["Cache-Control"] = "max-age=" + value
        entries = re.match(r":([^&]*)", rest)
        body = body_of(status, entries.group(1) if entries else "", count).encode()
        request.send_response(status, "x")
        for name, value in headers.items():
            request.send_header(name, value)
        if status != 204:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if status != 204:
            request.wfile.write(body)

    def location(self, name):
        own, other = ("http://127.0.0.1:%d/v2.1/track" % p for p in self.ports)
        return {"self": own, "other": other, "rel": "/v2.1/track?moved=1", "none": "",
                "host": own.replace("127.0.0.1", "localhost"), "user": own.replace("//", "//u:p@"),
                "tls": own.replace("http:", "https:")}.get(name, name)


def name_of(item):
    data = item["data"]["baseData"]
    return data.get("message") or data["exceptions"][0]["message"]


def retry_after(value):
    if value.startswith("date+"):
        return formatdate(time.time() + int(value[5:]), usegmt=True)
    return formatdate(time.time() - 60, usegmt=True) if value == "gone" else value


def body_of(status, entries, count):
    if entries in ("empty", "html"):
        return "" if entries == "empty" else "<html>a proxy</html>"
    if entries.startswith("RAW"):
        return entries[3:]
    errors = []
    if entries == "ikey":
        errors = [{"index": i, "statusCode": 400, "message": "Invalid instrumentation key"} for i in range(count)]
        entries = ""
    for index, code in (e.split("=") for e in entries.split(",") if "=" in e):
        message = "Telemetry sampled out." if code == "sampled" else "words for %s" % code
        errors.append({"index": int(index), "statusCode": 206 if code == "sampled" else int(code), "message": message})
    refused = count if status >= 300 else len(errors)
    return json.dumps({"itemsReceived": count, "itemsAccepted": count - refused, "appId": None, "errors": errors})
