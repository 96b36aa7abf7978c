import type { CommandRow } from "./command.ts";
import { addCache } from "./cache.ts";
import { addCompletions } from "./completions.ts";
import { addDoctor } from "./doctor.ts";
import { addExec } from "./exec.ts";
import { addExplain } from "./explain.ts";
import { addExport, failureWord } from "./export.ts";
import { addInfo } from "./info.ts";
import { addProxy } from "./proxy.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandRow[] = [
  // env(1), timeout(1) and docker-run(1) keep 125 for failures of their own, so that the command's statuses stay its own.
  { name: "exec", add: addExec, failureStatus: 125, usageStatus: 125 },
  { name: "export", add: addExport, failureStatus: 1, usageStatus: 2, failureWord },
  { name: "proxy", add: addProxy, failureStatus: 1, usageStatus: 2 },
  { name: "doctor", add: addDoctor, failureStatus: 1, usageStatus: 2 },
  { name: "info", add: addInfo, failureStatus: 1, usageStatus: 2 },
  { name: "cache", add: addCache, failureStatus: 1, usageStatus: 2 },
  { name: "explain", add: addExplain, failureStatus: 1, usageStatus: 2 },
  { name: "completions", add: addCompletions, failureStatus: 1, usageStatus: 2 },
];
