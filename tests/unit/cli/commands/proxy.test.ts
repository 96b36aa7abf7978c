import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../../../src/cli/run.ts";
import { recordingSink } from "../../../support/host.ts";
import { proxiedSession } from "../../../support/proxied.ts";

const refused = async (args: readonly string[], parts: Parameters<typeof proxiedSession>[0] = {}) => {
  const { host, printed } = proxiedSession({ stderr: recordingSink(), ...parts });
  const status = await main(["proxy", ...args], host);
  return { status, printed: printed.text(), says: (host.stderr as ReturnType<typeof recordingSink>).text() };
};

test("proxy prints no key to a terminal without --reveal", async () => {
  const { status, says } = await refused([], { stdout: recordingSink(true) });
  assert.equal(status, 2);
  assert.match(says, /Cannot print the proxy's key to a terminal/);
});

test("proxy refuses an address that others can reach, and one that is none", async () => {
  for (const listen of ["0.0.0.0:5000", "5000"]) {
    const { status, printed } = await refused(["--listen", listen]);
    assert.deepEqual([status, printed], [2, ""]);
  }
});

test("proxy refuses what it cannot forward to, and a key file that is not fit", async () => {
  const plain = await refused([], { env: { MLFLOW_TRACKING_URI: "http://mlflow.example" } });
  assert.equal(plain.status, 1);
  assert.match(plain.says, /begins with http/);
  const keepOwnFile = () => Promise.resolve({ flaw: "it belongs to another user" });
  const file = await refused(["--key-file", "/run/key"], { keepOwnFile });
  assert.deepEqual([file.status, file.printed], [1, ""]);
  assert.match(file.says, /Cannot use the key file "\/run\/key": it belongs to another user/);
});
