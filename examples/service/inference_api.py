import argparse
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

parser = argparse.ArgumentParser()
parser.add_argument("--scale", type=int, default=1)
scale = parser.parse_args().scale


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        x = int(parse_qs(urlsplit(self.path).query)["x"][0])
        print(f"asked for {x}", flush=True)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(x * scale).encode())

    def log_message(self, *_):
        pass


# Titan says where to listen. On every address, for other pods shall reach it.
server = HTTPServer(("", int(os.environ["PORT"])), Handler)
print("ready", flush=True)
server.serve_forever()
