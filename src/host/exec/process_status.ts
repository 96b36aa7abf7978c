// Shells and service managers hand a disposition on. Python, Node and Deno ignore SIGPIPE for themselves alone.
const HANDS_ON = /^(sh|bash|dash|zsh|ksh.*|mksh|ash|busybox|fish|tcsh|csh|systemd|\(sd-.*)$/;

const field = (status: string, name: string): string | undefined =>
  status.split("\n").find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1).trim();

/**
 * Signals of a mask of `/proc/PID/status`.
 *
 * @param status text of `/proc/PID/status`
 * @param mask `SigIgn` for those that are ignored, `SigCgt` for those with a handler
 * @returns their numbers, without 32 and 33, which the C library keeps to itself; `undefined` where the mask is not there
 */
export function signalsIn(status: string, mask: "SigIgn" | "SigCgt"): readonly number[] | undefined {
  const digits = field(status, mask) ?? "";
  if (!/^[0-9a-f]+$/i.test(digits)) return undefined;
  const found: number[] = [];
  // One digit at a time: numbers hold 53 bits.
  for (let at = 0; at < digits.length; at += 1) {
    let bits = Number.parseInt(digits.at(-1 - at) ?? "", 16);
    for (let signal = 4 * at + 1; bits !== 0; bits >>= 1, signal += 1) if ((bits & 1) === 1) found.push(signal);
  }
  return found.filter((signal) => signal !== 32 && signal !== 33);
}

/**
 * Says which signals a process ignores, where it is of a kind that hands that on to what it starts. A runtime takes some signals
 * for itself before any code runs, SIGPIPE first of all; what the parent does with them stands for what was inherited.
 *
 * @param parentStatus text of `/proc/PPID/status`
 * @returns the signals' numbers; none where the parent may ignore them for itself alone
 */
export function handedOn(parentStatus: string): readonly number[] {
  return HANDS_ON.test(field(parentStatus, "Name") ?? "") ? signalsIn(parentStatus, "SigIgn") ?? [] : [];
}

/** A soft and a hard limit. */
export interface Limit {
  readonly soft: bigint;
  readonly hard: bigint;
}

/**
 * Guesses which limit of open files this process was started with, where the runtime has raised the soft one to the hard one.
 *
 * @param own the limit as it is now
 * @param parentLimits text of `/proc/PPID/limits`
 * @returns the limit to give the command, or `undefined` where nothing speaks for another one
 */
export function inheritedFileLimit(own: Limit, parentLimits: string): Limit | undefined {
  const found = /^Max open files\s+(\d+)\s+(\d+)\s/m.exec(parentLimits);
  if (found === null || own.soft !== own.hard) return undefined;
  const [soft, hard] = [BigInt(found[1] ?? ""), BigInt(found[2] ?? "")];
  return hard === own.hard && soft < hard ? { soft, hard } : undefined;
}
