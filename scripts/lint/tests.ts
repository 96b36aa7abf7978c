import { placeOf } from "./place.ts";

const TESTERS: ReadonlySet<string> = new Set(["test", "it", "describe", "suite"]);

/** What is wrong with the name of a test, or `undefined`. */
function faultOf(name: string): string | undefined {
  if (!/\S\s+\S/.test(name)) return "a test's name says what is tested and what it does: `formatSh() keeps a space`";
  if (/\bshould\b/i.test(name)) return "a test's name says what is so, without should";
  if (/[.!]$/.test(name)) return "a test's name has no final period";
  return undefined;
}

/** The name of a test reads `symbol() does what`. */
export function testName(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  if (!placeOf(context.filename).path.endsWith(".test.ts")) return {};
  return {
    CallExpression(node) {
      const { callee } = node;
      const called = callee.type === "MemberExpression" && callee.object.type === "Identifier"
        ? callee.object.name
        : callee.type === "Identifier"
        ? callee.name
        : "";
      // Deno counts such a test as passed.
      if (
        callee.type === "MemberExpression" && /^t\w*\.(?:skip|todo)$/.test(context.sourceCode.getText(callee)) &&
        called !== "test"
      ) {
        context.report({
          range: node.range,
          message: "a test that skips itself counts as passed",
          hint: "test(name, { skip }, …)",
        });
      }
      const [name] = node.arguments;
      if (!TESTERS.has(called) || name === undefined || called === "describe" || called === "suite") return;
      const text = name.type === "TemplateLiteral"
        ? name.quasis.map((quasi) => quasi.cooked).join("x y")
        : name.type === "Literal" && typeof name.value === "string"
        ? name.value
        : undefined;
      const fault = text === undefined ? undefined : faultOf(text);
      if (fault !== undefined) context.report({ range: name.range, message: fault });
    },
  };
}

const WORLD = /^(?:globalThis|window|self|Deno|Bun|process|console|Date|Math|crypto|performance)$/;

/** The identifier at the left end of `a.b.c`. */
function rootOf(node: Deno.lint.Node): string {
  if (node.type === "MemberExpression") return rootOf(node.object);
  return node.type === "Identifier" ? node.name : "";
}

/** A test passes in what it replaces. */
export function noGlobalAssign(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const { part } = placeOf(context.filename);
  if (part !== "tests") return {};
  const report = (node: { readonly range: Deno.lint.Range }): void =>
    context.report({
      range: node.range,
      message: "a test that replaces a global",
      hint: "pass it in, as the functions of the project take it",
    });
  const isWorld = (node: Deno.lint.Node | undefined): boolean => node !== undefined && WORLD.test(rootOf(node));
  return {
    AssignmentExpression(node) {
      if (node.left.type !== "MemberExpression" || !isWorld(node.left)) return;
      if (!/^(?:process|Deno)\.exitCode$/.test(context.sourceCode.getText(node.left))) report(node);
    },
    UnaryExpression(node) {
      if (node.operator === "delete" && isWorld(node.argument)) report(node);
    },
    CallExpression(node) {
      const name = context.sourceCode.getText(node.callee);
      if (/^(?:Object\.defineProperty|Object\.assign|Reflect\.set|mock\.method|t\.mock\.method)$/.test(name)) {
        if (isWorld(node.arguments[0])) report(node);
      } else if (/^Deno\.env\.(?:set|delete)$/.test(name)) report(node);
    },
  };
}
