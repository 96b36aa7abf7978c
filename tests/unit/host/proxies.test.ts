import assert from "node:assert/strict";
import { test } from "node:test";
import { namesProxy, withoutProxies } from "../../../src/host/proxies.ts";

test("withoutProxies() hides the variables for a moment alone, also where the work fails", () => {
  const env: Record<string, string | undefined> = { HTTPS_PROXY: "a", all_proxy: "b", NO_PROXY: "c", PATH: "/bin" };
  assert.deepEqual(withoutProxies(() => ({ ...env }), env), { NO_PROXY: "c", PATH: "/bin" });
  assert.throws(() =>
    withoutProxies(() => {
      throw new RangeError("x");
    }, env), RangeError);
  assert.deepEqual(env, { HTTPS_PROXY: "a", all_proxy: "b", NO_PROXY: "c", PATH: "/bin" });
});

test("namesProxy() looks for a proxy in either case", () => {
  assert.deepEqual([{}, { NO_PROXY: "a" }, { HTTP_PROXY: "" }, { http_proxy: "a" }].map(namesProxy), [
    false,
    false,
    false,
    true,
  ]);
});
