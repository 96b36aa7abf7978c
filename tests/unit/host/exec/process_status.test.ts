import assert from "node:assert/strict";
import { test } from "node:test";
import { handedOn, inheritedFileLimit, signalsIn } from "../../../../src/host/exec/process_status.ts";

const status = (name: string, ignored: string): string =>
  `Name:\t${name}\nUmask:\t0022\nSigIgn:\t${ignored}\nSigCgt:\t0\n`;
const limits = (soft: string, hard: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${soft}                 ${hard}               files\nMax locked memory         1 2 bytes\n`;

test("handedOn() reads which signals a shell ignores", () => {
  assert.deepEqual(handedOn(status("bash", "0000000000001002")), [2, 13]);
  assert.deepEqual(handedOn(status("ksh93", "8000000000000001")), [1, 64]);
  assert.deepEqual(handedOn(status("(sd-pam)", "0000000000001000")), [13]);
});

test("signalsIn() reads each mask, without the C library's own signals", () => {
  const text = "SigIgn:\tffffffffffffffff\nSigCgt:\t0000000180004001\n";
  const all = Array.from({ length: 64 }, (_, at) => at + 1).filter((signal) => signal !== 32 && signal !== 33);
  assert.deepEqual([signalsIn(text, "SigIgn"), signalsIn(text, "SigCgt")], [all, [1, 15]]);
  assert.deepEqual([signalsIn("", "SigIgn"), signalsIn("SigIgn:\tx\n", "SigIgn")], [undefined, undefined]);
});

test("handedOn() believes nothing but shells and service managers", () => {
  for (const name of ["python3", "node", "deno", "sshd", "bash2", "xsh"]) {
    assert.deepEqual(handedOn(status(name, "0000000000001000")), []);
  }
});

test("handedOn() gives none where the file says nothing", () => {
  assert.deepEqual([handedOn(""), handedOn("Name:\tbash\n"), handedOn(status("bash", "x"))], [[], [], []]);
});

test("inheritedFileLimit() takes the parent's soft limit where only that differs", () => {
  assert.deepEqual(inheritedFileLimit({ soft: 4096n, hard: 4096n }, limits("256", "4096")), {
    soft: 256n,
    hard: 4096n,
  });
});

test("inheritedFileLimit() leaves a limit that was not raised, or of which the parent knows nothing", () => {
  assert.deepEqual(
    [
      inheritedFileLimit({ soft: 256n, hard: 4096n }, limits("128", "4096")),
      inheritedFileLimit({ soft: 512n, hard: 512n }, limits("256", "4096")),
      inheritedFileLimit({ soft: 4096n, hard: 4096n }, limits("4096", "4096")),
      inheritedFileLimit({ soft: 4096n, hard: 4096n }, limits("256", "unlimited")),
      inheritedFileLimit({ soft: 4096n, hard: 4096n }, ""),
    ],
    [undefined, undefined, undefined, undefined, undefined],
  );
});
