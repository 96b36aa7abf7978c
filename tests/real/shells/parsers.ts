import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parse as parseDotenv } from "dotenv";
import { findFormat } from "../../../src/shell/formats/formats.ts";
import { changesOf, NOWHERE } from "../../support/values.ts";
import { textsOf } from "./others.ts";
import { type Outcome, valuesFor } from "./report.ts";
import { pooled, run, which } from "./run.ts";

/** The variables that a parser found in a file. */
export type Variables = Readonly<Record<string, string>>;

/** A program that reads files of one format. */
export interface Parser {
  readonly name: string;
  readonly format: string;
  /** What it needs besides a program named in `packages`. */
  readonly program: string;
  readonly packages: string;
  /** Whether its library is there. */
  readonly ready?: () => Promise<boolean> | boolean;
  readonly parse: (file: string) => Promise<Variables>;
}

const JSON_STDLIB = "import json,sys;print(json.dumps(json.load(open(sys.argv[1]))))";
const KUBERNETES =
  "import base64,json,sys;s=json.load(open(sys.argv[1]));print(json.dumps({k:base64.b64decode(v,validate=True).decode() for k,v in s['data'].items()}))";
const PYTHON_DOTENV = "import dotenv,json,sys;print(json.dumps(dotenv.dotenv_values(sys.argv[1])))";
const SYSTEMD = `
import ctypes, glob, json, sys
lib = ctypes.CDLL(sorted(glob.glob('/usr/lib/*/systemd/libsystemd-shared-*.so'))[-1])
found = ctypes.POINTER(ctypes.c_char_p)()
assert lib.load_env_file(None, sys.argv[1].encode(), ctypes.byref(found)) >= 0
pairs, i = {}, 0
while found[i]:
    name, value = found[i].decode().split('=', 1)
    pairs[name], i = value, i + 1
print(json.dumps(pairs))
`;
const NODE_ENV_FILE = "process.stdout.write(JSON.stringify(process.env))";
const RUBY_DOTENV = "require 'dotenv'; require 'json'; print JSON.generate(Dotenv::Parser.call(File.read(ARGV[0])))";
const SHELL = 'set -a; . "$1"; exec /usr/bin/env -0';

async function printed(argv: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(argv, { cwd: "/" });
  if (status !== 0 || stderr !== "") throw new Error(`status ${status}: ${stderr.slice(0, 500)}`);
  return stdout;
}

const asJson = (...argv: readonly string[]) => async (file: string): Promise<Variables> =>
  JSON.parse(await printed([...argv, file]));

const asShell = (program: string) => async (file: string): Promise<Variables> => {
  const entries = (await printed([program, "-c", SHELL, program, file])).split("\0").slice(0, -1);
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
};

/** The docker client reads the file; a server on loopback that plays the daemon sees what it made of it. */
async function asDocker(file: string): Promise<Variables> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url?.includes("/containers/create") === true) bodies.push(new TextDecoder().decode(concat(chunks)));
      response.writeHead(bodies.length === 0 ? 200 : 201, {
        "Api-Version": "1.45",
        "Content-Type": "application/json",
      });
      response.end(bodies.length === 0 ? "OK" : '{"Id":"0123456789ab","Warnings":[]}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await printed(["docker", "-H", `tcp://127.0.0.1:${port}`, "create", "--env-file", file, "image"]);
    const { Env } = JSON.parse(bodies[0] ?? "{}") as { readonly Env: readonly string[] };
    return Object.fromEntries(
      Env.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
    );
  } finally {
    server.close();
  }
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  chunks.reduce((at, chunk) => (all.set(chunk, at), at + chunk.length), 0);
  return all;
}

const succeeds = (...argv: readonly string[]) => async (): Promise<boolean> =>
  (await run(argv, { cwd: "/" })).status === 0;
const HAS_SYSTEMD = "import glob,sys;sys.exit(not glob.glob('/usr/lib/*/systemd/libsystemd-shared-*.so'))";
const PYTHON = { program: "python3", packages: "python3" };
const PARSE_SYSTEMD = {
  program: "python3",
  packages: "python3 systemd",
  ready: succeeds("python3", "-c", HAS_SYSTEMD),
  parse: asJson("python3", "-c", SYSTEMD),
};
const POSIX = ["dash", "bash"].map((program) => ({ program, packages: program, parse: asShell(program) }));

/** Every parser of a file format, in the order of the report. */
export const PARSERS: readonly Parser[] = [
  { ...PYTHON, name: "json, python", format: "json", parse: asJson("python3", "-c", JSON_STDLIB) },
  { ...PYTHON, name: "kubernetes, python", format: "kubernetes", parse: asJson("python3", "-c", KUBERNETES) },
  {
    name: "dotenv, python-dotenv",
    format: "dotenv",
    program: "python3",
    packages: "python3 python3-dotenv",
    ready: succeeds("python3", "-c", "import dotenv"),
    parse: asJson("python3", "-c", PYTHON_DOTENV),
  },
  {
    name: "dotenv, dotenv of npm",
    format: "dotenv",
    program: "sh",
    packages: "",
    parse: (file) => Promise.resolve(parseDotenv(readFileSync(file, "utf8"))),
  },
  {
    name: "dotenv, node --env-file",
    format: "dotenv",
    program: "node",
    packages: "nodejs",
    ready: succeeds("node", "--env-file=/dev/null", "-e", "0"),
    parse: async (file) => JSON.parse(await printed(["node", `--env-file=${file}`, "-e", NODE_ENV_FILE])),
  },
  {
    name: "dotenv, dotenv of ruby",
    format: "dotenv",
    program: "ruby",
    packages: "ruby ruby-dotenv",
    ready: succeeds("ruby", "-e", "require 'dotenv'"),
    parse: asJson("ruby", "-e", RUBY_DOTENV),
  },
  ...["dotenv", "systemd"].flatMap((format) => [
    { ...PARSE_SYSTEMD, name: `${format}, load_env_file of systemd`, format },
    ...POSIX.map((shell) => ({ ...shell, name: `${format}, ${shell.program}`, format })),
  ]),
  { name: "docker, docker --env-file", format: "docker", program: "docker", packages: "docker.io", parse: asDocker },
];

/** Variables in each file. */
const CHUNK = 2000;

/** Prints values into files, has them parsed, and compares. */
export async function parsedBy(parser: Parser, folder: string): Promise<Outcome> {
  const { seed, values } = valuesFor(parser.name);
  const { held, refused } = textsOf(parser.format, values);
  const format = findFormat(parser.format);
  const chunks = Array.from(
    { length: Math.ceil(held.length / CHUNK) },
    (_, index) => held.slice(index * CHUNK, (index + 1) * CHUNK),
  );
  const jobs = chunks.map((own, index) => async () => {
    const named = Object.fromEntries(own.map(([value], at) => [`T${at}`, value]));
    const sizes = parser.format === "kubernetes" ? splitBySize(named) : [named];
    const found = await Promise.all(sizes.map((part, at) => {
      const file = join(folder, `${parser.name.replaceAll(/\W+/g, "_")}-${index}-${at}`);
      writeFileSync(file, format?.print(changesOf(part), NOWHERE) ?? "");
      return parser.parse(file);
    }));
    const all: Variables = Object.assign({}, ...found);
    return Object.entries(named).filter(([name, value]) => all[name] !== value)
      .map(([name, value]) => ({ where: parser.name, value, got: String(all[name]) }));
  });
  return { name: parser.name, values: values.length, refused, seed, failures: (await pooled(jobs)).flat() };
}

// A Kubernetes Secret has at most 1 MiB.
function splitBySize(named: Variables): readonly Variables[] {
  const entries = Object.entries(named);
  return [entries.slice(0, 1000), entries.slice(1000)].filter((part) => part.length > 0).map((part) =>
    Object.fromEntries(part)
  );
}

/** Whether a parser can run here. */
export async function isReady({ program, ready }: Parser): Promise<boolean> {
  return which(program) !== undefined && (await ready?.()) !== false;
}
