import { createHash } from "node:crypto";
import { type PackedFile, utf8 } from "./packed_file.ts";
import { platformTag } from "./platform_tag.ts";
import { executableOf, type Platform } from "./platforms.ts";
import { homepageOf, readmeOf, type ReleaseFacts, SUMMARY } from "./release_facts.ts";
import { zip } from "./zip.ts";

/** A version as Python has it. https://packaging.python.org/specifications/version-specifiers/ */
function pythonVersion(version: string): string {
  const [, final, draft = "", number = ""] = /^(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.(\d+))?$/.exec(version) ?? [];
  if (final === undefined) {
    throw new RangeError(`Cannot write version "${version}" for Python: it is neither 1.2.3 nor 1.2.3-rc.1`);
  }
  return final + draft.replace("alpha", "a").replace("beta", "b") + number;
}

function metadata(facts: ReleaseFacts, terms: readonly PackedFile[]): string {
  return [
    "Metadata-Version: 2.4",
    "Name: mlflow-auth",
    `Version: ${pythonVersion(facts.version)}`,
    `Summary: ${SUMMARY}`,
    "License-Expression: MIT",
    ...terms.map(({ path }) => `License-File: ${path}`),
    "Requires-Python: >=3.8",
    "Keywords: mlflow,azure,key-vault,credentials",
    `Project-URL: Source, ${homepageOf(facts)}`,
    "Description-Content-Type: text/markdown",
    "",
    readmeOf(facts),
  ].join("\n");
}

/** A line of RECORD: a file's hash without padding, in the alphabet for URLs, and its size. */
function recordOf({ path, bytes }: PackedFile): string {
  return `${path},sha256=${createHash("sha256").update(bytes).digest("base64url")},${bytes.length}`;
}

/**
 * Makes the wheel of one platform. It carries the executable alone, which pip and uv put on PATH as it is: no Python runs at its start.
 * https://packaging.python.org/specifications/binary-distribution-format/
 *
 * @param program the executable, its platform, and the files with its terms
 * @param facts the release
 * @returns the wheel's file name and bytes
 * @throws RangeError where Python has no such version, or the program is not one of its platform
 */
export function wheel(
  program: { readonly platform: Platform; readonly bytes: Uint8Array; readonly terms: readonly PackedFile[] },
  facts: ReleaseFacts,
): PackedFile {
  const { platform, bytes, terms } = program;
  const version = pythonVersion(facts.version);
  const tag = `py3-none-${platformTag(platform, bytes)}`;
  const name = `mlflow_auth-${version}`;
  const files: readonly PackedFile[] = [
    { path: `${name}.data/scripts/${executableOf(platform)}`, bytes, isExecutable: true },
    { path: `${name}.dist-info/METADATA`, bytes: utf8(metadata(facts, terms)) },
    {
      path: `${name}.dist-info/WHEEL`,
      bytes: utf8(`Wheel-Version: 1.0\nGenerator: mlflow-auth\nRoot-Is-Purelib: false\nTag: ${tag}\n`),
    },
    ...terms.map((file) => ({ ...file, path: `${name}.dist-info/licenses/${file.path}` })),
  ];
  const path = `${name}.dist-info/RECORD`;
  const record: PackedFile = { path, bytes: utf8([...files.map(recordOf), `${path},,`, ""].join("\n")) };
  return { path: `${name}-${tag}.whl`, bytes: zip([...files, record]) };
}
