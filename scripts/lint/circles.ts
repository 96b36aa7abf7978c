import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { placeOf } from "./place.ts";

/** Relative imports and exports of a source text, type imports included; not those of examples in comments. */
const IMPORT = /^(?:import|export)\s(?:[^;"]*?\sfrom\s)?"(\.{1,2}\/[^"]+\.m?[jt]s)"/gm;

/** What each file that was read imports: lint asks for the same ones again and again. */
const known = new Map<string, readonly string[]>();

/** The files that a file imports, as URLs; none for a file that is not there. */
function importsOf(url: string): readonly string[] {
  const before = known.get(url);
  if (before !== undefined) return before;
  let text = "";
  try {
    text = readFileSync(fileURLToPath(url), "utf8");
  } catch {
    // The type check names what is missing.
  }
  const found = [...text.matchAll(IMPORT)].map(([, target = ""]) => new URL(target, url).href);
  known.set(url, found);
  return found;
}

/** The shortest way by imports from one file to another, both included, or `undefined`. */
function wayTo(goal: string, from: string): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const url of cameFrom.keys()) {
    if (url === goal) {
      const way: string[] = [];
      for (let at: string | undefined = url; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
      return way;
    }
    for (const next of importsOf(url)) if (!cameFrom.has(next)) cameFrom.set(next, url);
  }
  return undefined;
}

/** No file imports itself by way of others, for its types alone either. */
export function circles(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const own = pathToFileURL(context.filename).href;
  const check = (
    { source, range }: { readonly source: Deno.lint.StringLiteral | null; readonly range: Deno.lint.Range },
  ): void => {
    if (source?.value.startsWith(".") !== true) return;
    const way = wayTo(own, new URL(source.value, own).href);
    if (way === undefined) return;
    const names = [own, ...way].map((url) => placeOf(fileURLToPath(url)).path);
    context.report({
      range,
      message: `these files import each other: ${names.join(" -> ")}`,
      hint: "put what both need, such as a type, into a file of its own",
    });
  };
  return { ImportDeclaration: check, ExportAllDeclaration: check, ExportNamedDeclaration: check };
}
