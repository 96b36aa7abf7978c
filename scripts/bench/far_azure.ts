/**
 * A stand-in for Azure that is some milliseconds away. In two network namespaces, whose kernels speak TCP with each other through a relay
 * of packets that delays them: every round trip counts, the handshakes' and a delayed acknowledgement's too. Where namespaces are refused,
 * behind a relay of loopback connections, which delays what is sent alone.
 *
 * @module
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build/build.ts";
import { run } from "../build/run_tool.ts";
import { azureCommand, type AzureFacts, ended, started, withAzure } from "./azure.ts";
import { delayingRelay } from "./loopback_relay.ts";
import type { Env, Place } from "./measure.ts";

/** Addresses of the two ends; no route leads out of their namespaces. */
const [NEAR, FAR] = ["198.18.0.1", "198.18.0.2"];

/** A place from which Azure is far away. */
export interface FarPlace extends Place {
  /** How it was made. */
  readonly by: "network namespaces" | "loopback relay";
  /** Why not by namespaces. */
  readonly absent?: string;
}

const UNSHARE = ["unshare", "--map-root-user", "--net", "--mount"];

/** Why there are no namespaces with devices of their own here; `undefined` where there are. */
async function whyNoNamespaces(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "network namespaces are Linux's";
  if (!existsSync("/dev/net/tun")) return "/dev/net/tun is not there: sudo modprobe tun";
  const make = "ip tuntap add dev probe mode tun && mount --bind /etc/hosts /etc/hosts && command -v nsenter";
  const probe = await run(UNSHARE[0]!, [...UNSHARE.slice(1), "sh", "-c", make]).catch(() => undefined);
  if (probe === undefined) return "unshare is not installed: sudo apt-get install -y util-linux iproute2";
  return probe.status === 0 ? undefined : `namespaces are refused: ${probe.text.trim().split("\n").at(-1)}`;
}

async function must([program = "", ...args]: readonly string[]): Promise<void> {
  const { status, text } = await run(program, args);
  if (status !== 0) throw new Error(`"${[program, ...args].join(" ")}" failed: ${text.trim()}`);
}

const identityOf = ({ identities }: AzureFacts): Env => identities["client-secret"] ?? {};

async function inNamespaces<T>(
  { rttMs, folder, env }: { readonly rttMs: number; readonly folder: string; readonly env: Env },
  use: (place: FarPlace) => Promise<T>,
): Promise<T> {
  const hosts = join(folder, "hosts");
  const names = ["login.microsoftonline.com", "team.vault.azure.net"];
  writeFileSync(hosts, `127.0.0.1 localhost\n${FAR} ${names.join(" ")}\n`);
  const children: Deno.ChildProcess[] = [];
  const start = async (command: readonly string[]): Promise<{ readonly pid: number; readonly line: string }> => {
    const { child, line } = await started(command);
    children.push(child);
    return { pid: child.pid, line };
  };
  const stay = (
    more: string,
  ): readonly string[] => ["sh", "-c", `${more} && ip link set lo up && echo ready && exec sleep 7200`];
  const enter = (
    pid: number,
  ): readonly string[] => ["nsenter", "-t", `${pid}`, "-U", "-n", "-m", "--preserve-credentials"];
  try {
    const near = await start([...UNSHARE, ...stay(`mount --bind "${hosts}" /etc/hosts`)]);
    const far = await start([...enter(near.pid), "unshare", "--net", ...stay("true")]);
    const deno = [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all"];
    await start([...enter(near.pid), ...deno, join(ROOT, "scripts", "bench", "packet_relay.ts"), `${rttMs / 2}`]);
    await must([...enter(near.pid), "ip", "link", "set", "far0", "netns", `${far.pid}`]);
    for (const [{ pid }, device, own, other] of [[near, "near0", NEAR, FAR], [far, "far0", FAR, NEAR]] as const) {
      await must([...enter(pid), "ip", "address", "add", `${own}`, "peer", `${other}`, "dev", device]);
      await must([...enter(pid), "ip", "link", "set", device, "up"]);
    }
    const { line } = await start([...enter(far.pid), ...azureCommand("--address", FAR!)]);
    const azure = JSON.parse(line) as AzureFacts;
    const own = { MLFLOW_AUTH_CA_BUNDLE: azure.caPath, AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:9" };
    const place = { ...env, ...azure.vault, ...own, ...identityOf(azure) };
    return await use({ env: place, inside: enter(near.pid), by: "network namespaces" });
  } finally {
    await ended(children);
  }
}

/**
 * Does something where Azure is far away.
 *
 * @param options the round trip in milliseconds, a folder for files, and variables of programs
 * @param use what to do
 * @returns what that gave
 */
export async function withFarAzure<T>(
  options: { readonly rttMs: number; readonly folder: string; readonly env: Env },
  use: (place: FarPlace) => Promise<T>,
): Promise<T> {
  const absent = await whyNoNamespaces();
  if (absent === undefined) return await inNamespaces(options, use);
  return await withAzure(async (azure) => {
    const url = new URL(azure.direct["AZURE_AUTHORITY_HOST"] ?? "");
    await using relay = delayingRelay({ to: Number(url.port), rttMs: options.rttMs });
    url.port = `${relay.port}`;
    const direct = { ...azure.direct, MLFLOW_AZURE_KEY_VAULT_URL: url.href, AZURE_AUTHORITY_HOST: url.href };
    const env = { ...options.env, ...azure.vault, ...direct, ...identityOf(azure) };
    return await use({ env, inside: [], by: "loopback relay", absent });
  });
}
