import assert from "node:assert/strict";
import { test } from "node:test";
import { listenAt } from "../../../../src/cli/proxied/listen_at.ts";

const at = (listen: string, allowRemote = false, names: readonly string[] = []) =>
  listenAt({ listen, names, allowRemote });

test("listenAt() reads a host and a port", () => {
  assert.deepEqual(at("localhost:5000"), {
    listen: { hostname: "localhost", port: 5000 },
    hostNames: [],
    remote: false,
  });
});

test("listenAt() refuses what is no host and port", () => {
  for (
    const listen of ["5000", ":5000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "::1:5000", "http://127.0.0.1:1"]
  ) {
    assert.throws(() => at(listen), { code: "usage" }, listen);
  }
});

test("listenAt() lets others in only where that is allowed, under the names that it is given", () => {
  for (const listen of ["0.0.0.0:5000", "[::]:5000", "10.1.2.3:5000", "proxy.corp:5000"]) {
    assert.throws(() => at(listen), { code: "usage", message: /^Cannot listen on "/ }, listen);
  }
  assert.deepEqual(at("0.0.0.0:5000", true, ["Proxy.corp"]), {
    listen: { hostname: "0.0.0.0", port: 5000 },
    hostNames: ["proxy.corp"],
    remote: true,
  });
  assert.deepEqual(at("10.1.2.3:5000", true).hostNames, ["10.1.2.3"]);
});
