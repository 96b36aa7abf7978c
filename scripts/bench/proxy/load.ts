import { join } from "node:path";
import { output } from "./processes.ts";

/** A proxy that is measured. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly sinkPort: number;
  readonly key: string;
  readonly pids: readonly number[];
}

/** Asks for two seconds, each client as soon as it is answered. */
export async function wrk(
  { port, key }: Target,
  clients: number,
): Promise<{ perSecond: number; p99Ms: number; count: number }> {
  const fields = ["-H", `Authorization: Bearer ${key}`];
  const text = await output("wrk", [
    "-t1",
    `-c${clients}`,
    "-d2s",
    "--latency",
    ...fields,
    `http://127.0.0.1:${port}/x`,
  ]);
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`requests failed: ${text}`);
  const [, value = "", unit = ""] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  const scale = unit === "us" ? 0.001 : unit === "ms" ? 1 : 1000;
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]),
    p99Ms: Number(value) * scale,
    count: Number(/(\d+) requests in/.exec(text)?.[1]),
  };
}

/** Bytes a second of one large transfer. */
export async function stream(
  { port, sinkPort, key }: Target,
  what: "get" | "put",
  { folder, bytes }: { readonly folder: string; readonly bytes: number },
): Promise<number> {
  const how = what === "get" ? ["-o", "/dev/null"] : ["-T", join(folder, "large"), "-H", "Expect:"];
  const url = what === "get" ? `http://127.0.0.1:${port}/large` : `http://127.0.0.1:${sinkPort}/sink`;
  const startedAt = performance.now();
  const answer = await output("curl", ["-sS", "-w", "%{http_code}", "-H", `Authorization: Bearer ${key}`, ...how, url]);
  if (!answer.endsWith("200")) throw new Error(`${what} was answered ${answer}`);
  return bytes / (performance.now() - startedAt) * 1000;
}
