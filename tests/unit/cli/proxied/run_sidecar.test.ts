import assert from "node:assert/strict";
import { test } from "node:test";
import { writeOrder } from "../../../../src/cli/proxied/order.ts";
import { readReply } from "../../../../src/cli/proxied/reply.ts";
import { runSidecar } from "../../../../src/cli/proxied/run_sidecar.ts";
import type { OwnSidecar } from "../../../../src/core/sidecar.ts";
import { Secret } from "../../../../src/core/secret.ts";
import type { FakeParts } from "../../../support/host.ts";
import { idleSockets, proxiedSession } from "../../../support/proxied.ts";

const order = writeOrder({
  sources: {},
  key: new Secret("k"),
  allowHttp: false,
  first: { credential: { kind: "bearer", token: new Secret("abc") } },
  farewell: {},
});

/** What a sidecar with this message says, and which status it ends with. */
async function run(message: string | undefined, parts: FakeParts = {}) {
  const said: string[] = [];
  const statuses: number[] = [];
  const own: OwnSidecar = {
    cwd: "/home/user/project",
    message: Promise.resolve(message),
    answer: (line) => void said.push(line),
    over: Promise.resolve(),
    exit: (status) => void statuses.push(status),
  };
  const { host } = proxiedSession({ becomeSidecar: () => Promise.resolve(own), ...parts });
  const status = await runSidecar(["7", "1"], host);
  return { status, statuses, said };
}

test("runSidecar() says where it listens, and ends when it is over", async () => {
  const { said, statuses } = await run(order);
  assert.deepEqual([said.map(readReply), statuses], [[{ port: 4040 }], [0]]);
});

test("runSidecar() says why it does not listen", async () => {
  const { said } = await run(order, { env: { MLFLOW_TRACKING_URI: "sqlite:///x" } });
  const reply = readReply(said[0]);
  assert.equal("error" in reply && reply.error.code, "mlflow-uri-unsupported");
  for (
    const [sockets, code] of [
      [() => Promise.resolve({ ...idleSockets, listen: () => Promise.reject(new Error("no")) }), "proxy-failed"],
      [() => Promise.reject(new Error("no")), "internal"],
    ] as const
  ) {
    const failed = readReply((await run(order, { sockets })).said[0]);
    assert.equal("error" in failed && failed.error.code, code);
  }
});

test("runSidecar() says nothing where who started it is gone", async () => {
  const { said, statuses } = await run(undefined);
  assert.deepEqual([said, statuses], [[], [0]]);
});

test("runSidecar() reads relative paths in the folder of who started it", async () => {
  const read: string[] = [];
  await run(order, {
    env: { MLFLOW_TRACKING_CLIENT_CERT_PATH: "client.pem" },
    readText: (path) => {
      read.push(path);
      return Promise.reject(new Error("none"));
    },
  });
  assert.deepEqual(read, ["/home/user/project/client.pem"]);
});

test("runSidecar() is done where it only had to start the sidecar", async () => {
  const { status, said, statuses } = await run(order, { becomeSidecar: () => Promise.resolve(undefined) });
  assert.deepEqual([status, said, statuses], [0, [], []]);
});
