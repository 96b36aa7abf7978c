import { bytes, type Failure, type Scenario } from "./scenario.ts";

const probe = (name: string, ...given: readonly string[]): Scenario => ({
  name: `arguments: ${name}`,
  command: ["{probe}", "{dump}", ...given],
});
const raw = (name: string, ...given: readonly string[]): Scenario => ({
  name: `arguments: ${name}`,
  bytes: given.map(bytes),
  soft: true,
});
const script = (name: string, text: string, ...given: readonly string[]): Scenario => ({
  name: `a script ${name}`,
  command: ["./script", ...given],
  files: { script: text },
});

/** Bytes of arguments, and how a command is found. */
export const ARGUMENT_SCENARIOS: readonly Scenario[] = [
  probe("an empty one", "", "x", ""),
  probe("only empty ones", "", "", ""),
  probe("spaces and quotes", " a  b ", "'", '"', "\\", "`x`", "$HOME", "*", "?", "~", "#", "!", "{a,b}"),
  probe("lines", "a\nb", "\n", "\t", "\r\n", "\u0001\u001b[0m\u007f"),
  probe("UTF-8", "žluťoučký", "🐎", "\u{10ffff}", "e\u0301", "\u200f"),
  probe("a byte-order mark", "\ufeff", "\ufeffx"),
  probe("a replacement character", "\ufffd", "a\ufffd\ufffdb"),
  probe("options", "--help", "--version", "-h", "-V", "--proxy", "--log-level", "DEBUG", "--keep-env=x", "-"),
  probe("--", "--", "a", "--", "--"),
  probe("commands", "exec", "export", "doctor", "--env-file", "x"),
  probe("of a runtime", "run", "-A", "eval", "--inspect", "--v8-flags=--help", "--allow-all", "--preload", "x"),
  probe("120000 bytes", "x".repeat(120000)),
  probe("1.5 MB", ...Array.from({ length: 15 }, (_, at) => String(at % 10).repeat(100000))),
  probe("20000", ...Array.from({ length: 20000 }, (_, at) => String(at))),
  raw("one byte that is no UTF-8", "\\xff"),
  raw("bytes that are no UTF-8", "a\\x80b", "\\xc3\\x28", "\\xed\\xa0\\x80"),
  raw("an incomplete sequence", "\\xe2\\x82", "ok", "\\xf0\\x9f\\x90"),
  raw("a Latin-1 name", "na\\xefve.txt", ""),
  raw("bytes and replacement characters", "\ufffd", "\\xff\\xff\\xff", "\ufffd\\xff"),
  { name: "a name in PATH", command: ["printf", "%s|", "a b", ""] },
  { name: "a relative path", command: ["./tool", "a"], files: { tool: '#!/bin/sh\necho "$0" "$@"\n' } },
  { name: "a path with spaces", command: ["./a b/my tool"], files: { "a b/my tool": '#!/bin/sh\necho "$0"\n' } },
  script("without #!", 'echo "$0" "$@"\n', "a", "", "b c"),
  script("that is empty", ""),
  script("with #!", '#!/bin/sh\necho "$0" "$@"\n', "a", "", "b c"),
  script("with an option in #!", '#!/bin/sh -e\necho "$-" "$@"\n', "x"),
  script("with #!/usr/bin/env", '#!/usr/bin/env bash\necho "$BASH_ARGV0" "$0"\n'),
  {
    name: "a script in PATH without #!",
    bare: ["PATH={cwd}/bin:/usr/bin:/bin", "HOME={home}"],
    command: ["tool", "a b"],
    files: { "bin/tool": 'echo "$0" "$@"\n' },
  },
  {
    name: "a file that cannot be run before the one that can",
    bare: ["PATH={cwd}/no:{cwd}/yes:/usr/bin:/bin", "HOME={home}"],
    command: ["tool"],
    files: { "no/tool=": "x", "yes/tool": "#!/bin/sh\necho yes\n" },
  },
];

const BAD = { status: 126, says: /permission denied/ } as const;

/** What cannot be run. A file whose name ends with `=` has no permission to be run. */
export const FAILURES: readonly Failure[] = [
  { name: "not in PATH", command: ["no-such-command-x"], status: 127, says: /not found/ },
  {
    name: "not in PATH, with arguments",
    command: ["no-such-command-x", "--help", "a"],
    status: 127,
    says: /not found/,
  },
  { name: "no such file", command: ["./no-such-file"], status: 127, says: /no such file/ },
  { name: "no such folder", command: ["/no/such/file"], status: 127, says: /no such file/ },
  {
    name: "a bad interpreter",
    command: ["./script"],
    files: { script: "#!/no/such/sh\n" },
    status: 127,
    says: /interpreter.*\/no\/such\/sh.*does not exist/,
  },
  {
    name: "an interpreter with a carriage return",
    command: ["./script"],
    files: { script: "#!/bin/sh\r\necho x\r\n" },
    status: 127,
    says: /its first line ends in a carriage return/,
  },
  {
    name: "a bad interpreter in PATH",
    command: ["bad-script"],
    bare: ["PATH={cwd}:/usr/bin:/bin", "HOME={home}"],
    files: { "bad-script": "#!/no/such/sh\n" },
    status: 127,
    says: /interpreter/,
  },
  { name: "not executable", command: ["./file"], files: { "file=": "x" }, ...BAD },
  {
    name: "not executable in PATH",
    command: ["plain-file"],
    bare: ["PATH={cwd}:/usr/bin", "HOME={home}"],
    files: { "plain-file=": "x" },
    ...BAD,
  },
  { name: "a folder", command: ["/tmp"], status: 126, says: /is a directory/ },
  {
    name: "a folder by a relative path",
    command: ["./sub"],
    files: { "sub/x": "" },
    status: 126,
    says: /is a directory/,
  },
  { name: "an empty name", command: [""], status: 127, says: /no such file|not found/ },
  { name: "a file as a folder", command: ["./file/x"], files: { file: "x" }, status: 126, says: /not a directory/ },
  {
    name: "a loop of links",
    command: ["./loop"],
    shell: ["sh", "-c", "ln -s loop loop; CMD"],
    status: 126,
    says: /symbolic links/,
  },
  { name: "a name too long", command: [`./${"n".repeat(300)}`], status: 126, says: /name too long/ },
  {
    name: "a file that is written to",
    command: ["./busy"],
    shell: ["sh", "-c", "cp /bin/true busy; CMD 9>>busy"],
    status: 126,
    says: /text file busy/,
  },
  { name: "no PATH", command: ["no-such-command-x"], bare: ["HOME={home}"], status: 127, says: /not found/ },
  {
    name: "SIGPIPE ignored and not found",
    command: ["no-such-command-x"],
    shell: ["bash", "-c", "trap '' PIPE; CMD"],
    status: 127,
    says: /not found/,
  },
  { name: "a variable too large", command: ["true"], tokenBytes: 140000, status: 126, says: /MLFLOW_TRACKING_TOKEN/ },
  {
    name: "one byte too large",
    command: ["true"],
    tokenBytes: 131072 - "MLFLOW_TRACKING_TOKEN=".length,
    status: 126,
    says: /MLFLOW_TRACKING_TOKEN/,
  },
  {
    name: "everything together too large",
    command: ["true", "x".repeat(100000), "y".repeat(100000)],
    operations: ["limit:3:1048576:8388608"],
    tokenBytes: 100000,
    status: 126,
    says: /argument list too long/,
  },
];
