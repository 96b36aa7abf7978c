import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianProgram } from "../../tests/support/debian.ts";
import { makeAuthority } from "../../tests/support/tls.ts";
import { stream, type Target, wrk } from "./proxy/load.ts";
import { cpuOf, ended, type Env, sleep, start, startNginx, statusOf } from "./proxy/processes.ts";
import { growthByReader, growthByServer } from "./proxy/stalled.ts";
import { type NginxFacts, proxyConfiguration, serverConfiguration } from "./proxy/nginx.ts";

/** What is measured of each proxy in one round. */
interface Round {
  readonly many: number;
  readonly one: number;
  readonly p99Ms: number;
  readonly get: number;
  readonly put: number;
  /** Processor time of a request, 32 clients. */
  readonly cpuUs: number;
}

/** A bound of a ratio to nginx, and what is aimed at; `up` where more is better. */
const BOUNDS: Readonly<
  Record<Exclude<keyof Round, "cpuUs">, { what: string; must: number; aim: number; up: boolean }>
> = {
  many: { what: "requests/s, 32 clients", must: 0.55, aim: 0.75, up: true },
  one: { what: "requests/s, 1 client", must: 0.45, aim: 0.6, up: true },
  p99Ms: { what: "p99, 32 clients", must: 2, aim: 1.5, up: false },
  get: { what: "GET", must: 0.95, aim: 1, up: true },
  put: { what: "PUT", must: 0.95, aim: 1, up: true },
};

const MAX_PEAK_MIB = 150;
const AIM_PEAK_MIB = 120;
const MAX_GROWTH_MIB = 12;

/** The start of a command with a proxy beside it, next to one without. */
const MAX_START_RATIO = 1.6;
const MAX_IDLE_MIB = { deno: 70, bun: 45 } as const;
const STREAMS = 64;

/** Until a proxy has given back what its start took. */
const IDLE_MS = 3_000;

/** Bytes of each of the streams that are there at once. */
const PEAK_BYTES = 64 * 1024 * 1024;

/** What the bench is given. */
export interface ProxyBench {
  readonly folder: string;
  /** Azure's stand-in, and who one is there. */
  readonly env: Env;
  readonly token: string;
  readonly builds: readonly {
    readonly name: "deno" | "bun";
    readonly program: string;
    /** An earlier build of the kind, whose start without a proxy is what the start beside one is held against. */
    readonly base?: string | undefined;
  }[];
  readonly rounds: number;
  /** Bytes of the large file. */
  readonly bytes: number;
}

/** One line of the result. */
export interface ProxyRow {
  readonly what: string;
  readonly floor: string;
  readonly own: string;
  readonly bound: string;
  readonly verdict: "ok" | "EXCEEDED" | "reported";
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
/** What leads to a server. */
const serverEnv = ({ env, folder }: ProxyBench, port: number): Env => ({
  ...env,
  MLFLOW_TRACKING_URI: `https://localhost:${port}`,
  MLFLOW_TRACKING_SERVER_CERT_PATH: join(folder, "root.pem"),
});

/** A proxy of ours in front of a server. */
async function startOwn(stack: DisposableStack, program: string, { bench, port }: { bench: ProxyBench; port: number }) {
  const { folder } = bench;
  const env = serverEnv(bench, port);
  const { pid, line } = await start(stack, [program, "proxy", "--key-file", join(folder, "key")], env);
  const { uri } = JSON.parse(line) as { readonly uri: string };
  return { pid, port: Number(new URL(uri).port), key: readFileSync(join(folder, "key"), "utf8").trim() };
}

const mib = (value: number): string => `${value.toFixed(1)} MiB`;

function bounded(
  what: string,
  { own, most, aim }: { readonly own: number; readonly most: number; readonly aim?: number },
): ProxyRow {
  const bound = `at most ${most} MiB${aim === undefined ? "" : ` (aim ${aim} MiB)`}`;
  return { what, floor: "", own: mib(own), bound, verdict: own <= most ? "ok" : "EXCEEDED" };
}

/**
 * Rounds in turn, so that a slow moment of the machine meets every proxy alike; the ratios are those within a round. For the same reason
 * one thing is measured of all proxies before the next: the large transfers between two of one kind take longer than such a moment.
 */
async function compare(targets: readonly Target[], bench: ProxyBench): Promise<readonly ProxyRow[]> {
  // Once uncounted: a program compiles what it does often.
  for (const target of targets) await wrk(target, 32);
  const rounds: Round[][] = targets.map(() => []);
  for (let round = 0; round < bench.rounds; round++) {
    const many = await Array.fromAsync(targets, async (target) => {
      const before = cpuOf(target.pids);
      const { perSecond, p99Ms, count } = await wrk(target, 32);
      return { many: perSecond, p99Ms, cpuUs: (cpuOf(target.pids) - before) / count };
    });
    const one = await Array.fromAsync(targets, (target) => wrk(target, 1));
    const get = await Array.fromAsync(targets, (target) => stream(target, "get", bench));
    const put = await Array.fromAsync(targets, (target) => stream(target, "put", bench));
    for (const [index, those] of many.entries()) {
      rounds[index]?.push({
        ...those,
        one: one[index]?.perSecond ?? NaN,
        get: get[index] ?? NaN,
        put: put[index] ?? NaN,
      });
    }
  }
  const [floor = [], ...others] = rounds;
  const shown = (key: keyof typeof BOUNDS, value: number): string =>
    key === "p99Ms"
      ? `${value.toFixed(1)} ms`
      : key === "get" || key === "put"
      ? `${(value / 1e6).toFixed(0)} MB/s`
      : value.toFixed(0);
  const us = (of: readonly Round[]): number => median(of.map(({ cpuUs }) => cpuUs));
  return others.flatMap((own, index) => {
    const name = targets[index + 1]?.name ?? "";
    const compared = (Object.keys(BOUNDS) as (keyof typeof BOUNDS)[]).map((key): ProxyRow => {
      const { what, must, aim, up } = BOUNDS[key];
      const ratio = median(own.map((round, at) => round[key] / (floor[at]?.[key] ?? NaN)));
      return {
        what: `${name}: ${what}`,
        floor: `nginx ${shown(key, median(floor.map((round) => round[key])))}`,
        own: `${shown(key, median(own.map((round) => round[key])))} = ${ratio.toFixed(2)}x`,
        bound: `${up ? "at least" : "at most"} ${must}x (aim ${aim}x)`,
        verdict: (up ? ratio >= must : ratio <= must) ? "ok" : "EXCEEDED",
      };
    });
    return [...compared, {
      what: `${name}: processor time a request, 32 clients`,
      floor: `nginx ${us(floor).toFixed(0)} us`,
      own: `${us(own).toFixed(0)} us = ${(us(own) / us(floor)).toFixed(2)}x`,
      bound: "",
      verdict: "reported",
    }];
  });
}

/** The start of a command beside a proxy, next to one without, in turn. */
async function startRow(
  { name, program, base = program }: ProxyBench["builds"][number],
  { bench, port }: { readonly bench: ProxyBench; readonly port: number },
): Promise<ProxyRow> {
  const env = serverEnv(bench, port);
  const pairs: { readonly plain: number; readonly beside: number }[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const plain = await ended(base, { args: ["exec", "--", "true"], env });
    pairs.push({ plain, beside: await ended(program, { args: ["exec", "--proxy", "--", "true"], env }) });
  }
  const ratio = median(pairs.map(({ plain, beside }) => beside / plain));
  return {
    what: `${name}: exec --proxy -- true`,
    floor: `${base === program ? "" : "earlier "}exec -- true ${median(pairs.map(({ plain }) => plain)).toFixed(1)} ms`,
    own: `${median(pairs.map(({ beside }) => beside)).toFixed(1)} ms = ${ratio.toFixed(2)}x`,
    bound: `at most ${MAX_START_RATIO}x`,
    verdict: ratio <= MAX_START_RATIO ? "ok" : "EXCEEDED",
  };
}

/**
 * What a proxy takes more while nobody takes what it has. That is memory of its own: pages of its file come and go as the system likes,
 * by more than the bound. Once uncounted each: a program compiles what it does for the first time.
 */
async function growthRows({ name, port, sinkPort, key, pids: [own = 0, sunk = 0] }: Target) {
  const of = (pid: number) => (): number => statusOf(pid, "RssAnon");
  const [atReader, atServer] = [{ port, key, memory: of(own) }, { port: sinkPort, key, memory: of(sunk) }];
  await growthByReader(atReader);
  const reader = await growthByReader(atReader);
  await growthByServer(atServer);
  const server = await growthByServer(atServer);
  return [
    bounded(`${name}: growth, stalled reader`, { own: reader, most: MAX_GROWTH_MIB }),
    bounded(`${name}: growth, stalled server`, { own: server, most: MAX_GROWTH_MIB }),
  ];
}

/** The most memory that it takes for as many streams at once, half of them uploads. */
async function peakOf(target: Target, bench: ProxyBench): Promise<number> {
  await Promise.all(
    Array.from({ length: STREAMS }, (_, index) => stream(target, index % 2 === 0 ? "get" : "put", bench)),
  );
  return Math.max(...target.pids.map((pid) => statusOf(pid, "VmHWM")));
}

/**
 * Measures the proxy next to nginx, which does the same.
 *
 * @param bench the builds, and how often
 * @returns one row for each figure; none where nginx or wrk is not there
 */
export async function benchProxy(bench: ProxyBench): Promise<readonly ProxyRow[]> {
  if (!debianProgram("nginx", "nginx-light") || !debianProgram("wrk", "wrk")) {
    console.error("bench: skipped the proxy: nginx and wrk are not installed, and Debian's cannot be");
    return [];
  }
  const { folder, token, bytes } = bench;
  const key = "key-of-nginx";
  const authority = await makeAuthority("bench root");
  const pair = await authority.server(["localhost"]);
  for (
    const [name, text] of [["server.pem", pair.certificate], ["server.key", pair.key], [
      "root.pem",
      authority.certificate,
    ]] as const
  ) {
    writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(folder, "large"), "");
  truncateSync(join(folder, "large"), bytes);
  using stack = new DisposableStack();
  const sink = await start(stack, [
    Deno.execPath(),
    "run",
    "-A",
    join(import.meta.dirname ?? "", "proxy", "sink.ts"),
    join(folder, "server.pem"),
    join(folder, "server.key"),
  ], { PATH: "/usr/bin:/bin", HOME: folder });
  const free = (): number => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    return listener.addr.port;
  };
  const facts: NginxFacts = { folder, token, key, ports: { server: free(), sink: Number(sink.line), proxy: free() } };
  await startNginx(stack, { configuration: serverConfiguration(facts), port: facts.ports.server });
  const nginx = await startNginx(stack, { configuration: proxyConfiguration(facts), port: facts.ports.proxy });
  const targets: Target[] = [{ name: "nginx", port: facts.ports.proxy, sinkPort: facts.ports.proxy, key, pids: nginx }];
  const rows: ProxyRow[] = [];
  for (const { name, program } of bench.builds) {
    const own = await startOwn(stack, program, { bench, port: facts.ports.server });
    const sunk = await startOwn(stack, program, { bench, port: facts.ports.sink });
    await sleep(IDLE_MS);
    rows.push(bounded(`${name}: idle memory`, { own: statusOf(own.pid, "VmRSS"), most: MAX_IDLE_MIB[name] }));
    targets.push({ name, port: own.port, sinkPort: sunk.port, key: own.key, pids: [own.pid, sunk.pid] });
  }
  rows.push(...await compare(targets, bench));
  for (const target of targets.slice(1)) rows.push(...await growthRows(target));
  for (const build of bench.builds) rows.push(await startRow(build, { bench, port: facts.ports.server }));
  truncateSync(join(folder, "large"), Math.min(bytes, PEAK_BYTES));
  for (const target of targets.slice(1)) {
    const own = await peakOf(target, bench);
    rows.push(
      bounded(`${target.name}: peak memory, ${STREAMS} streams`, { own, most: MAX_PEAK_MIB, aim: AIM_PEAK_MIB }),
    );
  }
  return rows;
}
