"""What a Python script costs that does the same with Microsoft's own packages: signs in with a client secret, reads one secret, and
becomes its command."""
import os
import sys

from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient

env = os.environ
# As the program does: an authority that it is told of is not asked about, nor is the public one.
credential = ClientSecretCredential(
    env["AZURE_TENANT_ID"], env["AZURE_CLIENT_ID"], env["AZURE_CLIENT_SECRET"], disable_instance_discovery=True
)
client = SecretClient(
    env["MLFLOW_AZURE_KEY_VAULT_URL"], credential, verify_challenge_resource="AZURE_AUTHORITY_HOST" not in env
)
env["MLFLOW_TRACKING_TOKEN"] = client.get_secret(env["MLFLOW_AZURE_SECRET_NAME"]).value
os.execvp(sys.argv[1], sys.argv[1:])
