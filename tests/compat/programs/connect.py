import os
import socket

with socket.create_connection((os.environ["TITAN_HOST"], int(os.environ["TITAN_PORT"])), timeout=5):
    print("Titan is up")
