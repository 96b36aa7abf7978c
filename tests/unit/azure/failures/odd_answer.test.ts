import assert from "node:assert/strict";
import { test } from "node:test";
import { type AzureService, oddAnswer } from "../../../../src/azure/failures/odd_answer.ts";

const URLS: Readonly<Record<AzureService, string>> = {
  "vault": "https://team.vault.azure.net/secrets/mlflow/?api-version=7.6",
  "entra": "https://login.microsoftonline.com/t/oauth2/v2.0/token",
  "managed-identity": "http://169.254.169.254/metadata/identity/oauth2/token?resource=x",
  "pipelines": "https://dev.azure.com/team/_apis/oidctoken",
};
const look = (service: AzureService, status: number, body: string, headers: Readonly<Record<string, string>> = {}) =>
  oddAnswer(service, { url: URLS[service], status, body, headers: new Headers(headers) });

test("oddAnswer() leaves the services' own answers to the SDK", () => {
  const challenge = { "www-authenticate": 'Bearer authorization="https://x", resource="https://vault.azure.net"' };
  assert.equal(look("vault", 401, "", challenge), undefined);
  assert.equal(look("vault", 403, '{"error":{"code":"Forbidden"}}'), undefined);
  assert.equal(look("vault", 200, '{"value":"","id":"https://team.vault.azure.net/secrets/mlflow/0a"}'), undefined);
  assert.equal(look("entra", 200, '{"access_token":"x","expires_in":3599}'), undefined);
  assert.equal(look("entra", 200, '{"access_token":"x","expires_in":-60}'), undefined);
  assert.equal(look("entra", 400, '{"error":"x","error_description":"AADSTS700016: …"}'), undefined);
  assert.equal(look("managed-identity", 200, '{"access_token":"x","expires_on":"1999999999"}'), undefined);
  assert.equal(look("managed-identity", 401, "", { "www-authenticate": "Basic realm=/var/x.key" }), undefined);
  assert.equal(look("pipelines", 200, '{"oidcToken":"x"}'), undefined);
});

for (
  const [text, identity] of [
    [
      '{"error":"invalid_request","error_description":"Multiple user assigned identities exist, please specify"}',
      "several",
    ],
    ['{"error":"invalid_request","error_description":"Identity not found"}', "unknown"],
    ['{"StatusCode":400,"Message":"No MSI found for specified ClientId/ResourceId."}', "unknown"],
    [
      '{"statusCode":400,"message":"No User Assigned or Delegated Managed Identity found for specified ClientId"}',
      "unknown",
    ],
    ['{"error":{"code":"IdentityNotFound"}}', "unknown"],
    ['{"error":"invalid_request","error_description":"Required metadata header not specified"}', undefined],
    ["", undefined],
  ] as const
) {
  test(`oddAnswer() reads of the identity: ${text.slice(0, 60)}`, () => {
    assert.equal(look("managed-identity", 400, text)?.identity, identity);
  });
}

test("oddAnswer() knows a metadata service that is being updated, and no other 404", () => {
  assert.equal(look("managed-identity", 404, "")?.identity, "updating");
  const url = "http://127.0.0.1:41000/msi/token";
  const other = oddAnswer("managed-identity", { url, status: 404, body: "", headers: new Headers() });
  assert.equal(other?.identity, undefined);
});

test("oddAnswer() tells what the body is", () => {
  const bodies = ["", "<html>", "{", "{}", "hello"].map((body) => look("vault", 200, body)?.body);
  assert.deepEqual(bodies, ["empty", "page", "text", "json", "text"]);
});
