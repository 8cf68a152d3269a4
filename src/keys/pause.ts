/** Waits. What waits here is short, and finished whatever ends the run: a key half revoked is worse. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
