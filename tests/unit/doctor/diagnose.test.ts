import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../src/core/errors.ts";
import type { Check } from "../../../src/doctor/checks/check.ts";
import type { Setting } from "../../../src/core/settings/settings.ts";
import { diagnose } from "../../../src/doctor/diagnose.ts";
import { ok, warn } from "../../../src/doctor/finding.ts";
import { once } from "../../../src/doctor/once.ts";
import type { Subject } from "../../../src/doctor/subject.ts";

const subject = {} as Subject;
const never = () => new Promise<never>(() => {});
const still = { now: () => 0, sleep: never };
const broken = new AuthError("network-dns", { message: "Cannot find it: no such name", remedy: "correct it" });
const check = (name: string, run: Check["run"]): Check => ({ name, doc: name, run });

test("diagnose() turns a thrown error into a finding, and skips what needs the same step", async () => {
  const step = once(() => Promise.reject(broken));
  const checks = [
    check("network", async () => [ok(await step())]),
    check("secret", async () => [ok(await step())]),
    check("names", () => Promise.resolve([ok("fine")])),
  ];
  assert.deepEqual(await diagnose(subject, { checks, host: still, deadlineMs: 1000 }), [
    {
      check: "network",
      status: "fail",
      code: "network-dns",
      message: "Cannot find it: no such name",
      remedy: "correct it",
      durationMs: 0,
    },
    { check: "secret", status: "skip", message: "not checked", reason: '"network" failed', durationMs: 0 },
    { check: "names", status: "ok", message: "fine", durationMs: 0 },
  ]);
});

test("diagnose() tells a failure once even where two requests met it", async () => {
  const again = new AuthError("network-dns", { message: "Cannot find it: no such name", remedy: "correct it" });
  const checks = [check("network", () => Promise.reject(broken)), check("token", () => Promise.reject(again))];
  const findings = await diagnose(subject, { checks, host: still, deadlineMs: 1000 });
  assert.deepEqual(findings.map((finding) => finding.status), ["fail", "skip"]);
});

test("diagnose() starts every check before it waits for one", async () => {
  const started: string[] = [];
  const gate = Promise.withResolvers<void>();
  const checks = [
    check("slow", async () => {
      started.push("slow");
      await gate.promise;
      return [ok("slow")];
    }),
    check("quick", () => {
      started.push("quick");
      gate.resolve();
      return Promise.resolve([ok("quick")]);
    }),
  ];
  const findings = await diagnose(subject, { checks, host: still, deadlineMs: 1000 });
  assert.deepEqual(started, ["slow", "quick"]);
  assert.deepEqual(findings.map((finding) => finding.check), ["slow", "quick"]);
});

test("diagnose() ends at the deadline: what waits fails once, what is done stays", async () => {
  const checks = [
    check("done", () => Promise.resolve([ok("fine")])),
    check("waits", never),
    check("waits too", never),
  ];
  const host = {
    now: () => 0,
    sleep: () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve))),
  };
  const findings = await diagnose(subject, { checks, host, deadlineMs: 30_000 });
  assert.deepEqual(findings.map(({ status, code }) => [status, code]), [
    ["ok", undefined],
    ["fail", "deadline"],
    ["skip", undefined],
  ]);
});

test("diagnose() calls anything else that is thrown a defect, and shows nothing of its message", async () => {
  const checks = [check("broken", () => Promise.reject(new TypeError("hunter2")))];
  const findings = await diagnose(subject, { checks, host: still, deadlineMs: 1000 });
  assert.deepEqual(findings, [{
    check: "broken",
    status: "fail",
    code: "internal",
    message: 'Cannot run check "broken": TypeError',
    remedy: "report it with the output of mlflow-auth info",
    durationMs: 0,
  }]);
});

test("diagnose() stops its clock where nobody hears of findings any more", async () => {
  let stopped = false;
  const host = {
    now: () => 0,
    sleep: (_ms: number, signal?: AbortSignal) => {
      signal?.addEventListener("abort", () => stopped = true);
      return new Promise<void>(() => {});
    },
  };
  const checks = [{ name: "one", doc: "", run: () => Promise.resolve([ok("fine")]) }];
  const gone = new Error("EPIPE");
  await assert.rejects(
    diagnose({} as Subject, { checks, host, deadlineMs: 1000, known: () => Promise.reject(gone) }),
    (error) => error === gone,
  );
  assert.equal(stopped, true);
});

test("diagnose() names a server again where it was named: by --dry-run", async () => {
  const remedies = async (source: Setting<string>["source"]) => {
    const remedy = "name a server: export MLFLOW_TRACKING_URI=https://HOST";
    const checks = [check("tracking", () => Promise.resolve([warn("environment-shadows", { message: "x", remedy })]))];
    const settings = { trackingUri: { value: "https://a:b@h", source } };
    const findings = await diagnose({ settings } as Subject, { checks, host: still, deadlineMs: 1000 });
    return findings.map((finding) => finding.remedy);
  };
  assert.deepEqual(await remedies({ from: "flag", name: "--dry-run" }), [
    "name a server: mlflow-auth doctor --dry-run https://HOST",
  ]);
  assert.deepEqual(await remedies({ from: "environment", name: "MLFLOW_TRACKING_URI" }), [
    "name a server: export MLFLOW_TRACKING_URI=https://HOST",
  ]);
});
