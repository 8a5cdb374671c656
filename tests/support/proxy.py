"""An HTTP proxy for tests: tunnels (CONNECT) and passes plain requests on, to this machine only. Prints its port, then the
head of each request that it was sent, an empty line behind each.
usage: proxy.py [user:password]   demanded as Basic"""
import base64
import select
import socket
import sys
import threading

wanted = "Proxy-Authorization: Basic " + base64.b64encode(sys.argv[1].encode()).decode() if sys.argv[1:] else None
output = threading.Lock()


def read_head(client):
    head = b""
    while b"\r\n\r\n" not in head:
        piece = client.recv(65536)
        if not piece:
            return None, b""
        head += piece
    head, rest = head.split(b"\r\n\r\n", 1)
    return head.decode("latin-1"), rest


def relay(a, b):
    while True:
        for side in select.select([a, b], [], [])[0]:
            piece = side.recv(65536)
            if not piece:
                return
            (b if side is a else a).sendall(piece)


def serve(client):
    head, rest = read_head(client)
    if head is None:
        return
    with output:
        print(head.replace("\r", ""), end="\n\n", flush=True)
    method, target, _ = head.split("\r\n")[0].split(" ")
    if wanted and wanted not in head:
        client.sendall(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n")
        return
    authority = target if method == "CONNECT" else target.split("/")[2]
    server = socket.create_connection(("127.0.0.1", int(authority.rsplit(":", 1)[1])))
    if method == "CONNECT":
        client.sendall(b"HTTP/1.1 200 Yes\r\n\r\n")
    else:
        server.sendall(head.encode("latin-1") + b"\r\nVia: 1.1 proxy\r\n\r\n")
    server.sendall(rest)
    relay(client, server)


def run(client):
    try:
        serve(client)
    except OSError:
        pass
    finally:
        client.close()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=run, args=(listener.accept()[0],), daemon=True).start()
