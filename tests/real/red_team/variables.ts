/** A setting of the environment that a runtime, a library or a package may obey. */
export interface Odd {
  readonly name: string;
  readonly env: (recorder: string) => Readonly<Record<string, string>>;
  /** Builds that print something of their own by it, which holds no secret; or refuse to run. */
  readonly speaks?: readonly string[];
  readonly refuses?: readonly string[];
}

const set = (env: Readonly<Record<string, string>>, more: Omit<Odd, "name" | "env"> = {}): Odd => ({
  name: Object.entries(env).map(([name, value]) => `${name}=${value}`).join(" "),
  env: () => env,
  ...more,
});

const CODE = "{here}/evil.cjs";

/** Every variable by which a runtime was seen, or is documented, to print, write, load or send something. */
export const ODD: readonly Odd[] = [
  set({ DEBUG: "*" }),
  set({ DEBUG: "azure*,typeSpecRuntime*,msal*" }),
  set({ AZURE_LOG_LEVEL: "verbose" }),
  set({ TYPESPEC_RUNTIME_LOG_LEVEL: "verbose" }),
  set({ NODE_DEBUG: "http,https,net,tls,fetch,child_process" }),
  set({ SSLKEYLOGFILE: "{here}/keys" }, { refuses: ["source"], speaks: ["source"] }),
  set({ DENO_CERT: "{here}/none.pem" }),
  set({ DENO_TLS_CA_STORE: "nonsense" }),
  set({ MSAL_FORCE_REGION: "evilregion" }),
  set({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }, { speaks: ["source"] }),
  set({ DENO_V8_FLAGS: "--trace-opt" }, { refuses: ["source"], speaks: ["source"] }),
  set({ NODE_OPTIONS: `--require ${CODE}` }, { refuses: ["source"], speaks: ["source"] }),
  set({ DENO_COVERAGE_DIR: "{here}/coverage", NODE_V8_COVERAGE: "{here}/coverage" }, {
    refuses: ["source"],
    speaks: ["source"],
  }),
  set({ DENO_AUDIT_PERMISSIONS: "{here}/audit" }, { refuses: ["source"], speaks: ["source"] }),
  set({ DENO_TRACE_PERMISSIONS: "1" }),
  set({ RUST_LOG: "trace", RUST_BACKTRACE: "full" }),
  set({ DENO_LOG: "trace" }, { speaks: ["deno", "source"] }),
  set({ BUN_CONFIG_VERBOSE_FETCH: "curl" }, { refuses: ["bun"] }),
  set({ MIMALLOC_VERBOSE: "1", MIMALLOC_SHOW_STATS: "1" }, { speaks: ["bun"] }),
  set({ BUN_JSC_dumpOptions: "1" }, { speaks: ["bun"] }),
  set({ RUNNER_DEBUG: "1" }, { speaks: ["deno", "bun", "source"] }),
  set({ MLFLOW_SECRETS_LOG_LEVEL: "DEBUG" }, { speaks: ["deno", "bun", "source"] }),
  {
    name: "OTEL_DENO",
    env: (recorder) => ({
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: recorder,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "1",
      OTEL_BLRP_SCHEDULE_DELAY: "1",
    }),
    refuses: ["source"],
  },
];
