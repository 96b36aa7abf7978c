import type { Scenario } from "./scenario.ts";

// A fault that is ignored, and SIGPIPE that something else than a shell ignores, cannot be told from what the runtime does for itself.
const SOFT = [4, 5, 6, 7, 8, 11, 13, 31];
const IGNORED = [1, 2, 3, 10, 12, 14, 15, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 34, 50, 64, ...SOFT];
/** The first real-time signal that no C library keeps for itself: musl has 32 to 34. */
const REAL_TIME = 35;
const BLOCKED = [1, 2, 3, 10, 13, 14, 15, 17, 20, 25, 30, REAL_TIME];
const PENDING = [1, 2, 10, 12, 13, 15, 17, 28, REAL_TIME, 64];
const TRAPPED = ["PIPE", "HUP", "INT", "QUIT", "TERM", "CHLD", "USR1", "XFSZ"];

const shells = (script: (shell: string) => string, name: string): readonly Scenario[] =>
  ["bash", "dash"].map((shell) => ({ name: `${name} in ${shell}`, shell: [shell, "-c", script(shell)] }));

/** Dispositions, mask and pending signals, and how the command ends. */
export const SIGNAL_SCENARIOS: readonly Scenario[] = [
  ...IGNORED.map((signal): Scenario => ({
    name: `signal ${signal} ignored`,
    operations: [`ignore:${signal}`],
    ...(SOFT.includes(signal) ? { soft: true } : {}),
  })),
  { name: "signals 1 2 3 15 17 ignored", operations: [1, 2, 3, 15, 17].map((signal) => `ignore:${signal}`) },
  ...BLOCKED.map((signal) => ({ name: `signal ${signal} blocked`, operations: [`block:${signal}`] })),
  ...PENDING.map((signal) => ({
    name: `signal ${signal} pending`,
    operations: [`pend:${signal}`],
    // A runtime that ignores it drops it.
    ...(signal === 13 ? { soft: true as const } : {}),
  })),
  { name: `signal ${REAL_TIME} pending twice`, operations: [`pend:${REAL_TIME}`, `pend:${REAL_TIME}`] },
  ...[15, 17].map((signal) => ({
    name: `signal ${signal} pending and ignored`,
    operations: [`ignore:${signal}`, `pend:${signal}`],
  })),
  ...TRAPPED.flatMap((signal) =>
    shells(() => `trap '' ${signal}; exec CMD`, `trap '' ${signal}; exec`).map((scenario) => ({
      ...scenario,
      // The shell that ignores it is not there any more to ask.
      ...(signal === "PIPE" ? { soft: true as const } : {}),
    }))
  ),
  ...["PIPE", "HUP", "CHLD"].flatMap((signal) => shells(() => `trap '' ${signal}; CMD; true`, `trap '' ${signal}`)),
  ...shells(() => "CMD & wait $!", "in the background"),
  ...shells(() => "exec 2>/dev/null; set -m; CMD & wait $!", "in the background with job control"),
  ...shells(() => "CMD | cat", "in a pipeline"),
  ...shells(() => "cat /dev/null | CMD; true", "at the end of a pipeline"),
  ...shells(() => "(CMD); true", "in a subshell"),
  { name: "nohup", shell: ["sh", "-c", "exec nohup CMD"] },
  { name: "nohup in the background", shell: ["sh", "-c", "nohup CMD >/dev/null 2>&1 & wait $!"] },
  {
    name: "a broken pipe ends the command",
    command: ["yes"],
    shell: ["bash", "-c", "CMD | head -1; echo ${PIPESTATUS[0]}"],
  },
  {
    name: "an ignored broken pipe is an error",
    command: ["yes"],
    shell: ["bash", "-c", "trap '' PIPE; CMD 2>/dev/null | head -1; echo ${PIPESTATUS[0]}"],
  },
  ...[0, 1, 3, 125, 126, 127, 255].map((status) => ({
    name: `ends with status ${status}`,
    command: ["{probe}", "{dump}", "--status", String(status)],
  })),
  ...[1, 2, 3, 6, 9, 11, 13, 14, 15, 34].map((signal) => ({
    name: `ends by signal ${signal}`,
    command: ["{probe}", "{dump}", "--die", String(signal)],
  })),
  ...[1, 2, 9, 15, 10].map((signal) => ({
    name: `is sent signal ${signal}`,
    operations: [`script:ready,kill=${signal},wait`],
    command: ["{probe}", "{dump}", "--wait"],
  })),
  {
    name: "is stopped and continued",
    operations: ["script:ready,kill=19,wait,kill=18,wait,kill=15,wait"],
    command: ["{probe}", "{dump}", "--wait"],
  },
];
