import assert from "node:assert/strict";
import { test } from "node:test";
import { exportBeside } from "../../../../src/cli/proxied/export_beside.ts";
import { writeReply } from "../../../../src/cli/proxied/reply.ts";
import type { Changes } from "../../../../src/core/host.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { FORMATS } from "../../../../src/shell/formats/formats.ts";
import type { Format } from "../../../../src/shell/formats/format.ts";
import type { FakeParts } from "../../../support/host.ts";
import { proxiedSession, recordingSidecar } from "../../../support/proxied.ts";

const first = { credential: { kind: "bearer", token: new Secret("abc") } } as const;
const bash = { pid: 7, exe: "/bin/bash", argv: ["bash"], comm: "bash", layout: "1" };

async function run(format: Format, parts: FakeParts = {}, fails = false) {
  const recorded = recordingSidecar(writeReply({ port: 4040 }));
  const printed: Changes[] = [];
  const session = proxiedSession({
    ancestors: () => [bash],
    startSidecar: (start = {}) => {
      recorded.started.push(start);
      return Promise.resolve(recorded.sidecar);
    },
    ...parts,
  });
  const print = (changes: Changes): Promise<void> => {
    printed.push(changes);
    return fails ? Promise.reject(new Error("EPIPE")) : Promise.resolve();
  };
  const options = { keyInUrl: false, force: false, allowHttp: false, read: () => Promise.resolve(first) };
  const failure = await exportBeside(session, { ...options, keep: [], format, print }).then(
    () => undefined,
    (error: { readonly code?: string; readonly remedy?: string }) => error,
  );
  return { recorded, printed, failure };
}

test("exportBeside() starts a proxy that ends with the calling shell, in every format that is read at once", async () => {
  for (const format of FORMATS.filter(({ outlives }) => outlives !== true)) {
    const { recorded, printed, failure } = await run(format);
    assert.deepEqual(
      [failure, recorded.started.map(({ owner }) => owner), recorded.told.at(-1), printed.length],
      [undefined, [7], "leave", 1],
      format.name,
    );
  }
});

test("exportBeside() names the proxy alone for every format that is for later", async () => {
  const later = FORMATS.filter(({ outlives }) => outlives === true);
  assert.deepEqual(later.map(({ name }) => name), [
    ...["dotenv", "docker", "systemd", "kubernetes", "github", "azure-pipelines", "gitlab"],
  ]);
  for (const format of later) {
    const { recorded, failure } = await run(format);
    assert.deepEqual([failure?.code, recorded.started], ["usage", []], format.name);
    assert.match(failure?.remedy ?? "", /mlflow-auth proxy --key-file/);
  }
});

test("exportBeside() starts nothing where no calling process is known", async () => {
  const [sh] = FORMATS;
  assert.ok(sh);
  for (const parts of [{ ancestors: () => [] }, { platform: "windows" as const }]) {
    const { recorded, failure } = await run(sh, parts);
    assert.deepEqual([failure?.code, recorded.started], ["usage", []]);
  }
});

test("exportBeside() ends the proxy where nobody gets its address", async () => {
  const [sh] = FORMATS;
  assert.ok(sh);
  const { recorded, failure } = await run(sh, {}, true);
  assert.deepEqual([failure !== undefined, recorded.told.at(-1)], [true, "end"]);
});
