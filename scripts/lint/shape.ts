import { placeOf } from "./place.ts";

type Visitor = Deno.lint.LintVisitor;
type Context = Deno.lint.RuleContext;
type Callable = Deno.lint.FunctionDeclaration | Deno.lint.FunctionExpression | Deno.lint.ArrowFunctionExpression;

/** A cast through `unknown` says that nothing is known: `unknown` becomes a type by a ladder of guards. */
export function noDoubleCast(context: Context): Visitor {
  return {
    TSAsExpression(node) {
      const inner = node.expression;
      if (inner.type !== "TSAsExpression" || inner.typeAnnotation.type !== "TSUnknownKeyword") return;
      context.report({
        range: node.range,
        message: "as unknown as",
        hint: "check what it is with guards that each say what is missing",
      });
    },
  };
}

const DEFAULTS: ReadonlySet<string> = new Set(["Literal", "TemplateLiteral", "ArrayExpression", "ObjectExpression"]);

/** `||` also replaces `0`, `""` and `false`. */
export function noOrDefault(context: Context): Visitor {
  const check = (
    node: { readonly operator: string; readonly right: Deno.lint.Expression; readonly range: Deno.lint.Range },
  ): void => {
    if (node.operator !== "||" && node.operator !== "||=") return;
    const { right } = node;
    if (!DEFAULTS.has(right.type) || (right.type === "Literal" && typeof right.value === "boolean")) return;
    context.report({ range: node.range, message: "|| as a default", hint: "use ??, or say which values are replaced" });
  };
  return { LogicalExpression: check, AssignmentExpression: check };
}

/** Whether a parameter takes an object of named values. */
function isOptions(param: Deno.lint.Parameter | undefined): boolean {
  if (param?.type === "AssignmentPattern") return isOptions(param.left as Deno.lint.Parameter);
  if (param?.type === "ObjectPattern") return true;
  const type = param?.type === "Identifier" ? param.typeAnnotation?.typeAnnotation.type : undefined;
  return type === "TSTypeReference" || type === "TSTypeLiteral" || type === "TSIntersectionType";
}

/** Whether a parameter says its own type. */
function isTyped(param: Deno.lint.Parameter): boolean {
  if (param.type === "AssignmentPattern") return isTyped(param.left as Deno.lint.Parameter);
  return param.type !== "TSParameterProperty" && param.typeAnnotation !== undefined;
}

/** At most two positional parameters, then one options object. A callback has the parameters that its caller gives. */
export function maxParams(context: Context): Visitor {
  if (!/^(?:src|scripts)$/.test(placeOf(context.filename).part)) return {};
  const check = (node: Callable): void => {
    const params = node.params.filter((param) => !(param.type === "Identifier" && param.name === "this"));
    if (params.length <= 2 || (params.length === 3 && isOptions(params[2]))) return;
    // Parameters without a type are given by whoever calls: a callback, or a function that implements a type.
    const { parent } = node;
    const isArgument = (parent.type === "CallExpression" || parent.type === "NewExpression") && parent.callee !== node;
    if (isArgument || !params.some(isTyped)) return;
    context.report({
      range: node.range,
      message: `${params.length} positional parameters`,
      hint: "take at most two, then one options object",
    });
  };
  return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
}

/** Whether a value is there to be filled later. */
function isEmptyStore(node: Deno.lint.Node | null): boolean {
  if (node?.type === "TSAsExpression" || node?.type === "TSSatisfiesExpression") return isEmptyStore(node.expression);
  if (node?.type === "ArrayExpression") return node.elements.length === 0;
  if (node?.type === "ObjectExpression") return node.properties.length === 0;
  if (node?.type !== "NewExpression" || node.callee.type !== "Identifier") return false;
  return /^(?:Weak)?(?:Map|Set)$/.test(node.callee.name) && node.arguments.length === 0;
}

/** A module has no state and does no work when it is imported. */
export function noModuleState(context: Context): Visitor {
  const { part, layer } = placeOf(context.filename);
  if (part === "other") return {};
  const message = (what: string): string => `${what} at the top level is state of the module`;
  const hint = "make a function that returns what keeps the state";
  return {
    Program(node) {
      for (const statement of node.body) {
        const own = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
        if (own?.type === "VariableDeclaration") {
          if (own.kind !== "const") {
            if (part === "src") context.report({ range: own.range, message: message(own.kind), hint });
            continue;
          }
          for (const { init, range } of own.declarations) {
            if (part === "src" && isEmptyStore(init)) {
              context.report({ range, message: message("an empty store"), hint });
            }
          }
        } else if (part === "src" && layer !== "main" && own?.type === "ExpressionStatement") {
          context.report({ range: own.range, message: "a statement at the top level runs at import", hint });
        }
      }
    },
  };
}

/** What is passed around does not change. */
export function readonlyMembers(context: Context): Visitor {
  if (placeOf(context.filename).part !== "src") return {};
  return {
    TSPropertySignature(node) {
      if (node.readonly) return;
      const above = context.sourceCode.getAncestors(node);
      if (!above.some(({ type }) => type === "TSInterfaceDeclaration" || type === "TSTypeAliasDeclaration")) return;
      context.report({ range: node.range, message: "a member that may change", hint: "write readonly before it" });
    },
  };
}

/** Every export begins with a sentence that says what it is. */
export function exportDoc(context: Context): Visitor {
  const { part, layer } = placeOf(context.filename);
  if (part !== "src" || layer === "main") return {};
  return {
    ExportNamedDeclaration(node) {
      if (node.declaration === null) return;
      const before = context.sourceCode.getCommentsBefore(node).at(-1);
      if (before?.type === "Block" && before.value.startsWith("*")) return;
      context.report({ range: node.range, message: "an export without a doc comment", hint: "/** One sentence. */" });
    },
  };
}
