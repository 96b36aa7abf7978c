import assert from "node:assert/strict";
import { test } from "node:test";
import { buildEnvironment } from "../../../../scripts/build/build_environment.ts";
import { settled } from "../../../../scripts/build/bundle.ts";

const made = (cache: string, [first, second]: readonly [string, string]): ReadonlyMap<string, string> =>
  new Map([
    [`${second}.js`, `var b = x({ "${cache}/npm/registry/@a/b/1.2.3/dist/b.cjs" (e) {} });`],
    ["main.js", `import { a } from "./${first}.js"; await import("./${second}.js"); import "./not-there.js";`],
    [`${first}.js`, `import "./${second}.js"; var a = x({"${cache}/npm/registry/c/4.5.6/c.js"(e) {}});`],
  ]);

test("settled() names packages by their own path and parts by their order, wherever the bundle was made", () => {
  const here = settled(made("../../../root/.cache/deno", ["chunk-AAAA", "11.0-X"]), "main.js");
  assert.deepEqual([...here], [
    ["main.js", 'import { a } from "./main-1.js"; await import("./main-2.js"); import "./not-there.js";'],
    ["main-1.js", 'import "./main-2.js"; var a = x({"c/4.5.6/c.js"(e) {}});'],
    ["main-2.js", 'var b = x({ "@a/b/1.2.3/dist/b.cjs" (e) {} });'],
  ]);
  assert.deepEqual([...settled(made("../home/me/x", ["chunk-ZZZZ", "9-Y"]), "main.js")], [...here]);
});

test("buildEnvironment() keeps what says where things are, and nothing that a build could take in", () => {
  const kept = { PATH: "/bin", HOME: "/h", Path: "C:\\", https_proxy: "http://p", DENO_CERT: "/ca.pem" };
  const dropped = { OTEL_DENO: "1", DENO_V8_FLAGS: "--x", NODE_OPTIONS: "-r x", DEBUG: "*", AZURE_CLIENT_SECRET: "s" };
  assert.deepEqual(buildEnvironment({ ...kept, ...dropped }), kept);
});

test("settled() lets no byte of a package that is bytes be copied as a member", () => {
  const copy = 'var l=(a,b)=>{if(b&&typeof b=="object"||typeof b=="function")for(let d of i(b))f(a,d);return a};';
  const text = settled(new Map([["main.js", copy]]), "main.js").get("main.js") ?? "";
  const copied = (members: unknown): number => {
    let count = 0;
    new Function("i", "f", "members", `${text} l({}, members);`)(Object.getOwnPropertyNames, () => count++, members);
    return count;
  };
  assert.deepEqual([copied({ a: 1, b: 2 }), copied(new Uint8Array(1000)), copied(undefined)], [2, 0, 0]);
});
