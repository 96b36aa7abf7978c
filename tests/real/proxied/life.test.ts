import "../../support/guard.ts";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { chmod, copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type ProgramBuild, programBuilds } from "../../support/builds.ts";
import { skipUnless } from "../../support/skip.ts";
import {
  endOf,
  type Env,
  HELLO,
  hello,
  kill,
  run,
  runs,
  type Scene,
  sidecarOf,
  startBeside,
  startScene,
} from "./beside.ts";

// The life of the process that holds the credential: it has to be there before the command, and gone after it, however that ends.

const linux = skipUnless(process.platform === "linux", "processes are looked up in /proc");
const root = process.getuid?.() === 0;
/** The most that is promised, and what a busy machine needs besides. */
const END_MS = 1000;
const shared: { scene?: Scene } = {};

Deno.test.beforeAll(async () => {
  if (linux === false) shared.scene = await startScene();
});
Deno.test.afterAll(async () => await shared.scene?.[Symbol.asyncDispose]());

function scene(): Scene {
  if (shared.scene === undefined) throw new Error("Azure does not run");
  return shared.scene;
}

/** Asserts that nothing is left of a proxy: neither its process nor its port. */
async function assertGone({ sidecar, uri }: { readonly sidecar: number; readonly uri: string }, what: string) {
  const ms = await endOf(sidecar);
  console.log(`${what}: the proxy was gone after ${ms.toFixed(0)} ms`);
  assert.ok(ms < END_MS, `${ms} ms`);
  await assert.rejects(fetch(`${uri}/-/live`));
}

for (const build of programBuilds()) {
  const skip = linux || build.skip;
  const it = (name: string, run: () => Promise<void>, also: string | false = false) =>
    test(`${name} (${build.name})`, { skip: skip || also }, run);

  it("exec --proxy hands out a proxy that answers, and no credential", async () => {
    await using beside = await startBeside(build, scene());
    assert.equal(await beside.ask(), 200);
    const environ = readFileSync(`/proc/${beside.pid}/environ`, "latin1");
    assert.ok(!environ.includes("mlflow-token-canary"));
    assert.match(beside.key, /^mlflow-auth-[\w-]{43}$/);
  });

  it("the command has no child, and is the process that was started", async () => {
    await using beside = await startBeside(build, scene());
    assert.equal(beside.pid, beside.child.pid);
    assert.equal(readFileSync(`/proc/${beside.pid}/task/${beside.pid}/children`, "utf8"), "");
    const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${beside.sidecar}/status`, "utf8"))?.[1];
    assert.notEqual(parent, String(beside.pid));
  });

  it("the proxy shares nothing with the command: no session, no descriptor, no folder", async () => {
    await using beside = await startBeside(build, scene());
    /** What a descriptor is; nothing where it was closed since it was listed. */
    const targetOf = (path: string): readonly string[] => {
      try {
        return [readlinkSync(path)];
      } catch {
        return [];
      }
    };
    const of = (pid: number) => ({
      session: readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[3],
      targets: root ? readdirSync(`/proc/${pid}/fd`).flatMap((fd) => targetOf(`/proc/${pid}/fd/${fd}`)) : [],
    });
    const [command, sidecar] = [of(beside.pid), of(beside.sidecar)];
    assert.notEqual(command.session, sidecar.session);
    const common = sidecar.targets.filter((target) => command.targets.includes(target) && target !== "/dev/null");
    assert.deepEqual(common, []);
    if (root) assert.equal(readlinkSync(`/proc/${beside.sidecar}/cwd`), "/");
    const argv = readFileSync(`/proc/${beside.sidecar}/cmdline`, "utf8");
    assert.ok(!argv.includes(beside.key) && !argv.includes("canary"), argv);
  });

  for (const signal of ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const) {
    it(`the proxy ends with a command that ends by ${signal}`, async () => {
      await using beside = await startBeside(build, scene());
      const ended = once(beside.child, "exit");
      process.kill(beside.pid, signal);
      await assertGone(beside, signal);
      assert.deepEqual(await ended, [null, signal]);
    });
  }

  it("the proxy ends with a command that ends by itself, whose status the caller sees", async () => {
    await using beside = await startBeside(build, scene(), { then: "sleep 0.2; exit 7" });
    const ended = once(beside.child, "exit");
    assert.deepEqual(await ended, [7, null]);
    await assertGone(beside, "exit 7");
  });

  it("signals to a whole job, unit or container leave the proxy to the command", async () => {
    const then = "trap '' HUP INT QUIT TERM USR1 USR2 ALRM; while :; do sleep 1; done";
    await using beside = await startBeside(build, scene(), { then });
    // It says hello before it ignores anything.
    while (!/^SigIgn:\t[0-9a-f]*[2367abef]...$/m.test(readFileSync(`/proc/${beside.pid}/status`, "utf8"))) {
      await sleep(5);
    }
    for (const signal of ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM"] as const) {
      process.kill(beside.sidecar, signal);
      process.kill(beside.pid, signal);
    }
    assert.equal(await beside.ask(), 200);
    kill(beside.pid, "SIGKILL");
    await assertGone(beside, "SIGKILL");
  });

  it("a stopped command keeps its proxy", async () => {
    await using beside = await startBeside(build, scene());
    process.kill(beside.pid, "SIGSTOP");
    assert.equal(await beside.ask(), 200);
    process.kill(beside.pid, "SIGCONT");
    kill(beside.pid, "SIGKILL");
    await assertGone(beside, "SIGSTOP, SIGCONT, SIGKILL");
  });

  for (const before of [["setsid", "-w"], ["nohup"]]) {
    it(`the proxy ends with a command under ${before[0]}`, async () => {
      await using beside = await startBeside(build, scene(), { before });
      assert.equal(await beside.ask(), 200);
      kill(beside.pid, "SIGKILL");
      await assertGone(beside, before.join(" "));
    });
  }

  it("Ctrl-C and a closed terminal reach the command, not the proxy before it", async () => {
    for (const end of ["\x03", undefined]) {
      // script(1) gives the command a terminal, and closes it when its own input ends.
      const line = [...build.command, "exec", "--proxy", "--", "sh", "-c", `${HELLO}; exec sleep 300`];
      const quoted = line.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
      const child = spawn("script", ["-qec", quoted, "/dev/null"], {
        stdio: ["pipe", "pipe", "inherit"],
        env: scene().env,
      });
      const { pid, uri } = await hello(child);
      const sidecar = sidecarOf(pid) ?? 0;
      if (end === undefined) kill(child.pid ?? 0, "SIGKILL");
      else child.stdin.write(end);
      await endOf(pid);
      await assertGone({ sidecar, uri }, end === undefined ? "closed terminal" : "Ctrl-C");
    }
  });

  it("x=$(exec --proxy …) does not wait for the proxy", async () => {
    // The output is closed when its last writer is gone: the proxy is none of them.
    const { pid, stdout } = await run([...build.command, "exec", "--proxy", "--", "echo", "done"], scene().env);
    assert.deepEqual([stdout, runs(pid)], ["done\n", false]);
  });

  it("nothing is left where the command cannot be run, or the credential cannot be read", async () => {
    const fail = async (env: Env, command: string) => {
      const line = [...build.command, "exec", "--proxy", "--", command];
      const { pid, status, stderr } = await run(line, { ...scene().env, ...env });
      return [status, /docs\/errors\.md#([\w-]+)/.exec(stderr)?.[1], sidecarOf(pid)];
    };
    assert.deepEqual(await fail({}, "no-such-command-x"), [127, "command-not-found", undefined]);
    assert.deepEqual(await fail({ MLFLOW_AZURE_SECRET_NAME: "none" }, "true"), [125, "secret-not-found", undefined]);
    assert.deepEqual(await fail({ MLFLOW_REGISTRY_URI: "https://other.example" }, "true"), [
      125,
      "registry-elsewhere",
      undefined,
    ]);
  });

  it("a program that is killed before the command starts leaves no proxy", async () => {
    const { azure, env } = scene();
    azure.world.faults.push({ kind: "hang", service: "vault" });
    const [program = "", ...args] = [...build.command, "exec", "--proxy", "--", "true"];
    const child = spawn(program, args, { env, stdio: "ignore" });
    const pid = child.pid ?? 0;
    try {
      while (sidecarOf(pid) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      const sidecar = sidecarOf(pid) ?? 0;
      child.kill("SIGKILL");
      await endOf(sidecar);
    } finally {
      azure.world.faults.length = 0;
      child.kill("SIGKILL");
    }
  });

  it(
    "process 1 of a container has its proxy, which ends with the container",
    async () => {
      await using beside = await startNamespaced(build.command);
      const response = await fetch(`${beside.uri}/version`, { headers: { authorization: `Bearer ${beside.key}` } });
      assert.deepEqual([beside.pid, response.status, await response.text()], [1, 200, "3.8.1"]);
      beside.kill();
      await endOf(beside.sidecar);
    },
    skipUnless(root, "a namespace of processes needs root"),
  );

  it(
    "an image without a shell has its proxy all the same",
    async () => {
      const hide = 'mount --bind /dev/null "$(readlink -f /bin/sh)"; exec "$@"';
      const command = ["/usr/bin/env", "sh-is-gone"];
      const line = [...build.command, "exec", "--proxy", "--", ...command];
      const ran = await run(["unshare", "-m", "/bin/bash", "-c", hide, "bash", ...line], scene().env);
      // `env` says that it found nothing to run: so it ran, and the proxy before it.
      assert.deepEqual([ran.status, /sh-is-gone/.test(ran.stderr)], [127, true], ran.stderr);
      assert.doesNotMatch(ran.stderr, /mlflow-auth/);
    },
    skipUnless(root, "to hide a file needs root"),
  );

  it(
    "no other process of the same user can look into the proxy",
    async () => {
      const nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
      const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-nobody-"));
      try {
        await chmod(folder, 0o755);
        const [program, ca] = ["program", "ca.pem"].map((name) => join(folder, name));
        await copyFile(build.command[0], `${program}`);
        await copyFile(scene().azure.caPath, `${ca}`);
        await Promise.all([chmod(`${program}`, 0o755), chmod(`${ca}`, 0o644)]);
        const env = { ...scene().env, HOME: folder, MLFLOW_AUTH_CA_BUNDLE: `${ca}` };
        const copy: ProgramBuild = { ...build, command: [`${program}`] };
        await using beside = await startBeside(copy, scene(), { before: nobody, env, cwd: folder });
        const look = async (pid: number, file: string): Promise<number | null> =>
          (await run([...nobody, "head", "-c1", `/proc/${pid}/${file}`], env)).status;
        assert.equal(await beside.ask(), 200);
        assert.equal(await look(beside.pid, "environ"), 0);
        for (const file of ["environ", "maps", "mem", "fd/3"]) assert.equal(await look(beside.sidecar, file), 1, file);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    build.name === "source"
      ? skipUnless(false, "the source runs in a Deno that another user cannot read")
      : skipUnless(root, "to be another user needs root"),
  );
}

/** Starts `exec --proxy` as process 1 of a namespace of its own. */
async function startNamespaced(command: readonly string[]) {
  const line = [...command, "exec", "--proxy", "--", "sh", "-c", `${HELLO}; exec sleep 300`];
  const child = spawn("unshare", ["-f", "-p", "--mount-proc", "--kill-child", ...line], {
    env: scene().env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { pid, uri, key } = await hello(child);
  // Inside it is the sidecar of process 1; outside it has another id.
  const sidecar = sidecarOf(pid) ?? 0;
  return {
    pid,
    uri,
    key,
    sidecar,
    kill: () => void child.kill("SIGKILL"),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}
