/**
 * Writes `src/cli/pages.json` anew from `docs/errors.md`: what `mlflow-auth explain` prints without a network. `deno task pages`.
 *
 * @module
 */
import { join } from "node:path";

/**
 * Takes the pages of the codes out of the document.
 *
 * @param text `docs/errors.md`
 * @returns each code's page as it stands, without its heading
 *
 * @example
 * ```ts
 * import { pagesOf } from "./pages.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(pagesOf("# Errors\n\n### usage\n\nWhy.\n\n## Next\n\n### other\n\nX"), { usage: "Why.", other: "X" });
 * ```
 */
export function pagesOf(text: string): Readonly<Record<string, string>> {
  const sections = text.split(/^(?=#{2,3} )/m);
  return Object.fromEntries(sections.flatMap((section) => {
    const [, code, page] = /^### ([a-z][a-z-]*)\n([\s\S]*)$/.exec(section) ?? [];
    return code === undefined || page === undefined ? [] : [[code, page.trim()] as const];
  }));
}

if (import.meta.main) {
  const root = join(import.meta.dirname ?? ".", "..");
  const pages = pagesOf(await Deno.readTextFile(join(root, "docs", "errors.md")));
  await Deno.writeTextFile(join(root, "src", "cli", "pages.json"), `${JSON.stringify(pages, null, 2)}\n`);
}
