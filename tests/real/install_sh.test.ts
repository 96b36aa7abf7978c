import "../support/guard.ts";
import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { debianProgram } from "../support/debian.ts";
import { skipUnless } from "../support/skip.ts";
import { makeAuthority } from "../support/tls.ts";
import { PLATFORMS } from "../../scripts/release/platforms.ts";
import { ownPlatform } from "./install/release_folder.ts";
import { makeSmallRelease, type SmallRelease } from "./install/small_release.ts";
import { muslRoot } from "./other_systems/musl.ts";
import { CLEAN, run, which } from "./shells/run.ts";

// install.sh under every shell and downloader, and in the places where it may have to give up.

const platform = ownPlatform();
const skip = skipUnless(process.platform !== "win32" && platform !== undefined, "install.sh is for Linux and macOS");
const asRoot = skip ||
  skipUnless(process.platform === "linux" && process.getuid?.() === 0, "only root can mount: run the tests as root");
const musl = await muslRoot();
const muslLibrary = musl === undefined ? undefined : join(musl, "lib", "ld-musl-x86_64.so.1");
const shared: { release?: SmallRelease } = {};

Deno.test.beforeAll(async () => {
  if (skip === false && platform !== undefined) shared.release = await makeSmallRelease(platform);
});
Deno.test.afterAll(async () => await shared.release?.[Symbol.asyncDispose]());

function release(): SmallRelease {
  if (shared.release === undefined) throw new Error("There is no release yet");
  return shared.release;
}

/** A new folder beside the release. */
function folder(name: string): string {
  const path = join(release().path, name);
  mkdirSync(path);
  return path;
}

interface Options {
  readonly shell?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly script?: string;
}

/** Runs the installer. */
const runInstaller = (
  args: readonly string[],
  { shell = ["sh"], env = {}, cwd = release().path, script }: Options = {},
) =>
  run([...shell, script ?? release().installer, ...args], {
    cwd,
    env: { MLFLOW_AUTH_RELEASES_URL: release().url, ...env },
  });

/** Runs it where it has to give up: one sentence, one remedy, nothing left in the folders named. */
async function refusal(args: readonly string[], options: Options & { readonly empty?: string } = {}): Promise<string> {
  const { status, stdout, stderr } = await runInstaller(args, options);
  assert.deepEqual([status, stdout], [1, ""], stderr);
  assert.match(stderr, /^mlflow-auth: Cannot [^\n]*\n {2}try: [^\n]*\n$/);
  if (options.empty !== undefined) assert.deepEqual(readdirSync(options.empty), [], stderr);
  return stderr.split("\n")[0] ?? "";
}

const SHELLS = ["dash", "bash", "busybox", "zsh", "mksh", "yash", "posh"] as const;

for (const shell of SHELLS) {
  const isThere = skip === false && (which(shell) !== undefined || debianProgram(shell, shell));
  test(`install.sh installs, explains itself and refuses under ${shell}`, {
    skip: skip || skipUnless(isThere, `${shell} is not there: apt-get install ${shell}`),
  }, async () => {
    const words = shell === "busybox" ? ["busybox", "sh"] : [shell];
    const to = join(folder(`shell-${shell}`), "a b", "bin");
    const ended = await runInstaller(["--to", to], { shell: words });
    assert.deepEqual([ended.status, ended.stdout], [0, ""], ended.stderr);
    assert.equal((await run([join(to, "mlflow-auth")], { cwd: to })).stdout, release().says);
    assert.deepEqual(readdirSync(to), ["mlflow-auth"]);
    const cwd = folder(`equals-${shell}`);
    const equals = await runInstaller(["--to=-a b/bin"], { shell: words, cwd });
    assert.equal(equals.status, 0, equals.stderr);
    assert.deepEqual(readdirSync(join(cwd, "-a b", "bin")), ["mlflow-auth"]);
    const help = await runInstaller(["--help"], { shell: words });
    assert.match(help.stdout, /^Installs mlflow-auth[^]*--to <folder>[^]*--version <version>/);
    assert.deepEqual([help.status, help.stderr], [0, ""]);
    assert.match(
      await refusal(["--version", "1.0.0"], { shell: words }),
      /Cannot fetch ".*\/v1\.0\.0\/SHA256SUMS": it is not there/,
    );
    const home = folder(`home-${shell}`);
    assert.equal((await runInstaller([], { shell: words, env: { HOME: home } })).status, 0);
    assert.ok(existsSync(join(home, ".local", "bin", "mlflow-auth")));
  });
}

test("install.sh takes the build for musl where ldd is musl's", {
  skip: skip ||
    skipUnless(muslLibrary !== undefined, "there is no musl: let this Debian reach its archive and pip its index"),
}, async () => {
  await using small = await makeSmallRelease(
    PLATFORMS.find(({ npm }) => npm === "linux-x64-musl") ?? assert.fail("no such platform"),
  );
  const path = folder("musl");
  // What musl's library does depends on the name that it is called by.
  symlinkSync(muslLibrary ?? "", join(path, "ldd"));
  const to = join(path, "bin");
  const env = { MLFLOW_AUTH_RELEASES_URL: small.url, PATH: `${path}:${CLEAN["PATH"] ?? ""}` };
  const ended = await runInstaller(["--to", to], { script: small.installer, env });
  assert.deepEqual([ended.status, readdirSync(to)], [0, ["mlflow-auth"]], ended.stderr);
});

test("install.sh is ASCII alone", () => {
  const text = readFileSync(new URL("../../install.sh", import.meta.url), "utf8");
  assert.deepEqual(text.match(/[^\0-\x7f]/g), null);
});

test(
  "install.sh installs for everybody under umask 077, and names the folder by its absolute path",
  { skip },
  async () => {
    const cwd = folder("umask");
    const { status, stderr } = await runInstaller(["--to", "rel/bin"], {
      shell: ["sh", "-c", 'umask 077; sh "$@"', "sh"],
      cwd,
    });
    assert.equal(status, 0, stderr);
    assert.match(stderr, new RegExp(`export PATH="${join(cwd, "rel", "bin")}:\\$PATH"\n$`));
    const modes = ["rel", "rel/bin", "rel/bin/mlflow-auth"].map((name) =>
      (statSync(join(cwd, name)).mode & 0o777).toString(8)
    );
    assert.deepEqual(modes, ["755", "755", "755"]);
  },
);

test("install.sh names another program that PATH finds first", { skip }, async () => {
  const [first, to] = [folder("first"), folder("second")];
  writeFileSync(join(first, "mlflow-auth"), "#!/bin/sh\n");
  chmodSync(join(first, "mlflow-auth"), 0o755);
  const said = async (...folders: readonly string[]): Promise<string> =>
    (await runInstaller(["--to", to], { env: { PATH: [...folders, CLEAN["PATH"]].join(":") } })).stderr;
  assert.match(await said(first, to), new RegExp(`PATH finds another one first: ${join(first, "mlflow-auth")}\n$`));
  assert.match(await said(to, first), new RegExp(`^mlflow-auth: version 9.9.9 is ${join(to, "mlflow-auth")}\n$`));
});

test("install.sh refuses a folder in the way, and a place that is none", { skip }, async () => {
  const to = folder("in-the-way");
  mkdirSync(join(to, "mlflow-auth"));
  assert.match(await refusal(["--to", to]), /Cannot install ".*": there is a folder of that name$/);
  assert.match(await refusal(["--to", release().installer]), /Cannot write into ".*install\.sh": it is no folder/);
  const env = { TMPDIR: "/nowhere/at/all" };
  assert.match(
    await refusal(["--to", join(to, "x")], { env }),
    /Cannot make a temporary folder in "\/nowhere\/at\/all"$/,
  );
  assert.deepEqual(readdirSync(to), ["mlflow-auth"]);
});

test("install.sh leaves a link of the program's name pointing nowhere else", { skip }, async () => {
  const [to, other] = [folder("link"), folder("other")];
  writeFileSync(join(other, "target"), "mine");
  symlinkSync(join(other, "target"), join(to, "mlflow-auth"));
  assert.equal((await runInstaller(["--to", to])).status, 0);
  assert.equal(readFileSync(join(other, "target"), "utf8"), "mine");
});

const inMount = (options: string, at: string): readonly string[] => [
  "unshare",
  "-m",
  "sh",
  "-c",
  `mount --make-rprivate / && mount -t tmpfs -o ${options} none "${at}" && sh "$@"; s=$?; ls -A "${at}" > "$CONTENT"; exit $s`,
  "sh",
];

test("install.sh tries the program where it will live, not where it is unpacked", { skip: asRoot }, async () => {
  const [temp, to, content] = [folder("noexec"), folder("noexec-to"), join(release().path, "content")];
  const env = { TMPDIR: temp, CONTENT: content };
  const ended = await runInstaller(["--to", to], { shell: inMount("noexec", temp), env });
  assert.equal(ended.status, 0, ended.stderr);
  assert.equal(readFileSync(content, "utf8"), "");
  const said = await refusal(["--to", to], { shell: inMount("noexec", to), env: { CONTENT: content } });
  assert.match(said, /Cannot use ".*" in ".*": the program does not start there: .*[Pp]ermission denied$/);
  assert.equal(readFileSync(content, "utf8"), "");
});

test("install.sh leaves nothing on a full disk", { skip: asRoot }, async () => {
  const [temp, to, content] = [folder("full"), folder("full-to"), join(release().path, "full-content")];
  const left = () => readFileSync(content, "utf8");
  const env = { CONTENT: content };
  assert.match(
    await refusal(["--to", to], { shell: inMount("size=64k", to), env }),
    /Cannot write into ".*": the disk is full/,
  );
  assert.equal(left(), "");
  const small = await refusal(["--to", to], { shell: inMount("size=64k", temp), env: { ...env, TMPDIR: temp } });
  assert.match(small, /Cannot fetch ".*": .*the disk is full$/);
  const fetched = await refusal(["--to", to], { shell: inMount("size=256k", temp), env: { ...env, TMPDIR: temp } });
  assert.match(fetched, /Cannot unpack ".*": .*the disk is full$/);
  assert.deepEqual([left(), readdirSync(to)], ["", []]);
});

/** A PATH of links: only what is named can be found, besides what every system has. */
function pathWith(name: string, downloaders: Readonly<Record<string, string>>): string {
  const path = folder(name);
  const needed = [
    "sh",
    "uname",
    "ldd",
    "grep",
    "sed",
    "tail",
    "mktemp",
    "rm",
    "cp",
    "mv",
    "mkdir",
    "chmod",
    "cat",
    "tar",
    "gzip",
    "awk",
    "cut",
    "sha256sum",
  ];
  for (const program of needed) symlinkSync(which(program) ?? program, join(path, program));
  for (const [program, target] of Object.entries(downloaders)) {
    if (target.startsWith("/")) symlinkSync(target, join(path, program));
    else {
      writeFileSync(join(path, program), `#!/bin/sh\n${target}\n`);
      chmodSync(join(path, program), 0o755);
    }
  }
  return path;
}

/** An https server for the release: `/moved` sends on to https, `/down` to http; `/cut` and `/stall` break off. */
async function withServer(use: (origin: string, ca: string, asked: readonly string[]) => Promise<void>): Promise<void> {
  const authority = await makeAuthority("mlflow-auth install root");
  const { certificate, key } = await authority.server(["localhost"]);
  const ca = join(release().path, "install-ca.pem");
  writeFileSync(ca, authority.certificate);
  const asked: string[] = [];
  const answer = (request: Request): Response => {
    const url = new URL(request.url);
    asked.push(`${url.protocol}${url.pathname}`);
    const [, way = "", ...rest] = url.pathname.split("/");
    if (way === "moved") return Response.redirect(`${secure.origin}/ok/${rest.join("/")}`);
    if (way === "down") return Response.redirect(`${plain.origin}/ok/${rest.join("/")}`);
    if (way === "login") return new Response("<!doctype html><title>Sign in</title>");
    const path = release().pathOf(rest.at(-1) ?? "");
    if (!existsSync(path)) return new Response(null, { status: 404 });
    const bytes = new Uint8Array(readFileSync(path));
    if (way === "ok" || rest.at(-1) === "SHA256SUMS") return new Response(bytes);
    const half = new ReadableStream({
      start: (controller) => controller.enqueue(bytes.subarray(0, 1000)),
      pull: (controller) => way === "cut" ? controller.error(new Error("cut")) : new Promise(() => {}),
    });
    return new Response(half, { headers: { "content-length": String(bytes.length) } });
  };
  const listen = (options: Partial<Deno.TlsCertifiedKeyPem>) => {
    const server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
      onError: () => new Response(),
      ...options,
    }, answer);
    return { server, origin: `${options.cert === undefined ? "http" : "https"}://localhost:${server.addr.port}` };
  };
  const [secure, plain] = [listen({ cert: certificate, key }), listen({})];
  try {
    await use(secure.origin, ca, asked);
  } finally {
    await Promise.all([secure, plain].map(({ server }) => server.shutdown()));
  }
}

const curl = which("curl");
const wget = which("wget");

for (const [name, path] of [["curl", curl], ["wget", wget]] as const) {
  test(`install.sh fetches by ${name}: over https alone, past cut and stalled transfers, and no login page`, {
    skip: skip || skipUnless(path !== undefined, `${name} is not there: apt-get install ${name}`),
  }, async () => {
    const tools = pathWith(`by-${name}`, { [name]: path ?? "" });
    await withServer(async (origin, ca, asked) => {
      const home = folder(`home-by-${name}`);
      writeFileSync(join(home, ".wgetrc"), `ca_certificate = ${ca}\n`);
      const env = (way: string) => ({
        HOME: home,
        PATH: tools,
        CURL_CA_BUNDLE: ca,
        MLFLOW_AUTH_RELEASES_URL: `${origin}/${way}`,
      });
      // A second in place of twenty, so that the test need not wait as long as a person.
      const script = join(release().path, `quick-${name}.sh`);
      const text = readFileSync(release().installer, "utf8").replace("--speed-time 20", "--speed-time 1");
      writeFileSync(script, text.replace("--timeout=20", "--timeout=1"));
      const installed = async (way: string): Promise<void> => {
        const { status, stderr } = await runInstaller([], { env: env(way), script });
        assert.equal(status, 0, stderr);
      };
      await installed("ok");
      await installed("moved");
      const to = folder(`refused-by-${name}`);
      const refused = (way: string) => refusal(["--to", to], { env: env(way), script, empty: to });
      assert.match(await refused("down"), /Cannot fetch ".*SHA256SUMS"/);
      assert.deepEqual(asked.filter((one) => one.startsWith("http:")), []);
      for (const way of ["cut", "stall"]) assert.match(await refused(way), /Cannot fetch ".*\.tar\.gz"/);
      assert.match(await refused("login"), /Cannot use ".*SHA256SUMS": what came is no list of checksums/);
      assert.match(
        await refusal(["--to", to], {
          env: { ...env("ok"), CURL_CA_BUNDLE: "/dev/null", HOME: to },
          script,
          empty: to,
        }),
        /Cannot fetch ".*SHA256SUMS"/,
      );
    });
  });
}

test("install.sh takes no other wget for https, and says where there is no downloader", { skip }, async () => {
  const to = folder("no-downloader");
  const https = { MLFLOW_AUTH_RELEASES_URL: "https://127.0.0.1:9/x" };
  const other = pathWith("other-wget", {
    wget: 'case $1 in --version) echo "BusyBox v1.36.1" ;; *) echo "$@" ;; esac',
  });
  assert.match(
    await refusal(["--to", to], { env: { ...https, PATH: other } }),
    /: this wget does not check certificates$/,
  );
  const none = pathWith("none", {});
  assert.match(await refusal(["--to", to], { env: { ...https, PATH: none } }), /: there is neither curl nor wget$/);
  assert.deepEqual(readdirSync(to), []);
});
