import assert from "node:assert/strict";
import { test } from "node:test";
import {
  candidates,
  explainFailure,
  findCommand,
  interpreterOf,
  LONGEST_STRING,
  reasonOf,
} from "../../../../src/host/exec/exec_failure.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const attempt = (errno: number, command = "tool", ...entries: readonly string[]) => ({
  errno,
  darwin: false,
  strings: [encode(command)],
  entries: entries.map(encode),
});
/** Files by path, with their first bytes. */
const files = (known: Readonly<Record<string, string>>) => ({
  exists: (path: string) => path in known,
  read: (path: string) => known[path] === undefined ? undefined : encode(known[path]),
});

test("reasonOf() names an error of each system and gives the number of one that is not known", () => {
  assert.deepEqual(
    [reasonOf(13, false), reasonOf(40, false), reasonOf(62, true), reasonOf(26, true), reasonOf(99, false)],
    [
      "permission denied",
      "too many levels of symbolic links",
      "too many levels of symbolic links",
      "text file busy",
      "system error 99",
    ],
  );
});

test("candidates() takes a name with a slash as it is", () => {
  assert.deepEqual([candidates("./a", "/x"), candidates("a/b", "")], [["./a"], ["a/b"]]);
});

test("candidates() takes empty elements of PATH as the working folder, and a PATH that is not set as the system's", () => {
  assert.deepEqual(candidates("a", ":/x::"), ["./a", "/x/a", "./a", "./a"]);
  assert.deepEqual(candidates("a", ""), ["./a"]);
  assert.deepEqual(candidates("a"), ["/bin/a", "/usr/bin/a"]);
});

test("findCommand() searches the command's own PATH", () => {
  const { exists } = files({ "/b/tool": "" });
  assert.equal(findCommand({ exists }, attempt(0, "tool", "PATH=/a:/b", "PATH=/c")), "/b/tool");
  assert.equal(findCommand({ exists }, attempt(0, "", "PATH=/b")), undefined);
});

test("interpreterOf() reads the first line and shows a carriage return", () => {
  assert.deepEqual(
    ["#!/no/such -e\nx", "#! /bin/sh\r\nx", "#!", "\x7fELF\x02", ""].map((head) => interpreterOf(encode(head))),
    ['interpreter "/no/such"', 'interpreter "/bin/sh\\r"', 'interpreter ""', "program loader", "program loader"],
  );
});

test("explainFailure() tells a command that is nowhere from one whose interpreter is missing", () => {
  const known = files({ "/b/tool": "#!/no/such\n", "./prog": "\x7fELF" });
  assert.deepEqual(
    [
      explainFailure(known, attempt(2, "other", "PATH=/a:/b")),
      explainFailure(known, attempt(2, "./other")),
      explainFailure(known, attempt(2, "tool", "PATH=/a:/b")),
      explainFailure(known, attempt(2, "./prog")),
    ],
    [
      { kind: "not-found", reason: "not found in PATH" },
      { kind: "not-found", reason: "no such file or directory" },
      { kind: "not-found", reason: 'its interpreter "/no/such" does not exist' },
      { kind: "not-found", reason: "its program loader does not exist" },
    ],
  );
});

test("explainFailure() tells a folder from a file without permission", () => {
  assert.deepEqual(
    [
      explainFailure(files({ "/d": "", "/d/.": "" }), attempt(13, "/d")),
      explainFailure(files({ "/f": "" }), attempt(13, "/f")),
      explainFailure(files({}), attempt(26, "./busy")),
    ],
    [
      { kind: "not-runnable", reason: "is a directory" },
      { kind: "not-runnable", reason: "permission denied" },
      { kind: "not-runnable", reason: "text file busy" },
    ],
  );
});

test("explainFailure() names the variable, or the argument, that is too large", () => {
  const long = "x".repeat(LONGEST_STRING);
  const fits = `T=${"x".repeat(LONGEST_STRING - 2)}`;
  const most = "131071 is the most the system takes";
  assert.deepEqual(
    [
      explainFailure(files({}), attempt(7, "tool", fits, `TOKEN=${long}`)),
      explainFailure(files({}), {
        ...attempt(7, "tool", fits),
        strings: [encode("tool"), encode("a"), encode(`${long}x`)],
      }),
      explainFailure(files({}), attempt(7, "tool", fits)),
    ],
    [
      { kind: "too-large", reason: `it has 131077 bytes with its name, ${most}`, variable: "TOKEN" },
      { kind: "too-large", reason: `argument 2 has 131072 bytes, ${most}` },
      { kind: "too-large", reason: "argument list too long" },
    ],
  );
});
