import assert from "node:assert/strict";
import { test } from "node:test";
import { answerDiscovery } from "../../../../src/azure/entra/discovery.ts";

const own = { url: "https://login.corp:8443/base", host: "login.corp:8443", custom: true };
const ask = (url: string, authority = own, method = "GET") => answerDiscovery({ method, url, headers: {} }, authority);

test("answerDiscovery() tells where a custom authority's endpoints are", () => {
  const base = "https://login.corp:8443/base/t-1";
  assert.deepEqual(JSON.parse(ask(`${base}/v2.0/.well-known/openid-configuration`) ?? ""), {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
  });
});

test("answerDiscovery() leaves every other request to the network", () => {
  const path = "/v2.0/.well-known/openid-configuration";
  assert.deepEqual([
    ask(`https://login.corp:8443/base/t-1${path}`, { ...own, custom: false }),
    ask(`https://login.corp:8443/base/t-1${path}`, own, "POST"),
    ask(`https://login.corp:8443/base/adfs${path}`),
    ask(`https://login.corp:8443/base/t-1${path}/more`),
    ask(`https://login.corp:8443.example.org/base/t-1${path}`),
    ask("https://login.corp:8443/base/t-1/oauth2/v2.0/token"),
  ], [undefined, undefined, undefined, undefined, undefined, undefined]);
});
