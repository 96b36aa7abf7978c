/** A text that `docs/errors.md` says is seen. */
export interface SeenText {
  readonly code: string;
  readonly text: string;
}

/**
 * Takes the texts out of the page of errors: what stands as code in the paragraph **Seen.** of each code, but for single words, which
 * are names of commands and variables.
 *
 * @param page `docs/errors.md`
 * @returns the texts, in the order of the page
 *
 * @example
 * ```ts
 * import { seenTexts } from "./seen_texts.ts";
 * import assert from "node:assert/strict";
 *
 * const page = "### usage\n\n**Seen.** `Cannot go on: x`, of `exec`\n\n**Why.** `no such text`\n";
 * assert.deepEqual(seenTexts(page), [{ code: "usage", text: "Cannot go on: x" }]);
 * ```
 */
export function seenTexts(page: string): readonly SeenText[] {
  return page.split(/^### /m).slice(1).flatMap((section) => {
    const code = section.slice(0, section.indexOf("\n")).trim();
    const paragraph = /^\*\*Seen\.\*\* ([^]*?)\n\n/m.exec(section)?.[1]?.replaceAll("\n", " ") ?? "";
    const spans = [...paragraph.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
    return spans.filter((text) => text.includes(" ") && !text.startsWith("doctor ")).map((text) => ({ code, text }));
  });
}

/**
 * A message without what differs from one world to the next: addresses, names in quotes, ids, paths and numbers.
 *
 * @param message what was printed, or what a page says is
 * @returns the message with `…` in their places
 *
 * @example
 * ```ts
 * import { withoutValues } from "./seen_texts.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(withoutValues('Cannot read "a" from team.vault.azure.net: 3 of /x'), 'Cannot read "…" from …: … of …');
 * ```
 */
export function withoutValues(message: string): string {
  return message
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll(/\b[a-z]+:\/\/[^\s),;]+/g, "…")
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "…")
    .replaceAll(/(?<![\w/])[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?/gi, "…")
    .replaceAll(/(?<!\w)~?\/[^\s),;:]+/g, "…")
    .replaceAll(/\b\d+(?:[-:]\d+)*\b/g, "…");
}

/**
 * Finds texts that are printed nowhere.
 *
 * @param seen the texts of the page
 * @param printed messages of the program, by code
 * @returns a line for each, with what is printed in its place
 */
export function unprinted(
  seen: readonly SeenText[],
  printed: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  return seen.flatMap(({ code, text }) => {
    const messages = [...printed.get(code) ?? []];
    const wanted = withoutValues(text);
    const begins = wanted.startsWith("Cannot ");
    const fits = messages.map(withoutValues).some((one) => {
      // A text that is cut off begins a message; one that is no sentence is what a message ends in.
      if (/[ (]…$/.test(text)) return begins && one.startsWith(wanted.replace(/…$/, ""));
      return begins ? one === wanted : one.endsWith(`: ${wanted}`);
    });
    return fits ? [] : [`${code}: nothing prints "${text}", but: ${messages.slice(0, 12).join(" | ")}`];
  });
}
