import type { Changes, Host } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import { Secret } from "../../core/secret.ts";
import { SERVER_VARIABLES } from "../../credential/allowed_hosts.ts";
import { changesBack, leadsTo } from "../../credential/before_proxy.ts";
import { proxyIn } from "../../credential/proxied.ts";

/** How long a proxy on this machine may take to answer. */
const END_MS = 3000;

/**
 * Ends the proxy that the environment leads to, and says what led to the tracking server before.
 *
 * @param host the environment and the network
 * @param log told where nobody knows what led there
 * @returns what to set again and what to remove; nothing where the environment neither leads to a proxy nor did
 */
export async function leaveProxy(
  host: Pick<Host, "env" | "fetch" | "after">,
  log: Pick<Log, "warning">,
): Promise<Changes> {
  const proxy = proxyIn(host.env);
  const farewell = proxy === undefined ? undefined : await ask(proxy, host);
  const noted = changesBack(host.env, proxy?.uri);
  if (proxy === undefined || noted !== undefined) return noted ?? { set: [], remove: [] };
  if (farewell === undefined) {
    log.warning(`the proxy at ${new URL(proxy.uri).host} does not run any more: set MLFLOW_TRACKING_URI again`);
  }
  const led = SERVER_VARIABLES.filter((name) => leadsTo(host.env[name], proxy.uri));
  const set = led.flatMap((name) => {
    const value = farewell?.[name];
    return typeof value === "string" && value !== "" ? [[name, new Secret(value)] as const] : [];
  });
  const back = new Set<string>(set.map(([name]) => name));
  return { set, remove: led.filter((name) => !back.has(name)) };
}

async function ask(
  { uri, key }: NonNullable<ReturnType<typeof proxyIn>>,
  host: Pick<Host, "fetch" | "after">,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const late = new AbortController();
  const cancel = host.after(END_MS, () => late.abort());
  try {
    const response = await host.fetch(
      new Request(`${uri}/-/end`, {
        method: "POST",
        headers: { authorization: `Bearer ${key.reveal()}` },
        signal: late.signal,
      }),
    );
    const answer: unknown = response.ok ? await response.json() : undefined;
    return typeof answer === "object" && answer !== null ? answer as Readonly<Record<string, unknown>> : undefined;
  } catch {
    // Nobody listens there any more, or somebody else does.
    return undefined;
  } finally {
    cancel();
  }
}
