import "../support/guard.ts";
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { installBun } from "../../scripts/build/build.ts";
import { ALIASES, findFormat, FORMATS } from "../../src/shell/formats/formats.ts";
import { type Azure, startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { nodeFromNpm, NODES } from "../support/node.ts";
import { skipUnless } from "../support/skip.ts";
import { makeReleaseFolder, ownPlatform, type ReleaseFolder } from "./install/release_folder.ts";
import { type LocalRegistry, serveRegistry } from "./npm/local_registry.ts";
import { npmManagers } from "./npm/managers.ts";
import { CLEAN, run as runIn, which } from "./shells/run.ts";

// The npm package out of a registry on loopback, with the package managers and the Nodes that people have.

const build = programBuilds().find(({ name }) => name === "deno");
const platform = ownPlatform();
const skip = build?.skip !== false
  ? build?.skip ?? true
  : skipUnless(platform?.os === "linux" && which("npm") !== undefined, "npm is not there: apt-get install npm");
const managers = skip === false ? npmManagers() : undefined;
const bun = skip === false ? await installBun().catch(() => undefined) : undefined;
const shared: { release?: ReleaseFolder; registry?: LocalRegistry; azure?: Azure; project?: Project } = {};

Deno.test.beforeAll(async () => {
  if (skip !== false || build === undefined || platform === undefined) return;
  shared.release = await makeReleaseFolder(build.command[0], platform);
  const { sizes, pathOf } = shared.release;
  shared.registry = serveRegistry([...sizes.keys()].filter((name) => name.endsWith(".tgz")).map(pathOf));
  shared.azure = await startAzure();
});
Deno.test.afterAll(async () => {
  await shared.azure?.close();
  await shared.registry?.[Symbol.asyncDispose]();
  await shared.release?.[Symbol.asyncDispose]();
});

const machineNode = which("node") ?? "/usr/bin/node";

/** A folder with a package.json, and the environment of who works there. */
interface Project {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A new project beside the release, with what each package manager reads to find the registry. */
function project(name: string): Project {
  const path = join(shared.release?.path ?? "", name);
  const url = shared.registry?.url ?? "";
  mkdirSync(path);
  writeFileSync(join(path, "package.json"), '{ "name": "project", "private": true }\n');
  writeFileSync(join(path, ".npmrc"), `registry=${url}\n`);
  writeFileSync(join(path, "bunfig.toml"), `[install]\nregistry = "${url}"\n`);
  const yarn = [
    `npmRegistryServer: "${url}"`,
    'unsafeHttpWhitelist: ["127.0.0.1"]',
    "enableTelemetry: false",
    "enableGlobalCache: false",
  ];
  writeFileSync(join(path, ".yarnrc.yml"), `${yarn.join("\n")}\n`);
  const env = {
    HOME: path,
    PATH: [dirname(machineNode), CLEAN["PATH"]].join(delimiter),
    npm_config_cache: join(path, "cache"),
    npm_config_update_notifier: "false",
    YARN_CACHE_FOLDER: join(path, "yarn"),
    BUN_INSTALL_CACHE_DIR: join(path, "bun"),
  };
  return { path, env };
}

/** Runs a program that has to end well. */
async function ran(argv: readonly string[], { path, env }: Project): Promise<string> {
  const { status, stdout, stderr } = await runIn(argv, { cwd: path, env });
  assert.equal(status, 0, `${argv.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

/** A way to install the package and to run its command. */
interface Way {
  readonly name: string;
  readonly add: readonly string[];
  readonly run: readonly string[];
  readonly skip: string | false;
}

const without = skipUnless(managers !== undefined, "npm cannot bring pnpm and yarn: let it reach its registry");
const WAYS: readonly Way[] = [
  { name: "npm", add: ["npm", "install", "--no-audit", "--no-fund"], run: ["npx", "--offline"], skip: false },
  {
    name: "pnpm",
    add: [machineNode, managers?.pnpm ?? "", "add", "--ignore-workspace"],
    run: [machineNode, managers?.pnpm ?? "", "exec"],
    skip: without,
  },
  {
    name: "yarn 1",
    add: [machineNode, managers?.yarn1 ?? "", "add", "--silent"],
    run: [machineNode, managers?.yarn1 ?? "", "--silent", "run"],
    skip: without,
  },
  {
    name: "yarn 4 (Plug'n'Play)",
    add: [machineNode, managers?.yarn4 ?? "", "add"],
    run: [machineNode, managers?.yarn4 ?? "", "run"],
    skip: without,
  },
  {
    name: "bun",
    add: [bun ?? "", "add"],
    run: [bun ?? "", "x"],
    skip: skipUnless(bun !== undefined, "npm cannot bring bun: let it reach its registry"),
  },
];

for (const way of WAYS) {
  test(`${way.name} installs the package with the one of this platform, and runs the program`, {
    skip: skip === false ? way.skip : skip,
  }, async () => {
    const one = project(way.name.replaceAll(/\W/g, ""));
    await ran([...way.add, "mlflow-auth@9.9.9"], one);
    assert.equal(
      await ran([...way.run, "mlflow-auth", "--version"], one),
      await ran([build?.command[0] ?? "", "--version"], one),
    );
    const { azure } = shared;
    const env = { ...one.env, ...azure?.env, ...azure?.vault(), ...await azure?.identity("client-secret") };
    const token = ["exec", "--", "printenv", "MLFLOW_TRACKING_TOKEN"];
    assert.equal(await ran([...way.run, "mlflow-auth", ...token], { ...one, env }), "mlflow-token-canary\n");
  });
}

/** A project that has the package, for all Nodes the same. */
async function installed(): Promise<Project> {
  if (shared.project !== undefined) return shared.project;
  const one = project("nodes");
  await ran(["npm", "install", "--no-audit", "--no-fund", "mlflow-auth@9.9.9"], one);
  return shared.project = one;
}

/** From here on Node becomes the program, which keeps what Node ignores. */
const hasExecve = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 15);
};

for (const version of NODES) {
  const node = skip === false ? nodeFromNpm(version) : undefined;
  test(`under Node ${version} every argument is the program's, and every end reaches the caller`, {
    skip: skip || skipUnless(node !== undefined, `Node ${version} is not there, which npm brings to Linux`),
  }, async () => {
    const one = await installed();
    const { azure } = shared;
    const { AZURE_CLIENT_SECRET = "", ...known } = {
      ...azure?.env,
      ...azure?.vault(),
      ...await azure?.identity("client-secret"),
    };
    const bin = join(one.path, "node_modules", ".bin");
    const env = { ...one.env, ...known, PATH: [bin, dirname(node ?? ""), CLEAN["PATH"]].join(delimiter) };
    const shell = (script: string) => ran(["sh", "-c", script], { ...one, env });
    const settings = `AZURE_CLIENT_SECRET='${AZURE_CLIENT_SECRET}'\nNODE_OPTIONS=--no-such-option\n`;
    writeFileSync(join(one.path, "settings.env"), settings);
    const print = "exec printenv MLFLOW_TRACKING_TOKEN";
    for (const words of [`--env-file=settings.env ${print}`, `--env-file settings.env ${print}`]) {
      assert.equal(await shell(`mlflow-auth ${words}`), "mlflow-token-canary\n");
    }
    assert.equal(await shell(`cat settings.env | mlflow-auth --env-file=/dev/stdin ${print}`), "mlflow-token-canary\n");
    // The command's own option, of a file that is not there.
    const own = "--env-file settings.env exec sh -c 'echo \"$@\"' sh --env-file=nofile";
    assert.equal(await shell(`mlflow-auth ${own}`), "--env-file=nofile\n");
    const ends: string[] = [];
    for (const end of ["exit 3", "kill -TERM $$", "kill -KILL $$", "kill -PIPE $$", "kill -XFSZ $$"]) {
      ends.push((await shell(`mlflow-auth --env-file settings.env exec sh -c '${end}' 2>&1; echo $?`)).trim());
    }
    const xfsz = hasExecve(version) ? "0" : "153";
    assert.deepEqual(ends.map((text) => text.split("\n").at(-1)), ["3", "143", "137", "141", xfsz]);
  });
}

test(
  "without the package of the platform, every form of export prints the failing word of its format",
  { skip },
  async () => {
    const one = project("alone");
    await ran(["npm", "install", "--no-audit", "--no-fund", "--omit=optional", "mlflow-auth@9.9.9"], one);
    const launcher = join(one.path, "node_modules", "mlflow-auth", "bin", "mlflow-auth.mjs");
    const printed = async (...args: readonly string[]): Promise<string> => {
      const { status, stdout, stderr } = await runIn([machineNode, "--", launcher, ...args], { cwd: one.path });
      assert.deepEqual([status, stderr.split(":")[0]], [125, "mlflow-auth"]);
      return stdout;
    };
    for (const { name, failure } of FORMATS) {
      assert.equal(await printed("export", "--format", name), failure, name);
      assert.equal(await printed("--env-file", "x", "export", `--format=${name}`), failure, name);
    }
    for (const name of [...Object.keys(ALIASES), "BASH", "PowerShell", "DotEnv-x"]) {
      assert.equal(await printed("export", "--format", name), findFormat(name)?.failure, name);
    }
    for (const args of [["--log-level", "DEBUG", "export"], ["export", "--format", "nosuch"], ["export", "--format"]]) {
      assert.equal(await printed(...args), "false\n", args.join(" "));
    }
    assert.equal(await printed("exec", "--", "export"), "");
    assert.equal(await printed("doctor"), "");
  },
);

test("the launcher's first line is one that npm's Windows shims understand", { skip }, () => {
  const launcher = readFileSync(new URL("../../packaging/npm/mlflow-auth.mjs", import.meta.url), "utf8");
  // What cmd-shim, which npm makes them with, reads of a first line.
  const shebang = /^#!\s*(?:\/usr\/bin\/env\s+(?:-S\s+)?((?:[^ \t=]+=[^ \t=]+\s+)*))?([^ \t]+)(.*)$/;
  assert.deepEqual(shebang.exec(launcher.split("\n")[0] ?? "")?.slice(2), ["node", " --"]);
});
