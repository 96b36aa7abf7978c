import assert from "node:assert/strict";
import { test } from "node:test";
import { platformOf } from "../../../action/platform.mjs";
import { TARGETS } from "../../../scripts/build/build.ts";

const machine = (os: string, arch: string) => ({ os, arch, isMusl: false });

test("platformOf() knows a release for every runner of GitHub", () => {
  const chosen = ["Linux", "macOS", "Windows"].flatMap((os) =>
    ["X64", "ARM64"].map((arch) => platformOf(machine(os, arch)))
  );
  assert.deepEqual(chosen, [
    { archive: "mlflow-auth-x86_64-unknown-linux-gnu.tar.gz", program: "mlflow-auth", arch: "x64" },
    { archive: "mlflow-auth-aarch64-unknown-linux-gnu.tar.gz", program: "mlflow-auth", arch: "arm64" },
    { archive: "mlflow-auth-x86_64-apple-darwin.tar.gz", program: "mlflow-auth", arch: "x64" },
    { archive: "mlflow-auth-aarch64-apple-darwin.tar.gz", program: "mlflow-auth", arch: "arm64" },
    { archive: "mlflow-auth-x86_64-pc-windows-msvc.zip", program: "mlflow-auth.exe", arch: "x64" },
    { archive: "mlflow-auth-x86_64-pc-windows-msvc.zip", program: "mlflow-auth.exe", arch: "arm64" },
  ]);
});

test("platformOf() names only targets that a release has", () => {
  const { archive } = platformOf(machine("Windows", "ARM64"));
  assert.ok(TARGETS.some((target) => archive === `mlflow-auth-${target}.zip`));
});

test("platformOf() refuses a machine for which no release is built", () => {
  const refused = (os: string) => ({ message: `Cannot install "mlflow-auth" on "${os}": no release is built for it` });
  assert.throws(() => platformOf(machine("Linux", "ARM")), refused("Linux ARM"));
  assert.throws(() => platformOf(machine("FreeBSD", "X64")), refused("FreeBSD X64"));
  assert.deepEqual(platformOf({ ...machine("Linux", "X64"), isMusl: true }), {
    archive: "mlflow-auth-x86_64-unknown-linux-musl.tar.gz",
    program: "mlflow-auth",
    arch: "x64-musl",
  });
});
