import "../support/guard.ts";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { makeAuthority } from "../support/tls.ts";
import { CONNECTION_CASES } from "./proxy/connection_cases.ts";
import { FIELD_CASES } from "./proxy/field_cases.ts";
import { FRAMING_CASES } from "./proxy/framing_cases.ts";
import { GATE_CASES } from "./proxy/gate_cases.ts";
import { REFRESH_CASES } from "./proxy/refresh_cases.ts";
import { STREAM_CASES } from "./proxy/stream_cases.ts";
import { type Case, startSubject } from "./proxy/subject.ts";

/** Cases that share one proxy; those of the others each have their own, as what they do to it stays. */
const SHARED: readonly (readonly [name: string, cases: readonly Case[]])[] = [
  ["who is let in", GATE_CASES],
  ["where messages end", FRAMING_CASES],
  ["what is passed on", FIELD_CASES],
  ["bodies while they come", STREAM_CASES],
  ["how connections are used", CONNECTION_CASES],
];

const azure = await startAzure();
after(() => azure.close());
const authority = await makeAuthority("test root");
const tls = { tls: await authority.server(["localhost"]), root: authority.certificate };

/** A proxy that hangs fails its case, and not the whole run. */
const LIMIT_MS = 60_000;

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  for (const [name, cases] of SHARED) {
    test(`proxy: ${name} (${build.name})`, { skip: build.skip }, async (t) => {
      await using subject = await startSubject(build, { azure });
      for (const { name, run } of cases) await t.test(name, { timeout: LIMIT_MS }, () => run(subject));
      assert.equal(subject.child.exitCode, null, "the proxy has ended");
    });
  }
  test(`proxy: bodies over TLS while they come (${build.name})`, { skip: build.skip }, async (t) => {
    await using subject = await startSubject(build, { azure, ...tls });
    for (const { name, run } of STREAM_CASES) await t.test(name, { timeout: LIMIT_MS }, () => run(subject));
  });
  for (const { name, options, run } of REFRESH_CASES) {
    test(`proxy: ${name} (${build.name})`, { skip: build.skip, timeout: LIMIT_MS }, async () => {
      await using subject = await startSubject(build, { azure, ...options?.(tls) });
      azure.world.faults.length = 0;
      await run(subject, azure);
    });
  }
}
