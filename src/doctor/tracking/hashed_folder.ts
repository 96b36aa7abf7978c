import type { Host } from "../../core/host.ts";
import { decodeBase64, type Element, elementAt, elementsIn, readRoots } from "../../azure/http/root_certificates.ts";

/** Kinds of text that OpenSSL compares as text; all else is compared as it is. */
const TEXTS: Readonly<Record<number, string>> = {
  0x0c: "utf-8",
  0x12: "latin1",
  0x13: "latin1",
  0x14: "latin1",
  0x16: "latin1",
  0x1a: "latin1",
  0x1c: "utf-32be",
  0x1e: "utf-16be",
};
const UTF8 = 0x0c;

function decodeText(bytes: Uint8Array, encoding: string): string {
  if (encoding !== "utf-32be") return new TextDecoder(encoding).decode(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, at) => String.fromCodePoint(view.getUint32(at * 4))).join("");
}

function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const head = size < 0x80 ? [tag, size] : size < 0x100 ? [tag, 0x81, size] : [tag, 0x82, size >> 8, size & 0xff];
  return join([Uint8Array.from(head), ...parts]);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A value as OpenSSL compares it: UTF-8 without white space around it, one blank for what is within, Latin letters small. */
function canonical(bytes: Uint8Array, value: Element): Uint8Array {
  const encoding = TEXTS[value.tag];
  const content = bytes.subarray(value.from, value.to);
  if (encoding === undefined) return der(value.tag, content);
  const text = decodeText(content, encoding).replace(/^[ \t-\r]+|[ \t-\r]+$/g, "").replace(/[ \t-\r]+/g, " ");
  return der(UTF8, new TextEncoder().encode(text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())));
}

/** The subject of a certificate (RFC 5280, section 4.1), set by set. */
function subjectOf(bytes: Uint8Array): readonly Element[] | undefined {
  const whole = elementAt(bytes, 0);
  const [body] = whole === undefined ? [] : elementsIn(bytes, whole) ?? [];
  // Without the version and the extensions: serial number, algorithm, issuer, dates, subject, key.
  const fields = body === undefined ? [] : elementsIn(bytes, body)?.filter(({ tag }) => tag < 0x80 || tag > 0xbf) ?? [];
  const subject = fields[4];
  return subject === undefined ? undefined : elementsIn(bytes, subject);
}

/**
 * The name under which OpenSSL looks for a certificate in a folder, as `openssl x509 -subject_hash` prints it.
 *
 * @param pem one certificate
 * @returns eight hexadecimal digits, or `undefined` for what cannot be read
 *
 * @see https://docs.openssl.org/master/man1/openssl-rehash/
 */
export async function subjectHash(pem: string): Promise<string | undefined> {
  const bytes = decodeBase64(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----([^-]*)-----END/.exec(pem)?.[1] ?? "");
  const sets = bytes === undefined ? undefined : subjectOf(bytes);
  if (bytes === undefined || sets === undefined) return undefined;
  const parts = sets.map((set) => {
    const pairs = (elementsIn(bytes, set) ?? []).map((pair) => {
      const [type, value] = elementsIn(bytes, pair) ?? [];
      if (type === undefined || value === undefined) return new Uint8Array();
      return der(0x30, der(type.tag, bytes.subarray(type.from, type.to)), canonical(bytes, value));
    });
    return der(0x31, ...pairs);
  });
  const digest = new DataView(await crypto.subtle.digest("SHA-1", join(parts)));
  return digest.getUint32(0, true).toString(16).padStart(8, "0");
}

/**
 * Reads the certificates that OpenSSL finds in a folder: for each hash the files `<hash>.0`, `<hash>.1` and so on up to the first that
 * is missing, and of those the ones that hold a certificate of that hash. All others are invisible to it, whatever they hold.
 *
 * @param folder its path, without a slash at its end
 * @param parts the names of its files, and what reads them
 * @returns each certificate as PEM
 *
 * @see https://docs.openssl.org/master/man3/X509_LOOKUP_hash_dir/
 */
export async function readHashedFolder(
  folder: string,
  { names, host }: { readonly names: readonly string[]; readonly host: Pick<Host, "readText"> },
): Promise<readonly string[]> {
  const there = new Set(names);
  const found = names.filter((name) => {
    const [hash, number] = name.split(".");
    const before = /^[0-9a-f]{8}\.\d+$/.test(name) ? Array.from({ length: Number(number) }, (_, at) => at) : [-1];
    return before.every((at) => there.has(`${hash}.${at}`));
  });
  const texts = await Promise.all(found.map(async (name) => {
    const text = await host.readText(`${folder}/${name}`).catch(() => "");
    const { certificates } = readRoots(text);
    const hashes = await Promise.all(certificates.map(subjectHash));
    return hashes.includes(name.slice(0, 8)) ? certificates : [];
  }));
  return texts.flat();
}
