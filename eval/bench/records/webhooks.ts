export async function measureWebhooks(_: unknown, __: string) {
  return { webhookMs: [1], webhooksPerSecond: 0 };
}
