import { type Challenge, readChallenges } from "./challenges.ts";

/** What an answer shows, as far as a verdict needs it. The text never goes into a message. */
export interface Answer {
  readonly status: number;
  /** Media type without parameters, in lower case. */
  readonly type: string;
  readonly text: string;
  /** How the body ended: `cut` where the connection broke in it, `garbled` where it is not in the encoding that it names. */
  readonly end: "whole" | "cut" | "garbled" | "endless";
  /** Where a redirect leads. */
  readonly redirect: URL | undefined;
  readonly challenges: readonly Challenge[];
  /** A gateway that names itself in a header. */
  readonly gateway: string | undefined;
}

const MAX_TEXT_BYTES = 64 * 1024;
/** A body of a few lines that is not there by then never ends. */
const BODY_MS = 8_000;

/** Headers by which gateways name themselves. */
const GATEWAYS: readonly (readonly [header: string, name: string])[] = [
  ["x-goog-iap-generated-response", "Google's Identity-Aware Proxy"],
  ["cf-access-domain", "Cloudflare Access"],
  ["x-amzn-errortype", "Amazon API Gateway"],
  ["x-ms-middleware-request-id", "the authentication of App Service or Container Apps"],
];

/**
 * Reads an answer: at most 64 KiB of it, which is enough to tell MLflow from anything else.
 *
 * @param response what came back, its body as it was sent
 * @param options the URL that was asked, and what ends the reading of a body that does not end by itself
 * @returns what a verdict needs
 *
 * @example
 * ```ts
 * import { readAnswer } from "./answer.ts";
 * import assert from "node:assert/strict";
 *
 * const response = new Response("You are not authenticated.", {
 *   status: 401,
 *   headers: { "content-type": "text/html; charset=utf-8", "www-authenticate": 'Basic realm="mlflow"' },
 * });
 * const never = () => () => {};
 * const answer = await readAnswer(response, { asked: new URL("https://mlflow.example"), after: never });
 * assert.equal(answer.text, "You are not authenticated.");
 * assert.equal(answer.challenges[0]?.scheme, "basic");
 * ```
 */
export async function readAnswer(
  response: Response,
  { asked, after }: { readonly asked: URL; readonly after: (ms: number, run: () => void) => () => void },
): Promise<Answer> {
  const { status, headers } = response;
  const location = headers.get("location");
  const isRedirect = status >= 300 && status < 400 && location !== null && URL.canParse(location, asked);
  const { bytes, end } = await readStart(response, after);
  const decoded = await decode(bytes, headers.get("content-encoding") ?? "");
  return {
    status,
    type: (headers.get("content-type") ?? "").replace(/;.*$/s, "").trim().toLowerCase(),
    text: decoded === undefined ? "" : new TextDecoder().decode(decoded),
    end: end === "whole" && decoded === undefined ? "garbled" : end,
    redirect: isRedirect ? new URL(location, asked) : undefined,
    challenges: readChallenges(headers.get("www-authenticate") ?? ""),
    gateway: GATEWAYS.find(([name]) => headers.has(name))?.[1],
  };
}

interface Start {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly end: "whole" | "cut" | "endless";
}

async function readStart(response: Response, after: (ms: number, run: () => void) => () => void): Promise<Start> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let end: Start["end"] = "whole";
  const late = Promise.withResolvers<undefined>();
  const stop = after(BODY_MS, () => late.resolve(undefined));
  while (reader !== undefined && size < MAX_TEXT_BYTES) {
    const read = await Promise.race([reader.read().catch(() => "cut" as const), late.promise]);
    if (read === "cut" || read === undefined) {
      end = read ?? "endless";
      break;
    }
    if (read.done) break;
    chunks.push(read.value);
    size += read.value.length;
  }
  stop();
  // What is left is of no interest, nor is it that it cannot be cancelled any more.
  reader?.cancel().catch(() => {});
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { bytes, end };
}

/** Undoes what MLflow's client undoes; a runtime that has done so already has taken the header away. */
async function decode(
  bytes: Uint8Array<ArrayBuffer>,
  encoding: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const name = encoding.trim().toLowerCase();
  if (name === "gzip" || name === "x-gzip") return await inflate(bytes, "gzip");
  if (name === "deflate") return await inflate(bytes, "deflate") ?? await inflate(bytes, "deflate-raw");
  return bytes;
}

async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  format: CompressionFormat,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    // Not in this format; the caller says so.
    return undefined;
  }
}
