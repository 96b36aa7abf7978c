import { read } from "node:fs";
import process from "node:process";
import type { Build } from "../../core/host.ts";
import type { OwnSidecar } from "../../core/sidecar.ts";
import type { Start } from "../exec/start.ts";
import { cString, loadFcntl, type Native } from "../native/native.ts";
import { writeAll } from "./pipe.ts";
import { type Owner, watchOwner } from "./owner.ts";
import { APART, OWNER_FD, startInPlaceOfShell } from "./start_sidecar.ts";

const O_RDWR = 2;
const F_SETFD = 2;
const FD_CLOEXEC = 1n;
/** How often the owner is looked at, which takes microseconds; neither runtime waits for a process that is not its child. */
const LOOK_MS = 50;
/** What reaches a whole job, unit or container, and ends who does not listen. */
const NOT_OURS = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM"] as const;

/** Gives the lines of standard input as they come, and `undefined` at its end. */
async function* lines(): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65536);
  for (let text = "";;) {
    const got = await new Promise<number>((resolve) =>
      read(0, chunk, 0, chunk.length, null, (error, count) => resolve(error === null ? count : 0))
    );
    if (got === 0) return;
    const parts = (text + decoder.decode(chunk.subarray(0, got), { stream: true })).split("\n");
    text = parts.pop() ?? "";
    yield* parts;
  }
}

/** Puts `/dev/null` in place of a descriptor: a free one could become a connection that somebody then prints to. */
function drop(native: Native, fds: readonly number[]): void {
  const { open, dup2, close } = native.load({ open: "pi:i", dup2: "ii:i", close: "i:i" });
  const nothing = Number(open(cString("/dev/null"), O_RDWR));
  for (const fd of fds) dup2(nothing, fd);
  if (nothing > 2) close(nothing);
}

/**
 * Makes this process the sidecar that it was started as.
 *
 * @param start what this process was started with
 * @param owner whose end is its own; its pidfd, where the system has one, is descriptor 3
 * @returns what it is told and what it can say
 */
function becomeSidecar(start: Start, owner: Owner): OwnSidecar {
  const { native, files } = start;
  const cwd = process.cwd();
  process.chdir("/");
  for (const signal of NOT_OURS) process.on(signal, () => {});
  const link = files.link(`/proc/self/fd/${OWNER_FD}`) ?? "";
  const pidfd = link.includes("pidfd") ? OWNER_FD : undefined;
  if (pidfd !== undefined) loadFcntl(native)(pidfd, F_SETFD, FD_CLOEXEC);
  const hasEnded = watchOwner(native, files, { ...owner, pidfd });
  const over = Promise.withResolvers<void>();
  const message = Promise.withResolvers<string | undefined>();
  const looking = setInterval(() => {
    if (hasEnded()) over.resolve();
  }, LOOK_MS);
  void over.promise.then(() => clearInterval(looking));
  const listen = async (): Promise<void> => {
    const words = lines();
    message.resolve((await words.next()).value);
    const { value } = await words.next();
    if (value !== "leave") return over.resolve();
    // The command that could not be run is told of by whoever tried.
    void words.next().then(({ value: last }) => last === "end" ? over.resolve() : drop(native, [0, 1]));
  };
  void listen();
  return {
    cwd,
    message: message.promise,
    answer: (line) => void writeAll(native, { fd: 1, text: `${line}\n` }),
    over: over.promise,
    exit: (status) => process.exit(status),
  };
}

/**
 * Does what a sidecar's arguments ask for.
 *
 * @param start what this process was started with
 * @param options the arguments after the word that makes a sidecar, and this build
 * @returns the sidecar; `undefined` where this process only had to start it, or the arguments are none of a sidecar
 */
export function takeSidecar(
  start: Start,
  { args, build }: { readonly args: readonly string[]; readonly build: Build },
): OwnSidecar | undefined {
  const apart = args[0] === APART;
  const [pid = "", started = ""] = apart ? args.slice(1) : args;
  if (!/^\d+$/.test(pid)) return undefined;
  const owner = { pid: Number(pid), started };
  if (!apart) return becomeSidecar(start, owner);
  startInPlaceOfShell(start, { owner, build });
  return undefined;
}
