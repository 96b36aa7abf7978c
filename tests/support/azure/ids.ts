/** Ids and values of the world that tests start from; every one is made up. */
export const IDS = {
  tenants: {
    public: "11111111-aaaa-4aaa-8aaa-111111111111",
    "us-government": "22222222-aaaa-4aaa-8aaa-222222222222",
    china: "33333333-aaaa-4aaa-8aaa-333333333333",
  },
  client: "c1c1c1c1-bbbb-4bbb-8bbb-c1c1c1c1c1c1",
  principal: "0b0b0b0b-bbbb-4bbb-8bbb-0b0b0b0b0b0b",
  clientSecret: "client-secret-canary-8Q~standin",
  secretId: "5ec5ec5e-bbbb-4bbb-8bbb-5ec5ec5ec5ec",
  systemIdentity: { client: "a1a1a1a1-dddd-4ddd-8ddd-a1a1a1a1a1a1", principal: "a2a2a2a2-dddd-4ddd-8ddd-a2a2a2a2a2a2" },
  userIdentity: { client: "b1b1b1b1-dddd-4ddd-8ddd-b1b1b1b1b1b1", principal: "b2b2b2b2-dddd-4ddd-8ddd-b2b2b2b2b2b2" },
  /** The application that guards a tracking server. */
  api: "f1f1f1f1-cccc-4ccc-8ccc-f1f1f1f1f1f1",
  connection: "d1d1d1d1-eeee-4eee-8eee-d1d1d1d1d1d1",
  identityHeader: "identity-header-canary",
  githubRequestToken: "github-request-token-canary",
  pipelinesAccessToken: "pipelines-access-token-canary",
  /** Versions of the secret `mlflow`, the oldest first. */
  versions: ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"],
} as const;

/** Secrets of every vault of the world that tests start from: their newest values. */
export const SECRETS = {
  mlflow: '{"token": "mlflow-token-canary"}',
  "mlflow-basic": '{"username": "trainer", "password": "mlflow-password-canary"}',
  "mlflow-plain": "mlflow-plain-token-canary",
} as const;
