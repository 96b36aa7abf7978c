import { randomUUID } from "node:crypto";
import { AuthError } from "../../core/errors.ts";
import { pathWord, showPath } from "../../core/shown.ts";
import type { Certificate, CertificateSource } from "../sign_in/certificate.ts";
import { type CertificateFile, certificateLine } from "../pkcs12/certificate_line.ts";
import { connectAssertion } from "../sign_in/client_assertion.ts";
import { errorCode } from "../../core/error_code.ts";
import type { Identity, TokenContext } from "./identity.ts";
import { incomplete, unset } from "../sign_in/incomplete.ts";
import { tenantOf } from "../sign_in/tenant.ts";

const title = "service principal with a certificate";
const DAY_MS = 86_400_000;
const WARN_DAYS = 14;

async function readCertificate(
  { settings, host }: Pick<TokenContext, "settings" | "host">,
): Promise<{ readonly certificate: Certificate; readonly file: CertificateFile }> {
  const path = settings.certificatePath.value ?? "";
  let bytes: Uint8Array;
  try {
    bytes = await host.readBytes(path);
  } catch (cause) {
    const code = errorCode(cause);
    throw new AuthError("certificate-unreadable", {
      message: `Cannot read the certificate file "${showPath(path)}": ${
        code === "ENOENT" ? "there is no such file" : code ?? "it cannot be read"
      }`,
      remedy: `check AZURE_CLIENT_CERTIFICATE_PATH: ls -l ${pathWord(path)}`,
    });
  }
  const { isDer, isOldPkcs12, parseCertificate } = await import("../sign_in/certificate.ts");
  const file = { path, isOld: isDer(bytes) && isOldPkcs12(bytes) };
  const source = { ...file, password: settings.certificatePassword.value };
  const text = isDer(bytes) ? await readPkcs12(bytes, source) : new TextDecoder().decode(bytes);
  return { certificate: parseCertificate(text, source), file };
}

/** What reads such a file is large, and loaded for it alone. */
async function readPkcs12(bytes: Uint8Array, source: CertificateSource): Promise<string> {
  const { pkcs12Error } = await import("../sign_in/certificate.ts");
  const { pkcs12ToPem } = await import("../pkcs12/pkcs12_to_pem.ts");
  const read = pkcs12ToPem(bytes, source.password?.reveal());
  if ("pem" in read) return read.pem;
  throw pkcs12Error(read.flaw, source);
}

/**
 * Says whether a certificate may be used now.
 *
 * @param certificate its dates
 * @param at the file for messages, and the time, in milliseconds since the Unix epoch
 * @returns a warning for one that expires within 14 days, else `undefined`
 * @throws {AuthError} `certificate-date` for one that has expired or is not valid yet
 *
 * @example
 * ```ts
 * import { checkCertificateDates } from "./client_certificate.ts";
 * import assert from "node:assert/strict";
 *
 * const certificate = { notBeforeMs: 0, notAfterMs: 86_400_000 };
 * assert.equal(
 *   checkCertificateDates(certificate, { path: "app.pem", nowMs: 1 }),
 *   'the certificate in "app.pem" expires on 1970-01-02',
 * );
 * ```
 */
export function checkCertificateDates(
  certificate: Pick<Certificate, "notBeforeMs" | "notAfterMs">,
  { nowMs, ...file }: CertificateFile & { readonly nowMs: number },
): string | undefined {
  const { notBeforeMs, notAfterMs } = certificate;
  const { path } = file;
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const refuse = (is: string): AuthError =>
    new AuthError("certificate-date", {
      message: `Cannot use the certificate file "${showPath(path)}": ${is}`,
      remedy: `renew it, and upload it to the app registration; to see the dates: ${
        certificateLine(file, "-noout -dates")
      }`,
    });
  if (nowMs > notAfterMs) throw refuse(`the certificate expired on ${day(notAfterMs)}`);
  if (nowMs < notBeforeMs) throw refuse(`the certificate is valid from ${day(notBeforeMs)} on`);
  if (notAfterMs - nowMs < WARN_DAYS * DAY_MS) {
    return `the certificate in "${showPath(path)}" expires on ${day(notAfterMs)}`;
  }
  return undefined;
}

/**
 * A service principal that signs with a certificate's key. The SDK's own credential cannot read such files on Deno, so the
 * assertion is signed here and the SDK sends it.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export const clientCertificate: Identity = {
  name: "client-certificate",
  title,
  sdkNames: ["EnvironmentCredential", "ClientCertificateCredential"],
  group: "prod",
  needs: "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_CERTIFICATE_PATH",
  detect: ({ settings }) => {
    if (settings.certificatePath.value === undefined) {
      return Promise.resolve({ is: "absent", reason: "AZURE_CLIENT_CERTIFICATE_PATH is not set" });
    }
    const missing = unset({ AZURE_TENANT_ID: settings.tenantId.value, AZURE_CLIENT_ID: settings.clientId.value });
    if (missing.length > 0) return Promise.reject(incomplete(title, missing));
    return Promise.resolve({ is: "configured", reason: "AZURE_CLIENT_CERTIFICATE_PATH is set" });
  },
  tenant: tenantOf,
  connect: async (context) => {
    const { settings, host, authority, log } = context;
    const { certificate, file } = await readCertificate(context);
    context.noteCertificate?.(file);
    const warning = checkCertificateDates(certificate, { ...file, nowMs: host.now() });
    if (warning !== undefined) log.warning(warning);
    const { signAssertion } = await import("../sign_in/certificate_assertion.ts");
    return connectAssertion(context, () =>
      signAssertion(certificate, {
        id: randomUUID(),
        clientId: settings.clientId.value ?? "",
        audience: `${authority.url}/${tenantOf(settings) ?? ""}/oauth2/v2.0/token`,
        sendChain: settings.sendCertificateChain.value,
        nowMs: host.now(),
      }));
  },
};
