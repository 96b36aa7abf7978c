import assert from "node:assert/strict";
import { test } from "node:test";
import { noting, setAside } from "../../../../scripts/build/set_aside.ts";

/** What a script gives to `give`, one after the other. */
function run(text: string): readonly unknown[] {
  const given: unknown[] = [];
  new Function("give", text)((value: unknown) => given.push(value));
  return given;
}

/** A script, as the bundler writes it, of which `Base` alone is used. */
const SCRIPT = `
give(early());
function early() { return typeof later === "function" ? "hoisted" : "not there"; }
function later() { return [LIMITS.least, new Other().name]; }
var LIMITS = { least: 1, short: { Base } };
var Base = class { name = "base"; };
var Other = class _Other extends Base { static made = new Base(); name = "other"; };
var Late = class extends Base { get later() { return { later }.later(); } };
let count = 0;
var copy = { count };
count += 1;
var object = {};
__export(object, { Late: () => Late });
function __export(target, all) { for (const name in all) Object.defineProperty(target, name, { get: all[name] }); }
give(() => [new object.Late().later, copy.count, new Late() instanceof Base, Late.name]);
give(new Base().name);
`;

test("setAside() leaves a script the program that it was", () => {
  const [whole, aside] = [run(SCRIPT), run(setAside(SCRIPT, new Set(["early", "Base"])))];
  const called = ([first, late, last]: readonly unknown[]) => [first, (late as () => unknown)(), last];
  assert.deepEqual(called(aside), called(whole));
  assert.deepEqual(called(aside), ["hoisted", [[1, "other"], 0, true, "Late"], "base"]);
});

test("setAside() moves what is not used and what nothing changes, and nothing else", () => {
  const moved = setAside(SCRIPT, new Set(["early", "Base"]));
  const stays = moved.replaceAll(/^function __aside_\d+[\s\S]*?^\}\)\(\); \}/gm, "");
  const places = ["early", "later", "LIMITS", "Base", "Late"].map((name) =>
    [name, new RegExp(`^(?:function|var) ${name}\\b`, "m").test(stays)] as const
  );
  assert.deepEqual(Object.fromEntries(places), { early: true, later: false, LIMITS: false, Base: true, Late: false });
  // Its static member is made by a call; what it holds changes.
  assert.match(stays, /^var Other = /m);
  assert.match(stays, /^var copy = /m);
  assert.equal(setAside("give(1);", new Set()), "give(1);");
});

test("setAside() moves nothing that something else is called too", () => {
  const text = "function a() {}\nfunction b(a) { return a; }\ngive(b(1));";
  assert.equal(setAside(text, new Set(["b"])), text);
});

test("noting() notes what is used, when it is", () => {
  const used = () => [...Reflect.get(globalThis, "mlflowAuthUsed") as Set<string>].sort();
  const [, late] = run(noting(SCRIPT, "part-1"));
  assert.deepEqual(used(), ["part-1 Base", "part-1 __export", "part-1 early", "part-1 later"]);
  (late as () => unknown)();
  assert.ok(used().includes("part-1 LIMITS"));
  Reflect.deleteProperty(globalThis, "mlflowAuthUsed");
});
