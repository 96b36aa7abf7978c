import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../src/core/settings/read_settings.ts";
import { checkProxiedWay } from "../../../src/credential/proxied_way.ts";

const { settings } = readSettings({ env: {} });
const own = readSettings({ env: { MLFLOW_TRACKING_CLIENT_CERT_PATH: "/own.pem" } }).settings;
const through = (url: string) => ({ url, host: "proxy.example", variable: "HTTPS_PROXY", user: undefined });

test("checkProxiedWay() takes a direct way, and a plain proxy", () => {
  checkProxiedWay(own, { proxy: undefined, runtime: "deno" });
  checkProxiedWay(settings, { proxy: through("http://proxy.example"), runtime: "deno" });
});

test("checkProxiedWay() refuses under Deno what its connections would leave out or send in clear", () => {
  assert.throws(() => checkProxiedWay(own, { proxy: through("http://proxy.example"), runtime: "deno" }), {
    code: "setting-conflict",
    message: /^Cannot use "MLFLOW_TRACKING_CLIENT_CERT_PATH" together with "HTTPS_PROXY": /,
  });
  assert.throws(() => checkProxiedWay(settings, { proxy: through("https://proxy.example"), runtime: "deno" }), {
    code: "setting-invalid",
    message: /^Cannot use "HTTPS_PROXY" for the proxy's own connections: /,
  });
});

test("checkProxiedWay() lets Bun do both", () => {
  checkProxiedWay(own, { proxy: through("https://proxy.example"), runtime: "bun" });
});
