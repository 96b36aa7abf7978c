import { rootCertificates } from "node:tls";
import type { Network } from "../core/host.ts";
import type { Proxy, ProxyRoute } from "../core/proxy_route.ts";
import type { Sockets } from "../core/sockets.ts";
import { withoutProxies } from "./proxies.ts";

/** The certificates and the key of a PEM text. */
export interface PemParts {
  readonly certificates: readonly string[];
  readonly key: string | undefined;
}

/**
 * Takes a PEM text apart.
 *
 * @param pem blocks in any order, with anything between them
 * @returns each certificate, and the first private key
 */
export function pemParts(pem: string): PemParts {
  const blocks = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)];
  const of = (pattern: RegExp): readonly string[] =>
    blocks.filter((block) => pattern.test(block[1] ?? "")).map((block) => `${block[0]}\n`);
  return { certificates: of(/^(TRUSTED |X509 )?CERTIFICATE$/), key: of(/PRIVATE KEY$/)[0] };
}

/** What `fetch` of a runtime takes besides the standard's options. */
type Extras = Readonly<Record<string, unknown>>;

/** Everything that one client is made for. */
interface Way extends Network {
  readonly proxy: Proxy | undefined;
}

function bunExtras({ extraRoots, clientCertificate, asClient = false, proxy }: Way): Extras {
  const own = clientCertificate === undefined ? undefined : pemParts(clientCertificate);
  const userinfo = proxy?.user === undefined
    ? ""
    : `${[proxy.user.name, proxy.user.password.reveal()].map(encodeURIComponent).join(":")}@`;
  // Bun's `ca` replaces the built-in roots. The check is stated because NODE_TLS_REJECT_UNAUTHORIZED=0 would switch it off.
  return {
    ...(proxy === undefined ? {} : { proxy: proxy.url.replace("://", `://${userinfo}`) }),
    ...(asClient ? { decompress: false } : {}),
    tls: {
      rejectUnauthorized: true,
      ...(extraRoots === undefined
        ? {}
        : { ca: [...pemParts(extraRoots).certificates, ...(asClient ? [] : rootCertificates)] }),
      ...(own?.key === undefined ? {} : { cert: own.certificates.join(""), key: own.key }),
    },
  };
}

function denoExtras({ extraRoots, clientCertificate, asClient = false, proxy }: Way): Extras {
  const own = clientCertificate === undefined ? undefined : pemParts(clientCertificate);
  const user = proxy?.user;
  const options: Deno.CreateHttpClientOptions & Partial<Deno.TlsCertifiedKeyPem> = {
    ...(asClient ? { http2: false } : {}),
    ...(extraRoots === undefined ? {} : { caCerts: [...pemParts(extraRoots).certificates] }),
    ...(own?.key === undefined ? {} : { cert: own.certificates.join(""), key: own.key }),
    ...(proxy === undefined ? {} : {
      proxy: {
        url: proxy.url,
        ...(user === undefined ? {} : { basicAuth: { username: user.name, password: user.password.reveal() } }),
      },
    }),
  };
  return { client: withoutProxies(() => Deno.createHttpClient(options)) };
}

/** A failure of a request that went through a proxy tells which one: it may be the proxy's own, silence too. */
function naming(error: unknown, { host, variable }: Proxy): Error {
  // What ends a request that takes too long rejects it with its own reason, which is a text.
  const named = error instanceof Error ? error : new Error("no answer", { cause: error });
  return Object.assign(named, { proxy: { host, variable } });
}

/** What {@link makeSend} is made of. */
export interface SendParts {
  /** Which runtime's `fetch` there is. */
  readonly runtime: "deno" | "bun";
  /** Whether the environment names a proxy, which the runtime would use by its own rules. */
  readonly proxied: () => boolean;
  /** The way of a request, asked for each. */
  readonly route: ProxyRoute;
  /** Connections, for a server that is asked by another name than its URL has. */
  readonly sockets: () => Promise<Sockets>;
  /** Called before the first request to a server; what it returns, once there is an answer or none. */
  readonly connecting?: (() => () => void) | undefined;
}

/**
 * Makes the function that sends requests. It follows no redirect, goes through the proxy that the route names and through no other,
 * and trusts the roots it is given besides the built-in ones, under each runtime alike.
 *
 * @param parts the runtime and the way of requests
 * @returns sends one request; connections are shared by the requests of one {@link Network} and proxy. What it rejects with has a
 * member `proxy` where the request went through one
 */
export function makeSend(
  { runtime, proxied, route, sockets, connecting = () => () => {} }: SendParts,
): (request: Request, network?: Network) => Promise<Response> {
  const made = new Map<string, Extras>();
  const asked = new Set<string>();
  const extrasOf = (way: Way): Extras => {
    const { extraRoots, clientCertificate, asClient, proxy } = way;
    const key = JSON.stringify([extraRoots, clientCertificate, asClient, proxy?.variable, proxy?.url]);
    const known = made.get(key);
    if (known !== undefined) return known;
    const isPlain = !proxied() && way.proxy === undefined && way.extraRoots === undefined &&
      way.clientCertificate === undefined && way.asClient !== true;
    const extras = runtime === "bun" ? bunExtras(way) : isPlain ? {} : denoExtras(way);
    made.set(key, extras);
    return extras;
  };
  return async (request, network = {}) => {
    if (network.serverName !== undefined) {
      const { fetchByChannel } = await import("./channel_fetch.ts");
      return await fetchByChannel(request, network, await sockets());
    }
    const url = new URL(request.url);
    const proxy = route(url);
    const options = { redirect: "manual", ...extrasOf({ ...network, proxy }) } as const;
    const start = (): Promise<Response> => fetch(request, options);
    const connected = asked.has(url.host) ? () => {} : connecting();
    asked.add(url.host);
    try {
      const response = await (runtime === "bun" && proxied() ? withoutProxies(start) : start());
      // The runtimes say so themselves of a tunnel alone.
      if (proxy !== undefined && response.status === 407) throw new TypeError("proxy authentication required");
      return response;
    } catch (error) {
      throw proxy === undefined ? error : naming(error, proxy);
    } finally {
      connected();
    }
  };
}
