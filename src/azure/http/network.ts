import { errorCode } from "../../core/error_code.ts";
import { AuthError } from "../../core/errors.ts";
import type { Host, Network } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import { unwrap } from "../../core/settings/as_pasted.ts";
import { nameOf, removal } from "../../core/settings/setting_name.ts";
import { SETTINGS, type Settings } from "../../core/settings/settings.ts";
import { pathWord, showPath } from "../../core/shown.ts";
import { readRoots } from "./root_certificates.ts";

/** Where the roots are read from. */
export type RootsHost = Pick<Host, "env" | "platform" | "readText" | "listFolder">;

// What other programs read their roots from; it explains a certificate that is not trusted.
const NEIGHBOURS = ["CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT", "DENO_CERT"];

/** Whether a text was a certificate of version 3 in DER: two sequences, of lengths that may look like letters, and its version. */
const isDer = (text: string): boolean =>
  /^0\ufffd.{1,2}0\ufffd/s.test(text) && text.slice(0, 12).includes("\x03\x02\x01");

interface Read {
  readonly path: string;
  readonly text: string;
}

async function readFile(path: string, host: Pick<Host, "readText">): Promise<Read | string> {
  try {
    return { path, text: await host.readText(path) };
  } catch (cause) {
    return errorCode(cause) ?? "unknown";
  }
}

/** The files of a folder of certificates; what cannot be read there is not one of them. */
async function readFolder(folder: string, host: RootsHost): Promise<readonly Read[] | undefined> {
  let names: readonly string[];
  try {
    names = await host.listFolder(folder);
  } catch {
    // Neither a file nor a folder: the failure of reading the file says it.
    return undefined;
  }
  const files = await Promise.all(names.map((name) => readFile(`${folder.replace(/\/$/, "")}/${name}`, host)));
  return files.flatMap((file) => typeof file === "string" ? [] : [file]);
}

const WHY: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no file ${path}`,
  EACCES: (path) => `${path} cannot be read (permission denied)`,
};

async function readPlace(path: string, host: RootsHost): Promise<readonly Read[] | string> {
  const file = await readFile(path, host);
  if (typeof file !== "string") return [file];
  // A folder is told from a file by reading it: systems have several errors for it.
  const folder = file === "ENOENT" ? undefined : await readFolder(path, host);
  return folder ?? WHY[file]?.(showPath(path)) ?? `${showPath(path)} cannot be read (${file})`;
}

/** Variables that hold roots, are set, and were not read. */
function unreadOf(settings: Settings, env: Host["env"]): readonly string[] {
  const { value, source } = settings.caBundle;
  const names = SETTINGS.find(({ key }) => key === "caBundle")?.names ?? [];
  const read = source.from === "default" ? "" : source.name;
  return [...names, ...NEIGHBOURS].filter((name) => {
    const { text } = unwrap(env[name] ?? "");
    return name !== read && text !== "" && text !== value;
  });
}

/**
 * Reads the roots to trust besides the built-in ones: the file or folder of the first CA variable that is set.
 *
 * @param settings the place: a file, a folder, or several folders as SSL_CERT_DIR has them
 * @param parts the file system, and a log that is told of a block that cannot be read
 * @returns what {@link Host.fetch} takes
 * @throws {AuthError} `setting-invalid` for a place that cannot be read or where no certificate can be; of several folders one that can
 * be read is enough, as for OpenSSL
 *
 * @example
 * ```ts
 * import { loadNetwork } from "./network.ts";
 * import { makeLog } from "../../core/log.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import { fakeHost } from "../../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const parts = { host: fakeHost(), log: makeLog("ERROR", () => {}) };
 * assert.deepEqual(await loadNetwork(readSettings({ env: {} }).settings, parts), {});
 * ```
 */
export async function loadNetwork(
  settings: Settings,
  { host, log }: { readonly host: RootsHost; readonly log: Pick<Log, "warning"> },
): Promise<Network> {
  const place = settings.caBundle.value;
  const unread = unreadOf(settings, host.env);
  const variable = nameOf(settings.caBundle, "MLFLOW_AUTH_CA_BUNDLE");
  const ownRoots = place !== undefined && variable === "MLFLOW_AUTH_CA_BUNDLE";
  const rest = unread.length === 0 ? {} : { unreadRoots: unread, ...(ownRoots ? { ownRoots } : {}) };
  if (place === undefined) return rest;
  const without = removal(settings.caBundle, variable);
  const refuse = (is: string, remedy = `name a PEM file of root certificates, or: ${without}`): AuthError =>
    new AuthError("setting-invalid", { message: `Cannot use "${variable}": ${is}`, remedy });
  const places = variable === "SSL_CERT_DIR" ? place.split(host.platform === "windows" ? ";" : ":") : [place];
  const files: Read[] = [];
  const unreadable: string[] = [];
  for (const path of places.filter((one) => one !== "")) {
    const read = await readPlace(path, host);
    if (typeof read === "string") unreadable.push(read);
    else files.push(...read);
  }
  const [first] = unreadable;
  if (first !== undefined && files.length === 0) throw refuse(first);
  const roots = files.map(({ path, text }) => ({ path, isEmpty: text.trim() === "", ...readRoots(text) }));
  for (const is of new Set(unreadable)) log.warning(`${is}, which ${variable} names among others`);
  const certificates = [...new Set(roots.flatMap((one) => one.certificates))];
  const inDer = files.filter(({ text }) => isDer(text)).map(({ path }) => path);
  if (certificates.length === 0 && inDer.length > 0) {
    const lines = inDer.map((path) => `openssl x509 -inform der -in ${pathWord(path)} >>roots.pem`);
    throw refuse(
      `only DER, no PEM, in ${inDer.map(showPath).join(", ")}`,
      `write PEM, and name roots.pem: ${lines.join("; ")}`,
    );
  }
  if (certificates.length === 0) throw refuse(whyNone(roots, showPath(place)));
  for (const { path, damaged } of roots) {
    for (const number of damaged) {
      log.warning(`certificate ${number} of ${showPath(path)} cannot be read, and is left out`);
    }
  }
  return { extraRoots: certificates.join(""), ...rest };
}

function whyNone(
  roots: readonly { readonly isEmpty: boolean; readonly damaged: readonly number[] }[],
  place: string,
): string {
  const damaged = roots.reduce((sum, one) => sum + one.damaged.length, 0);
  if (damaged === 1) return `the certificate of ${place} cannot be read`;
  if (damaged > 0) return `none of the ${damaged} certificates of ${place} can be read`;
  return roots.length === 1 && roots[0]?.isEmpty === true ? `${place} is empty` : `${place} holds no certificate`;
}
