import assert from "node:assert/strict";
import { test } from "node:test";
import { releaseUrl } from "../../../action/release_url.mjs";

const of = (base: string) => releaseUrl({ repository: "ml/auth", version: "1.2.3", archive: "a.tar.gz", base }).href;

test("releaseUrl() names the release of the action's repository", () => {
  assert.equal(of(""), "https://github.com/ml/auth/releases/download/v1.2.3/a.tar.gz");
});

test("releaseUrl() names a mirror that is https, loopback or a folder", () => {
  assert.equal(of("https://mirror.example/x/"), "https://mirror.example/x/v1.2.3/a.tar.gz");
  assert.equal(of("http://127.0.0.1:8080"), "http://127.0.0.1:8080/v1.2.3/a.tar.gz");
  assert.equal(of("http://[::1]:8080"), "http://[::1]:8080/v1.2.3/a.tar.gz");
  assert.equal(of("file:///srv/releases"), "file:///srv/releases/v1.2.3/a.tar.gz");
});

test("releaseUrl() refuses any other mirror", () => {
  for (const base of ["http://mirror.example", "http://127.0.0.1.example", "ftp://127.0.0.1", "/srv/releases"]) {
    assert.throws(() => of(base), { message: 'Cannot use "MLFLOW_AUTH_RELEASES_URL": it is no https URL' }, base);
  }
});
