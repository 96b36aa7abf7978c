import { cString, type Native, type NativeFunction, word } from "./native.ts";

const RTLD_DEFAULT = 0n;

function loadDlsym(native: Native): NativeFunction {
  const signature = { dlsym: "ap:a" } as const;
  try {
    return native.load(signature).dlsym;
  } catch {
    // glibc has it in the main library since 2.34.
    return native.load(signature, "libdl.so.2").dlsym;
  }
}

/**
 * Finds the variable `environ` of the C library, whose PATH `execvp(3)` searches.
 *
 * @param native the C library
 * @returns the address of the variable
 */
export function environAddress(native: Native): bigint {
  if (native.darwin) return BigInt(native.load({ _NSGetEnviron: ":a" })._NSGetEnviron());
  return BigInt(loadDlsym(native)(RTLD_DEFAULT, cString("environ")));
}

/**
 * Reads the environment from the C library, where the system has no `/proc`.
 *
 * @param native the C library
 * @returns the entries, in bytes
 */
export function readLibcEnvironment(native: Native): readonly Uint8Array<ArrayBuffer>[] {
  const { memcpy, strlen } = native.load({ memcpy: "paa:a", strlen: "a:a" });
  const wordAt = (address: bigint): bigint => {
    const bytes = new Uint8Array(8);
    memcpy(bytes, address, 8n);
    return word(bytes);
  };
  const entries: Uint8Array<ArrayBuffer>[] = [];
  const environ = wordAt(environAddress(native));
  for (let at = environ; environ !== 0n; at += 8n) {
    const entry = wordAt(at);
    if (entry === 0n) break;
    const length = BigInt(strlen(entry));
    const bytes = new Uint8Array(Number(length));
    if (length > 0n) memcpy(bytes, entry, length);
    entries.push(bytes);
  }
  return entries;
}
