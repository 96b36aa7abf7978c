import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync, inflateRawSync } from "node:zlib";
import { type PackedFile, utf8 } from "../../../../scripts/release/packed_file.ts";
import { tarGzip } from "../../../../scripts/release/tar_gzip.ts";
import { zip } from "../../../../scripts/release/zip.ts";

const FILES: readonly PackedFile[] = [
  { path: "a/run", bytes: utf8("x".repeat(600)), isExecutable: true },
  { path: "empty", bytes: utf8("") },
];

const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

test("tarGzip() writes each file with its bits, no owner and one date", () => {
  const packed = tarGzip(FILES);
  assert.deepEqual([...packed.slice(0, 10)], [31, 139, 8, 0, 0, 0, 0, 0, 2, 255]);
  const tar = new Uint8Array(gunzipSync(packed));
  // Two headers, 600 bytes in two blocks, and two empty blocks.
  assert.equal(tar.length, (2 + 2 + 2) * 512);
  const header = (at: number) => {
    const field = (from: number, to: number): string => text(tar.slice(at + from, at + to)).replaceAll("\0", "").trim();
    const sum = [...tar.slice(at, at + 512)].reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
    assert.equal(parseInt(field(148, 156), 8), sum);
    const [path, mode, owner, size, date, magic] = [
      field(0, 100),
      field(100, 108),
      field(108, 124),
      field(124, 136),
      field(136, 148),
      field(257, 265),
    ];
    return { path, mode, owner, size: parseInt(size, 8), date: parseInt(date, 8), magic };
  };
  const alike = { owner: "00000000000000", date: 315_532_800, magic: "ustar00" };
  assert.deepEqual(header(0), { path: "a/run", mode: "0000755", size: 600, ...alike });
  assert.deepEqual(header(3 * 512), { path: "empty", mode: "0000644", size: 0, ...alike });
  assert.equal(text(tar.slice(512, 512 + 600)), "x".repeat(600));
});

test("tarGzip() and zip() give the same bytes twice, and others for another file", () => {
  for (const pack of [tarGzip, zip]) {
    assert.deepEqual(pack(FILES), pack(FILES));
    assert.notDeepEqual(pack(FILES), pack(FILES.slice(1)));
  }
});

test("tarGzip() refuses a path that its header cannot hold", () => {
  assert.throws(() => tarGzip([{ path: "a".repeat(101), bytes: utf8("") }]), /its path has more than 100 bytes/);
});

test("zip() has a directory that leads to every file, with its bits", () => {
  const packed = zip(FILES);
  const view = new DataView(packed.buffer);
  const end = packed.length - 22;
  assert.equal(view.getUint32(end, true), 0x06054b50);
  assert.equal(view.getUint16(end + 10, true), 2);
  let at = view.getUint32(end + 16, true);
  const found = FILES.map(() => {
    assert.equal(view.getUint32(at, true), 0x02014b50);
    const nameLength = view.getUint16(at + 28, true);
    const path = text(packed.slice(at + 46, at + 46 + nameLength));
    const local = view.getUint32(at + 42, true);
    assert.equal(view.getUint32(local, true), 0x04034b50);
    const data = local + 30 + nameLength;
    const bytes = new Uint8Array(inflateRawSync(packed.slice(data, data + view.getUint32(at + 20, true))));
    const mode = (view.getUint32(at + 38, true) >>> 16).toString(8);
    at += 46 + nameLength;
    return { path, mode, text: text(bytes) };
  });
  assert.deepEqual(found, [
    { path: "a/run", mode: "100755", text: "x".repeat(600) },
    { path: "empty", mode: "100644", text: "" },
  ]);
});
