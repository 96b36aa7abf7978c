import type { Log } from "../core/log.ts";
import type { Admitted } from "./client/admit.ts";
import type { Client } from "./client/client.ts";
import { makeExtent } from "./http1/extent.ts";
import { staysOpen } from "./http1/fields.ts";
import type { Destination } from "./upstream/forward.ts";
import { answerFraming, type Framing } from "./http1/framing.ts";
import type { Held, Holder } from "./credential/holder.ts";
import { headAndBody } from "./http1/latin1.ts";
import type { ParsedHead, ParseHead } from "./http1/llhttp.ts";
import type { Connection, Pool } from "./upstream/pool.ts";
import { type HeadBytes, readHead } from "./http1/read_head.ts";
import { isPermissionDenied } from "./upstream/refusal_text.ts";
import { relay } from "./upstream/relay.ts";
import { refusal, type Reply } from "./client/reply.ts";
import { type CopyBudget, makeTape, NO_BODY, type Tape } from "./upstream/tape.ts";
import { type Upload, upload } from "./upstream/upload.ts";
import { upstreamError } from "./upstream/upstream.ts";

/** What every exchange needs. */
export interface Engine {
  readonly pool: Pool;
  readonly holder: Holder;
  readonly parse: ParseHead;
  readonly budget: CopyBudget;
  readonly to: Destination & { readonly origin: string };
  /** The key, as it stands before a path. */
  readonly keyPrefix: string;
  readonly log: Log;
}

/** How an exchange ended. */
export interface Exchanged {
  /** Of the answer; 0 where the client got none. */
  readonly status: number;
  readonly bytes: number;
  readonly version: string | undefined;
  /** Whether the client's connection serves the next request. */
  readonly keep: boolean;
}

/** A request that has been sent, and what answers it. */
interface Asked {
  readonly connection: Connection;
  readonly sending: Upload;
  readonly held: Held;
  readonly head: ParsedHead;
  readonly framing: Framing;
}

/** Why there is no answer to pass on. */
type Failure =
  | { readonly kind: "client" }
  /** A connection that had served before ended before a byte of an answer: the request was not looked at, most likely. */
  | { readonly kind: "stale" }
  | { readonly kind: "reply"; readonly reply: Reply };

const badGateway = (message: string): Failure => ({ kind: "reply", reply: refusal(502, message) });

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

/** What the bytes of an answer's head are: one below 200 only announces that there will be another. `first` where nothing came before. */
function answerOf(
  bytes: HeadBytes,
  { parse, first }: { readonly parse: ParseHead; readonly first: boolean },
): ParsedHead | "announced" | "stale" | "broken" | "malformed" {
  if (bytes === "end") return first ? "stale" : "broken";
  if (bytes === "cut") return "broken";
  const head = typeof bytes === "string" ? undefined : parse(bytes, "answer");
  if (head === undefined || head.status === 101) return "malformed";
  return head.status < 200 ? "announced" : head;
}

/** Sends a request once, and reads the head of what comes back. */
async function ask(
  request: Admitted,
  { engine, client, tape, fresh, held }: {
    readonly engine: Engine;
    readonly client: Client;
    readonly tape: Tape;
    readonly fresh: boolean;
    readonly held: Held;
  },
): Promise<Asked | Failure> {
  let connection = fresh ? undefined : engine.pool.waiting();
  try {
    connection ??= await engine.pool.connect();
  } catch (cause) {
    return badGateway(upstreamError(cause, { host: engine.to.authority }).message);
  }
  const { channel } = connection;
  if (client.gone()) {
    channel.close();
    return { kind: "client" };
  }
  client.onGone(channel.close);
  const onEnded = client.source.watch;
  const sending = upload(request, { tape, connection, to: engine.to, credential: held.value, onEnded });
  const { parse } = engine;
  let head = answerOf(await readHead(connection.source), { parse, first: true });
  while (head === "announced") head = answerOf(await readHead(connection.source), { parse, first: false });
  if (typeof head !== "string") {
    const framing = answerFraming(head, request.method);
    if (framing !== undefined) return { connection, sending, held, head, framing };
  }
  sending.stop();
  channel.close();
  if (client.gone()) return { kind: "client" };
  if (sending.clientFailed()) {
    return { kind: "reply", reply: refusal(400, "Cannot read the request: the framing of its body is broken") };
  }
  if (head === "stale" && connection.used && tape.replayable()) return { kind: "stale" };
  const what = head === "stale" || head === "broken"
    ? "the connection broke before it answered"
    : "its answer is not HTTP/1.1";
  return badGateway(`Cannot pass on the answer of "${engine.to.authority}": ${what}`);
}

/** What to do about a refusal, 401 or 403: pass it on, send the request once more with another credential, or answer in its place. */
async function judge(
  { head, framing, connection, held }: Asked,
  { engine, tape }: { readonly engine: Engine; readonly tape: Tape },
): Promise<"pass" | Held | Reply> {
  const { source } = connection;
  // What broke off is passed on as far as it came.
  if (head.status === 403 && (await isPermissionDenied(head, { framing, source }) || source.broke())) return "pass";
  const renewal = await engine.holder.renew(held);
  switch (renewal.kind) {
    case "same":
      return "pass";
    case "failed":
      return refusal(502, `The tracking server refused the credential (HTTP ${head.status}). ${renewal.why.message}`);
    case "changed":
      if (tape.replayable()) return renewal.held;
      return refusal(503, "The credential was renewed while the request was sent: send it once more", {
        fields: [["Retry-After", "0"]],
      });
  }
}

/** What the body of a request is read through. */
function tapeOf(
  { framing }: Admitted,
  { client, engine }: { readonly client: Client; readonly engine: Engine },
): Tape {
  if (framing.kind === "none") return NO_BODY;
  const bytes = framing.kind === "length" ? framing.bytes : undefined;
  return makeTape(client.source, { extent: makeExtent(framing), bytes, budget: engine.budget });
}

/**
 * Forwards one request, and answers it.
 *
 * @param request what was let in
 * @param options the client, and what every exchange needs
 * @returns how it ended; the client's connection is to be closed unless it is kept
 */
export async function exchange(
  request: Admitted,
  { client, engine }: { readonly client: Client; readonly engine: Engine },
): Promise<Exchanged> {
  const tape = tapeOf(request, { client, engine });
  let held = engine.holder.current();
  const ended = (status: number, more: { readonly bytes?: number; readonly keep?: boolean } = {}): Exchanged => ({
    status,
    bytes: more.bytes ?? 0,
    version: held.version,
    keep: more.keep ?? false,
  });
  const answer = async (reply: Reply): Promise<Exchanged> => {
    const keep = request.keep && tape.ended();
    await client.reply(reply, { head: request.method === "HEAD", keep });
    return ended(reply.status, { keep });
  };
  try {
    if (request.expectsContinue && tape.ready().length === 0) await client.channel.write(headAndBody(CONTINUE));
    for (let fresh = false, renewed = false;;) {
      const asked = await ask(request, { engine, client, tape, fresh, held });
      if ("kind" in asked) {
        if (asked.kind === "client") return ended(0);
        if (asked.kind === "reply") return await answer(asked.reply);
        fresh = true;
        continue;
      }
      const refused = asked.head.status === 401 || asked.head.status === 403;
      const verdict = refused && !renewed ? await judge(asked, { engine, tape }) : "pass";
      if (verdict === "pass") {
        engine.holder.note(asked.held, asked.head.status !== 401);
        const { whole, keep, bytes } = await finish(asked, { request, client, engine, tape });
        if (!whole) client.close();
        return ended(asked.head.status, { bytes, keep: keep && whole });
      }
      asked.sending.stop();
      client.onGone(undefined);
      asked.connection.channel.close();
      if (client.gone() || asked.sending.clientFailed()) return ended(0);
      if ("status" in verdict) return await answer(verdict);
      held = verdict;
      renewed = true;
    }
  } finally {
    client.onGone(undefined);
    tape.release();
  }
}

/** Passes the answer on, and keeps what can be kept. */
async function finish(
  { connection, sending, head, framing }: Asked,
  { request, client, engine, tape }: {
    readonly request: Admitted;
    readonly client: Client;
    readonly engine: Engine;
    readonly tape: Tape;
  },
): Promise<{ readonly whole: boolean; readonly keep: boolean; readonly bytes: number }> {
  // An answer may come before the end of the body, and be made of the rest of it: only who refuses it and hangs up gets no more
  // (RFC 9112, section 9.5).
  const early = !tape.ended();
  const hangsUp = framing.kind === "close" || !staysOpen(head);
  const unwanted = early && hangsUp && head.status >= 400;
  if (unwanted) sending.stop();
  const keep = request.keep && !unwanted && !(request.minor === 0 && /^(?:chunked|close)$/.test(framing.kind));
  try {
    const { whole, bytes } = await relay(head, request, {
      framing,
      keep,
      prefix: request.keyInTarget ? engine.keyPrefix : "",
      to: engine.to,
      source: connection.source,
      client: client.channel,
    });
    if (early && whole && !hangsUp) await sending.over;
    sending.stop();
    client.onGone(undefined);
    if (whole && !hangsUp && sending.complete()) engine.pool.keep(connection);
    else connection.channel.close();
    return { whole, keep: keep && tape.ended(), bytes };
  } catch (cause) {
    connection.channel.close();
    throw cause;
  }
}
