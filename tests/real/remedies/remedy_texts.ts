import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../scripts/build/build.ts";
import { linesOf } from "./lines.ts";

/** Where a text of the source holds a line of shell: a file, and what the line looks like, with `…` for what is filled in. */
export interface RemedyText {
  readonly path: string;
  readonly text: string;
}

/** Texts that hold lines of shell and are no remedy: help, and what formats and completions say of themselves. */
const NO_REMEDY =
  /^src\/(?:cli\/(?:program|completions\/|launchers)|shell\/(?!refusal)|core\/settings\/(?:settings|identity_settings))/;

/**
 * Finds the lines of shell that remedies in the source hold.
 *
 * @returns each text, once for each file
 */
export function remedyTexts(): readonly RemedyText[] {
  const paths = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts")).map((path) => join("src", path)).sort();
  return paths.filter((path) => !NO_REMEDY.test(path)).flatMap((path) => {
    const texts = new Set<string>();
    const note = (text: string): void => {
      // A single word is the name of a command or of a file.
      if (linesOf(text).length > 0 && text.trim().includes(" ")) texts.add(text);
    };
    const visitor: Deno.lint.LintVisitor = {
      Literal: (node) => typeof node.value === "string" ? note(node.value) : undefined,
      TemplateLiteral: (node) => note(node.quasis.map(({ cooked }) => cooked).join("…")),
    };
    const plugin: Deno.lint.Plugin = { name: "texts", rules: { texts: { create: () => visitor } } };
    Deno.lint.runPlugin(plugin, path, readFileSync(join(ROOT, path), "utf8"));
    return [...texts].map((text) => ({ path, text }));
  });
}

/** Whether a remedy, as it was printed, is of a text of the source. */
export function isOf(remedy: string, { text }: RemedyText): boolean {
  const pattern = text.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[^]*?");
  return new RegExp(pattern).test(remedy);
}
