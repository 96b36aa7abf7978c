import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { proxyFor, reachNote } from "../../../../src/doctor/checks/network.ts";

const host = "team.vault.azure.net";
const reach = (...addresses: readonly string[]) => ({ addresses, tenant: "contoso.com", skewMs: 0 });

test("reachNote() names address and tenant", () => {
  assert.deepEqual(reachNote(reach("20.0.0.1", "20.0.0.2"), { host, proxy: undefined }), {
    status: "ok",
    message: '"team.vault.azure.net" answers, at 20.0.0.1, vault of tenant contoso.com',
  });
});

test("reachNote() tells a private endpoint by its address", () => {
  for (const address of ["10.1.2.3", "172.16.0.1", "172.31.0.1", "192.168.0.1", "fd00::1"]) {
    assert.match(reachNote(reach(address), { host, proxy: undefined }).message, /private address/);
  }
  for (const address of ["20.0.0.1", "172.32.0.1", "2603:1030::1"]) {
    assert.doesNotMatch(reachNote(reach(address), { host, proxy: undefined }).message, /private address/);
  }
});

test("reachNote() names the proxy in between", () => {
  assert.equal(
    reachNote({ addresses: [], tenant: undefined, skewMs: undefined }, { host, proxy: "proxy.example:3128" }).message,
    '"team.vault.azure.net" answers, through the proxy "proxy.example:3128"',
  );
});

test("proxyFor() shows no password of the proxy, and knows exempted hosts", () => {
  const proxy = (env: Readonly<Record<string, string>>) => proxyFor(`${host}:443`, readSettings({ env }).settings);
  const HTTPS_PROXY = "http://ada:pw@proxy.example:3128";
  assert.equal(proxy({}), undefined);
  assert.equal(proxy({ HTTPS_PROXY }), "proxy.example:3128");
  assert.equal(proxy({ HTTPS_PROXY, NO_PROXY: "*" }), undefined);
  assert.equal(proxy({ HTTPS_PROXY, NO_PROXY: "localhost, .vault.azure.net" }), undefined);
  assert.equal(proxy({ HTTPS_PROXY, NO_PROXY: "azure.com" }), "proxy.example:3128");
});

test("reachNote() names no tenant that is neither a GUID nor a domain", () => {
  const note = reachNote({ addresses: [], tenant: "said-canary", skewMs: 0 }, { host, proxy: undefined });
  assert.equal(note.message, '"team.vault.azure.net" answers');
});
