import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { noticesOf, termsFiles } from "../../../../scripts/release/notices.ts";
import { packRelease, type Sources } from "../../../../scripts/release/pack_release.ts";
import { termsOf } from "../../../../scripts/release/package_terms.ts";
import { utf8 } from "../../../../scripts/release/packed_file.ts";
import { PLATFORMS } from "../../../../scripts/release/platforms.ts";

const bundled = (name: string, terms: string) => ({ name, version: "1.2.3", license: "MIT", sha512: undefined, terms });
const SOURCES: Sources = {
  launcher: "",
  installers: {},
  dockerfile: "",
  actionSums: "{}",
  packages: [bundled("@a/b", "MIT of A"), bundled("c", "ISC of C"), bundled("d", "MIT of A")],
  runtimeNotices: { deno: "the terms of Deno @version@", bun: "the terms of Bun @version@" },
};
const FACTS = {
  version: "1.2.3",
  repository: "me/mlflow-auth",
  committedAt: "2026-01-31T12:00:00Z",
  license: "the terms of mlflow-auth",
};

test("termsOf() takes a package's license under any of its names, and its notice with it", () => {
  for (const name of ["LICENSE", "license.md", "LICENCE.txt", "COPYING", "LICENSE-MIT"]) {
    assert.equal(termsOf("a@1", new Map([["README.md", "a"], [name, "terms\r\nof a\n"]])), "terms\nof a", name);
  }
  const both = new Map([["NOTICE", "made by a"], ["LICENSE", "Apache"]]);
  assert.equal(termsOf("a@1", both), "Apache\n\nmade by a");
});

test("termsOf() fails the build for a package that brings no license, or an empty one", () => {
  const message = 'Cannot pass on "new-package@1.2.3": the package brings no license text';
  for (const files of [[["README.md", "MIT"]], [["LICENSE", " \n"]], []] as const) {
    assert.throws(() => termsOf("new-package@1.2.3", new Map(files)), { message });
  }
});

test("noticesOf() names the runtime, and packages with the same terms together", () => {
  const text = noticesOf({ name: "bun", version: "1.4.5" }, SOURCES);
  assert.deepEqual(text.split(/\n-{78}\n\n/), [
    "mlflow-auth holds the work of others, each part under its own terms.\n",
    "the terms of Bun 1.4.5",
    "@a/b 1.2.3, https://www.npmjs.com/package/@a/b\nd 1.2.3, https://www.npmjs.com/package/d\n\nMIT of A\n",
    "c 1.2.3, https://www.npmjs.com/package/c\n\nISC of C\n",
  ]);
});

test("termsFiles() stand in every archive, wheel and package that holds a program", () => {
  const linux = PLATFORMS.find(({ npm }) => npm === "linux-x64") ?? assert.fail();
  const windows = PLATFORMS.find(({ npm }) => npm === "win32-x64") ?? assert.fail();
  const deno = { name: "deno", version: "2.9.6" } as const;
  const bun = { name: "bun", version: "1.4.5" } as const;
  const programs = [
    { platform: linux, runtime: deno, bytes: utf8("GLIBC_2.27") },
    { platform: windows, runtime: deno, bytes: utf8("MZ") },
    { platform: linux, runtime: bun, bytes: utf8("GLIBC_2.17") },
  ];
  const packed = [...packRelease(programs, FACTS, SOURCES)].filter(({ path }) =>
    /\.(?:tar\.gz|zip|whl|tgz)$/.test(path)
  );
  const holding = packed.filter(({ path }) => !path.startsWith("npm-mlflow-auth-"));
  assert.equal(holding.length, 7);
  for (const { path, bytes } of holding) {
    // Names are not compressed in a zip, and in the others nothing is once it is unpacked.
    const text = new TextDecoder().decode(/\.(?:zip|whl)$/.test(path) ? bytes : gunzipSync(bytes));
    for (const { path: name } of termsFiles(deno, { ...SOURCES, license: FACTS.license })) {
      assert.ok(text.includes(name), `${name} is not in ${path}`);
    }
  }
});
