import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startConnectProxy } from "../../support/connect_proxy.ts";
import { makeAuthority } from "../../support/tls.ts";
import type { Release } from "./release.ts";

const HOST = "mirror.example";

/** A mirror of a release that is reached through a proxy alone, and whose certificate no public root has signed. */
export interface Mirror extends AsyncDisposable {
  /** Variables that lead the action to it. */
  readonly env: Readonly<Record<string, string>>;
  /** What went through the proxy, as `host:port`, in order. */
  readonly accepted: readonly string[];
}

/**
 * Starts a mirror.
 *
 * @param release what it holds
 * @returns the mirror; `await using` closes it
 */
export async function startMirror(release: Release): Promise<Mirror> {
  const authority = await makeAuthority("mlflow-auth mirror root");
  const { certificate, key } = await authority.server([HOST]);
  const roots = join(release.folder, "mirror.pem");
  writeFileSync(roots, authority.certificate);
  const answer = async ({ url }: Request): Promise<Response> => await fetch(release.releases + new URL(url).pathname);
  const options = { hostname: "127.0.0.1", port: 0, cert: certificate, key, onListen: () => {} };
  const server = Deno.serve(options, answer);
  const proxy = startConnectProxy((host) => host === HOST ? server.addr.port : undefined);
  return {
    env: {
      HTTPS_PROXY: proxy.url,
      NO_PROXY: "",
      NODE_EXTRA_CA_CERTS: roots,
      MLFLOW_AUTH_RELEASES_URL: `https://${HOST}`,
    },
    accepted: proxy.accepted,
    [Symbol.asyncDispose]: async () => {
      await proxy.close();
      await server.shutdown();
    },
  };
}
