import { placeOf } from "./place.ts";

const GLOBALS: ReadonlySet<string> = new Set([
  ...["fetch", "process", "Deno", "Bun", "console", "performance", "globalThis", "self", "window", "navigator"],
  ...["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate"],
  ...["alert", "confirm", "prompt", "Worker", "WebSocket", "EventSource", "localStorage", "sessionStorage", "caches"],
]);

/** Modules of Node that only compute. */
const PURE: ReadonlySet<string> = new Set([
  ...["node:assert", "node:assert/strict", "node:buffer", "node:crypto", "node:path", "node:path/posix"],
  ...["node:querystring", "node:string_decoder", "node:url", "node:util"],
]);

const MEMBERS: ReadonlySet<string> = new Set([
  ...["Date.now", "Math.random", "AbortSignal.timeout", "crypto.randomUUID", "crypto.getRandomValues"],
]);

const HINT = "take it as a parameter: Pick<Host, …>; only src/host and src/main.ts touch the world";

/** Whether an identifier stands for a value of the scope, not for a member's name or a type. */
function isReference(node: Deno.lint.Identifier): boolean {
  const parent = node.parent as Deno.lint.Node & { readonly computed?: boolean };
  switch (parent.type) {
    case "MemberExpression":
      return parent.object === node || parent.computed === true;
    case "Property":
      return parent.value === node || parent.computed === true;
    case "PropertyDefinition":
    case "MethodDefinition":
      return parent.key !== node || parent.computed === true;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "ImportSpecifier":
    case "ExportSpecifier":
      return false;
    default:
      return !parent.type.startsWith("TS") || /^TS(As|NonNull|Satisfies)|^TSTypeAssertion/.test(parent.type);
  }
}

/** Names that a pattern binds. */
function bound(pattern: Deno.lint.Node | Deno.lint.Parameter | null): readonly string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) => bound(property.type === "Property" ? property.value : property));
    case "ArrayPattern":
      return pattern.elements.flatMap(bound);
    case "AssignmentPattern":
      return bound(pattern.left);
    case "RestElement":
      return bound(pattern.argument);
    default:
      return [];
  }
}

/** Only `src/host` and `src/main.ts` touch the world; all else takes it as a value. */
export function world(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const { part, layer } = placeOf(context.filename);
  if (part !== "src" || layer === "host" || layer === "main") return {};
  const own = new Set<string>();
  const seen: Deno.lint.Identifier[] = [];
  const declare = (patterns: readonly (Deno.lint.Node | Deno.lint.Parameter | null)[]): void => {
    for (const name of patterns.flatMap(bound)) own.add(name);
  };
  const report = (node: { readonly range: Deno.lint.Range }, what: string): void =>
    context.report({ range: node.range, message: `${what} is the world outside`, hint: HINT });
  return {
    VariableDeclarator: (node) => declare([node.id]),
    FunctionDeclaration: (node) => declare([node.id, ...node.params]),
    FunctionExpression: (node) => declare(node.params),
    ArrowFunctionExpression: (node) => declare(node.params),
    CatchClause: (node) => declare([node.param]),
    ImportSpecifier: (node) => declare([node.local]),
    Identifier(node) {
      if (GLOBALS.has(node.name) && isReference(node)) seen.push(node);
    },
    MemberExpression(node) {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
      const name = `${node.object.name}.${node.property.name}`;
      if (MEMBERS.has(name)) report(node, name);
    },
    NewExpression(node) {
      if (node.callee.type !== "Identifier" || node.callee.name !== "Date") return;
      if (node.arguments.length === 0) report(node, "new Date()");
    },
    ImportDeclaration(node) {
      const target = node.source.value;
      if (target.startsWith("node:") && !PURE.has(target) && node.importKind !== "type") report(node, target);
    },
    ImportExpression(node) {
      const target = node.source.type === "Literal" ? String(node.source.value) : "node:";
      if (target.startsWith("node:") && !PURE.has(target)) report(node, "what is imported here");
    },
    "Program:exit"() {
      for (const node of seen) if (!own.has(node.name)) report(node, node.name);
    },
  };
}
