import assert from "node:assert/strict";
import { test } from "node:test";
import { explainNetwork } from "../../../../src/azure/failures/network_errors.ts";
import { explainProxy } from "../../../../src/azure/failures/proxy_errors.ts";
import { classifyNetworkFailure } from "../../../../src/azure/http/network_failure.ts";

const host = "team.vault.azure.net";
const proxy = { host: "proxy.corp:3128", variable: "HTTPS_PROXY" };

/** What the runtimes say of a proxy, and what people are told. */
const TABLE = [
  [
    "client error (Connect): tcp connect error: Connection refused (os error 111)",
    "network-refused",
    "it refuses the connection",
  ],
  [
    "ECONNREFUSED: Unable to connect. Is the computer able to access the url?",
    "network-refused",
    "it refuses the connection",
  ],
  [
    "client error (Connect): dns error: failed to lookup address information",
    "network-dns",
    "the name proxy.corp does not resolve",
  ],
  ["getaddrinfo ENOTFOUND proxy.corp", "network-dns", "the name proxy.corp does not resolve"],
  [
    "client error (Connect): proxy authentication required",
    "network-proxy",
    "it asks for a user name and password, or does not take those in its URL (407)",
  ],
  [
    "Proxy refused to open a tunnel: 407 Proxy Authentication Required",
    "network-proxy",
    "it asks for a user name and password, or does not take those in its URL (407)",
  ],
  [
    "client error (Connect): unsuccessful tunnel",
    "network-proxy",
    `it opens no way to ${host}, which it may not reach or which does not exist`,
  ],
  [
    "Proxy refused to open a tunnel: 403 Forbidden",
    "network-proxy",
    `it opens no way to ${host}, which it may not reach or which does not exist`,
  ],
] as const;

for (const [message, code, is] of TABLE) {
  test(`a request that fails with "${message.slice(0, 60)}" on the way to a proxy names the proxy and its variable`, () => {
    const failure = classifyNetworkFailure(Object.assign(new TypeError(message), { proxy }), host);
    const error = explainNetwork(failure, { doing: `Cannot read secret "mlflow" from "${host}"` });
    assert.deepEqual([error.code, error.message], [
      code,
      `Cannot go through proxy "proxy.corp:3128" of HTTPS_PROXY: ${is}`,
    ]);
    assert.ok(!error.remedy.includes("privatelink"));
  });
}

test("explainProxy() leaves a certificate to the service behind the tunnel, and a direct request alone", () => {
  const failure = classifyNetworkFailure(
    Object.assign(new TypeError("invalid peer certificate: UnknownIssuer"), { proxy }),
    host,
  );
  assert.equal(explainProxy(failure), undefined);
  assert.equal(explainProxy({ kind: "refused", host }), undefined);
});

test("explainNetwork() names the proxy and the host where there was no answer in time: who is silent cannot be told", () => {
  const through = { host: "proxy.corp:3128", variable: "HTTPS_PROXY", asks: false };
  const { message, remedy } = explainNetwork({ kind: "timeout", host, proxy: through }, { doing: "Cannot read" });
  assert.deepEqual([message, remedy], [
    `Cannot go through proxy "proxy.corp:3128" of HTTPS_PROXY: no answer of ${host} came in time`,
    `see who is silent: curl -v --max-time 5 -x http://proxy.corp:3128 https://${host}/; if it is the proxy, correct or unset HTTPS_PROXY`,
  ]);
});
