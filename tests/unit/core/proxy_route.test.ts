import assert from "node:assert/strict";
import { test } from "node:test";
import { routeFor } from "../../../src/core/proxy_route.ts";
import { readSettings } from "../../../src/core/settings/read_settings.ts";

const way = (env: Readonly<Record<string, string>>, url: string) => {
  const proxy = routeFor(readSettings({ env }), env)(new URL(url));
  return proxy === undefined ? "direct" : `${proxy.url} ${proxy.variable}`;
};
const VAULT = "https://team.vault.azure.net";

test("routeFor() takes the proxy of the request's scheme, and ALL_PROXY for both", () => {
  assert.deepEqual([
    way({ HTTPS_PROXY: "a:1", HTTP_PROXY: "b:2" }, VAULT),
    way({ HTTPS_PROXY: "a:1", HTTP_PROXY: "b:2" }, "http://mlflow.corp"),
    way({ HTTP_PROXY: "b:2" }, VAULT),
    way({ all_proxy: "c:3" }, VAULT),
    way({ ALL_PROXY: "c:3", https_proxy: "a:1" }, VAULT),
    way({ ALL_PROXY: "c:3" }, "http://mlflow.corp"),
  ], [
    "http://a:1 HTTPS_PROXY",
    "http://b:2 HTTP_PROXY",
    "direct",
    "http://c:3 all_proxy",
    "http://a:1 https_proxy",
    "http://c:3 ALL_PROXY",
  ]);
});

test("routeFor() lets what is exempt and what no proxy may see go directly, also past a proxy that cannot be used", () => {
  for (const HTTPS_PROXY of ["a:1", "ftp://a"]) {
    const env = { HTTPS_PROXY, HTTP_PROXY: HTTPS_PROXY, NO_PROXY: "vault.azure.net" };
    assert.deepEqual(
      [VAULT, "http://169.254.169.254/x", "https://127.0.0.1:1"].map((url) => way(env, url)),
      Array(3).fill("direct"),
    );
  }
  assert.throws(() => way({ HTTPS_PROXY: "ftp://a" }, VAULT), { code: "setting-invalid" });
});

test("routeFor() gives user name and password as they are meant", () => {
  const env = { HTTPS_PROXY: "http://CORP\\joe:p%40ss@proxy:3128" };
  const proxy = routeFor(readSettings({ env }), env)(new URL(VAULT));
  assert.deepEqual([proxy?.url, proxy?.host, proxy?.user?.name, proxy?.user?.password.reveal()], [
    "http://proxy:3128",
    "proxy:3128",
    "CORP\\joe",
    "p@ss",
  ]);
});
