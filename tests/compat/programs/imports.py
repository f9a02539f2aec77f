import titan_sdk.titan_mcp_server
import titan_sdk.titan_sdk
from titan_sdk import TitanClient, TitanJob
from titan_sdk.titan_sdk import TITAN_HOST, TITAN_PORT
from titan_sdk.titan_yaml_parser import TitanYAMLParser

print(titan_sdk.titan_sdk.TitanClient is TitanClient, titan_sdk.titan_sdk.TitanJob is TitanJob)
print(TITAN_HOST, TITAN_PORT, type(TITAN_PORT).__name__)
print(TitanYAMLParser.__name__, callable(titan_sdk.titan_mcp_server.main))
