import "../../support/guard.ts";
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { constants } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type ProgramBuild, programBuilds } from "../../support/builds.ts";
import { findProgram } from "../../support/gates/part.ts";
import { skipUnless } from "../../support/skip.ts";
import { type Env, run, type Scene, startScene } from "./beside.ts";

// `mlflow-auth proxy`: in the foreground, until it is stopped.

const noPython = skipUnless(await findProgram("python3", "python3") !== undefined, "python3 is not installed");
const shared: { scene?: Scene } = {};
Deno.test.beforeAll(async () => {
  shared.scene = await startScene();
});
Deno.test.afterAll(async () => await shared.scene?.[Symbol.asyncDispose]());

function scene(): Scene {
  if (shared.scene === undefined) throw new Error("Azure does not run");
  return shared.scene;
}

interface Alone extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The line that it printed. */
  readonly line: Readonly<Record<string, unknown>>;
  readonly uri: string;
}

async function start(build: ProgramBuild, args: readonly string[], env: Env = {}): Promise<Alone> {
  const [program = "", ...words] = [...build.command, "proxy", ...args];
  const child = spawn(program, words, { env: { ...scene().env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  const line = JSON.parse(text) as Record<string, unknown>;
  return {
    child,
    line,
    uri: String(line["uri"]),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

const version = async (uri: string, key: string): Promise<number> => {
  const response = await fetch(`${uri}/version`, { headers: { authorization: `Bearer ${key}` } });
  await response.body?.cancel();
  return response.status;
};

/** Waits until a process has a handler for a signal. */
async function catches(pid: number | undefined, signal: keyof typeof constants.signals): Promise<void> {
  const bit = 1n << BigInt(constants.signals[signal] - 1);
  for (;;) {
    const [, caught = "0"] = /^SigCgt:\s*(\w+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8")) ?? [];
    if ((BigInt(`0x${caught}`) & bit) !== 0n) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

for (const build of programBuilds()) {
  const it = (name: string, run: () => Promise<void>, also: string | false = false) =>
    test(`${name} (${build.name})`, { skip: build.skip || also }, run);

  it("proxy says where it listens once it holds a credential, and ends with 0 on SIGTERM", async () => {
    await using alone = await start(build, []);
    const { key, ...rest } = alone.line;
    assert.deepEqual(rest, { schemaVersion: 1, uri: alone.uri });
    assert.equal(await version(alone.uri, String(key)), 200);
    const ended = once(alone.child, "exit");
    process.kill(alone.child.pid ?? 0, "SIGTERM");
    assert.deepEqual(await ended, [0, null]);
    await assert.rejects(fetch(`${alone.uri}/-/live`));
  });

  it("proxy gives back what its start took of its own file, and serves on", async () => {
    await using alone = await start(build, []);
    const code = async (): Promise<number> => {
      const status = await readFile(`/proc/${alone.child.pid}/status`, "utf8");
      return Number(/^RssFile:\s+(\d+)/m.exec(status)?.[1]);
    };
    const before = await code();
    for (const until = Date.now() + 15_000; await code() > before * 0.8;) {
      assert.ok(Date.now() < until, `${await code()} KiB of ${before} are still there`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(await version(alone.uri, String(alone.line["key"])), 200);
  });

  it("proxy ends with 0 when it is told to with its key, and then alone", async () => {
    await using alone = await start(build, []);
    const end = (key: string) =>
      fetch(`${alone.uri}/-/end`, { method: "POST", headers: { authorization: `Bearer ${key}` } });
    const ended = once(alone.child, "exit");
    const refused = await end("mlflow-auth-other");
    await refused.body?.cancel();
    assert.equal(refused.status, 401);
    const answer = await end(String(alone.line["key"]));
    await answer.body?.cancel();
    assert.equal(answer.status, 200);
    assert.deepEqual(await ended, [0, null]);
  });

  it("the key file is made for this user alone, and one that others may read is refused", async () => {
    const folder = await mkdtemp(join(scene().azure.folder, "key-"));
    const path = join(folder, "key");
    await using first = await start(build, ["--key-file", path]);
    assert.deepEqual(first.line, { schemaVersion: 1, uri: first.uri, keyFile: path });
    const [{ mode }, text] = [await stat(path), await readFile(path, "utf8")];
    assert.equal(mode & 0o777, 0o600);
    // A second one, as another container of a pod, takes the same key.
    await using second = await start(build, ["--key-file", path]);
    assert.deepEqual([await version(first.uri, text.trim()), await version(second.uri, text.trim())], [200, 200]);
    assert.equal(await readFile(path, "utf8"), text);
    await writeFile(join(folder, "open"), text, { mode: 0o644 });
    const open = await run([...build.command, "proxy", "--key-file", join(folder, "open")], scene().env);
    assert.deepEqual([open.status, open.stdout], [1, ""]);
    assert.match(open.stderr, /its mode is 0644, not 0600/);
    await symlink(path, join(folder, "link"));
    execFileSync("mkfifo", ["-m", "600", join(folder, "fifo")]);
    for (const [name, flaw] of [["link", "it is a link"], ["fifo", "it is no file"]] as const) {
      const other = await run([...build.command, "proxy", "--key-file", join(folder, name)], scene().env);
      assert.deepEqual([other.status, other.stdout], [1, ""], name);
      assert.match(other.stderr, new RegExp(`${name}": ${flaw}`));
    }
  });

  it("a signal to stop ends it before it holds a credential too", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const env = { ...scene().env, MLFLOW_AZURE_KEY_VAULT_URL: `https://127.0.0.1:${port}` };
    const [command = "", ...args] = build.command;
    const child = spawn(command, [...args, "proxy", "--deadline", "300"], { env, stdio: "ignore" });
    const [ended, [asked]] = [once(child, "exit"), await once(silent, "connection")];
    await catches(child.pid, "SIGTERM");
    process.kill(child.pid ?? 0, "SIGTERM");
    assert.deepEqual(await ended, [0, null]);
    (asked as Socket).destroy();
    silent.close();
  });

  it("two that start at once agree on one key", async () => {
    const path = join(await mkdtemp(join(scene().azure.folder, "key-")), "key");
    const both = await Promise.all([1, 2, 3].map(() => start(build, ["--key-file", path])));
    const key = (await readFile(path, "utf8")).trim();
    try {
      assert.deepEqual(await Promise.all(both.map(({ uri }) => version(uri, key))), [200, 200, 200]);
    } finally {
      for (const one of both) await one[Symbol.asyncDispose]();
    }
  });

  it("a request in flight ends before the proxy does", async () => {
    await using slow = await startSlow();
    await using alone = await start(build, [], { MLFLOW_TRACKING_URI: slow.url });
    const answer = fetch(`${alone.uri}/slow`, { headers: { authorization: `Bearer ${String(alone.line["key"])}` } });
    await slow.asked;
    const ended = once(alone.child, "exit");
    process.kill(alone.child.pid ?? 0, "SIGTERM");
    slow.answer();
    assert.equal(await (await answer).text(), "done");
    assert.deepEqual(await ended, [0, null]);
  });

  it("where it cannot listen it says so, and where there is no credential too", async () => {
    await using alone = await start(build, []);
    const taken = await run([...build.command, "proxy", "--listen", new URL(alone.uri).host], scene().env);
    assert.deepEqual([taken.status, taken.stdout], [1, ""]);
    assert.match(taken.stderr, /Cannot listen on "127\.0\.0\.1:\d+": another process does/);
    const none = await run([...build.command, "proxy"], { ...scene().env, MLFLOW_AZURE_SECRET_NAME: "none" });
    assert.deepEqual([none.status, none.stdout, /secret-not-found/.test(none.stderr)], [1, "", true]);
  });

  it("beyond loopback the probes answer to any Host, and everything else to the names that were given", async () => {
    await using alone = await start(build, ["--listen", "0.0.0.0:0", "--allow-remote", "--listen-host", "proxy.corp"]);
    const { port } = new URL(alone.uri);
    const ask = async (host: string, path: string): Promise<string> => {
      const authorization = `Bearer ${String(alone.line["key"])}`;
      const url = `http://127.0.0.1:${port}${path}`;
      return (await run([
        "curl",
        "-s",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        "-H",
        `Host: ${host}`,
        "-H",
        `Authorization: ${authorization}`,
        url,
      ], scene().env)).stdout;
    };
    const asked = [["10.1.2.3:5000", "/-/ready"], ["10.1.2.3:5000", "/-/live"], [`proxy.corp:${port}`, "/version"]];
    const answers = await Promise.all(asked.map(([host = "", path = ""]) => ask(host, path)));
    assert.deepEqual(answers, ["200", "200", "200"]);
    assert.match(await ask("evil.example", "/version"), /^4/);
  });

  it(
    "a service manager is told when it is ready, and when it stops",
    async () => {
      const path = join(await mkdtemp(join(scene().azure.folder, "notify-")), "socket");
      await using manager = await listenForStates(path);
      await using alone = await start(build, [], { NOTIFY_SOCKET: path });
      assert.equal(await manager.next(), "READY=1");
      process.kill(alone.child.pid ?? 0, "SIGTERM");
      assert.equal(await manager.next(), "STOPPING=1");
    },
    process.platform === "linux" ? noPython : "systemd is Linux's",
  );
}

/** A service manager, as far as its socket goes. Neither Deno nor Node listens on datagrams of this kind: Python does. */
async function listenForStates(path: string): Promise<AsyncDisposable & { readonly next: () => Promise<string> }> {
  const program = [
    "import socket, sys",
    "one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "one.bind(sys.argv[1])",
    "print('bound', flush=True)",
    "while True: print(one.recv(100).decode(), flush=True)",
  ].join("\n");
  const child = spawn("python3", ["-c", program, path], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: AsyncIterator<string> = (async function* () {
    let text = "";
    for await (const chunk of child.stdout) {
      const parts = (text + String(chunk)).split("\n");
      text = parts.pop() ?? "";
      yield* parts;
    }
  })();
  const next = async (): Promise<string> => (await lines.next()).value ?? "";
  assert.equal(await next(), "bound");
  return {
    next,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

/** A tracking server that answers when it is told to. */
async function startSlow() {
  const { createServer } = await import("node:http");
  const asked = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    asked.resolve();
    void told.promise.then(() => response.end("done"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The port has no number");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked: asked.promise,
    answer: told.resolve,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
