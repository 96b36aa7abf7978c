import assert from "node:assert/strict";
import { test } from "node:test";
import type { Native } from "../../../src/host/native/native.ts";
import { makeSystemFiles } from "../../../src/host/system_files.ts";

/** A C library that knows one file, which it gives out in pieces, and one link. */
function fakeNative(pieces: readonly (string | -1)[]): { readonly native: Native; readonly closed: number[] } {
  const rest = [...pieces];
  const closed: number[] = [];
  const text = (value: unknown): string => value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
  const fill = (into: unknown, from: string): bigint => {
    const bytes = new TextEncoder().encode(from);
    if (into instanceof Uint8Array) into.set(bytes.subarray(0, into.length));
    return BigInt(Math.min(bytes.length, into instanceof Uint8Array ? into.length : 0));
  };
  const failed = BigInt.asUintN(64, -1n);
  const functions: Readonly<Record<string, (...values: readonly unknown[]) => bigint | number>> = {
    open: (path) => text(path) === "/file\0" ? 9 : -1,
    read: (_fd, into) => {
      const piece = rest.shift() ?? "";
      return piece === -1 ? failed : fill(into, piece);
    },
    close: (fd) => closed.push(Number(fd)),
    readlink: (path, into) => text(path) === "/link\0" ? fill(into, "/target") : failed,
    access: (path) => text(path) === "/file\0" ? 0 : -1,
  };
  const load: Native["load"] = (signatures) =>
    Object.fromEntries(Object.keys(signatures).map((name) => [name, functions[name]])) as ReturnType<Native["load"]>;
  return { native: { load, address: () => 0n, darwin: false }, closed };
}

const decode = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

test("makeSystemFiles() reads a file that comes in pieces to its end, and closes it", () => {
  const { native, closed } = fakeNative(["one ", "two ", "three"]);
  assert.deepEqual([decode(makeSystemFiles(native).read("/file")), closed], ["one two three", [9]]);
});

test("makeSystemFiles() reads a file that is longer than most, whole or in part", () => {
  const pieces = ["a", "b", "c"].map((letter) => letter.repeat(4096));
  const read = (limit?: number) => decode(makeSystemFiles(fakeNative([...pieces, "end"]).native).read("/file", limit));
  assert.deepEqual([read(), read(5000)], [`${pieces.join("")}end`, pieces.join("").slice(0, 5000)]);
});

test("makeSystemFiles() reads no more than is asked for", () => {
  const { native, closed } = fakeNative(["abc", "defgh", "ijk"]);
  assert.deepEqual([decode(makeSystemFiles(native).read("/file", 5)), closed], ["abcde", [9]]);
});

test("makeSystemFiles() has nothing of a file that cannot be opened or read", () => {
  const { native, closed } = fakeNative(["abc", -1]);
  const files = makeSystemFiles(native);
  assert.deepEqual([files.read("/other"), files.read("/file"), closed], [undefined, undefined, [9]]);
});

test("makeSystemFiles() follows a link and says what exists", () => {
  const files = makeSystemFiles(fakeNative([]).native);
  assert.deepEqual(
    [files.link("/link"), files.link("/file"), files.exists("/file"), files.exists("/other")],
    ["/target", undefined, true, false],
  );
});
