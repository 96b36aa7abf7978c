import { routeFor } from "../../core/proxy_route.ts";
import { checkProxiedWay } from "../../credential/proxied_way.ts";
import { errorCode } from "../../core/error_code.ts";
import { AuthError, ListenError } from "../../core/errors.ts";
import { bracketed } from "../../core/host_name.ts";
import type { Secret } from "../../core/secret.ts";
import { makeKey } from "../../credential/proxy_key.ts";
import { upstreamOf } from "../../credential/upstream.ts";
import { print } from "../output.ts";
import { ALLOW_HTTP, type OptionsOf } from "../line/options.ts";
import { requireSettings, type Session } from "../session.ts";
import { makeCommand } from "./command.ts";

/** How long requests in flight may take once the proxy is to stop. */
const DRAIN_MS = 5000;

const OPTIONS = [
  { flag: "--listen", value: "host:port", doc: "where to listen", fallback: "127.0.0.1:0" },
  { flag: "--key-file", value: "path", doc: "keep the proxy's key there, for this user alone (0600)" },
  { flag: "--allow-remote", doc: "let others than this machine reach it; they need the key" },
  { flag: "--listen-host", value: "name", doc: "answer to this Host too (repeatable)", many: true },
  { flag: "--reveal", doc: "print the key to a terminal too" },
  ALLOW_HTTP,
] as const;

type ProxyOptions = OptionsOf<typeof OPTIONS>;

/** `proxy`, which runs the proxy alone until it is stopped. */
export const PROXY = makeCommand({
  description: "Hold and renew the credential in a proxy for other processes, until SIGTERM.",
  options: OPTIONS,
  takesSettings: true,
  help: `Once it holds a credential it prints a line of JSON: uri,
and keyFile or key.
GET /-/ready and GET /-/live need no key.

Example:
  $ mlflow-auth proxy --listen 127.0.0.1:5000 --key-file key`,
  run: (session, { options }) => serve(session, options),
});

async function serve(session: Session, options: ProxyOptions): Promise<number> {
  requireSettings(session);
  const { host, log, settings } = session;
  // Read here, as no other command needs them.
  const { listenAt } = await import("../proxied/listen_at.ts");
  const { startEngine } = await import("../proxied/start_engine.ts");
  const place = listenAt({
    listen: options.listen,
    names: options.listenHost ?? [],
    allowRemote: options.allowRemote === true,
  });
  checkTerminal(session, options);
  const upstream = upstreamOf(settings, { env: host.env, allowHttp: options.allowHttp === true });
  checkProxiedWay(settings, { proxy: routeFor(session, host.env)(upstream), runtime: host.build.runtime });
  const key = await keyOf(session, options.keyFile);
  const service = await host.service();
  const ended = Promise.withResolvers<void>();
  const starting = startEngine(session, { ...place, upstream, key, farewell: {}, onEnd: ended.resolve });
  const proxy = await Promise.race([starting, service.stopped]).catch((thrown: unknown) => {
    throw thrown instanceof ListenError ? cannotListen(options.listen, thrown.cause) : thrown;
  });
  // Stopped before it held a credential: nothing is served yet.
  if (proxy === undefined) {
    service.exit(0);
    return 0;
  }
  if (place.remote) {
    log.warning(
      `everybody who reaches ${options.listen} and has the key can use the credential, and what they send crosses the network unencrypted`,
    );
  }
  const { hostname, port } = proxy.address;
  const uri = `http://${bracketed(hostname)}:${port}`;
  const { keyFile } = options;
  const opens = keyFile === undefined ? { key: key.reveal() } : { keyFile };
  await print(host, `${JSON.stringify({ schemaVersion: 1, uri, ...opens })}\n`);
  service.notify("READY=1");
  await Promise.race([service.stopped, ended.promise]);
  service.notify("STOPPING=1");
  await proxy.close(DRAIN_MS);
  service.exit(0);
  return 0;
}

function checkTerminal({ host }: Session, { keyFile, reveal }: ProxyOptions): void {
  if (keyFile === undefined && host.stdout.isLost()) {
    throw new AuthError("output-failed", {
      message: 'Cannot write the key to "standard output": it is closed',
      remedy: "keep it in a file: mlflow-auth proxy --key-file <path>",
    });
  }
  if (keyFile !== undefined || reveal === true || !host.stdout.isTerminal()) return;
  throw new AuthError("terminal-refused", {
    message: "Cannot print the proxy's key to a terminal: whoever sees it can use the credential",
    remedy: "pass --reveal, or keep it in a file: mlflow-auth proxy --key-file <path>",
  });
}

async function keyOf({ host }: Session, path: string | undefined): Promise<Secret> {
  if (path === undefined) return makeKey(host);
  const { keyFrom } = await import("../proxied/key_file.ts");
  return await keyFrom(path, host);
}

function cannotListen(listen: string, cause: unknown): AuthError {
  const code = errorCode(cause) ?? "the system refuses it";
  return new AuthError("proxy-failed", {
    message: `Cannot listen on "${listen}": ${code === "EADDRINUSE" ? "another process does" : code}`,
    remedy: "choose another --listen, or --listen 127.0.0.1:0 for a port that the system chooses",
    cause,
  });
}
