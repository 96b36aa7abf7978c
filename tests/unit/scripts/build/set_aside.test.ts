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

/** Scripts in which a name, or the time at which it is read, is easily mistaken; each gives functions. */
const PITFALLS: readonly string[] = [
  "var X = { a: 1 }; give(() => { outer: for (;;) { inner: while (true) { X.a += 1; break outer; } } return X.a; });",
  "var outer = 1; give(() => { outer: for (;;) { for (;;) { break outer; } } return outer; });",
  "function target() { return 1; } function F() { return new.target === undefined; } give(() => [F(), target()]);",
  '"use strict"; function receiver() { return this; } give(() => [receiver() === undefined]);',
  "var o = {}; give(0); __export(o, { a: () => 1 }); give(() => o.a); function __export(to, all) { to.a = all.a(); }",
  "var first = { f }; give(0); function f() { return 2; } var last = { first }; give(() => [last.first.f(), first.f()]);",
  "var one = { two }; give(0); function two() { return 1; } var three = class { static one = one; }; give(() => three.one.two());",
  'const o = {}; var has = "k" in o; o.k = 1; give(() => has);',
  "const o = {}; var is = o instanceof Array; Object.setPrototypeOf(o, Array.prototype); give(() => is);",
  'var K = "k"; var O = class { [K]() { return { K }.K; } static [K] = 2; }; give(() => [new O().k(), O.k]);',
  "var X = { a: 1 }; function f({ X: y, q = X } = {}) { return [y, q.a]; } give(() => f({ X: 5 }));",
  "var P = class { #X = 1; X() { return this.#X; } static has(o) { return #X in o; } }; var X = 9; give(() => [new P().X() + X, P.has(new P())]);",
  "function tag({ raw }) { return raw[0]; } var P = { q: () => 4 }; give(() => [tag`a\\n`, P?.q?.(), typeof tag]);",
];

test("noting() and setAside() mistake no name and no time", () => {
  const results = (text: string) => run(text).map((one) => typeof one === "function" ? one() : one);
  for (const text of PITFALLS) {
    const plain = results(text);
    assert.deepEqual(results(noting(text, "part-1")), plain, text);
    Reflect.deleteProperty(globalThis, "mlflowAuthUsed");
    assert.deepEqual(results(setAside(text, new Set())), plain, text);
  }
});

test("noting() notes what is used, when it is", () => {
  const used = () => [...Reflect.get(globalThis, "mlflowAuthUsed") as Set<string>].sort();
  const [, late] = run(noting(SCRIPT, "part-1"));
  assert.deepEqual(used(), ["part-1 Base", "part-1 __export", "part-1 early", "part-1 later"]);
  (late as () => unknown)();
  assert.ok(used().includes("part-1 LIMITS"));
  Reflect.deleteProperty(globalThis, "mlflowAuthUsed");
});
