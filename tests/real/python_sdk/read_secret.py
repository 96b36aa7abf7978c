"""Reads secrets with Microsoft's SDKs: a line of JSON in, a line of JSON out, until the input ends.

In: {"env": {...}, "identity": "client-secret", "apiVersion": "7.6", "verifyChallenge": true}.
Out: what was read, or what was reported, in the words of cases.ts. With MLFLOW_AZURE_TOKEN_SCOPE: claims of the token for it.
"""
import base64
import json
import logging
import os
import re
import sys

import requests
from azure.core.exceptions import AzureError, HttpResponseError
from azure.identity import (
    AzurePipelinesCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)
from azure.keyvault.secrets import SecretClient
from azure.keyvault.secrets._shared import http_challenge_cache

KEPT = dict(os.environ)
logging.disable(logging.CRITICAL)


def github_assertion():
    url = os.environ["ACTIONS_ID_TOKEN_REQUEST_URL"] + "&audience=api://AzureADTokenExchange"
    answer = requests.get(url, headers={"Authorization": "Bearer " + os.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]})
    answer.raise_for_status()
    return answer.json()["value"]


def credential(identity):
    env = os.environ
    tenant, client = env.get("AZURE_TENANT_ID"), env.get("AZURE_CLIENT_ID")
    # As the program does: an authority that is not Microsoft's is not asked about.
    more = {"disable_instance_discovery": "localhost" in env.get("AZURE_AUTHORITY_HOST", ""), "retry_total": 0}
    if identity == "client-secret":
        return ClientSecretCredential(tenant, client, env["AZURE_CLIENT_SECRET"], **more)
    if identity == "certificate":
        return CertificateCredential(
            tenant,
            client,
            env["AZURE_CLIENT_CERTIFICATE_PATH"],
            password=env.get("AZURE_CLIENT_CERTIFICATE_PASSWORD"),
            send_certificate_chain=env.get("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN") == "true",
            **more,
        )
    if identity == "workload-identity":
        return WorkloadIdentityCredential(**more)
    if identity == "github":
        return ClientAssertionCredential(tenant, client, github_assertion, **more)
    if identity == "pipelines":
        return AzurePipelinesCredential(
            tenant_id=tenant,
            client_id=client,
            service_connection_id=env["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
            system_access_token=env["SYSTEM_ACCESSTOKEN"],
            **more,
        )
    return ManagedIdentityCredential(client_id=client, retry_total=0)


def inner_code(error):
    inner = getattr(error, "innererror", None) or {}
    return inner.get("code")


def report(error):
    aadsts = re.search(r"AADSTS(\d+)", str(error))
    response = getattr(error, "response", None)
    said = getattr(error, "error", None)
    out = {
        "type": type(error).__name__,
        "status": getattr(error, "status_code", None) or getattr(response, "status_code", None),
        "code": getattr(said, "code", None) if isinstance(error, HttpResponseError) else None,
        "inner": inner_code(said),
        "aadsts": int(aadsts.group(1)) if aadsts else None,
    }
    return {name: value for name, value in out.items() if value is not None}


def claims(token):
    body = token.split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return {name: said[name] for name in ("aud", "oid", "roles", "ver") if name in said}


def read(case):
    # The SDK remembers a vault's tenant for the whole process; each case is a vault of its own.
    http_challenge_cache.clear()
    os.environ.clear()
    os.environ.update(KEPT)
    os.environ.update(case["env"])
    scope = os.environ.get("MLFLOW_AZURE_TOKEN_SCOPE")
    if scope is not None:
        return claims(credential(case["identity"]).get_token(scope).token)
    client = SecretClient(
        os.environ["MLFLOW_AZURE_KEY_VAULT_URL"],
        credential(case["identity"]),
        api_version=case["apiVersion"],
        verify_challenge_resource=case["verifyChallenge"],
        retry_total=0,
    )
    version = os.environ.get("MLFLOW_AZURE_SECRET_VERSION")
    secret = client.get_secret(os.environ["MLFLOW_AZURE_SECRET_NAME"], version)
    return {"value": secret.value, "version": secret.properties.version}


for line in sys.stdin:
    try:
        answer = read(json.loads(line))
    except (AzureError, ValueError, requests.RequestException) as error:
        answer = {**report(error), "message": str(error)[:400]}
    print(json.dumps(answer), flush=True)
