import { AuthError } from "../../src/core/errors.ts";
import { makeLog } from "../../src/core/log.ts";
import { Secret } from "../../src/core/secret.ts";
import { type ProxyParts, type RunningProxy, startProxy } from "../../src/proxy/start_proxy.ts";
import { type End, type MemoryNetwork, memoryNetwork } from "./memory_sockets.ts";

/** The key of a proxy under test. */
export const KEY = "mlflow-auth-0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

/** The fields that most requests need. */
export const HEADERS = `Host: 127.0.0.1:5000\r\nAuthorization: Bearer ${KEY}\r\n`;

/** A proxy in memory, with a vault and a clock that a test moves. */
export interface TestProxy extends MemoryNetwork {
  readonly proxy: RunningProxy;
  readonly log: readonly string[];
  /** Stores a token in the vault; `undefined` takes the vault out of reach. */
  readonly store: (token: string | undefined) => void;
  /** How often the vault was read. */
  readonly reads: () => number;
  /** Lets time pass, and runs what is due. */
  readonly pass: (ms: number) => Promise<void>;
  /** Sends a request on a connection of its own, and gives that. */
  readonly send: (text: string) => Promise<End>;
  /** Whether `POST /-/end` was answered. */
  readonly ended: () => boolean;
}

/** Lets everything that has been begun go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await undefined;
}

/**
 * Starts a proxy in memory for `https://mlflow.example/`, whose vault holds `token-1`.
 *
 * @param parts what is to be otherwise
 * @returns the proxy, and the world around it
 */
export async function startTestProxy(parts: Partial<ProxyParts> = {}): Promise<TestProxy> {
  const network = memoryNetwork();
  const log: string[] = [];
  let nowMs = Date.UTC(2026, 0, 2);
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  let token: string | undefined = "token-1";
  let reads = 0;
  let ended = false;
  const proxy = await startProxy({
    host: {
      now: () => nowMs,
      after: (ms, run) => {
        const timer = { at: nowMs + ms, run };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
      randomHex: () => "0".repeat(32),
      sockets: network.sockets,
    },
    listen: { hostname: "127.0.0.1", port: 0 },
    hostNames: [],
    upstream: new URL("https://mlflow.example/"),
    key: new Secret(KEY),
    headerName: "Authorization",
    readCredential: () => {
      reads++;
      if (token === undefined) {
        const message = 'Cannot read secret "mlflow": team.vault.azure.net refuses the connection';
        return Promise.reject(new AuthError("network-refused", { message, remedy: "try again" }));
      }
      return Promise.resolve({ credential: { kind: "bearer", token: new Secret(token) }, version: `v-${token}` });
    },
    ttlMs: 300_000,
    log: makeLog("DEBUG", (line) => void log.push(line)),
    network: {},
    proxy: undefined,
    farewell: { trackingUri: "https://mlflow.example/" },
    onEnd: () => void (ended = true),
    ...parts,
  });
  return {
    ...network,
    proxy,
    log,
    store: (next) => void (token = next),
    reads: () => reads,
    ended: () => ended,
    pass: async (ms) => {
      const until = nowMs + ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        nowMs = Math.max(nowMs, next.at);
        next.run();
        await settle();
      }
      nowMs = until;
    },
    send: async (text) => {
      const client = network.connect();
      await client.say(text);
      return client;
    },
  };
}
