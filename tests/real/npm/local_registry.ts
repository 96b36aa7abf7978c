import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A registry on loopback that knows the packages of one release. */
export interface LocalRegistry extends AsyncDisposable {
  /** Its origin. */
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
}

/** The manifest of a package: the first file of its archive, `package/package.json`. */
function manifestOf(
  tarball: Uint8Array,
): Readonly<Record<string, unknown>> & { readonly name: string; readonly version: string } {
  const tar = gunzipSync(tarball);
  const size = parseInt(tar.subarray(124, 136).toString("latin1"), 8);
  return JSON.parse(tar.subarray(512, 512 + size).toString("utf8"));
}

/**
 * Serves packages as npm's registry does.
 *
 * @param paths their archives
 * @returns the registry; `await using` closes it
 * @see https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 */
export function serveRegistry(paths: readonly string[]): LocalRegistry {
  const packages = new Map(paths.map((path) => {
    const tarball = new Uint8Array(readFileSync(path));
    return [manifestOf(tarball).name, { tarball, manifest: manifestOf(tarball) }] as const;
  }));
  const asked: string[] = [];
  const answer = (request: Request): Response => {
    const { origin, pathname } = new URL(request.url);
    const [name = "", isTarball] = decodeURIComponent(pathname.slice(1)).split("/-/");
    asked.push(decodeURIComponent(pathname));
    const found = packages.get(name);
    if (found === undefined) return Response.json({ error: "Not found" }, { status: 404 });
    const { tarball, manifest } = found;
    if (isTarball !== undefined) return new Response(tarball);
    const digest = (algorithm: string, encoding: "hex" | "base64"): string =>
      createHash(algorithm).update(tarball).digest(encoding);
    const dist = {
      tarball: `${origin}/${name}/-/package.tgz`,
      shasum: digest("sha1", "hex"),
      integrity: `sha512-${digest("sha512", "base64")}`,
    };
    const { version } = manifest;
    return Response.json({
      name,
      "dist-tags": { latest: version },
      time: { [version]: "2026-01-31T12:00:00.000Z" },
      versions: { [version]: { ...manifest, dist } },
    });
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
