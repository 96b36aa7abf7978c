import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pair } from "./tls.ts";

/** How a PKCS#12 file is to be. */
export interface Pkcs12Options {
  readonly password: string;
  /** Certificates besides the key's own, as PEM. */
  readonly chain?: string;
  /** Options of `openssl pkcs12 -export`, such as `-legacy`. */
  readonly flags?: readonly string[];
}

/** Whether this machine's OpenSSL makes files as OpenSSL 1 and Windows did, encrypted with RC2 and 3DES. */
export const hasLegacy = (): boolean =>
  spawnSync("openssl", ["list", "-providers", "-provider", "legacy"]).status === 0;

/**
 * Makes a PKCS#12 file with OpenSSL.
 *
 * @param pair the certificate and its key
 * @param options the password, and what else is in it
 * @returns the file's bytes
 * @throws Error with what OpenSSL says, where it makes none
 */
export async function makePkcs12(pair: Pair, { password, chain = "", flags = [] }: Pkcs12Options): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-pkcs12-"));
  try {
    const [own, others, out] = ["own.pem", "others.pem", "out.p12"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(own, pair.key + pair.certificate);
    await writeFile(others, chain);
    const more = chain === "" ? [] : ["-certfile", others];
    const args = ["pkcs12", "-export", "-in", own, "-out", out, "-passout", `pass:${password}`, ...more, ...flags];
    const { status, stderr } = spawnSync("openssl", args);
    if (status !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr}`);
    return await readFile(out);
  } finally {
    await rm(folder, { recursive: true });
  }
}
