import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { platformOf } from "../../../action/platform.mjs";

/** The version that the tests release. */
export const VERSION = "9.9.9";

/** The action as the runner fetches it, with the checksums of a release. */
export interface Checkout {
  /** Holds `action.yml` and `action/`. */
  readonly folder: string;
  readonly version: string;
  /** `MLFLOW_AUTH_RELEASES_URL` of a server that has the release. */
  readonly releases: string;
}

/** A release that lies in a folder and is served on loopback. */
export interface Release extends Checkout, AsyncDisposable {
  /** Name of this machine's archive. */
  readonly archive: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** The folder of the releases, as a file URL. */
  readonly fileUrl: string;
  /** Another checkout of the action, with these checksums. */
  readonly checkoutWith: (checksums: unknown) => Checkout;
  /** Adds a version with such a file in its archive; gives its SHA-256. */
  readonly add: (version: string, file: { readonly name: string; readonly path: string }) => string;
}

/**
 * Releases a program.
 *
 * @param program its path
 * @returns the release, with a checkout of the action that knows it
 */
export async function makeRelease(program: string): Promise<Release> {
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-release-"));
  const os = process.platform === "darwin" ? "macOS" : "Linux";
  const { archive } = platformOf({ os, arch: process.arch.toUpperCase(), isMusl: false });
  const add: Release["add"] = (version, { name, path }) => {
    const [staged, released] = [join(folder, "staged"), join(folder, "releases", `v${version}`)];
    mkdirSync(staged, { recursive: true });
    mkdirSync(released, { recursive: true });
    copyFileSync(path, join(staged, name));
    chmodSync(join(staged, name), 0o755);
    const to = join(released, archive);
    // The quickest compression: the program is large, and only its bytes matter here.
    execFileSync("/bin/sh", ["-c", 'tar -C "$1" -cf - "$2" | gzip -1 > "$3"', "sh", staged, name, to]);
    rmSync(staged, { recursive: true });
    return createHash("sha256").update(readFileSync(to)).digest("hex");
  };
  const asked: string[] = [];
  const server = await serve(join(folder, "releases"), asked);
  const releases = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const checkouts = { count: 0 };
  const checkoutWith = (checksums: unknown): Checkout => {
    const to = join(folder, `checkout-${checkouts.count++}`);
    mkdirSync(to);
    for (const name of ["action.yml", "action"]) {
      cpSync(fileURLToPath(new URL(`../../../${name}`, import.meta.url)), join(to, name), { recursive: true });
    }
    writeFileSync(join(to, "action", "sha256sums.json"), JSON.stringify(checksums));
    return { folder: to, version: VERSION, releases };
  };
  const digest = add(VERSION, { name: "mlflow-auth", path: program });
  return {
    ...checkoutWith({ [VERSION]: { [archive]: digest } }),
    archive,
    asked,
    fileUrl: `file://${join(folder, "releases")}`,
    checkoutWith,
    add,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function serve(folder: string, asked: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const [, version = "", name = ""] = (request.url ?? "").split("/");
    asked.push(request.url ?? "");
    const path = join(folder, basename(version), basename(name));
    if (!existsSync(path)) return response.writeHead(404).end();
    response.writeHead(200, { connection: "close" }).end(readFileSync(path));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
