import type { Channel } from "../../core/sockets.ts";
import type { Admitted } from "../client/admit.ts";
import { type PassedOn, passedOnHead } from "./answer.ts";
import { type Extent, makeExtent } from "../http1/extent.ts";
import { headAndBody } from "../http1/latin1.ts";
import type { Framing } from "../http1/framing.ts";
import type { ParsedHead } from "../http1/llhttp.ts";
import type { Source } from "../http1/source.ts";

/** How an answer went. */
export interface Relayed {
  /** Whether the client has all of it. */
  readonly whole: boolean;
  /** Bytes of its body. */
  readonly bytes: number;
}

/** How a client is answered. */
export interface RelayOptions extends Omit<PassedOn, "framing"> {
  /** How the body ends at the tracking server's side. */
  readonly framing: Framing;
  readonly source: Pick<Source, "take" | "takeReady" | "unread" | "broke">;
  readonly client: Pick<Channel, "write">;
}

/** Puts data into a chunk of its own. */
const asChunk = (data: Uint8Array): Uint8Array =>
  headAndBody(`${data.length.toString(16)}\r\n`, [data, new Uint8Array([13, 10])]);

const LAST_CHUNK = "0\r\n\r\n";

/** Makes of bytes of the tracking server what the client gets, and says how many belonged to the body; `undefined` for nonsense. */
type Rewrite = (bytes: Uint8Array, extent: Extent) => { readonly used: number | undefined; readonly parts: Parts };

type Parts = readonly Uint8Array[];

/** The bytes as they are. */
const pass: Rewrite = (bytes, extent) => {
  const used = extent.take(bytes);
  return { used, parts: [used === bytes.length ? bytes : bytes.subarray(0, used)] };
};

/** The data alone, for a client that knows no chunks. */
const unchunk: Rewrite = (bytes, extent) => {
  const parts: Uint8Array[] = [];
  return { used: extent.take(bytes, (data) => parts.push(data)), parts };
};

/** Chunks of a body that has no end of its own: one that is cut off must not look whole. */
const chunk: Rewrite = (bytes, extent) => ({ used: extent.take(bytes), parts: [asChunk(bytes)] });

/** The client's framing, and how to come to it. */
export function planOf(framing: Framing, minor: 0 | 1): { readonly framing: Framing; readonly rewrite: Rewrite } {
  if (framing.kind === "chunked" && minor === 0) return { framing: { kind: "close" }, rewrite: unchunk };
  if (framing.kind === "close" && minor === 1) return { framing: { kind: "chunked" }, rewrite: chunk };
  return { framing, rewrite: pass };
}

/**
 * Passes an answer on while it comes.
 *
 * @param head the answer's head
 * @param request what was asked
 * @param options both sides
 * @returns how it went; rejects where the client has gone
 */
export async function relay(
  head: ParsedHead,
  request: Pick<Admitted, "minor">,
  { framing, source, client, keep, prefix, to }: RelayOptions,
): Promise<Relayed> {
  const plan = planOf(framing, request.minor);
  const extent = makeExtent(framing);
  let text = passedOnHead(head, request, { framing: plan.framing, keep, prefix, to });
  let bytes = 0;
  // What has come with the head goes out with it.
  let came: Uint8Array | null | undefined = extent.done() ? undefined : source.takeReady();
  if (came === undefined) {
    await client.write(headAndBody(text));
    text = "";
  }
  while (!extent.done()) {
    came ??= source.takeReady() ?? await source.take();
    if (came === null) {
      if (extent.endsWithConnection && !source.broke()) break;
      return { whole: false, bytes };
    }
    const { used, parts } = plan.rewrite(came, extent);
    if (used === undefined) return { whole: false, bytes };
    // Nobody asked for what follows: a connection that holds more is not used again.
    if (used < came.length) source.unread(came.subarray(used));
    came = undefined;
    for (const part of parts) bytes += part.length;
    const [first] = parts;
    if (text !== "" || parts.length > 1) await client.write(headAndBody(text, parts));
    else if (first !== undefined && first.length > 0) await client.write(first);
    text = "";
  }
  if (plan.rewrite === chunk) await client.write(headAndBody(LAST_CHUNK));
  return { whole: true, bytes };
}
