"""Posts one body again and again over one connection for a second or two, and prints how many records that was each
second: usage: rate.py URL RECORDS SECONDS [HEADER:VALUE], the body on standard input. A busy machine is slow, so nobody
judges the figure; every answer must be 200."""
import http.client
import sys
import time
import urllib.parse

url, records, seconds = urllib.parse.urlsplit(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
headers = dict(header.split(':', 1) for header in sys.argv[4:])
body = sys.stdin.buffer.read()
connection = http.client.HTTPConnection(url.netloc, timeout=60)
begun, sent = time.monotonic(), 0
while time.monotonic() - begun < seconds:
    connection.request('POST', url.path, body, headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    sent += records
print('%d records/s in batches of %d, one connection' % (sent / (time.monotonic() - begun), records))
