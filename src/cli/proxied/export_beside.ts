import { AuthError } from "../../core/errors.ts";
import type { Changes, Host } from "../../core/host.ts";
import { Secret } from "../../core/secret.ts";
import { BEFORE_PROXY, noteBefore } from "../../credential/before_proxy.ts";
import type { Format } from "../../shell/formats/format.ts";
import { variablesForProxy } from "../../credential/proxied.ts";
import type { Session } from "../session.ts";
import { type BesideOptions, startBeside } from "./start_beside.ts";

const ALONE = "mlflow-auth proxy --key-file <path>";

/**
 * Starts a proxy that ends with who reads what is printed, and prints what leads there.
 *
 * @param session the settings and the world
 * @param options how the proxy is used, the variables to keep, the format, and what prints the changes; where that fails, the proxy ends
 * @throws {AuthError} what `startBeside` throws; `usage` for a format that outlives its reader, and where nobody is known to read it
 */
export async function exportBeside(
  session: Session,
  options: Omit<BesideOptions, "owner"> & {
    readonly keep: readonly string[];
    readonly format: Format;
    readonly print: (changes: Changes) => Promise<void>;
  },
): Promise<void> {
  const { host, clientVariables: more } = session;
  const { keep, keyInUrl, print } = options;
  const beside = await startBeside(session, { ...options, owner: await ownerOf(host, options.format) });
  try {
    const changes = variablesForProxy(beside.access, { ...beside, env: host.env, more, keep, keyInUrl });
    const note = [BEFORE_PROXY, new Secret(noteBefore(host.env))] as const;
    await print({ ...changes, set: [...changes.set, note] });
    beside.leave();
  } catch (thrown) {
    await beside.end();
    throw thrown;
  }
}

async function ownerOf(host: Pick<Host, "platform" | "env" | "ancestors">, format: Format): Promise<number> {
  if (format.outlives === true) {
    throw new AuthError("usage", {
      message: `Cannot start a proxy for format "${format.name}": its reader does not say when it ends`,
      remedy: `run a proxy of your own and give its address to ${format.reader}: ${ALONE}`,
    });
  }
  const { findOwner } = await import("../../shell/owner.ts");
  const owner = host.platform === "windows" ? undefined : findOwner({ env: host.env, ancestors: host.ancestors() });
  if (owner !== undefined) return owner.pid;
  throw new AuthError("usage", {
    message: "Cannot start a proxy for the calling shell: no process is known whose end would be the proxy's",
    remedy: `run a proxy of your own: ${ALONE}`,
  });
}
