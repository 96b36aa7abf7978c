import { AuthError, ERRORS } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";
import { print } from "../output.ts";
import { hasColours } from "../print_error.ts";
import { wrapText } from "../../core/wrap.ts";
import { makeCommand } from "./command.ts";

/** `explain`, which prints the page of an error's code, without a network. */
export const EXPLAIN = makeCommand({
  description: "Print the page of docs/errors.md for an error's code. Asks nobody.",
  operands: [{
    name: "[code]",
    doc: "the code, as the line more: below an error has it; without one: all codes",
  }],
  options: [],
  takesSettings: false,
  run: async (_, { operands: [code], host }) => {
    const columns = host.stdout.isTerminal() ? host.stdout.columns() : undefined;
    const bold = hasColours(host.stdout, host.env) ? (text: string) => `\x1b[1m${text}\x1b[0m` : (text: string) => text;
    // Nothing else needs the pages.
    const { default: pages } = await import("../pages.ts");
    await print(host, code === undefined ? listCodes() : pageText(code, { pages, columns, bold }));
    return 0;
  },
});

function listCodes(): string {
  const width = Math.max(...ERRORS.map(({ code }) => code.length));
  return ERRORS.map(({ code, title }) => `${code.padEnd(width)}  ${title}\n`).join("");
}

/**
 * A code's page as text.
 *
 * @param name the code, with or without what stands before it in a link to its page
 * @param look the pages by code, the terminal's width where there is one, and how a word is made bold
 * @returns its title and its page, without the marks of Markdown
 * @throws {AuthError} `usage` for a code that does not exist
 *
 * @example
 * ```ts
 * import { pageText } from "./explain.ts";
 * import assert from "node:assert/strict";
 *
 * const pages = { usage: "**Why.** `x` is wrong.\n\n**Do.** Read on." };
 * const text = pageText("usage", { pages, columns: undefined, bold: (word: string) => word });
 * assert.equal(text, "usage: The command line is not understood\n\nWhy. x is wrong.\n\nDo. Read on.\n");
 * ```
 */
export function pageText(
  name: string,
  { pages, columns, bold }: {
    readonly pages: Readonly<Record<string, string>>;
    readonly columns: number | undefined;
    readonly bold: (text: string) => string;
  },
): string {
  const code = name.replace(/^.*#/, "").toLowerCase();
  const row = ERRORS.find((one) => one.code === code);
  const page = pages[code];
  if (row === undefined || page === undefined) {
    const meant = nearest(code, ERRORS.map((one) => one.code));
    throw new AuthError("usage", {
      message: "Cannot explain this: there is no such code",
      remedy: meant !== undefined && meant.distance <= Math.min(4, code.length / 2 - 0.5)
        ? `mlflow-auth explain ${meant.word}`
        : "see all codes: mlflow-auth explain",
    });
  }
  const parts = page.split(/^```\w*\n([\s\S]*?)^```$/m).map((part, at) =>
    at % 2 === 1 ? part.trimEnd().replace(/^(?=.)/gm, "  ") : prose(part, { columns, bold })
  );
  return `${bold(`${code}:`)} ${row.title}\n\n${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function prose(
  text: string,
  { columns, bold }: { readonly columns: number | undefined; readonly bold: (text: string) => string },
): string {
  const paragraphs = text.trim().split(/\n{2,}/).map((paragraph) => {
    const plain = paragraph.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");
    const joined = /^[-|*]\s/m.test(plain) ? plain : plain.replaceAll("\n", " ");
    const lines = joined.split("\n").map((line) => wrapText(line, { columns, indent: /^- /.test(line) ? 2 : 0 }));
    return lines.join("\n").replaceAll(/\*\*([^*]+)\*\*/g, (_, word: string) => bold(word));
  });
  return paragraphs.join("\n\n");
}
