import { placeOf } from "./place.ts";

const CONTRACTION =
  /\b(?:\w+n't|(?:it|that|there|what|here|let|who|he|she)'s|(?:i|you|we|they|it|that)'(?:re|ll|ve|d|m))\b/i;
const BLAME = /\b(?:please|sorry|oops|you must|you should|illegal|wrongly)\b/i;

/** The pieces of text that an expression certainly holds, in order; `undefined` stands for what is filled in. */
function pieces(node: Deno.lint.Node): readonly (string | undefined)[] {
  switch (node.type) {
    case "Literal":
      return [String(node.value)];
    case "TemplateLiteral":
      return node.quasis.flatMap((quasi, at) => at === 0 ? [quasi.cooked] : [undefined, quasi.cooked]);
    case "BinaryExpression":
      return [...pieces(node.left), ...pieces(node.right)];
    default:
      return [undefined];
  }
}

/** The alternatives that an expression may give. */
function branches(node: Deno.lint.Node): readonly Deno.lint.Node[] {
  if (node.type !== "ConditionalExpression") return [node];
  return [...branches(node.consequent), ...branches(node.alternate)];
}

/** What is wrong with one text of an error, or `undefined`. */
function faultOf(kind: "message" | "remedy", parts: readonly (string | undefined)[]): string | undefined {
  const text = parts.map((part) => part ?? "…").join("");
  if (text.trim() === "") return `a ${kind} must not be empty`;
  if (kind === "message" && !/^(?:Cannot |…)/.test(text)) return 'a message begins with "Cannot "';
  if (/[.!]\s*$/.test(text)) return `a ${kind} has no final period`;
  if (kind === "remedy" && /^[A-Z][a-z]+ /.test(text)) return "a remedy begins in lower case";
  if (CONTRACTION.test(text)) return `a ${kind} has no contraction`;
  if (kind === "message" && BLAME.test(text)) return "a message says what is so, without blame or apology";
  return undefined;
}

/** Words that begin a line of shell. */
const COMMAND = /^(?:az|cat|chmod|curl|eval|export|ls|mlflow-auth|mv|openssl|sed|sudo|unset) /;

/**
 * A remedy that begins with a command is a line to paste, to its end; words stand before a command, with a colon between them.
 *
 * @param text the remedy, with `…` for what is filled in
 * @returns what is wrong with it, or `undefined`
 */
function faultOfLine(text: string): string | undefined {
  const isWords = /(?:, |; | {2}\(|: )(?!(?:export|az|eval|unset|cat|openssl) )/.test(
    text.replaceAll(/"[^"]*"|'[^']*'/g, '""'),
  );
  return COMMAND.test(text) && isWords
    ? "a remedy that begins with a command holds nothing else: words, a colon, the command"
    : undefined;
}

const LEAKS: ReadonlySet<string> = new Set(["reveal", "text", "json", "bodyAsText"]);

/** `new AuthError(code, { message, remedy })`: `Cannot <do what> "<with what>": <what is so>`, and nothing secret in it. */
export function errorMessage(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  if (placeOf(context.filename).part !== "src") return {};
  const inside = (node: Deno.lint.Node): boolean => {
    const above = context.sourceCode.getAncestors(node);
    return above.some((one) =>
      one.type === "Property" && one.key.type === "Identifier" && /^(?:message|remedy)$/.test(one.key.name) &&
      one.parent.parent.type === "NewExpression"
    );
  };
  return {
    Property(node) {
      if (node.key.type !== "Identifier" || node.key.name !== "remedy") return;
      const value = node.value.type === "ArrowFunctionExpression" ? node.value.body : node.value;
      for (const branch of branches(value)) {
        const fault = faultOfLine(pieces(branch).map((part) => part ?? "…").join(""));
        if (fault !== undefined) context.report({ range: branch.range, message: fault });
      }
    },
    NewExpression(node) {
      if (node.callee.type !== "Identifier" || node.callee.name !== "AuthError") return;
      const details = node.arguments[1];
      if (details?.type !== "ObjectExpression") return;
      for (const property of details.properties) {
        if (property.type !== "Property" || property.key.type !== "Identifier") continue;
        const kind = property.key.name;
        if (kind !== "message" && kind !== "remedy") continue;
        for (const branch of branches(property.value)) {
          const fault = faultOf(kind, pieces(branch));
          if (fault !== undefined) context.report({ range: branch.range, message: fault });
        }
      }
    },
    CallExpression(node) {
      if (node.callee.type !== "MemberExpression" || node.callee.property.type !== "Identifier") return;
      const name = node.callee.property.name;
      if (!LEAKS.has(name) || !inside(node)) return;
      context.report({ range: node.range, message: `.${name}() in an error: it would show a secret or a body` });
    },
  };
}
