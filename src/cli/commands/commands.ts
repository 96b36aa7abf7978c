import type { CommandRow } from "./command.ts";
import { EXEC } from "./exec.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: "exec",
    summary: "run a command with the credential in its environment",
    load: () => Promise.resolve(EXEC),
    // env(1), timeout(1) and docker-run(1) keep 125 for failures of their own, so that the command's statuses stay its own.
    failureStatus: 125,
    usageStatus: 125,
  },
  {
    name: "export",
    summary: "print code that sets, or unsets, the variables",
    load: async () => (await import("./export.ts")).EXPORT,
    failureStatus: 1,
    usageStatus: 2,
    failureWord: async (argv, host) => (await import("./export.ts")).failureWord(argv, host),
  },
  {
    name: "proxy",
    summary: "run the proxy alone, until it is stopped",
    load: async () => (await import("./proxy.ts")).PROXY,
    failureStatus: 1,
    usageStatus: 2,
  },
  {
    name: "doctor",
    summary: "check every step and say what to do",
    load: async () => (await import("./doctor.ts")).DOCTOR,
    failureStatus: 1,
    usageStatus: 2,
  },
  {
    name: "info",
    summary: "print the version and the settings, each with its source",
    load: async () => (await import("./info.ts")).INFO,
    failureStatus: 1,
    usageStatus: 2,
  },
  {
    name: "cache",
    summary: "list, or clear, what the kernel keeps (Linux)",
    load: async () => (await import("./cache.ts")).CACHE,
    failureStatus: 1,
    usageStatus: 2,
  },
  {
    name: "explain",
    summary: "print what an error's code means and what to do",
    load: async () => (await import("./explain.ts")).EXPLAIN,
    failureStatus: 1,
    usageStatus: 2,
  },
  {
    name: "completions",
    summary: "print a script of completions for bash, zsh, fish, pwsh",
    load: async () => (await import("./completions.ts")).COMPLETIONS,
    failureStatus: 1,
    usageStatus: 2,
  },
];
