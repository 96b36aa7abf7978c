import assert from "node:assert/strict";
import { test } from "node:test";
import { whyNotRun } from "../../../src/cli/why_not_run.ts";
import type { ExecFailure } from "../../../src/core/host.ts";
import { fakeHost } from "../../support/host.ts";

const MISSING: ExecFailure = { kind: "not-found", reason: "not found in PATH" };
const host = fakeHost({
  env: { PATH: "/none:/bin" },
  files: {
    "/bin/python3": "",
    "/bin/ls": "",
    "/bin/deploy": "#!/bin/sh\r\n",
    "train.py": "",
    "train.sh": "",
    "./data/x.sh": "",
  },
});

/** A command that does not start, and what ends it. */
const TABLE: readonly (readonly [argv: readonly string[], failure: ExecFailure, is: string, remedy: string])[] = [
  [["python train.py"], MISSING, "it is several words in one", "mlflow-auth exec -- python train.py"],
  [
    ["python train.py | tee log"],
    MISSING,
    "it is a whole line of shell, in one word",
    "mlflow-auth exec -- sh -c '<line>'",
  ],
  [
    ["A=canary", "cmd"],
    MISSING,
    "it sets a variable, which only a shell understands here",
    "mlflow-auth exec -- env A=… <command>",
  ],
  [["cd", "x"], MISSING, "it is a builtin of the shell, no program", "mlflow-auth exec -- sh -c 'cd …'"],
  [["source", "x"], MISSING, "it is a builtin of the shell, no program", "mlflow-auth exec -- bash -c 'source …'"],
  [["ls|wc"], MISSING, "it is a whole line of shell, in one word", "mlflow-auth exec -- sh -c '<line>'"],
  [["~/x"], MISSING, "only a shell knows the folder ~", 'mlflow-auth exec -- "$HOME"/x'],
  [
    ["train.py"],
    MISSING,
    "not found in PATH; there is a file of this name here",
    "mlflow-auth exec -- python3 train.py",
  ],
  [["train.sh"], MISSING, "not found in PATH; there is a file of this name here", "mlflow-auth exec -- ./train.sh"],
  [["pyhton3"], MISSING, "not found in PATH; there is python3", "mlflow-auth exec -- python3"],
  [
    ["frobnicate"],
    MISSING,
    "not found in PATH",
    "check its name, and that PATH holds its folder: command -v frobnicate",
  ],
  [
    ["./frobnicate"],
    { kind: "not-found", reason: "no such file or directory" },
    "no such file or directory",
    "check its path, from the folder you are in: ls -l ./frobnicate",
  ],
  [
    ["deploy"],
    { kind: "not-found", reason: 'its interpreter "/bin/sh\\r" does not exist' },
    "its first line ends in a carriage return, as Windows writes it",
    "sed -i 's/\\r$//' /bin/deploy",
  ],
  [
    ["./data/x.sh"],
    { kind: "not-found", reason: 'its interpreter "/opt/python3.9" does not exist' },
    'its interpreter "/opt/python3.9" does not exist',
    "install /opt/python3.9, or correct the first line; if it is elsewhere: mlflow-auth exec -- python3.9 ./data/x.sh",
  ],
  [["./data/x.sh"], { kind: "not-runnable", reason: "permission denied" }, "permission denied", "chmod +x ./data/x.sh"],
  [["data"], { kind: "not-runnable", reason: "is a directory" }, "is a directory", "name the program in it: ls data"],
  [
    ["ls"],
    { kind: "not-runnable", reason: "exec format error" },
    "exec format error",
    "see what it is made for: file /bin/ls",
  ],
  [
    ["x"],
    { kind: "too-large", reason: "argument list too long" },
    "argument list too long",
    "shorten the arguments or the environment",
  ],
  [
    ["x"],
    { kind: "too-large", reason: "argument list too long", variable: "MLFLOW_TRACKING_TOKEN" },
    "argument list too long (MLFLOW_TRACKING_TOKEN)",
    "shorten or unset MLFLOW_TRACKING_TOKEN",
  ],
];

for (const [argv, failure, is, remedy] of TABLE) {
  test(`whyNotRun() tells the cause of ${argv.join(" ")}: ${failure.reason}`, async () => {
    const error = await whyNotRun({ argv, failure, host });
    const name = argv[0]?.replace(/^(A=).*/, "$1…");
    assert.deepEqual([error.message, error.remedy], [`Cannot run "${name}": ${is}`, remedy]);
    const codes = {
      "not-found": "command-not-found",
      "not-runnable": "command-not-runnable",
      "too-large": "environment-too-large",
    };
    assert.equal(error.code, codes[failure.kind]);
  });
}

test("whyNotRun() names the folder of PATH that is closed to this user", async () => {
  const closed = Object.assign(new Error("EACCES"), { code: "EACCES" });
  const listFolder = (path: string) => path === "/root/bin" ? Promise.reject(closed) : host.listFolder(path);
  const on = { ...host, env: { PATH: "/none:/root/bin:/bin" }, listFolder };
  const failure = { kind: "not-runnable", reason: "permission denied" } as const;
  const remedies = await Promise.all(
    ["frobnicate", "ls", "./gone/x"].map(async (name) => (await whyNotRun({ argv: [name], failure, host: on })).remedy),
  );
  assert.deepEqual(remedies, [
    "have this folder of PATH opened to you, or take it out: ls -ld /root/bin",
    "chmod +x /bin/ls",
    "check it with: ls -l ./gone/x",
  ]);
});

test("whyNotRun() names commands that Windows has", async () => {
  const on = { ...host, platform: "windows" } as const;
  const remedies = await Promise.all(
    [
      { kind: "not-found", reason: "not found" } as const,
      { kind: "not-runnable", reason: "permission denied" } as const,
    ].map(async (failure) => (await whyNotRun({ argv: ["nothing-like-it"], failure, host: on })).remedy),
  );
  assert.deepEqual(remedies, [
    "check its name, and that PATH holds its folder: where.exe nothing-like-it",
    "check what it is, and who may run it: Get-Acl nothing-like-it",
  ]);
});
