import { makeExtent } from "../http1/extent.ts";
import type { Framing } from "../http1/framing.ts";
import { headAndBody } from "../http1/latin1.ts";
import type { ParsedHead } from "../http1/llhttp.ts";
import type { Source } from "../http1/source.ts";

/** Most of a refusal that is looked at. */
const MAX_LOOK_BYTES = 64 * 1024;

/** MLflow's own refusals, which no other credential would change. */
const OWN = /^\s*(?:Permission denied|Invalid Host header\b|Cross-origin request blocked\b)/;

/** The text of a body, decompressed where that is possible. */
async function decode(data: readonly Uint8Array[], encoding: string): Promise<string> {
  const whole = new Blob(data.map((part) => part.slice()));
  const format = /^(?:x-)?gzip$/i.test(encoding) ? "gzip" : /^deflate$/i.test(encoding) ? "deflate" : undefined;
  if (format === undefined) return await whole.text();
  try {
    return await new Response(whole.stream().pipeThrough(new DecompressionStream(format))).text();
  } catch {
    // No text of MLflow's: it does not compress what is so short.
    return "";
  }
}

/**
 * Whether a refusal says in MLflow's own words that the user is known but may not. Its body is put back, to be passed on.
 *
 * @param head the refusal's head
 * @param options how its body ends, and where it comes from
 * @returns true where another credential would change nothing
 */
export async function isPermissionDenied(
  head: ParsedHead,
  { framing, source }: { readonly framing: Framing; readonly source: Pick<Source, "take" | "unread"> },
): Promise<boolean> {
  const extent = makeExtent(framing);
  const raw: Uint8Array[] = [];
  const data: Uint8Array[] = [];
  let length = 0;
  while (!extent.done() && length <= MAX_LOOK_BYTES) {
    const bytes = await source.take();
    if (bytes === null) break;
    const copy = bytes.slice();
    raw.push(copy);
    length += copy.length;
    if (extent.take(copy, (part) => data.push(part)) === undefined) break;
  }
  source.unread(headAndBody("", raw));
  const encoding = head.fields.find(({ key }) => key === "content-encoding")?.value ?? "";
  return length <= MAX_LOOK_BYTES && OWN.test(await decode(data, encoding));
}
