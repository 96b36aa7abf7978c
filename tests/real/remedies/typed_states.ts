import type { State } from "./state.ts";

const usage = (line: string, more: Partial<State> = {}): State => ({
  name: `the command line ${line}`,
  code: "usage",
  args: line.split(" "),
  ...more,
});
const TRUE = { fill: { "<command>": "true" } };

/** Files of a folder in which somebody types. */
const FILES = [
  'cd "$HOME"; mkdir -p tools; PATH="$HOME/tools:$PATH"',
  '[ -e train.py ] || echo "print(1)" >train.py',
  "[ -e train.sh ] || { printf '#!/bin/sh\\necho ran\\n' >train.sh; chmod +x train.sh; }",
  "[ -e tools/deploy ] || { printf '#!/bin/sh\\r\\necho ran\\n' >tools/deploy; chmod +x tools/deploy; }",
  "[ -e tools/report ] || { printf '#!/opt/nowhere/sh\\necho ran\\n' >tools/report; chmod +x tools/report; }",
  "[ -e tools/load.py ] || echo 'print(2)' >tools/load.py",
  'exec "$@"',
].join("\n");

const command = (words: readonly string[], more: Partial<State> = {}): State => ({
  name: `the command ${words.join(" ")}`,
  code: "command-not-found",
  args: ["exec", "--", ...words],
  shell: FILES,
  ...more,
});

/** Command lines as people type them, and commands that do not start. */
export const TYPED_STATES: readonly State[] = [
  usage("exce -- true", TRUE),
  usage("run true"),
  usage("run", TRUE),
  usage("login"),
  usage("logout", { shows: /^$/ }),
  usage("shell", { env: { SHELL: "/bin/sh" } }),
  usage("env"),
  usage("token"),
  usage("config"),
  usage("status"),
  usage("completion"),
  usage("printf %s ran", { shows: /^ran$/, fill: { "…": "ran" } }),
  usage("help nothing", { shows: /Usage/ }),
  usage("help exce", { shows: /Usage: mlflow-auth exec/ }),
  usage("-v", { shows: /^\d+\.\d+\.\d+$/ }),
  usage("--versoin", { shows: /^\d+\.\d+\.\d+$/ }),
  usage("--log-level DEBUG", { shows: /Usage/ }),
  usage("exec", TRUE),
  usage("exec --proxy", { ...TRUE, env: { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" } }),
  usage("exec --secret mlflow -- true", { fill: { "<command>": "true", "<name>": "mlflow" } }),
  usage("exec --vault team -- true", { fill: { "<command>": "true", "<url>": "https://team.vault.azure.net" } }),
  usage("exec --keep-evn A -- true", { fill: { "<command>": "true", "<name>": "A" } }),
  usage("exec --tracking-uri http://127.0.0.1:9 -- true", {
    fill: { "<command>": "true", "<url>": "http://127.0.0.1:9" },
  }),
  usage("exec --verbose --proxy -- true", { ...TRUE, env: { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" } }),
  usage("exec --vault-url", { fill: { "<command>": "true", "<url>": "https://team.vault.azure.net" } }),
  usage("info --env prod", { fill: { "<path>": "prod.env" }, before: "touch prod.env" }),
  usage("info --client-secret=x", { shows: /Usage/ }),
  usage("export --shell zsh"),
  usage("export --format bsah"),
  usage("export --proxy --format bsah", { env: { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" } }),
  usage("doctor --tracking-uri http://127.0.0.1:9", { fill: { "<tracking-url>": "http://127.0.0.1:9" } }),
  usage("doctor http://127.0.0.1:9"),
  usage("doctor --dry-run mlflow.example", { fill: { "https://HOST": "http://127.0.0.1:9" } }),
  usage("cache nothing"),
  usage("cache lst"),
  usage("completions powershell", { shows: /Register-ArgumentCompleter/ }),
  usage("export --shell=zsh"),
  usage("explain vault-forbiden", { shows: /^vault-forbidden:/ }),
  usage("explain nothing-of-ours", { shows: /vault-forbidden/ }),
  usage("completions tcsh", { shows: /complete/ }),

  command(["echo ran"], { shows: /^ran$/ }),
  command(["echo ran | cat"], { fill: { "<line>": "echo ran | cat" }, shows: /^ran$/ }),
  command(["A=1", "env"], { fill: { "A=…": "A=1", "<command>": "env" }, shows: /^A=1$/m }),
  command(["cd", "/"], { fill: { "cd …": "cd /; pwd" }, shows: /^\/$/ }),
  command(["source", "train.sh"], { fill: { "source …": "source ./train.sh" }, shows: /^ran$/ }),
  command(["ls|cat"], { fill: { "<line>": "echo ran|cat" }, shows: /^ran$/ }),
  command(["~/train.sh"], { shows: /^ran$/ }),
  command(["train.sh"], { shows: /^ran$/ }),
  command(["train.py"], { shows: /^1$/ }),
  command(["pritnf", "x"], { shows: /printf/ }),
  command(["deploy"]),
  command(["report"], { shows: /^ran$/ }),
  command(["frobnicate"], { shows: /^$/ }),
  command(["./tools"], { code: "command-not-runnable", shows: /deploy/ }),
  command(["load.py"], { code: "command-not-runnable", shows: /^2$/ }),
  {
    ...command(["echo ran"]),
    name: "several words in one, behind a proxy",
    args: ["exec", "--proxy", "--", "echo ran"],
    env: { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" },
    shows: /^ran$/,
  },
];
