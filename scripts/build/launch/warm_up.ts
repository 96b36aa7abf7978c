// Run once, when the executable is built: V8 makes code of each function when it is first called, so that what has run has code.
// Nothing is asked for from here: Azure's answers are made up, and the command does not exist.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import vm from "node:vm";
import { levelPlace } from "./warm_up_place.ts";
import { warmUpProxy } from "./warm_up_proxy.ts";
import { loadScript } from "./load_script.ts";
import { USED } from "./used.ts";

const [to = "", canary = "", ...names] = process.argv.slice(2);
const sourceOf = (name: string): string => readFileSync(join(import.meta.dirname ?? "", `${name}.txt`), "utf8");
const parts: Record<string, () => unknown> = {};
const scripts = new Map<string, vm.Script>();

function load(name: string): void {
  if (scripts.has(name)) return;
  scripts.set(name, loadScript({ name, source: sourceOf(name), code: undefined }, { parts, importPart, process, vm }));
}

function importPart(script: string, part: string): Promise<unknown> {
  load(script);
  return Promise.resolve(parts[part]?.());
}

/** What has to start fastest of all. */
const ARGV = ["exec", "--", `/nowhere/${canary}`];

/** What has to start fast, and is in scripts of its own. */
const OTHERS = [["--help"], ["export", "--format", "sh"]];

const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });

/** The answers of Entra ID and Key Vault to a program that may read the secret. */
function answer({ method, url, headers }: Request): Response {
  if (method === "POST") return json(200, { token_type: "Bearer", expires_in: 3600, access_token: canary });
  if (headers.has("authorization")) {
    const attributes = { enabled: true, created: 1, updated: 1, recoveryLevel: "Recoverable" };
    return json(200, { value: canary, id: `${new URL(url).origin}/secrets/mlflow/${"0".repeat(32)}`, attributes });
  }
  const tenant = `${process.env["AZURE_AUTHORITY_HOST"]}${process.env["AZURE_TENANT_ID"]}`;
  const challenge = `Bearer authorization="${tenant}", resource="https://vault.azure.net"`;
  return json(401, { error: { code: "Unauthorized", message: "" } }, { "www-authenticate": challenge });
}

levelPlace();
const program = await importPart("program", "./program.js") as typeof import("./program.ts");
globalThis.fetch = (input, init) => Promise.resolve(answer(new Request(input, init)));
const host = program.makeHost();
// A run that finds a credential kept has to start fastest of all.
if (await host.keyring() !== undefined) {
  for (let time = 0; time < 2; time++) await program.main(["exec", "--cache", ...ARGV.slice(1)], host);
}
for (const argv of OTHERS) await program.main(argv, host);
// Last: what has not run for a while loses its code.
await program.main(ARGV, host);
const { startProxy } = await program.importProxy();
await warmUpProxy({ startProxy, sockets: await host.sockets() });
// The others have no code: they are those of runs that need not start quickly, and their code would be as long as they are.
for (const name of names) if (!scripts.has(name)) writeFileSync(join(to, `${name}.code`), "");
for (const [name, script] of scripts) {
  const code = script.createCachedData();
  if (new vm.Script(sourceOf(name), { filename: `${name}.js`, cachedData: code }).cachedDataRejected === true) {
    throw new Error(`V8 does not take its own code of ${name} back`);
  }
  writeFileSync(join(to, `${name}.code`), code);
}
const used: unknown = Reflect.get(globalThis, USED);
if (used instanceof Set) writeFileSync(join(to, "used"), [...used].join("\n"));
// What the packages keep open, such as timers, must not hold up the build.
process.exit(0);
