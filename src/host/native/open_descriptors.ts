import { loadFcntl, type Native } from "./native.ts";
import type { SystemFiles } from "../system_files.ts";

const F_GETFD = 1;

/** More than are open, where the system does not say how many the table of this process has room for. */
const MANY = 1024;

/**
 * Finds the open descriptors of this process on Linux by asking for each. Since 2.9 Deno lists no folder below /proc without every
 * permission there is, and Bun takes four milliseconds for the module that lists folders.
 *
 * @param native the C library
 * @param files reads `/proc/self/status`
 * @returns each above 2, with its flags (`FD_CLOEXEC` is 1)
 */
export function openDescriptors(
  native: Native,
  files: Pick<SystemFiles, "read">,
): readonly { readonly fd: number; readonly flags: number }[] {
  const fcntl = loadFcntl(native);
  const status = new TextDecoder().decode(files.read("/proc/self/status"));
  const size = Number(/^FDSize:\s*(\d+)$/m.exec(status)?.[1] ?? MANY);
  const found: { readonly fd: number; readonly flags: number }[] = [];
  for (let fd = 3; fd < size; fd += 1) {
    const flags = fcntl(fd, F_GETFD);
    if (flags >= 0) found.push({ fd, flags });
  }
  return found;
}
