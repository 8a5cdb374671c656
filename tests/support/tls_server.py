"""A receiver that demands a client's certificate, for tests. Prints its port, then for each connection the name in the
certificate, or why there was no handshake.
usage: tls_server.py CA CERTIFICATE KEY [1.2]   paths; at most that version of TLS"""
import socket
import ssl
import sys
import threading

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_verify_locations(sys.argv[1])
context.load_cert_chain(sys.argv[2], sys.argv[3])
context.verify_mode = ssl.CERT_REQUIRED
if sys.argv[4:] == ["1.2"]:
    context.maximum_version = ssl.TLSVersion.TLSv1_2


def read_request(client):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        if not piece:
            return False
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    while len(body) < length:
        body += client.recv(65536)
    return True


def serve(plain):
    try:
        with context.wrap_socket(plain, server_side=True) as client:
            name = dict(pair[0] for pair in client.getpeercert()["subject"])["commonName"]
            print("client", name, flush=True)
            while read_request(client):
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 2\r\n\r\n\n\0")
    except OSError as error:
        print("refused", error, flush=True)


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
