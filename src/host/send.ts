import { rootCertificates } from "node:tls";
import type { Network } from "../core/host.ts";

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

function bunExtras({ extraRoots, clientCertificate }: Network): Extras {
  const own = clientCertificate === undefined ? undefined : pemParts(clientCertificate);
  // Bun's `ca` replaces the built-in roots. The check is stated because NODE_TLS_REJECT_UNAUTHORIZED=0 would switch it off.
  return {
    tls: {
      rejectUnauthorized: true,
      ...(extraRoots === undefined ? {} : { ca: [...pemParts(extraRoots).certificates, ...rootCertificates] }),
      ...(own?.key === undefined ? {} : { cert: own.certificates.join(""), key: own.key }),
    },
  };
}

function denoExtras({ extraRoots, clientCertificate }: Network): Extras {
  if (extraRoots === undefined && clientCertificate === undefined) return {};
  const own = clientCertificate === undefined ? undefined : pemParts(clientCertificate);
  const options = {
    ...(extraRoots === undefined ? {} : { caCerts: [...pemParts(extraRoots).certificates] }),
    ...(own?.key === undefined ? {} : { cert: own.certificates.join(""), key: own.key }),
  };
  return { client: Deno.createHttpClient(options) };
}

/**
 * Makes the function that sends requests. It follows no redirect, and trusts the roots it is given besides the built-in ones
 * under each runtime alike.
 *
 * @param runtime which runtime's `fetch` there is
 * @param ready called before the first request, while proxy variables can still be set
 * @returns sends one request; connections are shared by the requests of one {@link Network}
 */
export function makeSend(
  runtime: "deno" | "bun",
  ready: () => void,
): (request: Request, network?: Network) => Promise<Response> {
  const made = new Map<string, Extras>();
  const extrasOf = (network: Network): Extras => {
    const key = JSON.stringify([network.extraRoots, network.clientCertificate]);
    const known = made.get(key);
    if (known !== undefined) return known;
    const extras = runtime === "bun" ? bunExtras(network) : denoExtras(network);
    made.set(key, extras);
    return extras;
  };
  return async (request, network = {}) => {
    ready();
    return await fetch(request, { redirect: "manual", ...extrasOf(network) });
  };
}
