import { pathWord } from "../../core/shown.ts";

/**
 * Whether a file is called as PKCS#12 files are.
 *
 * @param path the file
 * @returns true for `.pfx` and `.p12`, in any case
 */
export const isPkcs12Name = (path: string): boolean => /\.(?:pfx|p12)$/i.test(path);

/**
 * A line of shell that does something with the certificate of a file.
 *
 * @param path the file, PEM or PKCS#12
 * @param what options of `openssl x509`
 * @returns the line
 *
 * @example
 * ```ts
 * import { certificateLine } from "./certificate_line.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(certificateLine("app.pem", "-noout -dates"), "openssl x509 -in app.pem -noout -dates");
 * assert.equal(certificateLine("app.pfx", "-noout"), "openssl pkcs12 -in app.pfx -nokeys -clcerts | openssl x509 -noout");
 * ```
 */
export function certificateLine(path: string, what: string): string {
  return isPkcs12Name(path)
    ? `openssl pkcs12 -in ${pathWord(path)} -nokeys -clcerts | openssl x509 ${what}`
    : `openssl x509 -in ${pathWord(path)} ${what}`;
}
