import assert from "node:assert/strict";
import { test } from "node:test";
import { proxiedSession } from "../../../support/proxied.ts";
import { besideOptions, checkProxyFlags, type ProxyFlags } from "../../../../src/cli/proxied/proxy_options.ts";

test("checkProxyFlags() refuses what says how a proxy is used where there is none", () => {
  checkProxyFlags({});
  checkProxyFlags({ proxy: true, keyInUrl: true, allowHttp: true });
  assert.throws(() => checkProxyFlags({ keyInUrl: true }), {
    code: "usage",
    remedy: "add --proxy, or leave out --key-in-url",
  });
  assert.throws(() => checkProxyFlags({ allowHttp: true }), {
    code: "usage",
    remedy: "add --proxy, or leave out --allow-http",
  });
});

test("besideOptions() takes what is not given for no", () => {
  const read = (flags: ProxyFlags) => {
    const { keyInUrl, allowHttp } = besideOptions(flags, proxiedSession());
    return { keyInUrl, allowHttp };
  };
  assert.deepEqual(read({ proxy: true }), { keyInUrl: false, allowHttp: false });
  assert.deepEqual(read({ keyInUrl: true, allowHttp: true }), { keyInUrl: true, allowHttp: true });
});
