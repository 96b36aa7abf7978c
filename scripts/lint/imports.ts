import { placeOf } from "./place.ts";

/** What each layer may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  mod: ["doctor", "shell", "credential", "azure", "core"],
  main: ["cli", "host", "core"],
  cli: ["doctor", "proxy", "shell", "credential", "azure", "core"],
  doctor: ["credential", "azure", "core"],
  proxy: ["credential", "azure", "core"],
  shell: ["credential", "azure", "core"],
  credential: ["azure", "core"],
  azure: ["core"],
  host: ["core"],
  core: [],
};

type Source = Deno.lint.StringLiteral | Deno.lint.Expression | null;

const specifier = (source: Source): string | undefined =>
  source?.type === "Literal" && typeof source.value === "string" ? source.value : undefined;

/** The layer that a relative import leads to, or `undefined` outside of `src`. */
function layerOf(path: string, target: string): string | undefined {
  const { pathname } = new URL(target, `file:///${path}`);
  const place = placeOf(pathname);
  return place.part === "src" ? place.layer : undefined;
}

/** Imports point one way: main, cli, doctor and shell, credential, azure, core; and main, host, core. */
export function layers(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const { part, layer, path } = placeOf(context.filename);
  if (part !== "src") return {};
  const check = (node: { readonly source: Source; readonly range: Deno.lint.Range }): void => {
    const target = specifier(node.source);
    if (target === undefined || !target.startsWith(".")) return;
    const to = layerOf(path, target);
    if (to === undefined) {
      if (layer === "main" || (layer === "cli" && target.endsWith("/deno.json"))) return;
      context.report({ range: node.range, message: `${path} imports ${target}, which is not in src` });
      return;
    }
    if (to === layer || MAY_IMPORT[layer]?.includes(to) === true) return;
    const allowed = MAY_IMPORT[layer] ?? [];
    context.report({
      range: node.range,
      message: `${layer} must not import ${to}`,
      hint: allowed.length === 0
        ? `${layer} imports itself alone`
        : `${layer} may import ${allowed.join(", ")}; pass the rest in as a parameter`,
    });
  };
  return {
    ImportDeclaration: check,
    ExportAllDeclaration: check,
    ExportNamedDeclaration: check,
    ImportExpression: check,
  };
}

const isSdk = (target: string): boolean => target.startsWith("@azure/") || /(^|\/)sdk\//.test(target);

/** The Azure packages look at the world when they are imported, so they come in by `await import()` inside a function. */
export function sdkImport(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const { part, path } = placeOf(context.filename);
  if (part !== "src" || isSdk(path)) return {};
  const check = (
    node: {
      readonly source: Source;
      readonly range: Deno.lint.Range;
      readonly importKind?: string;
      readonly exportKind?: string;
    },
  ): void => {
    const target = specifier(node.source);
    if (target === undefined || !isSdk(target)) return;
    if (node.importKind === "type" || node.exportKind === "type") return;
    context.report({
      range: node.range,
      message: `${target} is imported when this file is`,
      hint: "use `import type`, and `await import()` inside the function that needs a value",
    });
  };
  return { ImportDeclaration: check, ExportAllDeclaration: check, ExportNamedDeclaration: check };
}
