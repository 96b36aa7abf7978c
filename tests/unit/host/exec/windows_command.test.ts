import assert from "node:assert/strict";
import { test } from "node:test";
import { windowsStart } from "../../../../src/host/exec/windows_command.ts";

const env = {
  Path: 'C:\\bin;"C:\\my tools\\"',
  PathExt: ".COM;.EXE;.BAT;.CMD",
  ComSpec: "C:\\Windows\\system32\\cmd.exe",
};
const there = {
  "C:\\bin\\train.bat": "file",
  "C:\\my tools\\fit.cmd": "file",
  "C:\\bin\\python.exe": "file",
  "C:/jobs/run.bat": "file",
  "C:\\jobs": "folder",
} as const;
const start = (...argv: readonly string[]) =>
  windowsStart(argv, { env, kindOf: (path) => there[path as keyof typeof there] });
const byCmd = (line: string) => ({
  file: env.ComSpec,
  args: ["/e:ON", "/v:OFF", "/d", "/s", "/c", `"${line}"`],
  verbatim: true,
});

test("windowsStart() starts a batch file by cmd, by its name and by its path", () => {
  assert.deepEqual(start("train", "--lr", "0.1"), byCmd('"C:\\bin\\train.bat" "--lr" "0.1"'));
  assert.deepEqual(start("TRAIN.BAT"), { file: "TRAIN.BAT", args: [], verbatim: false });
  assert.deepEqual(start("train.bat"), byCmd('"C:\\bin\\train.bat"'));
  assert.deepEqual(start("fit"), byCmd('"C:\\my tools\\fit.cmd"'));
  assert.deepEqual(start("C:/jobs/run.bat"), byCmd('"C:\\jobs\\run.bat"'));
  assert.deepEqual(start("C:/jobs/run", "a b"), byCmd('"C:\\jobs\\run.bat" "a b"'));
});

test("windowsStart() lets no argument of a batch file out of its quotes, and none name a variable", () => {
  assert.deepEqual(
    start("train", 'a" & calc "', "%PATH%", "C:\\x\\"),
    byCmd('"C:\\bin\\train.bat" "a"" & calc """ "%%cd:~,%PATH%%cd:~,%" "C:\\x\\\\"'),
  );
  assert.deepEqual(start("train", "a\nb"), {
    kind: "not-runnable",
    reason: "a batch file takes no argument with a line break",
  });
});

test("windowsStart() leaves programs, and what is not there, to the system", () => {
  assert.deepEqual(start("python", "-c", "%PATH%"), { file: "python", args: ["-c", "%PATH%"], verbatim: false });
  assert.deepEqual(start("nothing"), { file: "nothing", args: [], verbatim: false });
  assert.deepEqual(start(), { file: "", args: [], verbatim: false });
});

test("windowsStart() cannot run a folder: status 126, not 127", () => {
  assert.deepEqual(start("C:\\jobs"), { kind: "not-runnable", reason: "is a directory" });
});
