import { isAbsolute, join } from "node:path";
import { ListenError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import type { OwnSidecar } from "../../core/sidecar.ts";
import { upstreamOf } from "../../credential/upstream.ts";
import { asAuthError } from "../print_error.ts";
import { sessionOf } from "../session.ts";
import { readOrder } from "./order.ts";
import { proxyFailed, type Reply, writeReply } from "./reply.ts";
import { startEngine } from "./start_engine.ts";

/** Where a proxy of one machine listens: the system chooses the port. */
export const ANY_PORT = { hostname: "127.0.0.1", port: 0 } as const;

/**
 * Runs a sidecar: this program beside a command, with the proxy in it, until its owner ends.
 *
 * @param args what follows the word that makes a sidecar
 * @param host the world
 * @returns the exit status of a process that only had to start the sidecar; a sidecar itself ends by itself
 */
export async function runSidecar(args: readonly string[], host: Host): Promise<number> {
  const own = await host.becomeSidecar(args);
  if (own === undefined) return 0;
  const line = await own.message;
  if (line !== undefined) {
    own.answer(writeReply(await start(line, { host: placed(host, own.cwd), own })));
    await own.over;
  }
  own.exit(0);
  return 0;
}

async function start(
  line: string,
  { host, own }: { readonly host: Host; readonly own: OwnSidecar },
): Promise<Reply> {
  try {
    const order = readOrder(line);
    const session = sessionOf(host, order.sources);
    const upstream = upstreamOf(session.settings, { env: host.env, allowHttp: order.allowHttp });
    const { address } = await startEngine(session, {
      ...order,
      listen: ANY_PORT,
      hostNames: [],
      upstream,
      checked: true,
      // The answer is on its way when this is called.
      onEnd: () => void host.after(0, () => own.exit(0)),
    });
    return { port: address.port };
  } catch (thrown) {
    const failed = thrown instanceof ListenError ? proxyFailed("it could not listen", thrown.cause) : thrown;
    return { error: asAuthError(failed) };
  }
}

/** Paths of settings mean the folder of who started the sidecar, which stands elsewhere. */
function placed(host: Host, cwd: string): Host {
  const at = (path: string): string => isAbsolute(path) ? path : join(cwd, path);
  return {
    ...host,
    readText: (path) => host.readText(at(path)),
    isFile: (path) => host.isFile(at(path)),
    listFolder: (path) => host.listFolder(at(path)),
  };
}
