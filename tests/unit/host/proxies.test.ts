import assert from "node:assert/strict";
import { test } from "node:test";
import { bypassList, proxyVariables } from "../../../src/host/proxies.ts";

const NEVER = "169.254.169.254,127.0.0.1,localhost";

test("bypassList() adds the managed identity endpoints to what is there", () => {
  const env = {
    NO_PROXY: "corp, .vault.azure.net",
    IDENTITY_ENDPOINT: "http://10.0.0.5:8081/msi/token",
    MSI_ENDPOINT: "http://127.0.0.1:41001/msi/token",
    IMDS_ENDPOINT: "not a url",
  };
  assert.equal(bypassList(env), `corp,.vault.azure.net,${NEVER},10.0.0.5`);
});

test("bypassList() takes the name in small letters where the other one is empty", () => {
  assert.deepEqual(
    [bypassList({ NO_PROXY: "", no_proxy: "a" }), bypassList({ NO_PROXY: "A", no_proxy: "a" }), bypassList({})],
    [`a,${NEVER}`, `A,${NEVER}`, NEVER],
  );
});

test("bypassList() writes a pattern as both runtimes read it, and leaves * alone", () => {
  assert.equal(bypassList({ NO_PROXY: "*.vault.azure.net,*" }), `.vault.azure.net,*,${NEVER}`);
});

test("proxyVariables() makes a proxy without scheme a URL, and adds none that is not set", () => {
  assert.deepEqual(proxyVariables({ https_proxy: "proxy:3128", HTTP_PROXY: "http://p", ALL_PROXY: "" }), {
    https_proxy: "http://proxy:3128",
    HTTP_PROXY: "http://p",
    NO_PROXY: NEVER,
    no_proxy: NEVER,
  });
});

test("proxyVariables() sets nothing where there is no proxy", () => {
  assert.deepEqual(proxyVariables({ NO_PROXY: "corp", HTTPS_PROXY: "" }), {});
});
