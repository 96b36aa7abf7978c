import type { Host } from "../../core/host.ts";
import { admit, type Gate } from "./admit.ts";
import type { Client } from "./client.ts";
import { type Engine, exchange, type Exchanged } from "../exchange.ts";
import { readHead } from "../http1/read_head.ts";
import { refusal, type Reply } from "./reply.ts";

/** What serving a client needs besides the engine. */
export interface Service {
  readonly engine: Engine;
  readonly gate: Gate;
  readonly host: Pick<Host, "now">;
  /** Whether no further request is served. */
  readonly closing: () => boolean;
  /** Called when a request has shown the key. */
  readonly onProven: () => void;
  /** Called with true when a request begins, with false when it has ended. */
  readonly onBusy: (busy: boolean) => void;
  /** Answers what is asked of the proxy itself. */
  readonly own: (ask: "ready" | "live" | "end") => Reply;
  /** Called when `POST /-/end` is answered. */
  readonly onEnd: () => void;
}

/** A path as a log may show it: without its query, and without what could begin another line. */
const shown = (target: string): string => (target.split("?")[0] ?? "").replace(/[^\x21-\x7e]/g, "?");

/**
 * Serves a client, one request after another, until one of the two has had enough.
 *
 * @param client its connection
 * @param service what to do with requests
 */
export async function serveClient(client: Client, service: Service): Promise<void> {
  const { engine, gate, host } = service;
  try {
    while (!service.closing()) {
      const bytes = await readHead(client.source);
      if (bytes === "end" || bytes === "cut") return;
      service.onBusy(true);
      const startedAt = host.now();
      const head = typeof bytes === "string" ? undefined : engine.parse(bytes, "request");
      if (head === undefined) {
        const reply = bytes === "too-large"
          ? refusal(431, "Cannot read the request: its head is larger than 64 KiB")
          : refusal(400, "Cannot read the request: its head is malformed");
        await client.reply(reply, { head: false, keep: false });
        return await client.linger();
      }
      const decision = admit(head, gate);
      const log = ({ status, bytes, version }: Exchanged, target: string): void =>
        engine.log.debug(() =>
          `${head.method} ${shown(target)} ${status === 0 ? "client gone" : status} ${host.now() - startedAt} ms ` +
          `${bytes} bytes, secret version ${version ?? "unknown"}`
        );
      if (decision.kind !== "forward") {
        const reply = decision.kind === "reply" ? decision.reply : service.own(decision.ask);
        await client.reply(reply, { head: head.method === "HEAD", keep: false });
        engine.log.debug(() => `${head.method} answered by the proxy: ${reply.status}`);
        if (decision.kind === "own" && decision.ask === "end") service.onEnd();
        return await client.linger();
      }
      service.onProven();
      const ended = await exchange(decision, { client, engine });
      log(ended, decision.target);
      if (!ended.keep) return await client.linger();
      service.onBusy(false);
    }
  } catch {
    // The client has gone in the middle of something; there is nobody to tell.
  } finally {
    service.onBusy(false);
    client.close();
  }
}
