import type { Host } from "../core/host.ts";
import { tell } from "./output.ts";

const PATIENCE_MS = 2000;

/**
 * Does work that asks the network, and tells a person who has waited for 2 s what for.
 *
 * @param host the world; only a terminal on stderr is told
 * @param work what to do, with a host that remembers whom it asked
 * @returns what the work returns
 *
 * @example
 * ```ts
 * import { withPatience } from "./patience.ts";
 * import { fakeHost, recordingSink } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const host = fakeHost({ stderr: recordingSink(true), sleep: () => Promise.resolve() });
 * await withPatience(host, () => new Promise((settle) => queueMicrotask(() => queueMicrotask(() => settle(1)))));
 * assert.equal(host.stderr.text(), "mlflow-auth: still waiting for an identity\n");
 * ```
 */
export async function withPatience<T>(host: Host, work: (host: Host) => Promise<T>): Promise<T> {
  if (!host.stderr.isTerminal()) return await work(host);
  const asked = new Set<Request>();
  const fetch: Host["fetch"] = async (request, network) => {
    asked.add(request);
    try {
      return await host.fetch(request, network);
    } finally {
      asked.delete(request);
    }
  };
  const done = new AbortController();
  const notice = host.sleep(PATIENCE_MS, done.signal).then(async () => {
    const [oldest] = asked;
    const whom = oldest === undefined ? "an identity" : new URL(oldest.url).host;
    if (!done.signal.aborted) await tell(host, `mlflow-auth: still waiting for ${whom}\n`);
  });
  try {
    return await work({ ...host, fetch });
  } finally {
    done.abort("done");
    await notice;
  }
}
