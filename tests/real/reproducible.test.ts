import "../support/guard.ts";
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { makeCode } from "../../scripts/build/compile_program.ts";
import { sha256 } from "../../scripts/release/packed_file.ts";
import { programBuilds } from "../support/builds.ts";
import { copyClone } from "../support/clone.ts";
import { skipUnless } from "../support/skip.ts";
import { which } from "./shells/run.ts";

const posix = process.platform !== "win32";
const noGit = skipUnless(posix && which("git") !== undefined, "git is not there: apt-get install git");

/** Where a build is made, and by whom. */
interface Place {
  /** Path of the clone. */
  readonly clone: string;
  /** Variables beyond those that say where tools are. */
  readonly env: Readonly<Record<string, string>>;
  readonly umask: string;
}

/** Compiles a clone, and gives the SHA-256 of what was made. */
async function compiled({ clone, env, umask }: Place, bun: boolean): Promise<string> {
  const to = join(clone, "..", bun ? "bun" : "deno");
  const flags = ["run", "--quiet", "--no-check", "-A", "scripts/compile.ts", "--out", to, ...(bun ? ["--bun"] : [])];
  const script = 'umask "$1"; shift; exec "$@"';
  const command = new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", umask, process.execPath, ...flags],
    cwd: clone,
    env: { ...env },
    stdin: "null",
  });
  const { code, stderr } = await command.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return sha256(readFileSync(to));
}

/** Two clones of the same commit; the second lies deeper, and belongs to somebody with another home, clock, language and habits. */
async function places(folder: string): Promise<readonly [Place, Place]> {
  const [near, far] = [join(folder, "a", "src"), join(folder, "some", "where", "a lot", "deeper", "src")];
  for (const clone of [near, far]) {
    mkdirSync(clone, { recursive: true });
    const git = copyClone(clone);
    git("add", "--all");
    git("commit", "--quiet", "--message", "x");
  }
  const { stdout } = await new Deno.Command(process.execPath, { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout)) as { readonly denoDir: string };
  const home = join(folder, "other home");
  mkdirSync(join(home, ".cache", "deno"), { recursive: true });
  // The bundler names files by this path, not by where it leads; a copy of all of them takes a minute. It lies there itself, too.
  for (const name of ["npm", "dl"]) await Deno.symlink(join(denoDir, name), join(home, ".cache", "deno", name));
  // The compiler of the second build is a hundred megabytes; it is the same wherever it lies.
  await Deno.symlink(join(homedir(), ".cache", "mlflow-auth-tests"), join(home, ".cache", "mlflow-auth-tests"));
  const temporary = join(folder, "other home", "tmp");
  mkdirSync(temporary);
  const unlike = { TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8", TMPDIR: temporary, OTEL_DENO: "true", DEBUG: "*" };
  return [
    { clone: near, env: { TZ: "UTC" }, umask: "022" },
    { clone: far, env: { ...unlike, HOME: home, DENO_DIR: join(home, ".cache", "deno") }, umask: "077" },
  ];
}

test("a build has the same bytes from another home, folder, time zone, language and umask", {
  skip: noGit,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-twice-"));
  try {
    const [near, far] = await places(folder);
    for (const { name, skip } of programBuilds()) {
      if (name === "source") continue;
      await t.test(name, { skip }, async () => {
        const one = await compiled(near, name === "bun");
        assert.equal(await compiled(far, name === "bun"), one);
        console.log(`${name}: ${one}`);
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const noDeno = programBuilds().find(({ name }) => name === "deno")?.skip ?? false;

test("V8's code of the program is the same each time that it is made", { skip: noDeno }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-code-"));
  try {
    const ignoring = ["/bin/sh", "-c", 'trap "" HUP INT QUIT TERM; exec "$@"', "sh"];
    // One in twelve differed by a byte where V8 kept in it how hot a function was.
    const codes = await makeCode(folder, [...(posix ? [ignoring] : []), ...Array.from({ length: 40 }, () => [])]);
    assert.equal(new Set(codes.map((code) => sha256(code))).size, 1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
