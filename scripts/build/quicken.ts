import { BuildError } from "./build.ts";

/** What of a bundle is written anew: where its sign is, the pattern has to find something. */
interface Rewriting {
  readonly sign: RegExp;
  readonly find: RegExp;
  readonly by: string;
}

/** The bundler's helper for an import of a package in CommonJS or of one of Node's modules; its copies have names of their own. */
const HELPER: Rewriting = {
  sign: /__toESM\w* = \(/,
  find: /^var (__toESM\w*) = \(mod, [\s\S]*?1 \? __defProp\w*\(target, "default"[\s\S]*?\n\)\);$/gm,
  by: "var $1 = (mod) => Object.create(mod, { default: { value: mod } });",
};

/** An import of a package in CommonJS. */
const PACKAGE: Rewriting = {
  sign: /__toESM\w*\(require_/,
  find: /^((?:var)? *import_\w+) = (__toESM\(require_\w+\(\)(?:, 1)?\));$/gm,
  by: "$1 = __lazy(() => $2);",
};

/** How a package in CommonJS asks for Node's modules: by its file's place, which a script has not. */
const REQUIRE: Rewriting = {
  sign: /__deno_internal_createRequire\(/,
  find: /^import \{ createRequire as (\w+) \} from "node:module";\nvar __require = \1\(import\.meta\.url\);$/m,
  by: "var __require = require;",
};

/** What a script gives: it is made when it is asked for, not each of its hundred members with every run. */
const GIVEN: Rewriting = {
  sign: /^module\.exports = __toCommonJS/m,
  find: /^var (\w+) = \{\};\n__export\w*\(\1, (\{[^}]*\})\);\nmodule\.exports = __toCommonJS\w*\(\1\);$/m,
  by: "module.exports = $2;",
};

/** An import of one of Node's modules. */
const NODE: Rewriting = {
  sign: /= (?:__toESM\w*\()?require\("node:/,
  find: /^var (\w+) = (?:__toESM\w*\()?require\(("node:[\w/]+")\)(?:, 1)?\)?;$/gm,
  by: "var $1 = __node($2);",
};

const READ_NODE = `var __node = (id) => new Proxy({}, {
  get: (_, name) => name === "default" ? require(id) : require(id)[name],
  has: (_, name) => name in require(id)
});
`;

const LAZY = `var __lazy = (load) => {
  let loaded;
  const get = () => loaded ??= load();
  return new Proxy({}, { get: (_, name) => get()[name], has: (_, name) => name in get() });
};
`;

/**
 * Takes out of a bundle what it costs to start: a package in CommonJS is evaluated and one of Node's modules read when it is first used,
 * and the members of a module, hundreds for Node's own, are no longer copied for each import of it.
 *
 * @param text a part of the bundle, not minified
 * @returns the same program, which asks for Node's modules by a `require` that it is given
 * @throws BuildError where the bundle is not made as it was
 *
 * @example
 * ```ts
 * import { quicken } from "./quicken.ts";
 * import assert from "node:assert/strict";
 *
 * assert.match(quicken("var import_ms = __toESM(require_ms());"), /import_ms = __lazy\(\(\) => __toESM\(require_ms\(\)\)\);$/);
 * ```
 */
export function quicken(text: string): string {
  const quick = [HELPER, PACKAGE, REQUIRE, GIVEN, NODE].reduce((old, { sign, find, by }) => {
    if (!sign.test(old)) return old;
    const replaced = old.replace(find, by);
    if (replaced !== old) return replaced;
    throw new BuildError(
      `Cannot make a script of the bundle: nothing in it matches "${find.source}"`,
      "look at what deno bundle makes now, and change the pattern in scripts/build/quicken.ts",
    );
  }, text);
  return (quick.includes("__node(") ? READ_NODE : "") + (quick.includes("__lazy(") ? LAZY : "") + quick;
}
