import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A registry on this machine that has the project alone. */
export interface LocalJsr extends AsyncDisposable {
  /** What `JSR_URL` names it by. */
  readonly url: string;
}

interface Config {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly publish: { readonly include: readonly string[] };
}

/** Paths of what is published, from the root. */
function filesOf(root: string, path: string): readonly string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).sort().flatMap((name) => filesOf(root, `${path}/${name}`));
}

/** A module as `deno publish` sends it: without names that only deno.json knows. */
function published(text: string, imports: Config["imports"]): string {
  return text.replaceAll(/(\bfrom |\bimport\()"([^".][^"]*)"/g, (whole, before: string, name: string) => {
    const target = imports[name];
    return target === undefined ? whole : `${before}"${target}"`;
  });
}

/**
 * Serves the project's published files as JSR does.
 *
 * @param root folder of the project
 * @returns the registry; dispose of it at the end
 * @see https://jsr.io/docs/api
 */
export async function startLocalJsr(root: string): Promise<LocalJsr> {
  const { name, version, exports, imports, publish } = JSON.parse(
    readFileSync(join(root, "deno.json"), "utf8"),
  ) as Config;
  const files = new Map(
    publish.include.flatMap((path) => filesOf(root, path)).map((path) => {
      const bytes = readFileSync(join(root, path));
      return [
        `/${path}`,
        path.endsWith(".ts") ? new TextEncoder().encode(published(bytes.toString(), imports)) : bytes,
      ];
    }),
  );
  const manifest = Object.fromEntries(
    [...files].map(([path, bytes]) => {
      const checksum = `sha256-${createHash("sha256").update(bytes).digest("hex")}`;
      return [path, { size: bytes.length, checksum }];
    }),
  );
  const [scope = "", short = ""] = name.slice(1).split("/");
  const meta = { scope, name: short, latest: version, versions: { [version]: {} } };
  const server = createServer((request, response) => {
    const path = (request.url ?? "").slice(`/${name}`.length);
    const body = path === "/meta.json"
      ? JSON.stringify(meta)
      : path === `/${version}_meta.json`
      ? JSON.stringify({ manifest, exports })
      : files.get(path.slice(`/${version}`.length));
    const type = path.endsWith(".json") ? "application/json" : "text/plain";
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
