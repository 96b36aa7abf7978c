import assert from "node:assert/strict";
import { test } from "node:test";
import { throughEndpoint, tokenProxyOf } from "../../../../src/azure/sign_in/token_proxy.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";

const PROXY = { AZURE_KUBERNETES_TOKEN_PROXY: "https://10.0.0.1:6443/bindings" };
const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const read = (env: Readonly<Record<string, string>>) => () => tokenProxyOf(readSettings({ env }).settings);

test("tokenProxyOf() is undefined where the webhook set nothing", () => assert.equal(read({})(), undefined));

test("tokenProxyOf() gives the endpoint, with a name and roots in either form", () => {
  for (
    const more of [{}, { AZURE_KUBERNETES_SNI_NAME: "a.aks" }, { AZURE_KUBERNETES_CA_FILE: "/ca" }, {
      AZURE_KUBERNETES_CA_DATA: CA,
    }]
  ) {
    assert.equal(read({ ...PROXY, ...more })()?.href, PROXY.AZURE_KUBERNETES_TOKEN_PROXY);
  }
});

const others = { AZURE_KUBERNETES_SNI_NAME: "a.aks", AZURE_KUBERNETES_CA_FILE: "/ca", AZURE_KUBERNETES_CA_DATA: CA };

for (const [name, value] of Object.entries(others)) {
  test(`tokenProxyOf() names ${name} where it stands without the endpoint`, () => {
    assert.throws(read({ [name]: value }), {
      code: "identity-incomplete",
      message: `Cannot use "workload identity": AZURE_KUBERNETES_TOKEN_PROXY is not set, but ${name} is`,
    });
  });
}

test("tokenProxyOf() refuses roots that are given twice, and an endpoint that is asked in clear or holds more than a place", () => {
  assert.throws(read({ ...PROXY, AZURE_KUBERNETES_CA_FILE: "/ca", AZURE_KUBERNETES_CA_DATA: CA }), {
    code: "setting-conflict",
  });
  for (const url of ["http://10.0.0.1/", "https://me@10.0.0.1/", "https://10.0.0.1/?a=b", "https://10.0.0.1/#a"]) {
    assert.throws(read({ AZURE_KUBERNETES_TOKEN_PROXY: url }), { code: "setting-invalid" });
  }
});

test("throughEndpoint() puts the endpoint's path before the authority's, and keeps the query", () => {
  const url = "https://login.microsoftonline.com/t/oauth2/v2.0/token?a=b";
  assert.deepEqual(
    ["https://p:1", "https://p:1/x", "https://p:1/x/"].map((end) => throughEndpoint(url, new URL(end))),
    [
      "https://p:1/t/oauth2/v2.0/token?a=b",
      "https://p:1/x/t/oauth2/v2.0/token?a=b",
      "https://p:1/x/t/oauth2/v2.0/token?a=b",
    ],
  );
});
