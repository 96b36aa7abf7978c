import { pathWord } from "../../core/shown.ts";

/**
 * Whether a file is called as PKCS#12 files are.
 *
 * @param path the file
 * @returns true for `.pfx` and `.p12`, in any case
 */
export const isPkcs12Name = (path: string): boolean => /\.(?:pfx|p12)$/i.test(path);

/** A certificate's file, as lines of shell speak of it. */
export interface CertificateFile {
  readonly path: string;
  /** Whether it is encrypted in a way that OpenSSL 3 reads with `-legacy` alone. */
  readonly isOld?: boolean | undefined;
}

/**
 * The beginning of a line of shell that reads a PKCS#12 file.
 *
 * @param file the file
 * @returns the line, up to other options
 */
export const pkcs12Line = ({ path, isOld }: CertificateFile): string =>
  `openssl pkcs12${isOld === true ? " -legacy" : ""} -in ${pathWord(path)}`;

/**
 * A line of shell that does something with the certificate of a file.
 *
 * @param file the file, PEM or PKCS#12
 * @param what options of `openssl x509`
 * @returns the line
 *
 * @example
 * ```ts
 * import { certificateLine } from "./certificate_line.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(certificateLine({ path: "app.pem" }, "-noout -dates"), "openssl x509 -in app.pem -noout -dates");
 * assert.equal(
 *   certificateLine({ path: "app.pfx", isOld: true }, "-noout"),
 *   "openssl pkcs12 -legacy -in app.pfx -nokeys -clcerts | openssl x509 -noout",
 * );
 * ```
 */
export function certificateLine(file: CertificateFile, what: string): string {
  return isPkcs12Name(file.path)
    ? `${pkcs12Line(file)} -nokeys -clcerts | openssl x509 ${what}`
    : `openssl x509 -in ${pathWord(file.path)} ${what}`;
}
