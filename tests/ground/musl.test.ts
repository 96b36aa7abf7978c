import "../support/guard.ts";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { ROOT } from "../../scripts/build/build.ts";
import { compile } from "../../scripts/compile.ts";
import { skipUnless } from "../support/skip.ts";

import { muslRoot } from "../real/other_systems/musl.ts";

// The tests of the Bun build, run against the one for musl: its C library lies over the one of this system, where only they see it.

const FILES = [
  "cached_exec",
  "completions",
  "exec",
  "exec_proxy",
  "flight",
  "keyring",
  "patience",
  "proxied",
  "proxies",
  "proxy",
  "requests",
  "roots",
  "settings",
  "spawn",
].map((name) => name === "proxied" ? "tests/real/proxied" : `tests/real/${name}.test.ts`);

const IN_ITS_PLACE = [
  'mount -t overlay overlay -o "lowerdir=$0/lib:/usr/lib" /usr/lib',
  'mount --bind "$1" dist',
  "shift",
  'exec "$@"',
].join(" && ");

const root = process.getuid?.() === 0 ? await muslRoot() : undefined;
const can = root !== undefined &&
  spawnSync("unshare", ["-m", "mount", "-t", "overlay", "overlay", "-o", `lowerdir=${root}/lib:/usr/lib`, "/usr/lib"])
      .status === 0;

test("every test of the Bun build passes with the one for musl", {
  skip: skipUnless(can, "as root on Debian, with a kernel that has overlays, the tests of the build for musl run"),
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "mlflow-auth-musl-"));
  try {
    await compile({ runtime: "bun", target: "bun-linux-x64-musl", out: join(folder, "mlflow-auth-bun") });
    const tests = [process.execPath, "run", "-A", "scripts/test_all.ts", "--real", "--no-build", ...FILES];
    const args = ["-m", "sh", "-c", IN_ITS_PLACE, root ?? "", folder, ...tests];
    const { status, stdout } = spawnSync("unshare", args, { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 28 });
    const [, passed, failed] = /(\d+) passed, (\d+) failed, \d+ skipped\n$/.exec(stdout) ?? [];
    assert.deepEqual([status, failed], [0, "0"], stdout.slice(-20_000));
    assert.ok(Number(passed) > 300, `only ${passed} of them ran`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
