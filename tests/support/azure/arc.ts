import { spawnSync } from "node:child_process";
import process from "node:process";

/** Where Azure Arc's agent writes its keys on Linux; the SDKs take a key from nowhere else. */
export const ARC_KEY_FOLDER = "/var/opt/azcmagent/tokens";

const MOUNT = [
  "mount -t tmpfs none /var/opt",
  `mkdir -p ${ARC_KEY_FOLDER}`,
  `mount --bind "$1" ${ARC_KEY_FOLDER}`,
  "shift",
  'exec "$@"',
].join(" && ");

/**
 * Lets a command see a stand-in's keys where Azure Arc's agent keeps its own, and changes nothing for anybody else.
 *
 * @param folder the stand-in's `arcKeys`
 * @param argv the command
 * @returns the command that runs it in a mount namespace of its own (Linux)
 */
export function onArc(folder: string, argv: readonly string[]): readonly [string, ...string[]] {
  return ["unshare", "-rm", "sh", "-c", MOUNT, "sh", folder, ...argv];
}

/** @returns whether this machine can run {@link onArc} */
export function canBeOnArc(): boolean {
  const [command, ...args] = onArc("/tmp", ["true"]);
  return process.platform === "linux" && spawnSync(command, args).status === 0;
}
