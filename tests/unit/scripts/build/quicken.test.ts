import assert from "node:assert/strict";
import { test } from "node:test";
import { quicken } from "../../../../scripts/build/quicken.ts";

/** What `deno bundle` makes of one import of a package in CommonJS and one of Node's modules. */
const BUNDLE = `
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getProtoOf = Object.getPrototypeOf;
var __copyProps = (to, from) => to;
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode, "default" is all of the module.
  1 ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));
var require_answer = () => (evaluated.push("answer"), { answer: 42 });
var import_answer = __toESM(require_answer(), 1);
var import_node_path = __toESM(require("node:path"));
    import_again = __toESM(require_answer());
`;

function evaluate(text: string, asked: string): { readonly value: unknown; readonly evaluated: readonly string[] } {
  const evaluated: string[] = [];
  const require = (id: string): unknown => (evaluated.push(id), { sep: "/" });
  const make: unknown = new Function("require", "evaluated", `var import_again;\n${text}\nreturn ${asked};`);
  assert.ok(typeof make === "function");
  return { value: make(require, evaluated), evaluated };
}

test("quicken() evaluates a package and reads one of Node's modules when it is first used", () => {
  const text = quicken(BUNDLE);
  assert.deepEqual(evaluate(text, "1"), { value: 1, evaluated: [] });
  assert.deepEqual(evaluate(text, "import_node_path.sep"), { value: "/", evaluated: ["node:path"] });
  assert.deepEqual(evaluate(text, "import_answer.answer + import_answer.answer"), { value: 84, evaluated: ["answer"] });
  assert.deepEqual(evaluate(text, "import_again.default.answer"), { value: 42, evaluated: ["answer"] });
  assert.deepEqual(
    evaluate(text, "['answer' in import_answer, 'sep' in import_node_path, import_node_path.default.sep]").value,
    [true, true, "/"],
  );
});

test("quicken() lets a package ask for Node's modules by the script's require, and leaves other parts as they are", () => {
  const asking =
    'import { createRequire as __deno_internal_createRequire } from "node:module";\nvar __require = __deno_internal_createRequire(import.meta.url);\n';
  assert.equal(evaluate(quicken(`${asking}var import_fs = __require("node:fs");`), "import_fs.sep").value, "/");
  assert.equal(quicken("var x = 1;"), "var x = 1;");
});

test("quicken() refuses a bundle that is not made as it was", () => {
  const name = "BuildError";
  assert.throws(() => quicken(BUNDLE.replace("1 ? __def", "0 ? __def")), { name, message: /matches "\^var \(__toESM/ });
  assert.throws(() => quicken(BUNDLE.replaceAll("import_a", "imported_a")), { name, message: /import_\\w\+/ });
  assert.throws(() => quicken("var __require = __deno_internal_createRequire(0);"), { name, message: /createRequire/ });
});
