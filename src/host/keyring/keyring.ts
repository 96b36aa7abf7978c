import { errorCode } from "../../core/error_code.ts";
import type { Keyring } from "../../core/keyring.ts";
import type { Native } from "../native/native.ts";
import type { SystemFiles } from "../system_files.ts";
import { type KeyCalls, openKeyCalls, PROCESS_KEYRING, USER_KEYRING } from "./system_calls.ts";

/** The owner may view, read, search and link; who only possesses it, the group and everybody else may nothing. */
const OWNER_READS = 0x001b0000;
const GONE: readonly (string | undefined)[] = ["ENOKEY", "EKEYEXPIRED", "EKEYREVOKED", "EACCES"];

/** The result, or `undefined` where the key is gone or somebody else's. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (GONE.includes(errorCode(error))) return undefined;
    throw error;
  }
}

/** The name of a key that this user put there as this program does; another may have linked one of its own into our keyring. */
function ownName(key: number, { calls, uid }: { readonly calls: KeyCalls; readonly uid: number }): string | undefined {
  const [type, owner, _group, permissions, ...name] = calls.describe(key).split(";");
  const own = type === "user" && Number(owner) === uid && Number.parseInt(permissions ?? "", 16) === OWNER_READS;
  return own ? name.join(";") : undefined;
}

/** What a keyring is opened with. */
export interface KeyringParts {
  readonly native: Native;
  readonly files: Pick<SystemFiles, "read">;
  /** As `process.arch` has it. */
  readonly architecture: string;
}

/**
 * Opens the keyring of this user. A key is made in the process keyring, where it ends with this process if anything goes wrong,
 * gets its end and its rights there, and is linked into the user's keyring last, which takes the place of one of that name; so it
 * works also where the session keyring is a new one, as in a service, a container or a job of cron.
 *
 * @param parts the C library, `/proc` and the processor
 * @returns the keyring, or `undefined` where the processor or the system does not have it
 * @see https://man7.org/linux/man-pages/man7/keyrings.7.html
 */
export function openKeyring({ native, files, architecture }: KeyringParts): Keyring | undefined {
  const calls = openKeyCalls(native, architecture);
  const boot = files.read("/proc/sys/kernel/random/boot_id", 64);
  if (calls === undefined || boot === undefined) return undefined;
  const uid = calls.uid();
  const own = { calls, uid };
  const readOwn = (key: number): { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined =>
    unlessGone(() => {
      const name = ownName(key, own);
      return name === undefined ? undefined : { name, bytes: calls.read(key) };
    });
  return {
    find: (name) => {
      const key = unlessGone(() => calls.search(USER_KEYRING, name));
      return key === undefined ? undefined : readOwn(key)?.bytes;
    },
    keep: ({ name, bytes }, seconds) => {
      const key = calls.add(name, bytes, PROCESS_KEYRING);
      calls.setTimeout(key, seconds);
      calls.setPermissions(key, OWNER_READS);
      calls.link(key, USER_KEYRING);
    },
    list: (prefix) => {
      const bytes = calls.read(USER_KEYRING);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const keys = Array.from({ length: bytes.length >> 2 }, (_, at) => view.getInt32(4 * at, true));
      return keys.flatMap((key) => {
        const name = unlessGone(() => ownName(key, own));
        return name?.startsWith(prefix) === true ? readOwn(key) ?? [] : [];
      });
    },
    forget: (name) => {
      const key = unlessGone(() => calls.search(USER_KEYRING, name));
      if (key === undefined || unlessGone(() => ownName(key, own)) === undefined) return false;
      unlessGone(() => calls.invalidate(key));
      return true;
    },
    bootMs: calls.bootMs,
    bootId: new TextDecoder().decode(boot).trim(),
    uid,
  };
}
