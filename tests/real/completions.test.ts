import { test } from "node:test";
import { skipUnless } from "../support/skip.ts";
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../../src/cli/commands/commands.ts";
import { main } from "../../src/cli/run.ts";
import { COMPLETION_SHELLS } from "../../src/cli/completions/shells.ts";
import { firstBuild, runProgram } from "../support/run_program.ts";
import { fakeHost } from "../support/host.ts";
import { CLEAN, install, missing, run, trapFolder, which } from "./shells/run.ts";

const BASH_COMPLETION = "/usr/share/bash-completion/bash_completion";
install([
  ...["zsh", "fish"].filter((name) => which(name) === undefined),
  ...(which("script") === undefined ? ["bsdutils"] : []),
  ...(existsSync(BASH_COMPLETION) ? [] : ["bash-completion"]),
]);

/** What is typed after the program's name, and what its last word may become. */
type Case = readonly [typed: string, completed: readonly string[]];

const LEVELS = ["DEBUG", "ERROR", "INFO", "WARNING"];

/** Every command whose name begins so. */
const commands = (beginning: string): readonly string[] =>
  COMMANDS.map(({ name }) => name).filter((name) => name.startsWith(beginning)).sort();

const OURS: readonly Case[] = [
  ["", commands("")],
  ["ex", commands("ex")],
  ["--log", ["--log-level"]],
  ["--log-level W", ["WARNING"]],
  ["--env-file st", ["staging.env"]],
  ["--log-level INFO ex", commands("ex")],
  ["--env-file exec ex", commands("ex")],
  ["export --format g", ["github", "gitlab"]],
  ["export --format=gith", ["--format=github"]],
  ["export --log-level ", LEVELS],
  ["info --auth-mode b", ["basic", "bearer"]],
  ["info --cloud AzureU", ["AzureUSGovernment"]],
  ["doctor --identity azure-c", ["azure-cli"]],
  ["doctor --dry", ["--dry-run"]],
  ["doctor --ca-bundle st", ["staging.env"]],
  ["completions ", ["bash", "fish", "pwsh", "zsh"]],
  ["exec --vault-u", ["--vault-url"]],
  ["exec --log-level ", LEVELS],
  ["exec --env-file st", ["staging.env"]],
  ["exec some-ch", ["some-child"]],
  ["exec -- some-ch", ["some-child"]],
  ["exec --vault-url https://a.vault.azure.net:443/ some-ch", ["some-child"]],
];

/** The child completes `stash`, `status` and `--loud`. */
const CHILDS: readonly Case[] = [
  ["exec some-child sta", ["stash", "status"]],
  ["exec some-child --lo", ["--loud"]],
  ["exec -- some-child --lo", ["--loud"]],
  ["exec some-child -- sta", ["stash", "status"]],
  ["exec --env-file staging.env --log-level=INFO -- some-child sta", ["stash", "status"]],
  ["exec --keep-env exec some-child exec sta", ["stash", "status"]],
];

/** A child without completions of its own, or a shell that cannot find them. */
const FILES: readonly Case[] = [["exec some-child sta", ["staging.env"]], ["exec -- some-child x sta", [
  "staging.env",
]]];

/** What nothing completes: no option of ours is offered to the child, and no file where none is wanted. */
const NOTHING = ["exec -- --lo", "exec some-child --vault", "export --nop", "doctor st", "export --format st"];
const UNCHANGED: readonly Case[] = NOTHING.map((typed) => [typed, [typed.split(" ").at(-1) ?? ""]]);

const scripts = await Promise.all(COMPLETION_SHELLS.map(async ({ name }) => {
  const host = fakeHost();
  assert.equal(await main(["completions", name], host), 0);
  return [name, host.stdout.text()] as const;
}));
const folder = trapFolder();
// Not that of node:test: Deno leaves its after() out where a test is skipped or filtered.
Deno.test.afterAll(async () => await folder[Symbol.asyncDispose]());
const cwd = join(folder.path, "cwd");
const bin = join(folder.path, "bin");
const env = { PATH: `${bin}:${CLEAN["PATH"]}`, HOME: folder.path };
for (const path of [cwd, bin]) mkdirSync(path);
for (const [name, text] of scripts) writeFileSync(join(folder.path, `script.${name}`), text);
writeFileSync(join(cwd, "staging.env"), "");
writeFileSync(join(bin, "some-child"), "#!/bin/sh\n");
writeFileSync(join(bin, "mlflow-auth"), `#!/bin/sh\nexec cat ${folder.path}/script.$2\n`);
for (const name of ["some-child", "mlflow-auth"]) chmodSync(join(bin, name), 0o755);

/** The words of a shell's own prompt, where a key inserts every completion and the line then runs. */
interface Prompt {
  readonly command: string;
  readonly setup: string;
  readonly key: string;
}

// A terminal's buffer holds no more of what is typed ahead.
const AT_ONCE = 8;

/** Types each line into the shell, with its key, and gives what the line had become. */
async function typedInto(prompt: Prompt, cases: readonly Case[]): Promise<readonly Case[]> {
  if (cases.length > AT_ONCE) {
    const first = await typedInto(prompt, cases.slice(0, AT_ONCE));
    return [...first, ...await typedInto(prompt, cases.slice(AT_ONCE))];
  }
  const out = join(folder.path, "out");
  const setup = join(folder.path, "setup");
  writeFileSync(out, "");
  writeFileSync(setup, `mlflow-auth() { printf '%s\\n' "$@" END >> ${out}; }\n${prompt.setup}\n`);
  const lines = cases.map(([typed]) => `mlflow-auth ${typed}${prompt.key}`);
  const input = [`. ${setup}`, ...lines, "exit", ""].join("\n");
  const { stdout } = await run(["timeout", "60", "script", "-qec", prompt.command, "/dev/null"], { cwd, env, input });
  const ran = readFileSync(out, "utf8").split(/^END\n/m);
  assert.equal(ran.length, cases.length + 1, stdout);
  return cases.map(([typed], index) => {
    const words = (ran[index] ?? "").split("\n").slice(typed.split(" ").length - 1, -1);
    // zsh adds the sign that joins an option to its value.
    return [typed, words.map((word) => word.replace(/^(--[a-z-]+)=$/, "$1")).sort()] as const;
  });
}

const CHILDS_COMPLETION = `
_some_child() { COMPREPLY=($(compgen -W 'stash status --loud' -- "$2")); }
complete -F _some_child some-child`;
const BASH = { command: "bash --norc --noprofile -i", key: "\x1b*" };
const noPrompt = missing({ program: "script", packages: "bsdutils" });
const sourced = `. ${folder.path}/script.bash`;

test("bash completes words of ours, and files for the child", { skip: noPrompt }, async () => {
  const prompt = { ...BASH, setup: sourced };
  const cases = [...OURS, ...UNCHANGED, ...FILES];
  assert.deepEqual(await typedInto(prompt, cases), cases);
});

const noLibrary = existsSync(BASH_COMPLETION) ? noPrompt : "apt-get install bash-completion";
test("bash with bash-completion lets the child complete its own words", { skip: noLibrary }, async () => {
  const prompt = { ...BASH, setup: `. ${BASH_COMPLETION}\n${sourced}\n${CHILDS_COMPLETION}` };
  const cases = [...OURS, ...UNCHANGED, ...CHILDS];
  assert.deepEqual(await typedInto(prompt, cases), cases);
});

test("bash completes where readline does not split at the sign", { skip: noPrompt }, async () => {
  const prompt = { ...BASH, setup: `${sourced}\nCOMP_WORDBREAKS=' '` };
  const cases: readonly Case[] = [["export --format=gith", ["--format=github"]], ["exec --log-level=W", [
    "--log-level=WARNING",
  ]]];
  assert.deepEqual(await typedInto(prompt, cases), cases);
});

test("bash keeps one function and nothing else, under set -u as well", async () => {
  const script = `
    set -u; before=; after=; COMPREPLY=() COMP_WORDS=() COMP_CWORD=0
    names() { { compgen -v; compgen -A function; } | grep -vE '^(_|FUNCNAME|BASH_.*|PIPESTATUS|LINENO|COMP_.*)$'; }
    before=$(names)
    ${sourced}
    for typed in 'export --format=g' 'exec -- some-ch' 'exec --env-file ' '--log-level '; do
      IFS=' ' read -ra COMP_WORDS <<< "mlflow-auth $typed."
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)) COMP_LINE="mlflow-auth $typed" COMP_POINT=$((12 + \${#typed}))
      COMP_WORDS[COMP_CWORD]=\${COMP_WORDS[COMP_CWORD]%.}
      _mlflow_auth mlflow-auth
    done
    unset typed
    after=$(names)
    diff <(printf '%s' "$before") <(printf '%s' "$after") | grep '^[<>]'`;
  const { stdout, stderr } = await run(["bash", "--norc", "-c", script], { cwd, env });
  assert.deepEqual({ stdout, stderr }, { stdout: "> _mlflow_auth\n", stderr: "" });
});

test("bash completes words that a caller has split, and runs nothing that is typed", async () => {
  const script = `${sourced}
    COMP_WORDS=(mlflow-auth export --format = gith) COMP_CWORD=4
    _mlflow_auth; echo "\${COMPREPLY[@]}"
    COMP_LINE='mlflow-auth --env-file "$(touch pwned)" export --format \`touch pwned\`' COMP_POINT=\${#COMP_LINE}
    COMP_WORDS=(mlflow-auth --env-file '"$(touch pwned)"' export --format '\`touch pwned\`') COMP_CWORD=5
    _mlflow_auth; echo "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await run(["bash", "--norc", "-c", script], { cwd, env });
  assert.deepEqual({ stdout, stderr, pwned: existsSync(join(cwd, "pwned")) }, {
    stdout: "github\n\n",
    stderr: "",
    pwned: false,
  });
});

const ZSH = {
  command: "zsh -f -i",
  key: "\x18a",
  // The recipe of zshcompsys(1) for a key that inserts all matches.
  setup: `
autoload -Uz compinit && compinit -D
zle -C all-matches complete-word _generic
bindkey '^Xa' all-matches
zstyle ':completion:all-matches:*' insert yes
zstyle ':completion:all-matches::::' completer _all_matches _complete
_some-child() { compadd -- stash status --loud }
compdef _some-child some-child`,
};
const noZsh = missing({ program: "zsh", packages: "zsh" }) || noPrompt;

test("zsh completes words of ours, and lets the child complete its own", { skip: noZsh }, async () => {
  const prompt = { ...ZSH, setup: `${ZSH.setup}\n. ${folder.path}/script.zsh` };
  const cases = [...OURS, ...UNCHANGED, ...CHILDS];
  assert.deepEqual(await typedInto(prompt, cases), cases);
});

test("zsh loads the script from a folder of fpath", { skip: noZsh }, async () => {
  mkdirSync(join(folder.path, "site"));
  writeFileSync(join(folder.path, "site", "_mlflow-auth"), scripts.find(([name]) => name === "zsh")?.[1] ?? "");
  const names = "curcontext|context|state|state_descr|line|opt_args|described|at|over|ret";
  const dump = `zshexit() { print -r -- "\${(k)parameters[(I)${names}]}" > ${folder.path}/globals }`;
  const prompt = { ...ZSH, setup: `fpath+=(${folder.path}/site)\n${ZSH.setup}\n${dump}` };
  const cases: readonly Case[] = [["ex", commands("ex")], ["export --format g", ["github", "gitlab"]]];
  assert.deepEqual(await typedInto(prompt, cases), cases);
  assert.equal(readFileSync(join(folder.path, "globals"), "utf8"), "\n");
});

const noFish = missing({ program: "fish", packages: "fish" });
test("fish completes words of ours, and lets the child complete its own", { skip: noFish }, async () => {
  const hostile = "exec '$(touch pwned)' (touch pwned) ex";
  // fish looks inside words too, where these two are found.
  const nothing = NOTHING.filter((typed) => !/ -- --lo$|--format st$/.test(typed));
  const cases = [...OURS, ...CHILDS, ...[...nothing, hostile].map((typed) => [typed, []] as const)];
  const script = [
    `source ${folder.path}/script.fish`,
    "complete -c some-child -f -a 'stash status --loud'",
    'for typed in $argv; complete -C "mlflow-auth $typed"; echo END; end',
  ].join("\n");
  const argv = ["fish", "--no-config", "-c", script, "--", ...cases.map(([typed]) => typed)];
  const { stdout, stderr } = await run(argv, { cwd, env });
  const answers = stdout.split(/^END\n/m).map((text) => text.split("\n").slice(0, -1));
  const given = cases.map((
    [typed],
    index,
  ) => [typed, (answers[index] ?? []).map((line) => line.split("\t")[0]).sort()]);
  assert.deepEqual({ stderr, given, pwned: existsSync(join(cwd, "pwned")) }, {
    stderr: "",
    given: cases,
    pwned: false,
  });
});

const BEFORE: Readonly<Record<string, string>> = {
  bash: "true",
  zsh: "echo 'autoload -Uz compinit && compinit -D' > ~/.zshrc",
  // fish makes its folders when it first shows a prompt.
  fish: "mkdir -p ~/.config/fish/completions",
};
const INSTALLED: Readonly<Record<string, (cases: readonly Case[]) => Promise<readonly Case[]>>> = {
  bash: (cases) => typedInto({ ...BASH, command: "bash --noprofile -i", setup: "" }, cases),
  zsh: (cases) => typedInto({ ...ZSH, command: "zsh -d -i", setup: ZSH.setup.replace(/^autoload.*$/m, "") }, cases),
  fish: async (cases) => {
    const { stdout } = await run(["fish", "-c", `complete -C "mlflow-auth ${cases[0]?.[0]}"`], { cwd, env });
    return [[cases[0]?.[0] ?? "", stdout.trim().split("\n").map((line) => line.split("\t")[0] ?? "").sort()]];
  },
};
for (const { name, install: line } of COMPLETION_SHELLS.filter((shell) => INSTALLED[shell.name] !== undefined)) {
  const skip = missing({ program: name, packages: name }) || noPrompt;
  test(`the line of the help installs the completions of ${name}`, { skip }, async () => {
    const installed = await run([name, "-c", `${BEFORE[name]}; ${line}`], { cwd, env });
    assert.deepEqual(installed, { status: 0, stdout: "", stderr: "" });
    const cases: readonly Case[] = [["export --format g", ["github", "gitlab"]]];
    assert.deepEqual(await INSTALLED[name]?.(cases), cases);
  });
}

const LOOPBACK = { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:9" };
const build = firstBuild();
for (const [name, text] of scripts) {
  test(`the program prints the completions of ${name} that these tests use`, { skip: build.skip }, async () => {
    const ran = await runProgram(["completions", name], { env: LOOPBACK, build });
    assert.deepEqual(ran, { status: 0, stdout: text, stderr: "" });
  });
}

const NO_PWSH = "neither Debian nor npm has PowerShell; tests/unit/cli/completions/pwsh.test.ts reads the text alone";
test("pwsh completes words in PowerShell", { skip: skipUnless(false, NO_PWSH) }, () => {});
