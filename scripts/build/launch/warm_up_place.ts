// What the place of a build must not decide: the program would go other ways by it while it is warmed up, and its code be another one.

const openLibc = () =>
  Deno.dlopen("libc.so.6", {
    __errno_location: { parameters: [], result: "pointer" },
    signal: { parameters: ["i32", "usize"], result: "usize" },
  }).symbols;
type Libc = ReturnType<typeof openLibc>;

const SIG_DFL = 0n;
const SIG_IGN = 1n;
/** Deno itself ignores it, wherever it runs. */
const SIGPIPE = 13;

/** Lets go of signals that are ignored, as `nohup` and a shell's `&` have it. */
function unignoreSignals(libc: Libc): void {
  for (let signal = 1; signal < 32; signal++) {
    if (signal === SIGPIPE) continue;
    const before = libc.signal(signal, SIG_DFL);
    if (before !== SIG_IGN) libc.signal(signal, before);
  }
}

/** `user` keys by their serial number. */
const keys = new Map<number, { readonly name: string; readonly payload: Uint8Array<ArrayBuffer> }>();

const ENOKEY = 126;
/** As an own key is described; {@link replaceKeyring} adds the user and the name. */
const RIGHTS = "001b0000";

/** `add_key(2)` and `keyctl(2)` of x86-64, and of arm64. */
const ADD_KEY: readonly number[] = [248, 217];
const KEYCTL: readonly number[] = [250, 219];

type Values = readonly (number | bigint)[];

const at = (address: number | bigint = 0): Deno.PointerObject => {
  const pointer = Deno.UnsafePointer.create(BigInt(address));
  if (pointer === null) throw new TypeError("no address");
  return pointer;
};

const text = (address: number | bigint = 0): string => Deno.UnsafePointerView.getCString(at(address));

/** Puts bytes where the caller has room for them, and gives their number. */
function fill([, , address]: Values, bytes: Uint8Array): number {
  new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(at(address), bytes.length)).set(bytes);
  return bytes.length;
}

function addKey([, name, payload, length]: Values): number {
  const bytes = new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(at(payload), Number(length))).slice();
  keys.set(keys.size + 1, { name: text(name), payload: bytes });
  return keys.size;
}

/** The operations of `keyctl(2)` that the program asks for; the others change nothing that it could see here. */
const OPERATIONS: Readonly<Record<number, (values: Values) => number>> = {
  6: (values) => {
    const uid = Deno.uid();
    return fill(
      values,
      new TextEncoder().encode(`user;${uid};${uid};${RIGHTS};${keys.get(Number(values[1]))?.name}\0`),
    );
  },
  10: ([, , , name]) => [...keys].findLast(([, key]) => key.name === text(name))?.[0] ?? -1,
  11: (values) =>
    fill(values, keys.get(Number(values[1]))?.payload ?? new Uint8Array(new Int32Array(keys.keys()).buffer)),
};

/**
 * Puts a keyring in the place of the kernel's, for whoever calls `syscall(2)` through Deno from now on: that of who builds may hold what
 * another run kept, be full, or be refused as in a container. This one is in memory, and empty.
 */
function replaceKeyring(libc: Libc): void {
  const location = libc.__errno_location();
  if (location === null) throw new TypeError("no errno");
  const errno = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(location, 4));
  const real = Deno.UnsafeFnPointer.prototype.call;
  Deno.UnsafeFnPointer.prototype.call = function (
    this: Deno.UnsafeFnPointer<Deno.ForeignFunction>,
    ...values: never[]
  ) {
    const [number, ...rest] = values as Values;
    const isSystemCall = this.definition.parameters.length === 6;
    if (!isSystemCall || ![...ADD_KEY, ...KEYCTL].includes(Number(number))) return real.apply(this, values);
    const result = ADD_KEY.includes(Number(number)) ? addKey(rest) : OPERATIONS[Number(rest[0])]?.(rest) ?? 0;
    if (result < 0) errno[0] = ENOKEY;
    return BigInt(result);
  } as typeof real;
}

/** Makes this place like any other. Elsewhere than on Linux there is nothing to do. */
export function levelPlace(): void {
  if (Deno.build.os !== "linux") return;
  const libc = openLibc();
  unignoreSignals(libc);
  replaceKeyring(libc);
}
