import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../../src/core/secret.ts";
import { upstreamError, wayTo } from "../../../../src/proxy/upstream/upstream.ts";

test("wayTo() goes straight where there is no proxy, with what the network needs", () => {
  assert.deepEqual(wayTo(new URL("http://mlflow.example/x"), { network: { extraRoots: "PEM" }, proxy: undefined }), {
    to: { hostname: "mlflow.example", port: 80 },
    way: { tls: false, timeoutMs: 30_000, extraRoots: "PEM" },
  });
});

test("wayTo() goes through the proxy, with its user and password", () => {
  const user = { name: "ada", password: new Secret("p@ss:\u00e9") };
  const proxy = { url: "https://proxy.example:3128", host: "proxy.example:3128", variable: "HTTPS_PROXY", user };
  assert.deepEqual(wayTo(new URL("https://mlflow.example:8443/"), { network: {}, proxy }), {
    to: { hostname: "mlflow.example", port: 8443 },
    way: {
      tls: true,
      timeoutMs: 30_000,
      proxy: { hostname: "proxy.example", port: 3128, tls: true, authorization: "Basic YWRhOnBAc3M6w6k=" },
    },
  });
});

test("upstreamError() says why a server cannot be reached, and of a certificate of an authority in its own words", () => {
  assert.equal(
    upstreamError(new Error("Connection refused (os error 111)"), { host: "mlflow.example" }).message,
    'Cannot reach tracking server "mlflow.example": mlflow.example refuses the connection',
  );
  assert.equal(
    upstreamError(new Error("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))"), {
      host: "mlflow.example",
    })
      .message,
    'Cannot reach tracking server "mlflow.example": its certificate is one of an authority (CA:TRUE), which this build takes from no server',
  );
});

test("upstreamError() names the HTTP proxy on the way where that is what failed, and the server where it is not", () => {
  const proxy = { host: "proxy.example:3128", variable: "HTTPS_PROXY" };
  const of = (text: string) => upstreamError(new Error(text), { host: "mlflow.example", proxy }).message;
  assert.deepEqual([of("the proxy answered 407 to CONNECT"), of("the proxy answered 403 to CONNECT")], [
    'Cannot go through proxy "proxy.example:3128" of HTTPS_PROXY: it asks for a user name and password, or does not take those in its URL (407)',
    'Cannot go through proxy "proxy.example:3128" of HTTPS_PROXY: it opens no way to mlflow.example, which it may not reach or which does not exist',
  ]);
  assert.match(of("invalid peer certificate: UnknownIssuer"), /^Cannot reach tracking server "mlflow.example": /);
});
