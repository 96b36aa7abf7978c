import assert from "node:assert/strict";
import { test } from "node:test";
import { isExempt, isNeverProxied } from "../../../src/core/no_proxy.ts";

/** Lists, and what they exempt and what not. */
const TABLE: readonly (readonly [list: string, exempt: readonly string[], not: readonly string[]])[] = [
  ["", [], ["https://a.corp"]],
  [" , ,", [], ["https://a.corp"]],
  ["*", ["https://a.corp", "http://[::1]", "http://10.0.0.1"], []],
  ["corp", ["https://corp", "https://a.corp", "https://b.a.CORP:8443"], ["https://acorp", "https://corp.example"]],
  [".corp", ["https://corp", "https://a.corp"], ["https://acorp"]],
  ["*.corp", ["https://a.corp", "https://corp"], ["https://acorp"]],
  ["x,  A.Corp.\tb.corp", ["https://a.corp", "https://b.corp.", "https://x"], ["https://c.corp"]],
  ["a.corp:8443", ["https://a.corp:8443", "https://x.a.corp:8443"], ["https://a.corp", "https://a.corp:443"]],
  ["a.corp:443", ["https://a.corp"], ["http://a.corp"]],
  ["10.0.0.5", ["http://10.0.0.5", "https://10.0.0.5:8443"], ["http://10.0.0.51", "http://110.0.0.5"]],
  ["0.0.5", [], ["http://10.0.0.5"]],
  ["10.0.0.5:80", ["http://10.0.0.5"], ["https://10.0.0.5"]],
  ["10.0.0.0/8", ["http://10.255.0.1"], ["http://11.0.0.1", "https://10.corp"]],
  ["10.1.2.128/25", ["http://10.1.2.200"], ["http://10.1.2.1"]],
  ["0.0.0.0/0", ["http://1.2.3.4"], ["http://[::1]", "https://a.corp"]],
  ["10.0.0.0/33", [], ["http://10.0.0.0"]],
  ["fd00::1", ["http://[fd00::1]", "http://[fd00:0:0::1]:8080"], ["http://[fd00::2]"]],
  ["[fd00::1]:8080", ["http://[fd00::1]:8080"], ["http://[fd00::1]"]],
  ["fd00::/8", ["http://[fd12::9]"], ["http://[fe80::1]", "http://10.0.0.1"]],
  ["2001:db8:1::/48", ["http://[2001:db8:1:ffff::1]"], ["http://[2001:db8:2::1]"]],
];

for (const [list, exempt, not] of TABLE) {
  test(`isExempt() reads ${JSON.stringify(list)}`, () => {
    const exempted = (urls: readonly string[]) => urls.filter((url) => isExempt(new URL(url), list));
    assert.deepEqual(exempted(exempt), exempt);
    assert.deepEqual(exempted(not), []);
  });
}

test("isNeverProxied() is true of this machine and of the endpoints of managed identity", () => {
  const env = {
    IDENTITY_ENDPOINT: "http://10.0.0.5:8081/msi/token",
    MSI_ENDPOINT: "http://msi.local/token",
    IMDS_ENDPOINT: "not a url",
    AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://pod.local:2579",
  };
  const direct = [
    "http://127.0.0.1:9",
    "http://127.9.9.9",
    "https://localhost:1",
    "http://a.localhost",
    "http://[::1]:5",
  ];
  const named = [
    "http://169.254.169.254/metadata",
    "http://10.0.0.5:8081/msi/token",
    "http://msi.local/x",
    "http://pod.local:2579",
  ];
  const others = ["http://128.0.0.1", "https://localhost.corp", "http://127.0.0.1.corp", "http://10.0.0.6"];
  const all = [...direct, ...named, ...others];
  assert.deepEqual(all.filter((url) => isNeverProxied(new URL(url), env)), [...direct, ...named]);
});
