import assert from "node:assert/strict";
import { test } from "node:test";
import { execBeside } from "../../../../src/cli/proxied/exec_beside.ts";
import { writeReply } from "../../../../src/cli/proxied/reply.ts";
import type { Changes } from "../../../../src/core/host.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { proxiedSession, recordingSidecar } from "../../../support/proxied.ts";

const first = { credential: { kind: "bearer", token: new Secret("abc") } } as const;
const command = {
  argv: ["python", "train.py"],
  keep: [],
  keyInUrl: false,
  force: false,
  allowHttp: false,
  read: () => Promise.resolve(first),
};

test("execBeside() becomes the command with the proxy's address and key, and without the credential", async () => {
  const recorded = recordingSidecar(writeReply({ port: 4040 }));
  const ran: { argv?: readonly string[]; changes?: Changes; told?: number } = {};
  const session = proxiedSession({
    startSidecar: () => Promise.resolve(recorded.sidecar),
    exec: (argv, changes) => {
      Object.assign(ran, { argv, changes, told: recorded.told.length });
      return Promise.resolve({ kind: "not-found", reason: "not found in PATH" });
    },
  });
  const end = await execBeside(session, command);
  assert.deepEqual([end, ran.argv], [{ kind: "not-found", reason: "not found in PATH" }, ["python", "train.py"]]);
  const set = new Map(ran.changes?.set.map(([name, value]) => [name, value.reveal()]));
  assert.equal(set.get("MLFLOW_TRACKING_URI"), "http://127.0.0.1:4040");
  assert.match(set.get("MLFLOW_TRACKING_TOKEN") ?? "", /^mlflow-auth-/);
  assert.ok(![...set.values()].includes("abc"));
  // It was left alone before the command was tried, and ended since that failed.
  assert.deepEqual([ran.told, recorded.told.slice(1)], [2, ["leave", "end"]]);
});

test("execBeside() ends the proxy where a variable is to be kept that leads there", async () => {
  const recorded = recordingSidecar(writeReply({ port: 4040 }));
  const session = proxiedSession({ startSidecar: () => Promise.resolve(recorded.sidecar) });
  await assert.rejects(execBeside(session, { ...command, keep: ["MLFLOW_TRACKING_URI"] }), { code: "usage" });
  assert.equal(recorded.told.at(-1), "end");
});
