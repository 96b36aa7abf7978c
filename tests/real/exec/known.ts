import type { Runtime } from "./scenario.ts";

/** A difference that is known. */
export interface Known {
  readonly reason: string;
  /** The facts that differ, and no other. */
  readonly facts: RegExp;
}

const PWR: Known = {
  reason: "Bun takes SIGPWR for itself: it is neither ignored nor blocked any more",
  // Bun says so on standard error.
  facts: /^(signal\.30\.|\/proc\/self\/status Sig(Ign|Blk):|fd\.\d$|errors$)/,
};
const XFSZ: Known = {
  reason: "Bun ignores SIGXFSZ for itself; what it was before is known only from a shell that is still there",
  facts: /^(signal\.25\.disposition|\/proc\/self\/status SigIgn:)$/,
};
const FILES: Known = {
  reason:
    "Bun raises the soft limit of open files; what it was before is known only from a parent with the same hard limit",
  facts: /^limit\.7$/,
};
const PENDING: Known = {
  reason:
    "a signal that waits is taken and sent again, as Bun's threads would get it: it waits for the thread, not the process",
  facts: /^\/proc\/self\/status (SigPnd|ShdPnd):$/,
};
const OPTIONS: Known = { reason: "Bun obeys it in every program that it compiled", facts: /^/ };

/** What a build cannot keep, by scenario. `docs/exec.md` says the same to people. */
export const KNOWN: Readonly<Record<Runtime, Readonly<Record<string, Known>>>> = {
  deno: {},
  bun: {
    "signal 25 ignored": XFSZ,
    "trap '' XFSZ; exec in bash": XFSZ,
    "trap '' XFSZ; exec in dash": XFSZ,
    "signal 30 ignored": PWR,
    "signal 30 blocked": PWR,
    "limit of soft open files below hard": FILES,
    "limit of soft open files of 64": FILES,
    "limit of soft open files of 1024 of 19000": FILES,
    "ulimit -Sn; exec": FILES,
    ...Object.fromEntries([1, 2, 10, 12, 15, 17, 28, 35, 64].map((signal) => [`signal ${signal} pending`, PENDING])),
    "signal 35 pending twice": PENDING,
    "signal 15 pending and ignored": PENDING,
    "signal 17 pending and ignored": PENDING,
    "Ctrl-C with SIGINT ignored": {
      reason: "on a terminal Bun catches SIGINT; that it was ignored is known only from a shell that is still there",
      facts: /^(event|event \(2\)|signal\.2\.disposition|\/proc\/self\/status SigIgn:|output)$/,
    },
    "environment: BUN_OPTIONS": OPTIONS,
    "environment: BUN_OPTIONS --cwd": { ...OPTIONS, facts: /^process\.cwd$/ },
    "environment: BUN_BE_BUN": OPTIONS,
    "environment: BUN_INSPECT": {
      reason: "Bun opens a socket for its debugger, and the command inherits it",
      facts: /^fd\.\d+$/,
    },
  },
};

/** What a proxy beside the command changes for it, by scenario. */
export const BESIDE: Readonly<Record<string, Known>> = {
  "adopts orphans": {
    reason: "the proxy has no parent of its own, so a command that adopts orphans adopts it",
    facts: /^(process\.children|after\.left)/,
  },
};
