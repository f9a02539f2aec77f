from urllib.request import urlopen

from titan_sdk import TitanClient

address = TitanClient().service_address("inference_api")
for x in (2, 5):
    answer = urlopen(f"http://{address}/predict?x={x}").read().decode()
    print(f"predict({x}) = {answer}")
