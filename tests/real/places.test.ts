import "../support/guard.ts";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { findSecret } from "../support/canary.ts";
import { skipUnless } from "../support/skip.ts";
import { has } from "./exec/tools.ts";
import { type End, type Place, PLACES } from "./places/places.ts";
import { hasRoot, makeRoot } from "./places/roots.ts";

const ROOT = join(import.meta.dirname ?? ".", "..", "..");
const isLinux = process.platform === "linux";

/** Shell code before that of every place: puts this shell into a control group of so much memory, by either version's files. */
const PRELUDE = `
enter_memory() {
  sync
  dd if="$program" iflag=nocache count=0 2>/dev/null
  for root in /sys/fs/cgroup/memory /sys/fs/cgroup; do
    group=$root/mlflow-auth-test-$$
    mkdir "$group" 2>/dev/null || continue
    for limit in memory.limit_in_bytes memory.max; do
      if [ -e "$group/$limit" ] && echo "$1" > "$group/$limit" && echo $$ > "$group/cgroup.procs"; then return; fi
    done
    rmdir "$group"
  done
}
`;

/** Folders of control groups that have a limit of memory, in either version. */
const memoryRoots = (): readonly string[] =>
  ["/sys/fs/cgroup/memory", "/sys/fs/cgroup"].filter((path) => existsSync(path));

/** Whether a control group with a limit of memory can be made. */
function hasMemoryGroups(): boolean {
  return memoryRoots().some((root) => {
    const group = join(root, "mlflow-auth-test-probe");
    try {
      mkdirSync(group);
      return ["memory.limit_in_bytes", "memory.max"].some((name) => existsSync(join(group, name)));
    } catch {
      // Not root's, or not to be written: a container's.
      return false;
    } finally {
      leaveMemory();
    }
  });
}

/** Removes the control groups that the places made. */
function leaveMemory(): void {
  for (const root of memoryRoots()) {
    const groups = readdirSync(root).filter((name) => name.startsWith("mlflow-auth-test-"));
    for (const name of groups) rmdirSync(join(root, name));
  }
}

/** The reason why a place cannot be made here. */
function skipOf({ needs, root }: Place): string | false {
  if (root !== undefined && !hasRoot(root)) {
    return skipUnless(false, `the files of ${root} are not there: let this Debian reach its archive`);
  }
  const isRoot = process.getuid?.() === 0;
  if (needs === undefined || (needs === "root" && isRoot)) return false;
  if (!isRoot) return skipUnless(false, "places that only root can make are left out: run the tests as root");
  return skipUnless(
    hasMemoryGroups(),
    "no control group with a limit of memory can be made: run the tests as root of a machine",
  );
}

/** How a caller's shell sees an end: 128 and the number of a signal. */
const endOf = (status: number, wanted: End): End => status === 0 ? "works" : wanted === "fails" ? "fails" : status;

const cell = (end: End): string => typeof end === "string" ? end : `ends with ${end}`;

test("docs/exec.md has a row for each place, with the ends that are tested", () => {
  const page = readFileSync(join(ROOT, "docs", "exec.md"), "utf8");
  const section = page.split("## Where the program starts")[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| ")).slice(2)
    .map((line) => line.split(/(?<!\\)\|/).slice(1, 4).map((text) => text.trim()));
  assert.deepEqual(rows, PLACES.map(({ name, deno, bun }) => [name, cell(deno), cell(bun)]));
});

for (const { name: runtime, command: [program], skip } of programBuilds()) {
  if (runtime === "source") continue;
  test(`the ${runtime} build starts where the table of docs/exec.md says so`, {
    skip: skip || skipUnless(isLinux && has("cc"), "no C compiler on Linux is there: apt-get install gcc libc6-dev"),
  }, async (t) => {
    await using azure = await startAzure();
    const own = mkdtempSync(join(tmpdir(), "mlflow-auth-places-"));
    const confine = join(own, "confine");
    const caPath = join(own, "ca.pem");
    const env = {
      PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
      ...azure.env,
      ...azure.vault(),
      ...await azure.identity("client-secret"),
      MLFLOW_AUTH_CA_BUNDLE: caPath,
    };
    const run = ({ enter, root }: Place, words: readonly string[]) => {
      const copy = join(own, "mlflow-auth");
      copyFileSync(program, copy);
      chmodSync(copy, 0o755);
      if (root !== undefined) makeRoot(root, { own, program: copy, files: [caPath] });
      const script = `own=$1 confine=$2 program=$3; shift 2; ${PRELUDE}${enter}`;
      return new Deno.Command("sh", {
        args: ["-c", script, "sh", own, confine, copy, ...words],
        env: { ...env, HOME: own },
        clearEnv: true,
        stdin: "null",
      }).output();
    };
    try {
      chmodSync(own, 0o755);
      copyFileSync(azure.caPath, caPath);
      chmodSync(caPath, 0o644);
      execFileSync("cc", ["-O1", "-o", confine, join(import.meta.dirname ?? ".", "places", "confine.c")]);
      for (const place of PLACES) {
        await t.test(place.name, { skip: skipOf(place) }, async () => {
          const { code, stdout, stderr } = await run(place, ["exec", "--", "printenv", "MLFLOW_TRACKING_TOKEN"]);
          const [out, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
          const wanted = runtime === "deno" ? place.deno : place.bun;
          assert.equal(endOf(code, wanted), wanted, said);
          assert.equal(out, code === 0 ? "mlflow-token-canary\n" : "");
          if (code === 125 && place.says !== undefined) assert.ok(said?.includes(place.says), said);
          assert.equal(findSecret(said ?? ""), undefined);
        });
      }
    } finally {
      rmSync(own, { recursive: true, force: true });
      leaveMemory();
    }
  });
}
